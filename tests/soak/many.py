"""Many at once: eight processes that write as fast as they can, and fifty sessions of which four write.

All of them must end with the same state at the same batch, and a counter that everybody counted up must be exact.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zlib import crc32

import msgspec

from opstui.store.file import FileStore, create_store
from opstui.store.transaction import Transaction
from soak.ledger import Opener, opener, replayed
from soak.processes import Child, Report
from store.making import AT, card, contents


@dataclass
class Meeting:
    """How many met, how many batches they wrote, and what was wrong."""

    sessions: int
    batches: int
    wrong: list[str] = field(default_factory=list)


def count(tx: Transaction) -> None:
    """A card more, and one more on the counter that is everybody's."""
    number = tx.next_id("cards")
    tx.put("cards", number, card(number))
    tx.put("counters", 1, {"n": (tx.get("counters", 1) or {"n": 0})["n"] + 1})


def _until(store: FileStore, seq: int) -> None:
    while store.seq < seq:
        select.select([], [], [], 0.01)
        store.catch_up()


def _state(store: FileStore) -> str:
    tables = {table: {str(i): doc for i, doc in docs.items()} for table, docs in contents(store).items()}
    return f"{store.seq} {crc32(msgspec.json.encode(tables, order='deterministic')):08x}"


def _session(path: Path, opening: Opener, report: Report, own: int, total: int, pause: Callable[[], float]) -> None:
    store = opening(path)
    report("here")
    for _batch in range(own):
        select.select([], [], [], pause())
        store.transact(count, at=AT, by="w", via="cli")
    _until(store, total)
    report(_state(store))


def meet(folder: Path, sessions: int, writers: int, each: int, *, hurry: bool, sync: str = "inside") -> Meeting:
    """Let so many sessions run at once, the first `writers` of which write `each` so many batches."""
    path, opening, total = folder / "w", opener(sync), writers * each
    create_store(path)
    children = []
    for k in range(sessions):
        chance = Random(k)
        pause = (lambda: 0.0) if hurry else (lambda chance=chance: chance.uniform(0.005, 0.03))
        own = each if k < writers else 0
        children.append(Child(lambda report, own=own, pause=pause: _session(path, opening, report, own, total, pause)))  # type: ignore[misc]
    for child in children:
        child.wait()
    ended = {child.lines[-1] for child in children}
    meeting = Meeting(sessions, total, [line for child in children for line in child.lines if line.startswith("!")])
    store = opening(path)
    if ended != {_state(store)}:
        meeting.wrong.append(f"they ended in different states: {sorted(ended)}, the disk: {_state(store)}")
    if store.get("counters", 1) != {"n": total} or len(store.ids("cards")) != total or store.seq != total:
        meeting.wrong.append(f"the counter is {store.get('counters', 1)} at batch {store.seq}, not {total}")
    if replayed(list(store.history())) != contents(store):
        meeting.wrong.append("the history leads elsewhere")
    store.close()
    return meeting
