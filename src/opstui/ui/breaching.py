"""Promises that run out are written down while a console is open, and those that ran out meanwhile when one opens.

One console is enough, and several do no harm: what another has written down is decided against the state, and nothing
comes of it. Who may not write leaves it to those who may.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from opstui.domain.breaches import VIA
from opstui.domain.commands import NoteBreach
from opstui.domain.model import Refused
from opstui.domain.policy import check
from opstui.store.protocol import StoreError
from opstui.ui.readers import READERS
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.projections.breaches import Passed, RanOut
    from opstui.ui.screens.board import BoardScreen

SOON = 3.0
"""Seconds after the first picture: numbers and keys come first."""
DAYS = 30
"""Days back to which messages are looked at that are settled; open ones are, however old."""


class Breaching:
    """Looks for promises that ran out."""

    def __init__(self, screen: BoardScreen) -> None:
        """Nothing is looked at before `look`."""
        self._screen = screen
        self._busy = False
        self._next: datetime | None = None
        self._came: dict[int, datetime] = {}
        self._passed: Passed = frozenset()

    def look(self, *, again: bool = False) -> None:
        """Look if one runs out about now, or (`again`) because something may have changed."""
        workspace = self._screen.session.workspace
        due = self._next is not None and workspace.now() > self._next
        if (again or due) and not self._busy and self._may():
            self._busy = True
            self._screen.spawn(self.write_down())

    def _may(self) -> bool:
        session = self._screen.session
        if session.workspace.store.problem is not None:
            return False
        try:
            check(session.actor, NoteBreach(card=0, clock="", due=session.workspace.now(), minutes=0), "feedback")
        except Refused:
            return False
        return True

    async def write_down(self) -> None:
        """All that ran out, in one batch."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(READERS, self._compute)
            self._passed = frozenset().union(*(out.passed for out in found))
            self._next = min((out.next for out in found if out.next), default=None)
            commands = tuple(command for out in found for command in out.found)
            if commands:
                await self._screen.session.submit_each(lambda: Plan(commands, "", via=VIA), undoable=False)
                self._screen.changes.take_in()
        except (Refused, StoreError):
            self._next = None
        finally:
            self._busy = False

    def _compute(self) -> list[RanOut]:
        from opstui.projections.breaches import ran_out  # noqa: PLC0415 - after the first picture

        workspace = self._screen.session.workspace
        boards = [board for board in workspace.settings.boards if board.kind == "feedback"]
        source, now = workspace.histories.source, workspace.now()
        return [ran_out(source(as_of=now, days=DAYS, board=board), self._imported, self._passed) for board in boards]

    def _imported(self, cards: Collection[int]) -> Mapping[int, datetime]:
        missing = {card for card in cards if card not in self._came}
        store = self._screen.session.workspace.store
        for batch in store.events_of("cards", missing, {"created"}) if missing else ():
            self._came.update({event.id: batch.at for event in batch.events if event.kind == "created"})
        return self._came
