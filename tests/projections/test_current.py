"""The last days' passages say what a fold of the whole history says, whatever happened before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opstui.domain.commands import Command, EditCard, MoveCard
from opstui.projections.current import CurrentFlows
from opstui.projections.flow import Flows
from opstui.projections.flowing import first_day
from opstui.projections.pane import flow_lines
from projections import lines_by_walking
from projections.months import Months


def lines(months: Months, current: CurrentFlows) -> tuple[object, object]:
    """The pane's lines from everything, and from what was needed."""
    state, settings, now = months.workspace.state, months.workspace.settings, months.at
    board = settings.boards[0]
    everything = Flows(settings.boards).fold(months.workspace.history()).passages(board.id)
    return (
        lines_by_walking.flow_lines(board, everything, state, settings, now),
        flow_lines(board, current.passages(), state, settings, now),
    )


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_everything_says_at_first_and_as_it_goes_on(seed: int) -> None:
    months = Months(seed)
    months.go_on(120)
    store, settings = months.workspace.store, months.workspace.settings
    first = first_day(months.at, settings.zone)
    current = CurrentFlows(settings.boards[0], first, settings.zone, store.events_of, store.redated)
    current.begin(store, store.seq)
    seq = store.seq
    everything, needed = lines(months, current)
    assert needed == everything
    for requests in (1, 3, 30):
        months.go_on(requests)
        current.follow(store.history(seq), store)
        seq = store.seq
        everything, needed = lines(months, current)
        assert needed == everything


def test_a_promise_that_the_document_does_not_show_any_more_counts() -> None:
    months = Months(1)

    def days_on(days: int, *commands: Command) -> None:
        months.at += timedelta(days=days)
        months.do(*commands)

    card = months.card(title="promised", due="2026-09-12")
    days_on(2, EditCard(card=card, values={"due": "2026-12-24"}))
    days_on(8, EditCard(card=card, values={"due": "2026-10-01"}))
    days_on(1, MoveCard(card=card, stage="closed"))
    months.at += timedelta(days=100)
    store, settings = months.workspace.store, months.workspace.settings
    first = first_day(months.at, settings.zone)
    current = CurrentFlows(settings.boards[0], first, settings.zone, store.events_of, store.redated)
    current.begin(store, store.seq)
    assert card in {passage.track.card for passage in current.passages()}
    everything, needed = lines(months, current)
    assert needed == everything
