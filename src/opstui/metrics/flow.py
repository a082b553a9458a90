"""How work flows over a board: lead and cycle time, throughput, work in progress, dwell, efficiency (spec C.1).

All of it reads passages, so no formula decides for itself when a card was started or done.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct

from opstui.metrics.track import CategoryOf, Passage, day_end, hours, local_day, visits

_NONE = timedelta()


def done_within(passages: Iterable[Passage], start: datetime, end: datetime) -> list[Passage]:
    """The passages that were completed from `start` (included) to `end` (excluded).

    Source: spec C.1, done_at.
    """
    return [p for p in passages if p.done is not None and start <= p.done < end]


def lead_hours(passages: Iterable[Passage]) -> list[float]:
    """Hours from created to done, of those that are done.

    Source: spec C.1, lead time (case flow-lead-01).
    """
    return [hours(p.lead) for p in passages if p.lead is not None]


def cycle_hours(passages: Iterable[Passage]) -> list[float]:
    """Hours from started to done, of those that are done.

    Source: spec C.1, cycle time (case flow-cycle-01).
    """
    return [hours(p.cycle) for p in passages if p.cycle is not None]


def throughput(passages: Iterable[Passage], start: date, end: date, zone: tzinfo) -> dict[date, int]:
    """Cards done on each local day from `start` to before `end`; days on which nothing was done are kept.

    Source: spec C.1, throughput (case flow-throughput-01).
    """
    counts = dict.fromkeys((start + timedelta(days=n) for n in range((end - start).days)), 0)
    for p in passages:
        if p.done is not None and (day := local_day(p.done, zone)) in counts:
            counts[day] += 1
    return counts


def wip_at(passages: Iterable[Passage], at: datetime) -> int:
    """Cards in progress at a moment. Source: spec C.1, WIP at t (case flow-wip-01)."""
    return sum(in_progress(p, at) for p in passages)


def in_progress(p: Passage, at: datetime) -> bool:
    """Whether a card was in progress at a moment: started at or before it, not yet done, not put away.

    Source: spec C.1, WIP at t.
    """
    return (
        p.started is not None
        and p.started <= at
        and (p.done is None or at < p.done)
        and (p.left is None or at < p.left)
    )


def started_within(p: Passage, start: datetime, end: datetime) -> bool:
    """Whether a card was in progress at some time from `start` to before `end`; where they are one moment, then.

    Source: spec C.1, WIP at t, for a span of time.
    """
    if start == end:
        return in_progress(p, end)
    over = min(p.done or end, p.left or end)
    return p.started is not None and p.started < end and over > start and over > p.started


def wip_age(passage: Passage, now: datetime) -> timedelta | None:
    """How long a card has been in progress; None if it has not started, is done or was put away.

    Source: spec C.1, WIP age (case flow-age-01).
    """
    if passage.started is None or passage.done or passage.left:
        return None
    return now - passage.started


def queue_age(passage: Passage, now: datetime) -> timedelta | None:
    """How long a card has waited to be started; None once it was.

    Source: spec C.1, queue age.
    """
    return None if passage.started or passage.left else now - passage.track.created


def stage_dwell(passage: Passage, now: datetime, category: CategoryOf) -> dict[str, timedelta]:
    """Time spent in each stage that is not a done one; stays in the same stage add up, the open one counts to `now`.

    Source: spec C.1 (case flow-dwell-01).
    """
    dwell: dict[str, timedelta] = {}
    for stage, entered, left in visits(passage.track, now):
        if category(stage) in ("queue", "active"):
            dwell[stage] = dwell.get(stage, _NONE) + (left - entered)
    return dwell


def overlap(track_blocks: Iterable[tuple[datetime, datetime | None]], start: datetime, end: datetime) -> timedelta:
    """How much of `start` to `end` was blocked. Blocks of one card never overlap each other.

    Source: spec C.1, blocked inside active.
    """
    total = _NONE
    for since, until in track_blocks:
        low, high = max(since, start), min(until or end, end)
        if high > low:
            total += high - low
    return total


class Efficiency(Struct, frozen=True):
    """Parts of flow efficiency: time worked (active, not blocked) and the elapsed times it is compared with."""

    worked: timedelta
    cycle: timedelta
    lead: timedelta

    @property
    def cycle_based(self) -> float | None:
        """Share of the cycle time that was work."""
        return self.worked / self.cycle if self.cycle else None

    @property
    def lead_based(self) -> float | None:
        """Share of the lead time that was work."""
        return self.worked / self.lead if self.lead else None


def efficiency(passages: Iterable[Passage], category: CategoryOf) -> Efficiency:
    """Flow efficiency of the done ones together: the ratio of sums, never the mean of ratios.

    Source: spec C.1, flow efficiency (cases flow-efficiency-01, -02).
    """
    worked = cycle = lead = _NONE
    for p in passages:
        if p.done is None or p.cycle is None or p.lead is None:
            continue
        for stage, entered, left in visits(p.track, p.done):
            if category(stage) == "active":
                worked += left - entered - overlap(p.track.blocked, entered, left)
        cycle += p.cycle
        lead += p.lead
    return Efficiency(worked, cycle, lead)


def cumulative_flow(
    passages: Iterable[Passage], stages: Sequence[str], start: date, end: date, zone: tzinfo
) -> dict[date, dict[str, int]]:
    """Cards in each stage at the end of each local day from `start` to before `end` (the flow diagram's bands).

    A card that moved back makes its band fall: that is what happened. Stages no longer on the board are kept.
    Source: spec C.1, CFD (case flow-cfd-01).
    """
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    ends = [day_end(day, zone) for day in days]
    bands = [dict.fromkeys(stages, 0) for _ in days]
    if not days:
        return {}
    for p in passages:
        for stage, entered, left in visits(p.track, ends[-1]):
            for band in bands[bisect_right(ends, entered) : bisect_right(ends, left)]:
                band[stage] = band.get(stage, 0) + 1
    return dict(zip(days, bands, strict=True))


class Little(Struct, frozen=True):
    """Average work in progress against throughput x average cycle (Little 1961); far apart means doubtful data."""

    average_wip: float
    throughput_per_day: float
    average_cycle_days: float | None

    @property
    def expected_wip(self) -> float | None:
        """What the throughput and the cycle time say the average should be."""
        return None if self.average_cycle_days is None else self.throughput_per_day * self.average_cycle_days


def little(spans: Sequence[tuple[float, float]], window: float) -> Little:
    """The check over items (started day, done day) that lie wholly inside a window of so many days.

    Source: Little (1961), A proof for the queuing formula L = lambda W; spec C.1 (case flow-little-01).
    """
    total = sum(end - start for start, end in spans)
    return Little(total / window, len(spans) / window, total / len(spans) if spans else None)
