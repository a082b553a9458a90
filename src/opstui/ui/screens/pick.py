"""Choosing one of a few things that need a word of explanation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.screens.answer import Answer
from opstui.ui.widgets.menu import Item, Menu


class Picker(Answer[str]):
    """Gives the id of the entry that was chosen; empty when none was."""

    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", _("back"))]
    DEFAULT_CSS = """
    Picker { align: center middle; background: transparent;
        & > .sheet { width: 96; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1; }
        & > .sheet.-low { padding: 0; }
        & .title { text-style: bold; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & .note { color: $muted; padding: 0 1; height: auto; }
        & .keys { color: $muted; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & Menu { max-height: 1fr; margin: 1 0; }
        & .-low Menu { margin: 0; }
    }
    """

    def __init__(self, title: str, items: Sequence[Item], note: str = "", cursor: str = "") -> None:
        """Of these; `note` stands under the title."""
        super().__init__()
        self._title, self._note = title, note
        self._menu = Menu(items, self.give, cursor)

    def compose(self) -> ComposeResult:
        """Title, entries, keys."""
        with Vertical(classes="sheet"):
            yield Static(Content(self._title), classes="title")
            if self._note:
                yield Static(Content(self._note), classes="note")
            yield self._menu
            yield Static(Content(_("j k move   enter choose   esc back")), classes="keys")

    def on_resize(self) -> None:
        """No air where there is no room for it."""
        sheet = self.query_one(".sheet")
        wanted = self._menu.get_content_height(self.size, self.size, min(94, self.size.width - 2)) + 6
        sheet.set_class(self.size.height < wanted, "-low")

    def action_back(self) -> None:
        """None of them."""
        self.give("")


__all__ = ["Item", "Picker"]
