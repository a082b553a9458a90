"""Whether something was seen before, and whether it was known of when it began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.world import World
from opstui.domain import postmortems
from opstui.domain.commands import (
    AddPart,
    ArchiveCard,
    DraftPostmortem,
    EditCard,
    LinkCards,
    MarkCard,
    MoveCard,
    SkipPostmortem,
)
from opstui.projections.postmortem import Facts, postmortem_facts

EARLY = datetime(2026, 6, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 7, 1, tzinfo=UTC)


class Shop(World):
    """A shop where something may happen twice."""

    def case(self, board: str, at: datetime, factor: str = "", **fields: Any) -> int:
        """A card with a post-mortem."""
        self.at = at
        card = self.card(board, **fields)
        self.do(DraftPostmortem(card=card))
        if factor:
            self.do(AddPart(postmortem=self.pm(card), sort="factor", values={"text": factor}))
        return card

    def pm(self, card: int) -> int:
        found = postmortems.of_card(self.workspace.state, card)
        assert found is not None
        return found[0]

    def facts(self, card: int) -> Facts:
        workspace = self.workspace
        return postmortem_facts(workspace.state, workspace.events_of, card, workspace.settings)

    def shared(self, card: int) -> list[tuple[str, ...]]:
        return [row.shared for row in self.facts(card).earlier]


@pytest.mark.parametrize(
    ("board", "then", "now", "shared"),
    [
        ("orders", {"tags": ["Glass"]}, {"tags": ["glass", "x"]}, ("tag: glass",)),
        ("orders", {"tags": ["glass"]}, {"tags": ["paper"]}, None),
        ("feedback", {"theme": "Rash"}, {"theme": "rash"}, ("theme: rash",)),
        ("orders", {"factor": "Slot  not booked"}, {"factor": "slot not booked"}, ("factor: slot not booked",)),
        ("orders", {"factor": "Slot not booked"}, {"factor": "slot booked"}, None),
        ("orders", {"customer": "Budi S."}, {"customer": "budi s."}, ("the same customer",)),
        ("orders", {"phone": "0812-3456-7890"}, {"phone": "+62 812 3456 7890"}, ("the same customer",)),
        ("orders", {}, {}, None),
        (
            "orders",
            {"lines": [{"name": "Serum", "quantity": 1, "sku": "SRM-12"}]},
            {"lines": [{"name": "Cream", "quantity": 1, "sku": "srm-12"}]},
            ("item: srm-12",),
        ),
    ],
)
def test_what_two_cases_share(
    board: str, then: dict[str, Any], now: dict[str, Any], shared: tuple[str, ...] | None
) -> None:
    shop = Shop()
    shop.case(board, EARLY, **then)
    later = shop.case(board, NOW, **now)
    assert shop.shared(later) == ([shared] if shared else [])


def test_a_customer_of_feedback_is_one_of_orders_too() -> None:
    shop = Shop()
    shop.case("orders", EARLY, customer="Budi S.")
    assert shop.shared(shop.case("feedback", NOW, customer="Budi S.")) == [("the same customer",)]


def test_the_stage_that_held_both_up() -> None:
    shop = Shop()

    def held(at: datetime, stage: str) -> int:
        card = shop.case("orders", at)
        shop.do(MoveCard(card=card, stage=stage))
        shop.at += timedelta(days=3)
        shop.do(MoveCard(card=card, stage="closed"))
        return card

    held(EARLY, "payment")
    quick = shop.case("orders", EARLY + timedelta(days=30))
    shop.do(MoveCard(card=quick, stage="payment"), MoveCard(card=quick, stage="closed"))
    held(EARLY + timedelta(days=9), "processing")
    assert shop.shared(held(NOW, "payment")) == [("held up in: Payment",)]


def test_earlier_ones_only_the_last_first_and_none_that_was_skipped() -> None:
    shop = Shop()
    ages = (400, 181, 179, 5)
    cards = [shop.case("orders", NOW - timedelta(days=days), tags=["glass"]) for days in ages]
    skipped = shop.case("orders", NOW - timedelta(days=2), tags=["glass"])
    shop.do(SkipPostmortem(postmortem=shop.pm(skipped), reason="a test"))
    mine = shop.case("orders", NOW, tags=["glass"])
    shop.case("orders", NOW + timedelta(days=1), tags=["glass"])
    found = shop.facts(mine).earlier
    assert [row.card for row in found] == [shop.doc(card)["ref"] for card in reversed(cards)]
    assert [row.recent for row in found] == [True, True, False, False]


def test_actions_of_an_earlier_one_that_are_still_open() -> None:
    shop = Shop()
    old = shop.case("orders", EARLY, tags=["glass"])
    ref = shop.facts(old).ref
    done, _open, gone = (shop.card("actions", name, postmortem=ref) for name in "abc")
    shop.do(MoveCard(card=done, stage="done"), ArchiveCard(card=gone))
    (row,) = shop.facts(shop.case("orders", NOW, tags=["glass"])).earlier
    assert row.open_actions == 1


def test_work_that_was_known_of() -> None:
    shop = Shop()
    shop.at = EARLY
    linked, tagged, order, closed, later_closed, away = (
        shop.card(board, title, tags=["glass"])
        for board, title in (
            ("orders", "linked"), ("actions", "tagged"), ("orders", "an order"), ("actions", "closed before"),
            ("actions", "closed after"), ("actions", "put away"),
        )
    )  # fmt: skip
    shop.do(MoveCard(card=closed, stage="done"), ArchiveCard(card=away))
    mine = shop.case("orders", NOW, tags=["Glass"])
    shop.do(LinkCards(card=linked, other=mine), MoveCard(card=later_closed, stage="done"))
    shop.card("actions", "new", tags=["glass"])
    assert order
    assert [(row.title, row.why) for row in shop.facts(mine).waiting] == [
        ("linked", "linked"), ("tagged", "tag: glass"), ("closed after", "tag: glass"),
    ]  # fmt: skip
    assert tagged


def test_an_incident_began_when_it_was_marked_not_when_someone_made_the_card() -> None:
    shop = Shop()
    mine = shop.case("orders", NOW, tags=["glass"])
    shop.card("actions", "meanwhile", tags=["glass"])
    assert shop.facts(mine).waiting == ()
    shop.at = NOW + timedelta(days=1)
    shop.do(MarkCard(card=mine, mark="started", at=(NOW + timedelta(hours=9)).isoformat()))
    assert [row.title for row in shop.facts(mine).waiting] == ["meanwhile"]
    shop.do(EditCard(card=mine, values={"tags": []}))
    assert shop.facts(mine).waiting == ()
