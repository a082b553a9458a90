"""Orders and complaints of the whole shop around a run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.world import World
from opstui.domain.commands import Undo
from opstui.metrics.track import day_end, day_start
from opstui.projections.around import Around, around
from opstui.projections.campaign import Run

RUN = Run(datetime(2026, 9, 10, tzinfo=UTC), datetime(2026, 9, 13, tzinfo=UTC), "stages")


def told(world: World, run: Run | None = RUN, as_of: int = 30) -> Any:
    return around(world.workspace.state, run, datetime(2026, 9, as_of, tzinfo=UTC))


def on(world: World, day: int, board: str, **fields: Any) -> int:
    world.at = datetime(2026, 9, day, 5, tzinfo=UTC)
    return world.card(board, **fields)


@pytest.fixture
def world() -> World:
    world = World()
    for day, orders, complaints in ((6, 1, 1), (7, 1, 0), (9, 1, 1), (10, 2, 3), (12, 2, 0), (13, 1, 1), (16, 1, 1)):
        for _n in range(orders):
            on(world, day, "orders")
        for _n in range(complaints):
            on(world, day, "feedback", sort="complaint")
        on(world, day, "feedback", sort="praise")
        on(world, day, "actions")
    return world


def test_periods_are_as_long_as_the_run(world: World) -> None:
    assert told(world) == (
        Around(orders=2, complaints=1), Around(orders=4, complaints=3), Around(orders=1, complaints=1),
    )  # fmt: skip
    assert [one.per_hundred for one in told(world)] == [50, 75, 100]


def test_what_is_not_over_ends_now(world: World) -> None:
    before, during, after = told(world, as_of=11)
    assert (before, during, after) == (
        Around(orders=1, complaints=1), Around(orders=2, complaints=3), Around(),
    )  # fmt: skip
    running = told(world, Run(RUN.start, None, "stages"), as_of=13)
    assert running[1:] == (Around(orders=4, complaints=3), Around())
    assert after.per_hundred is None


def test_nothing_before_it_begins_or_of_cards_whose_making_was_undone(world: World) -> None:
    assert told(world, None) is None
    assert told(world, as_of=9) is None
    on(world, 10, "orders")
    world.do(Undo(batch=world.workspace.store.seq))
    assert told(world)[1].orders == 4


def test_runs_at_the_ends_of_the_calendar_do_not_break() -> None:
    zone = World().workspace.settings.zone
    first = Run(day_start(date(1, 1, 1), zone), day_end(date(1, 1, 2), zone), "brief")
    assert told(World(), first) == (Around(), Around(), Around())
    last = Run(day_start(date(9999, 12, 31), zone), day_end(date(9999, 12, 31), zone), "brief")
    assert around(World().workspace.state, last, last.start) is None
    long = Run(RUN.start, last.end, "brief")
    assert around(World().workspace.state, long, last.start) is not None
