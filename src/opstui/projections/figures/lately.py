"""What the panels about flow are made from: the cards of one board over one period, kept card by card.

What a card adds is worked out when it has changed, and goes out of the sums when it changes again; so a page costs what
changed, however long the period is. Only what is under way depends on the moment, and that is what is listed as such.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.boards import Board
from opstui.domain.model import Doc
from opstui.metrics.bottleneck import Place, Slowest, contenders
from opstui.metrics.dwelling import Dwelling, Ordered, Stay, ticks
from opstui.metrics.flow import Efficiency, efficiency, in_progress
from opstui.metrics.ontime import on_time
from opstui.metrics.track import Passage, day_end, day_start, hours, local_day, visits
from opstui.projections.figures.queries import on
from opstui.projections.flow import categories, latest
from opstui.projections.kpis import PLANNED
from opstui.projections.panels import Element

if TYPE_CHECKING:
    from opstui.projections.figures.source import Source

T = TypeVar("T")
DAY = timedelta(days=1)
_NONE = timedelta()


def days(hours: float | None) -> float | None:
    """Hours as days."""
    return None if hours is None else hours / 24


class Point(Struct, frozen=True):
    """A card that was done: in which order, on which day, and as it is drawn."""

    place: tuple[int, int]
    day: date
    drawn: Element | None


class _Part(Struct, frozen=True):
    """What a card adds."""

    lead: float | None = None
    cycle: float | None = None
    point: Point | None = None
    worked: Efficiency = Efficiency(_NONE, _NONE, _NONE)
    began: bool = False
    """Whether it both began and was done in the period."""
    promised: bool = False
    kept: bool = False
    days_at_work: int = 0
    at_work: bool = False
    way: Passage | None = None
    """Its passage, while it is in progress."""
    left: bool = False
    """Whether it is still to be done."""
    bands: tuple[tuple[str, int, int], ...] = ()
    """(stage, from day, to before day): where it stood at the ends of the days."""
    touched: frozenset[str] = frozenset()
    stays: Sequence[Stay] = ()


_NOTHING = _Part()


class Period:
    """The cards of a board over the local days from `first` to `today`."""

    def __init__(self, board: Board, first: date, today: date, zone: tzinfo) -> None:
        """No card is in it."""
        self.board, self.first, self.today, self._zone = board, first, today, zone
        self._category = categories(board)
        self._days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
        self._ends = [day_end(day, zone) for day in self._days]
        self._over = self._ends[:-1]
        self._since, self._until = day_start(first, zone), day_end(today, zone)
        self._parts: dict[int, _Part] = {}
        self._restless: dict[int, tuple[Passage, Doc | None]] = {}
        self._dwelling = Dwelling(self._category, self._since)
        self._bands: dict[str, list[int]] = {}
        places = [Place(stage.id, stage.wip, stage.expected_hours) for stage in board.stages]
        self._places = contenders(places, self._category, PLANNED)
        self.leads, self.cycles = Ordered[float](), Ordered[float]()
        self.done = [0] * len(self._days)
        """Cards done on each day."""
        self.worked = Efficiency(_NONE, _NONE, _NONE)
        self.inside, self.inside_cycle = 0, _NONE
        """Cards that both began and were done in the period, and how long they took together."""
        self.promised: dict[int, bool] = {}
        """The cards whose promise fell due, and whether it was kept."""
        self.kept = self.at_work = self.left = 0
        self._days_at_work = 0
        self._touched: Counter[str] = Counter()
        self._points: dict[int, Point] = {}
        self._order = Ordered[tuple[int, int]]()
        self._drawn: tuple[Element, ...] | None = None
        self.under_way: dict[int, Passage] = {}
        """The cards that began and are neither done nor put away."""

    def put(self, card: int, way: Passage | None, doc: Doc | None, now: datetime) -> None:
        """A card is there, has changed, or (without a passage) is no more."""
        self._restless.pop(card, None)
        part, known = self._part(way, doc, now) if way else _NOTHING, self._parts.get(card, _NOTHING)
        if part != known:
            if known != _NOTHING:
                self._take(card, known, -1)
            self._take(card, part, 1)
            self._parts[card] = part
        if part == _NOTHING:
            self._parts.pop(card, None)
        if way and latest(way.track) >= now:
            self._restless[card] = way, doc

    def settle(self, now: datetime) -> None:
        """Time goes on: take those anew that are dated ahead."""
        for card, (way, doc) in list(self._restless.items()):
            self.put(card, way, doc, now)

    @property
    def n_done(self) -> int:
        """Cards done in the period."""
        return sum(self.done)

    @property
    def average_wip(self) -> float | None:
        """Cards in progress, averaged over the ends of the days that are over."""
        return self._days_at_work / (len(self._days) - 1) if len(self._days) > 1 else None

    def done_within(self, first: date, last: date) -> int:
        """Cards done from one day to another, both included."""
        return sum(self.done[max(0, (first - self.first).days) : (last - self.first).days + 1])

    def points(self) -> tuple[Element, ...]:
        """The cards that were done, in their order, where they lie between day and days of work."""
        if self._drawn is None:
            found = (self._points[card].drawn for _at, card in self._order.values)
            self._drawn = tuple(drawn for drawn in found if drawn is not None)
        return self._drawn

    def bands(self, wanted: Collection[date]) -> dict[date, dict[str, int]]:
        """Cards in each stage at the end of these days."""
        by_stage = {stage.id: [0] for stage in self.board.stages} | {
            stage: list(accumulate(steps)) for stage, steps in self._bands.items()
        }
        places = ((day, (day - self.first).days) for day in wanted)
        return {day: {stage: (row[n] if n < len(row) else 0) for stage, row in by_stage.items()} for day, n in places}

    def dwell(self, now: datetime) -> Mapping[str, timedelta]:
        """Time all cards together spent in each open stage."""
        return self._dwelling.total(now)

    def slowest(self, now: datetime) -> Slowest | None:
        """The stage where the time went; see `kpis.board_slowest`."""
        return self._dwelling.slowest(self._places, now)

    def touched(self, stage: str) -> int:
        """Cards that were in a stage at some time of the period."""
        return self._touched[stage]

    def _part(self, way: Passage, doc: Doc | None, now: datetime) -> _Part:
        promise = on_time([way], self.first, self.today, day_start(self.today, self._zone), self._zone)
        done = way.done if way.done is not None and self._since <= way.done < self._until else None
        over = min(way.done or self._until, way.left or self._until)
        began, ended = (bisect_left(self._over, at) for at in (way.started or over, over))
        part = _Part(
            promised=bool(promise.eligible),
            kept=bool(promise.kept),
            days_at_work=max(0, ended - began),
            at_work=in_progress(way, now),
            way=way if way.started and not way.done and not way.left else None,
            left=way.done is None and way.left is None,
            bands=tuple(self._stood(way)),
            touched=frozenset(
                stage
                for stage, entered, left in visits(way.track, self._until)
                if entered < self._until and left > self._since
            ),
            stays=self._dwelling.stays(way, now),
        )
        return part if done is None else self._finished(part, way, doc, done)

    def _finished(self, part: _Part, way: Passage, doc: Doc | None, done: datetime) -> _Part:
        cycle = None if way.cycle is None else hours(way.cycle)
        day = local_day(done, self._zone)
        drawn = None if doc is None or cycle is None else self._element(doc, day, cycle)
        return replace(
            part,
            lead=None if way.lead is None else hours(way.lead),
            cycle=cycle,
            point=Point((ticks(done), way.track.card), day, drawn),
            worked=efficiency([way], self._category),
            began=way.started is not None and way.started >= self._since,
        )

    def _element(self, doc: Doc, day: date, cycle: float) -> Element:
        label, query = f"{doc['ref']} {doc['title']}", on(self.board, f"ref:{doc['ref']}")
        return Element(label=label, value=days(cycle), at=day, cards=1, query=query)

    def _stood(self, way: Passage) -> Iterator[tuple[str, int, int]]:
        for stage, entered, left in visits(way.track, self._ends[-1]):
            first, after = bisect_right(self._ends, entered), bisect_right(self._ends, left)
            if first < after:
                yield stage, first, after

    def _take(self, card: int, part: _Part, sign: int) -> None:
        if part.promised:
            self.kept += sign * part.kept
            _keep(self.promised, card, part.kept, sign)
        self._days_at_work += sign * part.days_at_work
        self.at_work += sign * part.at_work
        self.left += sign * part.left
        for stage, first, after in part.bands:
            row = self._bands.get(stage) or self._bands.setdefault(stage, [0] * (len(self._days) + 1))
            row[first] += sign
            row[after] -= sign
        for stage in part.touched:
            self._touched[stage] += sign
        if part.way is not None:
            _keep(self.under_way, card, part.way, sign)
        if part.point is not None:
            self._take_done(card, part, part.point, sign)
        self._dwelling.take(part.stays, sign)

    def _take_done(self, card: int, part: _Part, point: Point, sign: int) -> None:
        self.done[(point.day - self.first).days] += sign
        _keep(self._points, card, point, sign)
        self._order.take(point.place, sign)
        self._drawn = None
        for values, value in ((self.leads, part.lead), (self.cycles, part.cycle)):
            if value is not None:
                values.take(value, sign)
        old, more = self.worked, part.worked
        self.worked = Efficiency(
            old.worked + sign * more.worked, old.cycle + sign * more.cycle, old.lead + sign * more.lead
        )
        if part.began:
            self.inside += sign
            self.inside_cycle += sign * more.cycle


def _keep(held: dict[int, T], card: int, value: T, sign: int) -> None:
    if sign > 0:
        held[card] = value
    else:
        del held[card]


class Lately(Struct, frozen=True, kw_only=True):
    """A page's source, and the cards it is about."""

    source: Source
    board: Board
    cards: Period
