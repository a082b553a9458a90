"""Rules that repeat (RFC 5545), expanded in local wall time and never without end.

dateutil does the counting; what it would take without complaint and never finish is refused here.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo
from itertools import islice

CAP = 366
"""Occurrences of one expansion at most."""
_YEARS, _CYCLE = 40, 400
HORIZON = timedelta(days=365 * _YEARS)
"""How far an expansion looks: a rule without dates (30 February) ends there instead of in the year 9999."""
PERIODS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_NUMBERS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS)
_FINE = ("BYHOUR", "BYMINUTE", "BYSECOND")
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?", re.ASCII)


class BadRule(ValueError):  # noqa: N818 - it describes the rule
    """A rule that cannot be expanded; its text says which part, and what would do."""


def occurrences(
    rule: str, start: datetime, *, zone: tzinfo = UTC, after: datetime | None = None, limit: int = CAP
) -> list[datetime]:
    """The local times at which a rule falls, the first ones from `start` on (from later than `after`, if given).

    `start` and `after` are naive local times; so are the results. `start` itself is there only when the rule matches
    it; days that a month does not have are skipped. `zone` is needed only for an UNTIL in UTC.
    Source: RFC 5545, 3.3.10, by dateutil's rrule (cases rrule-01 to -05); cap and refusals: spec C.10.

    Raises:
        BadRule: it cannot be read, is finer than daily, or says nothing.

    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - no start needs it

    parts = _parts(rule)
    count = int(parts.pop("COUNT", 0)) or None
    end = _far(max(start, after or start))
    if "UNTIL" in parts:
        end = min(end, _until(parts.pop("UNTIL"), zone))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    later = _shift(max(start, after or start).year)
    try:
        found = rrulestr(f"RRULE:{text};UNTIL={_moved(end, later):%Y%m%dT%H%M%S}", dtstart=_moved(start, later))
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as wrong:
        raise BadRule(f"the rule '{rule[:80]}' cannot be read: {wrong}") from None
    shown = (_moved(at, -later) for at in islice(found, count))
    ahead = (at for at in shown if after is None or at > after)
    return list(islice(ahead, max(0, min(limit, CAP))))


def _parts(rule: str) -> dict[str, str]:
    """The rule's parts by name; all refusals that need no counting."""
    text = rule.strip().upper().removeprefix("RRULE:")
    rows = [part.partition("=") for part in text.split(";") if part]
    parts = {name: value for name, _equals, value in rows}
    if len(parts) != len(rows):
        raise BadRule(f"the rule '{rule[:80]}' says the same part twice")
    for name, value in parts.items():
        _check_part(name, value)
    if "FREQ" not in parts:
        raise BadRule(f"the rule '{rule[:80]}' needs FREQ, one of {', '.join(PERIODS)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("a rule ends by COUNT or by UNTIL, not by both")
    return parts


def _check_part(name: str, value: str) -> None:
    if name in _FINE or (name == "FREQ" and value in ("HOURLY", "MINUTELY", "SECONDLY")):
        raise BadRule(f"{name}={value[:20]}: nothing repeats more often than daily; use one of {', '.join(PERIODS)}")
    if name not in _PARTS:
        raise BadRule(f"'{name[:20]}' is no part of a rule; known are {', '.join(_PARTS)}")
    if name == "FREQ" and value not in PERIODS:
        raise BadRule(f"FREQ is one of {', '.join(PERIODS)}, not '{value[:20]}'")
    if name in ("INTERVAL", "COUNT") and not (re.fullmatch(r"\d{1,5}", value, re.ASCII) and int(value)):
        raise BadRule(f"{name} is a whole number from 1 to 99999, not '{value[:20]}'")
    if name in _NUMBERS and not re.fullmatch(r"[+-]?\d{1,3}(,[+-]?\d{1,3}){0,99}", value, re.ASCII):
        raise BadRule(f"{name} is whole numbers with commas between them, not '{value[:20]}'")


def _until(value: str, zone: tzinfo) -> datetime:
    """The last local time a rule may fall on; a day without a time counts whole."""
    if not _UNTIL.fullmatch(value):
        raise BadRule(f"UNTIL is a local day like 20261231, not '{value[:20]}'")
    try:
        if "T" not in value:
            return datetime.strptime(value + "T235959", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local wall time
        at = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local wall time
        return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if value.endswith("Z") else at
    except (ValueError, OverflowError):
        raise BadRule(f"UNTIL: there is no {value}") from None


def _shift(year: int) -> int:
    """Years after which the calendar is the same, and the year 9999 near.

    dateutil looks for the first date of a rule until then, whatever UNTIL says: 8,000 years of days for a rule that has
    none. Days, weekdays and leap years repeat every 400 years, so the looking is done in the last ones.
    """
    return (MAXYEAR - _YEARS - 1 - year) // _CYCLE * _CYCLE


def _moved(at: datetime, years: int) -> datetime:
    return at.replace(year=at.year + years)


def _far(at: datetime) -> datetime:
    """The end of the horizon from there; at the very end of the calendar, that."""
    last = datetime(9999, 12, 30)  # noqa: DTZ001 - local wall time
    return last if at > last - HORIZON else at + HORIZON
