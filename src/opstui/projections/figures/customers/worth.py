"""What a customer brings in the months after the first order, and what winning one costs."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from opstui.domain.figures import rows_of
from opstui.domain.model import SHOP, Money
from opstui.i18n import _
from opstui.metrics.marketing import ratio
from opstui.projections.figures.customers.coming import nobody_known
from opstui.projections.figures.customers.people import Made, People
from opstui.projections.figures.queries import between
from opstui.projections.panels import Element, Panel

HORIZONS = (1, 3, 6, 12)
"""Months after the first order (spec C.5)."""
MONTH = 30.44


def horizon_days(months: int) -> timedelta:
    """So many months in days, of which a year has 365.25."""
    return timedelta(days=round(months * MONTH))


def worth(people: People) -> Panel:
    """The mean of what customers spent by each horizon, of those who are known that long, and the return on ads."""
    currency = people.source.settings.currency
    cost = _cost_each(people, currency)
    elements = tuple(_row(people, months, currency, cost) for months in HORIZONS) if people.made else ()
    margin = people.source.settings.margin
    missing = _("the return needs your margin: margin = 0.35 in opstui.toml") if margin is None else ""
    spent = _("ads cost {money} a new customer in these days").format(
        money=people.source.formats.money(Money(round(cost), currency))
    )
    return Panel(
        id="customers.worth",
        title=_("What a customer brings"),
        kind="table",
        unit=currency,
        elements=elements,
        heads=(_("After"), _("Spent"), _("Customers"), _("Return on ads")),
        units=("pieces", "fraction"),
        says=spent if cost else "",
        next_step=missing if cost else "",
        method=_("The mean of what they spent from the first order on, of those first seen so long ago; one currency."),
        missing="" if people.made else nobody_known(),
    )


def _row(people: People, months: int, currency: str, cost: float) -> Element:
    length = horizon_days(months)
    until = people.source.today - length
    old = [one for one in people.made if one.new and one.first.day <= until]
    spent = [_spent(one, length, currency) for one in old]
    mean = ratio(sum(spent), len(spent))
    margin = people.source.settings.margin
    brought = None if mean is None or margin is None else mean * margin
    gained = None if brought is None or not cost else ratio(brought - cost, cost)
    found = people.element(
        _("{n} months").format(n=months) if months > 1 else _("1 month"),
        None if mean is None else Money(round(mean), currency),
        (f"first:{between(min((one.first.day for one in old), default=until), until)}",),
        lambda one: one.first.day <= until,
    )
    return replace(found, rest=(len(old), gained))


def _spent(one: Made, length: timedelta, currency: str) -> int:
    after = one.first.day + length
    return sum(order.amount for order in one.all if order.day < after and order.currency == currency)


def _cost_each(people: People, currency: str) -> float:
    """What ads cost in the period for each customer won in it, in minor units; 0 where either is unknown."""
    first, after = (day.isoformat() for day in people.source.period)
    rows = [row for row in rows_of(people.source.reader) if first <= row["day"] < after]
    spent = sum(row.get("spend", 0) for row in rows if row["channel"] != SHOP and row["currency"] == currency)
    won = sum(one.new for one in people.within)
    return spent / won if won else 0.0
