"""Where a card would go that is let go under the mouse: the lane, the card it would stand above, the band.

A card that would stand where it stands already goes nowhere, and in a sorted lane nobody chooses the place.
"""

from __future__ import annotations

from textual.geometry import Offset

from opstui.ui.widgets.board_scroll import BoardScroll
from opstui.ui.widgets.drag import Drag, Target


class BoardTarget(BoardScroll):
    """A board that knows the places for cards."""

    def _home(self, drag: Drag) -> tuple[int, int] | None:
        """Lane and row of the card that is carried; looked for only when it is no longer where it was."""
        if self._stacks.card(*drag.home) != drag.card:
            lanes = range(len(self.view.lanes) if self.view else 0)
            rows = ((lane, self._stacks.row_of(lane, drag.card)) for lane in lanes)
            found = next(((lane, row) for lane, row in rows if row is not None), None)
            if found is None:
                return None
            drag.home = found
        return drag.home

    def _target(self, home: tuple[int, int], at: Offset) -> Target | None:
        """Where the card of that lane and row would go; None outside, and where it stands already."""
        place = self._place(at)
        if place is None or self.view is None:
            return None
        lane, row = place
        below = self._below(lane, row, at)
        band = self._band_of(lane, row)
        own = lane == home[0] and band == self._band_of(*home)
        if self.view.lanes[lane].sort is not None:
            return None if own else Target(lane, None, band, -1)
        if own and row + below - home[1] in (0, 1):
            return None
        there = self._stacks.card(lane, row + below)
        before = there if self._band_of(lane, row + below) == band else None
        return Target(lane, before, band, self._line_at(lane, row, below))

    def _below(self, lane: int, row: int, at: Offset) -> int:
        """1 when the mouse is on the lower half of a card, or at the end of all: behind it."""
        if self._stacks.card(lane, row) is None:
            return 0
        end = at.y == self._geometry.height - 1 and row == self._stacks.count(lane) - 1
        return int(end or (at.y - self._line_of(lane, row)) * 2 >= self._geometry.rows + (self._geometry.rows == 1))

    def _band_of(self, lane: int, row: int) -> str | None:
        return self.view.bands[self._bands.band(lane, row)].value if self.view and self.view.bands else None

    def _line_at(self, lane: int, row: int, below: int) -> int:
        """The line between two cards; where a header stands there, the card's own first line."""
        g, top = self._geometry, self._line_of(lane, row)
        line = top + g.rows if below else top - 1
        if line < g.body:
            return g.body - 1 if g.roomy and self._stacks is self._columns else g.body if line >= 0 else -1
        line = min(line, g.height - 1)
        spot = self._stacks.at(lane, line - g.body)
        return line + (spot.band >= 0) if line + (spot.band >= 0) < g.height else -1
