"""A short list to choose from: one of it, or as many as one likes. A letter beside each is all it takes.

It stands in the corner, so that the board it is about stays in sight, and draws its own lines: opening it costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells
from opstui.ui.screens.answer import Answer
from opstui.ui.widgets.paint import Line, Painted, Part, row

GROUND = "card"
RESERVED = "jkq"
"""Letters that move and leave."""
SPARE = "abcdefghilmnoprstuvwxyz0123456789"
AROUND = 3
"""Lines above and below the list."""
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


class Chosen(Struct, frozen=True):
    """What was chosen: one id, or all that are on. `capital`: its letter was struck as a capital."""

    ids: tuple[str, ...]
    capital: bool = False


class Chooser(Answer[Chosen | None]):
    """Gives what was chosen; None when the person left it."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", _("back")),
        Binding("enter", "take", _("choose")),
        Binding("space", "press", show=False),
        Binding("j,down", "go(1)", show=False),
        Binding("k,up", "go(-1)", show=False),
        Binding("home", "go(-99)", show=False),
        Binding("end", "go(99)", show=False),
    ]
    DEFAULT_CSS = """
    Chooser { align: right top; background: transparent;
        & > .sheet { width: 46; max-width: 100%; height: auto; max-height: 100%; margin-top: 1; background: $panel; }
        &.-wide > .sheet { border: round $thumb; }
        & .title, & .keys { padding: 0 1; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys { color: $muted; text-style: none; }
        & OptionList { max-height: 1fr; }
    }
    """

    def __init__(
        self, title: str, options: Sequence[Option], *, many: bool = False, capital: str = "", cursor: str = ""
    ) -> None:
        """`many` can be chosen, or one, beginning at `cursor`.

        `capital` says what a capital letter does; empty: the same as a small one.
        """
        super().__init__()
        self._title, self._many, self._capital = title, many, capital
        self._list = OptionList(options, cursor)

    def compose(self) -> ComposeResult:
        """Title, lines, keys."""
        with Vertical(classes="sheet"):
            yield Static(Content(self._title), classes="title")
            yield self._list
            yield Static(Content(self._keys), classes="keys")

    def on_resize(self, event: events.Resize) -> None:
        """Title and keys stay on the screen; the list scrolls between them."""
        self._list.styles.max_height = max(1, event.size.height - AROUND - 2 * self.framed)

    @property
    def _keys(self) -> str:
        if self._many:
            return _("space on or off   enter keep   esc back")
        if self._capital:
            return _("capital letter: {does}   esc back").format(does=self._capital)
        return _("letter or enter chooses   esc back")

    def on_key(self, event: events.Key) -> None:
        """A letter takes its line; keys that mean nothing here go nowhere."""
        if not event.is_printable or event.character is None:
            return
        letter = event.character
        found = self._list.letters.index(letter.lower()) if letter.lower() in self._list.letters else -1
        if found >= 0 and self._list.options[found].id:
            event.stop()
            event.prevent_default()
            self._list.go(found)
            self._press(capital=bool(self._capital) and letter.isupper())

    def on_click(self, event: events.Click) -> None:
        """A click beside the list leaves it."""
        if event.widget is self:
            self.action_back()

    def on_option_list_pressed(self, event: OptionList.Pressed) -> None:
        """A click chooses."""
        if not (self._many and event.twice):
            self._press()

    def _press(self, *, capital: bool = False) -> None:
        if self._many:
            self._list.toggle()
        else:
            self.give(Chosen((self._list.option.id,), capital))

    def action_press(self) -> None:
        """Space."""
        self._press()

    def action_take(self) -> None:
        """Enter: this one, or those that are on."""
        if self._many:
            self.give(Chosen(tuple(o.id for o in self._list.options if o.id and o.on)))
        else:
            self._press()

    def action_back(self) -> None:
        """Nothing is chosen."""
        self.give(None)

    def action_go(self, by: int) -> None:
        """Move the cursor."""
        self._list.go(self._list.cursor + by, 1 if by > 0 else -1)
