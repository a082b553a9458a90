"""What every page of numbers is made from, so that one screen, one command and one test can ask for any of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.boards import Board, first_of
from opstui.domain.events import Batch
from opstui.domain.state import Reader
from opstui.formats import Formats
from opstui.metrics.track import Passage, day_end, day_start, local_day
from opstui.projections.figures.lately import Period

PERIODS = (30, 90, 365)
"""The days, today included, that a page may be about."""


class Settled(Struct, frozen=True):
    """Cards of a done stage, done before a period: `n` stand there still, `gone` is when others were put away in it."""

    n: int
    gone: tuple[datetime, ...] = ()

    def at(self, end: datetime) -> int:
        """How many of them stood there at a moment of the period."""
        return self.n + sum(at >= end for at in self.gone)


class Source(Struct, frozen=True, kw_only=True):
    """`days` local days, the one of `as_of` the last. `board` is the one on screen, `card` the one under the cursor.

    `passages` gives a board's passages, those of its archived cards too (its id -> passages; dropped ones are left
    out), as far as the period needs them; `settled` how many cards of its done stages were done before those;
    `cards` what they add up to.
    `events_of` is a store's: (table, ids, kinds) -> the batches about them, oldest first.
    """

    reader: Reader
    settings: Settings
    as_of: datetime
    days: int
    passages: Callable[[str], Sequence[Passage]]
    settled: Callable[[str], Mapping[str, Settled]]
    cards: Callable[[str], Period]
    events_of: Callable[[str, Collection[int], Collection[str] | None], Iterable[Batch]]
    board: Board | None = None
    card: int | None = None

    @property
    def formats(self) -> Formats:
        """How numbers, money and days are written in sentences."""
        return Formats(self.settings.locale, self.settings.currency, self.settings.zone)

    @property
    def today(self) -> date:
        """The local day of `as_of`."""
        return local_day(self.as_of, self.settings.zone)

    @property
    def first(self) -> date:
        """The first local day of the period."""
        return self.today - timedelta(days=self.days - 1)

    @property
    def since(self) -> datetime:
        """The first moment of the period."""
        return day_start(self.first, self.settings.zone)

    @property
    def until(self) -> datetime:
        """The first moment after the period: the end of today."""
        return day_end(self.today, self.settings.zone)

    @property
    def period(self) -> tuple[date, date]:
        """The first local day, and the day after the last."""
        return self.first, self.today + timedelta(days=1)

    def first_of(self, kind: str) -> Board | None:
        """The board on screen when it is of that kind, else the first that is."""
        if self.board is not None and self.board.kind == kind:
            return self.board
        return first_of(self.settings.boards, kind)
