"""Daily figures typed by hand: what is kept, what is replaced, what cannot be, and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.world import World
from opstui.domain.commands import EditCard, ImportCard, RecordFigures, Undo
from opstui.domain.figures import channels_of, rows_of
from opstui.domain.model import Doc, Draft, MetricRow, Refused

DAY = "2026-09-06"


def asked(card: int, day: str = DAY, channel: str = "Meta", currency: str = "IDR", **figures: Any) -> RecordFigures:
    return RecordFigures(card=card, day=day, channel=channel, currency=currency, figures=figures or {"spend": 1000})


def known(world: World) -> list[Doc]:
    return list(rows_of(world.workspace.state))


def test_a_day_is_kept_in_whole_and_shows_in_the_history() -> None:
    world = World()
    card = world.card("campaigns", channels=["meta"])
    (event,) = world.events(asked(card, spend=1000, clicks=5, conversions=2.5))
    assert (event.kind, event.table, event.id) == ("metrics_recorded", "cards", card)
    assert event.data == {"rows": 1, "from": DAY, "to": DAY, "channel": "meta"}, "spelt as the brief spells it"
    assert known(world) == [
        {
            "card": card, "day": DAY, "channel": "meta", "currency": "IDR", "spend": 1000, "impressions": 0,
            "clicks": 5, "conversions": 2.5, "revenue": 0, "leads": 0,
        }
    ]  # fmt: skip
    assert channels_of(world.doc(card), world.workspace.state) == ["meta"]


def test_typed_again_replaces_what_is_given_and_nothing_else() -> None:
    world = World()
    card = world.card("campaigns")
    world.do(asked(card, spend=1000, clicks=5))
    (event,) = world.events(asked(card, channel=" META ", spend=2000))
    assert event.data["replaced"] is True
    assert [(row["channel"], row["spend"], row["clicks"]) for row in known(world)] == [("Meta", 2000, 5)]
    assert world.events(asked(card, spend=2000)) == [], "it stands there already"
    world.do(asked(card, currency="USD", spend=7))
    assert len(known(world)) == 2, "another currency is a row of its own"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"day": "2026-09-08"}, "still to come"),
        ({"day": "yesterday"}, "is no day"),
        ({"channel": " "}, "which channel"),
        ({"channel": "Shop"}, "the shop itself sold"),
        ({"currency": "Rp"}, "ISO 4217"),
        ({"spend": -1}, "at least 0"),
        ({"clicks": 10**16}, "not that large"),
        ({"clicks": 1.5}, "whole number"),
        ({"clicks": True}, "whole number"),
        ({"conversions": float("nan")}, "whole number"),
        ({"likes": 3}, "no daily figure"),
        ({"clicks": 11, "impressions": 10}, "cannot be more"),
        ({"reach": 11, "impressions": 10}, "cannot be more"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], reason: str) -> None:
    world = World()
    card = world.card("campaigns")
    with pytest.raises(Refused, match=reason):
        world.do(asked(card, **change))
    assert known(world) == []


def test_it_must_be_a_campaign_and_some_figure() -> None:
    world = World()
    with pytest.raises(Refused, match="ORD-0001 is no campaign"):
        world.do(asked(world.card("orders")))
    with pytest.raises(Refused, match="at least one figure"):
        world.do(RecordFigures(card=world.card("campaigns"), day=DAY, channel="meta", currency="IDR", figures={}))
    world.role = "viewer"
    with pytest.raises(Refused, match="may not change campaign"):
        world.do(asked(2))


def test_more_clicks_than_were_imported_are_seen_and_other_figures_of_that_day_are_not_in_the_way() -> None:
    world = World()
    row = MetricRow(day=date(2026, 9, 6), channel="meta", currency="IDR", impressions=5, clicks=9)
    draft = Draft(source="s", external_id="1", board="campaigns", title="Sale", created=world.at, metrics=(row,))
    world.do(ImportCard(draft=draft), via="import")
    world.do(asked(1, spend=3))
    with pytest.raises(Refused, match="clicks 10 cannot be more than impressions 5"):
        world.do(asked(1, clicks=10))


def test_undo_and_redo_there_and_back() -> None:
    world = World()
    card = world.card("campaigns")
    first = world.do(asked(card, spend=1000)).batch or 0
    second = world.do(asked(card, spend=2000)).batch or 0
    with pytest.raises(Refused, match=f"the row of {DAY}, Meta has been changed since"):
        world.do(Undo(batch=first))
    back = world.do(Undo(batch=second))
    assert [row["spend"] for row in known(world)] == [1000]
    assert back.events[0].data["undoes"] == second
    world.do(Undo(batch=back.batch or 0))
    assert [row["spend"] for row in known(world)] == [2000]


def test_a_row_that_was_undone_counts_nowhere_and_can_be_typed_again() -> None:
    world = World()
    card = world.card("campaigns")
    batch = world.do(asked(card, spend=1000, clicks=5)).batch or 0
    undone = world.do(Undo(batch=batch)).batch or 0
    assert known(world) == []
    with pytest.raises(Refused, match="changed since"):
        world.do(Undo(batch=batch))
    (event,) = world.events(asked(card, spend=7))
    assert "replaced" not in event.data
    assert [(row["spend"], row["clicks"]) for row in known(world)] == [(7, 0)]
    with pytest.raises(Refused, match="changed since"):
        world.do(Undo(batch=undone))


def test_an_edit_of_the_card_is_not_in_the_way_of_an_undo() -> None:
    world = World()
    card = world.card("campaigns")
    batch = world.do(asked(card)).batch or 0
    world.do(EditCard(card=card, values={"owner": "budi"}))
    world.do(Undo(batch=batch))
    assert known(world) == []


def test_imported_figures_stay() -> None:
    world = World()
    draft = Draft(source="s", external_id="1", board="campaigns", title="Sale", created=world.at)
    world.do(ImportCard(draft=draft), via="import")
    row = MetricRow(day=date(2026, 9, 6), channel="meta", currency="IDR", spend=5)
    again = Draft(source="s", external_id="1", board="campaigns", title="Sale", created=world.at, metrics=(row,))
    batch = world.do(ImportCard(draft=again), via="import").batch or 0
    with pytest.raises(Refused, match="imported stay"):
        world.do(Undo(batch=batch))
