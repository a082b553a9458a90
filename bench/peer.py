"""kanban-tui beside us, where it is installed: the best known board of the kind, a widget per card.

`make bench KTUI=path/to/ktui` (or a `ktui` on the PATH). Its own program makes the board; the cards are written into
its database, because its command line needs more than half a second for each.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import subprocess
from typing import TYPE_CHECKING

from bench.console import CARDS, console
from bench.rows import Row, p95, visit

if TYPE_CHECKING:
    from pathlib import Path

KEYS = "jjjjllkkhh"
SLOW_QUIET = 0.25
"""Its cards grow for 200 ms after a key: an answer is over when nothing has come for longer."""


def find() -> str | None:
    """The `ktui` to measure, if there is one."""
    return os.environ.get("KTUI") or shutil.which("ktui")


def kanban_tui(program: str, cards: int, ours: Path, scratch: Path) -> list[Row]:
    """First board, cursor key and memory of kanban-tui in opstui's; `ours` is a workspace with as many cards."""
    home = {"XDG_DATA_HOME": str(scratch), "XDG_CONFIG_HOME": str(scratch)}
    make = (program, "board", "create", "--set-active", "Orders")
    subprocess.run(make, env={**os.environ, **home}, check=True, capture_output=True)
    _fill(next(scratch.rglob("*.db")), cards)
    theirs = visit((program,), r"Card 1\b", KEYS, SLOW_QUIET, home)
    own = visit(console(ours), CARDS, KEYS)
    title = f"{cards:,} cards / opstui"
    return [
        Row(f"kanban-tui: first board, {title}", theirs.board, own.board, "ms"),
        Row(f"kanban-tui: cursor key, p95, {title}", p95(theirs.took), p95(own.took), "ms"),
        Row(
            f"kanban-tui: cursor key, median, {title}",
            statistics.median(theirs.sizes),
            statistics.median(own.sizes),
            "bytes",
        ),
        Row(f"kanban-tui: memory (RSS), {title}", theirs.memory.rss, own.memory.rss, "MB"),
    ]


def _fill(database: Path, cards: int) -> None:
    db = sqlite3.connect(database)
    with db:
        lanes = [row[0] for row in db.execute("SELECT column_id FROM columns ORDER BY position")]
        spread = (lanes[0], lanes[0], lanes[1], lanes[2], lanes[2])
        db.executemany(
            "INSERT INTO tasks (title, column, description, creation_date, position) VALUES (?, ?, '', ?, ?)",
            [(f"Card {i}", spread[i % 5], "2026-09-01T09:00:00", i) for i in range(1, cards + 1)],
        )
    db.close()
