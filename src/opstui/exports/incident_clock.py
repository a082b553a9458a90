"""The clock of an incident: how long each step took, against its target, and the marks it was read from.

What a mark does not say is said to be missing; no time is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator

from opstui.exports import markdown as md
from opstui.exports.diagrams import moments
from opstui.exports.page import Page
from opstui.i18n import _
from opstui.projections.incident import IncidentFacts
from opstui.projections.incident_case import Moment


def clock(page: Page, facts: IncidentFacts) -> list[str]:
    """How long each step took, against its target; then the marks themselves, drawn and listed."""
    found, targets = facts.clock, facts.targets
    spans = (
        (_("Start to detection"), found.ttd, targets.detect),
        (_("Detection to acknowledgement"), found.tta, targets.acknowledge),
        (_("Start to mitigation"), found.ttm, targets.mitigate),
        (_("Start to resolution"), found.ttr, targets.resolve),
    )
    rows = [
        [name, page.style.number(took), _minutes(page, target), _result(took, target)] for name, took, target in spans
    ]
    header = [_("Interval"), _("Minutes"), _("Target"), _("Result")]
    title = _("Incident clock {zone}").format(zone=page.zone)
    drawn = [(page.local(moment.at), _label(page, moment)) for moment in facts.moments]
    return [
        md.table(header, rows, "lrr"),
        md.bullets(said) if (said := list(_doubts(facts))) else "",
        moments(title, drawn) if page.diagrams else "",
        _marks(page, facts),
    ]


def _minutes(page: Page, target: float | None) -> str:
    return page.style.number(target) if target is not None else ""


def _result(took: float | None, target: float | None) -> str:
    if took is None or target is None:
        return ""
    return _("ok") if took <= target else _("over")


def _label(page: Page, moment: Moment) -> str:
    """The mark and its note, cut between words: the table below has it whole."""
    name = _(moment.mark).capitalize()
    text = page.say(f"{name} - {moment.note}" if moment.note else name)
    return text if len(text) <= md.LABEL_LIMIT else f"{text[: md.LABEL_LIMIT - 4].rpartition(' ')[0]} ..."


def _doubts(facts: IncidentFacts) -> Iterator[str]:
    if facts.clock.missing:
        names = ", ".join(map(_, facts.clock.missing))
        yield _("Not marked on {card}, so not known: {names}.").format(card=facts.card.ref, names=names)
    if facts.clock.disordered:
        names = ", ".join(map(_, facts.clock.disordered))
        yield _("Marked before what should come first, so not counted: {names}.").format(names=names)


def _marks(page: Page, facts: IncidentFacts) -> str:
    if not facts.moments:
        return ""
    header = [_("Mark ({zone})").format(zone=page.zone), _("What"), _("Who"), _("Note"), _("Ref")]
    return md.table(header, [_mark_row(page, moment) for moment in facts.moments])


def _mark_row(page: Page, moment: Moment) -> list[str]:
    ref = f"EV-{moment.event_no}" if moment.event_no else ""
    return [page.when(moment.at), _(moment.mark), moment.by, page.say(moment.note), ref]


def note_of(page: Page, moment: Moment) -> str:
    """The note of a mark, or that there is none."""
    return page.say(moment.note) or _("no note")
