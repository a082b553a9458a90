"""The console in a terminal: its first board, its cursor, a move."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.rows import Row, Visit, in_turns, p95, visit
from bench.terminal import Stroke, Terminal

EMPTY = (sys.executable, Path(__file__).with_name("empty_app.py"))
CARDS = r"ORD-\d+"
WANDER = "j" * 40 + "ll" + "j" * 20 + "hh" + "k" * 30
"""A cursor key each: down a lane and over its end, across, and back."""
SCROLLS = 4
"""A key that sends this many times the usual bytes has scrolled a lane."""
MOVES = "LH" * 10
ROUNDS = 3


def console(shop: Path) -> tuple[str | Path, ...]:
    """The command that opens the console on a workspace."""
    return (sys.executable, "-m", "opstui", "-w", shop)


def first_paint(command: Sequence[str | Path], pattern: str) -> float:
    """Milliseconds from the start to `pattern` on the screen."""
    with Terminal(command) as terminal:
        return terminal.until(pattern)


def start(shops: dict[int, Path], runs: int) -> list[Row]:
    """The first full board, against an empty Textual app."""
    measures = [lambda shop=shop: first_paint(console(shop), CARDS) for shop in shops.values()]
    yard, *ours = in_turns(runs, lambda: first_paint(EMPTY, "ready"), *measures)
    return [
        Row(f"first board, {n:,} cards / empty Textual app", value, yard, "ms", 1.5)
        for n, value in zip(shops, ours, strict=True)
    ]


def cursor(shops: dict[int, Path], _runs: int) -> list[Row]:
    """A cursor key, the bytes it sends, and what the session holds."""
    asked = [(EMPTY, "ready", "j" * 40), *((console(shop), CARDS, WANDER) for shop in shops.values())]
    rounds = [[visit(*each) for each in asked] for _ in range(ROUNDS)]
    yard, *ours = zip(*rounds, strict=True)
    return [row for n, visits in zip(shops, ours, strict=True) for row in _cursor(n, visits, yard)]


def _cursor(n: int, visits: Sequence[Visit], yard: Sequence[Visit]) -> list[Row]:
    took = [ms for each in visits for ms in each.took]
    sizes = [size for each in visits for size in each.sizes]
    usual = statistics.median(sizes)
    scrolling = [size for size in sizes if size > SCROLLS * usual]
    late, floor = (statistics.median(p95(each.took) for each in group) for group in (visits, yard))
    held, empty = (statistics.median(each.memory.pss for each in group) for group in (visits, yard))
    spread = f"median {statistics.median(took):.1f}, max {max(took):.1f}"
    rows = [
        Row(f"cursor key, p95, {n:,} cards / empty app's key", late, floor, "ms", 3.0, spread),
        Row(f"cursor key, median, {n:,} cards", usual, None, "bytes", 400, f"{len(sizes)} keys at 160x45"),
        Row(f"memory of one session (PSS), {n:,} cards / empty app", held, empty, "MB"),
    ]
    if scrolling:
        note = f"{len(scrolling)} keys, max {max(scrolling):,}"
        rows.insert(2, Row(f"a key that scrolls, {n:,} cards", statistics.median(scrolling), None, "bytes", 8000, note))
    return rows


def move(shops: dict[int, Path], _runs: int) -> list[Row]:
    """Moving a card a stage on and back: key to durable and painted."""
    rows = []
    for n, shop in shops.items():
        journal = shop / "data" / "journal"
        strokes: list[Stroke] = []
        with Terminal(console(shop)) as terminal:
            terminal.until(CARDS)
            terminal.settle()
            for key in MOVES:
                before = _size(journal)
                strokes.append(terminal.key(key))
                if _size(journal) <= before:
                    raise RuntimeError(f"{key} was painted, yet nothing was written")
                terminal.settle()
        took = [stroke.ms for stroke in strokes if stroke.ms is not None]
        note = f"median {statistics.median(took):.1f}, {statistics.median(s.size for s in strokes):,.0f} bytes"
        rows.append(Row(f"move a card, key to durable and painted, p95, {n:,} cards", p95(took), None, "ms", 25, note))
    return rows


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
