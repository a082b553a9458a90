"""The last line of a dialog: its keys, each of them a button as well. A reason takes their place while there is one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.widget import Widget

from opstui.ui.ink import cells

GAP = 3
"""Cells between two keys; one where all else does not fit."""


class Button(Struct, frozen=True):
    """A key, what it does in a word, and the action of the screen that a click runs."""

    key: str
    label: str
    action: str = ""

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.key} {self.label}"

    def short(self) -> Button:
        """The same in fewer cells."""
        return Button(self.key.replace("ctrl+", "^"), self.label, self.action)


def fitting(buttons: Sequence[Button], room: int, needed: int) -> tuple[tuple[Button, ...], int]:
    """The buttons that go into `room` cells and the gap between them; of the first `needed` none is left out."""
    for count in range(len(buttons), min(needed, len(buttons)) - 1, -1):
        if _width(buttons[:count], GAP) <= room:
            return tuple(buttons[:count]), GAP
    return tuple(button.short() for button in buttons[:needed]), 1


def _width(buttons: Sequence[Button], gap: int) -> int:
    return sum(cells(button.text) for button in buttons) + gap * (len(buttons) - 1)


class KeyLine(Widget):
    """Shows the buttons that fit, or what `tell` was given."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyLine { height: 1; width: 1fr; color: $muted; text-wrap: nowrap;
        &.-told { height: auto; text-wrap: wrap; }
        &.-wrong { color: $late; }
    }
    """

    def __init__(self, *buttons: Button, needed: int = 2) -> None:
        """The most useful first; the first `needed` are shown at any width."""
        super().__init__()
        self._buttons, self._needed = buttons, needed
        self.told = ""

    def set(self, *buttons: Button, needed: int = 0) -> None:
        """Other buttons; the first `needed` are shown at any width, as many as before where that is not said."""
        needed = needed or self._needed
        if (buttons, needed) != (self._buttons, self._needed):
            self._buttons, self._needed = buttons, needed
            self.refresh(layout=bool(self.told))

    def tell(self, text: str, *, wrong: bool = True) -> None:
        """A text in place of the buttons, until it is empty again."""
        if text != self.told:
            self.told = text
            self.set_class(bool(text), "-told")
            self.refresh(layout=True)
        self.set_class(bool(text) and wrong, "-wrong")

    def get_content_width(self, *_sizes: object) -> int:
        """All of them, where there is room: for dialogs of `width: auto`."""
        return _width(self._buttons, GAP)

    def render(self) -> Content:
        """Keys in the accent colour and in bold, words beside them."""
        if self.told:
            return Content(self.told)
        shown, gap = fitting(self._buttons, self.size.width, self._needed)
        parts: list[str | tuple[str, str]] = []
        for button in shown:
            parts += [" " * gap if parts else "", (button.key, "bold $accent"), f" {button.label}"]
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """The button under the pointer."""
        if self.told:
            return
        shown, gap = fitting(self._buttons, self.size.width, self._needed)
        x = event.x
        for button in shown:
            if 0 <= x < cells(button.text) and button.action:
                self.call_later(self.screen.run_action, button.action)
                return
            x -= cells(button.text) + gap
