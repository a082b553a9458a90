"""The workspace's calendar, holidays of its country included: what open hours are counted with.

The dates are those of the `holidays` package, which follows the yearly decrees; it is imported only when a calendar is
asked for. Days of the workspace's own go over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from msgspec import Struct

from opstui.config import Settings
from opstui.i18n import _
from opstui.metrics.calendar import BusinessCalendar, Holiday
from opstui.timetable import WEEKDAYS, read_hours

WITH_LEAVE = frozenset({"ID"})
"""Countries whose `government` days are joint leave: days off that are decreed, and kept by most but not by all."""
ESTIMATED = " (estimated)"


class Known(Struct, frozen=True):
    """What the package knows of a country's years. `warnings` say what is not certain, for people."""

    days: dict[date, Holiday]
    warnings: tuple[str, ...] = ()


class Opening(Struct, frozen=True):
    """A workspace's calendar for some years, and what is not certain about it."""

    calendar: BusinessCalendar
    country: str
    warnings: tuple[str, ...] = ()


def opening(settings: Settings, years: Iterable[int]) -> Opening:
    """The calendar of a workspace, with the holidays of these years (and what else they need)."""
    said = settings.calendar
    country = country_of(settings)
    known = holidays_of(country, tuple(sorted(set(years)))) if country else Known({})
    own = {date.fromisoformat(day): Holiday(name, "local") for day, name in said.holidays.items()}
    calendar = BusinessCalendar(
        zone=settings.zone,
        week=tuple(read_hours(getattr(said.hours, day)) for day in WEEKDAYS),
        holidays={**known.days, **own},
        joint_leave=said.joint_leave,
        open_days={date.fromisoformat(day): read_hours(text) for day, text in said.open.items()},
    )
    return Opening(calendar, country, known.warnings)


def country_of(settings: Settings) -> str:
    """The country whose holidays are kept: the setting, else that of the time zone; empty is none."""
    said = settings.calendar.country
    if said:
        return "" if said == "none" else said
    from babel.core import get_global  # noqa: PLC0415 - only for a calendar

    found = str(get_global("zone_territories").get(settings.timezone, ""))
    return found if re.fullmatch("[A-Z]{2}", found) and found != "ZZ" else ""


@lru_cache(maxsize=32)
def holidays_of(country: str, years: tuple[int, ...]) -> Known:
    """The public holidays and the joint leave of a country in these years, and what is not certain about them."""
    from holidays import list_supported_countries  # noqa: PLC0415 - 100 ms, only for a calendar

    if country not in list_supported_countries():
        hint = _("no holidays are known for {country}; write them under [calendar.holidays]").format(country=country)
        return Known({}, (hint,))
    public = _dates(country, years, "public")
    leave = _dates(country, years, "government") if country in WITH_LEAVE else {}
    days = {day: Holiday(name, "joint_leave") for day, name in leave.items()}
    days |= {day: Holiday(name) for day, name in public.items()}
    return Known(days, tuple(_warnings(country, years, public, leave)))


def _dates(country: str, years: tuple[int, ...], category: str) -> dict[date, str]:
    from holidays import country_holidays  # noqa: PLC0415 - see above

    languages = getattr(country_holidays(country), "supported_languages", ())
    language = "en_US" if "en_US" in languages else None
    found = country_holidays(country, years=years, expand=False, categories=(category,), language=language)
    return dict(sorted(found.items()))


def _warnings(country: str, years: tuple[int, ...], public: dict[date, str], leave: dict[date, str]) -> Iterator[str]:
    """What a person should look after: the dates depend on decrees that come year by year."""
    for year in years:
        names = dict.fromkeys(name for day, name in public.items() if day.year == year)
        unsure = [name.removesuffix(ESTIMATED) for name in names if name.endswith(ESTIMATED)]
        if not names:
            yield _("no holidays of {country} are known for {year}").format(country=country, year=year)
        elif unsure:
            text = _("{year}: the days of {names} are estimated; write the decreed ones under [calendar.holidays]")
            yield text.format(year=year, names=", ".join(unsure))
        if names and country in WITH_LEAVE and not any(day.year == year for day in leave):
            text = _("{year}: the joint leave of {country} is not known yet; write it under [calendar.holidays]")
            yield text.format(year=year, country=country)
