"""The general layout of a post-mortem: any order, feedback item or action, told by what history knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opstui.domain.model import fields_of
from opstui.exports import markdown as md
from opstui.exports import page as any_card
from opstui.exports import story
from opstui.exports.layout import Layout, section
from opstui.exports.page import Page
from opstui.formats import age
from opstui.i18n import _
from opstui.projections.postmortem import GeneralFacts

_ELSEWHERE = ("title", "description", "currency")


def front_matter(page: Page, facts: GeneralFacts) -> dict[str, Any]:
    """The campaign's keys, as far as they make sense for any card."""
    return {
        "schema": "opstui.postmortem/1",
        "kind": facts.card.kind,
        "id": facts.ref,
        "subject": page.say(facts.card.title),
        "status": facts.status,
        "visibility": "internal" if page.people is None else "public",
        "card": facts.card.ref,
        "severity": facts.severity or None,
        "period_start": page.iso(facts.card.created),
        "period_end": page.iso(facts.done),
        "timezone": str(facts.zone),
        "owner": facts.card.owner or None,
        "contributors": facts.contributors,
        **any_card.origin(page),
    }


def layout(page: Page, facts: GeneralFacts) -> Layout:
    """What it has beside the sections that all have."""
    title = md.heading(page.say(facts.card.title))
    heading = _("Post-mortem of {card}: {title}").format(card=md.inline(facts.card.ref), title=title)
    return Layout(
        heading=heading,
        keys=front_matter(page, facts),
        bodies={},
        sentences={"summary": lambda _page: _summary(page, facts), "background": story.lead_up},
        lead=_identity(page, facts),
    )


def _summary(page: Page, facts: GeneralFacts) -> Iterator[str]:
    """What became of it, in sentences."""
    card = facts.card
    title = page.say(card.title)
    told = _("{card} ({title}) came to be on {created}").format(
        card=card.ref, title=title, created=page.when(card.created)
    )
    if facts.done is not None:
        span = age(facts.done - card.created)
        yield _("{told} and was over on {done}, after {span}.").format(told=told, done=page.when(facts.done), span=span)
    else:
        stage = facts.board.stage(card.stage)
        yield _("{told} and stands in {stage}.").format(told=told, stage=stage.name if stage else card.stage)
    if facts.late:
        yield _("It was late by {span}.").format(span=age(facts.late))


def _identity(page: Page, facts: GeneralFacts) -> str:
    card = facts.card
    stage = facts.board.stage(card.stage)
    rows = [
        [_("Card"), f"{card.ref} ({facts.board.name})"],
        [_("Stage"), stage.name if stage else card.stage],
        [_("Created"), page.when(card.created)],
        [_("Over"), page.when(facts.done)],
        [_("Late by"), age(facts.late) if facts.late else ""],
    ]
    for field in fields_of(card.kind):
        if field.name not in _ELSEWHERE:
            text = page.value(field, getattr(card, field.name, getattr(card.details, field.name, None)))
            rows += [[_(field.label), text]] if text else []
    description = md.quote(page.say(card.description)) if card.description.strip() else ""
    return section(_("What it was"), md.table([_("Item"), _("Value")], rows), description)
