"""What a console has to show, made from the files alone: a second desk, on a workspace opened anew, looks at them.

The screen under test keeps views, counts and figures up to date change by change; nothing of that is used here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opstui.projections.board import BoardView
from opstui.projections.pane_groups import group_order, in_order
from opstui.ui.desk import Desk
from opstui.ui.numbers import Figures, Numbers
from opstui.ui.screens.board import BoardScreen
from opstui.ui.screens.my_work import MyWork
from opstui.ui.session import Session
from opstui.workspace import open_workspace

Facts = dict[str, Any]


def facts(view: BoardView) -> Facts:
    """All that a board says, to be compared."""
    lanes = {
        lane.stage.id: (tuple(lane.ids), lane.total, lane.sums, lane.filtered, lane.sort, lane.breaks, lane.average)
        for lane in view.lanes
    }
    return {"board": view.board.id, "bands": view.bands, **lanes}


@contextmanager
def opened_anew(screen: BoardScreen) -> Iterator[Desk]:
    """A desk that stands where the screen's stands and has kept nothing."""
    live = screen.desk
    workspace = open_workspace(live.workspace.path, lambda: live.now)
    session = Session(workspace, live.session.actor)
    session.kept = live.session.kept
    desk = Desk(session)
    desk.board = live.board
    try:
        desk.narrow(live.query)
        if desk.search is not None:
            desk.search.begin(lambda: False)
        yield desk
    finally:
        session.close()
        workspace.close()


def lies(screen: BoardScreen) -> Facts:
    """What the screen says of the state that is not so: name -> (told, true)."""
    live = screen.desk
    assert screen.board.view is not None
    with opened_anew(screen) as desk:
        told, true = facts(screen.board.view), facts(desk.view())
        told["tabs"], true["tabs"] = list(screen.header._tabs), desk.counts()
        shown = [card for lane in screen.board.view.lanes for card in lane.ids]
        told["faces"], true["faces"] = ([d.face(card) for card in shown] for d in (live, desk))
        told["card"], true["card"] = screen.card_view._view, desk.detail(screen.card_view.card)
        top = screen.app.screen
        if isinstance(top, MyWork) and not top._seeking.busy:
            mine = MyWork(desk)
            mine.whose = top.whose
            told["work"], true["work"] = top._piles(), _piles(mine)
    return {name: (told.get(name), true.get(name)) for name in told | true if told.get(name) != true.get(name)}


def _piles(mine: MyWork) -> object:
    from opstui.projections.my_work import Work

    mine._work = Work(mine._desk.workspace.state, mine._desk.workspace.settings.boards, mine.whose)
    mine._work.begin(lambda: False)
    return mine._piles()


async def wrong_numbers(screen: BoardScreen) -> str:
    """What is wrong with the numbers beside the board: old ones that nobody is about to mend, or false new ones."""
    with opened_anew(screen) as desk:
        found = Numbers(desk.workspace, lambda _work: None, lambda _figures: None)._compute()
    role = screen.session.actor.role
    order = group_order(role, screen.session.kept.now.groups)
    true = Figures(in_order(found.tiles, role, order), found.flow, found.campaigns)
    numbers = screen.numbers
    if _figures(screen) != true and not (numbers._busy or numbers._timer):
        return f"old, and nobody computes them: {_figures(screen)} for {true}"
    await _at_rest(numbers)
    numbers.close()
    numbers._start()
    await _at_rest(numbers)
    return "" if _figures(screen) == true else f"false: {_figures(screen)} for {true}"


async def _at_rest(numbers: Numbers) -> None:
    while numbers._busy:  # noqa: ASYNC110 - a thread of the console's own
        await asyncio.sleep(0.002)


def _figures(screen: BoardScreen) -> Figures:
    pane = screen.pane
    return Figures(tuple(pane.shown.tiles), pane.shown.flow, tuple(pane.shown.campaigns))
