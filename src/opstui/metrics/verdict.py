"""May a test's result be told yet, and what is it? (spec C.8).

Who looks at a p-value every morning finds a difference that is not there one time in four. So before the planned
people and whole weeks are in, progress is shown and nothing else; and when people did not fall into the arms as
planned, nothing that came out of them is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, isfinite
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from opstui.metrics.experiments import ALPHA, Arm, Comparison, Srm, holm, srm, two_proportions
from opstui.metrics.planning import POWER, WEEK, sample_size

Outcome = Literal["not_started", "running", "impossible", "srm_fault", "win", "loss", "no_difference", "stopped_early"]


class Plan(Struct, frozen=True, kw_only=True):
    """What was decided before the test. `n_per_arm` None: computed from `least_lift` once the first arm has a rate.

    `ends` is the last day, planned or kept. `split`: weights of the arms, even when empty. `lower_is_better` for a
    rate that should fall (refunds, complaints). `least_lift` is relative: 0.2 is 5 % to 6 %.
    """

    n_per_arm: int | None = None
    starts: date | None = None
    ends: date | None = None
    split: tuple[float, ...] = ()
    least_lift: float | None = None
    lower_is_better: bool = False
    alpha: float = ALPHA
    power: float = POWER


class Challenger(Struct, frozen=True, kw_only=True):
    """An arm against the first one; `p` is adjusted for all challengers. `arm` is its place among the arms."""

    arm: int
    found: Comparison
    p: float

    def better(self, plan: Plan) -> bool:
        """Shown to be better."""
        return self.p < plan.alpha and (self.found.diff < 0) == plan.lower_is_better

    def worse(self, plan: Plan) -> bool:
        """Shown to be worse."""
        return self.p < plan.alpha and (self.found.diff < 0) != plan.lower_is_better


class Verdict(Struct, frozen=True, kw_only=True):
    """What may be told. `challengers` is empty as long as nothing may; `best` is the place of the arm that won.

    `harm`: it was stopped early and a challenger was worse, which is always allowed. `days` are whole ones under way.
    """

    outcome: Outcome
    challengers: tuple[Challenger, ...] = ()
    best: int | None = None
    srm: Srm | None = None
    needed: int | None = None
    people: int = 0
    days: int | None = None
    needed_days: int = WEEK
    harm: bool = False

    @property
    def progress(self) -> float | None:
        """The smallest arm's people as a share of the planned ones; None without a plan."""
        return min(1.0, self.people / self.needed) if self.needed else None

    @property
    def whole_weeks(self) -> bool:
        """Whether every weekday counts alike."""
        return self.days is None or self.days % WEEK == 0


def needed_people(plan: Plan, control: Arm) -> int | None:
    """The people planned for each arm, or those that the smallest lift worth seeing asks for; None without either.

    Source: spec C.8, planned n, else by `sample_size`.
    """
    if plan.n_per_arm is not None and plan.n_per_arm > 0:
        return plan.n_per_arm
    if not plan.least_lift or not isfinite(plan.least_lift) or control.rate is None:
        return None
    lift = -abs(plan.least_lift) if plan.lower_is_better else abs(plan.least_lift)
    exact = sample_size(control.rate, control.rate * (1 + lift), plan.alpha, plan.power)
    return ceil(exact) if exact else None


def judge(plan: Plan, arms: Sequence[Arm], as_of: date) -> Verdict:
    """The verdict at the end of the day `as_of`; the first arm is what there was before.

    Figures that cannot be are an outcome of their own. Without a start the days are not known and do not count.
    Source: states, SRM and peeking guard of spec C.8; Holm 1979 for several challengers.
    """
    if len(arms) < 2 or not all(arm.possible for arm in arms):  # noqa: PLR2004 - there is nothing to compare
        return Verdict(outcome="impossible")
    people = sum(arm.n for arm in arms)
    if (plan.starts and as_of < plan.starts) or not people:
        return Verdict(outcome="not_started", needed=needed_people(plan, arms[0]), needed_days=_needed_days(plan))
    known = Verdict(
        outcome="running",
        srm=srm([arm.n for arm in arms], plan.split or [1.0] * len(arms)),
        needed=needed_people(plan, arms[0]),
        people=min(arm.n for arm in arms),
        days=_days(plan, as_of),
        needed_days=_needed_days(plan),
    )
    return _settled(plan, arms, as_of, known)


def _days(plan: Plan, as_of: date) -> int | None:
    last = min(as_of, plan.ends) if plan.ends else as_of
    return None if plan.starts is None else max(0, (last - plan.starts).days + 1)


def _needed_days(plan: Plan) -> int:
    """Whole weeks that hold the planned days, one at least."""
    planned = (plan.ends - plan.starts).days + 1 if plan.starts and plan.ends else WEEK
    return max(WEEK, planned // WEEK * WEEK)


def _settled(plan: Plan, arms: Sequence[Arm], as_of: date, known: Verdict) -> Verdict:
    if known.srm is not None and known.srm.fault:
        return replace(known, outcome="srm_fault")
    ended = plan.ends is not None and as_of >= plan.ends
    complete = known.people >= (known.needed or 0) and (known.days is None or known.days >= known.needed_days)
    if not ended and (not complete or known.needed is None):
        return known
    challengers = _challengers(plan, arms)
    harm = any(c.worse(plan) for c in challengers)
    if not complete:
        return replace(known, outcome="stopped_early", challengers=challengers, harm=harm)
    return _told(plan, replace(known, challengers=challengers), harm=harm)


def _told(plan: Plan, known: Verdict, *, harm: bool) -> Verdict:
    sign = -1 if plan.lower_is_better else 1
    won = [c for c in known.challengers if c.better(plan)]
    if won:
        return replace(known, outcome="win", best=max(won, key=lambda c: sign * c.found.diff).arm)
    return replace(known, outcome="loss", best=0) if harm else replace(known, outcome="no_difference")


def _challengers(plan: Plan, arms: Sequence[Arm]) -> tuple[Challenger, ...]:
    pairs = [(n, two_proportions(arms[0], arm, plan.alpha)) for n, arm in enumerate(arms[1:], 1)]
    tested = [(n, found) for n, found in pairs if found is not None]
    adjusted = holm([found.p_value for _, found in tested])
    return tuple(Challenger(arm=n, found=f, p=p) for (n, f), p in zip(tested, adjusted, strict=True))
