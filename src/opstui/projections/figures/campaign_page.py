"""The page about campaigns (spec C.5): what they cost and bring day by day, where people are lost, and what is odd.

About the campaign under the cursor, else about all that are live, else about all with figures in the period.
"""

from __future__ import annotations

from opstui.i18n import _, ngettext
from opstui.projections.figures.campaigns.age import aged, lateness
from opstui.projections.figures.campaigns.chosen import Chosen, choose
from opstui.projections.figures.campaigns.credit import credit
from opstui.projections.figures.campaigns.odd import odd_days
from opstui.projections.figures.campaigns.plans import pacing, targets
from opstui.projections.figures.campaigns.sums import money_by_day, rates_by_day, summary
from opstui.projections.figures.campaigns.tests import tests
from opstui.projections.figures.campaigns.ways import by_channel, losses
from opstui.projections.figures.source import Source
from opstui.projections.panels import Page, Panel


def page(source: Source) -> Page:
    """The figures of the campaign under the cursor, or of those that are live."""
    board = source.first_of("campaign")
    if board is None:
        nothing = _panel("campaigns.none", _("Campaigns"), missing=_("there is no board of campaigns"))
        return Page(id="campaigns", title=_("Campaigns"), panels=(nothing,), period=source.period)
    chosen = choose(source, board)
    late = lateness(chosen)
    panels = (
        summary(chosen),
        money_by_day(chosen),
        rates_by_day(chosen),
        odd_days(chosen),
        pacing(chosen),
        losses(chosen),
        by_channel(chosen),
        credit(chosen),
        *targets(chosen),
    )
    panels = (*(aged(panel, late) for panel in panels), *tests(chosen))
    return Page(id="campaigns", title=_("Campaigns"), subject=_subject(chosen), panels=panels, period=source.period)


def _subject(chosen: Chosen) -> str:
    if chosen.single is not None:
        doc = chosen.source.reader.get("cards", chosen.single) or {}
        return f"{doc.get('ref', '')} {doc.get('title', '')}"
    return ngettext("{n} campaign", "{n} campaigns", len(chosen.cards)).format(n=len(chosen.cards))


def _panel(name: str, title: str, *, missing: str) -> Panel:
    return Panel(id=name, title=title, kind="figures", elements=(), missing=missing)
