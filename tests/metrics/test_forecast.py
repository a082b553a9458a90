"""Forecasts: laws of the distribution, guards, and the two ways of computing it agree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.metrics import forecast
from opstui.metrics.forecast import at_least, chance_by_day, finish, finish_day, grown, how_many, samples, unable

histories = st.lists(st.integers(0, 4), min_size=7, max_size=20).filter(any)
LEVELS = (0.5, 0.7, 0.85, 0.95)


@given(histories, st.integers(0, 15))
def test_surer_is_never_sooner_and_more_is_never_sooner(history: list[int], items: int) -> None:
    one, more = finish(history, items, LEVELS), finish(history, items + 1, LEVELS)
    assert one
    assert more
    days, later = ([d if d is not None else 10**6 for d in f.days] for f in (one, more))
    assert days == sorted(days)
    assert all(a <= b for a, b in zip(days, later, strict=True))


@given(histories, st.integers(0, 14))
def test_surer_is_never_more(history: list[int], days: int) -> None:
    found = how_many(history, days, LEVELS)
    assert found
    assert list(found.items) == sorted(found.items, reverse=True)


@given(histories, st.integers(1, 12), st.sampled_from(LEVELS))
def test_how_many_is_the_dual_of_when(history: list[int], days: int, level: float) -> None:
    found = how_many(history, days, (level,))
    assert found
    reached, beyond = (finish(history, found.items[0] + n, (level,)) for n in (0, 1))
    assert reached
    assert beyond
    assert reached.days[0] is not None
    assert reached.days[0] <= days
    assert beyond.days[0] is None or beyond.days[0] > days


@given(histories, st.integers(1, 12), st.integers(1, 12))
def test_both_read_one_distribution(history: list[int], items: int, days: int) -> None:
    by_day, by_item = chance_by_day(history, items, days), at_least(history, days)
    assert by_day
    assert by_item
    assert by_day[-1] == pytest.approx(by_item[items] if items < len(by_item) else 0)
    assert by_day == sorted(by_day)


@pytest.mark.parametrize(
    ("history", "why"),
    [([0] * 30, "nothing done"), ([1] * 6, "too few days"), ([], "too few days"), ([0, 0, 0, 0, 0, 0, 1], "")],
)
def test_guards(history: list[int], why: str) -> None:
    assert unable(history) == why
    assert (finish(history, 3) is None) == bool(why)
    assert (how_many(history, 3) is None) == bool(why)


def test_nothing_left_is_done_today_and_what_is_far_away_has_no_date() -> None:
    assert finish([1] * 7, 0) == forecast.Finish((0, 0, 0), exact=True)
    far = finish([0] * 89 + [1], 400)
    assert far
    assert far.days == (None, None, None)


def test_many_items_take_the_normal_way_which_agrees_with_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    history = [0, 2, 1, 0, 3, 1, 2, 5, 0, 4]
    exact, exactly = finish(history, 400), how_many(history, 60)
    monkeypatch.setattr(forecast, "EXACT_ITEMS", 0)
    monkeypatch.setattr(forecast, "EXACT_STEPS", 0)
    near, nearly = finish(history, 400), how_many(history, 60)
    assert exact and near and exactly and nearly  # noqa: PT018 - all of them are there
    assert (exact.exact, near.exact, exactly.exact, nearly.exact) == (True, False, True, False)
    for a, b in [*zip(exact.days, near.days, strict=True), *zip(exactly.items, nearly.items, strict=True)]:
        assert a is not None
        assert b is not None
        assert abs(a - b) <= 1


def test_a_steady_history_has_no_spread() -> None:
    found = finish([2] * 7, 1000)
    assert found
    assert found.days == (500, 500, 500)


def test_the_history_leaves_closed_days_out_but_no_work() -> None:
    monday = date(2026, 9, 7)
    done = {monday + timedelta(days=n): c for n, c in enumerate([1, 2, 0, 0, 3, 1, 0, 4])}
    assert samples(done, lambda day: day.weekday() < 5) == [1, 2, 0, 0, 3, 5]
    assert samples(done, lambda _day: True, most=2) == [0, 4]


def test_the_date_that_is_said() -> None:
    friday = date(2026, 9, 4)
    assert finish_day(friday, 2, lambda day: day.weekday() < 5) == date(2026, 9, 8)
    assert finish_day(friday, 0, lambda _day: True) == friday
    assert finish_day(friday, 2, lambda _day: False) is None


def test_growth_is_rounded_up() -> None:
    assert [grown(10, 1.0), grown(10, 1.25), grown(10, 1.1)] == [10, 13, 11]
    with pytest.raises(ValueError, match="at least 1"):
        grown(10, 0.9)


@pytest.mark.parametrize("level", [0, 1, -0.5, 85])
def test_a_confidence_is_a_fraction(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        finish([1] * 7, 3, (level,))
    with pytest.raises(ValueError, match="between 0 and 1"):
        how_many([1] * 7, 3, (level,))


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        finish([1, 1, 1, 1, 1, 1, -1], 3)
