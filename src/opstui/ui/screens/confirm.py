"""A question before something that one would not want to happen by a slip of the finger."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from opstui.i18n import _


class Answer(Static):
    """An answer with its key; a click gives it."""

    DEFAULT_CSS = "Answer { width: auto; height: 1; margin-right: 3; }"

    def __init__(self, key: str, label: str, action: str, *, classes: str = "") -> None:
        """`action` is one of the screen's."""
        super().__init__(Content.assemble((key, "$accent"), " ", (label, "$muted")), classes=classes)
        self._action = action

    async def on_click(self) -> None:
        """As if its key were struck."""
        await self.screen.run_action(self._action)


class Confirm(ModalScreen[bool]):
    """Gives whether the person wants it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "yes", show=False),
        Binding("escape,n,q", "no", show=False),
    ]
    DEFAULT_CSS = """
    Confirm { align: center middle; background: transparent;
        & > .sheet { width: auto; max-width: 76; height: auto; background: $lane; padding: 1 2; }
        & .question { width: auto; max-width: 100%; height: auto; margin-bottom: 1; }
        & Horizontal { width: auto; height: 1; }
    }
    """

    def __init__(self, question: str, yes: str) -> None:
        """A question in words, and what yes means in a word or two."""
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """Question and answers."""
        with Vertical(classes="sheet"):
            yield Static(Content(self._question), classes="question")
            with Horizontal():
                yield Answer(_("enter"), self._yes, "yes")
                yield Answer(_("esc"), _("back"), "no")

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(result=True)

    def action_no(self) -> None:
        """Leave it."""
        self.dismiss(result=False)
