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
    limit: float | None = None
    """The largest value that is fine, whatever the yardstick says: where people feel it, or where it may not grow."""

    @property
    def ratio(self) -> float | None:
        """The value in yardsticks."""
        return self.value / self.yardstick if self.yardstick else None

    @property
    def allowed(self) -> float | None:
        """The largest value that is fine; None where there is no budget."""
        if self.limit is not None or self.budget is None:
            return self.limit
        return self.budget * (self.yardstick or 1.0)

    @property
    def verdict(self) -> str:
        """How it stands to its budget: ok, over and by how much, or nothing where there is none."""
        allowed = self.allowed
        if allowed is None:
            return ""
        if self.value <= allowed:
            return "ok"
        return f"over by {max(1.0, 100 * (self.value / allowed - 1)):.0f} %" if allowed else "over"

    @property
    def terms(self) -> str:
        """The budget in words: so many yardsticks, or so much."""
        if self.allowed is None:
            return ""
        return f"{self.budget:g} x" if self.limit is None and self.yardstick else f"{self.allowed:,.4g} {self.unit}"


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
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def p99(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[-1] if len(values) > 1 else values[0]


def spread(values: Sequence[float]) -> str:
    """The rest of a figure, for its note."""
    return f"median {statistics.median(values):.2f}, p99 {p99(values):.2f}, max {max(values):.2f}"


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
