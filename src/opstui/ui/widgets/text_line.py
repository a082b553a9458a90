"""Lines that are typed into. What is pasted into a form may have several lines; the application has cleaned it."""

from __future__ import annotations

from textual import events
from textual.strip import Strip
from textual.widgets import Input

from opstui.ui.ink import upright


class Line(Input):
    """One line, a stretch of which is seen."""

    def render_line(self, y: int) -> Strip:
        """Nothing of it is drawn on what stands beside it."""
        return upright(super().render_line(y))


class TextLine(Line):
    """One line. Pasted lines are joined by blanks; the first of them alone would be half of what was pasted."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = " ".join(event.text.split("\n"))
        self.replace(text.rstrip() if "\n" in event.text else text, *sorted(self.selection))
