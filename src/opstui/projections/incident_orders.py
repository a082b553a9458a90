"""What an incident did to orders: how many of how many, what they were worth, how late they were, and where they lay.

The orders are the card itself and those linked with it. Promises are read as the on-time figures read them: a due day
that was moved when it was about to be missed does not hide that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from opstui.domain.model import Card, Doc, add_up, card_from, utc
from opstui.holidays_of import opening
from opstui.metrics.ontime import promised as promised_day
from opstui.metrics.percentiles import median
from opstui.metrics.sla import Clock, read
from opstui.metrics.track import Track, day_end, local_day, visits
from opstui.projections.incident import IncidentFacts, common
from opstui.projections.incident_board import customers, open_within, over
from opstui.projections.incident_case import Case, Stood
from opstui.timetable import promised


class Affected(Struct, frozen=True, kw_only=True):
    """An order that was hit. `promised` is its day, `late` how long after that day it was done, or is open still.

    One that was cancelled or put away before its day had ended was `freed` of its promise.
    """

    card: Card
    done: datetime | None
    promised: date | None
    late: timedelta | None
    freed: bool = False


class Breach(Struct, frozen=True):
    """A promise of opstui.toml that an order broke: in a stage, or (stage "") as a whole. Minutes, open or elapsed."""

    ref: str
    stage: str
    used: float
    target: float


class Impact(Struct, frozen=True, kw_only=True):
    """What it did, each with what it is a part of: all orders that were open while it lasted.

    Money is by currency, in minor units. `breaches` is None where nothing is promised.
    """

    open_orders: int
    customers: int
    unnamed: int
    open_customers: int
    value: dict[str, int]
    open_value: dict[str, int]
    refunded: dict[str, int]
    refunds: int
    breaches: tuple[Breach, ...] | None
    promises: int
    """Clocks that ran, kept ones among them."""
    complaints: int
    complaining: int
    before_detection: int | None
    """Complaints that had come in before it was detected; None where no mark says when that was."""


class Wait(Struct, frozen=True, kw_only=True):
    """How long orders lay in a stage: usually, and in this incident; and how many lay there at most."""

    stage: str
    name: str
    typical: timedelta | None
    here: timedelta
    peak: int
    wip: int | None

    @property
    def times(self) -> float | None:
        """How many times longer than usual."""
        return self.here / self.typical if self.typical else None


class OrderFacts(IncidentFacts, frozen=True, kw_only=True):
    """The facts of an order incident. `usual` orders were done in the days before it: what is typical comes from them.

    `usual_since` is the first of those days.
    """

    currency: str
    orders: tuple[Affected, ...]
    impact: Impact
    waits: tuple[Wait, ...]
    usual: int
    usual_since: date

    @property
    def late_orders(self) -> tuple[Affected, ...]:
        """Those that were late, the longest delay first."""
        late = [order for order in self.orders if order.late]
        return tuple(sorted(late, key=lambda order: (-(order.late or timedelta()), order.card.id)))

    @property
    def with_promise(self) -> int:
        """Orders whose promise stood."""
        return sum(order.promised is not None and not order.freed for order in self.orders)


def order_facts(case: Case) -> OrderFacts:
    """The facts of an incident on an order's card."""
    found = case.ways()
    start, start_marked = case.since(min((track.created for _one, track in found), default=case.as_of))
    ends = [over(track, case.board) for _one, track in found]
    last = max((end for end in ends if end), default=None) if all(ends) else None
    end = case.until(start, last)
    hit = {track.card for _one, track in found}
    usual = [
        way
        for way in case.source.passages(case.board.id)
        if way.done and case.source.since <= way.done < start and way.track.card not in hit
    ]
    return OrderFacts(
        **common(case, start=start, start_marked=start_marked, end=end),  # type: ignore[arg-type]
        currency=str(case.evidence.card.get("currency") or case.settings.currency),
        orders=tuple(_affected(case, one, track) for one, track in found),
        impact=_impact(case, found, start, end or case.as_of),
        waits=tuple(_waits(case, [track for _one, track in found], [way.track for way in usual], start, end)),
        usual=len(usual),
        usual_since=local_day(case.source.since, case.settings.zone),
    )


def _affected(case: Case, one: Stood, track: Track) -> Affected:
    zone, gone = case.settings.zone, over(track, case.board)
    done = gone if case.board.category(track.path[-1][0]) == "done" else None
    day = promised_day(track, zone)
    late = (done or gone or case.as_of) - day_end(day, zone) if day else timedelta()
    return Affected(
        card=card_from(one.doc),
        done=done,
        promised=day,
        late=late if late > timedelta() else None,
        freed=day is not None and done is None and gone is not None and late <= timedelta(),
    )


# --------------------------------------------------------------------------------------- what it did


