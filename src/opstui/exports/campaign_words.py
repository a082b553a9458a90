"""What a campaign's facts say in words: its run, its budget, its KPIs, and the sentences that people may confirm."""

from __future__ import annotations

from collections.abc import Iterator

from opstui.domain.model import exponent
from opstui.exports import story
from opstui.exports.page import Page
from opstui.exports.style import symbol
from opstui.formats import age
from opstui.i18n import _, ngettext
from opstui.metrics.marketing import MONEY, SHARES
from opstui.projections.campaign import TargetRow
from opstui.projections.postmortem import CampaignFacts

_ACRONYMS = ("cpa", "cpm", "cpc", "ctr", "cvr", "roas")


def live(page: Page, facts: CampaignFacts) -> str:
    """When it ran, and what says so."""
    run = facts.run
    if run is None:
        return ""
    basis = {"stages": "", "brief": _(" (as planned in the brief)"), "rows": _(" (by its figures)")}[run.basis]
    if run.end is None:
        return _("since {start} {zone}").format(start=page.when(run.start), zone=page.zone) + basis
    text = _("{start} to {end} {zone}, {span}")
    span = age(run.end - run.start)
    return text.format(start=page.when(run.start), end=page.when(run.end), zone=page.zone, span=span) + basis


def budget(page: Page, facts: CampaignFacts) -> str:
    """What was spent of what was planned; empty when neither is known."""
    limit = facts.details.budget
    own = facts.details.currency or facts.currency
    planned = page.style.money(limit, own)
    if not facts.has_rows:
        return _("{budget}; what was spent is not known").format(budget=planned) if limit else ""
    spent = page.style.money(facts.totals.spend, facts.currency)
    if not limit:
        return _("{spent} without a budget").format(spent=spent)
    if own != facts.currency:
        return _("{spent} of {budget}").format(spent=spent, budget=planned)
    share = page.style.percent(facts.totals.spend / limit)
    return _("{spent} of {budget} ({share})").format(spent=spent, budget=planned, share=share)


def metric(name: str, currency: str) -> str:
    """A metric as people call it, with the currency where it is money."""
    said = name.upper() if name in _ACRONYMS else name.replace("_", " ").capitalize()
    return f"{said} ({symbol(currency)})" if name in MONEY else said


def value(page: Page, row: TargetRow, figure: float | None) -> str:
    """A KPI's value as its kind is written."""
    return number(page, row.metric, figure)


def number(page: Page, name: str, figure: float | None) -> str:
    """A metric's figure (money in major units) as its kind is written."""
    if name in SHARES:
        return page.style.percent(figure, 2)
    places = exponent(page.currency) if name in MONEY else 2 if name == "roas" else 0
    return page.style.number(figure, places)


def summary(page: Page, facts: CampaignFacts) -> Iterator[str]:
    """What happened, what it cost, what came of it."""
    yield _ran(page, facts)
    if facts.has_rows:
        spent = _("It spent {spent}").format(spent=budget(page, facts))
        sums = facts.totals
        text = _("{spent} and brought {revenue} from {n} conversions.")
        revenue = page.style.money(sums.revenue, facts.currency)
        yield text.format(spent=spent, revenue=revenue, n=page.style.number(sums.conversions))
    if facts.targets and _began(facts):
        yield from _kpis(page, facts)
    if facts.reaction is not None and facts.reaction[1].items:
        during = facts.reaction[1]
        came = ngettext("{n} piece of linked feedback came", "{n} pieces of linked feedback came", during.items)
        yield _("While it ran, {came} in; complaints among it: {n}.").format(came=came, n=during.complaints)


def _ran(page: Page, facts: CampaignFacts) -> str:
    title, names = page.say(facts.card.title), page.say(", ".join(name for name, _sums in facts.channels))
    run = facts.run
    if run is None:
        return _("{title} has not run yet.").format(title=title)
    where = _(" on {channels},").format(channels=names) if names else ""
    if not _began(facts):
        told = _("{title} is planned:{where} {when}.")
    elif run.end is None:
        told = _("{title} has been running{where} {when}.")
    else:
        told = _("{title} ran{where} {when}.")
    return told.format(title=title, where=where, when=live(page, facts))


def _began(facts: CampaignFacts) -> bool:
    return facts.run is not None and facts.run.start <= facts.as_of


def _kpis(page: Page, facts: CampaignFacts) -> Iterator[str]:
    met = sum(row.result == "met" for row in facts.targets)
    yield _("{met} of {all} KPIs met").format(met=met, all=len(facts.targets)) + _said(page, facts)


def _said(page: Page, facts: CampaignFacts) -> str:
    told = [
        _("{kpi} {actual} against {target}").format(
            kpi=metric(row.metric, facts.currency),
            actual=value(page, row, row.actual),
            target=value(page, row, row.target),
        )
        for row in facts.targets
        if row.actual is not None
    ]
    unknown = [metric(row.metric, facts.currency) for row in facts.targets if row.actual is None]
    if unknown:
        told.append(_("not measurable: {kpis}").format(kpis=", ".join(unknown)))
    return f": {'; '.join(told)}." if told else "."


def background(page: Page, facts: CampaignFacts) -> Iterator[str]:
    """What led up to it: how it was approved, how the card moved, what was linked and changed."""
    if facts.approved is not None:
        changed = [_(row.field.label) for row in facts.brief if row.changed]
        after = _("; changed afterwards: {fields}").format(fields=", ".join(changed)) if changed else ""
        yield _("The brief was approved on {day}{after}.").format(day=page.day(facts.approved), after=after)
    rounds = sum(stay.stage == "approval" for stay in facts.path)
    if rounds > 1:
        yield _("It took {n} rounds of approval.").format(n=rounds)
    yield from story.lead_up(page)
