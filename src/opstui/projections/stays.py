"""One card's way over its board as a post-mortem tells it: every stay, and what each stage took against its promise."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.metrics.track import Track, visits
from opstui.projections.evidence import Fact
from opstui.projections.flow import Flows

_HALF, _LONG = 0.5, timedelta(days=1)


class Stay(Struct, frozen=True):
    """One stay in a stage; `left` is None while the card is there."""

    stage: str
    entered: datetime
    left: datetime | None


class StageTime(Struct, frozen=True, kw_only=True):
    """All stays in one stage together. `returned` counts the entries after the first."""

    stage: str
    name: str
    entered: datetime
    left: datetime | None
    elapsed: timedelta
    expected: timedelta | None
    returned: int

    @property
    def over(self) -> timedelta | None:
        """Time beyond what the SOP promises; None when it promises nothing or was kept."""
        late = self.elapsed - self.expected if self.expected is not None else timedelta()
        return late if late > timedelta() else None


def track_of(facts: Sequence[Fact], boards: Sequence[Board]) -> Track | None:
    """The track of the card these facts are about, undo and redo taken into account."""
    if not facts:
        return None
    in_order = sorted(facts, key=lambda f: f.batch)
    batches = (
        Batch(n=n, at=in_order[0].written, by="", via="", events=tuple(f.event for f in of_one))
        for n, of_one in groupby(in_order, key=lambda f: f.batch)
    )
    return Flows(boards).fold(batches).track(facts[0].event.id)


def stays(track: Track | None, as_of: datetime) -> tuple[Stay, ...]:
    """The stays of a track in order of time; the last is open unless the card was put away."""
    if track is None:
        return ()
    found = [Stay(*visit) for visit in visits(track, as_of)]
    last = found[-1]
    return (*found[:-1], last if track.archived else Stay(last.stage, last.entered, None))


def stage_times(path: Sequence[Stay], board: Board, as_of: datetime) -> tuple[StageTime, ...]:
    """What each stage took, in the order they were first entered; the open stay counts to `as_of`."""
    by_stage: dict[str, list[Stay]] = {}
    for stay in path:
        by_stage.setdefault(stay.stage, []).append(stay)
    return tuple(_stage_time(stage, found, board, as_of) for stage, found in by_stage.items())


def _stage_time(stage_id: str, found: list[Stay], board: Board, as_of: datetime) -> StageTime:
    stage = board.stage(stage_id)
    promised = stage.expected_hours if stage else None
    return StageTime(
        stage=stage_id,
        name=stage.name if stage else stage_id,
        entered=found[0].entered,
        left=found[-1].left,
        elapsed=sum((max((s.left or as_of) - s.entered, timedelta()) for s in found), timedelta()),
        expected=None if promised is None else timedelta(hours=promised),
        returned=len(found) - 1,
    )


def slowest(times: Sequence[StageTime], board: Board, left_out: Container[str] = ()) -> tuple[StageTime, float] | None:
    """The stage that took longest, with its share of the time in all open stages; ties go to the one entered first.

    Stages that end the work are no candidates, and neither are those `left_out`: they last as long as the plan says.
    """
    open_times = [t for t in times if board.category(t.stage) in ("queue", "active")]
    total = sum((t.elapsed for t in open_times), timedelta())
    candidates = [t for t in open_times if t.stage not in left_out and t.elapsed]
    if not candidates:
        return None
    worst = max(candidates, key=lambda t: t.elapsed)
    return worst, worst.elapsed / total


def held_up(times: Sequence[StageTime], board: Board, left_out: Container[str] = ()) -> str:
    """The slowest stage, if it took longer than its SOP promises; without a promise, a day and half of all the time."""
    found = slowest(times, board, left_out)
    if found is None:
        return ""
    time, share = found
    if time.expected is not None:
        return time.stage if time.over else ""
    return time.stage if share >= _HALF and time.elapsed >= _LONG else ""
