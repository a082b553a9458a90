"""Who is new and who comes back: the sums of the period, month by month, and by the month of the first order."""

from __future__ import annotations

from collections import Counter
from datetime import date

from msgspec.structs import replace

from opstui.i18n import _, ngettext
from opstui.metrics.customers import Cohort, cohort_retention, cohorts_of
from opstui.metrics.marketing import ratio
from opstui.projections.figures.customers.people import People
from opstui.projections.panels import Element, Panel

SHOWN = 6
"""Months after the first that the table of cohorts shows."""


def nobody_known() -> str:
    """What stands where no order names its customer."""
    return _("no order here names its customer; write the name, the phone or the e-mail on the cards")


def summary(people: People) -> Panel:
    """How many bought, how many of them for the first time, and how much of it came from those who came back."""
    within, span = people.within, f"created:{people.span}"
    first, after = people.source.period

    def inside(day: date) -> bool:
        return first <= day < after

    back = sum(not one.new for one in within)
    elements = (
        people.element(
            _("Customers who bought"),
            len({id(one.all) for one in within}),
            (span, "buyer:new,returning"),
            lambda one: inside(one.order.day),
        ),
        people.element(
            _("For the first time"),
            sum(one.new for one in within),
            (span, "buyer:new"),
            lambda one: inside(one.order.day) and one.new,
        ),
        people.element(
            _("Orders by old ones"),
            back,
            (span, "buyer:returning"),
            lambda one: inside(one.order.day) and not one.new,
        ),
        replace(
            people.element(
                _("Their share"),
                ratio(back, len(within)),
                (span, "buyer:returning"),
                lambda one: inside(one.order.day) and not one.new,
            ),
            unit="fraction",
        ),
    )
    return Panel(
        id="customers.summary",
        title=_("Who bought"),
        kind="figures",
        unit="pieces",
        elements=elements if within else (),
        heads=(_("Figure"), _("Value")),
        method=_("A customer is known by their id, else phone, e-mail, name. Dropped orders do not count."),
        missing="" if within else nobody_known(),
    )


def by_month(people: People) -> Panel:
    """The orders of each month: of those who came back, upon those of new customers."""
    elements: list[Element] = []
    counts = Counter((one.new, f"{one.order.day:%Y-%m}") for one in people.made)
    for series, new, term in ((_("came back"), False, "returning"), (_("new"), True, "new")):
        for name, first, after in people.months():
            cards = counts[new, name]
            query = f"board:{people.board.id} created:{name} buyer:{term}" if cards else ""
            hollow = first <= people.source.today < after
            elements.append(
                Element(label=name, series=series, value=cards, at=first, cards=cards, query=query, hollow=hollow)
            )
    return Panel(
        id="customers.months",
        title=_("Orders a month"),
        kind="columns",
        elements=tuple(elements) if people.made else (),
        heads=(_("Month"), _("Orders")),
        missing="" if people.made else nobody_known(),
    )


def cohorts(people: People) -> Panel:
    """Of those who first bought in a month, how many bought again one, two, three ... months later."""
    known = cohorts_of([(str(id(one.all)), one.order.day) for one in people.made], people.source.today)
    shares = cohort_retention(known)
    wanted = [name for name, _first, _after in people.months() if name in known]
    pooled = shares.pooled[1 : SHOWN + 1]
    elements = [_cohort(people, name, known[name], len(pooled)) for name in wanted]
    if elements:
        size = sum(known[name].size for name in known)
        elements.append(
            Element(label=_("all"), value=size, note=_("ratio of sums, over months that are over"), rest=tuple(pooled))
        )
    return Panel(
        id="customers.cohorts",
        title=_("Who came back, by the month of their first order"),
        kind="table",
        unit="pieces",
        elements=tuple(elements),
        heads=(_("First order"), _("Customers"), *(f"+{n}" for n in range(1, len(pooled) + 1))),
        units=("fraction",) * len(pooled),
        says=_says(people, pooled),
        method=_(
            "+1: the share that bought again in the month after the first. Months that are not over are left out."
        ),
        missing="" if elements else _("no month with a first order is over yet") if people.made else nobody_known(),
    )


def _cohort(people: People, name: str, cohort: Cohort, shown: int) -> Element:
    month = int(name[:4]), int(name[5:])
    later = [ratio(n, cohort.size) for n in cohort.active[1 : shown + 1]]
    found = people.element(
        name, cohort.size, (f"first:{name}",), lambda one: (one.first.day.year, one.first.day.month) == month
    )
    return replace(found, rest=(*later, *(None for _n in range(shown - len(later)))))


def _says(people: People, pooled: list[float | None]) -> str:
    if not pooled or pooled[0] is None:
        return ""
    again = sum(len(one.all) > 1 for one in people.made if one.new)
    said = _("{share} buy again in the month after their first order").format(
        share=people.source.formats.percent(pooled[0])
    )
    more = ngettext("{n} customer has bought more than once", "{n} customers have bought more than once", again)
    return f"{said}; {more}"
