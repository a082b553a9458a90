"""Is a day unlike the days before it? (spec C.5, C.7).

The day under test is never part of its own baseline. The cut depends on how many days the baseline has: the textbook
3.5 cries wolf once in fifteen days when there are only seven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import log1p, sqrt
from statistics import fmean, median, stdev

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
    middle = median(baseline)
    off = [abs(v - middle) for v in baseline]
    mad, mean_off = median(off), fmean(off)
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
    """Money and counts are skewed: their logarithm is compared. A negative amount (a refund) keeps its sign."""
    return log1p(value) if value >= 0 else -log1p(-value)


def by_weekday(baseline: Mapping[date, float], tested: Mapping[date, float]) -> tuple[list[float], list[float]]:
    """What is left of each value, baseline's and tested ones', when the middle of its weekday is taken away.

    A baseline day is compared with the *other* days of its weekday, as a tested day is: otherwise the baseline would
    look calmer than it is and honest days would raise alarms. Source: leave-one-out residuals (Efron 1982), spec C.7
    ("compare same weekdays").
    """
    kinds: dict[int, dict[date, float]] = {}
    for day, value in baseline.items():
        kinds.setdefault(day.weekday(), {})[day] = value
    whole = median(baseline.values())
    middles = {kind: median(days.values()) for kind, days in kinds.items()}
    left = [v - _others(kinds[day.weekday()], day, whole) for day, v in baseline.items()]
    return left, [v - middles.get(day.weekday(), whole) for day, v in tested.items()]


def _others(days: Mapping[date, float], without: date, otherwise: float) -> float:
    rest = [value for day, value in days.items() if day != without]
    return median(rest) if rest else otherwise


def drift(baseline: Sequence[float], recent: Sequence[float]) -> Step | None:
    """Where the EWMA of the recent days stands against a calm baseline; None below 28 clean baseline days.

    Days that are beyond the cut are no part of the baseline. Source: Roberts 1959, guard of spec C.7.
    """
    calm = [v for v in baseline if (found := robust_z(baseline, v)) and not found.beyond(threshold(len(baseline)))]
    if len(calm) < WHOLE_WEEKS or not recent:
        return None
    return ewma(recent, fmean(calm), stdev(calm))[-1]
