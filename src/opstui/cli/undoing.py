"""Taking back one's last change from the command line, and doing it again.

The history is the stack: what was taken back names what it takes back, so console and command line share it and
nothing needs to be remembered between two calls.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from opstui.cli.session import Session, pass_session, say
from opstui.domain.commands import Undo
from opstui.domain.events import Batch
from opstui.domain.model import Refused
from opstui.domain.undo import undoable
from opstui.i18n import _

SOME = 5
"""Refs that are named."""
_DEEDS = {
    "created": _("adding {refs}"),
    "edited": _("an edit of {refs} ({fields})"),
    "moved": _("the move of {refs} from {old} to {new}"),
    "reordered": _("the new place of {refs} in its lane"),
    "blocked": _("blocking {refs}"),
    "unblocked": _("unblocking {refs}"),
    "commented": _("a comment on {refs}"),
    "checklist_added": _("a checklist item of {refs}"),
    "checklist_ticked": _("a tick on {refs}"),
    "checklist_edited": _("new words of a checklist item of {refs}"),
    "checklist_removed": _("taking an item off the checklist of {refs}"),
    "checklist_moved": _("the order of the checklist of {refs}"),
    "linked": _("a link of {refs}"),
    "unlinked": _("unlinking {refs}"),
    "archived": _("archiving {refs}"),
    "restored": _("restoring {refs}"),
    "filter_saved": _("a shared filter"),
    "filter_removed": _("the removal of a shared filter"),
    "target_set": _("a target"),
    "metrics_recorded": _("daily figures of {refs} ({day})"),
    "stock_recorded": _("a movement of {sku}"),
}
"""Kind of event -> what a person did."""


@click.command()
@click.option("--before", type=int, metavar="N", help="Pass over change N and what came after it.")
@pass_session
def undo(session: Session, before: int | None) -> None:
    """Take back your last change."""
    taken_back: set[int] = set()
    last: Batch | None = None
    for batch in _mine(session):
        eligible = (before is None or batch.n < before) and batch.n not in taken_back
        if eligible and not _is_undo(batch) and undoable(batch):
            last = batch
            break
        taken_back |= _takes_back(batch)
    if last is None:
        raise Refused(_("there is no change of yours to undo"))
    what = _told(session, last)
    try:
        session.submit(Undo(batch=last.n))
    except Refused as no:
        way_on = _("{what}: {reason}. To leave it and undo what you did before it: opstui card undo --before {n}")
        raise Refused(way_on.format(what=what, reason=no, n=last.n)) from None
    say(_("undone: {what}; `opstui card redo` does it again").format(what=what))


@click.command()
@pass_session
def redo(session: Session) -> None:
    """Do again what you undid last, unless you changed something else since."""
    taken_back: set[int] = set()
    undone: Batch | None = None
    for batch in _mine(session):
        takes_back = _takes_back(batch)
        if _is_undo(batch) and batch.n not in taken_back:
            undone = batch
        if undone or not takes_back:
            break
        taken_back |= takes_back
    if undone is None:
        raise Refused(_("there is nothing of yours to do again"))
    session.submit(Undo(batch=undone.n))
    original = session.workspace.state.batch(_original(undone)) or undone
    say(_("done again: {what}").format(what=_told(session, original)))


def _mine(session: Session) -> Iterator[Batch]:
    """What the caller did themselves, newest first: what takes a batch back comes before it."""
    return (batch for batch in session.workspace.history_of(session.actor.name) if batch.via in ("cli", "console"))


def _takes_back(batch: Batch) -> set[int]:
    return {e.data[how] for e in batch.events for how in ("undoes", "redoes") if how in e.data}


def _is_undo(batch: Batch) -> bool:
    return any("undoes" in e.data for e in batch.events)


def _original(undone: Batch) -> int:
    return int(next(e.data["undoes"] for e in undone.events if "undoes" in e.data))


def _told(session: Session, batch: Batch) -> str:
    """What a batch did, in plain words."""
    events = [e for e in batch.events if not e.data.get("aside")] or batch.events
    last = events[-1]
    refs = dict.fromkeys(
        str((session.workspace.state.get("cards", e.id) or {}).get("ref", e.id)) for e in events if e.table == "cards"
    )
    old, new = last.changed.get("stage", ("", ""))
    deed = _DEEDS.get(last.kind, _("a change of {refs}"))
    words = {"day": last.data.get("from", ""), "sku": last.data.get("sku", ""), "old": old, "new": new}
    return deed.format(refs=_some(list(refs)), fields=", ".join(last.changed), **words)


def _some(refs: list[str]) -> str:
    """The refs, or the first of many: a change of a thousand cards is told on one line too."""
    if len(refs) <= SOME:
        return ", ".join(refs)
    return _("{refs} and {n} more").format(refs=", ".join(refs[:SOME]), n=len(refs) - SOME)
