"""`python -m bench write`: a durable move of one card, beside a bare append, SQLite, and TinyDB as it ships.

The yardstick is `write` and `fdatasync` of as many bytes. All sizes and all programs take turns, so that a slow minute
of the disk is everybody's. TinyDB's JSONStorage is not even durable in that way (it rewrites the live file) and keeps
no history; it is shown for its growth, a few turns of it, because at 100,000 cards one takes more than a second.
"""

from __future__ import annotations

import os
import statistics
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from tinydb import TinyDB

from bench.ledger import Ledger
from bench.rows import Row, spread, timed
from bench.shop import LANES
from opstui.domain.events import Event
from opstui.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tinydb.table import Table

    from bench.plan import Plan
    from opstui.domain.model import Doc
    from opstui.store import FileStore
    from opstui.store.transaction import Transaction

STAGES = tuple(LANES)
AT = datetime(2027, 9, 1, 1, 0, tzinfo=UTC)
STRIDE = 7919
"""A prime: the cards that are moved lie far apart."""
FLAT = 1.25
Measures = dict[tuple[str, int], "Callable[[], object]"]
"""Who, and with how many cards -> one durable write."""


def durable_write(plan: Plan) -> list[Row]:
    """A durable move of one card, at every size, beside a bare append, SQLite and TinyDB as it ships."""
    with ExitStack() as opened:
        fast, slow, size = _measures(plan, opened)
        took = _in_turns(plan, fast, slow)
    return [*_rows(plan, took, size), _flatness(plan, took)]


def _measures(plan: Plan, opened: ExitStack) -> tuple[Measures, Measures, int]:
    """What takes turns every time, what does so seldom, and the bytes of a move."""
    bare = opened.enter_context(bare_file(plan.scratch))
    fast: Measures = {}
    slow: Measures = {}
    size = 0
    for cards in plan.stores:
        workspace, numbers = plan.copy(plan.shop(cards)), scattered(cards)
        store = opened.enter_context(closing(open_store(workspace)))
        docs = dict(store.items("cards"))
        size = size or bytes_of_a_move(store)
        fast["ours", cards] = partial(_move_next, store, numbers)
        fast["sqlite", cards] = partial(_move_in, _ledger(workspace, docs, opened), numbers, size)
        slow["tinydb", cards] = partial(_update, _tinydb(workspace, docs, opened), numbers)
    return {("bare", 0): partial(append, bare, size), **fast}, slow, size


def _ledger(workspace: Path, docs: Mapping[int, Doc], opened: ExitStack) -> Ledger:
    ledger = opened.enter_context(closing(Ledger(workspace / "ledger.db")))
    ledger.fill(docs.values())
    return ledger


def _tinydb(workspace: Path, docs: Mapping[int, Doc], opened: ExitStack) -> Table:
    table: Table = opened.enter_context(TinyDB(workspace / "tiny.json")).table("cards")
    table.insert_multiple(docs.values())
    return table


def _in_turns(plan: Plan, fast: Measures, slow: Measures) -> dict[tuple[str, int], list[float]]:
    took: dict[tuple[str, int], list[float]] = {who: [] for who in (*fast, *slow)}
    for deed in fast.values():
        deed()
    for part in range(plan.rounds):
        for _ in range(plan.turns // plan.rounds):
            for who, deed in fast.items():
                took[who].append(timed(deed))
        for who, deed in slow.items():
            took[who] += [timed(deed) for _ in range(1 if who[1] > plan.stores[0] else 1 + part)]
    return took


def _rows(plan: Plan, took: dict[tuple[str, int], list[float]], size: int) -> Iterator[Row]:
    (bare,) = (took[who] for who in took if who[0] == "bare")
    floor = statistics.median(bare)
    names = {"ours": "durable write", "sqlite": "SQLite WAL FULL: a move", "tinydb": "TinyDB as it ships: one update"}
    for who, name in names.items():
        for cards in plan.stores:
            series = took[who, cards]
            yield Row(
                f"{name}, {cards:,} cards / append + fdatasync",
                statistics.median(series),
                floor,
                "ms",
                2.0 if who == "ours" else None,
                f"{spread(series)}; {size} bytes" if who != "tinydb" else f"{len(series)} turns",
            )


def _flatness(plan: Plan, took: dict[tuple[str, int], list[float]]) -> Row:
    small, large = plan.stores[0], plan.stores[-1]
    late, soon = (statistics.median(took["ours", cards]) for cards in (large, small))
    return Row(f"durable write, {large:,} cards / {small:,} cards", late, soon, "ms", FLAT)


def scattered(cards: int) -> Iterator[int]:
    """Cards that lie far apart, for ever."""
    return (1 + turn * STRIDE % cards for turn in count())


def bytes_of_a_move(store: FileStore) -> int:
    """What the journal writes for one; makes one."""
    before = _size(store.watch_path)
    move(store, 1)
    return _size(store.watch_path) - before


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


_times = count()


def move(store: FileStore, number: int) -> None:
    """A card to the end of the next stage, durable when this returns."""

    def change(tx: Transaction) -> None:
        doc = tx.get("cards", number)
        assert doc is not None
        stage = STAGES[(STAGES.index(doc["stage"]) + 1) % len(STAGES)]
        lane = tx.lane("orders", stage)
        rank = (tx.get("cards", lane[-1]) or doc)["rank"] + 1.0 if len(lane) else 1.0
        entered = f"2027-09-01T01:{next(_times) // 60 % 60:02}:00Z"
        changed = {"stage": (doc["stage"], stage), "rank": (doc["rank"], rank), "entered": (doc["entered"], entered)}
        tx.put("cards", number, {**doc, **{f: v[1] for f, v in changed.items()}, "version": doc["version"] + 1})
        tx.event(Event(kind="moved", table="cards", id=number, at=AT, by="bench", via="cli", changed=changed))

    store.transact(change, at=AT, by="bench", via="cli")


def _move_next(store: FileStore, numbers: Iterator[int]) -> None:
    move(store, next(numbers))


def _update(table: Table, numbers: Iterator[int]) -> None:
    table.update({"stage": "closed"}, doc_ids=[next(numbers)])


def _move_in(ledger: Ledger, numbers: Iterator[int], size: int) -> None:
    ledger.move(next(numbers), STAGES[next(_times) % len(STAGES)], float(next(_times)), size)


@contextmanager
def bare_file(folder: Path) -> Iterator[int]:
    """A file to append to."""
    fd = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        yield fd
    finally:
        os.close(fd)


def append(fd: int, size: int) -> None:
    """The floor: as many bytes at the end of a file, on the disk when this returns."""
    os.write(fd, b"x" * size)
    os.fdatasync(fd)
