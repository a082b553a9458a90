"""Before a test: how many people, for how long, and what it costs to look at it too often (spec C.8)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import asin, ceil, exp, pi, sqrt

from msgspec import Struct

from opstui.metrics.experiments import ALPHA, NORMAL

POWER = 0.8
WEEK = 7
POCOCK_5 = 0.0158
"""The p-value asked of each of five planned looks so that all five together keep 5 % (Pocock 1977)."""


def sample_size(
    baseline: float, target: float, alpha: float = ALPHA, power: float = POWER, sides: int = 2
) -> float | None:
    """People needed in each arm, not rounded (round up), to see a change from one rate to another.

    None for rates outside (0, 1), equal rates, or an alpha or power outside (0, 1).
    Source: classical two-proportion formula, pooled under H0 (Fleiss 1981), spec C.8.
    """
    if not all(0 < v < 1 for v in (baseline, target, alpha, power)) or baseline == target:
        return None
    under_h0, under_h1 = _spreads(baseline, target)
    reach = NORMAL.inv_cdf(1 - alpha / sides) * under_h0 + NORMAL.inv_cdf(power) * under_h1
    return (reach / (baseline - target)) ** 2


def _spreads(p: float, q: float) -> tuple[float, float]:
    """The standard deviation of a difference, per person, if the rates were one and as they are."""
    middle = (p + q) / 2
    return sqrt(2 * middle * (1 - middle)), sqrt(p * (1 - p) + q * (1 - q))


def arcsine_size(baseline: float, target: float, alpha: float = ALPHA, power: float = POWER) -> float | None:
    """The two-sided size by Cohen's h, to check the other by; None where that is.

    Source: Cohen 1988, both tails counted as in statsmodels `NormalIndPower`.
    """
    if sample_size(baseline, target, alpha, power) is None:
        return None
    cut, low, high = NORMAL.inv_cdf(1 - alpha / 2), 0.0, 40.0
    for _halving in range(100):
        shift = (low + high) / 2
        enough = NORMAL.cdf(shift - cut) + NORMAL.cdf(-shift - cut) >= power
        low, high = (low, shift) if enough else (shift, high)
    effect = 2 * abs(asin(sqrt(target)) - asin(sqrt(baseline)))
    return 2 * (high / effect) ** 2


def power(baseline: float, target: float, n_per_arm: float, alpha: float = ALPHA, sides: int = 2) -> float | None:
    """The chance that a plan sees the change it is made for; never asked of a test that is over.

    None where `sample_size` is, or without people. Source: the formula of `sample_size` inverted (far tail left out).
    """
    if sample_size(baseline, target, alpha) is None or n_per_arm <= 0:
        return None
    under_h0, under_h1 = _spreads(baseline, target)
    reach = abs(target - baseline) * sqrt(n_per_arm) - NORMAL.inv_cdf(1 - alpha / sides) * under_h0
    return NORMAL.cdf(reach / under_h1)


class Duration(Struct, frozen=True):
    """Days that a test needs, and the whole weeks that is."""

    raw_days: int
    planned_days: int


def duration(n_per_arm: int, arms: int, eligible_per_day: float, share: float = 1.0) -> Duration | None:
    """How long until every arm has its people: in whole weeks, so that every weekday counts alike, one at least.

    None when nobody comes or nothing is asked for. Source: spec C.8.
    """
    per_day = Fraction(str(eligible_per_day)) * Fraction(str(share))
    if per_day <= 0 or n_per_arm <= 0 or arms <= 0:
        return None
    raw = ceil(n_per_arm * arms / per_day)
    return Duration(raw, -(-raw // WEEK) * WEEK)


_POINTS = 80


@lru_cache(maxsize=64)
def peeking(looks: int, alpha: float = ALPHA) -> float:
    """The chance to call a difference that is not there when one looks so often, each time at `alpha`.

    0 looks call nothing. Source: Armitage, McPherson and Rowe 1969 (recursive integration, here by Simpson's rule).
    """
    if looks < 1:
        return 0.0
    cut = NORMAL.inv_cdf(1 - alpha / 2)
    places, density = _grid(cut), [NORMAL.pdf(v) for v in _grid(cut)]
    for look in range(2, looks + 1):
        step = 2 * cut * sqrt(look - 1) / _POINTS
        heavy = [_simpson(n) * step * d for n, d in enumerate(density)]
        after = _grid(cut * sqrt(look))
        density = [sum(w * exp(-((v - u) ** 2) / 2) for w, u in zip(heavy, places, strict=True)) for v in after]
        density = [d / sqrt(2 * pi) for d in density]
        places = after
    step = 2 * cut * sqrt(looks) / _POINTS
    return 1 - sum(_simpson(n) * step * d for n, d in enumerate(density))


def _grid(half: float) -> list[float]:
    return [half * (2 * n / _POINTS - 1) for n in range(_POINTS + 1)]


def _simpson(n: int) -> float:
    return (1 if n in (0, _POINTS) else 4 if n % 2 else 2) / 3
