"""What one run measures: how much, how often, and the workspaces it is measured on, made once when first asked for.

Three sizes of everything: the usual one, `--large`, and `--quick`, which only shows that all of it still runs.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from bench.archive import make_archive
from bench.shop import make_shop

if TYPE_CHECKING:
    from pathlib import Path

BY_HAND = 20_000
"""Cards up to which a workspace is made through the one door; beyond, its lines are written directly."""


@dataclass(frozen=True)
class Plan:
    """The sizes of one run. Figures of a quick one mean nothing."""

    scratch: Path
    cards: tuple[int, ...] = (100, 1000, 10_000)
    """Of the workspaces the console is opened on."""
    runs: int = 5
    """Of each start; medians are shown."""
    stores: tuple[int, ...] = (1000, 10_000, 100_000)
    """Cards of the workspaces the store is measured on; the first is the small one."""
    events: int = 10
    """Of history for each of their cards, where history counts."""
    tails: tuple[int, ...] = (0, 500, 1000)
    """Batches that db.json does not know of yet."""
    turns: int = 300
    """Durable writes of each kind."""
    batches: int = 200
    """Of each of the writers that write at once, a round."""
    writers: int = 8
    crowd: int = 50
    """Sessions that look on at once."""
    changes: int = 25
    """They are shown."""
    office: int = 8
    """Sessions whose memory and idling is measured."""
    idle: float = 60.0
    """Seconds; a minute, because that is how often a session has something to do."""
    rounds: int = 3
    """Of whatever is slow."""
    _made: dict[tuple[int, int, bool], Path] = field(default_factory=dict)
    _copies: count[int] = field(default_factory=count)

    def shop(self, cards: int) -> Path:
        """A workspace with that many orders; who writes to it does no harm to others."""
        if cards > BY_HAND:
            return self.archive(cards, 0)
        if (cards, -1, False) not in self._made:
            self._made[cards, -1, False] = make_shop(self.scratch / f"shop-{cards}", cards)
        return self._made[cards, -1, False]

    def archive(self, cards: int, events: int, *, over: bool = False) -> Path:
        """A workspace with that many orders and so much history on top; with `over`, most of it is done."""
        key = cards, events, over
        if key not in self._made:
            name = f"{'shop' if over else 'archive'}-{cards}-{events}"
            self._made[key] = make_archive(self.scratch / name, cards, events, over=over)
        return self._made[key]

    def copy(self, workspace: Path) -> Path:
        """A workspace of one's own."""
        return shutil.copytree(workspace, self.scratch / f"copy-{next(self._copies)}")


def quick(scratch: Path) -> Plan:
    """The smallest of everything."""
    return Plan(
        scratch,
        cards=(40, 80),
        runs=1,
        stores=(40, 80, 160),
        events=3,
        tails=(0, 20),
        turns=8,
        batches=5,
        writers=3,
        crowd=3,
        changes=3,
        office=2,
        idle=1.0,
        rounds=1,
    )
