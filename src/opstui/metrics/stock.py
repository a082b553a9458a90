"""Stock from its movements (spec C.4): what is on hand is a sum, never a number somebody typed.

Only what the critical-stock tile needs; cover, reorder point and order quantity come with the full ledger.
"""

from __future__ import annotations

from collections.abc import Iterable


def effect(sort: str, quantity: int) -> int:
    """What one movement does to what can still be sold.

    Quantities are signed; those of `reserve` say how many are held (positive) or let go again (negative).
    """
    return -quantity if sort == "reserve" else quantity


def on_hand(movements: Iterable[tuple[str, int]]) -> int:
    """Pieces in the house after these movements of one product, each (sort, quantity); what is held is still there."""
    return sum(quantity for sort, quantity in movements if sort != "reserve")


def available(movements: Iterable[tuple[str, int]]) -> int:
    """Pieces that can still be sold: on hand minus reserved."""
    return sum(effect(sort, quantity) for sort, quantity in movements)


def critical(left: int, minimum: int) -> bool:
    """Whether the fixed minimum is reached: the rule until there is enough demand history for a reorder point."""
    return left <= minimum
