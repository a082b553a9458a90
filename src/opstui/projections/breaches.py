"""Promises to customers that ran out and are not written down yet, each at the moment it ran out.

Nobody need have been there then: whoever opens opstui next writes it down (spec C.1). A promise is only made by a shop
that can keep it, so of a message that was imported those clocks are left alone that had run out before it came: its
past, answers and all, happened elsewhere, under other promises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from opstui.domain.commands import NoteBreach
from opstui.domain.model import Doc, utc
from opstui.holidays_of import opening
from opstui.metrics.sla import Clock, Reading, read
from opstui.metrics.track import local_day
from opstui.projections.figures.source import Source
from opstui.projections.service_facts import Ticket, resolution_clock, response_clock, tickets

Came = Callable[[Collection[int]], Mapping[int, datetime]]
"""Imported cards -> when they were imported."""


class RanOut(Struct, frozen=True):
    """What to write down, the oldest first, and when the next promise runs out if nothing happens."""

    found: tuple[NoteBreach, ...]
    next: datetime | None = None


def ran_out(source: Source, came: Came) -> RanOut:
    """The clocks of the first board of feedback, or of that on screen, that ran out by `as_of`.

    Those of open messages, however old, and of those settled in the period. Open hours, days off and pauses count as
    on the page about service.
    """
    board = source.first_of("feedback")
    if board is None:
        return RanOut(())
    read_out = list(_readings(source, board.kind))
    late = [(t, which, r) for t, which, r in read_out if r.breached and r.due and not _noted(source, t, which)]
    docs = {ticket.card: source.reader.get("cards", ticket.card) or {} for ticket, _which, _r in late}
    since = came([card for card, doc in docs.items() if doc.get("source")])
    found = [
        NoteBreach(card=ticket.card, clock=which, due=_whole(reading.due), minutes=reading.target)
        for ticket, which, reading in late
        if reading.due and reading.due >= since.get(ticket.card, ticket.created)
    ]
    ahead = [r.due for _t, _which, r in read_out if r.open and r.due and r.due > source.as_of]
    return RanOut(tuple(sorted(found, key=lambda command: (command.due, command.card))), min(ahead, default=None))


def _readings(source: Source, kind: str) -> Iterator[tuple[Ticket, str, Reading]]:
    found, zone = tickets(source), source.settings.zone
    first = min((local_day(ticket.created, zone).year for ticket in found), default=source.today.year)
    calendar = opening(source.settings, range(first, source.today.year + 2)).calendar
    for ticket in found:
        clocks: dict[str, Clock | None] = {
            "first_response": response_clock(ticket, source.settings, kind),
            "resolution": resolution_clock(ticket, source.settings, kind),
        }
        for which, clock in clocks.items():
            if clock is not None:
                yield ticket, which, read(clock, calendar, source.as_of)


def _noted(source: Source, ticket: Ticket, which: str) -> bool:
    return which in (source.reader.get("cards", ticket.card) or {}).get("breached", {})


def _whole(at: datetime | None) -> datetime:
    """To the millisecond, as history keeps times."""
    assert at is not None
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def broken_within(doc: Doc, since: datetime, until: datetime) -> bool:
    """Whether one of the promises about a card ran out from one moment to before another, as it is written down."""
    times = () if doc.get("unmade") else doc.get("breached", {}).values()
    return any(since <= utc(at) < until for at in times)
