"""A screen that verbs and dialogs work on: it has keys, runs, asks, tells, and remembers what the member chose.

Work is a coroutine. Whatever the store or the rules say against it is told, and never ends the console.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from textual.binding import Binding, BindingsMap
from textual.screen import Screen

from opstui.domain.model import Refused
from opstui.store.protocol import StoreError
from opstui.ui.commands import KeyCommand, bindings
from opstui.ui.screens.layer import Layer
from opstui.ui.typeahead import OPENING, Typeahead
from opstui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from opstui.ui.session import Session

Work = Coroutine[Any, Any, None]


class HostScreen(Layer[None], inherit_bindings=False):
    """A session's screen, with a hint line."""

    def __init__(self, session: Session, commands: Mapping[str, KeyCommand]) -> None:
        """`commands` have the person's keys."""
        super().__init__()
        self.session = session
        self.hint = Hint()
        self.said = ("", "")
        """What was told last, and its tone."""
        self._at_work: tuple[Work, ...] = ()
        self.wear_keys(commands)

    def wear_keys(self, commands: Mapping[str, KeyCommand]) -> None:
        """Take these commands, with the keys they have, from now on."""
        self.commands = commands
        self._bindings = BindingsMap(
            Binding(keys, action, label, show=False) for keys, action, label in bindings(commands)
        )

    def key(self, command: str) -> str:
        """The key a command has, for telling people; without one, the palette's, where its name finds it."""
        return (self.commands[command].show or self.commands["palette"].show).split()[0]

    # ------------------------------------------------------------------ work

    def spawn(self, work: Work) -> None:
        """Begin something beside the keys."""
        self.run_worker(self._guarded(work))

    def run(self, work: Work) -> None:
        """Run a verb; the next key waits until it is done or asks something."""
        self.ops.hold()
        self._at_work = (*self._at_work, work)
        self.spawn(self._released(work))

    async def _guarded(self, work: Work) -> None:
        try:
            await work
        except (Refused, StoreError) as no:
            self.say(str(no), "refused")

    async def _released(self, work: Work) -> None:
        """A verb that has begun another one leaves the keys to that, while it is at work."""
        try:
            await work
        finally:
            newest = self._at_work[-1]
            self._at_work = tuple(one for one in self._at_work if one is not work)
            if newest is work:
                await self.ops.release()

    @property
    def ops(self) -> Typeahead:
        """The application, as the one who holds keys."""
        assert isinstance(self.app, Typeahead)
        return self.app

    # ------------------------------------------------------------------ talking with the person

    def say(self, text: str, tone: str = "done") -> None:
        """Tell what happened, on the hint line, until the next key."""
        text = text.replace(f"{self.session.workspace.path}{os.sep}", "")
        self.said = (text, tone)
        self.hint.say(text, "refused" if tone == "warning" else tone)

    async def keep(self, **choice: Any) -> None:
        """Remember what the member chose about their console."""
        if why := await self.session.kept.keep(**choice):
            self.say(why, "refused")

    async def ask(self, screen: Screen[Any]) -> Any:
        """Show a dialog and wait for its answer. Keys held for it are its own as soon as it has the focus.

        What was told before goes: the keys it names mean something else in a dialog. So does what was told in it, when
        it closes.
        """
        self.ops.hold(OPENING)
        screen.call_after_refresh(self.ops.release)
        self._hush()
        answer = await self.app.push_screen_wait(screen)
        self._hush()
        return answer

    def _hush(self) -> None:
        if not self.said[0]:
            self.hint.hush()

    async def drawn(self) -> None:
        """Wait until what was changed stands on the screen."""
        done = asyncio.Event()
        self.call_after_refresh(done.set)
        await done.wait()
