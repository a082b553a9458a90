"""`python -m bench writers`: eight processes write at once, as fast as they can, and count what is kept.

Each batch adds a document and counts one counter up: a lost update shows in the counter, a lost insert in the
documents. SQLite does the same with a busy handler, in rounds that alternate with ours. TinyDB as it ships is not here:
it destroys its file within a second.
"""

from __future__ import annotations

import inspect
import statistics
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import msgspec

from bench.ledger import Ledger
from bench.rows import Row, p99
from opstui.store import create_store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

    from bench.plan import Plan
    from opstui.store import FileStore
    from opstui.store.transaction import Transaction

AT = datetime(2027, 9, 1, 1, 0, tzinfo=UTC)
WAIT = 30.0
"""Milliseconds that one in a hundred may take."""
SQLITE = "SQLite WAL FULL"
PATIENCE = 300.0
"""Seconds after which a writer must have died."""
BODY = "a note as people write them, of some length: " * 4


class Round(msgspec.Struct):
    """What the writers saw: milliseconds of each batch, batches a second, batches acknowledged and gone."""

    took: list[float]
    rate: float
    lost: int

    @property
    def words(self) -> str:
        """The other figures, for a note."""
        median = statistics.median(self.took)
        return f"median {median:.2f}, max {max(self.took):.0f}, {self.rate:,.0f} batches/s"


def writers(plan: Plan) -> list[Row]:
    """Several processes that write at once: what the slowest one in a hundred waits, and what is lost."""
    engines = [SQLITE, *(f"ours{mode and f', sync {mode}'}" for mode in sync_modes())]
    rounds: dict[str, list[Round]] = {engine: [] for engine in engines}
    for number in range(plan.rounds):
        for engine in engines:
            path = plan.scratch / f"writers-{engines.index(engine)}-{number}"
            rounds[engine].append(_round(engine, path, plan.writers, plan.batches))
    table = {engine: _together(series) for engine, series in rounds.items()}
    return [row for engine in engines[1:] for row in _rows(plan.writers, engine, table[engine], table[SQLITE])]


def _rows(count: int, engine: str, ours: Round, sqlite: Round) -> Iterator[Row]:
    title = f"{count} writers at once, {engine}"
    note = f"{ours.words}; SQLite: {sqlite.words}"
    yield Row(f"{title}, p99 / {SQLITE}", p99(ours.took), p99(sqlite.took), "ms", note=note, limit=WAIT)
    yield Row(f"{title}, max / {SQLITE}", max(ours.took), max(sqlite.took), "ms")
    yield Row(f"{title}, batches lost of {len(ours.took):,}", ours.lost, None, "", limit=0)


def _together(rounds: list[Round]) -> Round:
    took = [ms for each in rounds for ms in each.took]
    return Round(took, statistics.median(each.rate for each in rounds), sum(each.lost for each in rounds))


def sync_modes() -> tuple[str, ...]:
    """When a store can wait for the disk: as it does by itself, and after the lock where this opstui can."""
    return ("", "after") if "sync" in inspect.signature(open_store).parameters else ("",)


def open_with(path: Path, mode: str) -> FileStore:
    """The store of a workspace that waits for the disk in this mode."""
    opener: Any = open_store
    store: FileStore = opener(path, sync=mode) if mode else opener(path)
    return store


def _round(engine: str, path: Path, count: int, batches: int) -> Round:
    """One round of `count` writers on a new store."""
    _make(engine, path)
    context = get_context("spawn")
    gate, answers = context.Barrier(count + 1, timeout=PATIENCE), context.Queue()
    processes = [context.Process(target=_writer, args=(engine, path, n, batches, gate, answers)) for n in range(count)]
    for process in processes:
        process.start()
    gate.wait()
    begun = time.perf_counter()
    took = [ms for _ in processes for ms in answers.get(timeout=PATIENCE)]
    seconds = time.perf_counter() - begun
    for process in processes:
        process.join()
    return Round(took, len(took) / seconds, max(len(took) - kept for kept in _kept(engine, path)))


def _writer(engine: str, path: Path, name: int, batches: int, gate: Barrier, answers: Queue[list[float]]) -> None:
    note, close = _open(engine, path)
    gate.wait()
    took: list[float] = []
    for _ in range(batches):
        begun = time.perf_counter()
        note(f"w{name}")
        took.append((time.perf_counter() - begun) * 1000)
    answers.put(took)
    close()


def _make(engine: str, path: Path) -> None:
    if engine == SQLITE:
        path.mkdir()
        ledger = Ledger(path / "ledger.db")
        ledger.fill(())
        ledger.close()
    else:
        create_store(path)


def _open(engine: str, path: Path) -> tuple[Callable[[str], object], Callable[[], None]]:
    """How a writer writes one batch, and how it ends."""
    if engine == SQLITE:
        ledger = Ledger(path / "ledger.db")
        return lambda _by: ledger.note(BODY), ledger.close
    store = open_with(path, engine.partition("sync ")[2])
    return lambda by: store.transact(_note, at=AT, by=by, via="api"), store.close


def _note(tx: Transaction) -> None:
    tx.put("notes", tx.next_id("notes"), {"body": BODY})
    tx.put("counters", 1, {"count": (tx.get("counters", 1) or {"count": 0})["count"] + 1})


def _kept(engine: str, path: Path) -> tuple[int, int]:
    """How many documents there are, and what the counter says."""
    if engine == SQLITE:
        ledger = Ledger(path / "ledger.db")
        kept = ledger.kept()
        ledger.close()
        return kept
    store = open_store(path)
    counter = store.get("counters", 1) or {"count": 0}
    kept = len(store.ids("notes")), int(counter["count"])
    store.close()
    return kept
