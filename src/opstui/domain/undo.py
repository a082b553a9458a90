"""Undo is a new event, never a deletion: the opposite of what a batch did, refused where someone built on it since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from opstui.domain.events import INVERSE, Batch, Change, Event
from opstui.domain.model import Doc, Refused, plain
from opstui.domain.state import Reader
from opstui.i18n import _

_BOOKKEEPING = ("rank", "entered")
"""Fields that follow from others or from the neighbours: they never stand in the way of an undo."""


def undoable(batch: Batch) -> bool:
    """Whether there is a way back from what a batch did, if nobody built on it."""
    return batch.via != "import" and all(
        event.changed or event.kind == "commented" or (event.kind == "created" and event.table == "cards")
        for event in batch.events
    )


def put_away(doc: Doc, at: datetime | None) -> dict[str, Change]:
    """What changes when a card goes into the archive at a time, or (None) comes back."""
    after = {"archived": True, "put_away": plain(at)} if at else {"archived": None, "put_away": None}
    return {name: (doc.get(name), new) for name, new in after.items() if doc.get(name) != new}


def undo(batch: Batch, state: Reader, at: datetime) -> list[Event]:
    """The events that take a batch back, last first. Undoing an undo redoes. `at` is when it is asked.

    Raises:
        Refused: the batch cannot be taken back, or a field it set has been changed since.

    """
    if batch.via == "import":
        raise Refused(_("an import is not undone; archive the cards you do not want"))
    told = {"redoes" if any("undoes" in e.data for e in batch.events) else "undoes": batch.n}
    return [_opposite(event, batch, state, told, at) for event in reversed(batch.events)]


def _opposite(event: Event, batch: Batch, state: Reader, told: dict[str, Any], at: datetime) -> Event:
    keep = {k: v for k, v in event.data.items() if k not in ("undoes", "redoes", "over")}
    if event.kind == "created" and event.table == "cards":
        return _take_away(event, batch, state, told, at)
    if event.kind == "commented":
        return _withdraw(event, state, keep | told)
    if event.changed:
        return _swap(event, state, keep | told)
    raise Refused(_("there is no way back from this ({kind})").format(kind=event.kind))


def _take_away(event: Event, batch: Batch, state: Reader, told: dict[str, Any], at: datetime) -> Event:
    doc = state.get("cards", event.id)
    if doc is None or doc.get("archived"):
        raise Refused(_("{ref} is archived already").format(ref=event.data["ref"]))
    if not any((table, i) == ("cards", event.id) and _same(new, doc) for table, i, new in batch.changes):
        raise Refused(_("{ref} has been worked on since; archive it instead").format(ref=doc["ref"]))
    return replace(event, kind="archived", changed=put_away(doc, at), data=told, writes=())


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


def _swap(event: Event, state: Reader, data: dict[str, Any]) -> Event:
    doc = state.get(event.table, event.id) or {}
    for name, (_old, new) in event.changed.items():
        if name not in _BOOKKEEPING and doc.get(name) != new:
            raise Refused(
                _("not undone: {field} of {ref} has been changed since").format(
                    field=name, ref=doc.get("ref", event.table)
                )
            )
    swapped = {name: (doc.get(name), old) for name, (old, _new) in event.changed.items()}
    return replace(event, kind=INVERSE.get(event.kind, event.kind), changed=swapped, data=data, writes=())
