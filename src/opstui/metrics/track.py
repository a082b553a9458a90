"""The way of one card over its board: what every flow formula reads.

A `Track` is bare facts (stages with the times they were entered). A `Passage` adds what the board's categories make of
them: when work began and when it was done. Both are small, frozen and made once per change, because every formula walks
over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from msgspec import Struct

Category = Literal["queue", "active", "done", "dropped"]
CategoryOf = Callable[[str], Category]
"""Stage id -> what kind of place it is."""

Span = tuple[datetime, datetime | None]
"""From (included) to (excluded); None while it lasts."""


class Track(Struct, frozen=True):
    """Where a card has been. `path` is (stage, entered at) in order of time, the stage it was created in first.

    `due` is the last day on which it is on time. `dues` holds every due day it had, with the time it was set, when it
    had more than one. `archived` is when it was put away, None while it is in sight.
    """

    card: int
    created: datetime
    path: tuple[tuple[str, datetime], ...]
    blocked: tuple[Span, ...] = ()
    due: date | None = None
    dues: tuple[tuple[datetime, date | None], ...] = ()
    archived: datetime | None = None


class Passage(Struct, frozen=True):
    """A track as the flow formulas see it.

    `started` is the first entry to any active stage (moving back does not reset it; from a queue straight to done it
    is the done time). `done` is the last entry to a done stage, only while the card is still there. `left` is when a
    card that is not done was put away: from then on it is not in progress.
    """

    track: Track
    started: datetime | None
    done: datetime | None
    left: datetime | None = None

    @property
    def lead(self) -> timedelta | None:
        """Created to done; None while it is open."""
        return self.done - self.track.created if self.done else None

    @property
    def cycle(self) -> timedelta | None:
        """Started to done; None while it is open."""
        return self.done - self.started if self.done and self.started else None


def passage(track: Track, category: CategoryOf) -> Passage | None:
    """What the categories make of a track; None for a dropped card, which leaves all flow metrics."""
    stage, entered = track.path[-1]
    now = category(stage)
    if now == "dropped":
        return None
    done = entered if now == "done" else None
    started = next((at for place, at in track.path if category(place) == "active"), done)
    return Passage(track, started, done, None if done else track.archived)


def passages(tracks: Iterable[Track], category: CategoryOf) -> list[Passage]:
    """The passages of all tracks that are not dropped."""
    return [found for track in tracks if (found := passage(track, category))]


def visits(track: Track, until: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """(stage, entered, left) for each stay, in order of time; the last lasts `until`, or to when it was put away."""
    path = track.path
    for (stage, entered), (_, left) in pairwise(path):
        yield stage, entered, left
    stage, entered = path[-1]
    end = min(until, track.archived) if track.archived else until
    yield stage, entered, max(entered, end)


_MARGIN = timedelta(days=2)
_FIRST, _LAST = date.min + _MARGIN, date.max - _MARGIN
"""Days beyond these count as these: some zone has no moment for them. Nobody may type them, but files may hold them."""


@lru_cache(maxsize=4096)
def day_start(day: date, zone: tzinfo) -> datetime:
    """The first moment of a local day, in UTC. A day ends where the next one starts: intervals are half open.

    At the very ends of the calendar it is the nearest day of which every zone has a first moment.
    """
    return datetime.combine(min(max(day, _FIRST), _LAST), time.min, zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def day_end(day: date, zone: tzinfo) -> datetime:
    """The first moment that no longer belongs to a local day, in UTC."""
    return day_start(min(day, _LAST) + timedelta(days=1), zone)


def local_day(at: datetime, zone: tzinfo) -> date:
    """The day on the wall calendar of that zone."""
    return at.astimezone(zone).date()


def hours(span: timedelta) -> float:
    """A duration in elapsed hours."""
    return span.total_seconds() / 3600
