"""The numbers over a long history: the first time, after a change, and what a key waits meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench.rows import Row, p95, timed
from opstui.domain.commands import AddComment
from opstui.domain.model import Actor
from opstui.projections.figures.flow_page import page
from opstui.projections.tally import Tallied
from opstui.projections.tiles import told
from opstui.ui.numbers import Numbers
from opstui.ui.readers import READERS
from opstui.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from bench.plan import Plan

WARM = 50.0
"""Milliseconds that the numbers may take once the history was read, with a million events too."""
ADDED = 5.0
"""Milliseconds that the numbers may add to a key."""
TICK = 0.001
ME = Actor("rina", "owner")


def figures(plan: Plan) -> list[Row]:
    """The pane's numbers and the page about flow over 10,000 to 1,000,000 events, and what a key waits for them."""
    shops = [(True, "events"), (False, "events, nothing ever done")]
    return [
        row
        for over, what in shops
        for cards in plan.stores
        for row in _at(plan, cards, f"{cards * plan.events:,} {what}", over=over)
    ]


def _at(plan: Plan, cards: int, what: str, *, over: bool) -> Iterator[Row]:
    folder = plan.copy(plan.archive(cards, cards * plan.events, over=over))
    workspace = _at_the_end(folder)
    yield Row(
        f"numbers of the pane, {what}: first ever", timed(_pane(workspace)), None, "ms", note="history is indexed"
    )
    workspace.close()
    workspace = _at_the_end(folder)
    pane, board = _pane(workspace), workspace.settings.boards[0]

    def tiles() -> None:
        told(Tallied(workspace.store, workspace.settings).at(workspace.now()), workspace.state, workspace.settings)

    def flow() -> None:
        page(workspace.histories.source(as_of=workspace.now(), days=30, board=board))

    yield Row(f"tiles of the pane, {what}: first", timed(tiles), None, "ms")
    yield from _both(f"numbers of the pane, {what}", pane, workspace, plan.runs)
    yield from _both(f"page about {board.name.lower()}, {what}", flow, workspace, plan.runs)
    workspace.close()
    workspace = _at_the_end(folder)
    waits = _waits(_pane(workspace))
    note = f"largest {max(waits):.1f}"
    yield Row(f"a key while they are computed, {what}, p95", p95(waits), None, "ms", limit=ADDED, note=note)
    workspace.close()


def _pane(workspace: Workspace) -> Callable[[], object]:
    """The work of the pane's thread."""
    return Numbers(workspace, _nothing, _nothing)._compute  # noqa: SLF001 - it is nobody else's


def _nothing(*_args: object) -> None:
    """Nobody waits for it."""


def _at_the_end(folder: Path) -> Workspace:
    """The workspace just after its last change."""
    last: list[datetime] = []
    workspace = open_workspace(folder, lambda: last[0])
    last.append(next(iter(workspace.history(workspace.store.seq - 1))).at)
    return workspace


def _both(what: str, work: Callable[[], object], workspace: Workspace, runs: int) -> list[Row]:
    """The first time, and after each of some changes."""
    first, warm = timed(work), []
    for n in range(max(2, runs)):
        workspace.submit(ME, AddComment(card=1, text=f"again {n}"))
        warm.append(timed(work))
    middle = sorted(warm)[len(warm) // 2]
    return [
        Row(f"{what}: first", first, None, "ms"),
        Row(f"{what}: after a change", middle, None, "ms", limit=WARM, note=f"largest {max(warm):.0f}"),
    ]


def _waits(work: Callable[[], object]) -> list[float]:
    """How much later than asked the main thread goes on while the work is done in another, in ms."""
    reading = READERS.submit(work)
    waits = []
    while not reading.done():
        begun = time.perf_counter()
        time.sleep(TICK)
        waits.append((time.perf_counter() - begun - TICK) * 1000)
    reading.result()
    return waits or [0.0]
