"""What `was:` finds is what the flow formulas count, for every stage and day, at first and as it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from opstui.domain.model import Refused
from opstui.formats import today_in
from opstui.metrics.flow import cumulative_flow, wip_at
from opstui.metrics.track import day_end, day_start, visits
from opstui.projections.figures.source import Source
from opstui.projections.filter import FilterContext, parse
from opstui.projections.flow import Flows
from projections.months import Months


def found(months: Months, query: str) -> int:
    """How many cards a query finds, over all boards and the archive."""
    workspace = months.workspace
    settings = workspace.settings
    context = FilterContext(
        today=today_in(months.at, settings.zone), zone=settings.zone, boards=settings.boards, was=workspace.was
    )
    keep = parse(query, context).rest
    assert keep is not None
    return sum(bool(keep(doc)) for _card, doc in workspace.state.items("cards"))


def settled_at(source: Source, stage: str, end: datetime) -> int:
    settled = source.settled("orders").get(stage)
    return settled.at(end) if settled else 0


def check(months: Months, back: int) -> None:
    settings = months.workspace.settings
    today, zone, board = today_in(months.at, settings.zone), settings.zone, settings.boards[0]
    ways = Flows(settings.boards).fold(months.workspace.history()).passages(board.id)
    stages = [stage.id for stage in board.stages]
    first = today - timedelta(days=back)
    bands = cumulative_flow(ways, stages, first, today + timedelta(days=1), zone)
    for day in (today, today - timedelta(days=1), first):
        for stage in stages:
            assert found(months, f"board:orders was:{stage}@{day}") == bands[day][stage], (day, stage)
        assert found(months, f"board:orders was:wip@{day}") == wip_at(ways, day_end(day, zone))
    since, until = day_start(first, zone), day_end(today, zone)
    for stage in ("payment", "stock"):
        there = [p for p in ways for s, a, b in visits(p.track, until) if s == stage and a < until and b > since]
        assert found(months, f"board:orders was:{stage}@{first}..{today}") == len({p.track.card for p in there})
    source = months.workspace.histories.source(as_of=months.at, days=back + 1, board=board)
    assert cumulative_flow(source.passages("orders"), stages, first, today, zone) == {
        day: {stage: n - settled_at(source, stage, day_end(day, zone)) for stage, n in band.items()}
        for day, band in bands.items()
        if day != today
    }


@pytest.mark.parametrize("seed", range(12))
def test_where_cards_stood_on_a_day(seed: int) -> None:
    months = Months(seed)
    months.go_on(100)
    check(months, 5)
    months.go_on(20)
    check(months, 5)
    check(months, 40)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("was:pakcing@2026-09-01", 'unknown stage "pakcing"'),
        ("was:new@never", 'unknown was "never"'),
        ("was:", "was: needs a value"),
        ("was:new@2026-09-03..2026-09-01", "unknown was"),
    ],
)
def test_what_cannot_be_asked_is_refused(query: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        found(Months(0), query)
