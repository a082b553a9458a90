"""Everything the doctor looks at, in one go, and what it says of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.config import Settings
from opstui.i18n import _
from opstui.progress import Progress, silent
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding
from opstui.store.doctor.history import History
from opstui.store.doctor.mending import acknowledged, clear, left_alone, mend_tail
from opstui.store.doctor.relations import relations
from opstui.store.doctor.snapshot import Snapshot
from opstui.store.doctor.surroundings import clock, surroundings
from opstui.store.doctor.telling import history_findings, settings_of, zone_of
from opstui.store.protocol import StoreError
from opstui.store.segments import unreadable
from opstui.store.snapshot import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Account(Struct, frozen=True, kw_only=True):
    """What a workspace holds: `cards` by board, up to batch `seq`, which was written at `at`; `bytes` of history.

    `others` are the documents of the other tables.
    """

    cards: dict[str, int]
    others: dict[str, int]
    batches: int
    events: int
    segments: int
    bytes: int
    at: datetime | None


class Held(Struct, frozen=True):
    """What db.json says that it holds: the state up to batch `seq`, with so many cards."""

    seq: int
    cards: int


class Report(Struct, frozen=True, kw_only=True):
    """What was found, the worst first, and what the workspace holds as far as its history is good.

    `further` is what db.json holds where it goes on behind that, so that nobody takes the rest for lost.
    """

    findings: tuple[Finding, ...]
    account: Account
    further: Held | None
    zone: tzinfo

    @property
    def sound(self) -> bool:
        """Whether nothing is lost and everything can be trusted."""
        return not any(finding.level == "error" for finding in self.findings)


def read(path: Path, progress: Progress = silent) -> tuple[History, Snapshot]:
    """Read the whole history of the workspace at `path`, and db.json against it.

    Raises:
        StoreError: there is none, or it may not be read.
    """
    data = path / "data"
    try:
        fs.mode(data)
    except PermissionError as error:
        raise unreadable(data, error) from error
    except OSError as error:
        raise _no_workspace(path) from error
    if not fs.exists(data / "journal") and not fs.exists(data / NAME):
        raise _no_workspace(path)
    try:
        snapshot = Snapshot(data / NAME)
        history = History(data / "journal", progress)
        snapshot.compare(history)
        history.read_on()
        progress(sum(history.sizes.values()), sum(history.sizes.values()))
    except OSError as error:
        raise unreadable(data / "journal", error) from error
    return history, snapshot


def _no_workspace(path: Path) -> StoreError:
    return StoreError(
        _("{path} is not a workspace (it has no data). Name one with -w DIR, or make one: opstui init {path}").format(
            path=path
        )
    )


def examine(path: Path, now: datetime, progress: Progress = silent) -> Report:
    """Look at everything in the workspace at `path`, and mend what can be mended.

    Raises:
        StoreError: there is no workspace, or it may not be read.
    """
    data = path / "data"
    known = acknowledged(data)  # asked first: the journal then reaches at least as far
    history, snapshot = read(path, progress)
    settings, found = settings_of(path)
    zone = Settings().zone if settings is None else settings.zone
    try:
        found += [*history_findings(history, zone), *snapshot.findings, *_cut(history, snapshot, known)]
        whole = not any(f.level == "error" and f.code in WORSE for f in found)
        found += [*clock(history.state, now, zone), *surroundings(path, history.state.seq, zone)]
        if whole:
            found += [*(mend_tail(data, history, zone) if history.torn else ()), *clear(data, snapshot.meta)]
        elif history.torn:
            found.append(left_alone(history, max(known or 0, snapshot.claims or 0), zone))
    except OSError as error:
        raise unreadable(data, error) from error
    found += relations(history.state, settings)
    order = ("error", "warning", "mended", "note")
    return Report(
        findings=tuple(sorted(found, key=lambda f: order.index(f.level))),
        account=account(history),
        further=_further(history, snapshot),
        zone=zone,
    )


WORSE = frozenset({"journal-damaged", "journal-cut", "journal-copy", "contradiction", "newer"})
"""Codes of what is wrong with the history itself: then nothing beside it is altered either."""


def _further(history: History, snapshot: Snapshot) -> Held | None:
    if snapshot.meta is None or snapshot.cards is None or snapshot.meta.seq <= history.state.seq:
        return None
    return Held(snapshot.meta.seq, snapshot.cards)


def _cut(history: History, snapshot: Snapshot, known: int | None) -> Iterator[Finding]:
    """What `data/lock` knows of batches that are not there, if nothing worse says so already."""
    last = history.state.seq
    told = history.damage or history.newer is not None or (snapshot.claims or 0) > last
    if known is None or known <= last or told:
        return
    yield Finding(
        level="error",
        code="journal-cut",
        place="data/lock",
        says=_(
            "batch {n} was written here, the journal ends with {last}: it was cut, or put back from a backup"
        ).format(n=known, last=last),
        next=_(
            "if you put it back: nothing to do, the next change clears this. If not: keep this folder as it is, and "
            "restore the newest backup that goes beyond batch {last}: opstui restore BACKUP NEW-FOLDER"
        ).format(last=last),
    )


def verify(path: Path, progress: Progress = silent) -> Account:
    """Read a copy through and say what it holds.

    Raises:
        StoreError: its history or its db.json is not as it should be.
    """
    history, snapshot = read(path, progress)
    for finding in (*history_findings(history, zone_of(path)), *snapshot.findings):
        if finding.level == "error":
            raise StoreError(
                _("the copy in {path} is not what it should be ({place}: {says}); remove it and make another").format(
                    path=path, place=finding.place, says=finding.says
                )
            )
    return account(history)


def account(history: History) -> Account:
    """What a history leads to, as far as it is good."""
    cards = Counter(str(doc.get("board")) for doc in history.state.tables.get("cards", {}).values())
    tables = history.state.tables.items()
    return Account(
        cards=dict(sorted(cards.items())),
        others={name: len(docs) for name, docs in sorted(tables) if docs and name != "cards"},
        batches=history.state.seq,
        events=history.state.events,
        segments=len(history.segments),
        bytes=sum(history.sizes.values()),
        at=history.state.at,
    )
