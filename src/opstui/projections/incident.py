"""What an incident was, whatever it hit: its clock, who saw it and who acted, and the cards that belong to it.

It is told from the card's marks, from the cards linked with it, and from the board around them. Everything stops at
`as_of`, the board too: what other orders did later changes no number of a post-mortem that was written before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.domain.identity import buyer_key
from opstui.domain.model import Doc, utc
from opstui.domain.postmortems import of_card
from opstui.domain.state import Reader
from opstui.metrics.incidents import MILESTONES, Durations, incident_durations
from opstui.metrics.track import Passage, Track, local_day, passage
from opstui.projections.evidence import Evidence, Fact, card_facts, digest, gather, rewind
from opstui.projections.figures.history import Histories
from opstui.projections.figures.source import Source
from opstui.projections.flow import STEPS, Flows, categories
from opstui.projections.postmortem import GeneralFacts, general_facts
from opstui.projections.recurrence import History
from opstui.projections.service_facts import CUSTOMER
from opstui.projections.timeline import standing
from opstui.timetable import Reaction

TYPICAL_DAYS = 90
"""The days before an incident from which it is told what is typical."""
PRIVACY = frozenset({"privacy", "privasi", "data-exposure", "data-leak"})
"""Tags that say that personal data got out."""
NOTICE = timedelta(hours=72)
"""UU 27/2022, article 46: written notice within 3 x 24 hours, in elapsed time (spec D.6)."""
CUSTOMER_SAW = "customer"

Key = TypeVar("Key")


class Moment(Struct, frozen=True):
    """A mark of the card: what happened, when, who said so. `event_no` is the batch that told it."""

    mark: str
    at: datetime
    by: str
    note: str
    event_no: int


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


class Stood(Struct, frozen=True):
    """A card as it stood at a moment, and its facts up to then, in order of time."""

    doc: Doc
    facts: tuple[Fact, ...]


class Case(Struct, frozen=True, kw_only=True):
    """Everything an incident's facts are worked out from. `source` knows nothing after `as_of`."""

    evidence: Evidence
    settings: Settings
    source: Source
    now: Source
    """The same as it is now: what people write of an incident is told as it stands."""
    board: Board
    tracks: tuple[Track, ...]
    """The ways over the board since `TYPICAL_DAYS` before it began, dropped cards too."""
    around: Mapping[int, Stood]
    """The card itself, the cards linked with it, and what was said about those."""
    moments: tuple[Moment, ...]
    general: GeneralFacts

    @property
    def as_of(self) -> datetime:
        """The moment up to which things are known."""
        return self.evidence.as_of

    @property
    def own(self) -> int:
        """The id of the incident's own card."""
        return int(self.evidence.card["id"])

    def of_kind(self, kind: str) -> list[Stood]:
        """The cards of that kind, the oldest first; the incident's own is there even if its making was undone."""
        found = [one for one in self.around.values() if one.doc["kind"] == kind]
        standing = [one for one in found if not one.doc.get("unmade") or one.doc["id"] == self.own]
        return sorted(standing, key=lambda one: (utc(one.doc["created"]), one.doc["id"]))

    def ways(self) -> list[tuple[Stood, Track]]:
        """The cards of the incident on its board, each with its way up to `as_of`."""
        known = {track.card: track for track in self.tracks}
        known.setdefault(self.own, _bare(self.evidence.card))
        return [
            (one, known[id_]) for one in self.of_kind(self.evidence.card["kind"]) if (id_ := one.doc["id"]) in known
        ]

    def since(self, first: datetime) -> tuple[datetime, bool]:
        """When it began: as marked, else `first`; and whether it was marked."""
        started = milestone(self.moments, "started")
        return (started.at, True) if started else (first, False)

    def until(self, start: datetime, last: datetime | None) -> datetime | None:
        """When it was over: as marked, else `last`; None while it goes on."""
        resolved = milestone(self.moments, "resolved")
        end = resolved.at if resolved else last
        return end if end is not None and end >= start else None


def _bare(doc: Doc) -> Track:
    """The way of a card of which no history tells: that it is where it is."""
    return Track(doc["id"], utc(doc["created"]), ((doc["stage"], utc(doc["entered"])),))


def case_of(
    state: Reader,
    events_of: Callable[[Collection[int]], Iterable[Batch]],
    histories: Histories,
    card_id: int,
    settings: Settings,
    as_of: datetime | None = None,
) -> Case:
    """The case of a card of orders or feedback.

    Raises:
        KeyError: there is no such card.
    """
    evidence = gather(state, events_of, card_id, settings, as_of)
    own = {card_id, *(doc["id"] for doc in evidence.linked if doc["kind"] in ("order", "feedback"))}
    around = stood(state, events_of, own | _said_about(state, own), evidence.as_of)
    around = {number: one for number, one in around.items() if number in own or _about(one.doc, own)}
    around.setdefault(card_id, Stood(evidence.card, evidence.facts))
    first = min(utc(one.doc["created"]) for one in around.values())
    marks = [utc(mark["at"]) for mark in evidence.card.get("marks") or ()]
    general = general_facts(evidence, settings, History(state, events_of))
    since = local_day(min((first, *marks)), settings.zone) - timedelta(days=TYPICAL_DAYS)
    days = (local_day(evidence.as_of, settings.zone) - since).days + 1
    source = histories.source(as_of=evidence.as_of, days=days, board=general.board, card=card_id)
    limited, tracks = bounded(source, general.board)
    return Case(
        evidence=evidence,
        settings=settings,
        source=limited,
        now=source,
        board=general.board,
        tracks=tracks,
        around=around,
        moments=moments_of(evidence),
        general=general,
    )


