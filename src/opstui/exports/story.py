"""What history tells of a card in a post-mortem: its stages, its timeline, links, comments, who did how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from opstui.domain.sections import MARKS
from opstui.exports import markdown as md
from opstui.exports.diagrams import Bar, gantt
from opstui.exports.page import Page
from opstui.formats import age, exact_age
from opstui.i18n import _, ngettext
from opstui.projections.timeline import TimelineRow

MOST_ROWS = 60
LEAD_UP = timedelta(days=14)
_SMALL = {
    "edited": _("edits: {n}"),
    "figures": _("daily figures: {n}"),
    "link": _("links: {n}"),
    "checklist": _("checklist: {n}"),
    "owner": _("changes of owner: {n}"),
    "comment": _("comments: {n}"),
}
"""Marks of rows that are told only when someone put a star on them -> how they are counted."""
_NAMED = 5


def stages(page: Page) -> Sequence[str]:
    """Where the time went, against what the SOPs promise."""
    facts = page.facts
    slow = facts.slowest[0].stage if facts.slowest else ""
    names = {time.stage: time.name for time in facts.stages}
    bars = [
        Bar(
            label=names[stay.stage],
            start=page.local(stay.entered),
            end=page.local(stay.left or facts.as_of),
            mark="crit" if stay.stage == slow else "done" if stay.left else "active",
        )
        for stay in facts.path
        if stay.left or facts.board.category(stay.stage) in ("queue", "active")
    ]
    approved = [(_("Approved"), page.local(at))] if (at := getattr(facts, "approved", None)) else []
    rows = [
        [
            time.name,
            page.when(time.entered),
            page.when(time.left),
            exact_age(time.elapsed),
            exact_age(time.expected) if time.expected else "",
            exact_age(time.over) if time.over else "",
            str(time.returned),
        ]
        for time in facts.stages
    ]
    header = [_("Stage"), _("Entered"), _("Left"), _("Elapsed"), _("Expected"), _("Over by"), _("Returned")]
    chart = gantt(_("Stages"), bars, approved) if page.diagrams else ""
    return [chart, md.table(header, rows, "lllrrrr"), md.inline(_slowest(page)), md.inline(_blocked(page))]


def _slowest(page: Page) -> str:
    if page.facts.slowest is None:
        return ""
    time, share = page.facts.slowest
    text = _("Slowest stage: {stage} ({share} of total stage time).")
    return text.format(stage=time.name, share=page.style.percent(share, 0))


def _blocked(page: Page) -> str:
    spans = [(since, until or page.facts.as_of) for since, until in page.facts.blocked]
    if not spans:
        return ""
    total = sum((until - since for since, until in spans), timedelta())
    times = ngettext("{n} time", "{n} times", len(spans))
    return _("Blocked {times}, {total} in all.").format(times=times, total=age(total))


def timeline(page: Page) -> Sequence[str]:
    """The story in at most 60 rows; small changes are folded into a count, and so is what is too much."""
    rows = page.facts.timeline
    shown = _shown(rows)
    return [timeline_table(page, shown), md.inline(_left_out(rows, shown))]


def _shown(rows: Sequence[TimelineRow]) -> list[TimelineRow]:
    """What has a star or tells more than a small change; of too many, stars and marks stay, then what came first."""
    told = [row for row in rows if row.starred or row.mark not in _SMALL]
    order = sorted(range(len(told)), key=lambda n: (not told[n].starred, told[n].mark not in MARKS, n))
    return [told[n] for n in sorted(order[:MOST_ROWS])]


def _left_out(rows: Sequence[TimelineRow], shown: Sequence[TimelineRow]) -> str:
    if len(rows) == len(shown):
        return ""
    counts = Counter(row.mark for row in rows if row.mark in _SMALL and not row.starred)
    small = ", ".join(_(words).format(n=counts[mark]) for mark, words in _SMALL.items() if counts[mark])
    left = ngettext("{n} row", "{n} rows", len(rows) - len(shown))
    said = _("Left out here: {rows} of {all}").format(rows=left, all=len(rows))
    where = _("the appendix holds every one") if len(rows) > MOST_ROWS else ""
    return "; ".join(filter(None, (said, small, where))) + "."


def timeline_table(page: Page, rows: Sequence[TimelineRow]) -> str:
    """Timeline rows as a table."""
    header = [_("Time ({zone})").format(zone=page.zone), _("Mark"), _("Who"), _("Event"), _("Ref")]
    body = [[page.when(r.at), _mark(r), _who(r), page.say(r.text), f"EV-{r.event_no}"] for r in rows]
    return md.table(header, body)


def _mark(row: TimelineRow) -> str:
    return _("{mark}, entered later").format(mark=row.mark) if row.later else row.mark


def _who(row: TimelineRow) -> str:
    by = row.by or _("system")
    return by if row.via in ("", "console", "cli") else _("{by} ({via})").format(by=by, via=row.via)


def links(page: Page) -> Sequence[str]:
    """Cards this one is linked to."""
    rows = [
        [_(row.card.kind), row.card.ref, page.say(row.card.title), row.relation, row.stage] for row in page.facts.links
    ]
    return [md.table([_("Kind"), _("Card"), _("Title"), _("Relation"), _("Stage")], rows)]


def comments(page: Page) -> Sequence[str]:
    """What was said on the card."""
    said = [f"{page.when(c.at)} {c.by}: {page.say(c.text)}" for c in page.facts.comments]
    return [md.quote("\n\n".join(said))] if said else []


def deeds(page: Page) -> Sequence[str]:
    """Who did how much; by name, since this is not a ranking."""
    rows = [[d.by, str(d.events), page.when(d.first), page.when(d.last)] for d in page.facts.deeds]
    return [md.table([_("Who"), _("Events"), _("First"), _("Last")], rows, "lrll")]


def quality(page: Page, *method: str) -> Sequence[str]:
    """What is missing or doubtful, and how the figures are made."""
    returned = _("Returned counts the entries to a stage after the first; an undone move did not happen.")
    return [md.bullets([*map(page.say, page.facts.notes), *method, returned])]


def lead_up(page: Page) -> Iterator[str]:
    """What went before, in sentences: how the card moved in the two weeks before it began, and what was linked then."""
    start = page.facts.began
    since = start - LEAD_UP
    before = [stay for stay in page.facts.path if stay.entered < start]
    returns = [before[n] for n in range(len(before)) if before[n].stage in {stay.stage for stay in before[:n]}]
    entered, back = (sum(stay.entered >= since for stay in stays) for stays in (before, returns))
    if entered:
        moved = ngettext("it entered {n} stage", "it entered {n} stages", entered)
        again = ngettext(", {n} of them a return", ", {n} of them returns", back) if back else ""
        yield _("In the two weeks before {start} {moved}{again}.").format(
            start=page.when(start), moved=moved, again=again
        )
    if blocked := [(since_, until) for since_, until in page.facts.blocked if since_ < start]:
        total = sum(((min(until or start, start) - begun) for begun, until in blocked), timedelta())
        yield _("Before that it had been blocked for {total}.").format(total=age(total))
    yield from _linked(page, since, start)
    yield from _changes(page, since, start)


def _linked(page: Page, since: datetime, start: datetime) -> Iterator[str]:
    cards = [row.card for row in page.facts.links if since <= row.card.created < start]
    if cards:
        named = ", ".join(f"{card.ref} ({page.say(card.title)})" for card in cards[:_NAMED])
        more = _(" and {n} more").format(n=len(cards) - _NAMED) if len(cards) > _NAMED else ""
        yield _("Linked and new in that time: {cards}{more}.").format(cards=named, more=more)


def _changes(page: Page, since: datetime, start: datetime) -> Iterator[str]:
    """What was marked as a change on it or on a card linked with it."""
    marked = [
        (mark.at, card.ref, mark.note)
        for card in (page.facts.card, *(row.card for row in page.facts.links))
        for mark in card.marks
        if mark.mark in ("change", "trigger") and since <= mark.at <= start
    ]
    for at, ref, note in sorted(marked)[:_NAMED]:
        what = page.say(note) or _("no word on what")
        yield _("Changed on {day} ({card}): {what}.").format(day=page.when(at), card=ref, what=what)
