"""Carrying a card over a board with the mouse: it is lifted, shown where it would go, and let go there or given up.

A clock runs only while the mouse rests at an edge and there is something beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.geometry import Offset
from textual.message import Message
from textual.timer import Timer

from opstui.ui.widgets.board_target import BoardTarget
from opstui.ui.widgets.drag import EDGE, Target, insertion, lifted, pointed
from opstui.ui.widgets.paint import Line

PACE = 0.25
"""Seconds between two steps at an edge."""


class BoardCarry(BoardTarget):
    """A board on which a card can be on its way."""

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

    _clock: Timer | None = None

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

    # ------------------------------------------------------------------------------------ beyond the edges

    def _wheel(self, at: Offset, cards: int) -> bool:
        """What goes away under a carried card is another place for it."""
        moved = super()._wheel(at, cards)
        if moved:
            self.drag_on()
        return moved

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
