"""The lines under the tiles: flow of thirty days, and the campaigns that are live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from builders import T0, Chronicle, Tables, board_of, card_doc
from opstui.config import Settings
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.model import Money
from opstui.projections.flow import Flows
from opstui.projections.pane import FlowLines, campaign_lines, ctr_fell, flow_lines

SETTINGS = Settings(targets={"on_time_rate": 0.95})
NOW = datetime(2026, 9, 21, 14, 7, tzinfo=SETTINGS.zone).astimezone(UTC)
TODAY = date(2026, 9, 21)


def lines(told: Chronicle) -> FlowLines:
    ways = Flows(DEFAULT_BOARDS).fold(told.batches).passages("orders")
    return flow_lines(board_of("orders"), ways, told, SETTINGS, NOW)


def test_nothing_yet() -> None:
    found = lines(Chronicle())
    assert [found.lead_p50, found.lead_p85, found.on_time, found.slowest] == [None] * 4
    assert found.on_time_state == "plain"


def test_thirty_days_of_a_board() -> None:
    told = Chronicle()
    for card, (stay, due) in enumerate([(10, "2026-09-01"), (30, "2026-09-01"), (50, "2026-09-10")], 1):
        told.create(card, 0, due=due, total=1000, currency="IDR")
        told.move(card, "payment", 1)
        told.move(card, "closed", stay)
    for card in (4, 5):
        told.create(card, 2, total=250, currency="IDR" if card == 4 else "USD")
        told.move(card, "stock", 4)
    found = lines(told)
    assert [found.lead_p50, found.lead_p85] == pytest.approx([30.0, 44.0])
    assert [found.on_time, found.on_time_target] == pytest.approx([2 / 3, 0.95])
    assert (found.done, found.promised, found.on_time_state) == (3, 3, "bad")
    slowest = found.slowest
    assert slowest is not None
    assert (slowest.stage, slowest.name, slowest.query, slowest.board) == ("stock", "Stock", "stage:stock", "orders")
    assert (slowest.cards, slowest.touched, slowest.proven) == (2, 2, False)
    assert slowest.sums == (Money(250, "IDR"), Money(250, "USD"))
    assert slowest.share > 0.9


DUE_DAYS = ("2026-08-22", "2026-08-23", "2026-09-20", "2026-09-21", None)
"""The day before the period, its first, yesterday, today (which is not over yet), and no promise."""


def promising() -> Chronicle:
    """Orders due around both ends of the period; the last but one of those inside it was dropped."""
    told = Chronicle()
    for card, due in enumerate((*DUE_DAYS, "2026-09-19"), 1):
        told.create(card, 0, due=due)
    told.move(6, "cancelled", 1)
    return told


def test_the_rate_on_time_is_about_promises_that_fell_due() -> None:
    told = promising()
    found = lines(told)
    assert (found.board, found.name, found.done_query) == ("orders", "Orders", "board:orders done:30d")
    assert (found.promised, found.promised_query) == (2, "board:orders promised:2026-08-23..2026-09-20")
    told.change("edited", 3, (NOW - T0) / timedelta(hours=1) - 12, due="2026-12-01")
    assert lines(told).promised == 2, "a day moved at the last moment is still the promise"
    assert lines(Chronicle()).promised_query == ""


def row(card: int, days_ago: int, **figures: Any) -> dict[str, Any]:
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    return {"card": card, "day": day, "channel": "meta", "currency": "IDR", **figures}


def test_live_campaigns() -> None:
    cards = {
        1: card_doc(1, "campaigns", "live", budget=15_000, currency="IDR"),
        2: card_doc(2, "campaigns", "archive", budget=15_000, currency="IDR"),
        3: card_doc(3, "campaigns", "live", budget=9_900, currency="USD"),
        4: card_doc(4, "campaigns", "live"),
    }
    metrics = {
        1: row(1, 1, spend=5_000, revenue=20_000, impressions=100, clicks=1),
        2: row(1, 5, spend=5_000, revenue=10_000, impressions=100, clicks=9),
        3: row(2, 1, spend=5_000, revenue=20_000),
        4: row(3, 1, spend=700, revenue=70),
        5: row(3, 1, spend=100) | {"currency": "USD"},
    }
    found = campaign_lines(Tables(cards=cards, metrics=metrics), SETTINGS, NOW)
    assert [(x.ref, x.spend, x.budget, x.roas, x.ctr_fell) for x in found] == [
        ("CMP-0001", Money(10_000, "IDR"), Money(15_000, "IDR"), 3.0, True),
        ("CMP-0003", Money(700, "IDR"), None, 0.1, False),
        ("CMP-0003", Money(100, "USD"), Money(9_900, "USD"), 0.0, False),
        ("CMP-0004", Money(0, "IDR"), None, None, False),
    ]
    assert campaign_lines(Tables(), SETTINGS, NOW) == ()


@pytest.mark.parametrize(
    ("recent", "before", "fell"),
    [
        pytest.param((10, 1000), (10, 1000), False, id="steady"),
        pytest.param((8, 1000), (10, 1000), True, id="a fifth"),
        pytest.param((9, 1000), (10, 1000), False, id="a tenth is no news"),
        pytest.param((0, 1000), (10, 1000), True, id="nobody clicks any more"),
        pytest.param((0, 0), (10, 1000), False, id="not shown: nothing known"),
        pytest.param((1, 1000), (0, 1000), False, id="never clicked before"),
    ],
)
def test_a_fall_of_ctr(recent: tuple[int, int], before: tuple[int, int], fell: bool) -> None:
    rows = [
        row(1, 0, clicks=0, impressions=99_999),
        row(1, 3, clicks=recent[0], impressions=recent[1]),
        row(1, 10, clicks=before[0], impressions=before[1]),
        row(1, 11, clicks=900, impressions=1000),
    ]
    assert ctr_fell(rows, TODAY) is fell
