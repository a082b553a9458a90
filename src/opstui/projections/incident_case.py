"""The case of an incident: its card, the cards that belong to it as they stood, its marks, and the board around it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.domain.model import Doc, utc
from opstui.domain.state import Reader
from opstui.metrics.incidents import MILESTONES
from opstui.metrics.track import Track, local_day
from opstui.projections.evidence import Evidence, Fact, card_facts, gather, rewind
from opstui.projections.figures.history import Histories
from opstui.projections.figures.source import Source
from opstui.projections.incident_board import bounded
from opstui.projections.postmortem import GeneralFacts, general_facts
from opstui.projections.recurrence import History
from opstui.projections.timeline import standing

TYPICAL_DAYS = 90
"""The days before an incident from which it is told what is typical."""


class Moment(Struct, frozen=True):
    """A mark of the card: what happened, when, who said so. `event_no` is the batch that told it."""

    mark: str
    at: datetime
    by: str
    note: str
    event_no: int


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


def _bare(doc: Doc) -> Track:
    """The way of a card of which no history tells: that it is where it is."""
    return Track(doc["id"], utc(doc["created"]), ((doc["stage"], utc(doc["entered"])),))


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
