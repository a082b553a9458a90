"""Undo is a new event, never a deletion: the opposite of what a batch did, refused where someone built on it since."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from opstui.domain import figures, ledger
from opstui.domain.events import INVERSE, Batch, Change, Event
from opstui.domain.evolve import evolve
from opstui.domain.filters import TABLE as FILTERS
from opstui.domain.filters import check_free
from opstui.domain.model import Doc, Refused, plain
from opstui.domain.state import Reader
from opstui.i18n import _

Get = Callable[[str, int], Doc | None]
_BOOKKEEPING = ("rank", "entered")
"""Fields that follow from others or from the neighbours: they never stand in the way of an undo."""

_KEPT = {
    "sla_breached": _("a promise that ran out has run out"),
    "postmortem_drafted": _("a post-mortem that was begun is kept, like its file; write on it, or leave it as it is"),
}
"""Kinds that are not undone for a reason that people can be told."""


def undoable(batch: Batch) -> bool:
    """Whether there is a way back from what a batch did, if nobody built on it."""
    return batch.via != "import" and all(
        (event.changed and event.kind not in _KEPT)
        or _stays(event, batch)
        or event.kind in ("commented", "filter_saved", "metrics_recorded")
        or (event.kind == "stock_recorded" and "new" not in event.data)
        or (event.kind == "created" and event.table == "cards")
        for event in batch.events
    )


def _stays(event: Event, batch: Batch) -> bool:
    """A post-mortem that began by itself, with a move: the move is taken back, the empty draft stays."""
    return event.kind == "postmortem_drafted" and len(batch.events) > 1


def without(batch: Batch, cards: Collection[int]) -> Batch:
    """The batch without what it did to these cards."""
    if not cards:
        return batch
    left_out = frozenset(cards)
    return replace(batch, events=tuple(e for e in batch.events if e.table != "cards" or e.id not in left_out))


def standing(batch: Batch, state: Reader, at: datetime) -> list[tuple[int, str]]:
    """The cards of a batch of many for which there is no way back, each with the reason, in the batch's order."""
    events: dict[int, list[Event]] = {}
    for event in batch.events:
        if event.table == "cards":
            events.setdefault(event.id, []).append(event)
    found = []
    for card, those in events.items():
        try:
            undo(replace(batch, events=tuple(those)), state, at)
        except Refused as no:
            found.append((card, str(no)))
    return found


def _of_import(batch: Batch) -> Batch:
    """What of an import is taken back: a card that it made, with all that is told of it, goes into the archive."""
    made = {event.id for event in batch.events if event.kind == "created" and event.table == "cards"}
    events = tuple(e for e in batch.events if e.table == "cards" and (e.kind == "created" or e.id not in made))
    if not events:
        raise Refused(_("stock that was imported stays; import the right list to correct it"))
    return replace(batch, events=events)


def put_away(doc: Doc, at: datetime | None, *, unmade: bool = False) -> dict[str, Change]:
    """What changes when a card is put away at a time, or (None) comes back; `unmade`: its making is undone."""
    after = {"archived": bool(at) or None, "put_away": plain(at) if at else None, "unmade": unmade or None}
    return {name: (doc.get(name), new) for name, new in after.items() if doc.get(name) != new}


def _no_number(sequence: str) -> int:
    raise Refused(_("there is no way back from this ({kind})").format(kind=sequence))


def undo(batch: Batch, state: Reader, at: datetime, next_id: Callable[[str], int] = _no_number) -> list[Event]:
    """The events that take a batch back, last first. Undoing an undo redoes. `at` is when it is asked.

    `next_id` numbers what is written anew.

    Raises:
        Refused: the batch cannot be taken back, or a field it set has been changed since.

    """
    if batch.via == "import":
        batch = _of_import(batch)
    told = {"redoes" if any("undoes" in e.data for e in batch.events) else "undoes": batch.n}
    docs: dict[tuple[str, int], Doc] = {}

    def get(table: str, doc_id: int) -> Doc | None:
        """A document as the opposites up to here leave it: a batch may have changed one several times."""
        return docs.get((table, doc_id)) or state.get(table, doc_id)

    events = []
    for event in reversed(batch.events):
        if _stays(event, batch):
            continue
        if event.kind == "created" and event.table == "cards":
            _expect_untouched(event, batch, state)
        beside = event.kind in ("metrics_recorded", "stock_recorded")
        back = _rows_back(event, batch, get, told, state, next_id) if beside else _opposite(event, get, told, at)
        events.append(back)
        docs.update({(table, doc_id): doc for table, doc_id, doc in evolve(events[-1], get)})
        if event.table == FILTERS and event.changed:
            check_free(str(docs[event.table, event.id]["name"]), event.id, state)
    return events


