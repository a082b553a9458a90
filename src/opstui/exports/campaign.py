"""The campaign layout of a post-mortem: the sections of domain spec B.5 that only a campaign has, and their order."""

from __future__ import annotations

from datetime import date
from typing import Any

from opstui.domain.model import exponent
from opstui.exports import markdown as md
from opstui.exports import page as any_card
from opstui.exports.diagrams import MOST_BARS, xychart
from opstui.exports.page import Page, section
from opstui.exports.style import plain_number, symbol
from opstui.formats import age
from opstui.i18n import _
from opstui.metrics.marketing import MONEY, SHARES
from opstui.projections.campaign import TargetRow, Voice
from opstui.projections.postmortem import CampaignFacts

_ACRONYMS = ("cpa", "cpm", "cpc", "ctr", "cvr", "roas")
_WEEK = 7
_THOUSANDS = ((10**9, 10**6, "million"), (10**5, 10**3, "thousand"))


def front_matter(page: Page, facts: CampaignFacts) -> dict[str, Any]:
    """The keys of domain spec B.5 for a campaign, in their order. Money in major units."""
    return {
        "schema": "opstui.postmortem/1",
        "kind": "campaign",
        "id": facts.ref,
        "subject": page.say(facts.card.title),
        "status": facts.status,
        "visibility": "internal" if page.people is None else "public",
        "card": facts.card.ref,
        "severity": None,
        "period_start": page.iso(facts.run.start if facts.run else None),
        "period_end": page.iso(facts.run.end if facts.run else None),
        "timezone": str(facts.zone),
        "owner": facts.card.owner or None,
        "contributors": facts.contributors,
        "verdict": facts.verdict,
        "kpi_met": sum(row.result == "met" for row in facts.targets),
        "kpi_total": len(facts.targets),
        "currency": facts.currency,
        "budget": plain_number(facts.details.budget, facts.currency) if facts.details.budget else None,
        "spend": plain_number(facts.totals.spend, facts.currency) if facts.has_rows else None,
        **any_card.origin(page),
    }


def render(page: Page, facts: CampaignFacts) -> str:
    """The whole document."""
    worked, factors, lessons = any_card.lessons_learned(page)
    return md.document(
        md.front_matter(front_matter(page, facts)),
        f"# {_('Campaign post-mortem: {title}').format(title=md.heading(page.say(facts.card.title)))}",
        any_card.draft_note(page),
        _glance(page, facts),
        _brief(page, facts),
        _targets(page, facts),
        _spend(page, facts),
        _channels(page, facts),
        section(_("Experiment")),
        any_card.stages(page),
        any_card.timeline(page),
        _reaction(page, facts),
        worked,
        factors,
        lessons,
        any_card.actions(page),
        any_card.links(page),
        any_card.comments(page),
        any_card.deeds(page),
        any_card.quality(page, *_method(facts)),
        any_card.review(page),
    )


def _glance(page: Page, facts: CampaignFacts) -> str:
    met = sum(row.result == "met" for row in facts.targets)
    said = _("{verdict} ({met} of {all} KPIs)").format(verdict=_(facts.verdict), met=met, all=len(facts.targets))
    people = (
        (_("sponsor: {name}"), facts.details.sponsor),
        (_("owner: {name}"), facts.card.owner),
    )
    decision = page.written("decision", _("which one decision mattered most?"))
    rows = [
        [_("Verdict"), said if facts.targets else _(facts.verdict)],
        [_("Live"), _live(page, facts)],
        [_("Budget"), _budget(page, facts)],
        [_("Sponsor and owner"), ", ".join(text.format(name=name) for text, name in people if name)],
        [_("Single most important decision"), decision],
    ]
    return section(_("At a glance"), md.table([_("Item"), _("Value")], rows))


def _live(page: Page, facts: CampaignFacts) -> str:
    run = facts.run
    if run is None:
        return ""
    basis = {"stages": "", "brief": _(" (as planned in the brief)"), "rows": _(" (by its figures)")}[run.basis]
    if run.end is None:
        return _("since {start} {zone}").format(start=page.when(run.start), zone=page.zone) + basis
    text = _("{start} to {end} {zone}, {span}")
    span = age(run.end - run.start)
    return text.format(start=page.when(run.start), end=page.when(run.end), zone=page.zone, span=span) + basis


