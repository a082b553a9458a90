"""Where people came from and where they were lost: the funnel and the channels."""

from __future__ import annotations

from opstui.i18n import _
from opstui.metrics.funnel import funnel
from opstui.metrics.marketing import Totals
from opstui.projections.campaign import channels, row_totals
from opstui.projections.figures.campaigns.chosen import Chosen, no_rows
from opstui.projections.panels import Element, Panel


def losses(chosen: Chosen) -> Panel:
    """From being seen to an order: how many are left at each step, and where most are lost."""
    sums = row_totals(chosen.within)
    stages = [(_("Seen"), sums.impressions), (_("Clicked"), sums.clicks), (_("Ordered"), sums.conversions)]
    leads = sum(row.get("leads", 0) for row in chosen.within)
    if leads and not (sums.impressions or sums.clicks):  # nobody counted who saw it
        stages[:2] = [(_("Left their name"), leads)]
    found = funnel(stages)
    count, query = chosen.behind(chosen.within)
    rates = {step.end: step.rate for step in found.steps}
    elements = tuple(
        Element(
            label=name,
            value=people,
            cards=count,
            query=query,
            marked=name == found.worst_rate,
            state="bad" if name in found.faults else "plain",
            rest=(rates.get(name),),
        )
        for name, people in stages
    )
    says = ""
    if found.worst_rate and found.most_lost:
        says = _("smallest share goes on to: {rate}; most people are lost before: {lost}").format(
            rate=found.worst_rate, lost=found.most_lost
        )
    if found.faults:
        says = _("more {stage} than before it: these figures are of different people or days").format(
            stage=found.faults[0].lower()
        )
    return Panel(
        id="campaigns.funnel",
        title=_("From seen to ordered"),
        kind="funnel",
        unit="pieces",
        elements=elements if chosen.within else (),
        heads=(_("Step"), _("People"), _("Of the step before")),
        units=("fraction",),
        says=says if chosen.within else "",
        missing="" if chosen.within else no_rows(),
    )


def by_channel(chosen: Chosen) -> Panel:
    """Each channel's sums and ratios, the one that cost most first."""
    found = sorted(channels(chosen.within), key=lambda pair: (-pair[1].spend, pair[0]))
    whole = sum(sums.spend for _name, sums in found)
    elements = tuple(_channel(chosen, name, sums, whole) for name, sums in found)
    money = chosen.currency
    return Panel(
        id="campaigns.channels",
        title=_("Channels"),
        kind="table",
        unit=money,
        elements=elements,
        heads=(_("Channel"), _("Spend"), _("Share"), _("Revenue"), "ROAS", "CTR", "CVR", "CPA", "CPC", "CPM"),
        units=("fraction", money, "ratio", "fraction", "fraction", money, money, money),
        missing="" if elements else no_rows(),
    )


def _channel(chosen: Chosen, name: str, sums: Totals, whole: float) -> Element:
    count, query = chosen.behind(row for row in chosen.within if row["channel"] == name)
    ratios = ("roas", "ctr", "cvr", "cpa", "cpc", "cpm")
    return Element(
        label=name,
        value=chosen.worth("spend", sums.spend),
        cards=count,
        query=query,
        rest=(
            sums.spend / whole if whole else None,
            chosen.worth("revenue", sums.revenue),
            *(chosen.worth(metric, getattr(sums, metric)) for metric in ratios),
        ),
    )
