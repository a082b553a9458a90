"""Stock from its movements (spec C.4): what is on hand is a sum, never a number somebody typed.

How long it lasts follows from what was asked for day by day; when to order and how much, see `reorder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct


def effect(sort: str, quantity: int) -> int:
    """What one movement does to what can still be sold.

    Quantities are signed; those of `reserve` say how many are held (positive) or let go again (negative).
    Source: spec C.4, available.
    """
    return -quantity if sort == "reserve" else quantity


def on_hand(movements: Iterable[tuple[str, int]]) -> int:
    """Pieces in the house after these movements of one product, each (sort, quantity); what is held is still there.

    Source: spec C.4, on hand.
    """
    return sum(quantity for sort, quantity in movements if sort != "reserve")


def available(movements: Iterable[tuple[str, int]]) -> int:
    """Pieces that can still be sold: on hand minus reserved.

    Source: spec C.4, available = on hand - reserved.
    """
    return sum(effect(sort, quantity) for sort, quantity in movements)


def critical(left: int, minimum: int) -> bool:
    """Whether the fixed minimum is reached: the rule until there is enough demand history for a reorder point.

    Source: spec C.4, critical iff the position is at or below the reorder point.
    """
    return left <= minimum


Demand = Sequence[float | None]
"""Pieces asked for on each day, days without any included; None on a day on which there was nothing to sell."""


class Cover(Struct, frozen=True):
    """How long the stock lasts. `days` is None when nothing is asked for: it lasts for ever, as far as anyone knows."""

    available: int
    mean: float | None
    days: float | None
    left_out: int
    """Days without stock, which say nothing about demand."""


def cover(available: int, demand: Demand) -> Cover:
    """The days that what is available lasts at the mean daily demand; days without stock are left out.

    Source: spec C.4 (case stock-cover-01). Below zero it lasts 0 days.
    """
    known = known_demand(demand)
    mean = sum(known) / len(known) if known else None
    return Cover(available, mean, max(available, 0) / mean if mean else None, len(demand) - len(known))


def daily_demand(
    movements: Iterable[tuple[date, str, int]], first: date, after: date, opening: int = 0
) -> list[float | None]:
    """What was asked for on each day from `first` to before `after`; movements of one product: (day, sort, quantity).

    What went `out` is demand. A day that began or ended with nothing on hand is None: nobody knows what would have been
    sold. `opening` is what was on hand before the first movement.
    Source: spec C.4, censored days.
    """
    by_day: dict[date, list[tuple[str, int]]] = {}
    for day, sort, quantity in movements:
        by_day.setdefault(day, []).append((sort, quantity))
    left = opening + sum(on_hand(rows) for day, rows in by_day.items() if day < first)
    found: list[float | None] = []
    for number in range((after - first).days):
        rows = by_day.get(first + timedelta(days=number), [])
        sold = -sum(quantity for sort, quantity in rows if sort == "out")
        before, left = left, left + on_hand(rows)
        found.append(None if before <= 0 or left <= 0 else float(max(sold, 0)))
    return found


def known_demand(demand: Demand) -> list[float]:
    """The days on which there was something to sell. Source: spec C.4, censored days."""
    return [float(pieces) for pieces in demand if pieces is not None]
