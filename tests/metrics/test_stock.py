"""Stock: what demand says, what it does not, and how much to order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.metrics.reorder import Reorder, reorder_point, suggested_order
from opstui.metrics.stock import cover, daily_demand

demands = st.lists(st.integers(1, 30), min_size=14, max_size=28)
spread = st.floats(0, 10)


@given(demands, st.floats(0, 30), st.floats(0, 30), spread, st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_the_point_never_falls_with_lead_time_or_service(
    demand: list[int], a: float, b: float, sd: float, low: float, high: float
) -> None:
    (a, b), (low, high) = sorted((a, b)), sorted((low, high))
    assert reorder_point(demand, a, sd).units <= reorder_point(demand, b, sd).units
    assert (
        reorder_point(demand, a, sd, service_level=low).units <= reorder_point(demand, a, sd, service_level=high).units
    )


@given(demands, st.floats(0, 30), spread, spread)
def test_the_point_never_falls_with_the_spread_of_deliveries(
    demand: list[int], lead: float, a: float, b: float
) -> None:
    a, b = sorted((a, b))
    assert reorder_point(demand, lead, a).units <= reorder_point(demand, lead, b).units


@given(demands, st.integers(-50, 400), st.floats(0, 20), st.floats(0, 20), st.integers(1, 24))
def test_an_order_is_whole_packs_and_reaches_the_level(
    demand: list[int], position: int, lead: float, review: float, pack: int
) -> None:
    order = suggested_order(position, reorder_point(demand, lead), lead_days=lead, review_days=review, pack=pack)
    assert order.quantity % pack == 0
    assert position + order.quantity >= order.level - 1e-6
    assert order.quantity == 0 or position + order.quantity - pack < order.level


@pytest.mark.parametrize(
    ("demand", "why"),
    [([5] * 13, "too few days"), ([5] * 13 + [None] * 9, "too few days"), ([0] * 27 + [1], "too little demand")],
)
def test_without_enough_demand_the_minimum_holds_and_says_so(demand: list[int | None], why: str) -> None:
    found = reorder_point(demand, 5, minimum=8)
    assert (found.units, found.why) == (8, why)
    assert suggested_order(3, found, lead_days=5, review_days=7, pack=4).quantity == 8


def test_cover_leaves_days_without_stock_out() -> None:
    found = cover(30, [10, None, 10, None])
    assert (found.mean, found.days, found.left_out) == (10, 3, 2)
    assert cover(30, [0, 0]).days is None
    assert cover(30, []).mean is None
    assert cover(-4, [2]).days == 0


def test_demand_from_movements() -> None:
    def day(n: int) -> date:
        return date(2026, 9, n)

    moves = [
        (day(1), "in", 20),
        (day(2), "out", -5),
        (day(2), "out", -3),
        (day(3), "reserve", 4),
        (day(4), "adjust", -2),
    ]
    moves += [(day(5), "out", -10), (day(7), "in", 12), (day(8), "out", -1)]
    found = daily_demand(moves, day(2), day(10))
    assert found == [8, 0, 0, None, None, None, 1, 0]
    assert daily_demand(moves, day(1), day(2), opening=3) == [0]
    assert daily_demand(moves, day(3), day(3)) == []


@pytest.mark.parametrize("wrong", [{"service_level": 1.0}, {"lead_sd": -1}, {"lead_days": -1}])
def test_impossible_plans_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"service level|lead time"):
        reorder_point(**{"demand": [5] * 14, "lead_days": 5, **wrong})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="pack"):
        suggested_order(3, Reorder(5), lead_days=1, pack=0)