def _budget(page: Page, facts: CampaignFacts) -> str:
    budget = facts.details.budget
    own = facts.details.currency or facts.currency
    planned = page.style.money(budget, own)
    if not facts.has_rows:
        return _("{budget}; what was spent is not known").format(budget=planned) if budget else ""
    spent = page.style.money(facts.totals.spend, facts.currency)
    if not budget:
        return _("{spent} without a budget").format(spent=spent)
    if own != facts.currency:
        return _("{spent} of {budget}").format(spent=spent, budget=planned)
    share = page.style.percent(facts.totals.spend / budget)
    return _("{spent} of {budget} ({share})").format(spent=spent, budget=planned, share=share)


def _brief(page: Page, facts: CampaignFacts) -> str:
    rows = []
    for row in facts.brief:
        changed = _("no") if facts.approved else ""
        if row.changed:
            now = page.value(row.field, row.now) or _("nothing")
            changed = _("yes, {day}; now: {value}").format(day=page.day(row.changed), value=now)
        rows.append([_(row.field.label), page.value(row.field, row.value), changed])
    when = _("Approved on {day}.").format(day=page.day(facts.approved)) if facts.approved else _("Never approved here.")
    return section(
        _("Brief as approved"), md.table([_("Field"), _("Value"), _("Changed after approval")], rows), md.inline(when)
    )


def _targets(page: Page, facts: CampaignFacts) -> str:
    def say(row: TargetRow, value: float | None) -> str:
        if row.metric in SHARES:
            return page.style.percent(value, 2)
        places = exponent(facts.currency) if row.metric in MONEY else 2 if row.metric == "roas" else 0
        return page.style.number(value, places)

    rows = [
        [
            _metric(row.metric, facts.currency),
            _(row.funnel),
            say(row, row.baseline),
            say(row, row.target),
            say(row, row.actual),
            page.style.change(row.difference),
            _(row.result),
            page.day(row.until),
        ]
        for row in facts.targets
    ]
    header = [
        _("KPI"), _("Funnel stage"), _("Baseline"), _("Target"), _("Actual"), _("Difference"), _("Result"),
        _("Data until"),
    ]  # fmt: skip
    return section(_("Target against actual"), md.table(header, rows, "llrrrr"))


def _metric(metric: str, currency: str) -> str:
    name = metric.upper() if metric in _ACRONYMS else metric.replace("_", " ").capitalize()
    return f"{name} ({symbol(currency)})" if metric in MONEY else name


def _spend(page: Page, facts: CampaignFacts) -> str:
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
    return section(_("Spend and pacing"), chart, listed, _pace(page, facts))


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


def _channels(page: Page, facts: CampaignFacts) -> str:
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
        ]
        for name, sums in facts.channels
    ]
    unit = symbol(currency)
    header = [
        _("Channel"), _("Spend ({unit})").format(unit=unit), _("Impressions"), _("Clicks"), "CTR", "CVR",
        _("CPA ({unit})").format(unit=unit), "ROAS",
    ]  # fmt: skip
    return section(_("Channels"), md.table(header, rows, "lrrrrrrr"))


def _reaction(page: Page, facts: CampaignFacts) -> str:
    if facts.reaction is None:
        return section(_("Customer reaction"))

    def csat(voice: Voice) -> str:
        return _("{share} ({n})").format(share=page.style.percent(voice.satisfied, 0), n=len(voice.scores))

    def spread(voice: Voice) -> str:
        return ", ".join(f"{score}: {voice.scores.count(score)}" for score in sorted(set(voice.scores)))

    rows = [
        [_("Linked feedback"), *(str(voice.items) for voice in facts.reaction)],
        [_("Complaints among it"), *(str(voice.complaints) for voice in facts.reaction)],
        [_("CSAT (n)"), *map(csat, facts.reaction)],
        [_("Answers by score"), *map(spread, facts.reaction)],
    ]
    return section(_("Customer reaction"), md.table([_("Measure"), _("Before"), _("During"), _("After")], rows, "lrrr"))


def _method(facts: CampaignFacts) -> list[str]:
    said = [
        _("Ratios are ratios of sums over the whole run; conversions and revenue are as the source reported them."),
        _("CSAT is the share of scores 4 and 5; n is the number of answers."),
    ]
    if facts.spend.planned:
        said.append(_("Planned spend is the budget spread evenly over the run."))
    return said
