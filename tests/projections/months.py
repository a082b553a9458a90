"""A small shop in which people change their minds about everything: a made-up history for laws about figures."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from domain.world import World
from opstui.config import Settings
from opstui.domain.commands import (
    ArchiveCard,
    BlockCard,
    Command,
    CreateCard,
    EditCard,
    ImportCard,
    MoveCard,
    RestoreCard,
    UnblockCard,
    Undo,
)
from opstui.domain.model import Draft, Past, Refused
from opstui.formats import today_in

CARDS = 12
STAGES = ("new", "payment", "stock", "shipping", "closed", "closed", "cancelled")


class Months(World):
    """Some months of a small shop, in which people change their minds about everything."""

    def __init__(self, seed: int, settings: Settings | None = None) -> None:
        super().__init__(settings)
        self.dice = random.Random(seed)
        for n in range(CARDS):
            self.card(title=f"Card {n}", **({"due": self.day()} if n % 3 else {}))

    def day(self) -> str:
        ahead = self.dice.choice((-40, -2, -1, 0, 1, 2, 5, 30, 90))
        return (today_in(self.at, self.workspace.settings.zone) + timedelta(days=ahead)).isoformat()

    def go_on(self, requests: int) -> None:
        asked: list[Callable[[int], Command]] = [
            lambda card: MoveCard(card=card, stage=self.dice.choice(STAGES)),
            lambda card: MoveCard(card=card, stage=self.dice.choice(STAGES)),
            lambda card: EditCard(card=card, values={"due": self.dice.choice((self.day(), self.day(), None))}),
            lambda card: EditCard(card=card, values={"title": f"Title {self.at}"}),
            lambda card: ArchiveCard(card=card),
            lambda card: RestoreCard(card=card),
            lambda card: BlockCard(card=card, reason="rain"),
            lambda card: UnblockCard(card=card),
            lambda _card: Undo(batch=max(1, self.workspace.store.seq - self.dice.randint(0, 6))),
            lambda _card: CreateCard(board=self.dice.choice(("orders", "feedback")), title="late", fields={}, stage=""),
            lambda _card: self.imported(),
        ]
        for _request in range(requests):
            self.at += timedelta(hours=self.dice.choice((0, 1, 9, 40)))
            with suppress(Refused):
                command = self.dice.choice(asked)(self.dice.randint(1, CARDS + 8))
                self.do(command, via="import" if isinstance(command, ImportCard) else "cli")

    def imported(self) -> ImportCard:
        created = self.at - timedelta(days=self.dice.randint(5, 80))
        path = [
            Past(at=created + timedelta(days=n), sort="stage", value=stage)
            for n, stage in enumerate(("new", *self.dice.sample(("payment", "stock", "closed"), 2)))
        ]
        path.append(Past(at=created + timedelta(days=3), sort="due", value=self.day()))
        draft = Draft(
            board="orders",
            title="imported",
            source="shop",
            external_id=str(self.at),
            created=created,
            history=tuple(path),
        )
        return ImportCard(draft=draft)
