"""Other programs of the kind beside us, where they are installed: kanban-tui (a widget per card) and vit (a list).

`make bench KTUI=path/to/ktui VIT=path/to/vit` (or on the PATH). Their own programs make the board; kanban-tui's cards
are written into its database, because its command line needs more than half a second for each. All are measured alike:
first board, cursor key, bytes of a key, memory, and a key that is held.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.console import CARDS, console
from bench.held import Held, hold
from bench.rows import Row, Visit, p95, visit
from bench.terminal import QUIET

if TYPE_CHECKING:
    from bench.plan import Plan

SLOW_QUIET = 0.25
"""kanban-tui's cards grow for 200 ms after a key: an answer is over when nothing has come for longer."""


@dataclass(frozen=True)
class Peer:
    """A program: its name, how it is given `cards` in a scratch folder (gives its environment), and its cursor keys."""

    name: str
    program: str
    fill: Callable[[str, int, Path], dict[str, str]]
    keys: str
    quiet: float = QUIET


def find() -> list[Peer]:
    """The programs to measure, as far as they are there."""
    known = (
        ("kanban-tui", "KTUI", "ktui", _fill_kanban_tui, "jjjjllkkhh", SLOW_QUIET),
        ("vit", "VIT", "vit", _fill_vit, "jjjjjjkkkk", QUIET),
    )
    found = ((name, os.environ.get(variable) or shutil.which(program), *how) for name, variable, program, *how in known)
    return [Peer(name, program, *how) for name, program, *how in found if program]  # type: ignore[arg-type]


def peers(found: list[Peer], plan: Plan) -> list[Row]:
    """Every peer in every size."""
    seconds = 10.0 if plan.runs > 1 else 1.0
    return [row for n in plan.cards if found for row in _size(found, plan, n, seconds)]


def _size(found: list[Peer], plan: Plan, cards: int, seconds: float) -> Iterator[Row]:
    shop = plan.shop(cards)
    own = visit(console(shop), CARDS, found[0].keys), hold(console(shop), CARDS, "j", seconds=seconds)
    for peer in found:
        scratch = plan.scratch / f"{peer.name}-{cards}"
        scratch.mkdir()
        env = peer.fill(peer.program, cards, scratch)
        try:
            theirs = (
                visit((peer.program,), r"Card 1\b", peer.keys, peer.quiet, env),
                hold((peer.program,), r"Card 1\b", "j", seconds=seconds, quiet=peer.quiet, env=env),
            )
        except TimeoutError:
            sys.stderr.write(f"peer: {peer.name} shows no board of {cards:,} cards within a minute\n")
            continue
        yield from _compared(f"{peer.name}: {{}}, {cards:,} cards / opstui", theirs, own)


def _compared(what: str, theirs: tuple[Visit, Held], own: tuple[Visit, Held]) -> list[Row]:
    """Theirs in ours."""
    (seen, held), (mine, ours) = theirs, own
    figures: list[tuple[str, float, float, str]] = [
        ("first board", seen.board, mine.board, "ms"),
        ("cursor key, p95", p95(seen.took), p95(mine.took), "ms"),
        ("cursor key, median", statistics.median(seen.sizes), statistics.median(mine.sizes), "bytes"),
        ("memory (RSS)", seen.memory.rss, mine.memory.rss, "MB"),
        ("held cursor key, processor", held.processor, ours.processor, "% core"),
        ("held cursor key, largest lag", max(held.lags), max(ours.lags), "ms"),
        ("held cursor key, goes on for", held.after, ours.after, "ms"),
    ]
    return [Row(what.format(name), value, yard, unit) for name, value, yard, unit in figures]


def _fill_kanban_tui(program: str, cards: int, scratch: Path) -> dict[str, str]:
    env = {"XDG_DATA_HOME": str(scratch), "XDG_CONFIG_HOME": str(scratch)}
    _run(program, "board", "create", "--set-active", "Orders", env=env)
    db = sqlite3.connect(next(scratch.rglob("*.db")))
    with db:
        lanes = [row[0] for row in db.execute("SELECT column_id FROM columns ORDER BY position")]
        spread = (lanes[0], lanes[0], lanes[1], lanes[2], lanes[2])
        db.executemany(
            "INSERT INTO tasks (title, column, description, creation_date, position) VALUES (?, ?, '', ?, ?)",
            [(f"Card {i}", spread[i % 5], "2026-09-01T09:00:00", i) for i in range(1, cards + 1)],
        )
    db.close()
    return env


def _fill_vit(_program: str, cards: int, scratch: Path) -> dict[str, str]:
    """Tasks of taskwarrior, whose program has to be on the PATH."""
    settings, data = scratch / "taskrc", scratch / "data"
    data.mkdir()
    settings.write_text(f"data.location={data}\nconfirmation=off\nverbose=nothing\n", "utf-8")
    (scratch / ".vit").mkdir()
    (scratch / ".vit" / "config.ini").write_text("", "utf-8")
    env = {"HOME": str(scratch), "TASKRC": str(settings), "VIT_DIR": str(scratch / ".vit")}
    usual = {"status": "pending", "entry": "20260901T090000Z"}
    tasks = ({**usual, "uuid": str(uuid.UUID(int=i)), "description": f"Card {i}"} for i in range(1, cards + 1))
    (scratch / "in.json").write_text("\n".join(map(json.dumps, tasks)), "utf-8")
    _run("task", "import", scratch / "in.json", env=env)
    return env


def _run(*words: str | Path, env: Mapping[str, str]) -> None:
    subprocess.run(words, env={**os.environ, **env}, check=True, capture_output=True)
