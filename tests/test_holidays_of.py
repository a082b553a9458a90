"""The workspace's calendar: holidays of its country, its own days over them, and what is not certain."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from opstui.config import Settings
from opstui.holidays_of import country_of, holidays_of, opening
from opstui.metrics.calendar import add_business_minutes
from opstui.timetable import Timetable, Week

LEAVE_2026 = ["02-16", "03-18", "03-20", "03-23", "03-24", "05-15", "05-28", "12-24"]


def settings(**more: object) -> Settings:
    return Settings(calendar=Timetable(**more))  # type: ignore[arg-type]


def test_indonesian_days_of_2026_are_those_of_the_decree() -> None:
    known = holidays_of("ID", (2026,))
    leave = [f"{day:%m-%d}" for day, off in sorted(known.days.items()) if off.kind == "joint_leave"]
    assert leave == LEAVE_2026
    assert sum(off.kind == "public" for off in known.days.values()) == 17
    assert known.warnings == ()


@pytest.mark.parametrize(("kept", "ends"), [(True, "2026-03-25T12:00:00+07:00"), (False, "2026-03-18T12:00:00+07:00")])
def test_joint_leave_is_kept_or_not(kept: bool, ends: str) -> None:
    place = opening(settings(joint_leave=kept), [2026]).calendar
    start = datetime.fromisoformat("2026-03-17T16:00:00+07:00")
    assert add_business_minutes(place, start, 240) == datetime.fromisoformat(ends)


def test_own_days_go_over_those_of_the_country() -> None:
    own = settings(
        hours=Week(mon="08:00-12:00, 13:00-17:00"),
        holidays={"2026-09-07": "Stocktaking"},
        open={"2026-08-17": "10:00-12:00", "2026-09-06": ""},
    )
    place = opening(own, [2026]).calendar
    assert place.hours(date(2026, 8, 17)) == ((600, 720),)
    assert place.hours(date(2026, 9, 14)) == ((480, 720), (780, 1020))
    off = place.day_off(date(2026, 9, 7))
    assert off
    assert (off.name, off.kind) == ("Stocktaking", "local")


@pytest.mark.parametrize(
    ("zone", "country", "found"),
    [
        ("Asia/Jakarta", "", "ID"), ("Asia/Jayapura", "", "ID"), ("Europe/Berlin", "", "DE"), ("UTC", "", ""),
        ("Asia/Jakarta", "SG", "SG"), ("Asia/Jakarta", "none", ""),
    ],
)  # fmt: skip
def test_the_country_is_that_of_the_time_zone_or_as_said(zone: str, country: str, found: str) -> None:
    assert country_of(Settings(timezone=zone, calendar=Timetable(country=country))) == found


@pytest.mark.parametrize(
    ("country", "year", "words"),
    [
        ("ID", 2027, ["2027: the days of Eid al-Fitr"]),
        ("ID", 2029, ["2029: the days of", "2029: the joint leave of ID is not known yet"]),
        ("ID", 1900, ["no holidays of ID are known for 1900"]),
        ("QQ", 2026, ["no holidays are known for QQ"]),
        ("SG", 2024, []),
    ],
)
def test_what_is_not_certain_is_said(country: str, year: int, words: list[str]) -> None:
    warnings = holidays_of(country, (year,)).warnings
    assert len(warnings) == len(words)
    assert all(text.startswith(start) for text, start in zip(warnings, words, strict=True))


def test_no_country_no_holidays() -> None:
    assert opening(settings(country="none"), [2026]).calendar.holidays == {}
