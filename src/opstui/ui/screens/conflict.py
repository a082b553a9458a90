"""Two people changed one field: both texts are shown, and a person decides. Nothing is overwritten before that."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from opstui.i18n import _

Verdict = Literal["theirs", "mine", "cancel"]


class ConflictDialog(ModalScreen[Verdict]):
    """Theirs and mine, side by side or below each other; answers which is to stand."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "choose('theirs')", _("keep theirs")),
        Binding("m", "choose('mine')", _("take mine")),
        Binding("escape", "choose('cancel')", _("cancel")),
    ]
    DEFAULT_CSS = """
    ConflictDialog { align: center middle; background: transparent;
        & > .sheet { width: 76; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & .title { text-style: bold; width: 1fr; height: auto; }
        & .whose { color: $muted; height: 1; margin-top: 1; }
        & .value { height: auto; max-height: 6; background: $surface; padding: 0 1; scrollbar-size-vertical: 1; }
        & .keys { color: $muted; margin-top: 1; height: auto; }
    }
    """

    def __init__(self, title: str, theirs: str, mine: str) -> None:
        """Both as people read them."""
        super().__init__()
        self._title, self._theirs, self._mine = title, theirs, mine

    def compose(self) -> ComposeResult:
        """Title, theirs, mine, keys."""
        with Vertical(classes="sheet"):
            yield Label(Content(self._title), classes="title")
            yield Label(Content(_("theirs, saved meanwhile")), classes="whose")
            with VerticalScroll(classes="value", can_focus=False):
                yield Static(Content(self._theirs or _("(empty)")), id="theirs")
            yield Label(Content(_("mine, not saved")), classes="whose")
            with VerticalScroll(classes="value", can_focus=False):
                yield Static(Content(self._mine or _("(empty)")), id="mine")
            yield Static(Content(_("t keep theirs   m take mine   esc back to the form")), classes="keys")

    def action_choose(self, verdict: Verdict) -> None:
        """Close with the verdict."""
        self.dismiss(verdict)
