"""A choice on one line: all that can be chosen is in sight, and its first letter takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.events import Click, Key


class Choice(Widget, can_focus=True):
    """One of a few words. Left and right change it, a letter takes the next word that begins with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right,space", "step(1)", show=False),
        Binding("enter", "take", show=False),
    ]
    DEFAULT_CSS = """
    Choice { height: auto; width: 1fr; background: $surface; color: $muted;
        &:focus { background: $lane; }
    }
    """
    value: reactive[str] = reactive("")

    class Taken(Message):
        """A word was taken for good (its letter, or enter)."""

    def __init__(self, words: tuple[str, ...], value: str) -> None:
        """Stand at `value`, or at the first word."""
        super().__init__()
        self._words = words
        self.set_reactive(Choice.value, value if value in words else words[0])

    def render(self) -> Content:
        """The words, the one it stands at marked by brackets and weight, not by colour alone."""
        parts = [(f"[{word}]", "bold $text") if word == self.value else f" {word} " for word in self._words]
        return Content.assemble(*(piece for part in parts for piece in (part, " ")))

    def action_step(self, by: int) -> None:
        """The word beside it, around the end."""
        self.value = self._words[(self._words.index(self.value) + by) % len(self._words)]

    def action_take(self) -> None:
        """It stays at this word."""
        self.post_message(self.Taken())

    def on_key(self, event: Key) -> None:
        """A letter."""
        start = self._words.index(self.value)
        after = (*self._words[start + 1 :], *self._words[: start + 1])
        found = next((word for word in after if event.character and word.startswith(event.character)), None)
        if found:
            event.stop()
            self.value = found
            self.post_message(self.Taken())

    def on_click(self, event: Click) -> None:
        """The word under the pointer."""
        x = event.x
        for word in self._words:
            if 0 <= x < len(word) + 2:
                self.value = word
                return
            x -= len(word) + 3