def stood(
    state: Reader, events_of: Callable[[Collection[int]], Iterable[Batch]], cards: set[int], as_of: datetime
) -> dict[int, Stood]:
    """These cards as they stood at a moment, by id; those that were not there yet are left out."""
    by_card: dict[int, list[Fact]] = {}
    for fact in card_facts(events_of(cards), cards):
        by_card.setdefault(fact.event.id, []).append(fact)
    found = {}
    for number, mine in sorted(by_card.items()):
        known = tuple(fact for fact in mine if fact.event.at <= as_of)
        if any(fact.event.kind == "created" for fact in known):
            later = [fact.event for fact in mine[len(known) :]]
            found[number] = Stood(rewind(state.get("cards", number) or {}, later), known)
    return found


def _said_about(state: Reader, cards: set[int]) -> set[int]:
    """Feedback about any of these cards, by whichever of both the link was set."""
    found = set()
    for number, doc in state.items("cards"):
        if doc["kind"] == "feedback" and _about(doc, cards):
            found.add(number)
    return found


def _about(doc: Doc, cards: set[int]) -> bool:
    return any(link["card"] in cards for link in doc.get("links") or ())


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


# --------------------------------------------------------------------------------------- the clock


def moments_of(evidence: Evidence) -> tuple[Moment, ...]:
    """The marks that stand on the card, each with who set it."""
    told = {}
    for fact in standing(evidence.facts):
        if fact.event.kind == "marked":
            told[_same(fact.event.data)] = fact
    found = []
    for row in evidence.card.get("marks") or ():
        seen = told.get(_same(row))
        by, number = (seen.event.by, seen.batch) if seen else ("", 0)
        found.append(Moment(row["mark"], utc(row["at"]), by, row.get("note", ""), number))
    return tuple(sorted(found, key=lambda moment: (moment.at, moment.event_no, _order(moment.mark))))


def _same(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row["mark"], row["at"], row.get("note", "")


def _order(mark: str) -> int:
    return MILESTONES.index(mark) if mark in MILESTONES else len(MILESTONES)


def milestone(moments: Sequence[Moment], mark: str) -> Moment | None:
    """The moment of a milestone: its first mark; of `resolved` the last, since what came back was not over."""
    found = [moment for moment in moments if moment.mark == mark]
    return found[-1 if mark == "resolved" else 0] if found else None


def _detected_by(moments: Sequence[Moment]) -> str:
    """Who noticed it: a customer when the note says so, else who set the mark."""
    found = milestone(moments, "detected")
    if found is None:
        return ""
    return CUSTOMER_SAW if CUSTOMER.search(found.note) else found.by


def named(text: str, members: Iterable[str]) -> tuple[str, ...]:
    """The members whose name stands in a text as a word."""
    return tuple(name for name in members if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


# --------------------------------------------------------------------------------------- who acted


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


# --------------------------------------------------------------------------------------- the board around it


def bounded(source: Source, board: Board | None) -> tuple[Source, tuple[Track, ...]]:
    """The same source without anything that happened after its `as_of`, and the ways over the board up to then."""

    def events_of(table: str, ids: Collection[int], kinds: Collection[str] | None) -> Iterator[Batch]:
        for batch in source.events_of(table, ids, kinds):
            events = tuple(event for event in batch.events if event.at <= source.as_of)
            if events:
                yield replace(batch, events=events)

    tracks = tuple(_tracks(source, board)) if board else ()

    def passages(name: str) -> list[Passage]:
        if board is None or name != board.id:
            return []
        return [way for track in tracks if (way := passage(track, categories(board)))]

    return replace(source, passages=passages, events_of=events_of), tracks


def _tracks(source: Source, board: Board) -> Iterator[Track]:
    """The ways of the board's cards, dropped ones too; those that were over before the period are left out."""
    needed = {
        number
        for number, doc in source.reader.items("cards")
        if doc["board"] == board.id and not doc.get("unmade") and utc(doc["created"]) <= source.as_of
        if not (utc(doc["entered"]) < source.since and (board.ends(doc["stage"]) or _away(doc, source.since)))
    }
    flows = Flows([board]).fold(source.events_of("cards", needed, STEPS), needed)
    for track in flows.tracks(board.id):
        found = cut(track, source.as_of)
        if found is not None:
            yield found


def _away(doc: Doc, since: datetime) -> bool:
    return bool(doc.get("archived")) and utc(doc.get("put_away") or doc["entered"]) < since


def cut(track: Track, as_of: datetime) -> Track | None:
    """A card's way up to a moment; None when it was not there yet."""
    if track.created > as_of:
        return None
    dues = tuple(row for row in track.dues if row[0] <= as_of)
    return replace(
        track,
        path=tuple(step for step in track.path if step[1] <= as_of) or track.path[:1],
        blocked=tuple(
            (since, until if until and until <= as_of else None) for since, until in track.blocked if since <= as_of
        ),
        due=(dues[-1][1] if dues else None) if track.dues else track.due,
        dues=dues,
        archived=track.archived if track.archived and track.archived <= as_of else None,
    )


def over(track: Track, board: Board) -> datetime | None:
    """When work on it was over: done, dropped or put away; None while it goes on."""
    stage, entered = track.path[-1]
    return entered if board.ends(stage) else track.archived


def open_within(tracks: Iterable[Track], board: Board, start: datetime, end: datetime) -> list[Track]:
    """Those that had come in and were not over, at some time from `start` to before `end`."""
    return [track for track in tracks if track.created < end and ((gone := over(track, board)) is None or gone > start)]


def customers(docs: Iterable[Doc]) -> set[str]:
    """The customers of these cards, as far as they are known."""
    return {key for doc in docs if (key := buyer_key(doc))}


def days_of(first: date, last: date) -> list[date]:
    """All days from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
