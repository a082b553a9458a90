"""Is a day unlike the days before it? (spec C.5, C.7).

The day under test is never part of its own baseline. The cut depends on how many days the baseline has: the textbook
3.5 cries wolf once in fifteen days when there are only seven.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from math import log1p, sqrt
from statistics import fmean

from msgspec import Struct

from opstui.metrics.exact import binomial
from opstui.metrics.marketing import ratio

CUTS = ((21, 3.5), (14, 4.1), (10, 5.0), (7, 8.0))
"""(baseline days, the cut from that many on), of robust z: about one false alarm in a hundred days."""
LEAST = CUTS[-1][0]
WHOLE_WEEKS = 28
"""Days of baseline from which weekdays are compared with their own kind, and a drift may be looked for."""
FEW = 50
"""Fewer events a day than this, and the exact test is used."""
RARE, NOTABLE = 0.01, 0.2
_TO_SD = 1.4826
_MEAN_TO_SD = 1.253314


def threshold(n: int) -> float | None:
    """The cut of robust z for a baseline of `n` days; None below 7, where no verdict is honest.

    Source: simulation of 400,000 normal baselines, spec C.7 (anomaly-threshold-01).
    """
    return next((cut for least, cut in CUTS if n >= least), None)


class RobustZ(Struct, frozen=True, kw_only=True):
    """How far a value lies from the middle of its baseline, in robust standard deviations.

    `fallback`: mean_abs_dev when more than half of the baseline is one value, constant when all of it is (then `z` is
    0 or None). `scale` is one robust standard deviation in the unit of the values.
    """

    value: float
    n: int
    median: float
    mad: float
    scale: float
    z: float | None
    fallback: str | None

    def beyond(self, cut: float | None) -> bool:
        """Whether it is unlike its baseline; a baseline too short for a cut says nothing."""
        return cut is not None and (self.z is None or abs(self.z) > cut)


def robust_z(baseline: Sequence[float], value: float) -> RobustZ | None:
    """The modified z of `value` against `baseline`, in the unit of neither; None without a baseline.

    Source: Iglewicz and Hoaglin 1993 (0.6745 = 1 / 1.4826; the mean absolute deviation when the MAD is 0).
    """
    if not baseline:
        return None
    middle = _middle(sorted(baseline))
    off = sorted(abs(v - middle) for v in baseline)
    mad, mean_off = _middle(off), fmean(off)
    z: float | None = None if value != middle else 0.0
    scale, fallback = 0.0, "constant"
    if mad:
        scale, fallback, z = _TO_SD * mad, "", 0.6745 * (value - middle) / mad
    elif mean_off:
        scale, fallback = _MEAN_TO_SD * mean_off, "mean_abs_dev"
        z = (value - middle) / scale
    return RobustZ(value=value, n=len(baseline), median=middle, mad=mad, scale=scale, z=z, fallback=fallback or None)


class Step(Struct, frozen=True):
    """One day on an EWMA chart."""

    z: float
    lcl: float
    ucl: float

    @property
    def out(self) -> bool:
        """Whether the smoothed value has left its limits."""
        return not self.lcl <= self.z <= self.ucl


def ewma(values: Sequence[float], mu0: float, sigma: float, weight: float = 0.2, width: float = 3) -> list[Step]:
    """The exponentially weighted chart of a slow drift, in the unit of the values, with exact limits at every step.

    ValueError for a negative `sigma` or a `weight` outside (0, 1]. Source: Roberts 1959; NIST handbook 6.3.2.4.
    """
    if sigma < 0 or not 0 < weight <= 1:
        msg = "an EWMA chart needs a sigma of 0 or more and a weight above 0 and up to 1"
        raise ValueError(msg)
    steps, z = [], mu0
    for n, value in enumerate(values, 1):
        z = weight * value + (1 - weight) * z
        half = width * sigma * sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * n)))
        steps.append(Step(z, mu0 - half, mu0 + half))
    return steps


class Rate(Struct, frozen=True, kw_only=True):
    """A day's rate against the usual one. `change` is relative; None when the usual rate is 0."""

    rate: float
    expected: float
    p: float
    change: float | None
    n: int

    @property
    def alert(self) -> bool:
        """Rare by chance alone, and large enough to matter."""
        return self.p < RARE and (self.change is None or abs(self.change) >= NOTABLE)


