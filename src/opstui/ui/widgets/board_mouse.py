"""What the buttons of the mouse do on a board: click, double click, the rail, and taking a card or a scrollbar along.

A drag knows where it is by the events of the mouse alone, which come only while the button is down. Esc, another key,
or letting go outside: nothing is moved.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Offset
from textual.message import Message

from opstui.ui.widgets.board_carry import BoardCarry
from opstui.ui.widgets.drag import Drag
from opstui.ui.widgets.marking import Marking

LEFT, DOUBLE = 1, 2
"""The mouse button, and the clicks that open a card."""


class BoardMouse(BoardCarry, Marking):
    """A board with a mouse."""

    @dataclass
    class BandChosen(Message, namespace="board"):
        """The header of a band was clicked."""

        band: str

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
