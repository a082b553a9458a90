"""Promises to customers that ran out and are not written down yet, each at the moment it ran out.

Nobody need have been there then: whoever opens opstui next writes it down (spec C.1). A promise is only made by a shop
that can keep it, so of a message that was imported those clocks are left alone that had run out before it came: its
past, answers and all, happened elsewhere, under other promises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from opstui.domain.commands import NoteBreach
from opstui.domain.model import Doc, utc
from opstui.holidays_of import opening
from opstui.metrics.sla import Clock, Reading, read
from opstui.metrics.track import local_day
from opstui.projections.figures.source import Source
from opstui.projections.service_facts import resolution_clock, response_clock, tickets

Came = Callable[[Collection[int]], Mapping[int, datetime]]
"""Imported cards -> when they were imported."""


Passed = frozenset[tuple[int, str, Clock]]
"""Clocks of which nothing comes any more, as they stood: stopped in time, or run out before the import."""


class RanOut(Struct, frozen=True):
    """What to write down, the oldest first, and when the next promise runs out if nothing happens.

    `passed` spares the next look what this one has seen.
    """

    found: tuple[NoteBreach, ...]
    next: datetime | None = None
    passed: Passed = frozenset()


def ran_out(source: Source, came: Came, passed: Passed = frozenset()) -> RanOut:
    """The clocks of the first board of feedback, or of that on screen, that ran out by `as_of`.

    Those of open messages, however old, and of those settled in the period. Open hours, days off and pauses count as
    on the page about service.
    """
    board = source.first_of("feedback")
    if board is None:
        return RanOut(())
    seen = list(_readings(source, board.kind, passed))
    late = {card for (card, _which, _clock), reading in seen if reading.breached}
    since = came([card for card in late if (source.reader.get("cards", card) or {}).get("source")])
    found, over, ahead = list[NoteBreach](), set(passed), list[datetime]()
    for key, reading in seen:
        card, which, clock = key
        if not reading.breached:
            over |= set() if reading.open else {key}
            ahead += [reading.due] if reading.due and reading.open and reading.due > source.as_of else []
        elif reading.due and reading.due >= since.get(card, clock.start):
            found.append(NoteBreach(card=card, clock=which, due=_whole(reading.due), minutes=reading.target))
        else:
            over.add(key)
    found.sort(key=lambda command: (command.due, command.card))
    return RanOut(tuple(found), min(ahead, default=None), frozenset(over))


def _readings(source: Source, kind: str, passed: Passed) -> Iterator[tuple[tuple[int, str, Clock], Reading]]:
    """The clocks that are neither written down nor passed, and what they show."""
    found, zone = tickets(source), source.settings.zone
    first = min((local_day(ticket.created, zone).year for ticket in found), default=source.today.year)
    calendar = opening(source.settings, range(first, source.today.year + 2)).calendar
    for ticket in found:
        noted = (source.reader.get("cards", ticket.card) or {}).get("breached", {})
        for which, clock_of in CLOCKS.items():
            clock = None if which in noted else clock_of(ticket, source.settings, kind)
            if clock is None or (ticket.card, which, clock) in passed or _in_time(clock):
                continue
            yield (ticket.card, which, clock), read(clock, calendar, source.as_of)


CLOCKS = {"first_response": response_clock, "resolution": resolution_clock}


def _in_time(clock: Clock) -> bool:
    """Whether it was stopped in time by any clock on the wall: open minutes are not more than all minutes."""
    return clock.stop is not None and clock.stop - clock.start <= timedelta(minutes=clock.target)


def _whole(at: datetime) -> datetime:
    """To the millisecond, as history keeps times."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def broken_within(doc: Doc, since: datetime, until: datetime) -> bool:
    """Whether one of the promises about a card ran out from one moment to before another, as it is written down."""
    times = () if doc.get("unmade") else doc.get("breached", {}).values()
    return any(since <= utc(at) < until for at in times)
