"""What every format has in common: what it is told, what it hands back, and what it says about the rows.

A row is never dropped in silence: whatever was not taken as it stood becomes a `Problem` with its place, and what
was assumed for the whole file becomes a note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from opstui.domain.boards import DEFAULT_BOARDS, Board
from opstui.domain.commands import ImportStock
from opstui.domain.model import Draft
from opstui.progress import Progress, silent

Kind = Literal["refused", "repaired", "dropped", "doubtful"]
"""refused: bad row, left out. repaired: taken, with a part changed or missing. dropped: not data (titles, totals, empty
lines). doubtful: taken as it stands, but the file contradicts itself."""


class Context(Struct, frozen=True, kw_only=True):
    """What a format cannot know from the file.

    The zone of times without one, the currency of amounts without one, the time, and the boards cards will stand on.
    """

    zone: ZoneInfo
    currency: str
    now: datetime
    boards: tuple[Board, ...] = DEFAULT_BOARDS
    progress: Progress = silent
    """Told how many lines of a file have been read."""


class Problem(Struct, frozen=True):
    """One thing about one row. `line` is the physical line it starts on (1 is the first; 0: the whole file).

    `reason` is the same text for all rows of one sort, so that it can be counted; `value` is what stood there.
    """

    file: str
    line: int
    reason: str
    kind: Kind
    value: str = ""


@dataclass(slots=True)
class Report:
    """What became of a file's rows. Filled while reading; texts in it are for people."""

    rows: int = 0
    cards: int = 0
    metric_rows: int = 0
    products: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, kind: Kind) -> int:
        """How many problems of this kind; a repaired row with two repairs counts twice."""
        return sum(p.kind == kind for p in self.problems)

    def add(self, kind: Kind, file: str, line: int, reason: str, value: str = "") -> None:
        """Say what happened to a row."""
        self.problems.append(Problem(file, line, reason, kind, value))


class Reading(Struct, frozen=True, kw_only=True):
    """A foreign file in our words. `drafts` are in an order in which their links resolve."""

    drafts: tuple[Draft, ...] = ()
    stock: tuple[ImportStock, ...] = ()
    report: Report


class Format(Struct, frozen=True):
    """A foreign format: its id on the command line, its name, what it reads, and its reader.

    `read(paths, context)` raises `Refused` (place, reason, next step) when the file as a whole cannot be read.
    """

    id: str
    title: str
    reads: str
    read: Callable[[Sequence[Path], Context], Reading]
