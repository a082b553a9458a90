"""`make bench`: speed as ratios to yardsticks that run beside it. Takes up to ten minutes; says what it does on stderr.

Absolute figures are information about this machine. Nothing fails because something is slow.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bench import (
    console,
    figures,
    headless,
    held,
    line,
    opening,
    peer,
    searching,
    sessions,
    stalls,
    store_write,
    writers,
)
from bench.plan import Plan, quick
from bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE = (100, 1000, 10_000, 100_000)


def _peer(plan: Plan) -> list[Row]:
    """kanban-tui and vit, where they are installed."""
    found = peer.find()
    if not found:
        _say("peer: none is installed here; make bench KTUI=path/to/ktui measures kanban-tui, VIT=path/to/vit vit")
    return peer.peers(found, plan)


GROUPS: dict[str, Callable[[Plan], list[Row]]] = {
    "start": console.start,
    "cursor": console.cursor,
    "held": held.held,
    "move": console.move,
    "search": searching.searching,
    "figures": figures.figures,
    "line": line.line,
    "write": store_write.durable_write,
    "writers": writers.writers,
    "opening": opening.opening,
    "stalls": stalls.stalls,
    "sessions": sessions.sessions,
    "idle": sessions.idle,
    "memory": sessions.memory,
    "submit": headless.submit,
    "cli": headless.command_line,
    "peer": _peer,
}


def main() -> None:
    """Measure what was asked for and print one table."""
    asked = _arguments()
    begun = time.monotonic()
    table: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="opstui-bench-") as scratch:
        plan = _plan(asked, Path(scratch))
        for name, measure in GROUPS.items():
            if not asked.only or name in asked.only:
                _say(f"{time.monotonic() - begun:4.0f} s  {name}: {measure.__doc__}")
                table += measure(plan)
    if asked.json:
        print(json.dumps([{**dataclasses.asdict(row), "ratio": row.ratio, "verdict": row.verdict} for row in table]))
    else:
        print("\n".join(_lines(table)))
    _say(f"{time.monotonic() - begun:.0f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*GROUPS, []], help="what to measure (else all)")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--quick", action="store_true", help="the smallest of everything: only to see that it runs")
    sizes.add_argument("--large", action="store_true", help="the console with 100 to 100,000 cards")
    sizes.add_argument("--cards", type=int, nargs="+", help="sizes of the workspaces the console is opened on")
    parser.add_argument("--runs", type=int, help="of each start; medians are shown")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser.parse_args()


def _plan(asked: argparse.Namespace, scratch: Path) -> Plan:
    plan = quick(scratch) if asked.quick else Plan(scratch)
    cards = LARGE if asked.large else tuple(asked.cards or plan.cards)
    return dataclasses.replace(plan, cards=cards, runs=asked.runs or plan.runs)


def _lines(table: list[Row]) -> list[str]:
    wide = max((len(row.what) for row in table), default=0)
    python, textual = platform.python_version(), version("textual")
    lines = [
        f"Python {python}, Textual {textual}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end",
        "",
    ]
    lines.append(f"{'':{wide}}  {'measured':>10}  {'yardstick':>10}  {'':6}  {'ratio':>7}  {'budget':>11}")
    for row in table:
        figures = f"{_figure(row.value):>10}  {_figure(row.yardstick):>10}  {row.unit:6}  {_figure(row.ratio):>7}"
        lines.append(f"{row.what:{wide}}  {figures}  {row.terms:>11}  {row.verdict:12}  {row.note}".rstrip())
    return lines


def _figure(value: float | None) -> str:
    """Three digits that matter, and no exponent."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
