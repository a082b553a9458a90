"""What `[calendar]` and `[sla]` of the settings say: open hours, days off, and how soon a customer is answered.

Bare values and what is wrong with them; the calendar that counts is made of them where it is needed (`holidays_of`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Literal

from opstui.domain.model import clean_line
from opstui.i18n import _

Problem = tuple[tuple[str | int, ...], str]
"""(place in the file, what is wrong there)."""
Hours = tuple[tuple[int, int], ...]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INTERVAL = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})", re.ASCII)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Open hours by weekday, as people write them; empty is closed."""

    mon: str = "09:00-17:00"
    tue: str = "09:00-17:00"
    wed: str = "09:00-17:00"
    thu: str = "09:00-17:00"
    fri: str = "09:00-17:00"
    sat: str = ""
    sun: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The `[calendar]` of the settings.

    `country` is an ISO 3166 code; empty is the one of the time zone, "none" keeps no country's holidays. `holidays`
    (day -> name) are the workspace's own days off, `open` (day -> hours) days on which it is open whatever else is
    said. `joint_leave`: closed on the days of joint leave that the state decrees.
    """

    country: str = ""
    joint_leave: bool = True
    hours: Week = field(default_factory=Week)
    holidays: dict[str, str] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Open minutes within which a card of a board kind is answered and settled, by severity or priority."""

    first_response: dict[str, float] = field(default_factory=dict)
    resolution: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """Minutes, by the clock, within which an incident of a severity is noticed, taken up, contained and over."""

    detect: float | None = None
    acknowledge: float | None = None
    mitigate: float | None = None
    resolve: float | None = None


DEFAULT_PROMISES: Mapping[str, Promise] = {
    "feedback": Promise(
        first_response={"low": 480, "normal": 240, "high": 120, "critical": 60},
        resolution={"low": 2400, "normal": 1440, "high": 960, "critical": 480},
    )
}
"""Board kind -> what is promised where the settings say nothing."""

LEVELS: Mapping[str, tuple[str, ...]] = {
    "feedback": ("low", "normal", "high", "critical"),
    "order": ("low", "normal", "high", "urgent"),
    "campaign": ("low", "normal", "high", "urgent"),
    "action": ("low", "normal", "high", "urgent"),
}
"""Board kind -> the levels its cards have: feedback a severity, the others a priority."""


def promised(
    sla: Mapping[str, Promise], kind: str, clock: Literal["first_response", "resolution"], level: str
) -> float | None:
    """The target in open minutes; None when nothing is promised. What the settings leave out keeps its default."""
    for promises in (sla, DEFAULT_PROMISES):
        known = getattr(promises.get(kind), clock, {})
        if level in known:
            return float(known[level])
    return None


def read_hours(text: str) -> Hours:
    """Open hours as minutes after midnight: `08:00-12:00, 13:00-17:00`; empty is closed.

    Raises:
        ValueError: they cannot be read, or do not follow each other; its text says which.

    """
    found = tuple(_interval(part.strip()) for part in text.split(",") if text.strip())
    for (_opens, closes), (opens, _closes) in pairwise(found):
        if opens <= closes:
            raise ValueError(_("the hours of a day follow each other, apart"))
    return found


def _interval(text: str) -> tuple[int, int]:
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise ValueError(_("'{text}' is no time like 09:00-17:00").format(text=clean_line(text)[:30]))
    hours = [int(part) for part in match.groups()]
    opens, closes = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if hours[1] > 59 or hours[3] > 59 or not opens < closes <= _DAY:  # noqa: PLR2004 - minutes
        raise ValueError(
            _("'{text}': it closes after it opens, on the same day; past midnight, write the next day's too").format(
                text=clean_line(text)[:30]
            )
        )
    return opens, closes


def unsound_calendar(calendar: Timetable) -> Iterator[Problem]:
    """What is wrong with a calendar, and where."""
    if not re.fullmatch("[A-Z]{2}|none|", calendar.country):
        yield ("calendar", "country"), _("a country is two capital letters like ID, or none")
    week = {day: getattr(calendar.hours, day) for day in WEEKDAYS}
    for day, text in week.items():
        yield from _unsound_hours(("calendar", "hours", day), text)
    for name in ("holidays", "open"):
        for day in getattr(calendar, name):
            if not _is_day(day):
                yield ("calendar", name, day), _("'{day}' is no day like 2026-09-07").format(day=clean_line(day)[:20])
    for day, text in calendar.open.items():
        yield from _unsound_hours(("calendar", "open", day), text)
    if not any(text.strip() for text in week.values()):
        yield ("calendar", "hours"), _('it is never open; give one weekday its hours, as mon = "09:00-17:00"')


def _unsound_hours(place: tuple[str | int, ...], text: str) -> Iterator[Problem]:
    try:
        read_hours(text)
    except ValueError as wrong:
        yield place, str(wrong)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def unsound_sla(sla: Mapping[str, Promise]) -> Iterator[Problem]:
    """What is wrong with the promises, and where."""
    for kind, promise in sla.items():
        if kind not in LEVELS:
            yield ("sla", kind), _unknown(kind, tuple(LEVELS))
            continue
        for clock in ("first_response", "resolution"):
            for level, minutes in getattr(promise, clock).items():
                if level not in LEVELS[kind]:
                    yield ("sla", kind, clock, level), _unknown(level, LEVELS[kind])
                elif not 0 < minutes <= LONGEST:
                    yield ("sla", kind, clock, level), _("minutes are a number above 0, a year of them at most")


def unsound_incidents(incidents: Mapping[str, Reaction]) -> Iterator[Problem]:
    """What is wrong with the targets of incidents, and where."""
    for severity, reaction in incidents.items():
        for step in STEPS:
            minutes = getattr(reaction, step)
            if minutes is not None and not 0 < minutes <= LONGEST:
                yield (
                    ("incidents", severity, step),
                    _("minutes are a number above 0, a year of them at most"),
                )


STEPS = ("detect", "acknowledge", "mitigate", "resolve")
LONGEST = 366 * _DAY
"""A promise beyond a year is none."""


def _unknown(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1) or known
    return _("'{name}' is not known here; try {near}").format(name=clean_line(name)[:40], near=", ".join(near))


TEMPLATE = """\
# When the shop is open: response and resolution times count only these hours. Past noon: "08:00-12:00, 13:00-17:00".
# Holidays are those of the time zone's country; a day of your own goes under [calendar.holidays].
[calendar]
# country = "ID"          # ISO 3166; "none" keeps no country's holidays
joint_leave = true        # closed on joint leave (cuti bersama) too
[calendar.hours]
mon = "09:00-17:00"
tue = "09:00-17:00"
wed = "09:00-17:00"
thu = "09:00-17:00"
fri = "09:00-17:00"
sat = ""                  # closed
sun = ""
# [calendar.holidays]
# "2026-11-02" = "Stocktaking"
# [calendar.open]         # open on these days, whatever else is said of them
# "2026-12-06" = "10:00-15:00"

# How soon a customer is answered and helped, in open minutes by severity (other boards: by priority).
# [sla.feedback.first_response]
# low = 480
# normal = 240
# high = 120
# critical = 60
# [sla.feedback.resolution]
# low = 2400
# normal = 1440
# high = 960
# critical = 480

# How soon an incident should be noticed, taken up, contained and over, in minutes by the clock (for post-mortems).
# [incidents.SEV1]
# detect = 15
# acknowledge = 10
# mitigate = 120
# resolve = 480

"""
"""How a new opstui.toml says it."""
