"""Acquisition, activation, revenue, retention (AARR): how many of those who came went on to each step.

The fifth step, referral, is told by no field of a card: nobody writes down who brought whom, so it is not guessed.
"""

from __future__ import annotations

from msgspec.structs import replace

from opstui.domain.figures import rows_of
from opstui.domain.model import SHOP
from opstui.i18n import _
from opstui.metrics.funnel import funnel
from opstui.projections.figures.customers.coming import nobody_known
from opstui.projections.figures.customers.people import Made, People
from opstui.projections.panels import Element, Panel


def losses(people: People) -> Panel:
    """From a click on an ad to a second order, of the customers won in the period."""
    first, after = people.source.period
    span = f"created:{people.span}"

    def won(one: Made) -> bool:
        return one.new and first <= one.order.day < after

    steps = [
        Element(label=_("Came (clicks on ads)"), value=_clicks(people), note=_("daily figures of campaigns")),
        people.element(_("Ordered first"), sum(map(won, people.made)), (span, "buyer:new"), won),
        people.element(
            _("Paid"),
            sum(won(one) and one.order.paid for one in people.made),
            (span, "buyer:new", "payment:paid"),
            lambda one: won(one) and one.order.paid,
        ),
        people.element(
            _("Ordered again"),
            sum(won(one) and one.order.paid and len(one.all) > 1 for one in people.made),
            (span, "buyer:new", "payment:paid", "buyer:repeat"),
            lambda one: won(one) and one.order.paid and len(one.all) > 1,
        ),
    ]
    if not steps[0].value:
        steps = steps[1:]
    found = funnel([(step.label, step.value) for step in steps])  # type: ignore[misc]
    rates = {step.end: step.rate for step in found.steps}
    elements = tuple(
        replace(
            step,
            rest=(rates.get(step.label),),
            marked=step.label == found.worst_rate,
            state="bad" if step.label in found.faults else "plain",
        )
        for step in steps
    )
    return Panel(
        id="customers.funnel",
        title=_("From a click to a second order"),
        kind="funnel",
        unit="pieces",
        elements=elements if people.within else (),
        heads=(_("Step"), _("Customers"), _("Of the step before")),
        units=("fraction",),
        says=_("smallest share goes on to: {step}").format(step=found.worst_rate) if found.worst_rate else "",
        method=_("Customers won in these days. Who was brought by whom is written nowhere, so referral is left out."),
        missing="" if people.within else nobody_known(),
    )


def _clicks(people: People) -> int:
    first, after = (day.isoformat() for day in people.source.period)
    rows = (row for row in rows_of(people.source.reader) if first <= row["day"] < after)
    return sum(row.get("clicks", 0) for row in rows if row["channel"] != SHOP)
