"""Keys wait for what the key before them has begun, so that fast typing means the same as slow typing.

Textual hands every key on at once. Without this, the letters typed right after `n` would be commands of the board
because the form is not there yet, and an `H` after an `L` would still see the card in its old stage. While a verb is
at work the keys are held, and given to whatever has the focus then. A verb that waits long (another process holds the
lock) gives them back after `PATIENCE`.
"""

from __future__ import annotations

import asyncio

from textual.events import Event, Key, Paste

from opstui.ui.inturn import InTurn, anew

PATIENCE = 2.0


class Typeahead(InTurn):
    """An application that can hold keys. `hold` before something begins, `release` when the next key may come."""

    _held: list[Key | Paste] | None = None
    _patience: asyncio.TimerHandle | None = None

    @property
    def holding(self) -> bool:
        """Whether something is at work that keys wait for."""
        return self._held is not None

    def hold(self) -> None:
        """Keep keys from now on."""
        if self._held is None:
            self._held = []
            self._patience = asyncio.get_running_loop().call_later(PATIENCE, self.call_next, self.release)

    def pass_on(self, key: Key) -> None:
        """Hold a key that came to something that is over already, for what comes next."""
        self.hold()
        self.keep(key)

    async def release(self) -> None:
        """Give the kept keys, in the order they were struck, to what has the focus now."""
        held, self._held = self._held or [], None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        for key in sorted(held, key=lambda event: event.time):
            await self.on_event(anew(key))

    def keep(self, event: Key | Paste) -> bool:
        """Keep what was struck or pasted, if keys are held; says whether it was kept."""
        if self._held is None:
            return False
        self._held.append(event)
        event.stop()
        return True

    async def on_event(self, event: Event) -> None:
        """Keys come here twice: from the terminal, and when no widget wanted them. A paste is held like a key."""
        if not (isinstance(event, Key | Paste) and self.keep(event)):
            await super().on_event(event)
