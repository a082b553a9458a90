"""What the mouse does on a board: click, double click, wheel, scrollbars, the rail, and carrying a card to its place.

A drag knows where it is by the events of the mouse alone, which come only while the button is down; a clock runs only
while the mouse rests at an edge and there is something beyond it. Esc, another key, or letting go outside: nothing is
moved.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.timer import Timer

from opstui.ui.widgets.board_cursor import BoardCursor
from opstui.ui.widgets.drag import EDGE, Drag, Target, insertion, lifted, pointed
from opstui.ui.widgets.marking import Marking
from opstui.ui.widgets.paint import Line

LEFT, DOUBLE = 1, 2
"""The mouse button, and the clicks that open a card."""
PACE = 0.25
"""Seconds between two steps at an edge."""


class BoardMouse(BoardCursor, Marking):
    """A board with a mouse."""

    @dataclass
    class CardDropped(Message, namespace="board"):
        """A card was dragged to a lane, above the card `before`, or to the lane's end; and into a band, if any."""

        card: int
        stage: str
        before: int | None
        band: str | None = None

    @dataclass
    class CardDragged(Message, namespace="board"):
        """A card is on its way: let go now it would be dropped like this; with no stage it would stay where it is.

        With no card the way is over, and nothing was moved.
        """

        card: int | None
        stage: str = ""
        before: int | None = None
        band: str | None = None

    @dataclass
    class BandChosen(Message, namespace="board"):
        """The header of a band was clicked."""

        band: str

    _drag: Drag | None = None
    _held: int | None = None
    """The lane whose scrollbar is held."""
    _clock: Timer | None = None

    # ------------------------------------------------------------------------------------ where it is

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

    # ------------------------------------------------------------------------------------ clicks

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click puts the cursor on a card and may begin a drag; with ctrl it marks it, with shift all up to it."""
        self.cancel_drag()
        at = self._cell(event)
        place = self._place(at)
        if event.button != LEFT or place is None or self._rail(at):
            return
        if (band := self._band_at(place[0], at)) is not None:
            self.post_message(self.BandChosen(band))
        elif self._on_bar(place[0], at):
            self._held = place[0]
            self.capture_mouse()
            self._drag_bar(at)
        else:
            self._go(*place)
            card = self._card_at(place[0], at)
            if card is not None and (event.ctrl or event.shift):
                (self.mark_range if event.shift else self.toggle_mark)()
            elif card is not None:
                self._drag = Drag(card, place, at)
                self.capture_mouse()

    def on_click(self, event: events.Click) -> None:
        """A double click opens the card."""
        at = self._cell(event)
        lane = self._lane_under(at)
        if event.chain == DOUBLE and lane is not None and self._card_at(lane, at) is not None:
            self.open_cursor()

    def _rail(self, at: Offset) -> bool:
        """On the line that names the lanes out of sight, a click goes to the nearest of them."""
        g = self._geometry
        if not g.windowed or at.y >= g.head or self.view is None:
            return False
        after = self._first + len(g.spans)
        left = self._first and (at.x < g.width // 2 or after >= len(self.view.lanes))
        self.goto_lane(self.view.lanes[self._first - 1 if left else min(after, len(self.view.lanes) - 1)].stage.id)
        return True

    # ------------------------------------------------------------------------------------ scrolling

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
        self.drag_on()
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

    # ------------------------------------------------------------------------------------ carrying a card

    @property
    def carrying(self) -> bool:
        """Whether a card is on its way."""
        return self._drag is not None and self._drag.lifted

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """While the button is down: carry the card, or the scrollbar."""
        if self._held is not None:
            self._drag_bar(self._cell(event))
        elif self._drag is not None and self._drag.go(self._cell(event)):
            self.drag_on()
            self._watch_edges()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A card let go is dropped there; where that is no place, or its own, it stays."""
        drag, self._held = self._drag, None
        if drag is None or not drag.go(self._cell(event)):
            self._drag = None
            self.release_mouse()
            return
        self.drag_on()
        target = drag.target
        self._let_go()
        if target is None or self.view is None:
            self.post_message(self.CardDragged(None))
        else:
            stage = self.view.lanes[target.lane].stage.id
            self.post_message(self.CardDropped(drag.card, stage, target.before, target.band))

    def on_key(self, event: events.Key) -> None:
        """Esc gives up carrying and does nothing else; any other key gives it up and does what it does."""
        if self._drag is None:
            return
        if self.carrying and event.key == "escape":
            event.stop()
            event.prevent_default()
        self.cancel_drag()

    def on_mouse_release(self) -> None:
        """A dialog came, or the mouse is somebody else's."""
        self.cancel_drag()

    def cancel_drag(self) -> None:
        """Nothing is moved."""
        self._held = None
        if self._drag is not None:
            carried = self.carrying
            self._let_go()
            if carried:
                self.post_message(self.CardDragged(None))

    def _let_go(self) -> None:
        carried, self._drag = self.carrying, None
        self._rest()
        self.release_mouse()
        if carried:
            self._settle()
            self.redraw()

    def drag_on(self) -> None:
        """The mouse or the board moved: find out anew where the card would go."""
        drag = self._drag
        if drag is None or not drag.lifted or self.view is None:
            return
        home = self._home(drag)
        if home is None:
            self.cancel_drag()
            return
        old, drag.target = drag.target, self._target(home, drag.at)
        lanes = {home[0], *(target.lane for target in (old, drag.target) if target)}
        shown = range(self._first, self._first + len(self._geometry.spans))
        self.update_lines(range(self._geometry.head, self.size.height), [n - self._first for n in lanes if n in shown])
        if old != drag.target or old is None:
            self._tell_target(drag.card, drag.target)

    def _tell_target(self, card: int, target: Target | None) -> None:
        if target is None or self.view is None:
            self.post_message(self.CardDragged(card))
        else:
            self.post_message(self.CardDragged(card, self.view.lanes[target.lane].stage.id, target.before, target.band))

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

    # ------------------------------------------------------------------------------------ beyond the edges

    def _watch_edges(self) -> None:
        """Begin to scroll when the mouse rests at an edge."""
        if self._drag is None or self._towards(self._drag.at) == (0, 0):
            self._rest()
        elif self._clock is None:
            self._clock = self.set_interval(PACE, self._step)

    def _rest(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None

    def _towards(self, at: Offset) -> tuple[int, int]:
        """Lanes to the right and cards down (left and up when negative) that lie beyond the edge under the mouse."""
        g = self._geometry
        if not (0 <= at.x < g.width and 0 <= at.y < g.height):
            return 0, 0
        across = ((at.x >= g.width - EDGE) - (at.x < EDGE)) if g.windowed else 0
        return across, (at.y == g.height - 1) - (at.y < g.body)

    def _step(self) -> None:
        """One lane, one card; the clock stands still when there are no more."""
        if self._drag is None or self.view is None:
            self._rest()
            return
        across, down = self._towards(self._drag.at)
        first = max(0, min(self._first + across, len(self.view.lanes) - len(self._geometry.spans)))
        moved, self._first = first != self._first, first
        if moved:
            self.redraw()
        if down:
            moved = self._wheel(self._drag.at, down) or moved
        if moved:
            self.drag_on()
        else:
            self._rest()

    def _settle(self) -> bool:
        """While a card is carried the window of lanes stays where the mouse has brought it."""
        first = self._first
        moved = super()._settle()
        if not self.carrying or self.view is None:
            return moved
        self._first = max(0, min(first, len(self.view.lanes) - len(self._geometry.spans)))
        return self._first != first

    # ------------------------------------------------------------------------------------ what of it is seen

    def marked(self, y: int, lane: int, width: int, line: Line) -> Line:
        """A line of a lane as it is drawn, with the place where the carried card would go."""
        target = self._drag.target if self._drag is not None and self._drag.lifted else None
        if target is None or target.lane != lane:
            return line
        if y == target.line:
            return insertion(width, self.ink)
        return pointed(line, self.ink) if y == self._geometry.head else line

    def as_carried(self, card: int, face: list[Line]) -> list[Line]:
        """A card's face, lifted if it is the one that is carried."""
        return lifted(face, self.ink) if self.carrying and self._drag and card == self._drag.card else face
