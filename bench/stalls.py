"""`python -m bench stalls`: what the others wait while one session brings db.json up to date, or starts a new segment.

Writes go on without a pause in this process while another one works; beside each stands a bare append and fdatasync on
the same disk at the same moments: what that waits too is the disk's, and no lock's.
"""

from __future__ import annotations

import time
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from bench.rows import Row, spread, timed
from bench.store_write import append, bare_file, bytes_of_a_move, move, scattered
from opstui.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from bench.plan import Plan

STALL = 50.0
"""Milliseconds nobody may wait for somebody else's upkeep."""
CALM = 150
"""Writes before each."""
WORKS = {"compact": "writes db.json", "rotate": "starts a new segment"}


def stalls(plan: Plan) -> list[Row]:
    """Durable writes while another session writes db.json, and while it starts a new segment."""
    cards = plan.stores[-1]
    workspace = plan.copy(plan.shop(cards))
    context = get_context("spawn")
    here, there = context.Pipe()
    other = context.Process(target=_other, args=(workspace, there))
    other.start()
    there.close()
    with bare_file(plan.scratch) as bare:
        store = open_store(workspace)
        size, numbers = bytes_of_a_move(store), scattered(cards)
        deeds = (lambda: move(store, next(numbers)), lambda: append(bare, size))
        rows = [row for work in here.recv() for row in _during(plan, cards, work, here, deeds)]
        store.close()
    here.send("")
    other.join()
    return rows


def _during(
    plan: Plan, cards: int, work: str, other: Connection, deeds: tuple[Callable[[], None], Callable[[], None]]
) -> Iterator[Row]:
    calm: list[list[float]] = [[], []]
    busy: list[list[float]] = [[], []]
    lasted: list[float] = []
    for _ in range(plan.rounds):
        for _turn in range(min(CALM, plan.turns)):
            _both(deeds, calm)
        other.send(work)
        _both(deeds, busy)
        while not other.poll():
            _both(deeds, busy)
        lasted.append(other.recv())
    title = f"a write while another session {WORKS[work]}, max, {cards:,} cards"
    note = f"{len(busy[0])} writes in {sum(lasted):.0f} ms, {spread(busy[0])}; calm: {spread(calm[0])}"
    yield Row(f"{title} / append + fdatasync then", max(busy[0]), max(busy[1]), "ms", note=note, limit=STALL)


def _both(deeds: tuple[Callable[[], None], Callable[[], None]], took: list[list[float]]) -> None:
    for deed, series in zip(deeds, took, strict=True):
        series.append(timed(deed))


def _other(workspace: Path, asked: Connection) -> None:
    """The session that keeps house: says what it can do, then does it when asked, and tells how long it took."""
    store: Any = open_store(workspace)
    can: dict[str, Callable[[], object]] = {"compact": store.snapshot}
    if rotate := getattr(store, "rotate", None):
        can["rotate"] = rotate
    asked.send(list(can))
    while work := asked.recv():
        store.catch_up()
        begun = time.perf_counter()
        can[work]()
        asked.send((time.perf_counter() - begun) * 1000)
    store.close()
