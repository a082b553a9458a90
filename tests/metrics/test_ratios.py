"""Edges of the ratios, the stock sums and the service figures that the numeric cases do not reach."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.metrics import marketing, percentiles, service, stock

RUN = date(2026, 9, 1), date(2026, 9, 10)


def test_a_percentile_of_nothing_is_none() -> None:
    assert percentiles.quantile([], 50) is None
    assert percentiles.nearest_rank([], 50) is None


@given(st.lists(st.integers(-1000, 1000), min_size=1), st.integers(0, 100))
def test_the_nearest_rank_is_a_value_that_enough_do_not_exceed(values: list[int], percent: int) -> None:
    found = percentiles.nearest_rank(values, percent)
    assert found is not None
    assert found in values
    assert 100 * sum(v <= found for v in values) >= percent * len(values)


def test_what_cannot_be_true_is_named_and_not_a_crash() -> None:
    row = marketing.Totals(spend=-1, impressions=5, clicks=9, conversions=10)
    assert marketing.faults(row) == ("spend", "clicks>impressions", "conversions>clicks")
    assert marketing.faults(marketing.Totals(spend=1, impressions=9, clicks=2, conversions=1)) == ()


@pytest.mark.parametrize(
    ("day", "spent", "pace", "band"),
    [
        pytest.param(date(2026, 9, 5), 500, 1.0, "on_track", id="even"),
        pytest.param(date(2026, 9, 5), 400, 0.8, "under", id="slow"),
        pytest.param(date(2026, 9, 5), 600, 1.2, "over", id="fast"),
        pytest.param(date(2026, 9, 20), 1100, 1.1, "on_track", id="after the end, against the budget"),
    ],
)
def test_pacing(day: date, spent: int, pace: float, band: str) -> None:
    found = marketing.pacing(1000, spent, *RUN, day)
    assert found is not None
    assert found.pace == pytest.approx(pace)
    assert found.band == band


def test_pacing_by_weekday_expects_little_of_quiet_days() -> None:
    """Tuesday 1 September to Thursday 10: ten days, of which Saturday and Sunday are left out."""
    found = marketing.pacing(800, 400, *RUN, date(2026, 9, 6), weights=(1, 1, 1, 1, 1, 0, 0))
    assert found is not None
    assert (found.expected, found.pace, found.projected) == (400, 1, 800)
    quiet = marketing.pacing(800, 5, *RUN, date(2026, 9, 1), weights=(1, 0, 1, 1, 1, 1, 1))
    assert quiet is not None
    assert (quiet.pace, quiet.projected) == (None, 5)
    assert marketing.pacing(1, 1, RUN[1], RUN[0], RUN[1]) is None


@given(st.dates(RUN[0], RUN[1]), st.integers(1, 9))
def test_equal_weights_are_no_weights(day: date, weight: int) -> None:
    plain, weighed = (marketing.pacing(1000, 300, *RUN, day, weights=w) for w in ((), (weight,) * 7))
    assert plain is not None
    assert weighed is not None
    assert weighed.projected == pytest.approx(plain.projected)
    assert weighed.expected == pytest.approx(plain.expected)


def test_pacing_has_no_figure_before_the_run_and_needs_nothing_after_it() -> None:
    assert marketing.pacing(1000, 0, *RUN, date(2026, 8, 31)) is None
    last = marketing.pacing(1000, 900, *RUN, date(2026, 9, 10))
    assert last is not None
    assert last.needed_per_day is None
    free = marketing.pacing(0, 0, *RUN, date(2026, 9, 5))
    assert free is not None
    assert (free.pace, free.band) == (None, "on_track")


def test_roi_of_nothing_spent_is_none() -> None:
    assert marketing.roi(100, 0.3, 0) is None


def test_stock_is_the_sum_of_its_movements() -> None:
    moves = [("in", 20), ("out", -5), ("reserve", 4), ("adjust", -1), ("reserve", -1)]
    assert stock.on_hand(moves) == 14
    assert stock.available(moves) == 11
    assert [stock.critical(11, minimum) for minimum in (10, 11, 12)] == [False, True, True]


def test_nobody_answered() -> None:
    assert (service.csat([]).value, service.csat([]).interval) == (None, None)
    assert (service.nps([]).score, service.nps([]).margin) == (None, None)
    assert service.first_response([None]) == service.FirstResponse(0, 1, None, None, None)


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_interval_holds_the_share(hits: int, more: int) -> None:
    share = service.Share(hits, hits + more)
    low, high = share.interval or (1.0, 0.0)
    assert -1e-9 <= low <= (share.value or 0) + 1e-9
    assert (share.value or 0) <= high <= 1
