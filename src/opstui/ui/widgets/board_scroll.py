"""Scrolling a board with the mouse: what lies under it, the wheel, and the scrollbars of the lanes."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset

from opstui.ui.widgets.board_cursor import BoardCursor
from opstui.ui.widgets.drag import Drag


class BoardScroll(BoardCursor):
    """A board whose lanes scroll under the mouse. The cursor comes along, unless a card is in the hand."""

    _drag: Drag | None = None
    """The card that the button was pressed on."""
    _held: int | None = None
    """The lane whose scrollbar is held."""

    @property
    def carrying(self) -> bool:
        """Whether a card is on its way."""
        return self._drag is not None and self._drag.lifted

    def _cell(self, event: events.MouseEvent) -> Offset:
        """The cell of the board under the mouse. Events of the cuts bubble with their own x."""
        return Offset(event.screen_x - self.region.x, event.screen_y - self.region.y)

    def _lane_under(self, at: Offset) -> int | None:
        group = self._geometry.lane_at(at.x)
        if group is None or not 0 <= at.y < self._geometry.height or self.view is None:
            return None
        return self._first + group if self._first + group < len(self.view.lanes) else None

    def _place(self, at: Offset) -> tuple[int, int] | None:
        """(lane, row) there; the row may lie behind the last card."""
        lane = self._lane_under(at)
        return None if lane is None else (lane, self._stacks.near(lane, at.y - self._geometry.body))

    def _card_at(self, lane: int, at: Offset) -> int | None:
        """The card under the mouse itself, not the nearest one."""
        y = at.y - self._geometry.body
        return self._stacks.card(lane, self._stacks.at(lane, y).row) if y >= 0 else None

    def _band_at(self, lane: int, at: Offset) -> str | None:
        """The band whose header is under the mouse."""
        y = at.y - self._geometry.body
        spot = self._stacks.at(lane, y) if y >= 0 else None
        return self.view.bands[spot.band].value if spot and self.view and spot.band >= 0 else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls the lane under it."""
        self._wheel(self._cell(event), 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls the lane under it."""
        self._wheel(self._cell(event), -1)

    def _wheel(self, at: Offset, cards: int) -> bool:
        """Scroll what is there; the cursor stays in sight, unless a card is carried. False when nothing moved."""
        place = self._place(at)
        if place is None or self.view is None:
            return False
        lane, before = place[0], (self._stacks.offset(place[0]), self._stacks.shared())
        row = self._stacks.wheel(place, cards, (self._lane, self._row))
        after = self._stacks.offset(lane), self._stacks.shared()
        if after == before:
            return False
        if row != self._row and not self.carrying:
            self._go(self._lane, row)
        self._scrolled({lane}, every=after[1] != before[1])
        return True

    def _on_bar(self, lane: int, at: Offset) -> bool:
        """Whether a scrollbar is there. In bands each has its own, which only the wheel moves."""
        x, width = self._geometry.spans[lane - self._first]
        long = self._stacks is self._columns and self._stacks.count(lane) > self._geometry.page
        return long and at.x == x + width - 2 and at.y >= self._geometry.body

    def _drag_bar(self, at: Offset) -> None:
        """Scroll to where the mouse is on the bar, from its top to its end."""
        lane, g = self._held, self._geometry
        if lane is None or not self._first <= lane < self._first + len(g.spans):
            return
        most, high = self._columns.count(lane) - g.page, max(1, g.height - g.body - 1)
        part = max(0, min(at.y - g.body, high))
        where = Offset(g.spans[lane - self._first][0], g.body)
        self._wheel(where, (2 * part * most + high) // (2 * high) - self._columns.offset(lane))
