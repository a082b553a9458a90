"""Counting by local day over documents, without parsing their times.

Documents hold times as UTC texts of one shape, so the day of a time is found by comparing texts: ten thousand
cards cost some milliseconds. Fourteen days are kept: the last seven for a sparkline, the seven before to compare with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from opstui.metrics.track import day_start, local_day

SPARK_DAYS = 7
DAYS = 2 * SPARK_DAYS
TODAY = DAYS - 1
SLOTS = DAYS + 2
"""A list by day has a slot more for what is later, and a last one, -1, for what is older."""


def week(by_day: Sequence[int]) -> tuple[float, ...]:
    """The last seven of the fourteen days, today last."""
    return tuple(by_day[DAYS - SPARK_DAYS : DAYS])


class Days:
    """The last fourteen local days: the first moments of each and of tomorrow, as documents write times."""

    def __init__(self, as_of: datetime, zone: ZoneInfo) -> None:
        self.today = local_day(as_of, zone)
        self.starts = [_text(day_start(self.today + timedelta(days=n), zone)) for n in range(1 - DAYS, 2)]
        self.oldest = self.starts[0]
        self.same_time_yesterday = _text(as_of - timedelta(days=1))
        self._late: dict[str, int | None] = {}

    def index(self, at: str) -> int:
        """The day a time falls on: -1 before the first, 13 today, 14 later."""
        return -1 if at < self.oldest else bisect_right(self.starts, at) - 1

    def late_since(self, due: str) -> int | None:
        """The day a card that was due becomes late; None when that is not yet."""
        if due not in self._late:
            over = (self.today - date.fromisoformat(due)).days
            self._late[due] = max(0, DAYS - over) if over > 0 else None
        return self._late[due]


def _text(at: datetime) -> str:
    """Without the zone's Z, so that it sorts before every fraction of its own second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


class Standing:
    """How many things stood open at the end of each of the fourteen days, from when each came and went."""

    def __init__(self) -> None:
        self.now = 0
        self._steps = [0] * SLOTS

    def take(self, came: int, went: int | None, sign: int = 1) -> None:
        """One thing, or (sign -1) one less; days as indices, `went` None while it is open."""
        self.now += sign if went is None else 0
        came = max(came, 0)
        if came < DAYS and (went is None or went > came):
            self._steps[came] += sign
            if went is not None:
                self._steps[went] -= sign

    def spark(self) -> tuple[float, ...]:
        """The last seven days; the last figure is how it stands now."""
        return (*list(accumulate(self._steps[:TODAY]))[1 - SPARK_DAYS :], self.now)
