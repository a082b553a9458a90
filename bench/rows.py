"""What a figure is and how it is taken: in turns with its yardstick, as a median.

Milliseconds are information about this machine; what is compared is the ratio. Budgets are told, never enforced: a
timed test that fails on a busy machine teaches people to ignore it.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.terminal import QUIET, Memory, Stroke, Terminal, world


@dataclass(frozen=True)
class Row:
    """A line of the table. `unit` is of both figures; `note` says what else was seen."""

    what: str
    value: float
    yardstick: float | None
    unit: str
    budget: float | None = None
    """The largest ratio that is fine; without a yardstick, the largest value."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The value in yardsticks."""
        return self.value / self.yardstick if self.yardstick else None

    @property
    def verdict(self) -> str:
        """How it stands to its budget: ok, over, or nothing where there is none."""
        if self.budget is None:
            return ""
        return "ok" if (self.ratio or self.value) <= self.budget else "over"


def in_turns(runs: int, *measures: Callable[[], float]) -> list[float]:
    """The medians of measures that were taken in turns, so that a busy minute hits all of them."""
    series = [[measure() for measure in measures] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*series, strict=True)]


def runtime(command: Sequence[str | Path]) -> float:
    """Milliseconds of a whole process."""
    begun = time.perf_counter()
    subprocess.run(command, env=world(), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begun) * 1000


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


@dataclass(frozen=True)
class Visit:
    """A session in a terminal: until its board stood there, what each key cost, what it held at the end."""

    board: float
    strokes: tuple[Stroke, ...]
    memory: Memory

    @property
    def took(self) -> list[float]:
        """Milliseconds of each key that changed the screen."""
        return [stroke.ms for stroke in self.strokes if stroke.ms is not None]

    @property
    def sizes(self) -> list[int]:
        """Bytes of each key."""
        return [stroke.size for stroke in self.strokes]


def visit(
    command: Sequence[str | Path], pattern: str, keys: str, quiet: float = QUIET, env: Mapping[str, str] | None = None
) -> Visit:
    """Open a program, wait for `pattern`, press the keys one by one."""
    with Terminal(command, env=env) as terminal:
        board = terminal.until(pattern)
        terminal.settle()
        strokes = tuple(terminal.key(key, quiet) for key in keys)
        return Visit(board, strokes, terminal.memory())


def timed(deed: Callable[[], object]) -> float:
    """Milliseconds of a call."""
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1000
