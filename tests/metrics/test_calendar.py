"""Open hours: laws that hold for any calendar, and days on which people get it wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opstui.metrics.calendar import (
    BusinessCalendar,
    Holiday,
    Hours,
    NeverOpen,
    add_business_minutes,
    business_minutes_between,
    roll_to_business_day,
)

OFFICE: Hours = ((9 * 60, 17 * 60),)
WEEK = (OFFICE,) * 5 + ((), ())
START = datetime(2026, 9, 1, tzinfo=UTC)

zones = st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin", "America/Sao_Paulo", "UTC"]).map(ZoneInfo)
hours = st.lists(st.integers(0, 24 * 60), max_size=4, unique=True).map(
    lambda edges: tuple(zip(sorted(edges)[0::2], sorted(edges)[1::2], strict=False))
)
days_off = st.dictionaries(
    st.integers(0, 60).map(lambda n: date(2026, 9, 1) + timedelta(days=n)),
    st.sampled_from([Holiday("x"), Holiday("y", "joint_leave")]),
    max_size=8,
)
calendars = st.builds(
    BusinessCalendar,
    zone=zones,
    week=st.tuples(*[hours] * 7).filter(any),
    holidays=days_off,
    joint_leave=st.booleans(),
)
moments = st.integers(0, 90 * 24 * 60).map(lambda n: START + timedelta(minutes=n))


def calendar(**more: object) -> BusinessCalendar:
    return BusinessCalendar(**{"zone": ZoneInfo("Asia/Jakarta"), "week": WEEK, **more})  # type: ignore[arg-type]


@given(calendars, moments, st.integers(0, 5000))
def test_adding_and_then_measuring_gives_the_minutes_back(place: BusinessCalendar, at: datetime, minutes: int) -> None:
    assert business_minutes_between(place, at, add_business_minutes(place, at, minutes)) == minutes


@settings(max_examples=30)
@given(calendars, moments, st.integers(0, 2000))
def test_a_walk_minute_by_minute_says_the_same(place: BusinessCalendar, at: datetime, minutes: int) -> None:
    """An independent way to the same figure, as slow as it is plain."""
    walked = 0
    for n in range(minutes):
        local = (at + timedelta(minutes=n)).astimezone(place.zone)
        off = place.holidays.get(local.date())
        shut = off is not None and (place.joint_leave or off.kind != "joint_leave")
        clock = local.hour * 60 + local.minute
        walked += not shut and any(a <= clock < b for a, b in place.week[local.weekday()])
    assert business_minutes_between(place, at, at + timedelta(minutes=minutes)) == walked


@given(calendars, moments, moments, moments)
def test_between_is_additive(place: BusinessCalendar, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    parts = business_minutes_between(place, a, b) + business_minutes_between(place, b, c)
    assert parts == pytest.approx(business_minutes_between(place, a, c))


@given(calendars, moments, st.integers(0, 3000), st.integers(0, 3000))
def test_adding_in_two_steps_is_adding_at_once(place: BusinessCalendar, at: datetime, a: int, b: int) -> None:
    assert add_business_minutes(place, add_business_minutes(place, at, a), b) == add_business_minutes(place, at, a + b)


@given(calendars, st.integers(0, 60).map(lambda n: date(2026, 9, 1) + timedelta(days=n)))
def test_rolling_ends_on_an_open_day_and_is_then_at_rest(place: BusinessCalendar, day: date) -> None:
    ahead, back = roll_to_business_day(place, day, "next"), roll_to_business_day(place, day, "previous")
    assert back <= day <= ahead
    assert place.works(ahead)
    assert place.works(back)
    assert roll_to_business_day(place, ahead, "next") == ahead


def test_lunch_is_left_out() -> None:
    place = calendar(week=(((480, 720), (780, 1020)),) * 7)
    at = datetime.fromisoformat("2026-09-07T11:50:00+07:00")
    assert add_business_minutes(place, at, 20) == datetime.fromisoformat("2026-09-07T13:10:00+07:00")
    assert business_minutes_between(place, at, at + timedelta(hours=2)) == 60


def test_an_open_sunday_goes_over_the_week_and_over_a_holiday() -> None:
    sunday = date(2026, 9, 6)
    place = calendar(holidays={sunday: Holiday("x")}, open_days={sunday: ((600, 660),)})
    assert place.works(sunday)
    assert place.day_off(sunday) is None
    at = datetime.fromisoformat("2026-09-04T16:30:00+07:00")
    assert add_business_minutes(place, at, 60) == datetime.fromisoformat("2026-09-06T10:30:00+07:00")


def test_joint_leave_is_kept_or_not() -> None:
    leave = {date(2026, 9, 7): Holiday("Joint leave", "joint_leave")}
    assert not calendar(holidays=leave).works(date(2026, 9, 7))
    assert calendar(holidays=leave, joint_leave=False).works(date(2026, 9, 7))


def test_a_change_of_clocks_is_elapsed_time() -> None:
    night = BusinessCalendar(zone=ZoneInfo("Europe/Berlin"), week=(((0, 24 * 60),),) * 7)
    day = datetime(2026, 3, 29, tzinfo=night.zone)
    assert business_minutes_between(night, day, datetime(2026, 3, 30, tzinfo=night.zone)) == 23 * 60


@pytest.mark.parametrize("week", [((),) * 7, ((),) * 6])
def test_an_empty_calendar_is_an_error(week: tuple[Hours, ...]) -> None:
    with pytest.raises(ValueError, match=r"no open hours|seven days"):
        calendar(week=week)


@pytest.mark.parametrize("bad", [((600, 500),), ((0, 60), (60, 90)), ((0, 1500),), ((-5, 60),)])
def test_hours_out_of_order_are_refused(bad: Hours) -> None:
    with pytest.raises(ValueError, match="follow each other"):
        calendar(week=(bad,) * 7)


def test_it_never_looks_for_ever() -> None:
    once = calendar(week=((),) * 7, open_days={date(2026, 9, 7): OFFICE})
    at = datetime.fromisoformat("2026-09-07T10:00:00+07:00")
    assert add_business_minutes(once, at, 420) == at + timedelta(hours=7)
    with pytest.raises(NeverOpen):
        add_business_minutes(once, at, 421)
    with pytest.raises(NeverOpen):
        roll_to_business_day(once, date(2026, 9, 8), "next")
    with pytest.raises(NeverOpen):
        add_business_minutes(calendar(), datetime(9999, 12, 29, tzinfo=UTC), 10_000)
    with pytest.raises(NeverOpen):
        roll_to_business_day(once, date.max, "next")


def test_minutes_are_not_taken_away() -> None:
    with pytest.raises(ValueError, match="added"):
        add_business_minutes(calendar(), START, -1)
