"""A key that is held: thirty cursor keys a second for ten seconds, as a keyboard repeats them.

What is asked is how much of a core that takes, and how far the picture falls behind the keyboard. First the keys are
pressed one by one, and each picture is remembered; then they are held, and each picture that comes says by itself which
key it answers. The lag of a key is the time until a picture shows it or a later one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.console import CARDS, EMPTY, console
from bench.rows import Row, p95
from bench.terminal import QUIET, Terminal

if TYPE_CHECKING:
    from bench.plan import Plan

A_SECOND = 30
SECONDS = 10.0
SHARE = 30.0
"""Percent of a core that are fine."""
LAG = 100.0
"""Milliseconds behind the keyboard that nobody sees while a key is held."""
PATIENCE = 20.0
"""Seconds that a program may go on after the key is let go."""


@dataclass(frozen=True)
class Held:
    """What a held key costs. `processor` is a share of one core in percent, times are milliseconds."""

    processor: float
    lags: tuple[float, ...]
    after: float
    """How long pictures went on once the key was let go."""
    size: float
    """Bytes of a key."""


def held(plan: Plan) -> list[Row]:
    """A cursor key that is held for ten seconds: a share of a core, and the largest lag behind the keyboard."""
    seconds = SECONDS if plan.runs > 1 else 1.0
    rows = []
    empty = hold(EMPTY, "ready", "j", seconds=seconds).processor
    for n in plan.cards:
        found = hold(console(plan.shop(n)), CARDS, "j", seconds=seconds)
        rows += told(f"held cursor key, {n:,} cards", found, empty=empty)
    return rows


def told(what: str, found: Held, *, empty: float | None = None) -> list[Row]:
    """The rows of a held key; `empty` is what it costs an empty Textual app."""
    note = f"p95 {p95(found.lags):.0f}; goes on for {found.after:.0f} ms; {found.size:,.0f} bytes a key"
    budget = empty is not None
    return [
        Row(f"{what}, processor", found.processor, empty, "% core", limit=SHARE if budget else None),
        Row(f"{what}, largest lag", max(found.lags), None, "ms", note=note, limit=LAG if budget else None),
    ]


def hold(
    command: Sequence[str | Path],
    pattern: str,
    key: str,
    *,
    seconds: float = SECONDS,
    quiet: float = QUIET,
    env: Mapping[str, str] | None = None,
) -> Held:
    """Hold a key in a program once `pattern` is on its screen, and once more from the same place."""
    keys = int(seconds * A_SECOND)
    with Terminal(command, env=env) as terminal:
        terminal.until(pattern)
        terminal.settle()
        pictures = {terminal.picture: 0}
        for number in range(1, keys + 1):
            if terminal.key(key, quiet, patience=1.0).ms is None:
                break  # the end of the lane
            pictures.setdefault(terminal.picture, number)
    with Terminal(command, env=env) as terminal:
        terminal.until(pattern)
        terminal.settle(quiet=1.5)
        return _held(terminal, key, keys, pictures)


def _held(terminal: Terminal, key: str, keys: int, pictures: Mapping[int, int]) -> Held:
    before, received, begun = terminal.processor, terminal.received, time.perf_counter()
    struck: list[float] = []
    chunks: list[tuple[float, bytes]] = []
    for number in range(keys):
        chunks += terminal.wait(begun + number / A_SECOND)
        struck.append(time.perf_counter())
        terminal.press(key)
    last = struck[-1]
    used = terminal.processor - before
    while (more := terminal.wait(time.perf_counter() + 0.5)) and time.perf_counter() < last + PATIENCE:
        chunks += more
    shown = _shown(terminal, chunks, pictures)
    most = max((number for _at, number in shown), default=0)
    lags = [min(at for at, seen in shown if seen > number) - when for number, when in enumerate(struck[:most])]
    after = max((at for at, _number in shown), default=last) - last
    size = (terminal.received - received) / keys
    share = used / (last - begun) * 100
    return Held(share, tuple(lag * 1000 for lag in lags) or (float("inf"),), max(0.0, after) * 1000, size)


def _shown(
    terminal: Terminal, chunks: Sequence[tuple[float, bytes]], pictures: Mapping[int, int]
) -> list[tuple[float, int]]:
    """(moment, number of the key it answers) of each picture that is known."""
    found = []
    for at, chunk in chunks:
        terminal.draw(chunk)
        if (number := pictures.get(terminal.picture)) is not None:
            found.append((at, number))
    return found
