"""The console as tests speak of it: a page object, so that a test reads as prose and never waits by the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from opstui.config import Settings
from opstui.domain.commands import AddMember, Command, CreateCard
from opstui.domain.events import Event
from opstui.domain.model import Actor, Card
from opstui.store.memory import MemoryStore
from opstui.ui.app import OpsApp
from opstui.ui.screens.board import BoardScreen
from opstui.workspace import Workspace

NOON = datetime(2026, 9, 21, 5, 0, tzinfo=UTC)
"""Monday 21 September 2026, noon in Jakarta."""
RINA = Actor("rina", "owner")
BUDI = Actor("budi", "cs")
DEADLINE = 10.0


def memory_workspace(*commands: Command, path: Path = Path("nowhere"), **settings: Any) -> Workspace:
    """A workspace in memory whose clock stands at NOON; rina and budi are members, and the commands have been done."""
    workspace = Workspace(path, Settings(name="Kopi Lereng", **settings), MemoryStore(), lambda: NOON)
    workspace.submit(RINA, AddMember(name="rina", role="owner"), AddMember(name="budi", role="cs"))
    if commands:
        workspace.submit(RINA, *commands)
    return workspace


def order(title: str, **fields: Any) -> CreateCard:
    """A new order."""
    return CreateCard(board="orders", title=title, fields=fields)


def orders(count: int) -> list[CreateCard]:
    """Orders of Toko 1, Toko 2, ..."""
    return [order(f"Order {n}", customer=f"Toko {n}", total=100_000 * n) for n in range(1, count + 1)]


class Console:
    """A running console."""

    def __init__(self, app: OpsApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot
        self.workspace = app.session.workspace

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, and let the console come to rest."""
        for key in keys:
            await self.pilot.press(key)
        await self.rest()

    async def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        await self.strike(*({" ": "space", "\n": "enter"}.get(letter, letter) for letter in text))

    async def strike(self, *keys: str) -> None:
        """Strike keys without a rest between them, as fast hands or a slow line do."""
        driver = self.app._driver
        assert driver is not None
        for name in keys:
            driver.send_message(self.key_event(name))
        await self.rest()

    def key_event(self, name: str) -> Key:
        """What the terminal says when a key is struck."""
        key = _character_to_key(name) if len(name) == 1 else name
        event = Key(key, " " if name == "space" else name if len(name) == 1 else None)
        event.set_sender(self.app)
        return event

    async def rest(self) -> None:
        """Until the keys are with their fields, and what was asked of the writer is done and drawn."""
        await self.pilot.pause()
        at_work = True
        while at_work:
            await self.until(lambda: not (self.app.session.busy or self.app.holding or self.app.typing))
            await self.pilot.pause()
            at_work = self.app.typing

    async def until(self, true: Callable[[], object], within: float = DEADLINE) -> None:
        """Wait for something to become true, at most until the deadline."""
        end = time.monotonic() + within
        while not true():
            assert time.monotonic() < end, f"it never became true; the screen shows:\n{self.text}"
            await asyncio.sleep(0.005)

    @property
    def board(self) -> BoardScreen:
        """The board screen, under whatever dialog."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, BoardScreen))

    @property
    def text(self) -> str:
        """What the top screen shows, line by line."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def said(self) -> str:
        """What the hint line tells about the last key."""
        return self.board.said[0]

    @property
    def cursor(self) -> Card | None:
        """The card under the cursor."""
        return self.board.desk.card(self.board.board.cursor_card)

    @property
    def dialog(self) -> str:
        """The kind of dialog on top; empty when there is none."""
        return "" if self.app.screen is self.board else type(self.app.screen).__name__

    def events(self, kind: str = "") -> list[Event]:
        """The events of the history, of one kind if it is named."""
        return [e for batch in self.workspace.history() for e in batch.events if kind in ("", e.kind)]

    def card(self, ref: str) -> Card:
        """A card by its ref."""
        return self.workspace.card(self.workspace.find(ref))


@asynccontextmanager
async def console(
    workspace: Workspace, *, actor: Actor = RINA, size: tuple[int, int] = (140, 40)
) -> AsyncIterator[Console]:
    """A console on a workspace, at rest after its first picture."""
    app = OpsApp(workspace, actor)
    try:
        async with app.run_test(size=size) as pilot:
            page = Console(app, pilot)
            await page.rest()
            yield page
    finally:
        app.session.close()
