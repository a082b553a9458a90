"""What an incident was, whatever it hit: its clock, who saw it and who acted, and how long people may be left untold.

It is told from the card's marks, from the cards linked with it, and from the board around them. Everything stops at
`as_of`, the board too: what other orders did later changes no number of a post-mortem that was written before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import asdict

from opstui.domain.model import utc
from opstui.domain.postmortems import of_card
from opstui.metrics.incidents import MILESTONES, Durations, incident_durations
from opstui.projections.evidence import Fact, card_facts, digest
from opstui.projections.incident_case import Case, Moment, milestone
from opstui.projections.postmortem import GeneralFacts
from opstui.projections.service_facts import CUSTOMER
from opstui.timetable import Reaction

PRIVACY = frozenset({"privacy", "privasi", "data-exposure", "data-leak"})
"""Tags that say that personal data got out."""
NOTICE = timedelta(hours=72)
"""UU 27/2022, article 46: written notice within 3 x 24 hours, in elapsed time (spec D.6)."""
CUSTOMER_SAW = "customer"


class Responder(Struct, frozen=True):
    """What one person did on the incident's cards once it had begun: a count, never a ranking."""

    role: str
    by: str
    events: int
    first: datetime


class Grade(Struct, frozen=True):
    """A severity and since when."""

    severity: str
    since: datetime


class Notice(Struct, frozen=True):
    """Personal data got out: the 72 hours that start when it was seen. `told` is the first message after that."""

    since: datetime
    until: datetime
    told: datetime | None


class IncidentFacts(GeneralFacts, frozen=True, kw_only=True):
    """What order and feedback incidents share. The incident lasts from `start` to `end`, None while it goes on."""

    moments: tuple[Moment, ...]
    """By time."""
    clock: Durations
    targets: Reaction
    """How soon it should have gone, for its severity; nothing where [incidents] says nothing."""
    start: datetime
    start_marked: bool
    end: datetime | None
    detected_by: str
    responders: tuple[Responder, ...]
    grades: tuple[Grade, ...]
    notice: Notice | None
    members: tuple[str, ...]

    def moment(self, mark: str) -> Moment | None:
        """When a milestone was reached: at its first mark, for `resolved` the last."""
        return milestone(self.moments, mark)

    def marked(self, mark: str) -> tuple[Moment, ...]:
        """All marks of that sort."""
        return tuple(moment for moment in self.moments if moment.mark == mark)


def common(case: Case, *, start: datetime, start_marked: bool, end: datetime | None) -> dict[str, object]:
    """The fields of `IncidentFacts`, those of the general facts among them."""
    members = {doc["name"]: str(doc["role"]) for _id, doc in case.source.reader.items("members")}
    times = {name: (found.at if (found := milestone(case.moments, name)) else None) for name in MILESTONES}
    return asdict(case.general) | {
        "digest": _digest(case),
        "moments": case.moments,
        "clock": incident_durations(**times),
        "targets": case.settings.incidents.get(case.general.severity, Reaction()),
        "start": start,
        "start_marked": start_marked,
        "end": end,
        "detected_by": _detected_by(case.moments),
        "responders": tuple(_responders(case, start, members)),
        "grades": tuple(_grades(case)),
        "notice": _notice(case, start),
        "members": tuple(members),
    }


def _digest(case: Case) -> str:
    """What the document was made from: the events of the cards it tells of, and the way of the others on the board."""
    evidence = case.evidence
    cards = {evidence.card["id"], *(doc["id"] for doc in (*evidence.linked, *evidence.actions)), *case.around}
    told = digest(card_facts(case.source.events_of("cards", cards, None), cards))
    ways = sorted([track.card, [[stage, at.isoformat()] for stage, at in track.path]] for track in case.tracks)
    return f"sha256:{sha256(json.dumps([told, ways]).encode()).hexdigest()}"


def _detected_by(moments: Sequence[Moment]) -> str:
    """Who noticed it: a customer when the note says so, else who set the mark."""
    found = milestone(moments, "detected")
    if found is None:
        return ""
    return CUSTOMER_SAW if CUSTOMER.search(found.note) else found.by


def named(text: str, members: Iterable[str]) -> tuple[str, ...]:
    """The members whose name stands in a text as a word."""
    return tuple(name for name in members if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def _responders(case: Case, start: datetime, members: Mapping[str, str]) -> Iterator[Responder]:
    """Who did something on the cards since it began; imports and rules are nobody, unless they name a person.

    Who marks at noon what happened in the morning did so at noon.
    """
    times: dict[str, list[datetime]] = {}
    for one in case.around.values():
        for fact in one.facts:
            at = fact.written if fact.event.kind == "marked" else fact.event.at
            if at >= start and _person(fact):
                times.setdefault(fact.event.by, []).append(at)
    for who in sorted(times, key=lambda name: (min(times[name]), name)):
        yield Responder(members.get(who, ""), who, len(times[who]), min(times[who]))


def _person(fact: Fact) -> bool:
    event = fact.event
    if event.via.startswith("rule:") or not event.by:
        return False
    return event.via != "import" or event.by != fact.writer


def _grades(case: Case) -> Iterator[Grade]:
    """The severities it had, as far as it changed: the first from its beginning."""
    known = of_card(case.source.reader, case.evidence.card["id"])
    if known is None:
        return
    number, drafted = known
    kinds = frozenset({"postmortem_graded"})
    changes = [
        event
        for batch in case.now.events_of("postmortems", {number}, kinds)
        for event in batch.events
        if event.kind == "postmortem_graded" and event.id == number and "severity" in event.changed
    ]
    first = changes[0].changed["severity"][0] if changes else drafted.get("severity")
    if first:
        yield Grade(str(first), utc(drafted["at"]))
    for event in changes:
        yield Grade(str(event.changed["severity"][1] or ""), event.at)


def _notice(case: Case, start: datetime) -> Notice | None:
    tags = {tag.casefold() for one in case.around.values() for tag in one.doc.get("tags") or ()}
    if not tags & PRIVACY:
        return None
    detected = milestone(case.moments, "detected")
    since = detected.at if detected else start
    told = next((moment.at for moment in case.moments if moment.mark == "message" and moment.at >= since), None)
    return Notice(since, since + NOTICE, told)
