"""A dialog that answers once. Keys come faster than screens go: a second enter must not close what is below."""

from __future__ import annotations

from textual.events import Event, Key
from textual.screen import ScreenResultType

from opstui.ui.screens.dialog import Dialog
from opstui.ui.typeahead import Typeahead


class Answer(Dialog[ScreenResultType]):
    """Closed by `give`. What is struck after that waits for the dialog that comes next, or for the end of the verb."""

    _given = False

    def give(self, answer: ScreenResultType) -> None:
        """Close with an answer, unless it has been given."""
        if self.is_current and not self._given:
            self._given = True
            if isinstance(self.app, Typeahead):
                self.app.hold()
            self.dismiss(answer)

    async def on_event(self, event: Event) -> None:
        """Keys that were on their way here when the answer was given are for what comes next."""
        if self._given and isinstance(event, Key) and isinstance(self.app, Typeahead):
            self.app.pass_on(event)
        else:
            await super().on_event(event)
