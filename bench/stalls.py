"""`python -m bench stalls`: what the others wait while one session brings db.json up to date, or starts a new segment.

Writes go on without a pause in this process while another one works; beside each stands a bare append and fdatasync on
the same disk at the same moments: what that waits too is the disk's, and no lock's. A new segment is what the first
batch of a new month begins.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count
from multiprocessing import get_context
from typing import TYPE_CHECKING

from bench.rows import Row, p95, spread, timed
from bench.store_write import AT, append, bare_file, bytes_of_a_move, move, scattered
from opstui.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from bench.plan import Plan
    from opstui.store import FileStore

STALL = 50.0
"""Milliseconds nobody may wait for somebody else's upkeep."""
CALM = 100
"""Writes before each."""
MONTH = timedelta(days=31)
COMPACT, ROTATE = "writes db.json", "starts a new segment"


def stalls(plan: Plan) -> list[Row]:
    """Durable writes while another session writes db.json, and while it starts a new segment."""
    cards = plan.stores[-1]
    workspace = plan.copy(plan.shop(cards))
    context = get_context("spawn")
    here, there = context.Pipe()
    other = context.Process(target=_other, args=(workspace, there))
    other.start()
    there.close()
    here.recv()
    with bare_file(plan.scratch) as bare:
        store = open_store(workspace)
        size, numbers = bytes_of_a_move(store), scattered(cards)
        deeds = (lambda: move(store, next(numbers)), lambda: append(bare, size))
        taken: list[float] = []
        rows = [
            _during(COMPACT, f"{cards:,} cards", plan.rounds, here, deeds, lambda: taken.append(timed(store.catch_up))),
            Row(f"a session goes on with the new db.json, max, {cards:,} cards", max(taken), None, "ms", limit=STALL),
        ]
        before = _segments(store)
        rotating = _during(ROTATE, f"{cards:,} cards", plan.turns // 10 + 1, here, deeds, lambda: None)
        rows += [rotating] if _segments(store) > before else []
        store.close()
    here.send("")
    other.join()
    return rows


def _segments(store: FileStore) -> int:
    return len(list(store.watch_path.iterdir()))


def _during(
    work: str,
    size: str,
    times: int,
    other: Connection,
    deeds: tuple[Callable[[], None], Callable[[], None]],
    after: Callable[[], object],
) -> Row:
    calm: list[list[float]] = [[], []]
    busy: list[list[float]] = [[], []]
    lasted: list[float] = []
    for _ in range(times):
        for _turn in range(CALM // times + 1):
            _both(deeds, calm)
        other.send(work)
        _both(deeds, busy)
        while not other.poll():
            _both(deeds, busy)
        _both(deeds, busy)
        after()
        lasted.append(other.recv())
    note = f"{len(busy[0])} writes; it takes {p95(lasted):.1f} (p95); {spread(busy[0])}; calm: {spread(calm[0])}"
    what = f"a write while another session {work}, max, {size} / append + fdatasync then"
    return Row(what, max(busy[0]), max(busy[1]), "ms", note=note, limit=STALL)


def _both(deeds: tuple[Callable[[], None], Callable[[], None]], took: list[list[float]]) -> None:
    for deed, series in zip(deeds, took, strict=True):
        series.append(timed(deed))


def _other(workspace: Path, asked: Connection) -> None:
    """The session that keeps house: says that it is there, does what it is asked for, tells how long it took."""
    store = open_store(workspace)
    asked.send(None)
    can: dict[str, Callable[[], object]] = {COMPACT: store.snapshot, ROTATE: partial(_next_month, store, count(1))}
    while work := asked.recv():
        store.catch_up()
        asked.send(timed(can[work]))
    store.close()


def _next_month(store: FileStore, months: Iterator[int]) -> None:
    number = next(months)
    at = AT + number * MONTH
    store.transact(lambda tx: tx.put("upkeep", 1, {"month": number}), at=at, by="bench", via="api")
