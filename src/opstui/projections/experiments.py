"""What a campaign's experiments say: a verdict, the figures that may be told by now, and the next step.

Before the planned people and whole weeks are in, no p-value is written anywhere: a figure that is shown is looked at,
and looking is how differences are found that are not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from opstui.domain.model import Experiment
from opstui.formats import Formats
from opstui.i18n import _, ngettext
from opstui.metrics.experiments import Arm
from opstui.metrics.planning import peeking
from opstui.metrics.verdict import Challenger, Outcome, Plan, Verdict, judge
from opstui.projections.anomaly import chance
from opstui.projections.tiles import State

LOOKS = 10
"""How many looks the warning about peeking is about."""


class Trial(Struct, frozen=True, kw_only=True):
    """An experiment as a campaign has it: the names of its arms, what came of each, and what was planned."""

    name: str
    metric: str
    labels: tuple[str, ...]
    arms: tuple[Arm, ...]
    plan: Plan


class ArmRow(Struct, frozen=True, kw_only=True):
    """One line of the table. Rates and the ends of the interval are fractions; None where nothing may be told yet.

    `low` and `high` bound the difference to the first arm; `p` is adjusted for all challengers.
    """

    label: str
    people: int
    hits: int
    rate: float | None = None
    lift: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    method: str = ""


class Result(Struct, frozen=True, kw_only=True):
    """A verdict for people. `title` is short (win: short brief), `says` one sentence, `next_step` what to do."""

    name: str
    metric: str
    outcome: Outcome
    title: str
    says: str
    next_step: str
    rows: tuple[ArmRow, ...]
    state: State
    progress: float | None
    verdict: Verdict


def trial_of(one: Experiment) -> Trial:
    """An experiment of a campaign card as a trial."""
    return Trial(
        name=one.name,
        metric=one.metric,
        labels=tuple(arm.label for arm in one.arms),
        arms=tuple(Arm(x=arm.hits, n=arm.people) for arm in one.arms),
        plan=Plan(n_per_arm=one.planned, starts=one.starts, ends=one.ends, least_lift=one.lift),
    )


def result(trial: Trial, as_of: date, formats: Formats) -> Result:
    """The verdict on a trial at the end of the day `as_of`."""
    found = judge(trial.plan, trial.arms, as_of)
    return Result(
        name=trial.name,
        metric=trial.metric,
        outcome=found.outcome,
        title=_title(trial, found),
        says=_says(trial, found, formats),
        next_step=_next_step(found, formats),
        rows=_rows(trial, found),
        state=_state(found),
        progress=found.progress,
        verdict=found,
    )


def _rows(trial: Trial, found: Verdict) -> tuple[ArmRow, ...]:
    told = {c.arm: c for c in found.challengers}
    return tuple(
        _row(label, arm, told.get(place), shown=bool(told))
        for place, (label, arm) in enumerate(zip(trial.labels, trial.arms, strict=False))
    )


def _row(label: str, arm: Arm, told: Challenger | None, *, shown: bool) -> ArmRow:
    plain = ArmRow(label=label, people=arm.n, hits=arm.x, rate=arm.rate if shown else None)
    if told is None:
        return plain
    low, high = told.found.newcombe
    return ArmRow(
        label=label,
        people=arm.n,
        hits=arm.x,
        rate=arm.rate,
        lift=told.found.lift,
        low=low,
        high=high,
        p=told.p,
        method=told.found.method,
    )


def _title(trial: Trial, found: Verdict) -> str:
    match found.outcome:
        case "not_started":
            return _("not started")
        case "running":
            return _("running: no verdict yet")
        case "impossible":
            return _("figures that cannot be")
        case "srm_fault":
            return _("people fell into the arms wrongly")
        case "win":
            return _("win: {arm}").format(arm=trial.labels[found.best or 0])
        case "loss":
            return _("loss: keep {arm}").format(arm=trial.labels[0])
        case "no_difference":
            return _("no difference shown")
        case "stopped_early":
            return _("stopped early for harm") if found.harm else _("stopped early")


def _says(trial: Trial, found: Verdict, formats: Formats) -> str:
    match found.outcome:
        case "not_started":
            return _("Nobody has taken part yet.")
        case "running":
            return _progress(found, formats)
        case "impossible":
            return _("It takes two arms, and none with more conversions than people.")
        case "srm_fault":
            return _split(trial, found, formats)
        case _told:
            return _shown(trial, found, formats)


def _progress(found: Verdict, formats: Formats) -> str:
    people = formats.number(found.people)
    if found.needed is None:
        text = _("{people} people in the smallest arm; neither a number nor an end was planned, so nothing is told.")
        return text.format(people=people)
    text = _("{people} of {needed} people in the smallest arm")
    told = text.format(people=people, needed=formats.number(found.needed))
    if found.days is None:
        return f"{told}."
    days = ngettext("of {n} day", "of {n} days", found.needed_days)
    return _("{told}, {day} {days}.").format(told=told, day=found.days, days=days)


def _split(trial: Trial, found: Verdict, formats: Formats) -> str:
    people = ", ".join(formats.number(arm.n) for arm in trial.arms)
    p = chance(found.srm.p_value if found.srm else 0, formats)
    return _("{people} people is not the planned split ({p}): no result is believed.").format(people=people, p=p)


def _shown(trial: Trial, found: Verdict, formats: Formats) -> str:
    """The challenger that matters: the one that won, else the one with the smallest p."""
    if not found.challengers:
        return _("All did it, or nobody: there is nothing to compare.")
    best = next((c for c in found.challengers if c.arm == found.best), min(found.challengers, key=lambda c: c.p))
    low, high = (formats.number(100 * end, 2) for end in best.found.newcombe)
    text = _("{arm} {rate} against {control} {before}: difference {low} to {high} points ({level}), {p}.")
    return text.format(
        arm=trial.labels[best.arm],
        rate=formats.percent(best.found.p_b, 2),
        control=trial.labels[0],
        before=formats.percent(best.found.p_a, 2),
        low=low,
        high=high,
        level=formats.percent(1 - trial.plan.alpha),
        p=chance(best.p, formats),
    )


def _next_step(found: Verdict, formats: Formats) -> str:
    match found.outcome:
        case "not_started":
            return _("Start it, or take it off the campaign.")
        case "running" if found.needed is None:
            return _("Say on the card how many people an arm takes (n=), or the day it ended (to=).")
        case "running":
            text = _("Wait. With {looks} looks {share} of tests without a difference would show one.")
            return text.format(looks=LOOKS, share=formats.percent(peeking(LOOKS)))
        case "impossible":
            return _("Correct the arms of the experiment on the campaign card.")
        case "srm_fault":
            return _("Find out why (redirects, robots, a broken split), mend it, start again.")
        case "win":
            return _("Use the arm that won, and write the decision down.")
        case "loss":
            return _("Keep what there was, and write down what was learnt.")
        case "no_difference":
            return _("Keep the cheaper one; a smaller effect would take a larger test.")
        case "stopped_early":
            return _("Do not call it a result: it shows where to look, not what is so.")


def _state(found: Verdict) -> State:
    states: dict[Outcome, State] = {"win": "good", "loss": "bad", "srm_fault": "bad", "impossible": "bad"}
    return "warn" if found.outcome == "stopped_early" else states.get(found.outcome, "plain")


def results(trials: Sequence[Trial], as_of: date, formats: Formats) -> tuple[Result, ...]:
    """All of a campaign's experiments, in the order given."""
    return tuple(result(trial, as_of, formats) for trial in trials)
