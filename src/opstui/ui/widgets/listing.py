"""One widget draws every list of rows: work, search results, saved filters, and whatever else is chosen from a list.

It draws the lines on screen and no others, as the board does; the cursor is a bar and one column in the accent colour,
so that a key sends two lines' beginnings. It is shown sections of keys and asks for the entry of a key when its line
comes into sight. Only the first line of a row has the bar: a second one would cost bytes and say nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from opstui.ui.glyphs import MARKS
from opstui.ui.widgets.entries import Column, Entry, Lines, Section, draw_below, draw_entry, draw_heading
from opstui.ui.widgets.lanes import thumb
from opstui.ui.widgets.paint import Line, Painted, row

KEPT = 1000
"""Entries remembered."""
MARGIN = 2
"""Cells for the bar at the left edge and the scrollbar at the right one."""
DOUBLE = 2


class Listing(Painted, can_focus=True):
    """Rows under headings with a cursor. `show` it sections; it posts `Pointed` and `Chosen` with the key of a row.

    With the focus elsewhere (a line in which a search is typed), call `move`, `page` and `choose`. `ground` is the
    theme's token of its background, `rows` how many lines each entry takes: one or two.
    """

    DEFAULT_CSS = "Listing { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "end_of(0)", show=False),
        Binding("end", "end_of(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    @dataclass
    class Pointed(Message):
        """The cursor stands on another row (None: there is none)."""

        key: Hashable

    @dataclass
    class Chosen(Message):
        """A row was taken: enter, or a double click."""

        key: Hashable

    def __init__(
        self,
        entry_of: Callable[[Hashable], Entry],
        columns: Sequence[Column] = (Column(lead=True),),
        *,
        rows: int = 1,
        ground: str = "panel",
        empty: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """An empty list; `empty` is what it says while there is nothing in it."""
        super().__init__(id=id)
        self._entry_of, self.columns, self.ground, self.empty = entry_of, tuple(columns), ground, empty
        self._rows, self._lines = rows, Lines((), rows)
        self._entries: dict[Hashable, Entry] = {}
        self.cursor = 0
        self._top = 0

    # ------------------------------------------------------------------ what is shown

    def show(self, sections: Sequence[Section], *, empty: str | None = None) -> None:
        """Other rows. The cursor stays on its key; when that is gone, near where it was."""
        before = self.key
        self._lines = Lines(sections, self._rows)
        self._entries.clear()
        self.empty = self.empty if empty is None else empty
        stays = self._lines.index(before) if before is not None else None
        self.cursor = max(0, min(self.cursor if stays is None else stays, self.count - 1))
        self._see_cursor()
        self.update_lines(range(self.size.height))
        if self.key != before:
            self.post_message(self.Pointed(self.key))

    def goto(self, key: Hashable) -> bool:
        """Put the cursor on a key; whether it is there."""
        index = self._lines.index(key)
        if index is not None:
            self._go(index)
        return index is not None

    def to_top(self) -> None:
        """The cursor on the first row: for results of another search."""
        self._go(0)

    def forget(self) -> None:
        """Ask for every entry anew."""
        self._entries.clear()
        self.update_lines(range(self.size.height))

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._lines.count

    @property
    def key(self) -> Hashable:
        """The key of the row under the cursor; None when there is none."""
        return self._lines.key(self.cursor) if 0 <= self.cursor < self.count else None

    def get_content_height(self, *_sizes: object) -> int:
        """Everything, where there is room: for lists of `height: auto`."""
        return max(1, self._lines.height)

    def resized(self) -> None:
        """The cursor stays in sight."""
        self._see_cursor()

    # ------------------------------------------------------------------ the cursor

    def move(self, by: int) -> None:
        """The cursor so many rows on; at an end it stays."""
        self._go(self.cursor + by)

    def page(self, pages: int) -> None:
        """The cursor a screenful on."""
        self._go(self.cursor + pages * max(1, self.size.height // self._rows - 1))

    def choose(self) -> None:
        """Take the row under the cursor."""
        if self.key is not None:
            self.post_message(self.Chosen(self.key))

    def action_move(self, by: int) -> None:
        """A key."""
        self.move(by)

    def action_page(self, pages: int) -> None:
        """A key."""
        self.page(pages)

    def action_end_of(self, last: int) -> None:
        """To the first or the last row."""
        self._go(self.count - 1 if last else 0)

    def action_choose(self) -> None:
        """A key."""
        self.choose()

    def _go(self, to: int) -> None:
        to = max(0, min(to, self.count - 1))
        if to == self.cursor or not self.count:
            return
        before, top, self.cursor = self.cursor, self._top, to
        self._see_cursor()
        lines = list(range(self.size.height))
        if top == self._top:
            lines = [self._lines.line_of(index) - top for index in (before, to)]
        self.update_lines(lines)
        self.post_message(self.Pointed(self.key))

    def _see_cursor(self) -> None:
        """Scroll as little as shows the cursor's row; half a screen where it left it, so that few keys resend all."""
        height = self.size.height
        last = max(0, self._lines.height - height)
        self._top = max(0, min(self._top, last))
        if not self.count or not height:
            return
        first, end = self._lines.top_of(self.cursor), self._lines.line_of(self.cursor) + self._rows
        if first < self._top or end > self._top + height:
            self._top = max(0, min(first - height // 2, last, first))

    # ------------------------------------------------------------------ drawing

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """One line of the list."""
        width, room = self.size.width, max(0, self.size.width - MARGIN)
        blank = self.ink("ink", self.ground)
        if not self.count and y == 0 and self.empty:
            return [Segment(" ", blank), *row([(self.empty, self.ink("muted", self.ground))], [], width - 1, blank)]
        place = self._lines.at(self._top + y)
        if place is None or place[1] == -2:  # noqa: PLR2004 - the blank above a heading
            return [Segment(" " * (width - 1), blank), self._thumb(y)] if width else []
        section, index, line = place
        here = index == self.cursor
        bar = Segment(MARKS["cursor"], self.ink("accent", self.ground)) if here and not line else Segment(" ", blank)
        return [bar, *self._words(section, index, line, room, here=here), self._thumb(y)]

    def _words(self, section: int, index: int, line: int, room: int, *, here: bool) -> Line:
        if index < 0:
            return draw_heading(self._lines.sections[section], room, self.ink, self.ground)
        entry = self._entry(self._lines.key(index))
        if line:
            return draw_below(entry, room, self.ink, self.ground)
        return draw_entry(entry, self.columns, room, self.ink, self.ground, cursor=here)

    def _entry(self, key: Hashable) -> Entry:
        found = self._entries.get(key)
        if found is None:
            if len(self._entries) > KEPT:
                self._entries.clear()
            found = self._entries[key] = self._entry_of(key)
        return found

    def _thumb(self, y: int) -> Segment:
        height = self.size.height
        on = y in thumb(self._top, height, self._lines.height, height)
        return Segment(MARKS["thumb"] if on else " ", self.ink("faint", self.ground))

    # ------------------------------------------------------------------ the mouse

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; the second takes the row."""
        place = self._lines.at(self._top + event.y)
        if place is None or place[1] < 0:
            return
        self._go(place[1])
        if event.chain == DOUBLE:
            self.choose()

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.move(-1)
