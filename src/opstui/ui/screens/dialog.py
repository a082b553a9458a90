"""What every dialog is: it answers once, lies over the board for all to see, and early keys wait for what comes next.

A double click beside it, or a second enter, must not close what is below, nor mean something there by accident. Its
edges are lines, where it does not take the whole width: its ground is but a shade lighter than the cards', and words
cut by it would run into its own.
"""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.events import Event, Key
from textual.screen import ModalScreen, ScreenResultType

from opstui.ui.screens.layer import Layer
from opstui.ui.typeahead import Typeahead

WIDE = 84
"""Columns from which a dialog leaves some of the board to be seen beside it."""


class Dialog(Layer[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen over the board that gives an answer. Keys struck after that wait for the next dialog, or the verb's end.

    Only the top one closes: Textual takes away whatever is there.
    """

    _answered = False

    DEFAULT_CSS = """
    Dialog.-wide > .sheet { border-left: solid $thumb; border-right: solid $thumb; padding: 0; outline: none; }
    Dialog.-wide > .sheet.-airy { border: round $thumb; padding: 0 1; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - declared so by Textual
    """Where a sheet would leave single letters of the board on both sides, it takes the whole width."""

    @property
    def framed(self) -> bool:
        """Whether there is a line around, which takes two lines and two columns."""
        return self.size.width >= WIDE

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with an answer, unless that was given already or something lies over it."""
        if self._answered or self.app.screen is not self:
            return AwaitComplete()
        self._answered = True
        if isinstance(self.app, Typeahead):
            self.app.hold()
        return super().dismiss(result)

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
