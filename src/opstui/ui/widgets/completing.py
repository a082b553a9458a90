"""A field that completes what no list holds (paths): what it would become is shown; tab or right takes it."""

from __future__ import annotations

from collections.abc import Callable

from textual.suggester import Suggester

from opstui.ui.widgets.text_line import Line

Complete = Callable[[str], str]
"""What is typed -> what it would become; "" for nothing."""


class _Completions(Suggester):
    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return self._complete(value) or None


class Completing(Line):
    """Shows the completion behind the cursor. Tab is the form's."""

    def __init__(self, complete: Complete, text: str, hint: str = "") -> None:
        """Begin with a text; `hint` is shown while there is none."""
        super().__init__(text, placeholder=hint, compact=True, suggester=_Completions(complete), select_on_focus=True)
        self.cursor_blink = False
