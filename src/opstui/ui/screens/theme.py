"""Choosing a theme: the console wears the one under the cursor at once; enter keeps it, esc puts the old one back.

Each row is drawn in its theme's own colours, so that all of them are seen before any is put on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.theme import Theme
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink
from opstui.ui.screens.dialog import Dialog
from opstui.ui.themes import Loaded
from opstui.ui.widgets.paint import Line, Painted, Part, row

ROWS = 2
"""Lines of a theme: its name with its series, and what it is like."""
SERIES = 6
DOUBLE = 2
GROUND = "card"


class ThemeList(Painted, can_focus=True):
    """The themes, two lines each, with a cursor."""

    DEFAULT_CSS = "ThemeList { width: 1fr; height: auto; }"

    @dataclass
    class Pointed(Message):
        """The cursor stands on a theme."""

        name: str

    class Taken(Message):
        """The theme under the cursor was clicked twice."""

    def __init__(self, loaded: Loaded, worn: str) -> None:
        """Begin at the theme that is worn."""
        super().__init__()
        self._themes, self._about = loaded.themes, loaded.about
        self._inks = [Ink(theme) for theme in loaded.themes]
        names = [theme.name for theme in loaded.themes]
        self._worn = worn
        self.cursor = names.index(worn) if worn in names else 0

    @property
    def theme(self) -> Theme:
        """The theme under the cursor."""
        return self._themes[self.cursor]

    def get_content_height(self, *_sizes: object) -> int:
        """All of them, where there is room."""
        return ROWS * len(self._themes)

    def go(self, to: int) -> None:
        """Put the cursor on a theme; beyond an end it stays there."""
        to = max(0, min(len(self._themes) - 1, to))
        if to != self.cursor:
            self.cursor = to
            self.redraw()
            self.post_message(self.Pointed(self.theme.name))

    @property
    def _first(self) -> int:
        """The first theme on show, where there is no room for all."""
        shown = max(1, self.size.height // ROWS)
        return max(0, min(self.cursor - shown // 2, len(self._themes) - shown))

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """A line of a theme, in its own colours; without colour there is nothing to tell of them but words."""
        n, line = self._first + y // ROWS, y % ROWS
        if n >= len(self._themes):
            return [Segment(" " * self.size.width, self.ink("ink", "panel"))]
        theme, here = self._themes[n], n == self.cursor
        ink = self.ink if self.app.no_color else self._inks[n]
        bar: Part = (MARKS["cursor"] if here else " ", ink("accent", GROUND))
        width = max(0, self.size.width - 2)
        if line:
            words = row([(self._about.get(theme.name, ""), ink("muted", GROUND))], [], width, ink("ink", GROUND))
        else:
            worn = MARKS["mine"] if theme.name == self._worn else " "
            name = (theme.name, ink("accent" if here else "ink", GROUND, bold=True))
            shown = range(1, 1 if self.app.no_color else SERIES + 1)
            series = [(MARKS["swatch"], ink(f"series-{i}", GROUND)) for i in shown]
            words = row([name], [*series, (f" {worn}", ink("accent", GROUND))], width, ink("ink", GROUND))
        return [Segment(*bar), *words, Segment(" ", ink("ink", GROUND))]

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; the second takes the theme."""
        self.go(self._first + event.y // ROWS)
        if event.chain == DOUBLE:
            self.post_message(self.Taken())

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.go(self.cursor + 1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.go(self.cursor - 1)


class ThemeChooser(Dialog[str]):
    """Gives the name of the theme that is to stay; empty when the old one came back."""

    AUTO_FOCUS = "ThemeList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "give_up", _("back")),
        Binding("enter", "take", _("keep")),
        Binding("j,down", "go(1)", show=False),
        Binding("k,up", "go(-1)", show=False),
        Binding("home", "go(-99)", show=False),
        Binding("end", "go(99)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012 - declared so by Textual
    """It is narrow, so that the board is seen beside it sooner than beside others."""
    DEFAULT_CSS = """
    ThemeChooser { align: right top; background: transparent;
        & > .sheet { width: 42; max-width: 100%; height: auto; max-height: 100%; margin-top: 1; background: $panel; }
        &.-wide > .sheet { border: round $thumb; }
        & .title, & .keys { padding: 0 1; height: 1; text-style: bold; }
        & .keys { color: $muted; text-style: none; dock: bottom; }
        & .wrong { padding: 0 1; height: auto; max-height: 6; color: $warn; scrollbar-size-vertical: 1; }
        & ThemeList { max-height: 1fr; }
    }
    """

    def __init__(self, loaded: Loaded, worn: str) -> None:
        """The themes there are, and the one that is worn."""
        super().__init__()
        self._before, self._warnings = worn, loaded.warnings
        self._list = ThemeList(loaded, worn)

    def compose(self) -> ComposeResult:
        """Title, themes, what is wrong with others (in full: the hint line has room for a part), keys."""
        with Vertical(classes="sheet"):
            yield Static(Content(_("Theme")), classes="title")
            yield self._list
            if self._warnings:
                with VerticalScroll(classes="wrong", can_focus=False):
                    yield Static(Content("\n".join(self._warnings)))
            yield Static(Content(_("j k try   enter keep   esc back")), classes="keys")

    def on_theme_list_pointed(self, event: ThemeList.Pointed) -> None:
        """Wear it, to be looked at."""
        self.app.theme = event.name

    def on_theme_list_taken(self) -> None:
        """A double click."""
        self.action_take()

    def action_page(self, by: int) -> None:
        """Read on in what is wrong."""
        for wrong in self.query(".wrong"):
            wrong.scroll_relative(y=by * wrong.size.height, animate=False)

    def action_go(self, by: int) -> None:
        """Move the cursor."""
        self._list.go(self._list.cursor + by)

    def action_take(self) -> None:
        """This one stays."""
        self.dismiss(self._list.theme.name)

    def action_give_up(self) -> None:
        """The one from before."""
        self.app.theme = self._before
        self.dismiss("")
