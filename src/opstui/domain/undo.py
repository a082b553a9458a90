"""Undo is a new event, never a deletion: the opposite of what a batch did, refused where someone built on it since."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from opstui.domain.events import INVERSE, Batch, Event
from opstui.domain.filters import TABLE as FILTERS
from opstui.domain.filters import check_free
from opstui.domain.model import Doc, Refused
from opstui.domain.state import Reader
from opstui.i18n import _

_BOOKKEEPING = ("rank", "entered")
"""Fields that follow from others or from the neighbours: they never stand in the way of an undo."""


def undoable(batch: Batch) -> bool:
    """Whether there is a way back from what a batch did, if nobody built on it."""
    return batch.via != "import" and all(
        event.changed
        or event.kind in ("commented", "filter_saved")
        or (event.kind == "created" and event.table == "cards")
        for event in batch.events
    )


def undo(batch: Batch, state: Reader) -> list[Event]:
    """The events that take a batch back, last first. Undoing an undo redoes.

    Raises:
        Refused: the batch cannot be taken back, or a field it set has been changed since.

    """
    if batch.via == "import":
        raise Refused(_("an import is not undone; archive the cards you do not want"))
    told = {"redoes" if any("undoes" in e.data for e in batch.events) else "undoes": batch.n}
    return [_opposite(event, batch, state, told) for event in reversed(batch.events)]


def _opposite(event: Event, batch: Batch, state: Reader, told: dict[str, Any]) -> Event:
    keep = {k: v for k, v in event.data.items() if k not in ("undoes", "redoes", "over")}
    if event.kind == "created" and event.table == "cards":
        return _take_away(event, batch, state, told)
    if event.kind == "commented":
        return _withdraw(event, state, keep | told)
    if event.kind == "filter_saved" and not event.changed:
        return _remove(event, state, keep | told)
    if event.changed:
        return _swap(event, state, keep | told)
    raise Refused(_("there is no way back from this ({kind})").format(kind=event.kind))


def _take_away(event: Event, batch: Batch, state: Reader, told: dict[str, Any]) -> Event:
    doc = state.get("cards", event.id)
    if doc is None or doc.get("archived"):
        raise Refused(_("{ref} is archived already").format(ref=event.data["ref"]))
    if not any((table, i) == ("cards", event.id) and _same(new, doc) for table, i, new in batch.changes):
        raise Refused(_("{ref} has been worked on since; archive it instead").format(ref=doc["ref"]))
    return replace(event, kind="archived", changed={"archived": (None, True)}, data=told, writes=())


def _same(change: Any, doc: Doc) -> bool:
    """Whether a card is as the change that created it left it."""
    passing = ("version", *_BOOKKEEPING)
    left = change[1] if isinstance(change, list | tuple) else change
    return {k: v for k, v in left.items() if k not in passing} == {k: v for k, v in doc.items() if k not in passing}


def _withdraw(event: Event, state: Reader, data: dict[str, Any]) -> Event:
    number = event.data["comment"]
    doc = state.get("comments", number)
    if doc is None:
        raise Refused(_("the comment is gone"))
    withdrawn = "undoes" in data
    if bool(doc.get("withdrawn")) == withdrawn:
        raise Refused(_("that was undone already"))
    after = {**doc, "withdrawn": True} if withdrawn else {k: v for k, v in doc.items() if k != "withdrawn"}
    return replace(event, data=data, writes=(("comments", number, after),))


def _remove(event: Event, state: Reader, data: dict[str, Any]) -> Event:
    """A filter that was new is taken away, unless somebody made another of it."""
    doc = state.get(event.table, event.id) or {}
    if doc.get("removed"):
        raise Refused(_("that was undone already"))
    if any(doc.get(name) != event.data.get(name) for name in ("name", "query", "board")):
        raise Refused(_('"{name}" has been changed since; remove it instead').format(name=event.data["name"]))
    data = {name: value for name, value in data.items() if name not in ("query", "board")}
    return replace(event, kind="filter_removed", changed={"removed": (None, True)}, data=data, writes=())


def _swap(event: Event, state: Reader, data: dict[str, Any]) -> Event:
    doc = state.get(event.table, event.id) or {}
    for name, (_old, new) in event.changed.items():
        if name not in _BOOKKEEPING and doc.get(name) != new:
            raise Refused(
                _("not undone: {field} of {ref} has been changed since").format(
                    field=name, ref=doc.get("ref", event.table)
                )
            )
    if event.table == FILTERS:
        check_free(str((doc | {n: old for n, (old, _new) in event.changed.items()})["name"]), event.id, state)
    swapped = {name: (doc.get(name), old) for name, (old, _new) in event.changed.items()}
    kind = "filter_removed" if event.kind == "filter_saved" and "removed" in swapped else event.kind
    return replace(event, kind=INVERSE.get(event.kind, kind), changed=swapped, data=data, writes=())
