"""Laws of what counts as unlike the days before."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opstui.metrics import anomalies as an

WHOLE = st.integers(-1000, 1000)
DAY = date(2026, 6, 1)


@given(st.lists(WHOLE, min_size=1, max_size=30), WHOLE, WHOLE, st.sampled_from([-4, -1, 2, 8]))
def test_robust_z_does_not_mind_the_zero_or_the_unit(base: list[int], value: int, shift: int, scale: int) -> None:
    one = an.robust_z(base, value)
    other = an.robust_z([v * scale + shift for v in base], value * scale + shift)
    assert one is not None
    assert other is not None
    assert one.fallback == other.fallback
    if one.z is None:
        assert other.z is None
    else:
        assert other.z == pytest.approx(one.z * (1 if scale > 0 else -1))


@given(st.lists(WHOLE, min_size=7, max_size=40))
def test_the_middle_of_a_baseline_is_never_an_anomaly(base: list[int]) -> None:
    middle = an.robust_z(base, sorted(base)[len(base) // 2])
    found = an.robust_z(base, middle.median if middle else 0)
    assert found is not None
    assert not found.beyond(an.threshold(len(base)))


@given(st.integers(0, 100))
def test_a_longer_baseline_never_asks_for_more(n: int) -> None:
    now, later = an.threshold(n), an.threshold(n + 1)
    assert now is None or (later is not None and later <= now)


def test_too_short_a_baseline_says_nothing() -> None:
    assert an.robust_z([], 3) is None
    found = an.robust_z([1, 1, 1], 9)
    assert found is not None
    assert not found.beyond(an.threshold(3))


@given(st.floats(-100, 100), st.floats(0, 10), st.integers(1, 40))
def test_what_stays_at_its_mean_never_leaves_the_limits_which_widen(mean: float, sigma: float, n: int) -> None:
    steps = an.ewma([mean] * n, mean, sigma)
    assert all(step.lcl - 1e-9 <= step.z <= step.ucl + 1e-9 for step in steps)
    widths = [step.ucl - step.lcl for step in steps]
    assert all(a <= b + 1e-9 for a, b in pairwise(widths))


@pytest.mark.parametrize("wrong", [{"sigma": -1}, {"sigma": 1, "weight": 0}, {"sigma": 1, "weight": 1.5}])
def test_a_chart_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="EWMA"):
        an.ewma([1], 0, **wrong)


@pytest.mark.parametrize(
    ("hits", "n", "usual", "alert"),
    [
        pytest.param(38, 2600, 0.0205, False, id="unusual, not rare enough"),
        pytest.param(20, 2600, 0.0205, True, id="rare and large"),
        pytest.param(4600, 50_000, 0.1, False, id="rare, but 8 % only"),
        pytest.param(5, 100, 0, True, id="what never happened"),
    ],
)
def test_rates(hits: int, n: int, usual: float, alert: bool) -> None:
    found = an.rate_test(hits, n, usual)
    assert found is not None
    assert found.alert is alert


def test_a_rate_that_cannot_be_is_no_test() -> None:
    assert an.rate_test(1, 0, 0.5) is None
    assert an.rate_test(9, 5, 0.5) is None


@given(st.floats(-1e12, 1e12))
def test_the_logarithm_keeps_order_and_sign(value: float) -> None:
    assert an.logged(value) <= an.logged(value + 1)
    assert an.logged(-value) == -an.logged(value)


@given(st.lists(st.integers(0, 50), min_size=7, max_size=7), st.integers(4, 8))
def test_a_steady_week_leaves_nothing(week: list[int], weeks: int) -> None:
    base = {DAY + timedelta(days=n): float(week[n % 7]) for n in range(7 * weeks)}
    left, tested = an.by_weekday(base, {DAY + timedelta(days=7 * weeks): float(week[0] + 3)})
    assert set(left) == {0}
    assert tested == [3]


def test_a_weekday_seen_once_is_compared_with_all_days() -> None:
    base = {DAY: 4.0, DAY + timedelta(days=1): 6.0}
    assert an.by_weekday(base, {DAY + timedelta(days=2): 7.0}) == ([-1.0, 1.0], [2.0])


def test_a_slow_drift_is_found_and_needs_four_clean_weeks() -> None:
    dice = random.Random(5)
    base = [dice.gauss(10, 1) for _ in range(40)]
    step = an.drift(base, [11.5] * 10)
    assert step is not None
    assert step.out
    assert not (still := an.drift(base, [10.0] * 10)) or not still.out
    assert an.drift(base[:27], [11.5] * 10) is None
    assert an.drift([*base[:26], 90, 90, 90], [11.5] * 10) is None
    assert an.drift(base, []) is None


@given(st.lists(WHOLE, min_size=28, max_size=40), st.lists(WHOLE, min_size=1, max_size=5))
def test_a_drift_turned_over_is_the_same_drift(base: list[int], recent: list[int]) -> None:
    one, other = an.drift(base, recent), an.drift([-v for v in base], [-v for v in recent])
    assume(one is not None)
    assert one is not None
    assert other is not None
    assert (other.z, other.lcl) == pytest.approx((-one.z, -one.ucl))
