"""What every dialog is: it answers once, and keys that come faster than it goes are for what comes next.

A double click beside it, or a second enter, must not close what is below, nor mean something there by accident.
"""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.events import Event, Key
from textual.screen import ModalScreen, ScreenResultType

from opstui.ui.screens.layer import Layer
from opstui.ui.typeahead import OPENING, Typeahead


class Dialog(Layer[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen over the board that gives an answer. Keys struck after that wait for the next dialog, or the verb's end.

    Only the top one closes: Textual takes away whatever is there.
    """

    _answered = False

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with an answer, unless that was given already or something lies over it."""
        if self._answered or self.app.screen is not self:
            return AwaitComplete()
        self._answered = True
        if isinstance(self.app, Typeahead):
            self.app.hold()
        return super().dismiss(result)

    def let_wait(self) -> None:
        """What was asked for is being done: keys struck now are for what comes after it."""
        if isinstance(self.app, Typeahead):
            self.app.hold(OPENING)

    async def take_keys(self) -> None:
        """What lay over this is gone, and nothing is waited for: keys are for this dialog again."""
        if isinstance(self.app, Typeahead):
            await self.app.release()

    async def on_event(self, event: Event) -> None:
        """Keys that were on their way here when the answer was given."""
        if self._answered and isinstance(event, Key) and isinstance(self.app, Typeahead):
            self.app.pass_on(event)
        else:
            await super().on_event(event)
