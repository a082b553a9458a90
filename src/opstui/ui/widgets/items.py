"""The items of a checklist as a list: the mark of each is a place to click on."""

from __future__ import annotations

from textual import events
from textual.message import Message

from opstui.ui.widgets.listing import Listing

TEXT_AT = 4
"""Cells before the text of an item: the cursor's bar, the mark, a gap."""


class Items(Listing):
    """The items. A click on the mark ticks; a second click on the text begins to write."""

    DEFAULT_CSS = "Items { height: auto; max-height: 1fr; }"

    class Ticked(Message):
        """The mark of the item under the cursor was clicked."""

    class Grown(Message):
        """There is more or less room: the cursor may stand in another line."""

    @property
    def cursor_line(self) -> int:
        """The line of the widget in which the cursor stands."""
        return self._lines.line_of(self.cursor) - self._top if self.count else 0

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there, and tick if it is the mark."""
        super().on_click(event)
        if event.x < TEXT_AT and self.count and event.chain == 1:
            self.post_message(self.Ticked())

    def resized(self) -> None:
        """Tell, too."""
        super().resized()
        self.post_message(self.Grown())
