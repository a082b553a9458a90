"""A short list to choose from: each entry is named, and says what it is. All of it is drawn on lines of our own.

Where the widest explanation fits beside the names an entry is one line, else it is explained below its name. A letter
takes its entry at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size

from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells
from opstui.ui.widgets.paint import Line, Painted, Part, row

if TYPE_CHECKING:
    from textual.events import Click, Key

NAMES = 30
"""Cells that names may take where explanations stand beside them."""
DOUBLE = 2
FAR = 999


class Item(Struct, frozen=True):
    """An entry. `key` takes it at once; one that stands `apart` has an empty line above it."""

    id: str
    title: str
    about: str = ""
    key: str = ""
    apart: bool = False


class Menu(Painted, can_focus=True):
    """Entries with a cursor; enter, the entry's key or a double click takes one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "go(1)", show=False),
        Binding("k,up", "go(-1)", show=False),
        Binding("home,pageup", f"go(-{FAR})", show=False),
        Binding("end,pagedown", f"go({FAR})", show=False),
        Binding("enter", "take", show=False),
    ]
    DEFAULT_CSS = "Menu { width: 1fr; height: auto; }"

    def __init__(
        self, items: Sequence[Item], taken: Callable[[str], object], cursor: str = "", ground: str = "panel"
    ) -> None:
        """Begin at the entry with the id `cursor`, or at the first; `ground` is what it stands on.

        `taken` is called with the id that was chosen, before any other key means anything.
        """
        super().__init__()
        self._taken = taken
        self.items, self._ground = tuple(items), ground
        self.cursor = next((n for n, item in enumerate(self.items) if item.id == cursor), 0)
        self._top = 0

    @property
    def item(self) -> Item:
        """The entry under the cursor."""
        return self.items[self.cursor]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's shape
        """All of them, where there is room."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[tuple[int, int]]:
        """(entry, its line) of every line; entry -1 is an empty line."""
        beside = self._beside(width)
        lines: list[tuple[int, int]] = []
        for n, item in enumerate(self.items):
            lines += [(-1, 0)] if item.apart and lines else []
            lines += [(n, line) for line in range(1 if beside else 1 + len(self._wrapped(item, width)))]
        return lines

    def _wrapped(self, item: Item, width: int) -> list[str]:
        """What an entry says of itself, on the lines below its name."""
        return wrap(item.about, max(8, width - self._before - 1))

    def _beside(self, width: int) -> int:
        """The cells for the names where explanations stand beside them; 0 where there is no room for that."""
        names = max((cells(item.title) for item in self.items), default=0)
        about = max((cells(item.about) for item in self.items), default=0)
        return names if names <= NAMES and self._before + names + 2 + about + 1 <= width else 0

    @property
    def _before(self) -> int:
        """Cells before a name: the cursor's bar and the keys."""
        return self._keys + 4 if self._keys else 2

    @property
    def _keys(self) -> int:
        return max((cells(item.key) for item in self.items), default=0)

    def _first(self, lines: list[tuple[int, int]]) -> int:
        """The first line on show: as far down as it takes to see all of the entry under the cursor."""
        own = [y for y, (n, _line) in enumerate(lines) if n == self.cursor]
        height = max(1, self.size.height)
        if own:
            self._top = min(max(self._top, own[-1] - height + 1), own[0])
        self._top = max(0, min(self._top, len(lines) - height))
        return self._top

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """A line of an entry."""
        width, ink, ground = self.size.width, self.ink, self._ground
        lines = self._lines(width)
        at = self._first(lines) + y
        n, line = lines[at] if at < len(lines) else (-1, 0)
        blank = ink("ink", ground)
        if n < 0:
            return [Segment(" " * width, blank)]
        item, here, names = self.items[n], n == self.cursor, self._beside(width)
        bar: Part = (MARKS["cursor"] if here else " ", ink("accent", ground))
        key = f" {item.key if not line else '':<{self._keys}}  " if self._keys else " "
        words: list[Part] = [(key, ink("accent", ground))]
        if line:
            words.append((self._wrapped(item, width)[line - 1], ink("muted", ground)))
        else:
            pad = " " * max(0, names - cells(item.title))
            words.append((item.title, ink("accent" if here else "ink", ground, bold=True)))
            words += [(f"{pad}  {item.about}", ink("muted", ground))] if names and item.about else []
        return [Segment(*bar), *row(words, [], max(0, width - 1), blank)]

    def action_go(self, by: int) -> None:
        """Move the cursor; beyond an end it stays there."""
        to = max(0, min(len(self.items) - 1, self.cursor + by))
        if to != self.cursor:
            self.cursor = to
            self.update_lines(range(self.size.height))

    def action_take(self) -> None:
        """Choose the entry under the cursor."""
        self._taken(self.item.id)

    def on_key(self, event: Key) -> None:
        """The key of an entry."""
        found = next((n for n, item in enumerate(self.items) if item.key and item.key == event.character), None)
        if found is not None and self.screen.is_current:
            event.stop()
            self.action_go(found - self.cursor)
            self.action_take()

    def on_click(self, event: Click) -> None:
        """A click puts the cursor there; the second takes it."""
        lines = self._lines(self.size.width)
        at = self._first(lines) + event.y
        if at < len(lines) and lines[at][0] >= 0:
            self.action_go(lines[at][0] - self.cursor)
            if event.chain == DOUBLE:
                self.action_take()

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.action_go(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.action_go(-1)
