"""What the panels about flow have in common: the cards of one board over one period, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.metrics.flow import cumulative_flow, cycle_hours
from opstui.metrics.track import Passage
from opstui.projections.figures.source import Source

DAY = timedelta(days=1)


def days(hours: float | None) -> float | None:
    """Hours as days."""
    return None if hours is None else hours / 24


class Lately(Struct, frozen=True, kw_only=True, dict=True):
    """`ways` are the board's passages that the period needs, `done` those of them that were done in it."""

    source: Source
    board: Board
    ways: Sequence[Passage]
    done: Sequence[Passage]

    @cached_property
    def cycles(self) -> list[float]:
        """Hours of work of each card that was done."""
        return cycle_hours(self.done)

    def bands(self, wanted: Sequence[date]) -> dict[date, dict[str, int]]:
        """Cards in each stage at the end of these days."""
        stages = [stage.id for stage in self.board.stages]
        first, after = self.source.period
        every = cumulative_flow(self.ways, stages, first, after, self.source.settings.zone)
        return {day: every[day] for day in wanted}
