"""The figures of a board, and that they say of a real export what an independent count says."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from builders import T0, board_of, hour, track
from opstui.config import Settings
from opstui.metrics.track import Track
from opstui.projections.kpis import Metric, board_metrics

SETTINGS = Settings()
FLOW = [
    "lead_time_p50_hours",
    "lead_time_p85_hours",
    "cycle_time_p50_hours",
    "throughput_total",
    "wip",
    "flow_efficiency",
    "on_time_rate",
    "on_time_rate_done",
    "overdue",
    "slowest_stage",
]


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=SETTINGS.zone)


SEPTEMBER = midnight(2026, 9, 1), midnight(2026, 10, 1)


def figures(board: str, tracks: list[Track], rows: list[dict[str, Any]] | None = None) -> list[Metric]:
    return list(board_metrics(board_of(board), tracks, rows or [], SETTINGS, *SEPTEMBER, hour(600)))


def by_id(metrics: list[Metric]) -> dict[str, tuple[Any, str, int]]:
    return {m.id: (m.value, m.unit, m.n) for m in metrics}


def test_an_empty_board_has_all_its_figures_and_no_invented_ones() -> None:
    found = figures("orders", [])
    assert [m.id for m in found] == FLOW
    assert {m.value for m in found if m.unit != "cards"} == {None}
    assert {m.value for m in found if m.unit == "cards"} == {0}


def test_figures_of_a_month() -> None:
    found = by_id(
        figures(
            "orders",
            [
                track(("new", 0), ("payment", 4), ("closed", 10), card=1, due=date(2026, 9, 1)),
                track(("new", 0), ("payment", 10), ("closed", 40), card=2, due=date(2026, 9, 1)),
                track(("new", 0), ("stock", 5), card=3, due=date(2026, 9, 4)),
                track(("new", 0), ("stock", 5), card=4, due=date(2026, 10, 4)),
                track(("new", 0), ("cancelled", 5), card=5, due=date(2026, 9, 4)),
                track(("new", -2000), ("closed", -1000), card=6, due=date(2026, 6, 1)),
            ],
        )
    )
    assert found == {
        "lead_time_p50_hours": (25.0, "hours", 2),
        "lead_time_p85_hours": (pytest.approx(35.5), "hours", 2),
        "cycle_time_p50_hours": (18.0, "hours", 2),
        "throughput_total": (2, "cards", 2),
        "wip": (2, "cards", 2),
        "flow_efficiency": (1.0, "fraction", 2),
        "on_time_rate": (pytest.approx(1 / 3), "fraction", 3),
        "on_time_rate_done": (0.5, "fraction", 2),
        "overdue": (1, "cards", 2),
        "slowest_stage": ("stock", "stage", 2),
    }


def row(day: str, currency: str = "IDR", **figures: float) -> dict[str, Any]:
    return {"card": 1, "day": day, "channel": "meta", "currency": currency, **figures}


def test_campaign_figures_are_ratios_of_sums_in_the_period() -> None:
    rows = [
        row("2026-09-01", spend=100, impressions=1000, clicks=10, conversions=1, revenue=300),
        row("2026-09-30", spend=300, impressions=1000, clicks=40, conversions=3, revenue=300),
        row("2026-10-01", spend=999, impressions=9, clicks=9, conversions=9, revenue=9),
        row("2026-08-31", spend=999, impressions=9, clicks=9, conversions=9, revenue=9),
    ]
    found = by_id(figures("campaigns", [], rows))
    assert list(found) == [*FLOW, "spend", "revenue", "blended_roas", "roas", "ctr", "cvr", "cpa", "cpc", "cpm"]
    assert {name: found[name] for name in list(found)[10:]} == {
        "spend": (400, "IDR", 2),
        "revenue": (600, "IDR", 2),
        "blended_roas": (None, "ratio", 2),
        "roas": (1.5, "ratio", 2),
        "ctr": (0.025, "fraction", 2),
        "cvr": (0.08, "fraction", 2),
        "cpa": (100.0, "IDR", 2),
        "cpc": (8.0, "IDR", 2),
        "cpm": (200.0, "IDR", 2),
    }


def test_two_currencies_are_never_added() -> None:
    rows = [
        row("2026-09-01", spend=1000, clicks=1, impressions=10, conversions=1, revenue=900),
        row("2026-09-02", "USD", spend=26815, clicks=3, impressions=10, conversions=1),
    ]
    found = [(m.id, m.value, m.unit) for m in figures("campaigns", [], rows)[10:]]
    assert found == [
        ("spend", 1000, "IDR"),
        ("spend", 268.15, "USD"),
        ("revenue", 900, "IDR"),
        ("revenue", 0, "USD"),
        ("blended_roas", None, "ratio"),
        ("roas", None, "ratio"),
        ("ctr", 0.2, "fraction"),
        ("cvr", 0.5, "fraction"),
        ("cpa", None, "IDR"),
        ("cpc", None, "IDR"),
        ("cpm", None, "IDR"),
    ]


def test_a_campaign_is_never_slow_for_being_live() -> None:
    found = by_id(figures("campaigns", [track(("brief", 0), ("approval", 5), ("live", 20))]))
    assert found["slowest_stage"] == ("approval", "stage", 1)


def test_a_campaign_without_rows_has_spent_nothing_that_is_known() -> None:
    assert [(m.id, m.value, m.n) for m in figures("campaigns", [])[10:]] == [
        (name, None, 0) for name in ("spend", "revenue", "blended_roas", "roas", "ctr", "cvr", "cpa", "cpc", "cpm")
    ]


# ------------------------------------------------------------------------------------- a real export

ENDS = {"delivered": "closed", "canceled": "cancelled", "unavailable": "cancelled"}


def olist(folder: Path) -> list[Track]:
    """The tracks of Olist's orders, straight from the file: purchased, handed over, delivered."""
    zone = SETTINGS.zone
    tracks = []
    with (folder / "olist_orders_dataset.csv").open(encoding="utf-8", newline="") as lines:
        for number, order in enumerate(csv.DictReader(lines)):

            def at(name: str, order: dict[str, str] = order) -> datetime:
                return datetime.fromisoformat(order[name]).replace(tzinfo=zone).astimezone(UTC)

            path = [("new", at("order_purchase_timestamp"))]
            end = ENDS.get(order["order_status"])
            if end == "closed":
                path.append((end, at("order_delivered_customer_date")))
            elif end:
                path.append((end, path[0][1]))
            due = date.fromisoformat(order["order_estimated_delivery_date"][:10])
            tracks.append(Track(number, path[0][1], tuple(path), due=due))
    return tracks


@pytest.mark.real_exports
def test_figures_of_a_real_shop(real_exports: Path) -> None:
    folder = real_exports / "olist" / "sample_3000_albuquerques"
    if not folder.is_dir():
        pytest.skip("the Olist sample is not on this machine")
    tracks = olist(folder)
    period = midnight(2016, 1, 1), midnight(2019, 1, 1)
    found = by_id(list(board_metrics(board_of("orders"), tracks, [], SETTINGS, *period, T0)))
    assert len(tracks) == 3000
    assert round(found["lead_time_p50_hours"][0], 3) == 243.928
    assert found["throughput_total"][0] == 2904
    rate, _unit, n = found["on_time_rate_done"]
    assert (n, math.isclose(rate, 2713 / 2904)) == (2904, True)
    strict, _unit, n = found["on_time_rate"]
    assert n == 2959
    assert strict < rate
    jakarta, utc = SETTINGS, replace(SETTINGS, timezone="UTC")
    assert jakarta.zone != utc.zone
