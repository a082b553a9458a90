"""`python -m bench opening`: a workspace with years of history, opened by a process that has just begun.

The yardstick is SQLite with the same cards. Whatever the number of events and segments, opening may cost a little, and
a little more for each batch that db.json does not know of yet.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench.archive import add_tail
from bench.ledger import Ledger
from bench.rows import Row
from bench.terminal import world
from opstui.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.plan import Plan

AT_ONCE, PER_BATCH = 5.0, 0.015
"""Milliseconds to open anything, and more for each batch of the tail."""
PRIVATE = 20.0
"""MB that opening may take."""
Report = dict[str, float]


def opening(plan: Plan) -> list[Row]:
    """A workspace with all its history opened, with short tails and long; then its lanes and a screenful of cards."""
    return [row for cards in plan.stores for row in _at(plan, cards)]


def _at(plan: Plan, cards: int) -> Iterator[Row]:
    events = cards * plan.events
    workspace = plan.archive(cards, events)
    beside = _beside(workspace)
    have = 0
    for tail in plan.tails:
        add_tail(workspace, tail - have)
        have = tail
        _report("ours", workspace)
        pairs = [(_report("ours", workspace), _report("sqlite", beside)) for _ in range(plan.runs)]
        yield from _rows(f"{cards:,} cards, {events:,} events, tail {tail:,}", tail, pairs)


def _beside(workspace: Path) -> Path:
    """The same cards in SQLite."""
    path = workspace / "ledger.db"
    store, ledger = open_store(workspace), Ledger(path)
    ledger.fill(doc for _id, doc in store.items("cards"))
    ledger.close()
    store.close()
    return path


def _report(engine: str, path: Path) -> Report:
    root = Path(__file__).parents[1]
    asked = (sys.executable, "-m", "bench.opened", engine, path)
    told = subprocess.run(asked, cwd=root, env=world(), check=True, capture_output=True).stdout
    report: Report = json.loads(told)
    return report


def _rows(what: str, tail: int, pairs: Sequence[tuple[Report, Report]]) -> Iterator[Row]:
    def figures(field: str) -> tuple[float, float]:
        ours, theirs = (statistics.median(each[field] for each in side) for side in zip(*pairs, strict=True))
        return ours, theirs

    yield Row(f"opening {what} / SQLite", *figures("open_ms"), "ms", limit=AT_ONCE + PER_BATCH * tail)
    note = f"with the lanes and {pairs[0][0]['cards']:.0f} cards: {figures('look_mb')[0]:.1f}"
    yield Row(f"private memory for that, {what} / SQLite", *figures("open_mb"), "MB", note=note, limit=PRIVATE)
    yield Row(f"... until lanes and a screenful are read, {what} / SQLite", *figures("look_ms"), "ms")
