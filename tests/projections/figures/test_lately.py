"""What a page's cards add up to, kept as things change, is what the formulas say of all passages at that moment."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opstui.domain.commands import Command, Undo
from opstui.domain.model import Refused
from opstui.metrics.bottleneck import total_dwell
from opstui.metrics.flow import (
    cumulative_flow,
    cycle_hours,
    done_within,
    efficiency,
    in_progress,
    lead_hours,
    throughput,
    wip_age,
    wip_at,
)
from opstui.metrics.ontime import on_time
from opstui.metrics.track import Passage, day_end, visits
from opstui.projections.figures.lately import Period
from opstui.projections.figures.source import Source
from opstui.projections.flow import Flows, categories
from opstui.projections.kpis import board_slowest
from projections.months import Months
from projections.test_flowing import ASKED, HOURS, NARROW


def touched(ways: list[Passage], source: Source) -> dict[str, int]:
    counts: dict[str, int] = {}
    for way in ways:
        for stage in {s for s, a, b in visits(way.track, source.until) if a < source.until and b > source.since}:
            counts[stage] = counts.get(stage, 0) + 1
    return counts


def check(months: Months, length: int) -> None:
    workspace, board = months.workspace, months.workspace.settings.boards[0]
    source = workspace.histories.source(as_of=months.at, days=length, board=board)
    kept, zone, category = source.cards(board.id), source.settings.zone, categories(board)
    every = Flows(workspace.settings.boards).fold(workspace.history()).passages(board.id)
    done = done_within(every, source.since, source.until)
    first, after = source.period
    ends = [day_end(first + timedelta(days=n), zone) for n in range(length - 1)]
    promises = on_time(every, first, after, months.at, zone)
    inside = [way for way in done if way.started and way.started >= source.since]
    assert kept.leads.values == sorted(lead_hours(done))
    assert kept.cycles.values == sorted(cycle_hours(done))
    assert kept.done == list(throughput(done, first, after, zone).values())
    assert (kept.n_done, kept.done_within(first, source.today)) == (len(done), len(done))
    in_order = sorted(done, key=lambda way: (way.done, way.track.card))
    docs = [workspace.card(way.track.card) for way in in_order]
    assert [point.label for point in kept.points()] == [f"{doc.ref} {doc.title}" for doc in docs]
    assert kept.worked == efficiency(done, category)
    assert (kept.inside, kept.inside_cycle) == (
        len(inside),
        sum((way.cycle for way in inside if way.cycle), timedelta()),
    )
    assert {card for card, on in kept.promised.items() if on} == set(promises.kept)
    assert (set(kept.promised), kept.kept) == (set(promises.eligible), len(promises.kept))
    assert kept.at_work == sum(in_progress(way, months.at) for way in every)
    assert kept.average_wip == sum(wip_at(every, end) for end in ends) / len(ends)
    assert kept.left == sum(way.done is None and way.left is None for way in every)
    assert kept.under_way.keys() == {way.track.card for way in every if wip_age(way, months.at) is not None}
    assert kept.dwell(months.at) == total_dwell(every, category, source.since, months.at)
    assert kept.slowest(months.at) == board_slowest(board, every, source.since, months.at)
    open_stages = [stage.id for stage in board.stages if stage.category in ("queue", "active")]
    assert [kept.touched(stage) for stage in open_stages] == [touched(every, source).get(s, 0) for s in open_stages]
    expected = cumulative_flow(every, open_stages, first, after, zone)
    bands = kept.bands(expected)
    assert {day: [band[stage] for stage in open_stages] for day, band in bands.items()} == {
        day: [band[stage] for stage in open_stages] for day, band in expected.items()
    }


@given(st.lists(st.tuples(st.lists(ASKED, max_size=4), HOURS, st.integers(0, 9)), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_it_follows_whatever_is_done_and_undone(steps: list[tuple[list[Command], int, int]]) -> None:
    months = Months(1, NARROW)
    for commands, hours, back in steps:
        months.at += timedelta(hours=hours)
        for command in commands:
            with suppress(Refused):
                months.do(command)
        with suppress(Refused):
            if back > 6:
                months.do(Undo(batch=max(1, months.workspace.store.seq - back + 7)))
        check(months, 30)


@pytest.mark.parametrize("seed", range(6))
def test_periods_of_any_length_follow_months_of_a_shop(seed: int) -> None:
    months = Months(seed, NARROW)
    for requests in (0, 40, 1, 3, 0, 60, 1):
        months.go_on(requests)
        for length in (30, 90, 30):
            check(months, length)


def test_only_what_changed_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    months = Months(5)
    months.go_on(60)
    check(months, 30)
    looked, put = list[int](), Period.put

    def noted(self: Period, card: int, *rest: object) -> None:
        looked.append(card)
        put(self, card, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Period, "put", noted)
    card = months.card(title="one more")
    months.at += timedelta(minutes=1)
    check(months, 30)
    assert looked == [card]
