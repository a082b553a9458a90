"""The pane keeps the law of the pages: a number is the count of the cards that Enter opens, put away or not."""

from __future__ import annotations

import pytest

from opstui.projections.filter import FilterContext, parse
from opstui.projections.pane import FlowLines
from opstui.projections.tiles import Tile
from opstui.ui.numbers import Numbers
from projections.figures.law import found
from projections.months import Months


def shown(months: Months) -> tuple[tuple[Tile, ...], FlowLines]:
    workspace = months.workspace
    figures = Numbers(workspace, lambda _work: None, lambda _figures: None)._compute()
    assert figures.flow is not None
    return figures.tiles, figures.flow


def on_board(months: Months, board: str, query: str) -> int:
    """What a filter leaves on a board, where nothing is that was put away."""
    settings, state = months.workspace.settings, months.workspace.state
    context = FilterContext(
        today=months.at.astimezone(settings.zone).date(),
        zone=settings.zone,
        boards=settings.boards,
        board=settings.board(board),
        now=months.at,
    )
    matches = parse(query, context)
    docs = (doc for _card, doc in state.items("cards"))
    return sum(matches(doc) for doc in docs if doc["board"] == board and not doc.get("archived"))


@pytest.mark.parametrize("seed", range(12))
def test_every_number_of_the_pane_opens_the_cards_it_counted(seed: int) -> None:
    months, counted = Months(seed), 0
    for _step in range(4):
        months.go_on(40)
        tiles, flow = shown(months)
        for query, count in ((flow.done_query, flow.done), (flow.promised_query, flow.promised)):
            assert (found(months.workspace, query, months.at) if query else 0) == count, query
            counted += count
        if flow.slowest is not None:
            assert found(months.workspace, flow.slowest.touched_query, months.at) == flow.slowest.touched
            assert on_board(months, flow.slowest.board, flow.slowest.query) == flow.slowest.cards
        for tile in tiles:
            if tile.unit == "cards" and isinstance(tile.value, int):
                assert on_board(months, tile.board, tile.query) == tile.value, tile.id
    assert counted
