"""Days and times as people type them. Own words come first ("fri", "+3d", "besok"), dateutil only for what is left."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from opstui.domain.fieldwork import YEARS
from opstui.domain.model import clean_line
from opstui.i18n import _

_WEEKDAYS = (
    ("mon", "monday", "senin", "sen"),
    ("tue", "tues", "tuesday", "selasa", "sel"),
    ("wed", "wednesday", "rabu", "rab"),
    ("thu", "thur", "thurs", "thursday", "kamis", "kam"),
    ("fri", "friday", "jumat", "jum"),
    ("sat", "saturday", "sabtu", "sab"),
    ("sun", "sunday", "minggu", "min", "ahad"),
)
_WEEKDAY = {word: day for day, words in enumerate(_WEEKDAYS) for word in words}
_NEAR = {
    "today": 0, "tod": 0, "hari ini": 0, "tomorrow": 1, "tom": 1, "tmr": 1, "besok": 1, "lusa": 2,
    "yesterday": -1, "kemarin": -1,
}  # fmt: skip
_MONTHS_ID = {
    "januari": "jan", "februari": "feb", "maret": "mar", "mei": "may", "juni": "jun", "juli": "jul", "agustus": "aug",
    "agu": "aug", "ags": "aug", "okt": "oct", "oktober": "oct", "nopember": "nov", "desember": "dec", "des": "dec",
}  # fmt: skip
_STEP = re.compile(r"([+-]?)(\d{1,4})\s*([dwmh]|days?|weeks?|months?|hari|minggu|bulan)?")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def typed_day(text: str, today: date) -> date | None:
    """The day someone means; None when the text is empty. A day without a year is the next one.

    Raises:
        ValueError: it is not a day; the text says what could be typed.
    """
    words = clean_line(text).casefold()
    day = _meant(words, today) if words else None
    if day is not None and day.year not in YEARS:
        raise ValueError(_("a day lies between {first} and {last}").format(first=YEARS[0], last=YEARS[-1]))
    return day


def _meant(words: str, today: date) -> date:
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if words.removeprefix("next ") in _WEEKDAY:
        return today + timedelta(days=(_WEEKDAY[words.removeprefix("next ")] - today.weekday() - 1) % 7 + 1)
    reason = ValueError(_("not a day; try fri, +3d, 12 may or 2026-05-12"))
    try:
        if _ISO.fullmatch(words):
            return date(*map(int, words.split("-")))
        step = _STEP.fullmatch(words)
        if step and (step[1] or step[3]):
            return _stepped(step, today)
        return _spelled(words, today)
    except (ValueError, OverflowError):
        raise reason from None


def _stepped(step: re.Match[str], today: date) -> date:
    count = int(step[2]) * (-1 if step[1] == "-" else 1)
    unit = step[3] or "d"
    if unit == "minggu" or unit.startswith("w"):
        return today + timedelta(weeks=count)
    if unit.startswith(("m", "b")):
        from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - 9 ms, only for months

        return today + relativedelta(months=count)
    return today + timedelta(days=count)


def _spelled(words: str, today: date) -> date:
    """Day and month in words or figures, day first. Parsed against two defaults: what differs was not said."""
    from dateutil.parser import parse  # noqa: PLC0415

    english = " ".join(_MONTHS_ID.get(word, word) for word in words.split())
    defaults = (datetime(2000, 1, 1), datetime(2004, 2, 2))  # noqa: DTZ001 - a day has no zone
    low, high = (parse(english, dayfirst=True, default=default) for default in defaults)
    if (low.day, low.month) != (high.day, high.month) or low.time() != high.time():
        raise ValueError(words)
    if low.year == high.year:
        return low.date()
    years = (year for year in range(today.year, today.year + 9) if _exists(year, low))
    return next(day for year in years if (day := date(year, low.month, low.day)) >= today)


def _exists(year: int, day: datetime) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (day.month, day.day) != (2, 29)


def typed_time(text: str, zone: tzinfo, now: datetime) -> str | None:
    """A moment ("now" or 2026-09-07 14:00 in the workspace zone) as a stored UTC time."""
    words = clean_line(text).casefold()
    if not words:
        return None
    try:
        when = now if words == "now" else datetime.fromisoformat(words.upper())
    except ValueError:
        raise ValueError(_("not a time; try now or 2026-09-07 14:00")) from None
    if when.year not in YEARS:
        raise ValueError(_("a day lies between {first} and {last}").format(first=YEARS[0], last=YEARS[-1]))
    there = when if when.tzinfo else when.replace(tzinfo=zone)
    return there.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
