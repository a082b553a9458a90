"""Edges and laws of customers, funnels, scores and dependence that the numeric cases do not reach."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.metrics import customers, funnel, governance, marketing, scoring
from opstui.metrics.customers import Cohort, Worth

COUNTS = st.integers(0, 500)
DAYS = st.dates(date(2025, 1, 1), date(2026, 6, 30))


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_churn_and_retention_are_one_or_a_fault(start: int, lost: int, new: int, gone: int) -> None:
    found = customers.churn(start, lost, new, gone)
    assert found.customers_end == start - lost + new - gone
    assert bool(found.fault) == (lost > start or gone > new)
    if found.churn is not None:
        assert found.retention == pytest.approx(1 - found.churn)
        assert found.annualised is not None
        assert found.churn - 1e-9 <= found.annualised <= 1
    assert customers.churn(5, -1).fault == "negative"


@given(st.lists(st.tuples(st.sampled_from(["ani", "budi", "citra"]), DAYS), max_size=40))
def test_cohorts_of_orders_are_possible_and_begin_whole(orders: list[tuple[str, date]]) -> None:
    cohorts = customers.cohorts_of(orders, date(2026, 7, 1))
    assert sum(c.size for c in cohorts.values()) == len({name for name, _ in orders})
    found = customers.cohort_retention(cohorts)
    assert not found.faults
    for shares in (*found.by_cohort.values(), found.pooled):
        assert all(share is not None and 0 <= share <= 1 for share in shares)
    assert all(shares[0] == 1 for shares in found.by_cohort.values())


def test_the_month_that_is_not_over_and_cohorts_that_cannot_be_are_left_out() -> None:
    orders = [("ani", date(2026, 8, 3)), ("ani", date(2026, 9, 9)), ("budi", date(2026, 9, 1))]
    assert customers.cohorts_of(orders, date(2026, 9, 30)) == {"2026-08": Cohort(1, (1,))}
    found = customers.cohort_retention({"x": Cohort(5, (5, 6)), "y": Cohort(0, (0,)), "z": Cohort(4, (4, 2))})
    assert found.faults == ("x",)
    assert found.by_cohort == {"y": [None], "z": [1.0, 0.5]}
    assert found.pooled == [1.0, 0.5]
    assert customers.cohort_retention({}).pooled == []


@pytest.mark.parametrize(
    ("orders", "lost"),
    [
        pytest.param([], None, id="never bought"),
        pytest.param([date(2026, 7, 1)], False, id="sixty days are not over"),
        pytest.param([date(2026, 6, 1)], True, id="one order, long ago"),
        pytest.param([date(2026, 1, 1), date(2026, 6, 1)], False, id="buys twice a year"),
        pytest.param([date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 8)], True, id="bought every week"),
    ],
)
def test_who_seems_lost(orders: list[date], lost: bool | None) -> None:
    assert customers.seems_lost(orders, date(2026, 8, 20)) is lost


@given(st.floats(0, 1e6), st.floats(0, 0.95), st.floats(0, 0.5), st.integers(0, 60))
def test_a_horizon_never_brings_more_than_for_ever(margin: float, stay: float, discount: float, periods: int) -> None:
    ever = customers.ltv_forever(margin, stay, discount)
    assert ever is not None
    assert customers.ltv(margin, stay, discount, periods) <= ever * (1 + 1e-9)


def test_who_never_leaves_has_no_finite_worth_and_a_discount_of_all_no_meaning() -> None:
    assert customers.ltv_forever(10, 1) is None
    assert customers.ltv_forever(10, 1.2, 0.5) is None
    assert customers.ltv_forever(10, 0.5, -1) is None
    with pytest.raises(ValueError, match="discount"):
        customers.ltv(10, 0.5, -1, 3)


@pytest.mark.parametrize(("cost", "period"), [(0, 0), (10, 1), (15, 2), (19.99, 11), (20.1, None)])
def test_payback(cost: float, period: int | None) -> None:
    assert customers.payback(Worth(customers=1, margin=10, retention=0.5), cost) == period


def test_customers_who_bring_nothing_never_pay_back() -> None:
    assert customers.payback(Worth(customers=1, margin=0, retention=2), 5) is None
    assert customers.payback(Worth(customers=0, margin=9, retention=2), 5) is None
    with pytest.raises(ValueError, match="discount"):
        customers.payback(Worth(customers=1, margin=9, retention=1, discount=-1), 5)


@given(st.lists(st.integers(0, 10**6), max_size=7))
def test_the_losses_of_a_funnel_add_up(counts: list[int]) -> None:
    found = funnel.funnel([(str(n), count) for n, count in enumerate(counts)])
    assert sum(step.lost for step in found.steps) == (counts[0] - counts[-1] if counts else 0)
    assert (found.most_lost is None) == (not any(a > b for a, b in pairwise(counts)))


def test_a_stage_with_more_than_the_one_before_is_named() -> None:
    found = funnel.funnel([("a", 10), ("b", 20), ("c", 0), ("d", 5)])
    assert found.faults == ("b", "d")
    assert [step.rate for step in found.steps] == [2, 0, None]
    assert found.worst_rate == found.most_lost == "c"
    assert funnel.funnel([("a", 0), ("b", 0)]).overall is None


def test_share_of_voice_without_a_voice_or_below_zero_is_undefined() -> None:
    assert marketing.share_of_voice({}, "us") is None
    assert marketing.share_of_voice({"us": 0, "them": 0}, "us") is None
    assert marketing.share_of_voice({"us": -1, "them": 4}, "us") is None
    assert marketing.share_of_voice({"them": 4}, "us") == 0


def test_scores() -> None:
    assert scoring.rice(10, 1, 1, -1) is None
    assert scoring.ice(9, 6, 0) == 5
    assert scoring.wsjf(8, 5, 2, 3) == 5
    assert scoring.wsjf(8, 5, 2, 0) is None


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        ({}, None),
        ({"ani": 0}, None),
        ({"budi": 3, "ani": 3}, ("ani", False)),
        ({"ani": 7, "budi": 3}, ("ani", True)),
        ({"ani": 9}, ("ani", False)),
    ],
)
def test_the_key_person(finished: dict[str, int], expected: tuple[str, bool] | None) -> None:
    found = governance.key_person(finished)
    assert (found and (found.top, found.at_risk)) == expected


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8))
def test_concentration_lies_between_equals_and_one(amounts: list[int]) -> None:
    found = governance.concentration(amounts)
    assert found is not None
    assert 1 / len(amounts) - 1e-9 <= found.hhi <= 1 + 1e-9
    assert found.hhi <= found.top + 1e-9


def test_dependence_without_figures_is_undefined() -> None:
    assert governance.concentration([]) is None
    assert governance.concentration([5, -1]) is None
    assert governance.Tool(licence_per_month=5).per_month(0) is None


@pytest.mark.parametrize(
    ("roles", "faults"),
    [
        ({}, ("no A", "no R")),
        ({"owner": "a / r"}, ()),
        ({"owner": "A"}, ("no R",)),
        ({"owner": "A", "ops": "X/R", "cs": "X"}, ("not a letter of RACI: X",)),
        ({"owner": "A", "ops": "A", "cs": ""}, ("more than one A", "no R")),
    ],
)
def test_raci(roles: dict[str, str], faults: tuple[str, ...]) -> None:
    assert governance.raci(roles) == faults
