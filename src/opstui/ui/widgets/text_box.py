"""The text of several lines in a form, which grows with what is in it.

Pasted text, which the application has cleaned, keeps its lines. Keys that the console keeps for itself
(ctrl+z suspends) are left alone.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import TextArea

from opstui.ui.ink import upright


class TextBox(TextArea):
    """Several lines; enter begins a new one. `fit` makes it as high as its text.

    Down on the last line goes on to the next field, up on the first one back to the field before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+underscore", "undo", show=False),
    ]

    def __init__(self, text: str, *, lowest: int, placeholder: str = "") -> None:
        """At least `lowest` rows high; without line numbers, and without a cursor that blinks."""
        super().__init__(
            text, compact=True, show_line_numbers=False, highlight_cursor_line=False, placeholder=placeholder
        )
        self.cursor_blink = False
        self._lowest, self._highest = lowest, lowest
        self.styles.height = lowest

    def fit(self, highest: int = 0) -> int:
        """Be as high as the text, at most `highest` rows (0: as said before). Gives the rows it takes."""
        self._highest = max(self._lowest, highest or self._highest)
        rows = max(self._lowest, min(self._highest, self.wrapped_document.height))
        self.styles.height = rows
        return rows

    def render_line(self, y: int) -> Strip:
        """A line; Textual cannot wrap the placeholder where there is no room for a letter."""
        return upright(super().render_line(y)) if self.content_size.width else Strip([])

    def action_cursor_down(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's own shape
        """Down; from the last line to the next field."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)

    def action_cursor_up(self, select: bool = False) -> None:  # noqa: FBT001, FBT002
        """Up; from the first line to the field before."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if result := self._replace_via_keyboard(event.text, *self.selection):
            self.move_cursor(result.end_location)
