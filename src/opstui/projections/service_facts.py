"""What happened to each message of a customer: when it was answered, settled, reopened, and when the shop waited.

Facts only, from the events; what they are worth in open hours is for the clocks of `metrics.sla` and for the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.domain.model import Doc, utc
from opstui.metrics.calendar import BusinessCalendar, business_minutes_between
from opstui.metrics.resolution import Resolution, Turn, resolution
from opstui.metrics.sla import Clock
from opstui.metrics.track import CategoryOf, Passage, Span, Track
from opstui.projections.figures.source import Source
from opstui.projections.flow import categories
from opstui.timetable import promised

REPLIED = "replied"
"""The stage whose entry is an answer."""
KINDS = frozenset({"commented", "blocked"})
"""The kinds of event that are read besides the passages."""
CUSTOMER = re.compile(r"\b(customer|client|buyer|pelanggan|pembeli|klien)\b", re.IGNORECASE)


class Ticket(Struct, frozen=True, kw_only=True):
    """A message of a customer. `turns` are its resolutions and reopenings in order of time.

    `level` is its severity (feedback) or priority. `answered` is the first human reply, None while there is none.
    `replies` are those of the shop. `pauses` are times in which the customer had to answer. `left` is when it was put
    away unsettled: nobody works on it any more.
    """

    card: int
    level: str
    created: datetime
    answered: datetime | None = None
    replies: int = 0
    turns: tuple[Turn, ...] = ()
    pauses: tuple[Span, ...] = ()
    left: datetime | None = None

    @property
    def open(self) -> bool:
        """Neither settled nor put away."""
        return self.left is None and not (self.turns and self.turns[-1][0] == "resolved")

    @property
    def settled(self) -> datetime | None:
        """When it was last resolved; None while it is open."""
        return self.turns[-1][1] if self.turns and self.turns[-1][0] == "resolved" else None


class Notes(Struct):
    """What is told of one card beside its way: comments (id -> at, by) and the blocks that wait for someone."""

    comments: dict[int, tuple[datetime, str]]
    waits: dict[datetime, str]


def tickets(source: Source) -> list[Ticket]:
    """The messages that matter to the period: those open, and those created, settled or put away in it. By card.

    Without a feedback board there are none; declined ones are no tickets.
    """
    board = source.first_of("feedback")
    if board is None:
        return []
    ways = [way for way in source.passages(board.id) if _matters(way, source.since)]
    notes = notes_of(source.events_of("cards", {way.track.card for way in ways}, KINDS))
    members = frozenset(doc["name"].casefold() for _id, doc in source.reader.items("members"))
    category = categories(board)
    found = (_ticket(way, source, board, category, notes.get(way.track.card), members) for way in ways)
    return sorted((ticket for ticket in found if ticket), key=lambda ticket: ticket.card)


def _matters(way: Passage, since: datetime) -> bool:
    ended = way.done or way.left
    return ended is None or ended >= since or way.track.created >= since


def notes_of(batches: Iterable[Batch]) -> dict[int, Notes]:
    """The notes of each card; a comment that was withdrawn is left out, one that was put back has its own time."""
    found: dict[int, Notes] = {}
    withdrawn: dict[int, tuple[datetime, str]] = {}
    for batch in batches:
        for event in batch.events:
            if event.table != "cards" or event.kind not in KINDS:
                continue
            notes = found.setdefault(event.id, Notes({}, {}))
            if event.kind == "blocked":
                notes.waits.setdefault(event.at, ((event.changed["blocker"][1]) or {}).get("waiting_on", ""))
                continue
            number = event.data["comment"]
            if "undoes" in event.data:
                withdrawn[number] = notes.comments.pop(number, (event.at, event.by))
            else:
                notes.comments[number] = withdrawn.pop(number, (event.at, event.by))
    return found


def _ticket(
    way: Passage, source: Source, board: Board, category: CategoryOf, notes: Notes | None, members: frozenset[str]
) -> Ticket | None:
    track = way.track
    doc = source.reader.get("cards", track.card)
    if doc is None or track.created > source.as_of:
        return None
    said = _said(track, notes, members)
    moves = [at for stage, at in track.path[1:] if stage == REPLIED]
    field = [utc(doc["first_response"])] if doc.get("first_response") else []
    answers = [at for at in (*said, *moves, *field) if track.created <= at <= source.as_of]
    return Ticket(
        card=track.card,
        level=_level(doc, board.kind),
        created=track.created,
        answered=min(answers, default=None),
        replies=max(len(said), len(moves), len(field)),
        turns=tuple(_turns(track, category)),
        pauses=tuple(_pauses(track, notes, doc)),
        left=way.left,
    )


def _level(doc: Doc, kind: str) -> str:
    return str(doc.get("severity" if kind == "feedback" else "priority") or "normal")


def _said(track: Track, notes: Notes | None, members: frozenset[str]) -> list[datetime]:
    """The comments of members; where nobody is a member, those of anybody."""
    comments = notes.comments.values() if notes else ()
    return [at for at, by in comments if at >= track.created and (not members or by.casefold() in members)]


def _turns(track: Track, category: CategoryOf) -> Iterator[Turn]:
    """Into a done stage it is resolved (again), out of it reopened."""
    if category(track.path[0][0]) == "done":
        yield "resolved", track.path[0][1]
    for (was, _since), (stage, at) in pairwise(track.path):
        if category(stage) == "done":
            yield "resolved", at
        elif category(was) == "done":
            yield "reopened", at


def _pauses(track: Track, notes: Notes | None, doc: Doc) -> Iterator[Span]:
    """The blocks of the card that waited for the customer, by that word or by name."""
    name = str(doc.get("customer") or "").casefold()
    for since, until in track.blocked:
        whom = notes.waits.get(since, "") if notes else ""
        if whom and (CUSTOMER.search(whom) or whom.casefold() == name):
            yield since, until


def response_clock(ticket: Ticket, settings: Settings, kind: str = "feedback") -> Clock | None:
    """The clock of the first answer; it stops when the ticket is settled or put away unanswered. None: no promise.

    Source: spec C.1 (SLA), C.5 (first response).
    """
    ends = [at for at in (ticket.answered, _first_end(ticket)) if at is not None]
    return _clock(ticket, settings, kind, "first_response", min(ends, default=None))


def resolution_clock(ticket: Ticket, settings: Settings, kind: str = "feedback") -> Clock | None:
    """The clock of the solution. Time in which it was resolved before it was reopened is a pause. None: no promise.

    Source: spec C.1 (SLA), C.5 (resolution, net of resolved gaps).
    """
    return _clock(ticket, settings, kind, "resolution", ticket.settled or ticket.left, _gaps(ticket))


def _clock(
    ticket: Ticket,
    settings: Settings,
    kind: str,
    which: Literal["first_response", "resolution"],
    stop: datetime | None,
    gaps: Sequence[Span] = (),
) -> Clock | None:
    target = promised(settings.sla, kind, which, ticket.level)
    return None if target is None else Clock(ticket.created, stop, target, (*ticket.pauses, *gaps))


def _first_end(ticket: Ticket) -> datetime | None:
    return next((at for turn, at in ticket.turns if turn == "resolved"), ticket.left)


def _gaps(ticket: Ticket) -> list[Span]:
    """From resolved to reopened, each time."""
    gaps: list[Span] = []
    since: datetime | None = None
    for turn, at in ticket.turns:
        if turn == "resolved":
            since = at if since is None else since
        elif since is not None:
            gaps.append((since, at))
            since = None
    return gaps


def response_minutes(found: Iterable[Ticket], calendar: BusinessCalendar) -> list[float | None]:
    """Open minutes to the first human reply of each ticket, None where there is none: what `first_response` takes.

    The headline leaves pauses in: the customer waited. Source: spec C.5, first response.
    """
    return [None if t.answered is None else business_minutes_between(calendar, t.created, t.answered) for t in found]


def resolutions(found: Iterable[Ticket], calendar: BusinessCalendar, as_of: datetime) -> list[Resolution]:
    """What became of each ticket: minutes, reopenings, settled at the first contact. Source: spec C.5, resolution."""
    return [resolution(t.created, t.turns, calendar, replies=t.replies, as_of=as_of) for t in found]
