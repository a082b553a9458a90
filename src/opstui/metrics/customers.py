"""Who stays, who leaves and what a customer is worth (spec C.5). Rates concern those who were there at the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from msgspec import Struct

from opstui.metrics.marketing import ratio

MONTHS = 12
LONGEST = 1200
"""Periods after which a payback is not looked for any further."""
QUIET_DAYS = 60
QUIET_GAPS = 2


class Churn(Struct, frozen=True, kw_only=True):
    """Customers of the opening base who left, as a share of it; None without a base or for figures that cannot be."""

    churn: float | None
    retention: float | None
    customers_end: int
    annualised: float | None
    fault: str = ""


def churn(start: int, lost: int, new: int = 0, new_lost: int = 0) -> Churn:
    """What a period did to the customers there were; those won in it are in neither part of the rate.

    `annualised` reads the period as a month. Source: lost / opening base, spec C.5.
    """
    fault = "lost>start" if lost > start else "new_lost>new" if new_lost > new else ""
    fault = "negative" if min(start, lost, new, new_lost) < 0 else fault
    rate = None if fault else ratio(lost, start)
    return Churn(
        churn=rate,
        retention=None if rate is None else 1 - rate,
        customers_end=start - lost + new - new_lost,
        annualised=None if rate is None else 1 - (1 - rate) ** MONTHS,
        fault=fault,
    )


class Cohort(Struct, frozen=True):
    """Customers who first bought in one period, and how many of them were active in it and in each one after it."""

    size: int
    active: tuple[int, ...]

    @property
    def possible(self) -> bool:
        """Whether nobody is active who is not in it."""
        return self.size >= 0 and all(0 <= n <= self.size for n in self.active)


class Retention(Struct, frozen=True):
    """Shares still active by period since the first; `faults` names cohorts that cannot be: they are pooled nowhere."""

    by_cohort: dict[str, list[float | None]]
    pooled: list[float | None]
    faults: tuple[str, ...] = ()


def cohort_retention(cohorts: Mapping[str, Cohort]) -> Retention:
    """Each cohort's retention, and that of all which are old enough: young ones must not drag late months down.

    Source: ratio of sums over the cohorts that have the month, spec C.5.
    """
    known = {name: c for name, c in cohorts.items() if c.possible}
    months = max((len(c.active) for c in known.values()), default=0)
    pooled = []
    for month in range(months):
        old = [c for c in known.values() if len(c.active) > month]
        pooled.append(ratio(sum(c.active[month] for c in old), sum(c.size for c in old)))
    shares = {name: [ratio(n, c.size) for n in c.active] for name, c in known.items()}
    return Retention(shares, pooled, tuple(name for name in cohorts if name not in known))


def cohorts_of(orders: Iterable[tuple[str, date]], as_of: date) -> dict[str, Cohort]:
    """Monthly cohorts (2026-09) from (customer, day of the order); months that are not over yet are left out.

    Source: first-purchase cohorts (Fader and Hardie 2009), spec C.5.
    """
    bought: dict[str, set[int]] = {}
    for customer, day in orders:
        bought.setdefault(customer, set()).add(_month(day))
    over = _month(as_of)
    groups: dict[int, list[set[int]]] = {}
    for months in bought.values():
        groups.setdefault(min(months), []).append(months)
    return {
        f"{first // MONTHS}-{first % MONTHS + 1:02}": Cohort(
            len(people), tuple(sum(month in months for months in people) for month in range(first, over))
        )
        for first, people in sorted(groups.items())
        if first < over
    }


def _month(day: date) -> int:
    return day.year * MONTHS + day.month - 1


def seems_lost(orders: Sequence[date], as_of: date) -> bool | None:
    """Whether a customer without a contract has gone: quiet for twice their usual gap, 60 days at least.

    An estimate, to be labelled so; None without an order. Source: spec C.5 (non-contractual churn).
    """
    if not orders:
        return None
    days = sorted(set(orders))
    gaps = [(after - before).days for before, after in pairwise(days)]
    return (as_of - days[-1]).days > max(QUIET_DAYS, QUIET_GAPS * (median(gaps) if gaps else 0))


def ltv(margin: float, retention: float, discount: float, periods: int) -> float:
    """What a customer brings in so many periods, in the unit of `margin`; the first margin comes at once.

    ValueError for a discount of -1 or less. Source: geometric series, spec C.5.
    """
    step = _step(retention, discount)
    return sum(margin * step**t for t in range(periods))


def _step(retention: float, discount: float) -> float:
    if discount <= -1:
        msg = f"a discount of {discount:g} for a period has no meaning; it is a fraction above -1"
        raise ValueError(msg)
    return retention / (1 + discount)


def ltv_forever(margin: float, retention: float, discount: float = 0) -> float | None:
    """The same without an end: margin / (1 - retention / (1 + discount)); None where customers never leave.

    Source: geometric series, spec C.5 (retention of 1 or more has no finite value).
    """
    step = retention / (1 + discount) if discount > -1 else 1
    return None if retention >= 1 or step >= 1 else margin / (1 - step)


class Worth(Struct, frozen=True, kw_only=True):
    """New customers and what each brings, per period."""

    customers: float
    margin: float
    retention: float
    discount: float = 0

    def after(self, periods: int) -> float:
        """What all of them have brought after so many periods."""
        return self.customers * ltv(self.margin, self.retention, self.discount, periods)


def roi_by_horizon(worth: Worth, cost: float, horizons: Sequence[int]) -> list[float | None]:
    """(customers * LTV - cost) / cost for each horizon in periods; None without cost. Source: spec C.5."""
    return [ratio(worth.after(h) - cost, cost) for h in horizons]


def payback(worth: Worth, cost: float) -> int | None:
    """The first period after which the customers have brought their cost; 0 when they cost nothing, None for never.

    ValueError as `ltv`. Source: discounted payback on the series of `ltv`, spec C.5.
    """
    step, brought = _step(worth.retention, worth.discount), 0.0
    each = worth.customers * worth.margin
    if cost <= 0 or each <= 0:
        return 0 if cost <= 0 else None
    for period in range(1, LONGEST + 1):
        brought += each * step ** (period - 1)
        if brought >= cost:
            return period
    return None
