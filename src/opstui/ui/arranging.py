"""Lanes in the order that a member wants: sorted, or cut into swimlanes; made once, kept fresh with each change.

What the member chose lies in their preferences. A board's arrangements are made at once when that takes no longer than
a picture does; a large one is made in a thread, and until it is there the lanes keep the order people gave them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from opstui.domain.boards import with_strays
from opstui.domain.model import WORTH
from opstui.projections.arrangement import Arrangement, Order
from opstui.projections.board import BoardView, LaneView, board_view, lane_view
from opstui.projections.sorting import Sort, ways_of

if TYPE_CHECKING:
    from opstui.domain.boards import Board, Stage
    from opstui.domain.model import Doc, Field
    from opstui.projections.board import Predicate
    from opstui.projections.search import Search
    from opstui.ui.preferences import Kept, Preferences
    from opstui.workspace import Workspace

AT_ONCE = 3000
"""Cards put in order while the person waits: some forty milliseconds."""
NO_FIGURE = "none"
Lane = tuple[str, str]
"""Board and stage."""


def folded_key(board: Board, field: Field) -> str:
    """Under which name the closed bands of a board cut by that field are kept."""
    return f"{board.id}/{field.name}"


class Arranging:
    """The arrangements of one session's boards."""

    def __init__(self, workspace: Workspace, kept: Kept) -> None:
        """Nothing is arranged yet. `begin` has to be called before a large board is asked for."""
        self._workspace, self._kept = workspace, kept
        self._known: dict[Lane, Arrangement] = {}
        self._missed: set[int] = set()
        """Cards that changed while a thread arranges."""
        self.busy = False
        """A thread is at it."""

    def begin(self, spawn: Callable[[Coroutine[Any, Any, None]], object], ready: Callable[[], None]) -> None:
        """`spawn` starts a coroutine; `ready` is called on the loop when what was asked for can be shown."""
        self._spawn, self._ready = spawn, ready

    # ------------------------------------------------------------------ what was chosen

    @property
    def _chosen(self) -> Preferences:
        return self._kept.now

    def sort(self, board: Board, stage: str) -> Sort | None:
        """How a lane is sorted; None: by hand."""
        sort = Sort.read(self._chosen.sorts.get(board.id, {}).get(stage, ""))
        return sort if sort and sort.way in ways_of(board.kind) else None

    def field(self, board: Board) -> Field | None:
        """By which field a board is cut into swimlanes; None: it is not."""
        name = self._chosen.swimlanes.get(board.id, "")
        if not name:
            return None
        from opstui.projections.bands import band_field  # noqa: PLC0415 - no swimlanes, no cost

        return band_field(board.kind, name)

    def figure(self, board: Board) -> str:
        """Which field's sum or average stands in the lanes' heads; `NO_FIGURE` for none."""
        return self._chosen.figures.get(board.id, "") or WORTH.get(board.kind, NO_FIGURE)

    def _order(self, board: Board, stage: str) -> Order:
        figure = self.figure(board)
        average = "" if figure in (NO_FIGURE, WORTH.get(board.kind)) else figure
        return Order(self.sort(board, stage), self.field(board), average)

    # ------------------------------------------------------------------ what is seen

    def view(self, board: Board, predicate: Predicate | Search | None, *, aside: bool = False) -> BoardView:
        """A whole board as the member wants to see it; `aside` (in a thread) with what is arranged already."""
        stages = with_strays(board, self._workspace.state.stages(board.id)).stages
        arranged = self._made(board, stages) if aside else self._of(board, stages)
        view = board_view(self._workspace.state, board, predicate, arranged)
        view = replace(view, lanes=tuple(self._dressed(board, lane, arranged) for lane in view.lanes))
        field = self.field(board)
        if field is None or not view.shown or any(lane.stage.id not in arranged for lane in view.lanes):
            return view
        from opstui.projections.swimlanes import banded  # noqa: PLC0415 - no swimlanes, no cost

        return banded(view, arranged, field, self._chosen.folded.get(folded_key(board, field), ()))

    def lane(self, board: Board, stage: Stage, predicate: Predicate | Search | None) -> LaneView:
        """One lane of a board without swimlanes."""
        arranged = self._of(board, (stage,))
        lane = lane_view(self._workspace.state, board, stage, predicate, arranged.get(stage.id))
        return self._dressed(board, lane, arranged)

    def _dressed(self, board: Board, lane: LaneView, arranged: Mapping[str, Arrangement]) -> LaneView:
        """With the figure that was asked for, and what is to come of its order."""
        if self.figure(board) != WORTH.get(board.kind):
            lane = replace(lane, sums=())
        sort = self.sort(board, lane.stage.id)
        return replace(lane, sort=sort, pending=True) if sort and lane.stage.id not in arranged else lane

    # ------------------------------------------------------------------ keeping them fresh

    def changed(self, cards: Iterable[int]) -> None:
        """These cards are not what they were."""
        cards = set(cards)
        if self.busy:
            self._missed |= cards
        if len(cards) > AT_ONCE:
            self._known.clear()
        for lane, arrangement in self._known.items():
            self._follow(lane, arrangement, cards)

    def forget(self) -> None:
        """Too much has changed to look at each card."""
        self._known.clear()

    def _follow(self, lane: Lane, arrangement: Arrangement, cards: Iterable[int]) -> None:
        for card in cards:
            doc = self._workspace.state.get("cards", card)
            arrangement.put(card, doc if doc and _stands_in(doc, lane) else None)

    def _of(self, board: Board, stages: Sequence[Stage]) -> dict[str, Arrangement]:
        """The arrangements there are for these stages, by stage; those that are missing are made or begun."""
        orders = {(board.id, stage.id): self._order(board, stage.id) for stage in stages}
        for lane, order in orders.items():
            if lane in self._known and self._known[lane].order != order:
                del self._known[lane]
        missing = {lane: order for lane, order in orders.items() if order and lane not in self._known}
        if missing and sum(len(self._workspace.state.lane(*lane)) for lane in missing) <= AT_ONCE:
            self._known |= self._make(missing)
        elif missing and not self.busy:
            self.busy = True
            self._spawn(self._begin(missing))
        return self._made(board, stages)

    def _made(self, board: Board, stages: Sequence[Stage]) -> dict[str, Arrangement]:
        """Those that are there. Only reads, for it may be in a thread while the loop makes others."""
        known = ((stage.id, self._known.get((board.id, stage.id))) for stage in stages)
        return {stage: a for stage, a in known if a is not None and a.order == self._order(board, stage)}

    def _make(self, orders: Mapping[Lane, Order]) -> dict[Lane, Arrangement]:
        state = self._workspace.state
        return {
            lane: Arrangement.of(
                order, ((card, doc) for card in state.lane(*lane) if (doc := state.get("cards", card)) is not None)
            )
            for lane, order in orders.items()
        }

    async def _begin(self, orders: Mapping[Lane, Order]) -> None:
        self._missed = set()
        try:
            made = await asyncio.get_running_loop().run_in_executor(None, self._make, orders)
        finally:
            self.busy = False
        for lane, arrangement in made.items():
            self._follow(lane, arrangement, self._missed)
        self._known |= made
        self._ready()


def _stands_in(doc: Doc, lane: Lane) -> bool:
    return (doc.get("board"), doc.get("stage")) == lane and not doc.get("archived")
