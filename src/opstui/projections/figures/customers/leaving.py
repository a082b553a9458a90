"""Who seems to have left: without a contract nobody gives notice, so it is an estimate and says so."""

from __future__ import annotations

from msgspec.structs import replace

from opstui.i18n import _
from opstui.metrics.customers import QUIET_DAYS, QUIET_GAPS, seems_lost
from opstui.metrics.marketing import ratio
from opstui.projections.figures.customers.coming import nobody_known
from opstui.projections.figures.customers.people import People
from opstui.projections.panels import Panel

YEAR = 365


def leaving(people: People) -> Panel:
    """Of the customers there were when the period began, how many seem to have left since."""
    source = people.source
    base = lost = 0
    left: set[int] = set()
    for orders in people.buyers.of.values():
        days = [order.day for order in orders]
        before = [day for day in days if day < source.first]
        now_lost = bool(seems_lost(days, source.today))
        if now_lost:
            left.add(orders[0].card)
        if before and not seems_lost(before, source.first):
            base += 1
            lost += now_lost
    rate = ratio(lost, base)
    yearly = None if rate is None else 1 - (1 - rate) ** (YEAR / source.days)
    formats = source.formats
    of = _("{lost} of {base} who were there when these days began").format(
        lost=formats.number(lost), base=formats.number(base)
    )
    elements = (
        replace(
            people.element(
                _("Seem to have left"),
                len(left),
                ("buyer:lost",),
                lambda one: one.first.card in left,
            ),
            note=_("their orders, all of them"),
        ),
        replace(people.element(_("Left in these days"), rate, (), lambda _one: False), unit="fraction", note=of),
        replace(people.element(_("In a year at this pace"), yearly, (), lambda _one: False), unit="fraction"),
    )
    return Panel(
        id="customers.churn",
        title=_("Who seems to have left (estimated)"),
        kind="figures",
        unit="pieces",
        elements=elements if people.made else (),
        heads=(_("Figure"), _("Value")),
        next_step=_("write to those who bought most") if left else "",
        method=_("Quiet for {gaps} times their own usual gap, {days} days at least.").format(
            gaps=QUIET_GAPS, days=QUIET_DAYS
        ),
        missing="" if people.made else nobody_known(),
    )
