"""Everything the doctor looks at, in one go, and what it says of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui import config
from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding
from opstui.store.doctor.history import History
from opstui.store.doctor.mending import clear, mend_tail
from opstui.store.doctor.relations import relations
from opstui.store.doctor.snapshot import Snapshot
from opstui.store.doctor.surroundings import clock, surroundings
from opstui.store.protocol import StoreError
from opstui.store.segments import unreadable
from opstui.store.snapshot import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opstui.config import Settings

_TOLD = 20


class Account(Struct, frozen=True, kw_only=True):
    """What a workspace holds: `cards` by board, up to batch `seq`, which was written at `at`; `bytes` of history."""

    cards: dict[str, int]
    batches: int
    events: int
    segments: int
    bytes: int
    at: datetime | None


class Report(Struct, frozen=True, kw_only=True):
    """What was found, the worst first, and what the workspace holds as far as it is good."""

    findings: tuple[Finding, ...]
    account: Account

    @property
    def sound(self) -> bool:
        """Whether nothing is lost and everything can be trusted."""
        return not any(finding.level == "error" for finding in self.findings)


def silent(text: str) -> None:
    """Nobody wants to know how far it is."""
    del text


def read(path: Path, progress: Callable[[str], None] = silent) -> tuple[History, Snapshot]:
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
        raise StoreError(
            _(
                "{path} is not a workspace (it has no data). Name one with -w DIR, or make one: opstui init {path}"
            ).format(path=path)
        ) from error
    try:
        snapshot = Snapshot(data / NAME)
        history = History(data / "journal", progress)
        snapshot.compare(history)
        history.read_on()
    except OSError as error:
        raise unreadable(data / "journal", error) from error
    return history, snapshot


def examine(path: Path, now: datetime, progress: Callable[[str], None] = silent) -> Report:
    """Look at everything in the workspace at `path`, and mend what can be mended.

    Raises:
        StoreError: there is no workspace, or it may not be read.
    """
    history, snapshot = read(path, progress)
    data = path / "data"
    settings, found = _settings(path)
    try:
        found += [*clock(history.state, now), *surroundings(path)]
        if history.torn:
            found += mend_tail(data, history)
        found += clear(data, snapshot.meta)
    except OSError as error:
        raise unreadable(data, error) from error
    found += [*history_findings(history), *snapshot.findings, *relations(history.state, settings)]
    order = ("error", "warning", "mended", "note")
    return Report(findings=tuple(sorted(found, key=lambda f: order.index(f.level))), account=account(history))


def verify(path: Path, progress: Callable[[str], None] = silent) -> Account:
    """Read a copy through and say what it holds.

    Raises:
        StoreError: its history or its db.json is not as it should be.
    """
    history, snapshot = read(path, progress)
    for finding in (*history_findings(history), *snapshot.findings):
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
    return Account(
        cards=dict(sorted(cards.items())),
        batches=history.state.seq,
        events=history.state.events,
        segments=len(history.segments),
        bytes=sum(history.sizes.values()),
        at=history.state.at,
    )


def history_findings(history: History) -> Iterator[Finding]:
    """What is wrong with the journal."""
    for n, damage in enumerate(history.damage[:_TOLD]):
        yield Finding(
            level="error",
            code="journal-damaged",
            place=_("data/journal/{segment}, byte {offset}").format(segment=damage.segment, offset=damage.offset),
            says=damage.reason if n else _first(history, damage.reason),
            next=_("the same") if n else way_out(history),
        )
    yield from history.state.odd
    if history.newer is not None:
        yield Finding(
            level="error",
            code="newer",
            place=_("batch {n}").format(n=history.newer),
            says=_("from here on a newer opstui wrote; it was not looked at"),
            next=_("run the newer opstui's doctor"),
        )


def _first(history: History, reason: str) -> str:
    state = history.state
    behind = ranges(history.behind)
    return _("{reason}. The history is good up to batch {n}{at}; {behind}").format(
        reason=reason,
        n=state.seq,
        at="" if state.at is None else f" ({state.at.isoformat(timespec='seconds')})",
        behind=_("batches {ranges} behind it are whole").format(ranges=behind)
        if behind
        else _("nothing whole follows"),
    )


def way_out(history: History) -> str:
    """What to do about a damaged history."""
    return _(
        "keep this folder as it is. Restore the newest backup that goes beyond batch {n}, and take along what is whole "
        "here: opstui restore BACKUP NEW-FOLDER --newer-from THIS-FOLDER (`opstui -w BACKUP doctor` tells how far it "
        "goes)"
    ).format(n=history.state.seq)


def ranges(numbers: list[int]) -> str:
    """1, 2, 3, 7 as 1-3, 7."""
    parts: list[list[int]] = []
    for n in numbers:
        if parts and n == parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _settings(path: Path) -> tuple[Settings | None, list[Finding]]:
    try:
        return config.load(path), []
    except config.Malformed as wrong:
        then = _("put that line right; the data is not touched by it")
        return None, [Finding(level="error", code="settings", place=config.FILE, says=str(wrong), next=then)]
