"""The general layout of a post-mortem: any order, feedback item or action, told by what history knows of it."""

from __future__ import annotations

from typing import Any

from opstui.domain.model import fields_of
from opstui.exports import markdown as md
from opstui.exports import page as any_card
from opstui.exports.page import Page, section
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
        "severity": getattr(facts.card.details, "severity", None),
        "period_start": page.iso(facts.card.created),
        "period_end": page.iso(facts.done),
        "timezone": str(facts.zone),
        "owner": facts.card.owner or None,
        "contributors": facts.contributors,
        **any_card.origin(page),
    }


def render(page: Page, facts: GeneralFacts) -> str:
    """The whole document."""
    worked, factors, lessons = any_card.lessons_learned(page)
    title = md.heading(page.say(facts.card.title))
    summary = page.written("summary", _("what happened, to whom, and what did it cost?"))
    whys = page.written("whys", _("why did it happen? Ask why of each answer, five times."))
    return md.document(
        md.front_matter(front_matter(page, facts)),
        f"# {_('Post-mortem of {card}: {title}').format(card=md.inline(facts.card.ref), title=title)}",
        any_card.draft_note(page),
        section(_("Summary"), md.quote(summary) if "\n" in summary else md.inline(summary)),
        _identity(page, facts),
        any_card.stages(page),
        any_card.timeline(page),
        any_card.links(page),
        section(_("Five whys"), md.bullets(whys.splitlines())),
        factors,
        worked,
        lessons,
        any_card.actions(page),
        any_card.comments(page),
        any_card.deeds(page),
        any_card.quality(page),
        any_card.review(page),
    )


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
