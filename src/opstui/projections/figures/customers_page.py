"""The page about customers (spec C.5): who is new, who comes back, who seems to have left, and what one brings.

A customer is known by what their orders say (`domain.identity`). Months are calendar months in the workspace's zone, so
a cohort is a word of the filter language: `first:2026-09` are the orders of all who first bought in that month.
"""

from __future__ import annotations

from opstui.domain.boards import first_of
from opstui.i18n import _
from opstui.projections.buyers import buyers
from opstui.projections.figures.customers.coming import by_month, cohorts, summary
from opstui.projections.figures.customers.funnel import losses
from opstui.projections.figures.customers.leaving import leaving
from opstui.projections.figures.customers.people import People
from opstui.projections.figures.customers.worth import worth
from opstui.projections.figures.source import Source
from opstui.projections.panels import Page, Panel


def page(source: Source) -> Page:
    """The customers of the first board of orders."""
    settings = source.settings
    board = first_of(settings.boards, "order")
    if board is None:
        nothing = Panel(
            id="customers.none",
            title=_("Customers"),
            kind="figures",
            elements=(),
            missing=_("there is no board of orders"),
        )
        return Page(id="customers", title=_("Customers"), panels=(nothing,), period=source.period)
    known = buyers(source.reader, settings.boards, settings.zone, source.today)
    people = People(source=source, board=board, buyers=known)
    panels = (summary(people), by_month(people), cohorts(people), leaving(people), worth(people), losses(people))
    return Page(id="customers", title=_("Customers"), panels=panels, period=source.period)
