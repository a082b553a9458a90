"""Lines about flow that follow the state say what a walk over all passages says, after every change."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opstui.config import Settings
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.commands import ArchiveCard, BlockCard, Command, EditCard, MoveCard, RestoreCard, UnblockCard, Undo
from opstui.domain.model import Refused
from opstui.projections.flow import Flows
from opstui.projections.flowing import Flowing
from projections import lines_by_walking
from projections.months import CARDS, Months

BOARD, *_OTHERS = DEFAULT_BOARDS
TIGHT = tuple(
    replace(stage, wip=3, expected_hours=5.0) if stage.category == "active" else stage for stage in BOARD.stages
)
NARROW = Settings(boards=(replace(BOARD, stages=TIGHT), *_OTHERS))
"""Stages with a limit and a time in which they should be left: every sign of a bottleneck can be seen."""
CARD = st.integers(1, CARDS)
DAYS = st.sampled_from(("2026-09-01", "2026-09-08", "2026-09-12", "2026-12-24"))
ASKED: st.SearchStrategy[Command] = st.one_of(
    st.builds(MoveCard, card=CARD, stage=st.sampled_from(("new", "payment", "stock", "closed", "cancelled"))),
    st.builds(MoveCard, card=CARD, stage=st.sampled_from(("payment", "stock"))),
    st.builds(EditCard, card=CARD, values=st.fixed_dictionaries({"due": st.none() | DAYS})),
    st.builds(ArchiveCard, card=CARD),
    st.builds(RestoreCard, card=CARD),
    st.builds(BlockCard, card=CARD, reason=st.just("rain")),
    st.builds(UnblockCard, card=CARD),
)
HOURS = st.sampled_from((-30, -1, 0, 0, 1, 9, 30, 200))


def check(months: Months) -> None:
    workspace = months.workspace
    board = workspace.settings.boards[0]
    ways = Flows(workspace.settings.boards).fold(workspace.history()).passages(board.id)
    expected = lines_by_walking.flow_lines(board, ways, workspace.state, workspace.settings, months.at)
    assert workspace.histories.flow_lines(board, months.at) == expected


@given(st.lists(st.tuples(st.lists(ASKED, max_size=4), HOURS, st.integers(0, 9)), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
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
        check(months)


@pytest.mark.parametrize("seed", range(8))
def test_it_follows_months_of_a_shop_asked_now_and_then(seed: int) -> None:
    months = Months(seed, NARROW)
    for requests in (0, 40, 1, 1, 3, 0, 60, 1):
        months.go_on(requests)
        check(months)
        months.workspace.histories.source(as_of=months.at, days=90).passages("orders")


def test_time_goes_on_without_a_change() -> None:
    months = Months(3, NARROW)
    months.go_on(80)
    for minutes in (0, 1, 600, 600, 600, 3000, 40_000):
        months.at += timedelta(minutes=minutes)
        check(months)


def test_what_is_dated_ahead_has_not_been_yet() -> None:
    months = Months(4, NARROW)
    months.go_on(60)
    months.at -= timedelta(hours=50)
    for _hour in range(60):
        check(months)
        months.at += timedelta(hours=1)


def test_only_what_changed_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    months = Months(5)
    months.go_on(60)
    check(months)
    board, looked, put = months.workspace.settings.boards[0], list[int](), Flowing.put

    def noted(self: Flowing, card: int, *rest: Any) -> None:
        looked.append(card)
        put(self, card, *rest)

    monkeypatch.setattr(Flowing, "put", noted)
    card = months.card(title="one more")
    months.at += timedelta(minutes=1)
    months.workspace.histories.flow_lines(board, months.at)
    assert looked == [card]
    months.workspace.histories.flow_lines(board, months.at)
    assert looked == [card]
