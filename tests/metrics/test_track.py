"""Where days begin and end, up to the ends of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from opstui.metrics.track import day_end, day_start

ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Pacific/Kiritimati", "America/Los_Angeles", "UTC")]


def test_a_day_is_a_day_of_its_zone() -> None:
    assert day_start(date(2026, 9, 1), ZONES[0]) == datetime(2026, 8, 31, 17, tzinfo=UTC)
    assert day_end(date(2026, 9, 1), ZONES[0]) == datetime(2026, 9, 1, 17, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(day: date, zone: ZoneInfo) -> None:
    start, end = day_start(day, zone), day_end(day, zone)
    assert start <= end
    for at in (start, end):
        assert at.astimezone(zone).year == day.year, "a moment that can be shown"
        assert (at < datetime(2026, 1, 1, tzinfo=UTC)) == (day == date.min)
