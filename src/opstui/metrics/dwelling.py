"""The stays of many cards in one stage, kept so that one card's can be put in and taken out again.

What a stay adds does not change once it is over; of those that last, only when they began matters. So the figures of a
stage at a moment cost no walk over its cards. Times are whole microseconds since 1970: they add up exactly.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from msgspec import Struct

from opstui.metrics.bottleneck import BLOCKED_SHARE, EXPECTED_FACTOR, LIMIT_SHARE, Place, Sign, Slowest
from opstui.metrics.percentiles import median
from opstui.metrics.track import CategoryOf, Passage, Span, hours

_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
N = TypeVar("N", int, float, tuple[int, int])


def ticks(at: datetime) -> int:
    """A moment in microseconds since 1970, which add up exactly. Source: POSIX, seconds since the Epoch."""
    return (at - _BEGAN) // _TICK


def _in_ticks(span: Span) -> tuple[int, int | None]:
    start, end = span
    return ticks(start), None if end is None else ticks(end)


class Ordered(Generic[N]):
    """Numbers in order, that come and go."""

    def __init__(self) -> None:
        self._values: list[N] = []
        self._sorted = False

    def take(self, value: N, sign: int) -> None:
        """One more (sign 1), or one less (-1). As long as nobody asked, they are not put in order."""
        if sign < 0:
            del self.values[bisect_left(self.values, value)]
        elif self._sorted:
            insort(self._values, value)
        else:
            self._values.append(value)

    @property
    def values(self) -> list[N]:
        """All of them; not to be changed."""
        if not self._sorted:
            self._values.sort()
            self._sorted = True
        return self._values


class Lasting:
    """Spans that are over, and spans that last still: how long they are together at a moment."""

    def __init__(self) -> None:
        self._over = self._begun = self._n = 0

    def take(self, span: tuple[int, int | None], sign: int) -> None:
        """Put a span in (sign 1), or take it out (-1); None: it lasts."""
        start, end = span
        if end is None:
            self._begun += sign * start
            self._n += sign
        else:
            self._over += sign * (end - start)

    def at(self, now: int) -> int:
        """Microseconds of all of them."""
        return self._over + self._n * now - self._begun


class Stay(Struct, frozen=True):
    """A card's stay in an open stage, as far as it lies in a window; `left` None while it lasts."""

    stage: str
    entered: int
    left: int | None
    arrived: bool
    blocked: tuple[tuple[int, int | None], ...]


def stays(way: Passage, category: CategoryOf, since: datetime, now: datetime) -> list[Stay]:
    """The stays in open stages that lie in the time since a moment; what is yet to come has not been.

    Source: spec C.1, bottleneck: dwell within the window.
    """
    path, found = way.track.path, []
    for number, (stage, entered) in enumerate(path):
        left = path[number + 1][1] if number + 1 < len(path) else way.track.archived
        left = left if left is None else max(left, entered)
        if entered >= now or (left is not None and left <= since) or category(stage) not in ("queue", "active"):
            continue
        span = max(entered, since), None if left is None or left >= now else left
        found.append(Stay(stage, *_in_ticks(span), entered >= since, _blocked(way, span, now)))
    return found


def _blocked(way: Passage, span: Span, now: datetime) -> tuple[tuple[int, int | None], ...]:
    found = []
    for since, until in way.track.blocked:
        low = max(since, span[0])
        high = min((end for end in (until, span[1]) if end is not None and end < now), default=None)
        if low < (high or now):
            found.append(_in_ticks((low, high)))
    return tuple(found)


