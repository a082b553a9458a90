"""What campaigns cost and brought: the sums of the period with their ratios, and day by day."""

from __future__ import annotations

from datetime import date, timedelta

from opstui.domain.model import Doc
from opstui.i18n import _
from opstui.metrics.marketing import ratio
from opstui.projections.anomaly import by_day, findings, method, unit_of
from opstui.projections.campaign import row_totals
from opstui.projections.figures.campaigns.chosen import BASELINE, SUMMED, Chosen, no_rows
from opstui.projections.panels import Element, Panel


def summary(chosen: Chosen) -> Panel:
    """Sums of the period and their ratios, against the period before of the same length."""
    source = chosen.source
    sums = row_totals(chosen.within)
    start = (source.first - timedelta(days=source.days)).isoformat()
    before = row_totals(row for row in chosen.rows if start <= row["day"] < source.first.isoformat())
    count, query = chosen.behind(chosen.within)
    elements = tuple(
        Element(
            label=name(),
            value=chosen.worth(metric, getattr(sums, metric)),
            unit=unit_of(metric, chosen.currency),
            cards=count,
            query=query,
            note=_change(chosen, getattr(sums, metric), getattr(before, metric)),
        )
        for metric, name in SUMMED
    )
    elements += _blended(chosen)
    left_out = _("Rows in another currency, left out: {n}.").format(n=chosen.others) if chosen.others else ""
    return Panel(
        id="campaigns.summary",
        title=_("What it cost and brought"),
        kind="figures",
        unit="",
        elements=elements if chosen.within else (),
        heads=(_("Figure"), _("Value")),
        says=left_out,
        method=_("Ratios are ratios of the sums, never means of daily ratios."),
        missing="" if chosen.within else no_rows(),
    )


def _blended(chosen: Chosen) -> tuple[Element, ...]:
    """All that the shop sold against all that ads cost: platforms claim some orders twice, the till does not.

    Only the days that the till tells of count: what ads cost on others has brought something that is not known.
    """
    first, after = (day.isoformat() for day in chosen.source.period)
    sold = [row for row in chosen.sold if first <= row["day"] < after]
    if not sold:
        return ()
    begun, ended = min(row["day"] for row in sold), max(row["day"] for row in sold)
    spent = [row for row in chosen.every if begun <= row["day"] <= ended and row["currency"] == chosen.currency]
    income, cost = row_totals(sold).revenue, row_totals(spent).spend
    count, query = chosen.behind((*sold, *spent))
    note = _("{sold} sold / {cost} spent, {first} to {last}").format(
        sold=chosen.money(income), cost=chosen.money(cost), first=begun, last=ended
    )
    return (
        Element(label=_("Blended ROAS"), value=ratio(income, cost), unit="ratio", cards=count, query=query, note=note),
    )


def _change(chosen: Chosen, now: float | None, before: float | None) -> str:
    if now is None or not before:
        return ""
    return _("{change} against the days before").format(change=chosen.source.formats.change(now / before - 1))


def _odd(chosen: Chosen, metric: str) -> dict[date, str]:
    """The days of the period on which a metric was unlike the days before -> how that was found."""
    source = chosen.source
    since = (source.first - timedelta(days=BASELINE)).isoformat()
    days = by_day((row for row in chosen.rows if row["day"] >= since), source.today)
    found = findings(days, metric, source.first, chosen.currency)
    return {one.day: method(one, source.formats) for one in found if one.alert and not one.repeat}


def _series(chosen: Chosen, metric: str, name: str) -> list[Element]:
    """A metric on each day that has figures."""
    odd = _odd(chosen, metric)
    rows: dict[str, list[Doc]] = {}
    for row in chosen.within:
        rows.setdefault(row["day"], []).append(row)
    found = []
    for text, of_day in sorted(rows.items()):
        day = date.fromisoformat(text)
        count, query = chosen.behind(of_day)
        found.append(
            Element(
                label=text,
                series=name,
                value=chosen.worth(metric, getattr(row_totals(of_day), metric)),
                unit=unit_of(metric, chosen.currency),
                at=day,
                cards=count,
                query=query,
                marked=day in odd,
                state="warn" if day in odd else "plain",
                note=odd.get(day, ""),
                hollow=day == chosen.source.today,
            )
        )
    return found


def money_by_day(chosen: Chosen) -> Panel:
    """Spend and revenue of each day; days unlike those before are marked."""
    elements = [*_series(chosen, "spend", _("Spend")), *_series(chosen, "revenue", _("Revenue"))]
    return Panel(
        id="campaigns.money",
        title=_("Spend and revenue a day"),
        kind="line",
        unit=chosen.currency,
        elements=tuple(elements),
        heads=(_("Day"), chosen.currency),
        missing="" if elements else no_rows(),
    )


def rates_by_day(chosen: Chosen) -> Panel:
    """The click rate of each day; days unlike those before are marked."""
    elements = tuple(_series(chosen, "ctr", "CTR"))
    return Panel(
        id="campaigns.ctr",
        title=_("Click rate a day"),
        kind="line",
        unit="fraction",
        elements=elements,
        heads=(_("Day"), "CTR"),
        missing="" if elements else no_rows(),
    )
