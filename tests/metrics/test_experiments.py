"""Laws and reference values of tests between versions; references: scipy 1.17.1 and statsmodels 0.15.0, run once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opstui.metrics import exact, planning
from opstui.metrics import experiments as ab
from opstui.metrics.experiments import Arm
from opstui.metrics.verdict import Plan, judge

START = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("hits", "n", "rate", "p"),
    [
        (0, 10, 0.1, 0.6125795109999999),
        (3, 2000, 0.004, 0.07597841067781128),
        (45, 1000, 0.03, 0.009038759768109627),
        (9, 1_000_000, 1e-5, 0.8748893387449412),
        (0, 500, 0.01, 0.011778527296585954),
        (7, 7, 0.9, 1.0),
        (20, 40, 0.5, 1.0),
        (0, 5, 0, 1.0),
        (1, 5, 0, 0.0),
        (5, 5, 1, 1.0),
        (1, 0, 0.5, None),
        (6, 5, 0.5, None),
        (-1, 5, 0.5, None),
        (1, 5, 1.5, None),
    ],
)
def test_binomial_as_scipy_has_it(hits: int, n: int, rate: float, p: float | None) -> None:
    assert exact.binomial(hits, n, rate) == (p if p is None else pytest.approx(p, rel=1e-9))


@pytest.mark.parametrize(
    ("a", "b", "p"),
    [
        (Arm(10, 0), Arm(12, 3), 0.22077922077922077),
        (Arm(5, 1), Arm(5, 4), 0.2063492063492064),
        (Arm(1000, 3), Arm(1100, 12), 0.03754358664749107),
        (Arm(9, 5), Arm(9, 5), 1.0),
        (Arm(7, 0), Arm(7, 7), 0.0005827505827505828),
        (Arm(33, 30), Arm(33, 20), 0.00840503543498795),
        (Arm(45000, 2), Arm(44000, 9), 0.03656951787454229),
        (Arm(0, 0), Arm(9, 1), None),
        (Arm(3, 4), Arm(9, 1), None),
    ],
)
def test_fisher_as_scipy_has_it(a: Arm, b: Arm, p: float | None) -> None:
    assert ab.fisher(a, b) == (p if p is None else pytest.approx(p, rel=1e-9))


@pytest.mark.parametrize(
    ("x", "df", "p"),
    [
        (0.5, 1, 0.47950012218695337),
        (7.3, 3, 0.06292623645904312),
        (7.3, 4, 0.12085874882121235),
        (20, 5, 0.0012497305630313773),
        (50, 9, 1.0772382022574693e-07),
        (1e-3, 3, 0.9999915920809419),
    ],
)
def test_chi_square_as_scipy_has_it(x: float, df: int, p: float) -> None:
    assert ab.chi2_tail(x, df) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "interval"),
    [
        (Arm(40, 2), Arm(40, 8), (0.0008057005978369114, 0.30194325641018765)),
        (Arm(10, 0), Arm(12, 3), (-0.0708804156994084, 0.5323053349335658)),
        (Arm(1000, 120), Arm(980, 95), (-0.05054419759239861, 0.0044139398909452295)),
    ],
)
def test_newcombe_as_statsmodels_has_it(a: Arm, b: Arm, interval: tuple[float, float]) -> None:
    assert ab.newcombe(a, b) == pytest.approx(interval, rel=1e-9)


@pytest.mark.parametrize(
    ("rates", "n"), [((0.05, 0.06), 10900.6479), ((0.1, 0.08), 4290.2129), ((0.01, 0.02), 3017.0113)]
)
def test_the_arcsine_size_as_statsmodels_has_it(rates: tuple[float, float], n: float) -> None:
    assert planning.arcsine_size(*rates, power=0.9) == pytest.approx(n, abs=0.001)
    assert planning.sample_size(*rates, power=0.9) == pytest.approx(n, rel=0.05)


@pytest.mark.parametrize("rates", [(0.05, 0.05), (0, 0.1), (0.1, 1), (-1, 0.5)])
def test_a_plan_that_cannot_be_has_no_size_and_no_power(rates: tuple[float, float]) -> None:
    assert planning.sample_size(*rates) is None
    assert planning.arcsine_size(*rates) is None
    assert planning.power(*rates, 100) is None


ARMS = st.builds(lambda n, part: Arm(n, min(n, round(n * part))), st.integers(1, 400), st.floats(0, 1))


@given(ARMS, ARMS)
def test_newcombe_holds_the_difference_and_stays_within_one(a: Arm, b: Arm) -> None:
    low, high = ab.newcombe(a, b)
    assert low - 1e-12 <= b.x / b.n - a.x / a.n <= high + 1e-12
    assert low >= -1 - 1e-9
    assert high <= 1 + 1e-9


@given(ARMS, ARMS)
def test_fisher_is_a_chance_and_does_not_mind_the_order(a: Arm, b: Arm) -> None:
    p = ab.fisher(a, b)
    assert p is not None
    assert 0 <= p <= 1
    assert p == pytest.approx(ab.fisher(b, a))
    assert p == pytest.approx(ab.fisher(Arm(a.n, a.n - a.x), Arm(b.n, b.n - b.x)))


@given(ARMS, ARMS)
def test_two_arms_swapped_differ_in_sign_only(a: Arm, b: Arm) -> None:
    one, other = ab.two_proportions(a, b), ab.two_proportions(b, a)
    assume(one is not None and other is not None)
    assert one is not None
    assert other is not None
    assert one.p_value == pytest.approx(other.p_value)
    assert one.diff == pytest.approx(-other.diff)
    assert one.newcombe == pytest.approx((-other.newcombe[1], -other.newcombe[0]))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (Arm(0, 0), Arm(10, 1)),
        (Arm(10, 11), Arm(10, 1)),
        (Arm(10, -1), Arm(10, 1)),
        (Arm(10, 0), Arm(10, 0)),
        (Arm(10, 10), Arm(10, 10)),
    ],
)
def test_nothing_to_compare_is_no_test(a: Arm, b: Arm) -> None:
    assert ab.two_proportions(a, b) is None


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_helps_and_keeps_the_order(p_values: list[float]) -> None:
    adjusted = ab.holm(p_values)
    assert all(p <= a <= 1 for p, a in zip(p_values, adjusted, strict=True))
    ranked = [a for _, a in sorted(zip(p_values, adjusted, strict=True))]
    assert ranked == sorted(ranked)


@given(st.floats(0.01, 0.4), st.floats(0.05, 0.5), st.floats(0.01, 0.3))
def test_a_smaller_effect_or_more_power_asks_for_more_people(rate: float, lift: float, more: float) -> None:
    near, far = planning.sample_size(rate, rate * (1 + lift)), planning.sample_size(rate, rate * (1 + lift + more))
    sure = planning.sample_size(rate, rate * (1 + lift), power=0.9)
    assert near is not None
    assert far is not None
    assert sure is not None
    assert far < near < sure


@given(st.floats(0.01, 0.4), st.floats(0.05, 0.5), st.floats(0.5, 0.99))
def test_power_gives_back_what_the_size_was_planned_for(rate: float, lift: float, power: float) -> None:
    n = planning.sample_size(rate, rate * (1 + lift), power=power)
    assert n is not None
    assert planning.power(rate, rate * (1 + lift), n) == pytest.approx(power)


@given(st.integers(1, 10**6), st.integers(2, 5), st.integers(1, 10**5), st.sampled_from([0.1, 0.3, 0.5, 1.0]))
def test_a_test_lasts_whole_weeks_that_are_long_enough(n: int, arms: int, eligible: int, share: float) -> None:
    found = planning.duration(n, arms, eligible, share)
    assert found is not None
    assert found.planned_days % 7 == 0
    assert found.raw_days <= found.planned_days < found.raw_days + 7
    assert (found.raw_days - 1) * eligible * share < n * arms


def test_a_test_that_nobody_comes_to_has_no_length() -> None:
    assert planning.duration(100, 2, 0) is None
    assert planning.duration(0, 2, 100) is None
    assert planning.duration(30, 1, 10, 0.3) == planning.Duration(10, 14)


@given(st.integers(1, 500), st.lists(st.integers(1, 9), min_size=2, max_size=5))
def test_a_split_as_planned_is_no_fault(people: int, plan: list[int]) -> None:
    found = ab.srm([people * part for part in plan], plan)
    assert found is not None
    assert found.p_value == pytest.approx(1)
    assert not found.fault


@pytest.mark.parametrize(
    ("observed", "planned"),
    [([5], [1]), ([0, 0], [1, 1]), ([5, 5], [1, 0]), ([5, 5], [1, 1, 1]), ([-5, 5], [1, 1]), ([], [])],
)
def test_a_split_that_cannot_be_checked_is_none(observed: list[int], planned: list[float]) -> None:
    assert ab.srm(observed, planned) is None


def test_looking_more_often_finds_more_that_is_not_there() -> None:
    rates = [planning.peeking(looks) for looks in (0, 1, 2, 5, 10)]
    assert rates == sorted(rates)
    assert rates == pytest.approx([0, 0.05, 0.083, 0.142, 0.193], abs=0.001)


PLAN = Plan(n_per_arm=1000, starts=START, ends=START + timedelta(days=13))
BEFORE, AFTER = START + timedelta(days=5), START + timedelta(days=20)
A, WON, LOST, EQUAL = Arm(1000, 100), Arm(1000, 150), Arm(1000, 60), Arm(1000, 104)


@pytest.mark.parametrize(
    ("plan", "arms", "as_of", "outcome"),
    [
        pytest.param(PLAN, (A, WON), START - timedelta(days=1), "not_started", id="before its first day"),
        pytest.param(Plan(), (Arm(0, 0), Arm(0, 0)), AFTER, "not_started", id="nobody came yet"),
        pytest.param(PLAN, (A, WON), BEFORE, "running", id="people enough, weeks not"),
        pytest.param(Plan(n_per_arm=2000, starts=START), (A, WON), AFTER, "running", id="weeks enough, people not"),
        pytest.param(Plan(starts=START), (A, WON), AFTER, "running", id="no plan and no end: looking is peeking"),
        pytest.param(Plan(n_per_arm=1000, starts=START), (A, WON), AFTER, "win", id="no last day, but planned people"),
        pytest.param(PLAN, (A, WON), AFTER, "win", id="better"),
        pytest.param(PLAN, (A, LOST), AFTER, "loss", id="worse"),
        pytest.param(PLAN, (A, EQUAL), AFTER, "no_difference", id="neither"),
        pytest.param(PLAN, (A, EQUAL, WON), AFTER, "win", id="one of two challengers"),
        pytest.param(PLAN, (Arm(1000, 0), Arm(1000, 0)), AFTER, "no_difference", id="nobody did it"),
        pytest.param(PLAN, (Arm(1200, 100), Arm(1000, 90)), AFTER, "srm_fault", id="split"),
        pytest.param(PLAN, (Arm(1200, 100), Arm(1000, 90)), BEFORE, "srm_fault", id="split, told at once"),
        pytest.param(Plan(n_per_arm=2000, starts=START, ends=BEFORE), (A, WON), AFTER, "stopped_early", id="stopped"),
        pytest.param(PLAN, (A,), AFTER, "impossible", id="one arm"),
        pytest.param(PLAN, (A, Arm(5, 6)), AFTER, "impossible", id="more than all"),
        pytest.param(Plan(ends=BEFORE), (A, LOST), AFTER, "loss", id="a finished test without a start"),
        pytest.param(Plan(ends=BEFORE, lower_is_better=True), (A, LOST), AFTER, "win", id="fewer refunds"),
        pytest.param(Plan(), (A, LOST), AFTER, "running", id="without a plan nothing is ever over"),
        pytest.param(Plan(least_lift=0.1), (A, WON), AFTER, "running", id="the size follows from the least lift"),
    ],
)
def test_verdicts(plan: Plan, arms: tuple[Arm, ...], as_of: date, outcome: str) -> None:
    found = judge(plan, arms, as_of)
    assert found.outcome == outcome
    told = outcome in ("win", "loss", "no_difference", "stopped_early")
    assert told or not found.challengers


def test_a_verdict_names_its_winner_progress_and_harm() -> None:
    assert judge(PLAN, (A, EQUAL, WON), AFTER).best == 2
    assert judge(Plan(n_per_arm=2000, starts=START), (A, WON), BEFORE).progress == 0.5
    stopped = judge(Plan(n_per_arm=2000, starts=START, ends=BEFORE), (A, LOST), AFTER)
    assert (stopped.harm, stopped.days, stopped.whole_weeks) == (True, 6, False)
    assert judge(Plan(least_lift=0.2), (Arm(400, 20), Arm(400, 30)), AFTER).needed == 8158
