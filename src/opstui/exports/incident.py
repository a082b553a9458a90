"""The sections that order and feedback incidents share: clock, detection, response, five whys (domain spec B.5).

What a mark does not say is said to be missing; no time is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from opstui.domain.sections import section_named
from opstui.exports import markdown as md
from opstui.exports import story, taught
from opstui.exports.incident_clock import clock, note_of
from opstui.exports.layout import Body
from opstui.exports.page import Page
from opstui.formats import age
from opstui.i18n import _, ngettext
from opstui.metrics.incidents import MILESTONES
from opstui.projections.incident import CUSTOMER_SAW, IncidentFacts, named
from opstui.projections.incident_case import Moment

_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*])\s+")


def bodies(facts: IncidentFacts, *, told_first: Sequence[str] = (), method: Sequence[str]) -> dict[str, Body]:
    """The sections that both kinds have. `told_first` and `method` add to detection and quality."""
    return {
        "clock": lambda page: clock(page, facts),
        "detection": lambda page: detection(page, facts, *told_first),
        "response": lambda page: response(page, facts),
        "whys": lambda page: whys(page, facts),
        "quality": lambda page: story.quality(page, *_method(page, facts), *method),
    }


def shared_keys(page: Page, facts: IncidentFacts) -> dict[str, Any]:
    """The first keys of the front matter."""
    return {
        "id": facts.ref,
        "subject": page.say(facts.card.title),
        "status": facts.status,
        "visibility": "restricted" if facts.notice or facts.card.sensitive else "internal",
        "severity": facts.severity or None,
    }


def clock_keys(page: Page, facts: IncidentFacts) -> dict[str, Any]:
    """When it was noticed and dealt with, and how many minutes that took."""
    times = {mark: page.iso(found.at if (found := facts.moment(mark)) else None) for mark in MILESTONES}
    clock = facts.clock
    minutes = {"ttd_min": clock.ttd, "tta_min": clock.tta, "ttm_min": clock.ttm, "ttr_min": clock.ttr}
    return times | {name: None if value is None else round(value) for name, value in minutes.items()}


def ending_keys(page: Page, facts: IncidentFacts) -> dict[str, Any]:
    """The last keys of the front matter."""
    return {
        "owner": facts.card.owner or None,
        "contributors": facts.contributors,
        "actions_total": len(facts.actions),
        "actions_open": facts.open_actions,
        "as_of": page.iso(facts.as_of),
        "event_seq_last": facts.seq_last,
        "source_digest": facts.digest,
        "pii": "masked",
    }


def share(page: Page, part: float, whole: float) -> str:
    """9 of 37 (24,3 %)."""
    if not whole:
        return page.style.number(part)
    said = _("{part} of {whole} ({share})")
    number = page.style.number
    return said.format(part=number(part), whole=number(whole), share=page.style.percent(part / whole))


# --------------------------------------------------------------------------------------- detection, response


def detection(page: Page, facts: IncidentFacts, *more: str) -> list[str]:
    """Who noticed it and after how long; then what people make of that."""
    tell = _told(_("Trigger ({at}): {note}"))
    said = [*_noticed(page, facts), *more, *(tell(page, facts, moment) for moment in facts.marked("trigger"))]
    return [md.bullets(said), *_answer(page, "detection")]


def _noticed(page: Page, facts: IncidentFacts) -> Iterator[str]:
    found = facts.moment("detected")
    if found is None:
        yield _("Nobody marked when it was noticed.")
        return
    who = _("a customer") if facts.detected_by == CUSTOMER_SAW else facts.detected_by or _("system")
    text = _("Noticed by {who} ({at})").format(who=who, at=page.when(found.at))
    if facts.clock.ttd is not None:
        text = _("{text} {after} after it began").format(text=text, after=age(timedelta(minutes=facts.clock.ttd)))
    yield _("{text}: {note}").format(text=text, note=page.say(found.note)) if found.note else f"{text}."


def response(page: Page, facts: IncidentFacts) -> list[str]:
    """Who acted since it began, as counts; escalations, fallbacks, messages and decisions as they were marked."""
    rows = [[r.role, r.by, str(r.events), page.when(r.first)] for r in facts.responders]
    header = [_("Role"), _("Person"), _("Events"), _("First action")]
    said: list[str] = []
    for mark, tell, none in (
        ("escalation", _escalated, _("Escalations: none marked.")),
        (
            "rollback",
            _told(_("Rollback or fallback used ({at}): {note}")),
            _("Rollback or fallback used: none marked."),
        ),
        ("message", _told(_("Message sent ({at}): {note}")), _("Messages sent: none marked.")),
        ("decision", _told(_("Decided ({at}): {note}")), ""),
    ):
        found = [tell(page, facts, moment) for moment in facts.marked(mark)]
        said += found or ([none] if none else [])
    return [md.table(header, rows, "llr"), md.bullets(said)]


Tell = Callable[[Page, IncidentFacts, Moment], str]


def _told(words: str) -> Tell:
    def tell(page: Page, _facts: IncidentFacts, moment: Moment) -> str:
        return words.format(at=page.when(moment.at), note=note_of(page, moment))

    return tell


def _escalated(page: Page, facts: IncidentFacts, moment: Moment) -> str:
    said = _("Escalated ({at}): {note}").format(at=page.when(moment.at), note=note_of(page, moment))
    taken = next((other.at for other in facts.marked("acknowledged") if other.at >= moment.at), None)
    if taken is None:
        return said
    return _("{said}; acknowledged after {span}").format(said=said, span=age(taken - moment.at))


def _answer(page: Page, name: str) -> list[str]:
    """What people wrote for a section, or the question to them."""
    found = section_named(page.facts.card.kind, name)
    return list(taught.answer(page, found)) if found else []


# --------------------------------------------------------------------------------------- five whys


def whys(page: Page, facts: IncidentFacts) -> list[str]:
    """The answers, one a line; until it is published a word where one is about a person instead of a condition."""
    answers = [_NUMBERED.sub("", line).strip() for line in facts.written.get("whys", "").splitlines()]
    answers = [answer for answer in answers if answer]
    if not answers:
        return _answer(page, "whys")
    return [
        md.inline(_("Written, each answer asked why again:")),
        md.numbered(map(page.say, answers)),
        md.bullets(said) if (said := list(_about_people(facts, answers))) else "",
    ]


def _about_people(facts: IncidentFacts, answers: list[str]) -> Iterator[str]:
    if facts.status == "published":
        return
    for n, answer in enumerate(answers, 1):
        if names := named(answer, facts.members):
            text = _("To look at: answer {n} names {names}; ask what made it possible, not who it was.")
            yield text.format(n=n, names=", ".join(names))


# --------------------------------------------------------------------------------------- how it was made


def _method(page: Page, facts: IncidentFacts) -> list[str]:
    """What the figures of an incident rest on."""
    start, zone = page.when(facts.start), page.zone
    if facts.end is None:
        text = _("It began on {start} {zone} and is not over: open cards count up to {at}.")
        said = [text.format(start=start, zone=zone, at=page.when(facts.as_of))]
    else:
        text = _("It lasts from {start} to {end} {zone}.")
        said = [text.format(start=start, end=page.when(facts.end), zone=zone)]
    if not facts.start_marked:
        said.append(_("No mark says when it began: it counts from when the first card came in."))
    said.append(_("A milestone counts from its first mark, resolved from its last."))
    if len(facts.grades) > 1:
        grades = "; ".join(
            _("{severity} since {at}").format(severity=grade.severity or _("none"), at=page.when(grade.since))
            for grade in facts.grades
        )
        said.append(_("Severity over time: {grades}.").format(grades=grades))
    return said


def notice(page: Page, facts: IncidentFacts) -> list[str]:
    """Whether personal data got out, and how much is left of the 72 hours."""
    found = facts.notice
    if found is None:
        return [_("Personal data exposed: no card is tagged privacy.")]
    until = _("Personal data exposed: yes. Those concerned and the authority are to be told by {until} {zone} (72 h).")
    said = [until.format(until=page.when(found.until), zone=page.zone)]
    if found.told:
        text = _("First message marked after {span}: check that it told which data, when and how.")
        said.append(text.format(span=age(found.told - found.since)))
    else:
        said.append(_left(facts.as_of, found.until))
    return said


def _left(as_of: datetime, until: datetime) -> str:
    if as_of > until:
        return _("No message is marked; the time was over {span} before this was written.").format(
            span=age(as_of - until)
        )
    return _("No message is marked; {span} were left when this was written.").format(span=age(until - as_of))


def counted(n: int, customers: int) -> str:
    """3 from 2 customers."""
    told = ngettext("{n} customer", "{n} customers", customers)
    return _("{n} from {customers}").format(n=n, customers=told) if n else "0"
