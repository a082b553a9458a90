"""The numbers beside the board: computed in a thread after the first picture, again after changes, never on a key.

A walk over all cards takes tens of milliseconds in which keys would wait for Python, so it begins when nothing has
changed for a moment, at the latest some seconds after the first change. Of the history only what the last thirty days
need is read, once; after that only what was added to it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.boards import first_of
from opstui.ui.readers import READERS, unswept

if TYPE_CHECKING:
    from opstui.projections.pane import CampaignLine, FlowLines
    from opstui.projections.tally import Tallied
    from opstui.projections.tiles import Tile
    from opstui.workspace import Workspace

PAUSE, LATEST = 0.8, 4.0
"""Seconds without a change before the numbers are computed, and how long changes may put that off."""
SOON = 0.5
"""Seconds after which the first numbers are shown without those that need the history, while it is read."""
OTHERS, APART = 4.0, 4.0
"""Seconds until what others did is in the numbers; and over how many more the sessions of a server spread that work."""


class Figures(Struct, frozen=True):
    """What the pane shows."""

    tiles: tuple[Tile, ...]
    flow: FlowLines | None
    campaigns: tuple[CampaignLine, ...]


class Numbers:
    """Keeps the figures fresh. `spawn` starts a coroutine, `ready` is called on the loop with new ones."""

    def __init__(
        self,
        workspace: Workspace,
        spawn: Callable[[Coroutine[None, None, None]], object],
        ready: Callable[[Figures], None],
    ) -> None:
        """Nothing is computed before `ask`."""
        self._workspace, self._spawn, self._ready = workspace, spawn, ready
        self._timer: asyncio.TimerHandle | None = None
        self._busy = False
        self._asked: float | None = None
        self._tallied: Tallied | None = None

    def ask(self, *, own: bool = True) -> None:
        """Something changed: compute soon, for one's own change sooner."""
        loop = asyncio.get_running_loop()
        if self._tallied is None and not self._busy:
            self._start()
            return
        if own:
            self._asked = self._asked or loop.time()
            due = min(loop.time() + PAUSE, self._asked + LATEST)
        elif self._timer is not None:
            return
        else:
            due = loop.time() + OTHERS + APART * (os.getpid() % 97 / 97)
        self.close()
        self._timer = loop.call_at(due, self._start)

    def close(self) -> None:
        """Stop asking."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _start(self) -> None:
        self._timer = self._asked = None
        if self._busy:
            self.ask()
        else:
            self._busy = True
            self._spawn(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            first = await loop.run_in_executor(READERS, self._at_first) if self._tallied is None else None
            whole = loop.run_in_executor(READERS, self._compute)
            if first and not (await asyncio.wait([whole], timeout=SOON))[0]:
                self._ready(first)
            self._ready(await whole)
        finally:
            self._busy = False

    def _at_first(self) -> Figures:
        """What needs no history; reading it takes a while where there is much."""
        from opstui.projections.pane import campaign_lines  # noqa: PLC0415 - after the first picture
        from opstui.projections.tally import Tallied  # noqa: PLC0415
        from opstui.projections.tiles import told  # noqa: PLC0415

        workspace, settings, now = self._workspace, self._workspace.settings, self._workspace.now()
        self._tallied = self._tallied or Tallied(workspace.store, settings)
        found = told(self._tallied.at(now), workspace.state, settings)
        return Figures(found, None, campaign_lines(workspace.state, settings, now))

    def _compute(self) -> Figures:
        found, workspace = self._at_first(), self._workspace
        orders = first_of(workspace.settings.boards, "order")
        with unswept():
            flow = workspace.histories.flow_lines(orders, workspace.now()) if orders else None
        return replace(found, flow=flow)
