"""What the orders of a run say led to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.world import World
from opstui.domain.commands import MoveCard
from opstui.projections.campaign import Run
from opstui.projections.led_to import Credit, credit

START, END = datetime(2026, 9, 9, tzinfo=UTC), datetime(2026, 9, 12, tzinfo=UTC)


def ordered(world: World, day: int, *channels: str, total: int = 100, **fields: Any) -> int:
    world.at = datetime(2026, 9, day, 5, tzinfo=UTC)
    return world.card("orders", total=total, touches=[{"channel": name} for name in channels], **fields)


def found(world: World, run: Run | None = None, as_of: datetime = datetime(2026, 9, 20, tzinfo=UTC)) -> Credit | None:
    run = run or Run(START, END, "stages")
    return credit(world.workspace.state, world.workspace.settings, run, "IDR", as_of)


def test_first_and_last_contact_share_what_was_sold() -> None:
    world = World()
    ordered(world, 8, "tv", total=900)
    ordered(world, 9, "TikTok", "meta", total=300)
    ordered(world, 10, "meta", total=500)
    ordered(world, 10, total=200)
    ordered(world, 12, "tv", total=900)
    ordered(world, 10, "tv", total=900, currency="USD")
    world.do(MoveCard(card=ordered(world, 11, "tv", total=900), stage="cancelled"))
    told = found(world)
    assert told is not None
    assert (told.orders, told.told, told.sold) == (3, 2, 1000)
    assert told.first == pytest.approx({"tiktok": 0.3, "meta": 0.5, "": 0.2})
    assert told.last == pytest.approx({"tiktok": 0.0, "meta": 0.8, "": 0.2})


def test_a_contact_too_long_ago_leads_to_nothing() -> None:
    world = World()
    world.at = START
    world.card("orders", total=100, touches=[{"channel": "tv", "day": "2026-07-01"}, {"channel": "meta"}])
    told = found(world)
    assert told is not None
    assert (told.first, told.last) == ({"meta": 1.0}, {"meta": 1.0})


def test_nothing_is_told_without_a_run_orders_or_contacts() -> None:
    world = World()
    assert credit(world.workspace.state, world.workspace.settings, None, "IDR", END) is None
    assert found(world) is None
    ordered(world, 9)
    assert found(world) is None
    ordered(world, 10, "tv", total=0)
    told = found(world)
    assert told is not None
    assert (told.sold, told.first) == (100, {"": 1.0, "tv": 0.0})
    assert found(world, as_of=datetime(2026, 9, 9, 6, tzinfo=UTC)) is None


def test_a_run_without_an_end_counts_until_now() -> None:
    world = World()
    ordered(world, 18, "tv")
    assert found(world, Run(START, None, "stages")) is not None
    assert found(world) is None
