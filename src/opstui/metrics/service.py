"""What customers said and how long they waited (spec C.5). A share is never told without its count and its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import NormalDist

from msgspec import Struct

from opstui.metrics.marketing import ratio
from opstui.metrics.percentiles import median, quantile

Z95 = NormalDist().inv_cdf(0.975)
SATISFIED = 4
PROMOTER, DETRACTOR = 9, 6


class Share(Struct, frozen=True):
    """So many of so many, with the 95 % Wilson interval: unlike the plain one it stays sensible for ten answers."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        """The share; None without answers."""
        return ratio(self.hits, self.n)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound (Wilson 1927); None without answers."""
        if not self.n:
            return None
        p, z2 = self.hits / self.n, Z95**2
        middle = p + z2 / (2 * self.n)
        half = Z95 * sqrt(p * (1 - p) / self.n + z2 / (4 * self.n**2))
        whole = 1 + z2 / self.n
        return (middle - half) / whole, (middle + half) / whole


def csat(scores: Iterable[int]) -> Share:
    """Satisfied answers, 4 and 5, among scores from 1 to 5.

    Source: spec C.5, CSAT; interval of Wilson (1927) (case csat-01).
    """
    known = list(scores)
    return Share(sum(score >= SATISFIED for score in known), len(known))


class Nps(Struct, frozen=True):
    """Counts of a 0 to 10 question."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """How many answered."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float | None:
        """Percent of promoters minus percent of detractors, -100 to 100."""
        return ratio(100 * (self.promoters - self.detractors), self.n)

    @property
    def margin(self) -> float | None:
        """Half the 95 % interval of the score, in points."""
        if not self.n:
            return None
        p, d = self.promoters / self.n, self.detractors / self.n
        return Z95 * sqrt((p + d - (p - d) ** 2) / self.n) * 100


def nps(scores: Iterable[int]) -> Nps:
    """The counts behind the net promoter score: 9 and 10 promote, 0 to 6 detract.

    Source: Reichheld (2003), The one number you need to grow; spec C.5 (case nps-01).
    """
    known = list(scores)
    promoters, detractors = sum(s >= PROMOTER for s in known), sum(s <= DETRACTOR for s in known)
    return Nps(promoters, len(known) - promoters - detractors, detractors)


class FirstResponse(Struct, frozen=True):
    """Minutes to the first human reply. What nobody answered is counted apart, never as 0."""

    n: int
    unanswered: int
    median: float | None
    p90: float | None
    mean: float | None


def first_response(minutes: Sequence[float | None]) -> FirstResponse:
    """The figures over tickets; None stands for one that was not answered yet.

    Source: spec C.5, first response (case frt-01).
    """
    known = [m for m in minutes if m is not None]
    return FirstResponse(
        n=len(known),
        unanswered=len(minutes) - len(known),
        median=median(known),
        p90=quantile(known, 90),
        mean=ratio(sum(known), len(known)),
    )
