"""What people add to the facts: answers, factors, lessons, actions; whether it was seen before; who looked at it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from opstui.domain.sections import Section
from opstui.exports import markdown as md
from opstui.exports.page import Page
from opstui.i18n import _, ngettext
from opstui.projections.learned import ActionRow
from opstui.projections.recurrence import Waiting

MOST = 20
"""Rows of earlier post-mortems, and of work that was known of."""
_PROSE = ("summary", "background", "detection", "decision")
_LIST_SIGN = re.compile(r"\s*(?:[-*\u2022]|\d{1,2}[.)])\s+")


def answer(page: Page, one: Section) -> Sequence[str]:
    """What people wrote, several lines as a list; or the question to them."""
    return written(page, one.id) or [md.inline(_("To write: {prompt}").format(prompt=_(one.prompt)))]


def written(page: Page, name: str) -> list[str]:
    """What people wrote for a section, lines as a list, those of a sentence as paragraphs; nothing when nobody did."""
    said = [line for line in page.facts.written.get(name, "").splitlines() if line.strip()]
    lines = [page.say(text) for line in said if (text := _LIST_SIGN.sub("", line, count=1).strip())]
    if not lines:
        return []
    if len(lines) > 1 and (name not in _PROSE or any(map(_LIST_SIGN.match, said))):
        return [_("Written:"), md.bullets(lines)]
    first, *rest = lines
    return [md.inline(_("Written: {text}").format(text=first)), *map(md.inline, rest)]


def _asked(prompt: str) -> str:
    return md.inline(_("To write: {prompt}").format(prompt=prompt))


def factors(page: Page) -> Sequence[str]:
    """The conditions that made it likely; what an older opstui kept as text stands above."""
    rows = [
        [
            page.say(f"{row.ref} {row.text}"),
            row.category,
            page.say(row.evidence),
            "" if row.removable is None else _("yes") if row.removable else _("no"),
        ]
        for row in page.facts.factors
    ]
    header = [_("Factor"), _("Category"), _("Evidence"), _("Could be removed")]
    return _listed(page, "factors", _("which conditions made this likely?"), header, rows)


def lessons(page: Page) -> Sequence[str]:
    """What to keep, change, stop or test, and where it is kept for the next time."""
    rows = [
        [
            page.say(f"{row.ref} {row.text}"),
            row.keep,
            page.say(row.check),
            page.say(", ".join(row.applies)) if row.applies else _("all"),
            page.say(row.entry),
            page.say(row.baseline),
            page.day(row.until),
        ]
        for row in page.facts.lessons
    ]
    header = [
        _("Lesson"), _("Keep, change, stop, test"), _("Check before launch"), _("Applies to"), _("Playbook entry"),
        _("Baseline"), _("Valid until"),
    ]  # fmt: skip
    return _listed(page, "lessons", _("what do we keep, change, stop or test?"), header, rows)


def _listed(page: Page, name: str, prompt: str, header: list[str], rows: list[list[str]]) -> Sequence[str]:
    text = written(page, name)
    if not rows:
        return text or [_asked(prompt)]
    return [*text, md.table(header, rows)]


def actions(page: Page) -> Sequence[str]:
    """Who does what by when, as a table and as a task list that can be ticked."""
    rows = page.facts.actions
    text = written(page, "actions")
    if not rows:
        return text or [_asked(_("who does what by when, and when is it done?"))]
    header = [
        _("Id"), _("Action"), _("Type"), _("Priority"), _("Owner"), _("Due"), _("Status"), _("Done when"),
    ]  # fmt: skip
    body = [
        [
            row.ref,
            page.say(row.text),
            row.type,
            row.priority,
            row.owner,
            page.day(row.due),
            _(row.status),
            page.say(row.done_when),
        ]
        for row in rows
    ]
    return [
        *text,
        md.table(header, body),
        md.tasks((row.status in ("done", "dropped"), _task(page, row)) for row in rows),
    ]


def _task(page: Page, row: ActionRow) -> str:
    """What `import actions` reads back by its id; an action without a card has none."""
    return _("{id}, {owner}, due {due}: {title}").format(
        id=row.ref or _("planned"), owner=row.owner or _("nobody"), due=page.day(row.due), title=page.say(row.text)
    )


def recurrence(page: Page) -> Sequence[str]:
    """Earlier post-mortems that share something, and work that was known of before it began."""
    return [*_earlier(page), *_waiting(page)]


def _earlier(page: Page) -> Sequence[str]:
    rows = page.facts.earlier
    if not rows:
        return [_("No earlier post-mortem shares a factor, theme, stage, customer, item or tag with this one.")]
    lately = sum(row.recent for row in rows)
    found = ngettext("{n} earlier post-mortem shares", "{n} earlier post-mortems share", len(rows))
    told = _("{found} something with this one; within 180 days before it: {lately}.")
    body = [
        [
            row.ref,
            f"{row.card} {page.say(row.title)}",
            page.day(row.day),
            page.say("; ".join(row.shared)),
            str(row.open_actions),
        ]
        for row in rows[:MOST]
    ]
    header = [_("Post-mortem"), _("About"), _("Begun"), _("In common"), _("Actions still open")]
    said = md.inline(told.format(found=found, lately=lately))
    return [said, md.table(header, body, "llllr"), *_rest(len(rows))]


def _waiting(page: Page) -> Sequence[str]:
    rows = page.facts.waiting
    if not rows:
        return [_("Nothing in the backlog was tied to it when it began.")]
    known = ngettext("{n} open card", "{n} open cards", len(rows))
    header = [_("Card"), _("Title"), _("Owner"), _("Since"), _("Tied by")]
    body = [_known(page, row) for row in rows[:MOST]]
    return [
        md.inline(_("Already in the backlog when it began: {cards}.").format(cards=known)),
        md.table(header, body),
        *_rest(len(rows)),
    ]


def _known(page: Page, row: Waiting) -> list[str]:
    return [row.ref, page.say(row.title), row.owner, page.day(row.since), page.say(row.why)]


def _rest(n: int) -> Sequence[str]:
    return [md.inline(_("Left out here: {n} more.").format(n=n - MOST))] if n > MOST else []


def review(page: Page) -> Sequence[str]:
    """Who wrote it and who looked at it, and until when that was wanted."""
    facts = page.facts
    steps: list[tuple[str, str, datetime | date | None, date | None]] = [
        (_("Drafted"), facts.drafted_by, facts.drafted_at, facts.due),
        (_("Reviewed and published"), facts.reviewed_by, facts.published, facts.review_due),
    ]
    rows: list[Any] = [[step, who, page.day(at), page.day(due)] for step, who, at, due in steps]
    return [md.table([_("Step"), _("Who"), _("When"), _("Due")], rows)]
