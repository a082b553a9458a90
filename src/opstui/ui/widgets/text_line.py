"""The line of a form that is typed into. What is pasted may have several lines; the application has cleaned it."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class TextLine(Input):
    """One line. Pasted lines are joined by blanks; the first of them alone would be half of what was pasted."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = " ".join(event.text.split("\n"))
        self.replace(text.rstrip() if "\n" in event.text else text, *sorted(self.selection))
