"""When a shop is open: what turns elapsed time into working time (spec C.10).

Without it a message that came on Friday evening is late on Monday morning, and nobody believes the figure again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from msgspec import Struct, field

from opstui.metrics.track import day_start, local_day

Kind = Literal["public", "joint_leave", "local"]
Roll = Literal["none", "next", "previous"]
Hours = tuple[tuple[int, int], ...]
"""Open intervals of one day as minutes after midnight, from (included) to (excluded), in order, apart."""

DAY = timedelta(days=1)
MINUTES = 24 * 60
LONGEST_CLOSURE = 370
"""A calendar that is shut for so many days on end counts as one that never opens again."""


class NeverOpen(ValueError):  # noqa: N818 - it describes the calendar
    """A calendar without an open hour where one was looked for."""


class Holiday(Struct, frozen=True):
    """A day off: its name, and whose it is (`joint_leave` days are kept or not, as the workspace decides)."""

    name: str
    kind: Kind = "public"


class BusinessCalendar(Struct, frozen=True, kw_only=True):
    """The open hours of a place.

    `week` has seven entries, Monday first. A day in `open_days` has those hours whatever else is said of it (an open
    Sunday for 9.9); any other day that is a holiday is closed.

    Raises:
        NeverOpen: there is no open hour in it at all.
        ValueError: the week has not seven days, or hours are out of order.

    """

    zone: tzinfo
    week: tuple[Hours, ...]
    holidays: Mapping[date, Holiday] = field(default_factory=dict)
    joint_leave: bool = True
    """Whether joint leave is kept: closed on those days."""
    open_days: Mapping[date, Hours] = field(default_factory=dict)
    _spans: dict[date, tuple[tuple[datetime, datetime], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no question could be answered from."""
        days = (*self.week, *self.open_days.values())
        if len(self.week) != 7:  # noqa: PLR2004 - days of a week
            raise ValueError("a week has seven days")
        for hours in days:
            edges = [minute for interval in hours for minute in interval]
            if edges != sorted(set(edges)) or any(not 0 <= minute <= MINUTES for minute in edges):
                raise ValueError(f"open hours must follow each other within one day: {hours}")
        if not any(days):
            raise NeverOpen("the calendar has no open hours")

    def day_off(self, day: date) -> Holiday | None:
        """The holiday that closes a day; None when none does."""
        found = self.holidays.get(day)
        kept = found is not None and (self.joint_leave or found.kind != "joint_leave")
        return found if kept and day not in self.open_days else None

    def hours(self, day: date) -> Hours:
        """The open hours of a local day; none when it is closed."""
        if day in self.open_days:
            return self.open_days[day]
        return () if self.day_off(day) else self.week[day.weekday()]

    def works(self, day: date) -> bool:
        """Whether the place is open at all on a local day."""
        return bool(self.hours(day))

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open intervals of a local day as moments in UTC. What a change of clocks skips is not there."""
        known = self._spans.get(day)
        if known is None:
            found = ((self._moment(day, a), self._moment(day, b)) for a, b in self.hours(day))
            known = self._spans[day] = tuple((a, b) for a, b in found if a < b)
        return known

    def _moment(self, day: date, minute: int) -> datetime:
        if minute == MINUTES:
            return day_start(day + DAY, self.zone)
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone).astimezone(UTC)


def business_minutes_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    """Open minutes from `start` (included) to `end` (excluded); both aware. 0 when the end is not after the start.

    Source: spec C.10, a sum of overlaps of half-open intervals (cases bizhours-between-01 to -04).
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return 0.0
    total, day, last = timedelta(), local_day(start, calendar.zone), local_day(end, calendar.zone)
    while day <= last:
        for opens, closes in calendar.spans(day):
            low, high = max(opens, start), min(closes, end)
            if low < high:
                total += high - low
        day += DAY
    return total / timedelta(minutes=1)


def add_business_minutes(calendar: BusinessCalendar, start: datetime, minutes: float) -> datetime:
    """The moment (UTC) at which so many open minutes have passed since `start`; `start` itself for none.

    What exactly fills a day ends at closing time, not at the next opening. Source: spec C.10 (bizhours-add-01 to -06).

    Raises:
        ValueError: negative minutes.
        NeverOpen: the calendar does not open again in time for them.

    """
    if minutes < 0:
        raise ValueError("business minutes are added, not taken away")
    at, left = start.astimezone(UTC), timedelta(minutes=minutes)
    if not left:
        return at
    day, closed = local_day(at, calendar.zone), 0
    while closed <= LONGEST_CLOSURE:
        closed += 1
        for opens, closes in calendar.spans(day):
            begin = max(opens, at)
            if begin < closes:
                closed = 0
                if left <= closes - begin:
                    return begin + left
                left -= closes - begin
        if day >= date.max - 3 * DAY:
            break
        day += DAY
    raise NeverOpen(f"the calendar has no open hours in the {LONGEST_CLOSURE} days up to {day.isoformat()}")


def roll_to_business_day(calendar: BusinessCalendar, day: date, roll: Roll) -> date:
    """The day itself when the place is open, else the nearest open one after it (`next`) or before it (`previous`).

    `none` leaves the day alone. Source: spec C.10, the "following" and "preceding" conventions of ISDA 2006, 4.12
    (case rrule-roll-01).

    Raises:
        NeverOpen: there is none within a year.

    """
    if roll == "none":
        return day
    step = DAY if roll == "next" else -DAY
    found = day
    for _turn in range(LONGEST_CLOSURE):
        if calendar.works(found):
            return found
        if not date.min + DAY <= found <= date.max - DAY:
            break
        found += step
    raise NeverOpen(f"no open day within {LONGEST_CLOSURE} days of {day.isoformat()}")
