"""What a post-mortem may build on: the events of a card and of those linked to it, up to a moment, and what they left.

Everything is put in order by (time, batch) here, so that nothing later depends on the order a store hands things out.
Documents are taken back to the moment asked for with the before-values in the events, so a post-mortem `as of` last
week shows last week. The digest names the evidence: same events, same digest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.events import Batch, Event
from opstui.domain.figures import rows_of
from opstui.domain.model import Doc, utc
from opstui.domain.postmortems import of_card
from opstui.domain.state import Reader
from opstui.metrics.track import local_day

_NO_FACTS = ("reordered", "starred")


class Fact(Struct, frozen=True):
    """An event, the batch that told it, and when and by whom that was written (an import is written later)."""

    batch: int
    written: datetime
    event: Event
    writer: str


class Evidence(Struct, frozen=True, kw_only=True):
    """A card's case file. `facts` are its own, in order of time; documents are as they stood at `as_of`."""

    card: Doc
    postmortem: Doc
    parts: tuple[Doc, ...]
    """Its actions, factors and lessons, by id: as they stand now, like all that people write."""
    facts: tuple[Fact, ...]
    linked: tuple[Doc, ...]
    """Cards it is linked to, in either direction, by id."""
    actions: tuple[Doc, ...]
    """Cards of the actions board that name its post-mortem, by id."""
    comments: tuple[tuple[int, Doc], ...]
    """(id, comment) by time; withdrawn ones are left out."""
    rows: tuple[Doc, ...]
    """Daily metric rows, by (day, channel, currency)."""
    as_of: datetime
    seq_last: int
    digest: str


def gather(
    state: Reader,
    events_of: Callable[[Collection[int]], Iterable[Batch]],
    card_id: int,
    settings: Settings,
    as_of: datetime | None = None,
) -> Evidence:
    """The case file of a card. `events_of` gives the batches with events on some cards (a workspace's `events_of`).

    Without `as_of` the file reaches to its own last event.

    Raises:
        KeyError: there is no such card.

    """
    card = state.get("cards", card_id)
    if card is None:
        raise KeyError(card_id)
    number, postmortem = of_card(state, card_id) or (0, {})
    ref = str(postmortem.get("ref", ""))
    related = _related(state, card, ref)
    cards = {card_id, *related}
    used = card_facts(events_of(cards), cards)
    after = [f for f in used if as_of is not None and f.event.at > as_of]
    used = used[: len(used) - len(after)]
    end = as_of or max((f.event.at for f in used), default=utc(card["created"]))
    card = _rewound(card, after, end)
    born = {f.event.id for f in used if f.event.kind == "created"}
    others = [_rewound(state.get("cards", i) or {}, after, end) for i in related if i in born]
    return Evidence(
        card=card,
        postmortem=postmortem,
        parts=_parts(state, number) if postmortem else (),
        facts=tuple(f for f in used if f.event.id == card_id),
        linked=tuple(d for d in others if _linked(d, card) and not _is_action(d, ref)),
        actions=tuple(d for d in others if _is_action(d, ref)),
        comments=_comments(state, card_id, end),
        rows=_rows(state, card_id, local_day(end, settings.zone)),
        as_of=end,
        seq_last=max((f.batch for f in used), default=0),
        digest=digest(used),
    )


def _parts(state: Reader, postmortem: int) -> tuple[Doc, ...]:
    mine = ((i, d) for i, d in state.items("parts") if d.get("postmortem") == postmortem and d.get("sort"))
    return tuple(doc for _id, doc in sorted(mine, key=lambda row: row[0]))


def _related(state: Reader, card: Doc, ref: str) -> list[int]:
    """Ids of cards linked with this one in either direction, and of the actions of its post-mortem."""
    docs = state.items("cards")
    return sorted(i for i, doc in docs if i != card["id"] and (_linked(doc, card) or _is_action(doc, ref)))


def _linked(other: Doc, card: Doc) -> bool:
    return any(link["card"] == to["id"] for of, to in ((other, card), (card, other)) for link in of.get("links", ()))


def _is_action(doc: Doc, ref: str) -> bool:
    return bool(ref) and doc["kind"] == "action" and doc.get("postmortem") == ref


def card_facts(batches: Iterable[Batch], cards: set[int]) -> list[Fact]:
    """The events about these cards by (time, batch); where a card stands in its lane, and stars, are nobody's fact."""
    found = [
        Fact(batch.n, batch.at, event, batch.by)
        for batch in batches
        for event in batch.events
        if event.table == "cards" and event.id in cards and event.kind not in _NO_FACTS
    ]
    return sorted(found, key=lambda f: (f.event.at, f.batch))


def _rewound(doc: Doc, after: Sequence[Fact], end: datetime) -> Doc:
    """A document without what these events did to it. Marks tell their own time, and are not set in its order."""
    before = rewind(doc, [f.event for f in after if f.event.id == doc["id"]])
    if doc.get("marks"):
        before["marks"] = [mark for mark in doc["marks"] if utc(mark["at"]) <= end]
    return before


def rewind(doc: Doc, events: Sequence[Event]) -> Doc:
    """A document as it was before these events, which are in order of time."""
    before = dict(doc)
    for event in reversed(events):
        for name, (old, _new) in event.changed.items():
            if old is None:
                before.pop(name, None)
            else:
                before[name] = old
    return before


def _comments(state: Reader, card_id: int, end: datetime) -> tuple[tuple[int, Doc], ...]:
    said = [(i, d) for i, d in state.items("comments") if d["card"] == card_id and not d.get("withdrawn")]
    return tuple(sorted((row for row in said if utc(row[1]["at"]) <= end), key=lambda row: (utc(row[1]["at"]), row[0])))


def _rows(state: Reader, card_id: int, last: date) -> tuple[Doc, ...]:
    rows = [d for d in rows_of(state) if d["card"] == card_id and d["day"] <= last.isoformat()]
    return tuple(sorted(rows, key=lambda d: (d["day"], d["channel"], d["currency"])))


def digest(facts: Iterable[Fact]) -> str:
    """`sha256:` and the hash of the events' canonical JSON."""
    return f"sha256:{sha256(json.dumps([_canonical(f) for f in facts], sort_keys=True).encode()).hexdigest()}"


def _canonical(fact: Fact) -> list[Any]:
    e = fact.event
    changed = {name: [old, new] for name, (old, new) in e.changed.items()}
    return [fact.batch, e.at.astimezone(UTC).isoformat(), e.kind, e.table, e.id, e.by, e.via, changed, e.data]
