"""What every dialog is: it closes once, and is seen to lie over the board.

A double click beside it, or a second enter, must not close what is below. Its edges are lines, where it does not take
the whole width: its ground is but a shade lighter than the cards', and words cut by it would run into its own.
"""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from opstui.ui.screens.layer import Layer

WIDE = 84
"""Columns from which a dialog leaves some of the board to be seen beside it."""


class Dialog(Layer[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen over the board that gives an answer. Only the top one closes: Textual takes away whatever is there."""

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
        """Close with an answer, unless it is closed already or something lies over it."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
