"""Whether post-mortems change anything: their actions done on time, those overdue, and causes that come back.

An action counts when a post-mortem asked for it. A cause comes back when a post-mortem names a factor, in the same
words, that another one named in the 180 days before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opstui.domain.boards import Board
from opstui.domain.model import Doc, utc
from opstui.domain.parts import parts_of
from opstui.domain.state import Reader
from opstui.metrics.track import local_day
from opstui.projections.kpis import Metric

WITHIN = timedelta(days=180)


def learning_metrics(
    reader: Reader, board: Board, zone: ZoneInfo, period: tuple[date, date], as_of: datetime
) -> tuple[Metric, ...]:
    """The three figures of a board of actions; `period` is (the first day, the day after the last)."""
    cards = [doc for _id, doc in reader.items("cards") if doc["board"] == board.id and doc.get("postmortem")]
    since, until = period
    done = [
        doc
        for doc in cards
        if board.category(doc["stage"]) == "done" and doc.get("due") and since <= _entered(doc, zone) < until
    ]
    kept = sum(_entered(doc, zone).isoformat() <= doc["due"] for doc in done)
    is_open = [doc for doc in cards if board.category(doc["stage"]) in ("queue", "active") and not doc.get("archived")]
    today = local_day(as_of, zone).isoformat()
    late = [doc for doc in is_open if doc.get("due") and doc["due"] < today]
    begun, repeated = _repeated(reader, zone, period)
    return (
        Metric("actions_on_time", kept / len(done) if done else None, "fraction", len(done), _refs(done)),
        Metric("actions_overdue", len(late), "cards", len(is_open), _refs(late)),
        Metric("repeat_causes", len(repeated), "cards", begun, _refs(repeated)),
    )


def _entered(doc: Doc, zone: ZoneInfo) -> date:
    return local_day(utc(doc["entered"]), zone)


def _refs(docs: Sequence[Doc]) -> str:
    """A query that finds exactly these cards; empty without any."""
    return f"ref:{','.join(sorted(doc['ref'] for doc in docs))}" if docs else ""


def _repeated(reader: Reader, zone: ZoneInfo, period: tuple[date, date]) -> tuple[int, list[Doc]]:
    """How many post-mortems with factors were begun in the period, and the cards of those whose cause came back."""
    told = [
        (utc(doc["at"]), doc["card"], factors)
        for number, doc in reader.items("postmortems")
        if doc["status"] != "skipped" and (factors := _factors(doc for _id, doc in parts_of(reader, number, "factor")))
    ]
    last: dict[str, datetime] = {}
    begun, cards = 0, []
    for at, card, factors in sorted(told, key=lambda row: (row[0], row[1])):
        inside = period[0] <= local_day(at, zone) < period[1]
        begun += inside
        again = any(factor in last and at - last[factor] <= WITHIN for factor in factors)
        doc = reader.get("cards", card)
        cards += [doc] if inside and again and doc else []
        last |= dict.fromkeys(factors, at)
    return begun, cards


def _factors(parts: Iterable[Doc]) -> frozenset[str]:
    """What the factors say, however it is spelled."""
    return frozenset(" ".join(part["text"].casefold().split()).rstrip(" .!") for part in parts)
