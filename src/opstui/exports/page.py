"""What all post-mortem layouts share: how a value is said, and the sections that any card has.

A section is a heading and a body; a body without content is `n/a`, or the question that someone has yet to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from opstui.domain.identity import PERSONAL
from opstui.domain.model import Experiment, Field, Line, Target, Touch, plain
from opstui.exports import markdown as md
from opstui.exports.audience import without_names
from opstui.exports.diagrams import Bar, gantt
from opstui.exports.masking import mask_text, masked
from opstui.exports.style import Style
from opstui.formats import age, exact_age
from opstui.i18n import _, ngettext
from opstui.projections.postmortem import Facts
from opstui.projections.timeline import TimelineRow
from opstui.typed import experiment_text, touch_text

MOST_ROWS = 60
_SMALL = ("edited", "figures", "link", "checklist", "owner")
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Page:
    """Facts on their way to Markdown: local times, numbers in a style, personal data masked."""

    facts: Facts
    style: Style
    currency: str
    diagrams: bool = field(default=True, kw_only=True)
    people: Mapping[str, str] | None = field(default=None, kw_only=True)
    """For readers outside: what is said instead of whose name (see `audience`); None for those inside."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Customers who may be named somewhere in the texts."""
        cards = (self.facts.card, *(link.card for link in self.facts.links))
        found = {getattr(card.details, "customer", "") for card in cards}
        return tuple(sorted((n for n in found if len(n) >= _SHORTEST_NAME), key=lambda n: (-len(n), n)))

    @cached_property
    def zone(self) -> str:
        """The zone's abbreviation: WIB."""
        return self.facts.as_of.astimezone(self.facts.zone).tzname() or str(self.facts.zone)

    def say(self, text: str) -> str:
        """Text from people, masked."""
        if self.people is None:
            return mask_text(text, self.names)
        return without_names(mask_text(text), self.people)

    def tags(self) -> list[str]:
        """The card's tags, masked: people write names and numbers into them, too."""
        return list(map(self.say, self.facts.card.tags))

    def when(self, at: datetime | None) -> str:
        """A moment in the workspace zone: 2026-09-14 10:00."""
        return f"{self.local(at):%Y-%m-%d %H:%M}" if at else _("n/a")

    def day(self, at: datetime | date | None) -> str:
        """A day, of a moment the day in the workspace zone."""
        if at is None:
            return _("n/a")
        return (self.local(at).date() if isinstance(at, datetime) else at).isoformat()

    def local(self, at: datetime) -> datetime:
        """A moment in the workspace zone."""
        return at.astimezone(self.facts.zone)

    def iso(self, at: datetime | None) -> str | None:
        """A moment with its offset, for front matter."""
        return self.local(at).replace(microsecond=0).isoformat() if at else None

    def value(self, about: Field, value: Any) -> str:
        """A field's value; typed or as a document holds it."""
        if not value:
            return ""
        match about.shape:
            case "money":
                return self.style.money(value, self.currency)
            case "tags":
                return self.say(", ".join(value))
            case "list":
                return self.say("; ".join(self._item(item) for item in value))
            case "time":
                return self.when(value)
            case "bool":
                return _("yes")
            case "date":
                return str(value)
            case _shape:
                return masked(about.name, str(value)) if about.name in PERSONAL else self.say(str(value))

    def _item(self, item: Any) -> str:
        match item:
            case Line():
                return _("{n} of {name}").format(n=item.quantity, name=item.name)
            case Experiment():
                return experiment_text(plain(item))
            case Touch():
                return touch_text(plain(item))
            case Target():
                return f"{item.metric} {_float(item.target)}"
            case {"metric": metric, "target": target}:
                return f"{metric} {_float(target)}"
            case _other:
                return str(_other)

    def written(self, key: str, prompt: str) -> str:
        """What people wrote for a section, or the question to them."""
        text = self.facts.written.get(key, "")
        if text.strip():
            return _("Written: {text}").format(text=self.say(text))
        return _("To write: {prompt}").format(prompt=prompt)


def _float(value: float) -> str:
    return f"{value:f}".rstrip("0").rstrip(".")


def section(title: str, *blocks: str) -> str:
    """A heading of our own words and what stands below; nothing is `n/a`."""
    return md.document(f"## {md.heading(title)}", *(blocks if any(blocks) else (_("n/a"),))).rstrip("\n")


# --------------------------------------------------------------------------------------- sections any card has


def origin(page: Page) -> dict[str, Any]:
    """The end of the front matter: what is left to do, and what the document was made from."""
    facts = page.facts
    return {
        "actions_total": len(facts.actions),
        "actions_open": facts.open_actions,
        "tags": page.tags(),
        "as_of": page.iso(facts.as_of),
        "event_seq_last": facts.seq_last,
        "source_digest": facts.digest,
        "pii": "masked",
    }


def draft_note(page: Page) -> str:
    """What kind of text this is."""
    text = _("Facts are computed from events up to {at} {zone}. Parts marked written are by people.").format(
        at=page.when(page.facts.as_of), zone=page.zone
    )
    return md.quote(f"{_('Draft. ') if page.facts.status == 'draft' else ''}{text}")


