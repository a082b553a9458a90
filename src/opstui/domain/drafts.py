"""What importing a record means: a card with its own history, told as events at the times they happened.

(source, external id) is the record's identity. A record that is known adds only what is new: daily rows that differ,
and steps later than the card's last one, as long as nobody has moved the card here meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from opstui.domain import rank
from opstui.domain.boards import Board, Rules
from opstui.domain.events import Event
from opstui.domain.evolve import changed as apply_changes
from opstui.domain.fieldwork import with_fields
from opstui.domain.model import Doc, Draft, MetricRow, Movement, Past, Product, Refused, clean, clean_line, plain, utc
from opstui.domain.state import State
from opstui.i18n import _


def import_card(draft: Draft, state: State, rules: Rules, told: Event) -> list[Event]:
    """The events of a record; none when everything in it is known. `told` is a blank event with who asks and when."""
    board = rules.board(draft.board)
    if board is None:
        raise Refused(_("there is no board '{id}'").format(id=draft.board))
    known = state.find_external(draft.source, draft.external_id)
    if known is None:
        doc = _blank(draft, board, state)
        told_of = {name: doc[name] for name in ("ref", "board", "stage", "title")}
        by = draft.history[0].by if draft.history else ""
        born = replace(told, id=doc["id"], at=draft.created, by=by or told.by)
        first = replace(born, data=told_of, writes=(("cards", doc["id"], doc),))
        steps, events = draft.history[1:], [first]
    else:
        doc = state.get("cards", known) or {}
        steps, events = _later_steps(draft, doc), []
    teller = _Teller(doc, board, state, replace(told, id=doc["id"], data={}, writes=(), changed={}))
    for past in steps:
        events += teller.tell(past)
    events += teller.settle()
    if known is None:
        events += teller.links(draft)
    return events + _metric_events(draft.metrics, state, teller.told)


def _later_steps(draft: Draft, doc: Doc) -> tuple[Past, ...]:
    """What the record did since; nothing once a person has put the card elsewhere than the record says."""
    stages = [p for p in draft.history if p.sort == "stage"]
    here = (doc["stage"], utc(doc["entered"]))
    known = next((i for i, p in enumerate(stages) if (p.value, p.at) == here), len(stages))
    return tuple(stages[known + 1 :])


def _blank(draft: Draft, board: Board, state: State) -> Doc:
    stage = draft.history[0].value if draft.history else board.stages[0].id
    at = plain(draft.created)
    blank = {
        "id": 0,
        "ref": "",
        "kind": board.kind,
        "board": board.id,
        "stage": stage,
        "title": "",
        "created": at,
        "entered": at,
    }
    doc = with_fields({**blank, "rank": 0.0, "version": 1}, {"title": draft.title, **draft.fields})
    doc |= {"id": state.next_id("cards"), "source": draft.source, "external_id": draft.external_id}
    doc["ref"] = f"{board.prefix}-{state.next_id(board.prefix):04d}"
    doc["rank"] = _landing(board, stage, state)
    return doc


def _landing(board: Board, stage: str, state: State) -> float:
    lane = state.lane(board.id, stage)
    to_top = board.ends(stage)
    return (rank.at_top if to_top else rank.at_end)(
        lane, lambda i: float((state.get("cards", i) or {}).get("rank", 0.0))
    )


class _Teller:
    """Tells a record's past step by step, each event's 'before' being what the last one left."""

    def __init__(self, doc: Doc, board: Board, state: State, told: Event) -> None:
        self.doc, self.board, self.state, self.told = doc, board, state, told
        self.first_stage = doc["stage"]

    def tell(self, past: Past) -> Iterator[Event]:
        """The event of one past step; nothing when it changes nothing."""
        told = replace(self.told, at=past.at, by=past.by or self.told.by)
        if past.sort == "comment":
            number, text = self.state.next_id("comments"), clean(past.value).strip()
            said = {"card": self.doc["id"], "at": plain(past.at), "by": told.by, "text": text}
            yield replace(
                told,
                kind="commented",
                data={"comment": number, "text": text},
                writes=(("comments", number, said),),
            )
            return
        kind, changes = _PASTS[past.sort](self.doc, past.value, past.at)
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        if changes:
            self.doc = apply_changes(self.doc, changes)
            yield replace(told, kind=kind, changed=changes)

    def settle(self) -> Iterator[Event]:
        """The place in the lane where the record ended up."""
        if self.doc["stage"] != self.first_stage:
            place = _landing(self.board, self.doc["stage"], self.state)
            yield replace(
                self.told, kind="reordered", changed={"rank": (self.doc["rank"], place)}, data={"aside": True}
            )

    def links(self, draft: Draft) -> Iterator[Event]:
        """Links to records of the same source that are here."""
        for relation, external in draft.links:
            other = self.state.find_external(draft.source, external)
            if other is None:
                continue
            old = self.doc.get("links")
            changes = {"links": (old, [*(old or ()), {"relation": relation, "card": other}])}
            self.doc = apply_changes(self.doc, changes)
            yield replace(
                self.told, kind="linked", at=draft.created, changed=changes, data={"relation": relation, "other": other}
            )


def _stage(doc: Doc, value: str, at: datetime) -> tuple[str, dict[str, Any]]:
    moved = {"stage": (doc["stage"], value), "entered": (doc["entered"], plain(at))}
    return "moved", moved if doc["stage"] != value else {}


def _blocked(doc: Doc, value: str, at: datetime) -> tuple[str, dict[str, Any]]:
    reason, _sep, waiting_on = clean_line(value).partition(" | ")
    blocker = {"reason": reason, "since": plain(at), **({"waiting_on": waiting_on} if waiting_on else {})}
    return "blocked", {"blocker": (doc.get("blocker"), blocker)}


_PASTS: dict[str, Callable[[Doc, str, datetime], tuple[str, dict[str, Any]]]] = {
    "stage": _stage,
    "blocked": _blocked,
    "unblocked": lambda doc, _value, _at: ("unblocked", {"blocker": (doc.get("blocker"), None)}),
    "assigned": lambda doc, value, _at: ("edited", {"owner": (doc.get("owner"), value or None)}),
    "due": lambda doc, value, _at: ("edited", {"due": (doc.get("due"), value or None)}),
}


def _metric_events(rows: tuple[MetricRow, ...], state: State, told: Event) -> list[Event]:
    if not rows:
        return []
    known = {(d["day"], d["channel"], d["currency"]): (i, d) for i, d in state.items("metrics") if d["card"] == told.id}
    writes = []
    for row in rows:
        doc = {name: value for name, value in plain(row).items() if value is not None} | {"card": told.id}
        number, before = known.get((doc["day"], doc["channel"], doc["currency"]), (0, None))
        if before != doc:
            writes.append(("metrics", number or state.next_id("metrics"), doc))
    if not writes:
        return []
    days = sorted(doc["day"] for _table, _id, doc in writes)
    return [
        replace(
            told,
            kind="metrics_recorded",
            data={"rows": len(writes), "from": days[0], "to": days[-1]},
            writes=tuple(writes),
        )
    ]


def import_stock(product: Product, movements: tuple[Movement, ...], state: State, told: Event) -> list[Event]:
    """The events of a product and those of its movements that are not known yet."""
    number = next((i for i, d in state.items("products") if d["sku"] == product.sku), None)
    first = {"new": True} if number is None else {}
    writes: list[tuple[str, int, Doc]] = []
    if number is None:
        number = state.next_id("products")
    if state.get("products", number) != plain(product):
        writes.append(("products", number, plain(product)))
    known = [doc for _id, doc in state.items("movements") if doc["product"] == number]
    for movement in movements:
        doc = {**plain(movement), "product": number}
        if doc not in known:
            writes.append(("movements", state.next_id("movements"), doc))
    if not writes:
        return []
    told_of = {"sku": product.sku, "rows": len(writes), **first}
    return [replace(told, id=number, data=told_of, writes=tuple(writes))]
