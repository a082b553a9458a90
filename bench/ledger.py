"""The yardstick for a store: the same documents in SQLite, write-ahead log, synchronous=FULL, a row each.

A move is a changed card and a row of events in one transaction, with as many bytes as our line has: durable as ours is,
and what people would take if they did not want plain files.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS cards (id INTEGER PRIMARY KEY, board TEXT, stage TEXT, rank REAL, doc TEXT);
CREATE INDEX IF NOT EXISTS lanes ON cards (board, stage, rank, id);
CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, card INTEGER, body BLOB);
CREATE TABLE IF NOT EXISTS counters (id INTEGER PRIMARY KEY, count INTEGER);
"""
PATIENCE = 60.0
"""Seconds a writer waits for another."""


class Ledger:
    """Cards and events in an SQLite file."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")

    def fill(self, docs: Iterable[Mapping[str, Any]]) -> None:
        """Make the tables and put cards into them."""
        self._db.executescript(_TABLES)
        rows = ((doc["id"], doc["board"], doc["stage"], doc["rank"], json.dumps(doc)) for doc in docs)
        with self._alone():
            self._db.executemany("INSERT INTO cards VALUES (?, ?, ?, ?, ?)", rows)

    def move(self, number: int, stage: str, rank: float, size: int) -> None:
        """A card to another stage, and an event of `size` bytes."""
        with self._alone():
            (raw,) = self._db.execute("SELECT doc FROM cards WHERE id = ?", (number,)).fetchone()
            doc = json.dumps({**json.loads(raw), "stage": stage, "rank": rank})
            self._db.execute("UPDATE cards SET stage = ?, rank = ?, doc = ? WHERE id = ?", (stage, rank, doc, number))
            self._db.execute("INSERT INTO events (card, body) VALUES (?, ?)", (number, b"x" * max(0, size - len(doc))))

    def note(self, body: str) -> None:
        """An event more, and the one counter up by one."""
        with self._alone():
            self._db.execute("INSERT INTO events (card, body) VALUES (1, ?)", (body,))
            self._db.execute(
                "INSERT INTO counters VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = counters.count + 1"
            )

    def kept(self) -> tuple[int, int]:
        """How many events there are, and what the counter says."""
        ((events,),) = self._db.execute("SELECT count(*) FROM events").fetchall()
        ((count,),) = self._db.execute("SELECT coalesce(sum(count), 0) FROM counters").fetchall()
        return events, count

    def lanes(self, board: str) -> dict[str, list[int]]:
        """Stage -> the ids of its cards in their order."""
        found: dict[str, list[int]] = {}
        asked = "SELECT stage, id FROM cards WHERE board = ? ORDER BY stage, rank, id"
        for stage, number in self._db.execute(asked, (board,)):
            found.setdefault(stage, []).append(number)
        return found

    def card(self, number: int) -> dict[str, Any]:
        """One document."""
        (raw,) = self._db.execute("SELECT doc FROM cards WHERE id = ?", (number,)).fetchone()
        doc: dict[str, Any] = json.loads(raw)
        return doc

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
