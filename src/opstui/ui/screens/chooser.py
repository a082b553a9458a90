"""A short list to choose from: one of it, or as many as one likes. A letter beside each is all it takes.

It stands in the corner, so that the board it is about stays in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.option_list import Option, OptionList

AROUND = 3
"""Lines above and below the list."""


class Chosen(Struct, frozen=True):
    """What was chosen: one id, or all that are on. `capital`: its letter was struck as a capital."""

    ids: tuple[str, ...]
    capital: bool = False


class Chooser(Dialog[Chosen | None]):
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
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012 - declared so by Textual
    """It is narrow, so that the board is seen beside it sooner than beside others."""
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
            self.dismiss(Chosen((self._list.option.id,), capital))

    def action_press(self) -> None:
        """Space."""
        self._press()

    def action_take(self) -> None:
        """Enter: this one, or those that are on."""
        if self._many:
            self.dismiss(Chosen(tuple(o.id for o in self._list.options if o.id and o.on)))
        else:
            self._press()

    def action_back(self) -> None:
        """Nothing is chosen."""
        self.dismiss(None)

    def action_go(self, by: int) -> None:
        """Move the cursor."""
        self._list.go(self._list.cursor + by, 1 if by > 0 else -1)
