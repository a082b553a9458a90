"""Which daily figures of a campaign or a channel are unlike the days before, and what a person can do about each.

Rows are of one currency; money is in major units. A day that is not over is never judged, and figures that arrive late
(conversions of the last days) say so instead of crying.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from opstui.domain.model import Doc, exponent
from opstui.formats import Formats
from opstui.i18n import _, ngettext
from opstui.metrics.marketing import MONEY, Totals
from opstui.metrics.watch import Finding, look, look_at_rate, told_once
from opstui.projections.campaign import row_totals

WATCHED = ("spend", "ctr", "cvr", "cpa", "roas")
"""What raises alarms; the other metrics are marked where they are drawn, for each alarm costs attention."""
LATE_DAYS = 3
LEAST = 0.0001
"""The least chance that is written as a number."""
_LATE = ("conversions", "revenue", "cvr", "cpa", "roas")
_PARTS = {"ctr": ("clicks", "impressions"), "cvr": ("conversions", "clicks")}


class Alert(Struct, frozen=True, kw_only=True):
    """One figure that left its range. `channel` is empty for all together; `unit` as a panel's; `late`: it may mend."""

    metric: str
    channel: str
    unit: str
    finding: Finding
    actions: tuple[str, str]
    late: bool = False


def by_day(rows: Iterable[Doc], before: date) -> dict[date, Totals]:
    """The sums of each day that is over, minor units."""
    days: dict[date, list[Doc]] = {}
    for row in rows:
        days.setdefault(date.fromisoformat(row["day"]), []).append(row)
    return {day: row_totals(days[day]) for day in sorted(days) if day < before}


def unit_of(metric: str, currency: str) -> str:
    """As panels say it: a currency code, fraction, ratio or pieces."""
    return (
        currency if metric in MONEY else {"roas": "ratio", "ctr": "fraction", "cvr": "fraction"}.get(metric, "pieces")
    )


def findings(
    days: Mapping[date, Totals], metric: str, first: date, currency: str, left_out: Collection[date] = ()
) -> tuple[Finding, ...]:
    """The verdict on each day from `first` on that has the metric; `left_out` are marked event days.

    AttributeError for a metric that `Totals` does not have.
    """
    return tuple(f for f in told_once(_each(days, metric, first, currency, left_out)) if f.day >= first)


def _each(
    days: Mapping[date, Totals], metric: str, first: date, currency: str, left_out: Collection[date]
) -> Iterator[Finding]:
    """The day before the first is judged too, so that an alarm that began there is told as old."""
    asked = [day for day in days if day >= first - timedelta(days=1)]
    if metric in _PARTS:
        hits, tried = ({d: getattr(sums, part) for d, sums in days.items()} for part in _PARTS[metric])
        yield from (found for day in asked if (found := look_at_rate(hits, tried, day, left_out)))
        return
    scale = 10 ** exponent(currency) if metric in MONEY else 1
    values = {d: value / scale for d, sums in days.items() if (value := getattr(sums, metric)) is not None}
    yield from (look(values, day, left_out) for day in asked if day in values)


def alerts(
    rows: Sequence[Doc],
    first: date,
    today: date,
    currency: str,
    left_out: Collection[date] = (),
    muted: Collection[tuple[str, str]] = (),
) -> tuple[Alert, ...]:
    """What went out of its range from `first` to yesterday, newest first: the channels and, when several, all together.

    Only the day on which it went out is told. `muted` are (metric, channel) that people do not want to hear of.
    """
    groups = {name: [r for r in rows if r["channel"] == name] for name in sorted({r["channel"] for r in rows})}
    groups |= {"": list(rows)} if len(groups) > 1 else {}
    found = [
        _alert(metric, name, currency, finding, today)
        for name, group in groups.items()
        for metric in WATCHED
        if (metric, name) not in muted
        for finding in findings(by_day(group, today), metric, first, currency, left_out)
        if finding.alert and not finding.repeat
    ]
    return tuple(sorted(found, key=lambda a: a.finding.day, reverse=True))


def _alert(metric: str, channel: str, currency: str, finding: Finding, today: date) -> Alert:
    late = metric in _LATE and finding.day >= today - timedelta(days=LATE_DAYS)
    return Alert(
        metric=metric,
        channel=channel,
        unit=unit_of(metric, currency),
        finding=finding,
        actions=actions(metric, above=finding.above),
        late=late,
    )


def method(finding: Finding, formats: Formats) -> str:
    """How it was found, in words, with how many days it was compared with."""
    days = ngettext("{n} day before", "{n} days before", finding.n)
    match finding.method:
        case "none":
            return _("too few days to judge by ({n})").format(n=finding.n)
        case "constant":
            return _("changed from what never changed, {days}").format(days=days)
        case "record":
            return _("more than twice as far out as any of {days}").format(days=days)
        case "ewma":
            return _("slow drift (EWMA), {days}").format(days=days)
        case "binomial":
            return _("exact binomial test, {p}, {days}").format(p=chance(finding.score or 0, formats), days=days)
        case "weekdays":
            return _("robust z = {z}, weekdays compared, {days}").format(
                z=formats.number(finding.score or 0, 1), days=days
            )
        case _plain:
            return _("robust z = {z}, {days}").format(z=formats.number(finding.score or 0, 1), days=days)


def chance(p: float, formats: Formats) -> str:
    """P = 0.0123; what four places cannot say is p < 0.0001."""
    return f"p < {formats.number(LEAST, 4)}" if p < LEAST else f"p = {formats.number(p, 4)}"


def actions(metric: str, *, above: bool) -> tuple[str, str]:
    """Two things worth doing about a figure that is above, or below, what was expected."""
    twice = _("Check that conversions are not counted twice.")
    late = _("Wait three days: conversions arrive late; then look again.")
    match metric, above:
        case "spend", True:
            return _("Check daily budgets and bids against the plan."), _("Pause what was not planned.")
        case "spend", False:
            return _("Check whether ads were refused or the account ran out of money."), _("Move what is left unspent.")
        case "ctr", True:
            return _("Give the creative that did it more budget."), _(
                "Check the clicks for robots: compare with visits."
            )
        case "ctr", False:
            return _("Change the creative or the audience."), _("Check that the ad still shows what is on offer.")
        case (("cvr" | "conversions" | "revenue" | "roas"), True):
            return _("Give it more budget while it lasts."), twice
        case (("cvr" | "conversions" | "revenue"), False):
            return _("Order something yourself on a phone, up to the payment."), _("Check price and stock on offer.")
        case (("cpa" | "cpc" | "cpm"), True):
            return _("Lower bids or pause what costs most."), late
        case "roas", False:
            return _("Pause what costs most and sells least."), late
        case (("cpa" | "cpc" | "cpm"), False):
            return _("Raise the budget step by step."), twice
        case _other:
            return _("Compare the channels on that day."), _("Check that the day's export is whole.")
