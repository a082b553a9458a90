"""A workspace in memory, for telling what happens as given, when, then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from opstui.config import Settings
from opstui.domain.commands import Command, CreateCard
from opstui.domain.events import Event
from opstui.domain.model import Actor, Doc
from opstui.store.memory import MemoryStore
from opstui.workspace import Receipt, Workspace

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)


class World:
    """A workspace whose clock moves a minute at each request."""

    def __init__(self, settings: Settings | None = None, role: str = "owner") -> None:
        self.at = START
        self.role = role
        self.workspace = Workspace(Path(), settings or Settings(), MemoryStore(), self._clock)

    def _clock(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def do(self, *commands: Command, by: str = "rina", via: str = "cli") -> Receipt:
        """Ask as a member."""
        return self.workspace.submit(Actor(by, self.role), *commands, via=via)

    def events(self, *commands: Command, by: str = "rina", via: str = "cli") -> list[Event]:
        """What came of it."""
        return list(self.do(*commands, by=by, via=via).events)

    def card(self, board: str = "orders", title: str = "A card", by: str = "rina", **fields: object) -> int:
        """A new card's document id."""
        return self.events(CreateCard(board=board, title=title, fields=fields), by=by)[0].id

    def doc(self, card_id: int) -> Doc:
        """A card's document now."""
        doc = self.workspace.state.get("cards", card_id)
        assert doc is not None
        return doc

    def lane(self, stage: str, board: str = "orders") -> list[int]:
        """The cards of a stage in order."""
        return list(self.workspace.state.lane(board, stage))
