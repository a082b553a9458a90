"""A filter on a large board: until the first cards are known, and until all counts are settled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.rows import Row, in_turns, timed
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.projections.board import board_view
from opstui.projections.filter import FilterContext, parse
from opstui.projections.search import Search
from opstui.ui.seeking import FIRST, STEP, until
from opstui.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.plan import Plan

QUERIES = ("sari", "owner:rina", "is:late", "total:>500000")
FIRST_BUDGET, SETTLED_BUDGET = 40.0, 150.0


def searching(plan: Plan) -> list[Row]:
    """A filter until the first cards are known, and until everything is counted, as the console does it."""
    rows = []
    for cards in plan.cards:
        workspace = open_workspace(plan.shop(cards), lambda: datetime.now(UTC))
        for query in QUERIES:
            first, settled = in_turns(plan.runs, *_measures(workspace, query))
            what = f"{query}, {cards:,} cards"
            rows.append(Row(f"first cards of {what}", first, None, "ms", limit=FIRST_BUDGET))
            rows.append(Row(f"all counts of {what}", settled, None, "ms", limit=SETTLED_BUDGET))
        workspace.close()
    return rows


def _measures(workspace: Workspace, query: str) -> tuple[Callable[[], float], Callable[[], float]]:
    board, state = DEFAULT_BOARDS[0], workspace.state
    zone = workspace.settings.zone
    here = FilterContext(today=workspace.now().astimezone(zone).date(), zone=zone, me="rina", boards=DEFAULT_BOARDS)

    def begun() -> Search:
        search = Search(state, parse(query, here), [lane.ids for lane in board_view(state, board).lanes])
        search.begin(until(FIRST))
        return search

    def settled() -> None:
        search = begun()
        if search.words:
            search.narrow(workspace.store.search(search.words))
        elif not search.settled:
            search.scan()
        while not search.settled:
            search.go_on(until(STEP))
        board_view(state, board, search)

    return lambda: timed(begun), lambda: timed(settled)
