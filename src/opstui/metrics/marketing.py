"""Marketing ratios (spec C.5). A ratio over a period is the ratio of the sums, never the mean of daily ratios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

MONEY = ("spend", "revenue", "cpm", "cpc", "cpa")
"""Metrics that are amounts of money."""
SHARES = ("ctr", "cvr")
"""Those that are fractions of one."""
LOWER_IS_BETTER = ("spend", "cpm", "cpc", "cpa")
ABBREVIATIONS = ("cpm", "cpc", "cpa", "ctr", "cvr", "roas")
"""Those whose name is written in capitals."""


def ratio(part: float, whole: float) -> float | None:
    """`part / whole`; None when there is nothing to divide by.

    Source: spec C.5, undefined is none.
    """
    return part / whole if whole else None


class Totals(Struct, frozen=True, kw_only=True):
    """Sums over days and channels, in one currency. Reach is missing on purpose: people may not be added over days."""

    spend: float = 0
    impressions: int = 0
    clicks: int = 0
    conversions: float = 0
    revenue: float = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            spend=self.spend + other.spend,
            impressions=self.impressions + other.impressions,
            clicks=self.clicks + other.clicks,
            conversions=self.conversions + other.conversions,
            revenue=self.revenue + other.revenue,
        )

    @property
    def cpm(self) -> float | None:
        """Spend per thousand impressions."""
        return ratio(self.spend * 1000, self.impressions)

    @property
    def cpc(self) -> float | None:
        """Spend per click."""
        return ratio(self.spend, self.clicks)

    @property
    def ctr(self) -> float | None:
        """Clicks per impression."""
        return ratio(self.clicks, self.impressions)

    @property
    def cvr(self) -> float | None:
        """Conversions per click."""
        return ratio(self.conversions, self.clicks)

    @property
    def cpa(self) -> float | None:
        """Spend per conversion."""
        return ratio(self.spend, self.conversions)

    @property
    def roas(self) -> float | None:
        """Revenue per unit of spend; 0 when money was spent and nothing came in."""
        return ratio(self.revenue, self.spend)


def total(parts: Iterable[Totals]) -> Totals:
    """All of them together.

    Source: spec C.5, ratios of sums.
    """
    return sum(parts, Totals())


def faults(row: Totals) -> tuple[str, ...]:
    """What cannot be true in a row: a mark for data quality, never a crash. Names of the fields that contradict.

    Source: spec C.5, impossible rows are flags.
    """
    found = [name for name in ("spend", "impressions", "clicks", "conversions") if getattr(row, name) < 0]
    if row.clicks > row.impressions:
        found.append("clicks>impressions")
    if row.conversions > row.clicks:
        found.append("conversions>clicks")
    return tuple(found)


def roi(revenue: float, margin: float, cost: float) -> float | None:
    """What the money brought back: (revenue * margin - cost) / cost. Cost is media, production, tools and people.

    Source: spec C.5 (case roi-01).
    """
    return ratio(revenue * margin - cost, cost)


def share_of_voice(amounts: Mapping[str, float], own: str) -> float | None:
    """Our part of all that is said, seen or spent, by one basis (mentions, impressions, spend); name it beside it.

    None when there is nothing at all, or an amount below zero. Source: own / (own + rivals), spec C.5.
    """
    if any(amount < 0 for amount in amounts.values()):
        return None
    return ratio(amounts.get(own, 0), sum(amounts.values()))


class Pacing(Struct, frozen=True, kw_only=True):
    """Spend against a budget spread evenly over the run, days included at both ends."""

    elapsed_days: int
    total_days: int
    expected: float
    pace: float | None
    projected: float
    overspend: float
    needed_per_day: float | None

    @property
    def band(self) -> str:
        """Under below 0.85, over above 1.15, else on_track."""
        if self.pace is None:
            return "on_track"
        return "under" if self.pace < 0.85 else "over" if self.pace > 1.15 else "on_track"  # noqa: PLR2004 - spec C.5


def pacing(
    budget: float, spent: float, starts: date, ends: date, as_of: date, *, weights: Sequence[float] = ()
) -> Pacing | None:
    """Where spending stands at the end of the day `as_of`; None before the run. After it, the budget itself counts.

    `weights` are those of Monday to Sunday where the plan spends more on some days; without them all days are alike.
    Source: spend / (budget * elapsed / total), days included at both ends, spec C.5.
    """
    if as_of < starts or ends < starts:
        return None
    days = (ends - starts).days + 1
    elapsed = min((as_of - starts).days + 1, days)
    share = _weight(starts, elapsed, weights) / (_weight(starts, days, weights) or 1)
    projected = spent / share if share else spent
    return Pacing(
        elapsed_days=elapsed,
        total_days=days,
        expected=budget * share,
        pace=ratio(spent, budget * share),
        projected=projected,
        overspend=projected - budget,
        needed_per_day=ratio(budget - spent, days - elapsed),
    )


def _weight(starts: date, days: int, weights: Sequence[float]) -> float:
    weeks, rest = divmod(days, 7)
    week = list(weights) or [1.0] * 7
    return weeks * sum(week) + sum(week[(starts.weekday() + n) % 7] for n in range(rest))
