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
    """Gives whether the person wants it; None when they go back without an answer, where `no` is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "yes", show=False),
        Binding("n", "no", show=False),
        Binding("escape,q", "back", show=False),
    ]
    DEFAULT_CSS = """
    Confirm { align: center middle; background: transparent;
        & > .sheet { width: auto; height: auto; background: $lane; padding: 1 2; }
        & .question { width: auto; max-width: 100%; height: auto; margin-bottom: 1; }
        & KeyLine { width: auto; }
    }
    """

    def __init__(self, question: str, yes: str, no: str = "") -> None:
        """A question in words, and what yes means in a word or two; and no, where that is not leaving it."""
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """Question and answers."""
        with Vertical(classes="sheet -airy"):
            yield Static(Content(self._question), classes="question")
            no = [Button("n", self._no, "no")] if self._no else []
            yield KeyLine(Button(_("enter"), self._yes, "yes"), *no, Button(_("esc"), _("back"), "back"))

    def on_resize(self) -> None:
        """A narrow terminal wraps the question."""
        self.query_one(".sheet").styles.max_width = min(WIDTH, self.size.width)

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(result=True)

    def action_no(self) -> None:
        """Leave it, or do what no means."""
        self.dismiss(result=False)

    def action_back(self) -> None:
        """Leave it."""
        self.dismiss(None if self._no else False)
