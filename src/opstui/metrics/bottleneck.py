"""Where work waits: the slowest stage, and whether that may be called a bottleneck (spec C.1).

The largest share of dwell is easy to find and easy to over-read, so a stage is only called a bottleneck with enough
cards and at least one sign; otherwise it is "the slowest stage, not proven". How many cards stand behind it is
always told.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from opstui.metrics.flow import overlap
from opstui.metrics.percentiles import median
from opstui.metrics.track import CategoryOf, Passage, hours, visits

Sign = Literal["growing", "at_limit", "slow", "blocked"]
ENOUGH_CARDS = 5
LIMIT_SHARE = 0.5
EXPECTED_FACTOR = 2
BLOCKED_SHARE = 0.25
_NONE = timedelta()


class Place(Struct, frozen=True):
    """A stage as the bottleneck rule sees it: its limit of cards and the hours its SOP promises, if any."""

    id: str
    wip: int | None = None
    expected_hours: float | None = None


class Slowest(Struct, frozen=True):
    """The stage with the largest share of dwell. `cards` touched it in the window; `signs` speak for a bottleneck."""

    stage: str
    share: float
    dwell: timedelta
    cards: int
    signs: tuple[Sign, ...]

    @property
    def proven(self) -> bool:
        """Whether it may be called a bottleneck."""
        return self.cards >= ENOUGH_CARDS and bool(self.signs)


class _Stay(Struct, frozen=True):
    """One stay in the candidate, clamped to the window."""

    passage: Passage
    entered: datetime
    left: datetime
    arrived: bool
    departed: bool


def total_dwell(
    passages: Iterable[Passage], category: CategoryOf, start: datetime, end: datetime
) -> dict[str, timedelta]:
    """Time all cards together spent in each open stage between `start` and `end`.

    Source: spec C.1, bottleneck (case flow-bottleneck-01).
    """
    total: dict[str, timedelta] = {}
    for p in _touching(passages, start, end):
        for stage, entered, left in visits(p.track, end):
            low = max(start, entered)
            high = min(end, left)
            if high > low:
                total[stage] = total.get(stage, _NONE) + (high - low)
    return {stage: dwell for stage, dwell in total.items() if category(stage) in ("queue", "active")}


def _touching(passages: Iterable[Passage], start: datetime, end: datetime) -> Iterator[Passage]:
    """Those that were open at some time in the window: most of a long history was over before it."""
    for p in passages:
        if p.track.created < end and (p.done is None or p.done > start):
            yield p


def slowest_stage(
    passages: Sequence[Passage], places: Sequence[Place], category: CategoryOf, start: datetime, end: datetime
) -> Slowest | None:
    """The stage that took the largest share of dwell between `start` and `end`; None when no card dwelt anywhere.

    `places` are the stages that may win, in the order of the board (a tie goes to the earlier): by the spec all but the
    first, the done and the dropped ones. The share is of all open stages, the first one too.
    Source: spec C.1, bottleneck (case flow-bottleneck-01).
    """
    total = total_dwell(passages, category, start, end)
    known = [place for place in places if total.get(place.id)]
    if not known:
        return None
    winner = max(known, key=lambda place: total[place.id])
    stays = list(_stays(passages, winner.id, start, end))
    return Slowest(
        stage=winner.id,
        share=total[winner.id] / sum(total.values(), _NONE),
        dwell=total[winner.id],
        cards=len({stay.passage.track.card for stay in stays}),
        signs=tuple(_signs(winner, stays, total[winner.id], end - start)),
    )


def contenders(places: Sequence[Place], category: CategoryOf, exclude: Container[str] = ()) -> list[Place]:
    """The stages that may be called slowest: all but the first, the done and dropped ones, and those excluded.

    Source: spec C.1, bottleneck: per non-first, non-done stage.
    """
    return [p for p in places[1:] if category(p.id) in ("queue", "active") and p.id not in exclude]


def _stays(passages: Iterable[Passage], stage: str, start: datetime, end: datetime) -> Iterable[_Stay]:
    for p in _touching(passages, start, end):
        for place, entered, left in visits(p.track, end):
            if place == stage and entered < end and left > start:
                yield _Stay(p, max(entered, start), min(left, end), start <= entered, left < end)


def _signs(place: Place, stays: Sequence[_Stay], dwell: timedelta, window: timedelta) -> Iterable[Sign]:
    if sum(stay.arrived for stay in stays) > sum(stay.departed for stay in stays):
        yield "growing"
    if place.wip and _time_at(place.wip, stays) >= window * LIMIT_SHARE:
        yield "at_limit"
    middle = median(hours(stay.left - stay.entered) for stay in stays)
    if place.expected_hours and middle is not None and middle >= EXPECTED_FACTOR * place.expected_hours:
        yield "slow"
    blocked = sum((overlap(stay.passage.track.blocked, stay.entered, stay.left) for stay in stays), _NONE)
    if blocked >= dwell * BLOCKED_SHARE:
        yield "blocked"


def _time_at(limit: int, stays: Iterable[_Stay]) -> timedelta:
    """How long the stage held at least `limit` cards."""
    steps = sorted([(stay.entered, 1) for stay in stays] + [(stay.left, -1) for stay in stays])
    total, count, since = _NONE, 0, None
    for at, step in steps:
        count += step
        if count >= limit and since is None:
            since = at
        elif count < limit and since is not None:
            total, since = total + (at - since), None
    return total
