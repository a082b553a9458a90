"""`python -m bench write`: a durable move of one card, beside a bare append and TinyDB as it ships.

The yardstick is `write` and `fdatasync` of as many bytes, taken in turns with ours. TinyDB's JSONStorage is not even
durable in that way (it rewrites the live file) and keeps no history; it is shown for its growth.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinydb import TinyDB

from bench.rows import Row, in_turns, p95, timed
from opstui.domain.events import Event
from opstui.store.file import FileStore, create_store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opstui.store.transaction import Transaction

STAGES = ("new", "payment", "stock", "processing", "shipping", "closed")
AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
TURNS, TINYDB_TURNS = 400, 20


def durable_write(shops: Iterable[int], _runs: int) -> list[Row]:
    """A durable move of one card, against a bare append and fdatasync; TinyDB as it ships; opening the store."""
    rows = []
    for cards in shops:
        with tempfile.TemporaryDirectory(prefix="opstui-bench-") as scratch:
            rows += _measure(Path(scratch), cards)
    return rows


def _measure(scratch: Path, cards: int) -> list[Row]:
    store = _shop(scratch / "shop", cards)
    journal = store.watch_path / "00000001.jsonl"
    before = journal.stat().st_size
    _move(store, 1)
    line = journal.stat().st_size - before
    bare_fd = os.open(scratch / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    took: list[float] = []

    def ours() -> float:
        took.append(timed(lambda: _move(store, 1 + next(_times) * 7919 % cards)))
        return took[-1]

    bare, move = in_turns(TURNS, lambda: timed(lambda: _bare(bare_fd, line)), ours)
    os.close(bare_fd)
    tiny = _tinydb(scratch / "tiny.json", dict(store.items("cards")))
    store.snapshot()
    store.close()
    opening = min(timed(lambda: open_store(scratch / "shop").close()) for _ in range(5))
    beside = f"{cards:,} cards / append + fdatasync"
    return [
        Row(f"durable write, {beside}", move, bare, "ms", 2.0, f"p95 {p95(took):.2f}, {line} bytes a move"),
        Row(f"TinyDB as it ships: one update, {beside}", tiny, bare, "ms"),
        Row(f"opening the store, {cards:,} cards", opening, None, "ms"),
    ]


def _shop(path: Path, cards: int) -> FileStore:
    create_store(path)
    store = open_store(path)

    def fill(tx: Transaction) -> None:
        for number in range(1, cards + 1):
            tx.put("cards", tx.next_id("cards"), _card(number))

    store.transact(fill, at=AT, by="bench", via="import")
    return store


def _card(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "ref": f"ORD-{number:04d}",
        "kind": "order",
        "board": "orders",
        "stage": STAGES[number % len(STAGES)],
        "title": f"Kemeja batik no. {number}",
        "created": "2026-08-30T02:15:00Z",
        "entered": "2026-08-31T02:15:00Z",
        "rank": float(number),
        "version": 1,
        "owner": "rina",
        "customer": "Toko Melati",
        "channel": "shopee",
        "total": 125_000,
        "currency": "IDR",
        "due": "2026-09-05",
    }


_times = count()


def _move(store: FileStore, number: int) -> None:
    def change(tx: Transaction) -> None:
        doc = tx.get("cards", number)
        assert doc is not None
        stage = STAGES[(STAGES.index(doc["stage"]) + 1) % len(STAGES)]
        lane = tx.lane("orders", stage)
        rank = (tx.get("cards", lane[-1]) or doc)["rank"] + 1.0 if len(lane) else 1.0
        entered = f"2026-09-01T01:{next(_times) // 60 % 60:02}:00Z"
        changed = {"stage": (doc["stage"], stage), "rank": (doc["rank"], rank), "entered": (doc["entered"], entered)}
        tx.put("cards", number, {**doc, **{f: v[1] for f, v in changed.items()}, "version": doc["version"] + 1})
        tx.event(Event(kind="moved", table="cards", id=number, at=AT, by="bench", via="cli", changed=changed))

    store.transact(change, at=AT, by="bench", via="cli")


def _bare(fd: int, size: int) -> None:
    os.write(fd, b"x" * size)
    os.fdatasync(fd)


def _tinydb(path: Path, cards: dict[int, dict[str, Any]]) -> float:
    """Median milliseconds of one update in TinyDB as it ships, the fsync it does included."""
    with TinyDB(path) as plain:
        table = plain.table("cards")
        table.insert_multiple(cards.values())
        (median,) = in_turns(
            TINYDB_TURNS,
            lambda: timed(lambda: table.update({"stage": "closed"}, doc_ids=[1 + next(_times) * 7919 % len(cards)])),
        )
    return median
