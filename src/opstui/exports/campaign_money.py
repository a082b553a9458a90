"""A campaign's money in its post-mortem: spend by day against the plan, and what each channel brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from opstui.domain.model import exponent
from opstui.exports import campaign_words as words
from opstui.exports import markdown as md
from opstui.exports.diagrams import MOST_BARS, xychart
from opstui.exports.page import Page
from opstui.exports.style import symbol
from opstui.i18n import _
from opstui.projections.postmortem import CampaignFacts

MOST_ODD = 10
_WEEK = 7
_THOUSANDS = ((10**9, 10**6, "million"), (10**5, 10**3, "thousand"))


def spend(page: Page, facts: CampaignFacts) -> Sequence[str]:
    """Spend by day or week against an even spread of the budget, and how fast it went."""
    spend, style, currency = facts.spend, page.style, facts.currency
    periods = _periods(facts)
    rows = [
        [label, style.amount(spent, currency), style.amount(planned, currency), style.change(_over(spent, planned))]
        for label, spent, planned in periods
    ]
    if rows:
        total, budget = facts.totals.spend, facts.details.budget if spend.planned else None
        over = style.change(_over(total, budget))
        rows.append([_("Total"), style.amount(total, currency), style.amount(budget, currency), over])
    unit = symbol(currency)
    header = [_("Day"), _("Spend ({unit})").format(unit=unit), _("Planned ({unit})").format(unit=unit), _("Difference")]
    known = len(header) if spend.planned else 2
    listed = md.table(header[:known], [row[:known] for row in rows], "lrrr"[:known])
    chart = _spend_chart(periods, currency) if page.diagrams else ""
    return [chart, listed, _pace(page, facts)]


def _over(actual: float, planned: float | None) -> float | None:
    return (actual - planned) / planned if planned else None


def _periods(facts: CampaignFacts) -> list[tuple[str, int, float | None]]:
    """(label, spent, planned) per day, or per week of the run when there are more than 60 days."""
    days, planned = facts.spend.days, facts.spend.planned
    if len(days) <= MOST_BARS:
        return [(day.isoformat(), spent, planned) for day, spent in days]
    weeks: dict[int, list[tuple[date, int]]] = {}
    for day, spent in days:
        weeks.setdefault((day - days[0][0]).days // _WEEK, []).append((day, spent))
    return [
        (_("week of {day}").format(day=week[0][0]), sum(s for _d, s in week), planned * len(week) if planned else None)
        for week in weeks.values()
    ]


def _spend_chart(periods: list[tuple[str, int, float | None]], currency: str) -> str:
    top = max((spent for _label, spent, _planned in periods), default=0) / 10 ** exponent(currency)
    divisor, word = next(((by, word) for least, by, word in _THOUSANDS if top >= least), (1, ""))
    scale = divisor * 10 ** exponent(currency)
    unit = f"{word} {currency}".strip()
    points = [(label[-5:], spent / scale) for label, spent, _planned in periods]
    line = [planned / scale for _label, _spent, planned in periods if planned is not None]
    return xychart(
        _("Spend per day ({unit})").format(unit=unit), unit, points, line if len(line) == len(points) else ()
    )


def _pace(page: Page, facts: CampaignFacts) -> str:
    pace = facts.spend.pacing
    if pace is None:
        return ""
    bands = {"under": _("under plan"), "on_track": _("on track"), "over": _("over plan")}
    text = _("Pace on {day}: {pace} of plan ({band}), day {n} of {all}.").format(
        day=facts.spend.days[-1][0].isoformat(),
        pace=page.style.number(pace.pace, 2),
        band=bands[pace.band],
        n=pace.elapsed_days,
        all=pace.total_days,
    )
    said = [text]
    if pace.elapsed_days < pace.total_days:
        money = page.style.money(pace.projected, facts.currency)
        said.append(_("At this pace the run ends at {money}.").format(money=money))
    return md.bullets(said)


def channels(page: Page, facts: CampaignFacts) -> Sequence[str]:
    """What each channel cost and brought; with credit where orders say what led to them."""
    style, currency = page.style, facts.currency
    rows = [
        [
            page.say(name),
            style.amount(sums.spend, currency),
            style.number(sums.impressions),
            style.number(sums.clicks),
            style.percent(sums.ctr, 2),
            style.percent(sums.cvr, 2),
            style.amount(sums.cpa, currency),
            style.number(sums.roas, 2),
            *_touches(page, facts, name),
        ]
        for name, sums in facts.channels
    ]
    unit = symbol(currency)
    header = [
        _("Channel"), _("Spend ({unit})").format(unit=unit), _("Impressions"), _("Clicks"), "CTR", "CVR",
        _("CPA ({unit})").format(unit=unit), "ROAS",
    ]  # fmt: skip
    if facts.credit is not None:
        header += [_("First touch"), _("Last touch")]
    return [md.table(header, rows, "lrrrrrrrrr"[: len(header)]), *_odd_days(page, facts)]


def _touches(page: Page, facts: CampaignFacts, channel: str) -> list[str]:
    """How much of what was sold during the run began, and ended, with this channel."""
    if facts.credit is None:
        return []
    shares = (facts.credit.first, facts.credit.last)
    return [page.style.percent(share.get(channel.casefold(), 0.0), 0) for share in shares]


def _odd_days(page: Page, facts: CampaignFacts) -> Sequence[str]:
    """The days on which a figure left the range that the days before had set."""
    if not facts.alerts:
        return []
    rows = [
        [
            page.day(alert.finding.day),
            page.say(alert.channel) or _("all"),
            words.metric(alert.metric, facts.currency),
            words.number(page, alert.metric, alert.finding.value),
            words.number(page, alert.metric, alert.finding.expected),
        ]
        for alert in facts.alerts[:MOST_ODD]
    ]
    header = [_("Day"), _("Channel"), _("Measure"), _("Value"), _("Usual")]
    more = len(facts.alerts) - MOST_ODD
    rest = md.inline(_("Left out here: {n} more.").format(n=more)) if more > 0 else ""
    return [_("Unlike the days before:"), md.table(header, rows, "lllrr"), rest]