class Held:
    """All stays in one stage."""

    def __init__(self) -> None:
        self.cards = self._came = self._went = 0
        self.dwell, self._blocked = Lasting(), Lasting()
        self._ins, self._outs, self._spans, self._still = (Ordered[int]() for _ in range(4))
        self._full: dict[int, tuple[int, int | None]] = {}
        """Limit -> how long it was reached before the last of the stays began or ended, and since when it is."""

    def take(self, stay: Stay, sign: int) -> None:
        """Put one in (sign 1), or take it out (-1)."""
        self._full.clear()
        self._came += sign * stay.arrived
        self.dwell.take((stay.entered, stay.left), sign)
        for block in stay.blocked:
            self._blocked.take(block, sign)
        self._ins.take(stay.entered, sign)
        if stay.left is None:
            self._still.take(stay.entered, sign)
        else:
            self._went += sign
            self._outs.take(stay.left, sign)
            self._spans.take(stay.left - stay.entered, sign)

    def signs(self, place: Place, now: int, window: int) -> Iterable[Sign]:
        """What speaks for a bottleneck. Source: spec C.1, bottleneck (see `bottleneck.slowest_stage`)."""
        if self._came > self._went:
            yield "growing"
        if place.wip and self._time_at(place.wip, now) >= window * LIMIT_SHARE:
            yield "at_limit"
        if place.expected_hours and self._middle(now) >= EXPECTED_FACTOR * place.expected_hours:
            yield "slow"
        if self._blocked.at(now) >= self.dwell.at(now) * BLOCKED_SHARE:
            yield "blocked"

    def _time_at(self, limit: int, now: int) -> int:
        """How long the stage held at least `limit` cards."""
        if limit not in self._full:
            self._full[limit] = _full(limit, self._ins.values, self._outs.values)
        total, since = self._full[limit]
        return total if since is None else total + now - since

    def _middle(self, now: int) -> float:
        """The median stay, in hours."""
        every = sorted([*self._spans.values, *(now - entered for entered in reversed(self._still.values))])
        n = len(every)
        middle = (hours(timedelta(microseconds=span)) for span in every[(n - 1) // 2 : n // 2 + 1])
        return median(middle) or 0.0


def _full(limit: int, ins: Sequence[int], outs: Sequence[int]) -> tuple[int, int | None]:
    """How long there were so many before the last one came or left, and since when there are.

    When n have left there are enough from the time on at which n + limit have come, until another leaves.
    """
    enough = [max(*pair) for pair in zip(ins[limit - 1 :], [*ins[:1], *outs], strict=False)]
    total = sum(max(0, left - since) for since, left in zip(enough, outs, strict=False))
    return total, enough[len(outs)] if len(enough) > len(outs) else None


class Dwelling:
    """The stays of a board's cards in its open stages, from a moment on."""

    def __init__(self, category: CategoryOf, since: datetime) -> None:
        """No card is in it."""
        self._category, self.since = category, since
        self._held: dict[str, Held] = {}

    def stays(self, way: Passage, now: datetime) -> list[Stay]:
        """What a card adds."""
        return stays(way, self._category, self.since, now)

    def take(self, found: Iterable[Stay], sign: int) -> None:
        """Put a card's stays in (sign 1), or take them out (-1)."""
        touched = set()
        for stay in found:
            held = self._held.get(stay.stage) or self._held.setdefault(stay.stage, Held())
            held.take(stay, sign)
            touched.add(stay.stage)
        for stage in touched:
            self._held[stage].cards += sign

    def cards(self, stage: str) -> int:
        """Cards that were in a stage."""
        return self._held[stage].cards if stage in self._held else 0

    def total(self, now: datetime) -> dict[str, timedelta]:
        """Time all cards together spent in each open stage. Source: spec C.1, bottleneck (see `total_dwell`)."""
        spent = ((stage, held.dwell.at(ticks(now))) for stage, held in self._held.items())
        return {stage: timedelta(microseconds=span) for stage, span in spent if span > 0}

    def slowest(self, places: Sequence[Place], now: datetime) -> Slowest | None:
        """The stage that took the largest share of dwell.

        Source: spec C.1, bottleneck (case flow-bottleneck-01): what `slowest_stage` says of the same cards.
        """
        total = self.total(now)
        known = [place for place in places if place.id in total]
        if not known:
            return None
        winner = max(known, key=lambda place: total[place.id])
        held, window = self._held[winner.id], ticks(now) - ticks(self.since)
        return Slowest(
            stage=winner.id,
            share=total[winner.id] / sum(total.values(), timedelta()),
            dwell=total[winner.id],
            cards=held.cards,
            signs=tuple(held.signs(winner, ticks(now), window)),
        )
