"""A question before something that one would not want to happen by a slip of the finger."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.key_line import Button, KeyLine

WIDTH = 76
"""Cells of the sheet at most."""


class Confirm(Dialog[bool]):
    """Gives whether the person wants it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "yes", show=False),
        Binding("escape,n,q", "no", show=False),
    ]
    DEFAULT_CSS = """
    Confirm { align: center middle; background: transparent;
        & > .sheet { width: auto; height: auto; background: $lane; padding: 1 2; }
        & .question { width: auto; max-width: 100%; height: auto; margin-bottom: 1; }
        & KeyLine { width: auto; }
    }
    """

    def __init__(self, question: str, yes: str) -> None:
        """A question in words, and what yes means in a word or two."""
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """Question and answers."""
        with Vertical(classes="sheet -airy"):
            yield Static(Content(self._question), classes="question")
            yield KeyLine(Button(_("enter"), self._yes, "yes"), Button(_("esc"), _("back"), "no"))

    def on_resize(self) -> None:
        """A narrow terminal wraps the question."""
        self.query_one(".sheet").styles.max_width = min(WIDTH, self.size.width)

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(result=True)

    def action_no(self) -> None:
        """Leave it."""
        self.dismiss(result=False)
