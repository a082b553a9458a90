"""What every dialog is: it closes once. A double click beside it, or a second enter, must not close what is below."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from opstui.ui.screens.layer import Layer


class Dialog(Layer[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen over the board that gives an answer. Only the top one closes: Textual takes away whatever is there."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with an answer, unless it is closed already or something lies over it."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
