"""A dialog that answers once. Keys come faster than screens go: a second enter must not close what is below."""

from __future__ import annotations

from textual.screen import ScreenResultType

from opstui.ui.screens.dialog import Dialog
from opstui.ui.typeahead import Typeahead


class Answer(Dialog[ScreenResultType]):
    """Closed by `give`. What is struck after that waits for the dialog that comes next, or for the end of the verb."""

    def give(self, answer: ScreenResultType) -> None:
        """Close with an answer, unless it has been given."""
        if self.app.screen is self:
            if isinstance(self.app, Typeahead):
                self.app.hold()
            self.dismiss(answer)