def stages(page: Page) -> str:
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
    return section(
        _("Stages and delays"),
        gantt(_("Stages"), bars, approved) if page.diagrams else "",
        md.table(header, rows, "lllrrrr"),
        _slowest(page),
        _blocked(page),
    )


def _slowest(page: Page) -> str:
    if page.facts.slowest is None:
        return ""
    time, share = page.facts.slowest
    text = _("Slowest stage: {stage} ({share} of total stage time).")
    return md.inline(text.format(stage=time.name, share=page.style.percent(share, 0)))


def _blocked(page: Page) -> str:
    spans = [(since, until or page.facts.as_of) for since, until in page.facts.blocked]
    if not spans:
        return ""
    total = sum((until - since for since, until in spans), timedelta())
    times = ngettext("{n} time", "{n} times", len(spans))
    return md.inline(_("Blocked {times}, {total} in all.").format(times=times, total=age(total)))


def timeline(page: Page) -> str:
    """The story in at most 60 rows; what is left out is counted, and stands in the appendix."""
    rows = page.facts.timeline
    shown = _most_telling(rows)
    left_out = len(rows) - len(shown)
    more = _("Left out here: {n} rows of {all}; the appendix holds every one.").format(n=left_out, all=len(rows))
    return section(_("Timeline"), timeline_table(page, shown), md.inline(more) if left_out else "")


def _most_telling(rows: Sequence[TimelineRow]) -> list[TimelineRow]:
    """Small edits give way first, then what came late; told in order of time."""
    order = sorted(range(len(rows)), key=lambda n: (rows[n].mark in _SMALL, n))
    return [rows[n] for n in sorted(order[:MOST_ROWS])]


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


def lessons_learned(page: Page) -> tuple[str, str, str]:
    """What worked, contributing factors, lessons: people's part."""
    asked = (
        (_("Worked"), "worked", _("what should we keep doing?")),
        (_("Did not"), "not_worked", _("what went wrong, and what made it possible?")),
        (_("Lucky"), "lucky", _("what saved us that we cannot count on next time?")),
        (_("Surprised us"), "surprised", _("what did we not expect?")),
    )
    judged = [_("{what}. {text}").format(what=what, text=page.written(key, ask)) for what, key, ask in asked]
    factors = page.written("factors", _("which conditions made this likely (process, tool, supplier, brief)?"))
    lessons = page.written("lessons", _("what do we keep, change, stop or test, and in which SOP does it stand?"))
    return (
        section(_("What worked, what did not, where we were lucky"), md.bullets(judged)),
        section(_("Contributing factors"), md.bullets([factors])),
        section(_("Lessons and playbook changes"), md.bullets([lessons])),
    )


def actions(page: Page) -> str:
    """The actions that name this post-mortem, as a table and as a task list that can be ticked."""
    header = [
        _("Id"), _("Action"), _("Type"), _("Priority"), _("Owner"), _("Due"), _("Status"), _("Done when"),
    ]  # fmt: skip
    rows, ticks = [], []
    for row in page.facts.actions:
        card, details = row.card, row.card.details
        kind, done_when = getattr(details, "type", ""), getattr(details, "done_when", "")
        title = page.say(card.title)
        due = page.day(card.due)
        rows.append([card.ref, title, kind, card.priority, card.owner, due, row.status, page.say(done_when)])
        owner = card.owner or _("nobody")
        line = _("{id}, {owner}, due {due}: {title}").format(id=card.ref, owner=owner, due=due, title=title)
        ticks.append((row.status != "open", line))
    return section(_("Action items"), md.table(header, rows), md.tasks(ticks) if ticks else "")


def links(page: Page) -> str:
    """Cards this one is linked to."""
    rows = [
        [_(row.card.kind), row.card.ref, page.say(row.card.title), row.relation, row.stage] for row in page.facts.links
    ]
    return section(_("Linked work"), md.table([_("Kind"), _("Card"), _("Title"), _("Relation"), _("Stage")], rows))


def comments(page: Page) -> str:
    """What was said on the card; not for readers outside."""
    if page.people is not None:
        return ""
    said = [f"{page.when(c.at)} {c.by}: {page.say(c.text)}" for c in page.facts.comments]
    return section(_("Comments"), md.quote("\n\n".join(said)) if said else "")


def deeds(page: Page) -> str:
    """Who did how much; by name, since this is not a ranking, and not for readers outside."""
    if page.people is not None:
        return ""
    rows = [[d.by, str(d.events), page.when(d.first), page.when(d.last)] for d in page.facts.deeds]
    return section(_("Who did what"), md.table([_("Who"), _("Events"), _("First"), _("Last")], rows, "lrll"))


def quality(page: Page, *method: str) -> str:
    """What is missing or doubtful, and how the figures are made."""
    returned = _("Returned counts the entries to a stage after the first; an undone move did not happen.")
    return section(_("Data quality and method"), md.bullets([*map(page.say, page.facts.notes), *method, returned]))


def review(page: Page) -> str:
    """Who wrote it and who looked at it."""
    rows = [[_("Drafted"), page.facts.drafted_by, page.day(page.facts.drafted_at)], [_("Reviewed"), "", ""]]
    return section(_("Review record"), md.table([_("Step"), _("Who"), _("When")], rows))
