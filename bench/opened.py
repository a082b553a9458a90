"""A process that opens a workspace and says what that cost: `python -m bench.opened ours|sqlite PATH`.

A process of its own, because memory that Python once had it does not give back. Everything is imported before the clock
runs: what an import costs is the command line's row.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.ledger import Ledger
from bench.processes import anonymous_mb
from opstui.store import open_store

SHOWN = 60
"""Cards on a screen."""
Opened = tuple[Callable[[], Mapping[str, Sequence[int]]], Callable[[int], object]]
"""All lanes of a board, and one card."""


def main() -> None:
    """Open, look at all lanes and at a screenful of cards, and report as one JSON object."""
    engine, path = ENGINES[sys.argv[1]], Path(sys.argv[2])
    gc.collect()
    empty, begun = anonymous_mb(), time.perf_counter()
    lanes, read = engine(path)
    there, held = time.perf_counter(), anonymous_mb() - empty
    resumed = time.perf_counter()
    cards = look(lanes(), read)
    looked = time.perf_counter() - resumed
    report = {
        "open_ms": (there - begun) * 1000,
        "open_mb": held,
        "look_ms": (there - begun + looked) * 1000,
        "look_mb": anonymous_mb() - empty,
        "cards": len(cards),
    }
    sys.stdout.write(json.dumps(report))


def look(lanes: Mapping[str, Sequence[int]], read: Callable[[int], object]) -> list[object]:
    """The cards at the top of every lane."""
    share = SHOWN // max(1, len(lanes))
    return [read(number) for ids in lanes.values() for number in ids[:share]]


def _ours(path: Path) -> Opened:
    store = open_store(path)
    return lambda: {stage: store.lane("orders", stage) for stage in store.stages("orders")}, lambda n: store.get(
        "cards", n
    )


def _sqlite(path: Path) -> Opened:
    ledger = Ledger(path)
    return lambda: ledger.lanes("orders"), ledger.card


ENGINES: dict[str, Callable[[Path], Opened]] = {"ours": _ours, "sqlite": _sqlite}

if __name__ == "__main__":
    main()
