"""The layout of a feedback incident (domain spec B.5): what customers told, how they were served, what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opstui.exports import incident, story
from opstui.exports import markdown as md
from opstui.exports.diagrams import xychart
from opstui.exports.layout import Layout
from opstui.exports.masking import mask_name
from opstui.exports.page import Page
from opstui.i18n import _, ngettext
from opstui.projections.incident_feedback import FeedbackFacts, Item, Measure

MOST = 60
QUOTES = 10
LONGEST = 240
"""Characters of a quote."""
HOUR = 60


def front_matter(page: Page, facts: FeedbackFacts) -> dict[str, Any]:
    """The keys of domain spec B.5 for a feedback incident, in their order."""
    shared = incident.shared_keys(page, facts)
    detected, response = facts.moment("detected"), facts.response
    after = facts.csat_after.value
    return {
        "schema": "opstui.postmortem/1",
        "kind": "feedback_incident",
        **shared,
        "visibility": "restricted" if facts.sensitive or facts.notice else "internal",
        "theme": page.say(facts.themes[0].theme) or None,
        "cards": [item.card.ref for item in facts.items],
        "items_total": len(facts.items),
        "customers_affected": facts.customers,
        "channels": list(map(page.say, facts.channels)),
        "sensitive": facts.sensitive,
        "first_seen": page.iso(min(item.card.created for item in facts.items)),
        "detected": page.iso(detected.at if detected else None),
        "closed": page.iso(facts.closed),
        "frt_median_min": None if response.median is None else round(response.median),
        "frt_breaches": response.breaches,
        "csat_after": None if after is None else round(after, 3),
        "privacy_breach": facts.notice is not None,
        **incident.ending_keys(page, facts),
    }


def layout(page: Page, facts: FeedbackFacts) -> Layout:
    """What it has beside the sections that all have."""
    return Layout(
        heading=_("Feedback incident: {title}").format(title=md.heading(page.say(facts.card.title))),
        keys=front_matter(page, facts),
        bodies={
            **incident.bodies(facts, method=_method(facts)),
            "told": lambda page: told(page, facts),
            "service": lambda page: service(page, facts),
            "handling": lambda page: handling(page, facts),
        },
        sentences={"summary": lambda page: _summary(page, facts), "background": story.lead_up},
    )


def _summary(page: Page, facts: FeedbackFacts) -> Iterator[str]:
    """What happened, to whom, and how far it is, in sentences."""
    messages = ngettext("{n} message", "{n} messages", len(facts.items))
    customers = ngettext("{n} customer", "{n} customers", facts.customers)
    yield _("{messages} from {customers} came in from {first} to {last}.").format(
        messages=messages, customers=customers, first=facts.first_day, last=facts.last_day
    )
    theme = facts.themes[0]
    if theme.theme:
        yield _("{n} of them are about {theme}.").format(n=theme.items, theme=page.say(theme.theme))
    still = sum(item.settled is None for item in facts.items)
    yield ngettext("{n} is still open.", "{n} are still open.", still) if still else _("All are settled.")


# --------------------------------------------------------------------------------------- what they told


def told(page: Page, facts: FeedbackFacts) -> list[str]:
    """Themes with their denominators, what people said in their own words, and when it came in."""
    rows = [
        [
            page.say(theme.theme) or _("no theme"),
            str(theme.items),
            str(theme.customers),
            page.style.percent(theme.share, 0),
            theme.first.isoformat(),
            theme.last.isoformat(),
            theme.severity,
        ]
        for theme in facts.themes
    ]
    header = [
        _("Theme"), _("Items"), _("Customers"), _("Share"), _("First"), _("Last"), _("Severity"),
    ]  # fmt: skip
    return [
        md.table(header, rows, "lrrr"),
        md.bullets(_counts(page, facts)),
        *_quotes(page, facts),
        _chart(facts) if page.diagrams else "",
        _days(facts),
    ]


def _counts(page: Page, facts: FeedbackFacts) -> Iterator[str]:
    all_of_it = incident.share(page, len(facts.items), facts.received)
    text = _("Of all messages received from {first} to {last}: {share}.")
    yield text.format(first=facts.first_day, last=facts.last_day, share=all_of_it)
    nameless = ngettext(
        "{n} message without a customer's name", "{n} messages without a customer's name", facts.unnamed
    )
    customers = ngettext("{n} customer", "{n} customers", facts.customers)
    yield (
        _("{customers}; {nameless}.").format(customers=customers, nameless=nameless)
        if facts.unnamed
        else _("{customers}, each known by name.").format(customers=customers)
    )


def _quotes(page: Page, facts: FeedbackFacts) -> tuple[str, str]:
    """At most ten, the first ones, each on one line, masked."""
    lines = [
        _("{ref}, {day}, {channel}: {text}").format(
            ref=item.card.ref,
            day=page.day(item.card.created),
            channel=page.say(getattr(item.card.details, "channel", "")) or _("no channel"),
            text=text,
        )
        for item in facts.items
        if (text := _words(page, item))
    ]
    more = _("{n} of {all} messages are quoted.").format(n=QUOTES, all=len(lines))
    return md.quote("\n\n".join(lines[:QUOTES])) if lines else "", md.inline(more) if len(lines) > QUOTES else ""


def _words(page: Page, item: Item) -> str:
    text = " ".join(page.say(item.card.description or item.card.title).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} ..."


def _chart(facts: FeedbackFacts) -> str:
    title = _("Complaints per week") if facts.weekly else _("Complaints per day")
    points = [(period.first.isoformat()[5:], period.complaints) for period in facts.periods]
    return xychart(title, _("complaints"), points)


def _days(facts: FeedbackFacts) -> str:
    first = _("Week of") if facts.weekly else _("Day")
    rows = [[period.first.isoformat(), str(period.items), str(period.complaints)] for period in facts.periods]
    return md.table([first, _("Messages"), _("Complaints")], rows, "lrr")


# --------------------------------------------------------------------------------------- how they were served


def service(page: Page, facts: FeedbackFacts) -> list[str]:
    """How soon people were answered and helped, in open time, against what is promised."""
    reopened = [_("Reopened"), "0", str(facts.reopened), ""]
    after = facts.csat_after
    csat = _("{share} ({n})").format(share=page.style.percent(after.value, 0), n=after.n)
    rows = [
        _measure(page, _("First response, median business minutes"), facts.response, 1),
        _measure(page, _("Resolution, median business hours"), facts.resolution, HOUR),
        [_("Not answered yet"), "0", str(facts.response.open), ""],
        reopened,
        [_("CSAT after closing (n)"), "", csat, ""],
    ]
    header = [_("Measure"), _("Target"), _("Actual"), _("Breaches")]
    return [md.table(header, rows, "lrrr")]


def _measure(page: Page, name: str, found: Measure, unit: int) -> list[str]:
    actual = page.style.number(None if found.median is None else found.median / unit, 1 if unit == HOUR else 0)
    breaches = "" if found.breaches is None else str(found.breaches)
    return [name, _targets(page, found, unit), actual, breaches]


def _targets(page: Page, found: Measure, unit: int) -> str:
    """60, or from the strictest to the loosest where levels differ: 60 to 240."""
    if found.targets is None:
        return ""
    low, high = (page.style.number(target / unit, 0 if target % unit == 0 else 1) for target in found.targets)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def handling(page: Page, facts: FeedbackFacts) -> list[str]:
    """What became of each, whether a promise was kept, and whether personal data got out."""
    shown = facts.items[:MOST]
    rows = [
        [
            item.card.ref,
            mask_name(getattr(item.card.details, "customer", "")),
            _("by {day}").format(day=item.promised.isoformat()) if item.promised else "",
            _kept(item),
            item.stage,
            item.card.owner,
        ]
        for item in shown
    ]
    header = [_("Card"), _("Customer"), _("Promise made"), _("Kept"), _("Outcome"), _("Handled by")]
    left_out = len(facts.items) - len(shown)
    more = _("Left out here: {n} later messages; all figures count them.").format(n=left_out)
    return [
        md.table(header, rows),
        md.inline(more) if left_out else "",
        md.bullets([_answered(facts), *_sensitive(facts), *incident.notice(page, facts)]),
    ]


def _kept(item: Item) -> str:
    if item.promised is None:
        return ""
    return _("open") if item.kept is None else _("yes") if item.kept else _("no")


def _answered(facts: FeedbackFacts) -> str:
    return _("Answered by a person: {n} of {all}.").format(n=facts.by_person, all=len(facts.items))


def _sensitive(facts: FeedbackFacts) -> Iterator[str]:
    n = sum(item.card.sensitive for item in facts.items)
    if n:
        yield _("Marked sensitive: {n} of {all}.").format(n=n, all=len(facts.items))


def _method(facts: FeedbackFacts) -> list[str]:
    said = [
        _("Items are {card} and the feedback linked with it.").format(card=facts.card.ref),
        _("Business minutes are open ones of [calendar]; breaches count clocks of [sla], open ones too."),
    ]
    if facts.untimed:
        said.append(_("Declined items, which no clock counts: {n}.").format(n=facts.untimed))
    return said
