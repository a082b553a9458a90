"""What people read about an experiment: nothing too early, and the same verdict as statsmodels when it is due."""

from __future__ import annotations

import csv
import math
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opstui.formats import Formats
from opstui.metrics.experiments import Arm
from opstui.metrics.verdict import Plan
from opstui.projections.experiments import Result, Trial, result, results

FORMATS = Formats("en", "IDR", ZoneInfo("Asia/Jakarta"))
START = date(2026, 9, 1)
PLAN = Plan(n_per_arm=1000, starts=START, ends=START + timedelta(days=13))
LATER = START + timedelta(days=20)


def told(*arms: Arm, plan: Plan = PLAN, as_of: date = LATER) -> Result:
    labels = ("as it is", "short", "long")[: len(arms)]
    return result(Trial(name="Page", metric="cvr", labels=labels, arms=arms, plan=plan), as_of, FORMATS)


A, WON, LOST = Arm(1000, 100), Arm(1000, 150), Arm(1000, 60)


@pytest.mark.parametrize(
    ("found", "title", "says"),
    [
        pytest.param(told(Arm(0, 0), Arm(0, 0)), "not started", "Nobody", id="not started"),
        pytest.param(
            told(A, WON, as_of=START + timedelta(days=4)),
            "running: no verdict yet",
            "1,000 of 1,000 people in the smallest arm, 5 of 14 days.",
            id="running",
        ),
        pytest.param(told(Arm(9, 10), A), "figures that cannot be", "two arms", id="impossible"),
        pytest.param(told(Arm(1300, 9), A), "people fell into the arms wrongly", "1,300, 1,000 people", id="split"),
        pytest.param(told(A, WON), "win: short", "short 15.00% against as it is 10.00%", id="win"),
        pytest.param(told(A, LOST, WON), "win: long", "long 15.00%", id="win of the third"),
        pytest.param(told(A, LOST), "loss: keep as it is", "short 6.00%", id="loss"),
        pytest.param(told(A, A), "no difference shown", "p = 1.0000", id="none"),
        pytest.param(told(Arm(1000, 0), Arm(1000, 0)), "no difference shown", "nothing to compare", id="nobody"),
        pytest.param(told(A, WON, plan=Plan(n_per_arm=9999, ends=START)), "stopped early", "15.00%", id="early"),
        pytest.param(told(A, LOST, plan=Plan(n_per_arm=9999, ends=START)), "stopped early for harm", "p", id="harm"),
    ],
)
def test_what_is_told(found: Result, title: str, says: str) -> None:
    assert found.title == title
    assert says in found.says
    assert found.next_step


def test_nothing_is_told_before_its_time() -> None:
    found = told(A, WON, plan=Plan(n_per_arm=4000, starts=START))
    assert all(row.rate is row.p is row.lift is None for row in found.rows)
    assert "p =" not in found.says
    assert "15" not in found.says
    assert (found.progress, found.state) == (0.25, "plain")
    assert "19%" in found.next_step


def test_what_is_told_has_its_interval_and_its_method() -> None:
    rows = told(A, WON, Arm(1000, 100)).rows
    assert rows[0].p is None
    assert rows[1].p == pytest.approx(2 * 0.000741, rel=0.05)
    assert rows[1].method == "z"
    assert rows[1].low is not None
    assert rows[1].high is not None
    assert rows[1].low < 0.05 < rows[1].high


def test_progress_without_a_plan_or_without_days() -> None:
    for plan in (Plan(), Plan(starts=START), Plan(n_per_arm=0), Plan(n_per_arm=-5), Plan(least_lift=math.nan)):
        found = told(A, WON, plan=plan)
        assert (found.outcome, "neither a number nor an end" in found.says) == ("running", True)
        assert "(n=)" in found.next_step
        assert all(row.rate is row.p is None for row in found.rows)
    assert told(A, WON, plan=Plan(ends=START)).outcome == "win"
    assert told(A, WON, plan=Plan(n_per_arm=4000)).says == "1,000 of 4,000 people in the smallest arm."


def test_several_at_once_and_labels_that_are_missing() -> None:
    trial = Trial(name="Page", metric="cvr", labels=("one",), arms=(A, WON), plan=PLAN)
    assert len(results([trial, trial], START, FORMATS)) == 2


@pytest.mark.real_exports
def test_cookie_cats_as_statsmodels_has_it(real_exports: Path) -> None:
    """The 30,000 players kept here; statsmodels 0.15.0: `proportions_ztest`, `confint_proportions_2indep` newcomb."""
    counts = {"gate_30": [0, 0, 0], "gate_40": [0, 0, 0]}
    with (real_exports / "ads" / "cookie_cats.csv").open(encoding="utf-8", newline="") as file:
        for player in csv.DictReader(file):
            came = [1, player["retention_1"] == "True", player["retention_7"] == "True"]
            counts[player["version"]] = [n + c for n, c in zip(counts[player["version"]], came, strict=True)]
    for place, z, p, low, high in (
        (1, -0.13959297618536262, 0.8889815904752103, -0.012053776582738648, 0.010450887103164974),
        (2, -1.618235752937526, 0.10561180051289294, -0.01609386344852551, 0.0015373030836768938),
    ):
        arms = tuple(Arm(c[0], c[place]) for c in counts.values())
        found = result(
            Trial(name="Gate", metric="retention", labels=tuple(counts), arms=arms, plan=Plan(ends=START)),
            START,
            FORMATS,
        )
        only = found.verdict.challengers[0]
        assert (found.outcome, found.title) == ("no_difference", "no difference shown")
        assert (only.found.z, only.p) == pytest.approx((z, p), rel=1e-9)
        assert only.found.newcombe == pytest.approx((low, high), rel=1e-9)
        assert found.verdict.srm is not None
        assert found.verdict.srm.p_value == pytest.approx(0.6608164572219934, rel=1e-9)
