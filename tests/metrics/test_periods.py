"""Periods and rules that repeat: what they are named after, where they end, what is refused."""

from __future__ import annotations

import warnings
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.metrics.periods import add_months, iso_week, period_bounds, period_days
from opstui.metrics.recurrence import CAP, BadRule, occurrences

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
T = datetime.fromisoformat("2026-01-31T09:00")


@pytest.mark.parametrize(
    ("period", "first_month", "first", "after"),
    [
        ("2026-02", 1, "2026-02-01", "2026-03-01"),
        ("2026-12", 1, "2026-12-01", "2027-01-01"),
        ("2026-W53", 1, "2026-12-28", "2027-01-04"),
        ("2026", 1, "2026-01-01", "2027-01-01"),
        ("2026", 4, "2026-04-01", "2027-04-01"),
        ("2026-Q4", 4, "2027-01-01", "2027-04-01"),
        ("2028-02-29", 1, "2028-02-29", "2028-03-01"),
    ],
)
def test_periods(period: str, first_month: int, first: str, after: str) -> None:
    assert period_days(period, first_month) == (date.fromisoformat(first), date.fromisoformat(after))


@pytest.mark.parametrize(
    "period", ["2026-13", "2026-Q5", "2025-W53", "2026-02-30", "26-01", "0000", "9999-12", "", "٢٠٢٦"]
)
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="no "):
        period_days(period)


@given(days)
def test_a_day_lies_in_the_week_of_its_name(day: date) -> None:
    first, after = period_days(iso_week(day))
    assert first <= day < after


@given(days, st.integers(-500, 500))
def test_months_later_is_the_same_day_or_the_last(day: date, months: int) -> None:
    found = add_months(day, months)
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)
    assert (found.year - day.year) * 12 + found.month - day.month == months


def test_quarters_follow_each_other_without_a_gap() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    edges = [period_bounds(f"2017-Q{n}", zone) for n in (1, 2, 3, 4)]
    assert all(a[1] == b[0] for a, b in pairwise(edges))


def test_beyond_the_calendar_is_an_error() -> None:
    with pytest.raises(ValueError, match="beyond"):
        add_months(date(9999, 12, 1), 1)
    with pytest.raises(ValueError, match="1 to 12"):
        period_days("2026", 13)


def dates(rule: str, **more: object) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [at.date().isoformat() for at in occurrences(rule, T, **more)]  # type: ignore[arg-type]


def test_a_rule_is_capped_and_goes_on_from_where_it_was() -> None:
    assert len(dates("FREQ=DAILY")) == CAP
    assert dates("FREQ=DAILY", limit=2) == ["2026-01-31", "2026-02-01"]
    assert dates("FREQ=MONTHLY;BYMONTHDAY=1", after=datetime.fromisoformat("2027-03-01T09:00"), limit=1) == [
        "2027-04-01"
    ]
    assert dates("FREQ=DAILY;COUNT=3", after=T) == ["2026-02-01", "2026-02-02"]


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("RRULE:FREQ=DAILY;UNTIL=20260202", "2026-02-02"),
        ("freq=daily;until=20260202T080000", "2026-02-01"),
        ("FREQ=DAILY;UNTIL=20260202T020000Z", "2026-02-02"),
        ("FREQ=DAILY;UNTIL=20260202T015959Z", "2026-02-01"),
    ],
)
def test_until(rule: str, last: str) -> None:
    assert dates(rule, zone=ZoneInfo("Asia/Jakarta"))[-1] == last


def test_a_rule_without_dates_ends() -> None:
    assert dates("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1") == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY", "FREQ=MINUTELY;COUNT=1", "FREQ=DAILY;BYHOUR=1,2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=0",
        "", "COUNT=3", "FREQ=NEVER", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;COUNT=1;UNTIL=20270101", "FREQ=DAILY;X=1",
        "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;UNTIL=20261399", "FREQ=DAILY;UNTIL=tomorrow", "FREQ=DAILY\nEXDATE:20260101",
        "FREQ=MONTHLY;BYMONTHDAY=a", "FREQ=DAILY;INTERVAL=-1", "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", "FREQ=DAILY;WKST=QQ",
    ],
)  # fmt: skip
def test_what_cannot_be_expanded_is_refused_with_a_reason(rule: str) -> None:
    with pytest.raises(BadRule, match=r"\w{3}"):
        occurrences(rule, T)


def test_a_leap_day_comes_where_it_is() -> None:
    assert dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3") == ["2028-02-29", "2032-02-29", "2036-02-29"]
    late = datetime.fromisoformat("9999-12-25T09:00")
    assert [at.day for at in occurrences("FREQ=DAILY", late)] == [25, 26, 27, 28, 29]
    assert occurrences("FREQ=YEARLY", late, after=late) == []