def _impact(case: Case, found: Sequence[tuple[Stood, Track]], start: datetime, end: datetime) -> Impact:
    docs = [one.doc for one, _track in found]
    around = {doc["id"]: doc for doc in _open_docs(case, start, end)} | {doc["id"]: doc for doc in docs}
    refunded = [doc for doc in docs if doc.get("payment") == "refunded"]
    clocks = list(_clocks(case, found))
    complaints = [one.doc for one in case.of_kind("feedback") if one.doc.get("sort") == "complaint"]
    detected = next((moment.at for moment in case.moments if moment.mark == "detected"), None)
    return Impact(
        open_orders=len(around),
        customers=len(customers(docs)),
        unnamed=sum(not customers([doc]) for doc in docs),
        open_customers=len(customers(around.values())),
        value=add_up(docs),
        open_value=add_up(around.values()),
        refunded=add_up(refunded),
        refunds=len(refunded),
        breaches=tuple(clock for clock in clocks if clock.used > clock.target) if clocks else None,
        promises=len(clocks),
        complaints=len(complaints),
        complaining=len(customers(complaints)),
        before_detection=None if detected is None else sum(utc(doc["created"]) < detected for doc in complaints),
    )


def _open_docs(case: Case, start: datetime, end: datetime) -> Iterator[Doc]:
    for track in open_within(case.tracks, case.board, start, end):
        doc = case.source.reader.get("cards", track.card)
        if doc is not None:
            yield doc


def _clocks(case: Case, found: Sequence[tuple[Stood, Track]]) -> Iterator[Breach]:
    """The promises that ran on these orders: to be settled ([sla.order.resolution]), and to leave a stage in time."""
    settings = case.settings
    promises = [
        promised(settings.sla, "order", "resolution", str(one.doc.get("priority") or "normal")) for one, _track in found
    ]
    calendar = None
    if any(promises):
        years = {local_day(track.created, settings.zone).year for _one, track in found}
        calendar = opening(settings, range(min(years), local_day(case.as_of, settings.zone).year + 2)).calendar
    for (one, track), target in zip(found, promises, strict=True):
        if target and calendar:
            clock = Clock(track.created, over(track, case.board), target)
            yield Breach(one.doc["ref"], "", read(clock, calendar, case.as_of).used, target)
        for stage, took in _dwell(track, case).items():
            known = case.board.stage(stage)
            if known and known.sla_hours:
                yield Breach(one.doc["ref"], known.name, took / timedelta(minutes=1), known.sla_hours * 60)


# --------------------------------------------------------------------------------------- where it lay


def _dwell(track: Track, case: Case) -> dict[str, timedelta]:
    """Time in each stage that does not end the work, the open stay up to `as_of`."""
    spent: dict[str, timedelta] = {}
    for stage, entered, left in visits(track, case.as_of):
        if not case.board.ends(stage):
            spent[stage] = spent.get(stage, timedelta()) + (left - entered)
    return spent


def _waits(
    case: Case, hit: Sequence[Track], usual: Sequence[Track], start: datetime, end: datetime | None
) -> Iterator[Wait]:
    here, before = _by_stage(case, hit), _by_stage(case, usual)
    every = {track.card: track for track in (*case.tracks, *hit)}
    peaks = _peaks(every.values(), start, end or case.as_of)
    order = [stage.id for stage in case.board.stages]
    for stage in sorted(here, key=lambda name: (order.index(name) if name in order else len(order), name)):
        known = case.board.stage(stage)
        yield Wait(
            stage=stage,
            name=known.name if known else stage,
            typical=_median(before.get(stage, ())),
            here=_median(here[stage]) or timedelta(),
            peak=peaks.get(stage, 0),
            wip=known.wip if known else None,
        )


def _by_stage(case: Case, tracks: Iterable[Track]) -> dict[str, list[timedelta]]:
    spent: dict[str, list[timedelta]] = {}
    for track in tracks:
        for stage, took in _dwell(track, case).items():
            spent.setdefault(stage, []).append(took)
    return spent


def _median(spans: Iterable[timedelta]) -> timedelta | None:
    seconds = median([span.total_seconds() for span in spans])
    return None if seconds is None else timedelta(seconds=seconds)


def _peaks(tracks: Iterable[Track], start: datetime, end: datetime) -> dict[str, int]:
    """Stage -> the most cards that stood in it at one time from `start` to before `end`."""
    steps: dict[str, list[tuple[datetime, int]]] = {}
    for track in tracks:
        for stage, entered, left in visits(track, end):
            low, high = max(entered, start), min(left, end)
            if low < high:
                steps.setdefault(stage, []).extend(((low, 1), (high, -1)))
    return {stage: _highest(sorted(found)) for stage, found in steps.items()}


def _highest(steps: Iterable[tuple[datetime, int]]) -> int:
    standing = highest = 0
    for _at, step in steps:
        standing += step
        highest = max(highest, standing)
    return highest
