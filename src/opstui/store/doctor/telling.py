"""What is wrong with a history and with the settings, in words: the doctor says it, and who refuses because of it."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from opstui import config
from opstui.config import Settings
from opstui.i18n import _, ngettext
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding, few, ranges, when

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from opstui.store.doctor.history import History


def history_findings(history: History, zone: tzinfo) -> Iterator[Finding]:
    """What is wrong with the journal; its times are told in that zone."""
    for n, (segment, damage) in enumerate(groupby(history.damage, attrgetter("segment"))):
        first, *more = damage
        reason = first.reason
        if more:
            reason = _("{reason}, and so at {places} behind it (bytes {bytes})").format(
                reason=reason,
                places=ngettext("{n} more place", "{n} more places", len(more)),
                bytes=few(other.offset for other in more),
            )
        yield Finding(
            level="error",
            code="journal-damaged",
            place=_("data/journal/{segment}, byte {offset}").format(segment=segment, offset=first.offset)
            if segment
            else "data/journal",
            says=reason if n else _first(history, reason, zone),
            next=_("the same") if n else way_out(history),
        )
    yield from history.state.odd
    yield from _copies(history, zone)
    if history.newer is not None:
        yield Finding(
            level="error",
            code="newer",
            place=_("batch {n}").format(n=history.newer),
            says=_("from here on a newer opstui wrote; it was not looked at"),
            next=_("run the newer opstui's doctor"),
        )


def _copies(history: History, zone: tzinfo) -> Iterator[Finding]:
    for name in history.strays:
        yield Finding(
            level="error",
            code="journal-copy",
            place=f"data/journal/{name}",
            says=_(
                "it only repeats batches that stand before it: somebody put a copy there. {state}, but opstui does "
                "not open it like this"
            ).format(state=_("The history is whole up to {upto}").format(upto=_upto(history, zone))),
            next=_("move that file out of data/journal; nothing else is needed"),
        )


def _upto(history: History, zone: tzinfo) -> str:
    at = history.state.at
    n = _("batch {n}").format(n=history.state.seq)
    return n if at is None else f"{n} ({when(at, zone)})"


def _first(history: History, reason: str, zone: tzinfo) -> str:
    behind = _("nothing whole follows")
    if history.behind:
        one, many = _("batch {ranges} behind it is whole"), _("batches {ranges} behind it are whole")
        behind = (one if len(history.behind) == 1 else many).format(ranges=ranges(history.behind))
    return _("{reason}. The history is good up to {upto}; {behind}").format(
        reason=reason, upto=_upto(history, zone), behind=behind
    )


def way_out(history: History) -> str:
    """What to do about a damaged history."""
    return _(
        "keep this folder as it is. Restore the newest backup that goes beyond batch {n}, and take along what is whole "
        "here: opstui restore BACKUP NEW-FOLDER --newer-from THIS-FOLDER (`opstui -w BACKUP doctor` tells how far it "
        "goes)"
    ).format(n=history.state.seq)


def settings_of(path: Path) -> tuple[Settings | None, list[Finding]]:
    """The settings of a workspace, None where they cannot be read, and what is wrong with them."""
    file, wrong = path / config.FILE, ""
    then = _("put that right in {file}, or take the file from a backup; the data is not touched by it").format(
        file=file
    )
    settings = None
    try:
        settings = config.load(path)
        if not fs.exists(file):
            wrong = _("it is missing: currency, zone and boards are guessed")
            then = _("take it from a backup: copy BACKUP/{name} to {file}").format(name=config.FILE, file=file)
    except config.Malformed as error:
        wrong = str(error).removeprefix(config.FILE).lstrip(":, ")
    if not wrong:
        return settings, []
    return settings, [Finding(level="error", code="settings", place=config.FILE, says=wrong, next=then)]


def zone_of(path: Path) -> tzinfo:
    """The zone of a workspace's people; the usual one where its settings do not say."""
    settings, _wrong = settings_of(path)
    return Settings().zone if settings is None else settings.zone
