"""Bytes to the terminal, and what it costs to save them: the console with its thin line, beside stock Textual output.

Both are the same program on the same workspace; only OPSTUI_DIFF is different. Bytes are exact, so one turn is enough
for them; processor time is counted over all keys, because the clock that counts it ticks slowly.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.console import CARDS, console, wander
from bench.rows import Row
from bench.terminal import Terminal

if TYPE_CHECKING:
    from bench.plan import Plan

THIN: dict[str, str] = {}
STOCK = {"OPSTUI_DIFF": "0"}
DEEDS = {
    "move a card, with its toast": ("L", "H", 5000),
    "undo": ("u", "", 5000),
    "a letter of the filter": ("/", "r", 3000),
    "leave the filter": ("\x1b", "", 3000),
    "help": ("?", "", 8000),
    "close help": ("\x1b", "", 10_000),
    "open a card": ("\r", "", 12_000),
    "close it": ("\x1b", "", 12_000),
    "a form": ("n", "", 8000),
    "a letter in it": ("x", "y", 200),
    "close the form": ("\x1b", "\x1b", 8000),
}
"""What is done -> its key, one that is pressed after it and counts as well, the most bytes that are fine."""
SCROLLS = 4


@dataclass(frozen=True)
class Visit:
    """Bytes of a session: its start, each cursor key, each deed; and milliseconds of processor a cursor key."""

    start: int
    cursor: list[int]
    deeds: dict[str, int]
    processor: float


def line(plan: Plan) -> list[Row]:
    """Bytes of a start, of keys and of dialogs, each beside stock output."""
    n = plan.cards[0]
    stock, thin = (_visit(plan.copy(plan.shop(n)), n, env) for env in (STOCK, THIN))
    usual, before = (statistics.median(each.cursor) for each in (thin, stock))
    rows = [
        Row("a start / without the differ", thin.start, stock.start, "bytes"),
        Row("cursor key, median / without the differ", usual, before, "bytes", limit=200, note="160x45"),
    ]
    scrolling = [place for place, size in enumerate(stock.cursor) if size > SCROLLS * before]
    if scrolling:
        after, full = (statistics.median(each.cursor[place] for place in scrolling) for each in (thin, stock))
        note = f"{len(scrolling)} keys, max {max(thin.cursor[place] for place in scrolling):,}"
        rows.append(Row("a key that scrolls / without the differ", after, full, "bytes", limit=3000, note=note))
    rows += [
        Row(f"{deed} / without the differ", thin.deeds[deed], stock.deeds[deed], "bytes", limit=limit)
        for deed, (_key, _more, limit) in DEEDS.items()
    ]
    note = f"{len(thin.cursor)} keys"
    return [
        *rows,
        Row("processor, a cursor key / without the differ", thin.processor, stock.processor, "ms", note=note),
    ]


def _visit(shop: Path, cards: int, env: dict[str, str]) -> Visit:
    with Terminal(console(shop), env=env) as terminal:
        terminal.until(CARDS)
        terminal.settle(quiet=1.5)
        start, busy = terminal.received, terminal.processor
        cursor = [terminal.key(key).size for key in wander(cards)]
        processor = (terminal.processor - busy) * 1000 / len(cursor)
        deeds = {deed: _deed(terminal, key, more) for deed, (key, more, _limit) in DEEDS.items()}
        return Visit(start, cursor, deeds, processor)


def _deed(terminal: Terminal, *keys: str) -> int:
    """The bytes of the largest of the keys."""
    sizes = []
    for key in filter(None, keys):
        before = terminal.received
        terminal.key(key)
        terminal.settle()
        sizes.append(terminal.received - before)
    return max(sizes)
