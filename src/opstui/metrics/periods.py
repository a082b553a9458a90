"""Periods as people name them (2026-09, 2026-Q3, 2026-W37) and the moments at which they begin and end."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta, tzinfo

from opstui.metrics.track import day_start

_WEEK = timedelta(days=7)
_FORM = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|Q([1-4])|W(\d{2})))?", re.ASCII)


def iso_week(day: date) -> str:
    """The week of a day as `2026-W53`. The year is that of the week: 1 January 2027 is in 2026-W53.

    Source: ISO 8601-1:2019, 5.2 (case cal-week-01).
    """
    year, week, _weekday = day.isocalendar()
    return f"{year:04}-W{week:02}"


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), the month's last where there is no such day.

    Count the k-th date from the first one, never from the one before: 31 January, 28 February, 31 March.
    Source: spec C.10, as dateutil's relativedelta (case cal-reldelta-01).

    Raises:
        ValueError: it is beyond the calendar (years 1 to 9999).

    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= years <= date.max.year:
        raise ValueError(f"{months} months from {day.isoformat()} is beyond the calendar")
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def period_days(period: str, first_month: int = 1) -> tuple[date, date]:
    """A named period as its first day and the day after its last.

    A day (2026-09-07), week (2026-W37), month (2026-09), quarter (2026-Q3) or year (2026). Quarters and years are
    fiscal ones: they begin with `first_month`, in the calendar year they are named after. Source: spec C.10.

    Raises:
        ValueError: no such period, or no such month.

    """
    if not 1 <= first_month <= 12:  # noqa: PLR2004 - months
        raise ValueError("a fiscal year begins with a month from 1 to 12")
    found = _FORM.fullmatch(period)
    if found is None:
        raise ValueError(f"'{period[:20]}' is no period like 2026-09, 2026-Q3, 2026-W37, 2026 or 2026-09-07")
    year, month, day, quarter, week = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        return _days(year, month, day, quarter, week, first_month)
    except (ValueError, OverflowError):
        raise ValueError(f"there is no {period}") from None


def _days(
    year: int, month: int | None, day: int | None, quarter: int | None, week: int | None, first_month: int
) -> tuple[date, date]:
    if week is not None:
        monday = date.fromisocalendar(year, week, 1)
        return monday, monday + _WEEK
    if day is not None and month is not None:
        one = date(year, month, day)
        return one, one + timedelta(days=1)
    if month is not None:
        return date(year, month, 1), add_months(date(year, month, 1), 1)
    start = add_months(date(year, first_month, 1), 3 * ((quarter or 1) - 1))
    return start, add_months(start, 3 if quarter else 12)


def period_bounds(period: str, zone: tzinfo, first_month: int = 1) -> tuple[datetime, datetime]:
    """A named period as moments in UTC: from its first (included) to the first after it (excluded).

    Source: spec C.10, half-open intervals of local days (cases cal-month-01, cal-quarter-01).

    Raises:
        ValueError: no such period.

    """
    first, after = period_days(period, first_month)
    return day_start(first, zone), day_start(after, zone)
