"""The campaign layout of a post-mortem: what domain spec B.5 has of a campaign alone. Money and tests stand beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from opstui.exports import campaign_money, campaign_tests, campaign_voice, story
from opstui.exports import campaign_words as words
from opstui.exports import markdown as md
from opstui.exports import page as any_card
from opstui.exports.layout import Layout
from opstui.exports.page import Page
from opstui.exports.style import plain_number
from opstui.i18n import _
from opstui.projections.postmortem import JUDGED_DAYS, CampaignFacts


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
        "severity": facts.severity or None,
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


def layout(page: Page, facts: CampaignFacts) -> Layout:
    """The sections that only a campaign has."""
    bodies: dict[str, Callable[[Page, CampaignFacts], Sequence[str]]] = {
        "glance": _glance,
        "brief": _brief,
        "targets": _targets,
        "spend": campaign_money.spend,
        "channels": campaign_money.channels,
        "experiment": campaign_tests.experiment,
        "reaction": campaign_voice.reaction,
        "quality": _quality,
    }
    return Layout(
        heading=_("Campaign post-mortem: {title}").format(title=md.heading(page.say(facts.card.title))),
        keys=front_matter(page, facts),
        bodies={name: partial(_with, body, facts) for name, body in bodies.items()},
        sentences={
            "summary": lambda page: words.summary(page, facts),
            "background": lambda page: words.background(page, facts),
        },
    )


def _with(body: Callable[[Page, CampaignFacts], Sequence[str]], facts: CampaignFacts, page: Page) -> Sequence[str]:
    return body(page, facts)


def _glance(page: Page, facts: CampaignFacts) -> Sequence[str]:
    met = sum(row.result == "met" for row in facts.targets)
    said = _("{verdict} ({met} of {all} KPIs)").format(verdict=_(facts.verdict), met=met, all=len(facts.targets))
    people = (
        (_("sponsor: {name}"), facts.details.sponsor),
        (_("owner: {name}"), facts.card.owner),
    )
    actions, said_of = facts.actions, _("{open} open of {all}")
    rows = [
        [_("Verdict"), said if facts.targets else _(facts.verdict)],
        [_("Live"), words.live(page, facts)],
        [_("Budget"), words.budget(page, facts)],
        [_("Sponsor and owner"), ", ".join(text.format(name=name) for text, name in people if name)],
        [_("Most important decision"), page.say(" ".join(facts.written.get("decision", "").split()))],
        [_("Actions"), said_of.format(open=facts.open_actions, all=len(actions)) if actions else ""],
    ]
    return [md.table([_("Item"), _("Value")], rows)]


def _brief(page: Page, facts: CampaignFacts) -> Sequence[str]:
    rows = []
    for row in facts.brief:
        changed = _("no") if facts.approved else ""
        if row.changed:
            now = page.value(row.field, row.now) or _("nothing")
            changed = _("yes, {day}; now: {value}").format(day=page.day(row.changed), value=now)
        rows.append([_(row.field.label), page.value(row.field, row.value), changed])
    when = _("Approved on {day}.").format(day=page.day(facts.approved)) if facts.approved else _("Never approved here.")
    header = [_("Field"), _("Value"), _("Changed after approval")]
    return [md.table(header, rows), md.inline(when), md.inline(_at_launch(page, facts))]


def _at_launch(page: Page, facts: CampaignFacts) -> str:
    """What of the checklist was open when it went live."""
    if not facts.launched:
        return ""
    left = [page.say(check.text) for check in facts.launched if not check.done]
    ticked = _("Ticked at the launch: {n} of {all}").format(n=len(facts.launched) - len(left), all=len(facts.launched))
    if not left:
        return f"{ticked}."
    return _("{ticked}; open: {checks}.").format(ticked=ticked, checks="; ".join(left))


def _targets(page: Page, facts: CampaignFacts) -> Sequence[str]:
    rows = [
        [
            words.metric(row.metric, facts.currency),
            _(row.funnel),
            words.value(page, row, row.baseline),
            words.value(page, row, row.target),
            words.value(page, row, row.actual),
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
    return [md.table(header, rows, "llrrrr")]


def _quality(page: Page, facts: CampaignFacts) -> Sequence[str]:
    return story.quality(page, *_method(page, facts))


def _method(page: Page, facts: CampaignFacts) -> list[str]:
    said = [
        _("Ratios are ratios of sums over the whole run; conversions and revenue are as the source reported them."),
        _("CSAT is the share of scores 4 and 5; n is the number of answers."),
    ]
    if facts.spend.planned:
        said.append(_("Planned spend is the budget spread evenly over the run."))
    if len(facts.spend.days) > JUDGED_DAYS:
        said.append(_("Of the days with figures the last {n} are held against those before.").format(n=JUDGED_DAYS))
    if campaign_voice.base(facts):
        said.append(
            _("Of the whole shop, before and after are as long as the run; linked feedback counts whenever it came.")
        )
    if facts.credit is not None:
        text = _(
            "First and last touch are shares of {sold}, of {told} of {all} orders of the run that say what led to them."
        )
        sold = page.style.money(facts.credit.sold, facts.currency)
        said.append(text.format(sold=sold, told=facts.credit.told, all=facts.credit.orders))
    if facts.experiments:
        said.append(_("Intervals are 95 %, p is adjusted for all arms; before its time a test is told no result."))
    return said
