"""Keys wait for what the key before them has begun, so that fast typing means the same as slow typing.

Textual hands every key on at once, to whatever has the focus at that moment. Without this, the letters typed right
after `n` would be commands of the board because the form is not there yet, an `H` after an `L` would still see the card
in its old stage, and the letter after a tab would be typed into the field that the tab leaves. So a key goes on its way
when the one before it was dealt with: a `Handled` follows each of them, and comes back when nobody can hear the key any
more. While a verb is at work the keys are held too, and given to whatever has the focus then. A verb that waits long
(another process holds the lock) gives them back after `PATIENCE`.

What comes faster than it is dealt with is taken together where the screen knows how: many steps of the cursor are one.
Those of a held key wait for each other a little (`pace`).
"""

from __future__ import annotations

import asyncio
from bisect import insort
from itertools import takewhile
from operator import attrgetter
from time import monotonic
from typing import Any

from textual.events import Event, Key, MouseEvent, Paste
from textual.message import Message
from textual.widget import Widget

from opstui.ui.pace import Pace, Strider
from opstui.ui.steady import Steady

PATIENCE = 2.0
OPENING = 30.0
"""Seconds that keys wait for a dialog that is on its way, or for an answer that is being saved: it will come."""
LOOK = 0.02
"""Seconds after which it is looked whether what a key was given to is still there."""
Struck = Key | Paste | MouseEvent


class Typeahead(Steady):
    """An application that can hold keys. `hold` before something begins, `release` when the next key may come."""

    class Handled(Message):
        """Follows a key on its way, from the widget it was given to up to the application.

        In a dialog it goes once more, behind what a field told of the key: that a line is done, that a choice is made.
        """

        def __init__(self, target: Widget, trips: int) -> None:
            """`target` is the widget, `trips` how often it still goes."""
            super().__init__()
            self.target, self.trips = target, trips

    _at_work = False
    _patience: asyncio.TimerHandle | None = None
    _under_way: Handled | None = None
    """What follows the key that is being dealt with."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As any application."""
        super().__init__(*args, **options)
        self._waiting: list[Struck] = []
        """What was struck and not given to anybody yet, in the order it was struck."""
        self._pace = Pace()
        self._pausing: asyncio.TimerHandle | None = None

    @property
    def holding(self) -> bool:
        """Whether something is at work that keys wait for."""
        return self._at_work

    @property
    def typing(self) -> bool:
        """Whether keys that were struck are not dealt with yet."""
        return self._under_way is not None or bool(self._waiting)

    def hold(self, patience: float = PATIENCE) -> None:
        """Keep keys from now on, for so many seconds at most."""
        self._at_work = True
        if self._patience is not None:
            self._patience.cancel()
        self._patience = asyncio.get_running_loop().call_later(patience, self.call_next, self.release)

    def pass_on(self, key: Key) -> None:
        """Hold a key that came to something that is over already, for what comes next."""
        self.hold()
        self.keep(key)

    async def release(self) -> None:
        """Give the kept keys, in the order they were struck, to what has the focus then."""
        self._at_work = False
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        await self._next()

    def keep(self, event: Struck) -> bool:
        """Keep what was struck or pasted, if keys are held; says whether it was kept."""
        if self._at_work:
            insort(self._waiting, event, key=attrgetter("time"))
            event.stop()
        return self._at_work

    async def on_event(self, event: Event) -> None:
        """Keys come here twice: from the terminal, and when no widget wanted them. A paste is held like a key.

        The mouse does not overtake keys that were struck before, but need not wait for a verb.
        """
        if isinstance(event, Key | Paste) and self.keep(event):
            return
        if not isinstance(event, Struck) or event.is_forwarded or self._at_work:
            await super().on_event(event)
        else:
            self._waiting.append(event)
            await self._next()

    # ------------------------------------------------------------------ one after the other

    async def _next(self) -> None:
        while self._may_go_on():
            taken = self._together()
            event = self._waiting[0] if not taken else None
            del self._waiting[: max(1, taken)]
            if isinstance(event, MouseEvent):
                await super().on_event(event)
            elif event is not None:
                await self._deal_with(_anew(event))

    def _may_go_on(self) -> bool:
        if not self._waiting or self._at_work or self._under_way is not None or not self.screen_stack:
            return False  # without a screen the program is ending
        wait = self._pace.wait(self._waiting, monotonic())
        if wait > 0 and self._pausing is None:
            self._pausing = asyncio.get_running_loop().call_later(wait, self.call_next, self._step_on)
        return wait <= 0

    async def _step_on(self) -> None:
        self._pausing = None
        await self._next()

    def _together(self) -> int:
        """Let the screen take several keys at once; how many it took, none where it does not."""
        struck = takewhile(lambda event: isinstance(event, Key), self._waiting)
        keys = [event for event in struck if isinstance(event, Key)]
        strider = self.screen if isinstance(self.screen, Strider) else None
        taken = strider.stride(keys) if strider and len(keys) > 1 else 0
        last = keys[max(0, taken - 1)] if keys else None
        self._pace.note(last if strider and last and strider.steps(last) else None, monotonic())
        return taken

    async def _deal_with(self, event: Key | Paste) -> None:
        self._under_way = self.Handled(self.screen, 1)
        await super().on_event(event)
        trips = 1 if isinstance(self.screen, Strider) else 2
        if not self._follow(self.Handled(self.focused or self.screen, trips)):
            self._under_way = None

    def _follow(self, handled: Handled) -> bool:
        """Send it after the key; says whether it may come back."""
        self._under_way = handled
        going = handled.target.post_message(handled)
        if going:
            self._look_later(handled, PATIENCE)
        return going

    def _look_later(self, handled: Handled, patience: float) -> None:
        asyncio.get_running_loop().call_later(LOOK, self._look, handled, patience - LOOK)

    def _look(self, handled: Handled, patience: float) -> None:
        """Go on where what the key was given to has gone, and with it what would have come back."""
        if self._under_way is not handled:
            return
        if handled.target.is_attached and patience > 0:
            self._look_later(handled, patience)
        else:
            self._under_way = None
            self.call_next(self._next)

    async def on_typeahead_handled(self, event: Handled) -> None:
        """The key before has been dealt with."""
        if event is not self._under_way:
            return
        if event.trips <= 1 or not self._follow(self.Handled(event.target, event.trips - 1)):
            self._under_way = None
            await self._next()


def _anew(event: Key | Paste) -> Key | Paste:
    """The same, as if it were struck now: a key that came back from where it was not meant for goes its way again."""
    again = Key(event.key, event.character) if isinstance(event, Key) else Paste(event.text)
    again.time = event.time
    return again
