"""A card on its way with the mouse: what is known of it, and how it and the place it would go to are drawn.

Nothing of it depends on colour: the card gets an edge of its own, the lane a mark at its name, the place a line.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from textual.geometry import Offset

from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink
from opstui.ui.widgets.paint import Line

TREMBLE = 2
"""Columns that a hand moves without meaning it."""
EDGE = 2
"""Columns at either side of the board that scroll the lanes."""


class Target(NamedTuple):
    """Where a card would go: into a lane, above the card `before` or to the end, into a band if there are any.

    `line` is where that is shown; -1 where only the lane can be told, because it is sorted or there is no room.
    """

    lane: int
    before: int | None
    band: str | None
    line: int


class Drag:
    """A card that the button was pressed on; it is lifted once the mouse has gone far enough."""

    def __init__(self, card: int, home: tuple[int, int], at: Offset) -> None:
        """Pressed at a cell of the board; `home` is the lane and the row where the card stands."""
        self.card, self.home, self.at = card, home, at
        self.lifted = False
        self.target: Target | None = None

    def go(self, at: Offset) -> bool:
        """The mouse is there now; whether the card is lifted."""
        self.lifted = self.lifted or at.y != self.at.y or abs(at.x - self.at.x) >= TREMBLE
        if self.lifted:
            self.at = at
        return self.lifted


def lifted(face: list[Line], ink: Ink) -> list[Line]:
    """A card's face while it is carried: its words faint, its edge broken."""
    edge, faint = Segment(MARKS["lifted"], ink("accent", "card")), ink("faint", "card")
    return [[edge, *(Segment(segment.text, faint) for segment in line[1:])] for line in face]


def insertion(width: int, ink: Ink) -> Line:
    """The line where the card would go, in a lane of that width."""
    accent = ink("accent", bold=True)
    return [Segment(MARKS["target"] + MARKS["insertion"] * (width - 3), accent), Segment("  ", accent)]


def pointed(head: Line, ink: Ink) -> Line:
    """A lane's header with the mark that the card would go into it."""
    return [Segment(MARKS["target"], ink("accent", bold=True)), *head[1:]]
