"""A list of any length with a cursor: only the rows on screen are asked for, so 100,000 cost what thirty do.

Textual's own lists hold an option per row. Here a function says what row `n` reads, left and right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink
from opstui.ui.widgets.lanes import scroll, thumb
from opstui.ui.widgets.paint import Line, Painted, Part, row

GROUND = "panel"
DOUBLE = 2
Reads = Callable[[int, Ink, bool], tuple[list[Part], list[Part]]]
"""(row, ink, whether the cursor is there) -> its parts on the left, and on the right."""


class LongList(Painted, can_focus=True):
    """Rows with a cursor; `show` says how many there are. The screen acts on `cursor`, and on `Taken`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "go(1)", show=False),
        Binding("k,up", "go(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
    ]
    DEFAULT_CSS = "LongList { width: 1fr; height: 1fr; }"

    class Taken(Message):
        """The row under the cursor was clicked twice."""

    class Pointed(Message):
        """The cursor stands on another row."""

    def __init__(self, reads: Reads, empty: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own
        """Nothing to show yet; `empty` is said then."""
        super().__init__(id=id)
        self._reads, self.empty = reads, empty
        self.count, self.cursor, self._offset = 0, 0, 0

    def show(self, count: int, cursor: int = 0) -> None:
        """So many rows from now on, all read anew."""
        self.count, self.cursor = count, max(0, min(cursor, count - 1))
        self.post_message(self.Pointed())
        self._offset = scroll(self._offset, max(1, self.size.height), count, self.cursor)
        self.redraw()

    def again(self) -> None:
        """Rows may read differently; only what differs is sent."""
        self.update_lines(range(self.size.height))

    def go(self, to: int) -> None:
        """Put the cursor on a row; beyond an end it stays there."""
        to, before = max(0, min(to, self.count - 1)), self.cursor
        if to == before:
            return
        self.post_message(self.Pointed())
        self.cursor, offset = to, self._offset
        self._offset = scroll(offset, max(1, self.size.height), self.count, to)
        self.update_lines(
            range(self.size.height) if offset != self._offset else (before - offset, to - offset),
        )

    def action_go(self, by: int) -> None:
        """Rows down, or up when negative."""
        self.go(self.cursor + by)

    def action_page(self, by: int) -> None:
        """A page down or up."""
        self.go(self.cursor + by * max(1, self.size.height - 1))

    def action_edge(self, last: int) -> None:
        """To the first row, or the last."""
        self.go(last * (self.count - 1))

    def resized(self) -> None:
        """Keep the cursor in sight."""
        self._offset = scroll(self._offset, max(1, self.size.height), self.count, self.cursor)

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """One row, or what is said of an empty list."""
        ink, width, n = self.ink, self.size.width, self._offset + y
        ground = ink("ink", GROUND)
        if n >= self.count:
            text = self.empty if not self.count and y == 0 else ""
            return row([(f"  {text}", ink("faint", GROUND))], [], width, ground)
        here = n == self.cursor
        bar = Segment(MARKS["cursor"] if here else " ", ink("accent", GROUND))
        covered = y in thumb(self._offset, self.size.height, self.count, self.size.height)
        left, right = self._reads(n, ink, here)
        end = Segment(f" {MARKS['thumb'] if covered else ' '}", ink("thumb", GROUND))
        return [bar, *row(left, right, max(0, width - 3), ground, drop=False), end]

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; the second takes the row."""
        at = self._offset + event.y
        if at < self.count:
            self.go(at)
            if event.chain == DOUBLE:
                self.post_message(self.Taken())

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.go(self.cursor + 3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.go(self.cursor - 3)
