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
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.menu import Item, Menu

WIDTH, AIR, ENTRIES = 96, 4, 3
"""Cells of the sheet; its empty lines; the lines that entries need at least before a note has room."""


class Picker(Dialog[str]):
    """Gives the id of the entry that was chosen; empty when none was."""

    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", _("back"))]
    DEFAULT_CSS = """
    Picker { align: center middle; background: transparent;
        & > .sheet { width: 96; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1; }
        & > .sheet.-low { padding: 0; }
        &.-wide > .sheet.-airy { padding: 0; }
        & .title { text-style: bold; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & .note { color: $muted; padding: 0 1; height: auto; }
        & .keys { color: $muted; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & Menu { margin: 1 0; }
        & .-low Menu { margin: 0; }
    }
    """

    def __init__(self, title: str, items: Sequence[Item], note: str = "", cursor: str = "") -> None:
        """Of these; `note` stands under the title."""
        super().__init__()
        self._title, self._note = title, note
        self._menu = Menu(items, self.dismiss, cursor)

    def compose(self) -> ComposeResult:
        """Title, entries, keys."""
        with Vertical(classes="sheet"):
            yield Static(Content(self._title), classes="title")
            if self._note:
                yield Static(Content(self._note), classes="note")
            yield self._menu
            yield Static(Content(_("j k move   enter choose   esc back")), classes="keys")

    def on_resize(self) -> None:
        """Title, entries and keys are always there; the note and the air where there is room for them."""
        width, height = min(WIDTH, self.size.width) - 2, self.size.height
        note = len(Content(self._note).wrap(max(1, width - 2))) if self._note else 0
        entries = self._menu.get_content_height(self.size, self.size, width)
        low, bare = height < entries + note + AIR + 2, height < note + 2 + ENTRIES
        self.query_one(".sheet").set_class(low, "-low").set_class(not low, "-airy")
        for shown in self.query(".note"):
            shown.display = not bare
        self._menu.styles.max_height = max(1, height - 2 - note * (not bare) - AIR * (not low))

    def action_back(self) -> None:
        """None of them."""
        self.dismiss("")


__all__ = ["Item", "Picker"]
