"""The last days' passages say what a fold of the whole history says, whatever happened before."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from domain.world import World
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
from opstui.projections.current import CurrentFlows
from opstui.projections.flow import Flows
from opstui.projections.pane import first_day, flow_lines

CARDS = 12
STAGES = ("new", "payment", "stock", "shipping", "closed", "closed", "cancelled")


class Months(World):
    """Some months of a small shop, in which people change their minds about everything."""

    def __init__(self, seed: int) -> None:
        super().__init__()
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

    def lines(self, current: CurrentFlows) -> tuple[object, object]:
        """The pane's lines from everything, and from what was needed."""
        state, settings, now = self.workspace.state, self.workspace.settings, self.at
        board = settings.boards[0]
        everything = Flows(settings.boards).fold(self.workspace.history()).passages(board.id)
        return (
            flow_lines(board, everything, state, settings, now),
            flow_lines(board, current.passages(), state, settings, now),
        )


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_everything_says_at_first_and_as_it_goes_on(seed: int) -> None:
    months = Months(seed)
    months.go_on(120)
    store, settings = months.workspace.store, months.workspace.settings
    first = first_day(months.at, settings.zone)
    current = CurrentFlows(settings.boards[0], first, settings.zone, store.events_of, store.redated)
    current.begin(store, store.seq)
    seq = store.seq
    everything, needed = months.lines(current)
    assert needed == everything
    for requests in (1, 3, 30):
        months.go_on(requests)
        current.follow(store.history(seq), store)
        seq = store.seq
        everything, needed = months.lines(current)
        assert needed == everything


def test_a_promise_that_the_document_does_not_show_any_more_counts() -> None:
    months = Months(1)

    def days_on(days: int, *commands: Command) -> None:
        months.at += timedelta(days=days)
        months.do(*commands)

    card = months.card(title="promised", due="2026-09-12")
    days_on(2, EditCard(card=card, values={"due": "2026-12-24"}))
    days_on(8, EditCard(card=card, values={"due": "2026-10-01"}))
    days_on(1, MoveCard(card=card, stage="closed"))
    months.at += timedelta(days=100)
    store, settings = months.workspace.store, months.workspace.settings
    first = first_day(months.at, settings.zone)
    current = CurrentFlows(settings.boards[0], first, settings.zone, store.events_of, store.redated)
    current.begin(store, store.seq)
    assert card in {passage.track.card for passage in current.passages()}
    everything, needed = months.lines(current)
    assert needed == everything
