"""A short list of options, each with a letter of its own: one of them is chosen, or as many as one likes.

It draws its own lines: opening it costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.message import Message

from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells
from opstui.ui.widgets.paint import Line, Painted, Part, row

GROUND = "card"
RESERVED = "jkq"
"""Letters that move and leave."""
SPARE = "abcdefghilmnoprstuvwxyz0123456789"
WIDEST_LABEL = 18
DOUBLE = 2


class Option(Struct, frozen=True):
    """A line of the list. Without an id it is the title of those below it.

    `on` marks what is chosen now. Where many can be chosen, of those with the same `group` only one can. `tone` is the
    note's colour.
    """

    id: str
    label: str
    note: str = ""
    tone: str = "faint"
    on: bool = False
    group: str = ""
    letter: str = ""
    """The letter it would like to have."""


def letters(options: Iterable[Option]) -> list[str]:
    """A letter for each option, if possible one of its label's; "" when they have run out, and for titles."""
    taken = set(RESERVED)
    found = []
    for option in options:
        wanted = [letter for letter in option.letter + option.label.lower() if letter.isalnum() and letter.isascii()]
        letter = next((x for x in (*wanted, *SPARE) if x not in taken), "") if option.id else ""
        taken.add(letter)
        found.append(letter)
    return found


class OptionList(Painted, can_focus=True):
    """The lines, with a cursor."""

    DEFAULT_CSS = "OptionList { width: 1fr; height: auto; }"

    @dataclass
    class Pressed(Message):
        """A line was clicked; twice, or once."""

        twice: bool

    def __init__(self, options: Sequence[Option], cursor: str = "") -> None:
        """Begin at the option with the id `cursor`, else at what is chosen now."""
        super().__init__()
        self.options = list(options)
        self.letters = letters(options)
        self._label = min(WIDEST_LABEL, max((cells(o.label) for o in options if o.id), default=0))
        first = next((n for n, o in enumerate(options) if o.id), 0)
        chosen = next((n for n, o in enumerate(options) if o.on and not o.group), first)
        self.cursor = next((n for n, o in enumerate(options) if cursor and o.id == cursor), chosen)

    @property
    def option(self) -> Option:
        """What the cursor is on."""
        return self.options[self.cursor]

    def get_content_height(self, *_sizes: object) -> int:
        """All of them, where there is room."""
        return len(self.options)

    def go(self, to: int, step: int = 1) -> None:
        """Put the cursor on a line, past titles; beyond an end it stays there."""
        to = max(0, min(len(self.options) - 1, to))
        onward, back = (range(to, len(self.options)), range(to, -1, -1))[::step]
        to = next((n for n in (*onward, *back) if self.options[n].id), self.cursor)
        if to != self.cursor:
            first = self._first
            old, self.cursor = self.cursor, to
            self.update_lines(range(self.size.height) if first != self._first else (old - first, to - first))

    def toggle(self) -> None:
        """Choose it, or do not any more; of a group one stays chosen."""
        here = self.option
        self.options = [replace(option, on=_after(option, here)) if option.id else option for option in self.options]
        self.update_lines(range(self.size.height))

    @property
    def _first(self) -> int:
        shown = max(1, self.size.height)
        return max(0, min(self.cursor - shown // 2, len(self.options) - shown))

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """One line: cursor, what is chosen, letter, label, note."""
        n, width, ground = self._first + y, self.size.width, self.ink("ink", GROUND)
        if n >= len(self.options):
            return [Segment(" " * width, ground)]
        option, here = self.options[n], n == self.cursor
        if not option.id:
            return row([(f" {option.label}", self.ink("muted", GROUND))], [], width, ground)
        on = (MARKS["mine"] if option.group else MARKS["marked"]) if option.on else " "
        left: list[Part] = [
            (MARKS["cursor"] if here else " ", self.ink("accent", GROUND)),
            (f"{on} ", self.ink("accent", GROUND)),
            (f"{self.letters[n]:1}  ", self.ink("accent", GROUND)),
            (option.label, self.ink("accent" if here else "ink", GROUND, bold=here)),
        ]
        gap = " " * max(2, self._label + 2 - cells(option.label)) if option.note else ""
        return row([*left, (f"{gap}{option.note}", self.ink(option.tone, GROUND))], [], width, ground)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there and chooses it."""
        n = self._first + event.y
        if n < len(self.options) and self.options[n].id:
            self.go(n)
            self.post_message(self.Pressed(event.chain == DOUBLE))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.go(self.cursor + 1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.go(self.cursor - 1, -1)


def _after(option: Option, here: Option) -> bool:
    """Whether an option is chosen once `here` was pressed."""
    if option.id == here.id:
        return bool(here.group) or not option.on
    return option.on and not (here.group and option.group == here.group)
