"""Two versions of something, shown to different people: which is better, and may that be said yet? (spec C.8).

Nothing here takes figures on trust: more conversions than visitors, an empty arm or rates of exactly 0 or 1 have no
test (None), they are not a crash.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, exp, gamma, sqrt
from statistics import NormalDist

from msgspec import Struct

from opstui.metrics.exact import hypergeometric

NORMAL = NormalDist()
ALPHA = 0.05
SRM_CUT = 0.001
SMALL = 5
"""Any expected cell below this, and Fisher's exact test is used."""


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
    """Whether there is anything to compare: people in both, possible figures, and not all or none of them.

    Source: spec C.8; a pooled variance of zero allows no test.
    """
    return a.possible and b.possible and bool(a.n and b.n) and 0 < a.x + b.x < a.n + b.n


def small(a: Arm, b: Arm) -> bool:
    """Whether any expected cell is below 5 (Cochran 1954).

    Source: Cochran 1954, expected cells below 5.
    """
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
