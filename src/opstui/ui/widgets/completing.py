"""A field that completes what no list holds (paths): what it would become is shown, tab or right takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Input

Complete = Callable[[str], str]
"""What is typed -> what it would become; "" for nothing."""


class _Completions(Suggester):
    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return self._complete(value) or None


class Completing(Input):
    """Tab completes as a shell does; where there is nothing to complete it goes to the next field."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    def __init__(self, complete: Complete, text: str, hint: str = "") -> None:
        """Begin with a text; `hint` is shown while there is none."""
        super().__init__(text, placeholder=hint, compact=True, suggester=_Completions(complete), select_on_focus=True)
        self._complete = complete
        self.cursor_blink = False

    def action_complete(self) -> None:
        """Take what it would become."""
        found = self._complete(self.value) if self.value else ""
        if found and found != self.value:
            self.value = found
            self.cursor_position = len(found)
        else:
            self.screen.focus_next()
