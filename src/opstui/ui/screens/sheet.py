"""What dialogs share that grow while one works in them: a sheet over the board that does not hop.

It opens in the middle and then keeps its first line where it is; it moves up only when the terminal ends below it.
"""

from __future__ import annotations

from textual.screen import ScreenResultType

from opstui.ui.screens.dialog import Dialog


class Sheet(Dialog[ScreenResultType]):
    """A dialog whose body is one widget of the class `sheet`. Call `stay` whenever that may have grown."""

    DEFAULT_CSS = """
    Sheet { align: center middle; background: transparent;
        &.-narrow > .sheet { width: 100%; }
        &.-stacked { background: $background; }
        & > .sheet { width: 76; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & > .sheet.-airy { padding: 1 2; }
        & .title { text-style: bold; width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    _top = -1

    def on_mount(self) -> None:
        """Over another dialog its ground is the screen's: two sheets of one colour cannot be told apart."""
        self.set_class(any(isinstance(screen, Dialog) for screen in self.app.screen_stack[:-1]), "-stacked")

    def stay(self) -> None:
        """Keep the first line where it is, once everything is laid out."""
        self.call_after_refresh(self._anchor)

    def center(self) -> None:
        """To the middle again: the terminal has another size."""
        self._top = -1
        self.styles.align_vertical = "middle"
        for sheet in self.query(".sheet"):
            sheet.styles.offset = (0, 0)
        self.stay()

    def _anchor(self) -> None:
        for sheet in self.query(".sheet"):  # none, when it was closed meanwhile
            if self._top < 0:
                self._top = sheet.region.y
                self.styles.align_vertical = "top"
            sheet.styles.offset = (0, max(0, min(self._top, self.size.height - sheet.outer_size.height)))
