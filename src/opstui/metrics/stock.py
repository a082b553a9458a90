"""Stock from its movements (spec C.4): what is on hand is a sum, never a number somebody typed.

Only what the critical-stock tile needs; cover, reorder point and order quantity come with the full ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """Pieces of one product: in the house, and held for orders."""

    on_hand: int = 0
    reserved: int = 0

    @property
    def available(self) -> int:
        """What can still be sold."""
        return self.on_hand - self.reserved


def critical(available: int, minimum: int) -> bool:
    """Whether the fixed minimum is reached: the rule until there is enough demand history for a reorder point."""
    return available <= minimum


def effect(sort: str, quantity: int) -> int:
    """What one movement does to what can still be sold."""
    return -quantity if sort == "reserve" else quantity


def level(movements: Iterable[tuple[str, int]]) -> Level:
    """The level after these movements of one product, each (sort, quantity).

    Quantities are signed; those of `reserve` say how many are held (positive) or let go again (negative).
    """
    on_hand = reserved = 0
    for sort, quantity in movements:
        if sort == "reserve":
            reserved += quantity
        else:
            on_hand += quantity
    return Level(on_hand, reserved)
