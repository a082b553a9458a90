"""A choice on one line: all that can be chosen is in sight, and its first letter takes it.

Where the line is too short the word it stands at stays in sight, and an ellipsis says on which side there are more.
"""

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
    """One of a few words. Left, right and space change it, a letter takes the next word that begins with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("enter", "take", show=False),
    ]
    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; background: $surface; color: $muted; text-wrap: nowrap; text-overflow: ellipsis;
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
        first, after = self._in_sight()
        more, rest = ("…" if first else "", "…" if after < len(self._words) else "")
        words = self._words[first:after]
        parts = [(f"[{word}]", "bold $text") if word == self.value else f" {word} " for word in words]
        pieces = [piece for part in parts for piece in (part, " ")]
        return Content.assemble(more, *pieces[:-1], rest)

    def _in_sight(self) -> tuple[int, int]:
        """Which words are drawn, from the first to before the last: all, or those around the one it stands at."""
        here, count, width = self._words.index(self.value), len(self._words), self.size.width

        def fits(first: int, after: int) -> bool:
            words = sum(len(word) + 3 for word in self._words[first:after]) - 1
            return words + (first > 0) + (after < count) <= width

        sights = ((first, after) for first in range(here + 1) for after in range(count, here, -1))
        return next((sight for sight in sights if fits(*sight)), (here, here + 1))

    def action_step(self, by: int) -> None:
        """The word beside it, around the end."""
        self.value = self._words[(self._words.index(self.value) + by) % len(self._words)]

    def action_take(self) -> None:
        """It stays at this word."""
        self.post_message(self.Taken())

    def on_key(self, event: Key) -> None:
        """A letter; a space is taken here, since a form keeps from the board what can be printed."""
        if event.key == "space":
            event.stop()
            self.action_step(1)
            return
        start = self._words.index(self.value)
        after = (*self._words[start + 1 :], *self._words[: start + 1])
        found = next((word for word in after if event.character and word.startswith(event.character)), None)
        if found:
            event.stop()
            self.value = found
            self.post_message(self.Taken())

    def on_click(self, event: Click) -> None:
        """The word under the pointer."""
        first, after = self._in_sight()
        x = event.x - (first > 0)
        for word in self._words[first:after]:
            if 0 <= x < len(word) + 2:
                self.value = word
                return
            x -= len(word) + 3
