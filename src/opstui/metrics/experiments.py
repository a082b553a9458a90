"""Two versions of something, shown to different people: which is better, and may that be said yet? (spec C.8).

Nothing here takes figures on trust: more conversions than visitors, an empty arm or rates of exactly 0 or 1 have no
test (None), they are not a crash.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import asin, ceil, erfc, exp, gamma, pi, sqrt
from statistics import NormalDist

from msgspec import Struct

from opstui.metrics.exact import hypergeometric

NORMAL = NormalDist()
ALPHA, POWER = 0.05, 0.8
SRM_CUT = 0.001
SMALL = 5
"""Any expected cell below this, and Fisher's exact test is used."""
WEEK = 7
POCOCK_5 = 0.0158
"""The p-value asked of each of five planned looks so that all five together keep 5 % (Pocock 1977)."""


class Arm(Struct, frozen=True):
    """People who saw one version, and those among them who did what was hoped for."""

    n: int
    x: int

    @property
    def possible(self) -> bool:
        """Whether such an arm can be."""
        return 0 <= self.x <= self.n

    @property
    def rate(self) -> float | None:
        """The share that did; None without people, or when it cannot be."""
        return self.x / self.n if self.n and self.possible else None


class Comparison(Struct, frozen=True, kw_only=True):
    """Arm b against arm a. `method`: z or fisher. Intervals are of the difference, at 1 - alpha."""

    p_a: float
    p_b: float
    z: float
    p_value: float
    wald: tuple[float, float]
    newcombe: tuple[float, float]
    method: str
    alpha: float

    @property
    def diff(self) -> float:
        """B minus a, in points of the rate."""
        return self.p_b - self.p_a

    @property
    def lift(self) -> float | None:
        """The difference relative to a; None when a is 0."""
        return self.diff / self.p_a if self.p_a else None

    @property
    def significant(self) -> bool:
        """Whether a difference is shown; otherwise none is shown, which is not "there is none"."""
        return self.p_value < self.alpha


def testable(a: Arm, b: Arm) -> bool:
    """Whether there is anything to compare: people in both, possible figures, and not all or none of them."""
    return a.possible and b.possible and bool(a.n and b.n) and 0 < a.x + b.x < a.n + b.n


def small(a: Arm, b: Arm) -> bool:
    """Whether any expected cell is below 5 (Cochran 1954)."""
    share = (a.x + b.x) / (a.n + b.n)
    return min(n * part for n in (a.n, b.n) for part in (share, 1 - share)) < SMALL


def two_proportions(a: Arm, b: Arm, alpha: float = ALPHA) -> Comparison | None:
    """The pooled two-sided z test of two shares with its intervals, or Fisher's test where cells are small.

    None when there is nothing to compare (`testable`). Source: pooled z as in statsmodels `proportions_ztest`;
    Newcombe 1998, method 10 (hybrid score); Wald; Fisher 1934.
    """
    if not testable(a, b):
        return None
    p, q = a.x / a.n, b.x / b.n
    pooled = (a.x + b.x) / (a.n + b.n)
    z = (q - p) / sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
    exact = fisher(a, b) if small(a, b) else None
    half = NORMAL.inv_cdf(1 - alpha / 2) * sqrt(p * (1 - p) / a.n + q * (1 - q) / b.n)
    return Comparison(
        p_a=p,
        p_b=q,
        z=z,
        p_value=erfc(abs(z) / sqrt(2)) if exact is None else exact,
        wald=(q - p - half, q - p + half),
        newcombe=newcombe(a, b, alpha),
        method="z" if exact is None else "fisher",
        alpha=alpha,
    )


def wilson(arm: Arm, alpha: float) -> tuple[float, float]:
    """The score interval of one share. Source: Wilson 1927."""
    z = NORMAL.inv_cdf(1 - alpha / 2)
    p, whole = arm.x / arm.n, 1 + z * z / arm.n
    middle = p + z * z / (2 * arm.n)
    half = z * sqrt(p * (1 - p) / arm.n + z * z / (4 * arm.n**2))
    return (middle - half) / whole, (middle + half) / whole


def newcombe(a: Arm, b: Arm, alpha: float = ALPHA) -> tuple[float, float]:
    """The interval of b's share minus a's; both arms have people. Source: Newcombe 1998, method 10."""
    p, q = a.x / a.n, b.x / b.n
    (low_a, high_a), (low_b, high_b) = wilson(a, alpha), wilson(b, alpha)
    return q - p - sqrt((q - low_b) ** 2 + (high_a - p) ** 2), q - p + sqrt((high_b - q) ** 2 + (p - low_a) ** 2)


def fisher(a: Arm, b: Arm) -> float | None:
    """The exact two-sided p-value of a two by two table; None for a table that cannot be, or without people.

    Source: Fisher 1934, sides by point probability as R and scipy have them.
    """
    if not (a.possible and b.possible and a.n and b.n):
        return None
    return hypergeometric(a.x, a.n, b.n, a.x + b.x)


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


class Srm(Struct, frozen=True):
    """Whether people fell into the arms as planned. A fault withholds every verdict."""

    chi2: float
    p_value: float
    cut: float = SRM_CUT

    @property
    def fault(self) -> bool:
        """The split is not the planned one, and chance does not explain it."""
        return self.p_value < self.cut


def srm(observed: Sequence[int], planned: Sequence[float], cut: float = SRM_CUT) -> Srm | None:
    """Sample ratio mismatch: the arms' people against the planned split (any positive weights).

    None with fewer than two arms, nobody in them, or a plan that does not fit.
    Source: Pearson's chi-square 1900; cut of Fabijan et al. 2019.
    """
    fits = len(observed) == len(planned) > 1 and min(planned) > 0 and min(observed) >= 0
    if not fits or not sum(observed):
        return None
    people, whole = sum(observed), sum(planned)
    expected = [people * part / whole for part in planned]
    chi2 = sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))
    return Srm(chi2, chi2_tail(chi2, len(observed) - 1), cut)


def chi2_tail(x: float, df: int) -> float:
    """The chance of a chi-square above `x` at `df` degrees of freedom, 1 or more.

    Source: Abramowitz and Stegun 1964, 26.4.4 and 26.4.5 (finite sums for odd and even `df`).
    """
    a = 0.5 if df % 2 else 1.0
    tail = erfc(sqrt(x / 2)) if df % 2 else exp(-x / 2)
    while a < df / 2:
        tail += (x / 2) ** a * exp(-x / 2) / gamma(a + 1)
        a += 1
    return min(1.0, tail)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values of several challengers or metrics, adjusted together, in the order given.

    Source: Holm 1979 (step-down).
    """
    found, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        found[place] = highest
    return found


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
