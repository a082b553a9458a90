"""What is struck behind a key that leads to another field goes into that field, however fast it comes.

Textual hands every key on at once, to what has the focus then; but enter, tab or the letter of a choice is answered
some messages later, and on a slow line or machine the letters behind it would go into the old field. So they wait until
a message has gone the way of that key through all who may act on it. Letters wait for nothing: they come in order.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.events import Event, Key, Paste
from textual.message import Message

from opstui.ui.steady import Steady

if TYPE_CHECKING:
    from textual.widget import Widget

PATIENCE = 2.0
"""Seconds after which nobody waits for a field any more: it may be gone."""


class InTurn(Steady):
    """An application with forms. A screen whose keys lead from field to field says by `leads(key)` which ones."""

    _behind: list[Key | Paste] | None = None
    """What was struck behind a key that leads on; None while there is no such key on its way."""
    _handing = 0
    _tired: asyncio.TimerHandle | None = None

    class Passed(Message):
        """Goes behind a key from a field through all who may act on it, and behind what they did once more."""

        def __init__(self, field: Widget, trips: int = 2) -> None:
            """Bindings act when a key has come up to the application; what they tell of comes the same way."""
            super().__init__()
            self.field, self.trips = field, trips

    @property
    def waiting(self) -> bool:
        """Whether a key that leads on is still on its way."""
        return self._behind is not None or self._handing > 0

    async def on_event(self, event: Event) -> None:
        """Keys come here twice: from the terminal, and when no widget wanted them; then they are forwarded ones."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._behind is not None:
            self._behind.append(event)
            event.stop()
        else:
            screen = self.screen_stack[-1] if self.screen_stack else None
            field, leads = getattr(screen, "focused", None), getattr(screen, "leads", None)
            await super().on_event(event)
            if field is not None and leads is not None and isinstance(event, Key) and leads(event):
                self._wait_for(field)

    def _wait_for(self, field: Widget) -> None:
        self._behind = []
        self._tired = asyncio.get_running_loop().call_later(PATIENCE, self.call_next, self._go_on)
        field.call_later(field.post_message, self.Passed(field))

    async def on_in_turn_passed(self, event: Passed) -> None:
        """All have seen the key; and then, what it has done."""
        if event.trips < 2 or not event.field.post_message(self.Passed(event.field, event.trips - 1)):  # noqa: PLR2004
            await self._go_on()

    async def _go_on(self) -> None:
        behind, self._behind = self._behind or [], None
        if self._tired is not None:
            self._tired.cancel()
            self._tired = None
        self._handing += 1
        for key in behind:
            await self.on_event(anew(key))
        self._handing -= 1


def anew(event: Key | Paste) -> Key | Paste:
    """The same, as if it came from the terminal."""
    return Key(event.key, event.character) if isinstance(event, Key) else Paste(event.text)
