"""One day of a series against the days before it, by the method that its length and size allow (spec C.7).

Every verdict carries what it is made of (value, expected, limits, method, n), for an alarm that cannot be checked is
muted within a week.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from math import expm1
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from opstui.metrics.anomalies import (
    FEW,
    LEAST,
    WHOLE_WEEKS,
    RobustZ,
    by_weekday,
    drift,
    logged,
    rate_test,
    robust_z,
    seen_before,
    threshold,
    unheard_of,
)

BASELINE_DAYS = 56
RECENT_DAYS = 10
"""Days within which a slow drift is looked for."""
Method = Literal["none", "robust_z", "weekdays", "constant", "record", "ewma", "binomial"]


class Finding(Struct, frozen=True, kw_only=True):
    """A day's value and what was expected, in the unit of the series. `method` none: too little to judge by.

    `score` is z, p of the exact test, or how far a drift has come (ewma; in logarithms for money and counts). `low` and
    `high` bound what is usual. `repeat`: the day before it was out on the same side, so people have heard of it.
    """

    day: date
    value: float
    method: Method = "none"
    n: int = 0
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    score: float | None = None
    alert: bool = False
    repeat: bool = False

    @property
    def above(self) -> bool:
        """Whether it is more than expected; of a drift, whether the level has risen, whatever this day was like."""
        if self.method == "ewma":
            return (self.score or 0) > 0
        return self.expected is not None and self.value > self.expected


def baseline(series: Mapping[date, float], day: date, left_out: Collection[date] = ()) -> dict[date, float]:
    """The days before `day` that have a value, eight weeks at most; marked days (payday, 9.9, Lebaran) are no part.

    Source: spec C.7, baseline without marked days.
    """
    days = (day - timedelta(days=n) for n in range(BASELINE_DAYS, 0, -1))
    return {d: series[d] for d in days if d in series and d not in left_out}


def look(series: Mapping[date, float], day: date, left_out: Collection[date] = (), *, skewed: bool = True) -> Finding:
    """The verdict on one day of a series of amounts; `skewed` for money and counts, whose logarithms are compared.

    KeyError for a day without a value. Source: decision of spec C.7: robust z with the cut by length, weekdays from
    four weeks on, then EWMA for what creeps.
    """
    base = baseline(series, day, left_out)
    if len(base) < LEAST:
        return Finding(day=day, value=series[day], n=len(base))
    known = {d: logged(v) for d, v in base.items()} if skewed else base
    tested = {day: logged(series[day]) if skewed else series[day]}
    found, left, weekly = _compared(known, tested)
    cut = threshold(found.n) or 0
    usual, half = tested[day] - found.value + found.median, found.scale * cut
    finding = Finding(
        day=day,
        value=series[day],
        method="constant" if found.fallback == "constant" else "weekdays" if weekly else "robust_z",
        n=len(left),
        expected=_back(usual, skewed=skewed),
        low=_back(usual - half, skewed=skewed),
        high=_back(usual + half, skewed=skewed),
        score=found.z,
        alert=found.beyond(cut) and not seen_before(left, found),
    )
    if finding.alert:
        return finding
    if unheard_of(list(base.values()), series[day]):
        return replace(finding, method="record", alert=True)
    return _creeping(finding, series, left_out, skewed=skewed)


def _compared(base: Mapping[date, float], tested: Mapping[date, float]) -> tuple[RobustZ, list[float], bool]:
    """Against the same weekdays where four weeks show that they differ, else against all days."""
    plain, value = list(base.values()), next(iter(tested.values()))
    found = robust_z(plain, value)
    assert found is not None
    if len(base) < WHOLE_WEEKS:
        return found, plain, False
    left, (rest,) = by_weekday(base, tested)
    weekly = robust_z(left, rest)
    assert weekly is not None
    return (weekly, left, True) if weekly.scale < found.scale else (found, plain, False)


def _back(value: float, *, skewed: bool) -> float:
    return value if not skewed else expm1(value) if value >= 0 else -expm1(-value)


def _creeping(finding: Finding, series: Mapping[date, float], left_out: Collection[date], *, skewed: bool) -> Finding:
    """The second alarm, for a level that has slowly moved while no single day stood out."""
    start = finding.day - timedelta(days=RECENT_DAYS - 1)
    before = baseline(series, start, left_out)
    if len(before) < WHOLE_WEEKS:
        return finding
    recent = {start + timedelta(days=n): 0.0 for n in range(RECENT_DAYS)}
    recent = {d: series[d] for d in recent if d in series and d not in left_out}
    if skewed:
        before, recent = ({d: logged(v) for d, v in days.items()} for days in (before, recent))
    left, lately = list(before.values()), list(recent.values())
    if finding.method == "weekdays":
        left, lately = by_weekday(before, recent)
    step = drift(left, lately)
    if step is None or not step.out:
        return finding
    return replace(finding, method="ewma", n=len(left), score=step.z - (step.lcl + step.ucl) / 2, alert=True)


def look_at_rate(
    hits: Mapping[date, float], trials: Mapping[date, float], day: date, left_out: Collection[date] = ()
) -> Finding | None:
    """The verdict on a rate (clicks of impressions): exact where events are few, else as `look` without logarithms.

    None when nothing was tried that day, or the figures cannot be. The usual rate is the ratio of the sums.
    Source: decision of spec C.7 (fewer than 50 events a day: binomial).
    """
    tried, hit = trials.get(day, 0), hits.get(day, 0)
    if tried <= 0 or not 0 <= hit <= tried:
        return None
    days = {d: n for d, n in trials.items() if n > 0 and 0 <= hits.get(d, 0) <= n}
    base = baseline(days, day, left_out)
    events = sum(hits.get(d, 0) for d in base)
    if len(base) < LEAST or events >= FEW * len(base):
        return look({d: hits.get(d, 0) / n for d, n in days.items()}, day, left_out, skewed=False)
    found = rate_test(round(hit), round(tried), events / sum(base.values()))
    if found is None:
        return None
    return Finding(
        day=day,
        value=hit / tried,
        method="binomial",
        n=len(base),
        expected=found.expected,
        score=found.p,
        alert=found.alert,
    )


def told_once(findings: Iterator[Finding]) -> Iterator[Finding]:
    """In order of days: an alarm is new only when the value had come back, or went out on the other side.

    Source: spec C.7, one alarm per excursion.
    """
    last: Finding | None = None
    for finding in findings:
        again = last is not None and last.alert and finding.alert and last.above == finding.above
        yield replace(finding, repeat=again)
        last = finding
