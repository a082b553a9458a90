"""The console in a terminal: its first board, its cursor, a move."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.rows import Row, Visit, in_turns, p95, visit
from bench.shop import LANES
from bench.terminal import Stroke, Terminal

if TYPE_CHECKING:
    from bench.plan import Plan

EMPTY = (sys.executable, Path(__file__).with_name("empty_app.py"))
CARDS = r"ORD-\d+"
DEEP = 40
"""Keys down a lane: more than a screen holds."""
SCROLLS = 4
"""A key that sends this many times the usual bytes has scrolled a lane."""
MOVES = "LH" * 10
LARGE = 100_000
"""Cards from which the first board may take a little longer."""
FLAT = 1.25


def console(shop: Path) -> tuple[str | Path, ...]:
    """The command that opens the console on a workspace."""
    return (sys.executable, "-m", "opstui", "-w", shop)


def wander(cards: int) -> str:
    """A cursor key each: down a lane and over the screen's end, across, and back. None of them meets a lane's end."""
    deep = min(DEEP, max(2, cards * min(LANES.values()) // 100 - 3))
    return "j" * deep + "ll" + "j" * (deep // 2) + "hh" + "k" * (deep * 3 // 4)


def first_paint(command: Sequence[str | Path], pattern: str) -> float:
    """Milliseconds from the start to `pattern` on the screen."""
    with Terminal(command) as terminal:
        return terminal.until(pattern)


def start(plan: Plan) -> list[Row]:
    """The first full board, against an empty Textual app."""
    measures = [partial(first_paint, console(plan.shop(n)), CARDS) for n in plan.cards]
    yard, *ours = in_turns(plan.runs, partial(first_paint, EMPTY, "ready"), *measures)
    return [
        Row(f"first board, {n:,} cards / empty Textual app", value, yard, "ms", 1.5 if n < LARGE else 1.7)
        for n, value in zip(plan.cards, ours, strict=True)
    ]


def cursor(plan: Plan) -> list[Row]:
    """A cursor key, the bytes it sends, and what the session holds."""
    asked = [(EMPTY, "ready", "j" * 40), *((console(plan.shop(n)), CARDS, wander(n)) for n in plan.cards)]
    rounds = [[visit(*each) for each in asked] for _ in range(plan.rounds)]
    yard, *ours = zip(*rounds, strict=True)
    rows = [row for n, visits in zip(plan.cards, ours, strict=True) for row in _cursor(n, visits, yard)]
    return rows if len(plan.cards) < 2 else [*rows, _flatness(plan.cards, ours)]


def _flatness(cards: Sequence[int], ours: Sequence[Sequence[Visit]]) -> Row:
    small, large = (statistics.median(p95(each.took) for each in ours[place]) for place in (0, -1))
    return Row(f"cursor key, p95, {cards[-1]:,} cards / {cards[0]:,} cards", large, small, "ms", FLAT)


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
        Row(f"cursor key, median, {n:,} cards", usual, None, "bytes", 200, f"{len(sizes)} keys at 160x45"),
        Row(f"memory of one session (PSS), {n:,} cards / empty app", held, empty, "MB"),
    ]
    if scrolling:
        note = f"{len(scrolling)} keys, max {max(scrolling):,}"
        rows.insert(2, Row(f"a key that scrolls, {n:,} cards", statistics.median(scrolling), None, "bytes", 3000, note))
    return rows


def move(plan: Plan) -> list[Row]:
    """Moving a card a stage on and back: key to durable and painted."""
    rows = []
    for n in plan.cards:
        shop = plan.shop(n)
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