def _rows_back(
    event: Event, batch: Batch, get: Get, told: dict[str, Any], state: Reader, next_id: Callable[[str], int]
) -> Event:
    """What takes back rows that stand beside the card or the product they are of."""
    if batch.via == "import":
        raise Refused(_("figures that were imported stay; import the right ones to correct them"))
    keep = {name: value for name, value in event.data.items() if name not in ("undoes", "redoes", "replaced")}
    if event.kind == "metrics_recorded":
        writes = figures.taken_back(event, batch, get)
    else:
        writes = ledger.taken_back(event, batch, get, state, next_id)
    return replace(event, data=keep | told, writes=tuple(writes))


def _opposite(event: Event, get: Get, told: dict[str, Any], at: datetime) -> Event:
    keep = {k: v for k, v in event.data.items() if k not in ("undoes", "redoes", "over")}
    if event.kind == "created" and event.table == "cards":
        doc = get(event.table, event.id) or {}
        return replace(event, kind="archived", changed=put_away(doc, at, unmade=True), data=told, writes=())
    if event.kind == "commented":
        return _withdraw(event, get, keep | told)
    if event.kind == "filter_saved" and not event.changed:
        return _remove(event, get, keep | told)
    if event.changed and event.kind not in _KEPT:
        return _swap(event, get, keep | told)
    raise Refused(_KEPT.get(event.kind) or _("there is no way back from this ({kind})").format(kind=event.kind))


def _expect_untouched(event: Event, batch: Batch, state: Reader) -> None:
    doc = state.get("cards", event.id)
    here = any((table, i) == ("cards", event.id) and doc and _same(new, doc) for table, i, new in batch.changes)
    if doc is None or (doc.get("archived") and not here):
        raise Refused(_("{ref} is archived already").format(ref=event.data["ref"]))
    if not here:
        raise Refused(_("{ref} has been worked on since; archive it instead").format(ref=doc["ref"]))


def _same(change: Any, doc: Doc) -> bool:
    """Whether a card is as the change that created it left it."""
    passing = ("version", "breached", *_BOOKKEEPING)
    left = change[1] if isinstance(change, list | tuple) else change
    return {k: v for k, v in left.items() if k not in passing} == {k: v for k, v in doc.items() if k not in passing}


def _withdraw(event: Event, get: Get, data: dict[str, Any]) -> Event:
    number = event.data["comment"]
    doc = get("comments", number)
    if doc is None:
        raise Refused(_("the comment is gone"))
    withdrawn = "undoes" in data
    if bool(doc.get("withdrawn")) == withdrawn:
        raise Refused(_("that was undone already"))
    after = {**doc, "withdrawn": True} if withdrawn else {k: v for k, v in doc.items() if k != "withdrawn"}
    return replace(event, data=data, writes=(("comments", number, after),))


def _remove(event: Event, get: Get, data: dict[str, Any]) -> Event:
    """A filter that was new is taken away, unless somebody made another of it."""
    doc = get(event.table, event.id) or {}
    if doc.get("removed"):
        raise Refused(_("that was undone already"))
    if any(doc.get(name) != event.data.get(name) for name in ("name", "query", "board")):
        raise Refused(_('"{name}" has been changed since; remove it instead').format(name=event.data["name"]))
    data = {name: value for name, value in data.items() if name not in ("query", "board")}
    return replace(event, kind="filter_removed", changed={"removed": (None, True)}, data=data, writes=())


def _swap(event: Event, get: Get, data: dict[str, Any]) -> Event:
    doc = get(event.table, event.id) or {}
    for name, (_old, new) in event.changed.items():
        if name not in _BOOKKEEPING and doc.get(name) != new:
            raise Refused(
                _("not undone: {field} of {ref} has been changed since").format(
                    field=name, ref=doc.get("ref", event.table)
                )
            )
    swapped = {name: (doc.get(name), old) for name, (old, _new) in event.changed.items()}
    kind = "filter_removed" if event.kind == "filter_saved" and "removed" in swapped else event.kind
    return replace(event, kind=INVERSE.get(event.kind, kind), changed=swapped, data=data, writes=())
