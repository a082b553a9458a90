"""`make bench`: speed as ratios to yardsticks that run beside it. Takes a few minutes; says what it does on stderr.

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

from bench import console, headless, peer, store_write
from bench.rows import Row
from bench.shop import make_shop

GROUPS = {
    "start": console.start,
    "cursor": console.cursor,
    "move": console.move,
    "write": store_write.durable_write,
    "submit": headless.submit,
    "cli": headless.command_line,
}


def main() -> None:
    """Measure what was asked for and print one table."""
    asked = _arguments()
    begun = time.monotonic()
    table: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="opstui-bench-") as scratch:
        _say("making workspaces of " + ", ".join(f"{n:,}" for n in asked.cards) + " cards")
        shops = {n: make_shop(Path(scratch) / str(n), n) for n in asked.cards}
        for name, measure in GROUPS.items():
            if not asked.only or name in asked.only:
                _say(f"{name}: {measure.__doc__}")
                table += measure(shops, asked.runs)
        if not asked.only or "peer" in asked.only:
            table += _peer(shops, Path(scratch))
    if asked.json:
        print(json.dumps([{**dataclasses.asdict(row), "ratio": row.ratio, "verdict": row.verdict} for row in table]))
    else:
        print("\n".join(_lines(table)))
    _say(f"{time.monotonic() - begun:.0f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*GROUPS, "peer", []], help="what to measure (else all)")
    parser.add_argument("--runs", type=int, default=5, help="of each start; medians are shown")
    parser.add_argument("--cards", type=int, nargs="+", default=[1000, 10_000], help="sizes of the workspaces")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser.parse_args()


def _peer(shops: dict[int, Path], scratch: Path) -> list[Row]:
    program = peer.find()
    if program is None:
        _say("peer: kanban-tui is not installed here; make bench KTUI=path/to/ktui measures it")
        return []
    n, shop = next(iter(shops.items()))
    _say(f"peer: {program}, {n:,} cards")
    return peer.kanban_tui(program, n, shop, scratch / "ktui")


def _lines(table: list[Row]) -> list[str]:
    wide = max((len(row.what) for row in table), default=0)
    python, textual = platform.python_version(), version("textual")
    lines = [
        f"Python {python}, Textual {textual}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end",
        "",
    ]
    lines.append(f"{'':{wide}}  {'measured':>10}  {'yardstick':>10}  {'ratio':>7}  {'budget':>7}")
    for row in table:
        figures = (
            f"{_figure(row.value):>10}  {_figure(row.yardstick):>10}  {_figure(row.ratio):>7}  {_figure(row.budget):>7}"
        )
        lines.append(f"{row.what:{wide}}  {figures}  {row.unit:5}  {row.verdict:4}  {row.note}".rstrip())
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