def rate_test(hits: int, n: int, usual: float) -> Rate | None:
    """The exact test of a day with few events (clicks of impressions, conversions of clicks) against its usual rate.

    None for a day without trials or one that cannot be (more hits than trials). Source: exact binomial test, spec C.7.
    """
    p = binomial(hits, n, usual)
    if p is None:
        return None
    return Rate(rate=hits / n, expected=usual, p=p, change=ratio(hits / n - usual, usual), n=n)


def logged(value: float) -> float:
    """Money and counts are skewed: their logarithm is compared. A negative amount (a refund) keeps its sign.

    Source: spec C.7, log1p for money and counts.
    """
    return log1p(value) if value >= 0 else -log1p(-value)


def by_weekday(baseline: Mapping[date, float], tested: Mapping[date, float]) -> tuple[list[float], list[float]]:
    """What is left of each value, baseline's and tested ones', when the middle of its weekday is taken away.

    A baseline day is compared with the *other* days of its weekday, as a tested day is: otherwise the baseline would
    look calmer than it is and honest days would raise alarms. Source: leave-one-out residuals (Efron 1982), spec C.7
    ("compare same weekdays").
    """
    kinds: list[list[float]] = [[] for _ in range(7)]
    for day, value in baseline.items():
        kinds[day.weekday()].append(value)
    for kind in kinds:
        kind.sort()
    whole = _middle(sorted(baseline.values()))
    left = [v - _others(kinds[day.weekday()], v, whole) for day, v in baseline.items()]
    return left, [v - (_middle(kinds[day.weekday()]) if kinds[day.weekday()] else whole) for day, v in tested.items()]


def _middle(ordered: Sequence[float]) -> float:
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _others(ordered: Sequence[float], without: float, otherwise: float) -> float:
    """The middle of all but one: found by place, for this is asked of every day."""
    if len(ordered) == 1:
        return otherwise
    out = bisect_left(ordered, without)
    low, high = (len(ordered) - 2) // 2, (len(ordered) - 1) // 2
    return (ordered[low + (low >= out)] + ordered[high + (high >= out)]) / 2


def drift(baseline: Sequence[float], recent: Sequence[float]) -> Step | None:
    """Where the EWMA of the recent days stands against a calm baseline; None below 28 clean days, or without a spread.

    Days beyond the cut are not clean, and count as if they lay on it, there and among the recent ones: a single wild
    day is the first alarm's, and no drift. Source: Roberts 1959, guard of spec C.7; clipping as Huber 1981.
    """
    found = robust_z(baseline, 0)
    if found is None:
        return None
    far = found.scale * (threshold(len(baseline)) or 0)
    if sum(abs(v - found.median) <= far for v in baseline) < WHOLE_WEEKS or not recent:
        return None
    low, high = found.median - far, found.median + far
    calm, lately = ([min(max(v, low), high) for v in days] for days in (baseline, recent))
    mean = fmean(calm)
    sd = sqrt(sum((v - mean) ** 2 for v in calm) / (len(calm) - 1))
    return ewma(lately, mean, sd)[-1] if sd else None


def unheard_of(baseline: Sequence[float], value: float) -> bool:
    """Whether a value is more than twice as far out as any of 28 days or more, on its side of their middle.

    For amounts so uneven that their logarithms call nothing unusual. Source: exceedance of the record by its own
    distance (rank test, one day in n + 1 is a record); rate measured on shuffled real series.
    """
    if len(baseline) < WHOLE_WEEKS:
        return False
    ordered = sorted(baseline)
    middle = _middle(ordered)
    furthest = ordered[-1] - middle if value > middle else middle - ordered[0]
    return furthest > 0 and abs(value - middle) > 2 * furthest


def seen_before(baseline: Sequence[float], found: RobustZ) -> bool:
    """Whether the baseline has two days or more that lie as far out on the same side: then it happens now and then.

    One such day is an old outlier, which must not hide a new one. Source: measured on shuffled real series (money by
    day of shops whose campaigns start and stop), where robust z alone raises three times the alarms it should.
    """
    far = found.value - found.median
    return sum((v - found.median) * (1 if far > 0 else -1) >= abs(far) for v in baseline) > 1
