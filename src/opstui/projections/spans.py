"""Days and amounts as people type them in a filter: today, this-week, 7d, 2026-09, >=500.000, 1,5jt."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from opstui.formats import utc_text

OPERATORS = ("<=", ">=", "<", ">", "=")
_AGO = re.compile(r"([+-]?)(\d{1,4})([dw])")
_AGE = re.compile(r"(\d{1,5})\s*(min|h|d|w)")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_THOUSANDS = re.compile(r"\d{1,3}([.,_]\d{3})+")
_AMOUNT = re.compile(r"([\d.,_]+)\s*(k|rb|m|jt)?", re.IGNORECASE)
_TIMES = {"k": 3, "rb": 3, "m": 6, "jt": 6}
_MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 10080}
_DECEMBER = 12
_YEARS = (1900, 2999)


class Span(Struct, frozen=True):
    """Whole days, half open: from `first` up to, not including, `after`."""

    first: date
    after: date


def operator(text: str) -> tuple[str, str]:
    """A comparison and what it compares with; "" when there is none."""
    for sign in OPERATORS:
        if text.startswith(sign):
            return sign, text[len(sign) :]
    return "", text


def days(word: str, today: date, *, back: bool) -> Span | None:
    """The days a word names; None when it names none.

    "7d" looks `back` from today (the last seven days, today included) or ahead (today and the next seven days).
    """
    one = timedelta(days=1)
    week = today - timedelta(days=today.weekday())
    if word in (named := _named(today, week)):
        return named[word]
    if match := _AGO.fullmatch(word):
        sign, number, unit = match.groups()
        length = timedelta(days=int(number) * (7 if unit == "w" else 1))
        if sign:
            day = today + length if sign == "+" else today - length
            return Span(day, day + one)
        return Span(today + one - length, today + one) if back else Span(today, today + length + one)
    return _calendar(word)


def _named(today: date, week: date) -> dict[str, Span]:
    def span(start: date, length: int) -> Span:
        return Span(start, start + timedelta(days=length))

    month = today.replace(day=1)
    return {
        "today": span(today, 1),
        "tomorrow": span(today + timedelta(days=1), 1),
        "yesterday": span(today - timedelta(days=1), 1),
        "this-week": span(week, 7),
        "next-week": span(week + timedelta(days=7), 7),
        "last-week": span(week - timedelta(days=7), 7),
        "this-month": Span(month, _next_month(month)),
    }


def _next_month(first: date) -> date:
    return date(first.year + 1, 1, 1) if first.month == _DECEMBER else date(first.year, first.month + 1, 1)


def _calendar(word: str) -> Span | None:
    try:
        if match := _MONTH.fullmatch(word):
            first = date(int(match[1]), int(match[2]), 1)
            span = Span(first, _next_month(first))
        else:
            day = date.fromisoformat(word)
            span = Span(day, day + timedelta(days=1))
    except (ValueError, OverflowError):
        return None
    return span if _YEARS[0] <= span.first.year <= _YEARS[1] else None


def compared(sign: str, span: Span) -> tuple[date | None, date | None]:
    """The half-open interval of days a comparison allows: <d, <=d, d, >=d, >d; None where it has no end."""
    match sign:
        case "<":
            return None, span.first
        case "<=":
            return None, span.after
        case ">":
            return span.after, None
        case ">=":
            return span.first, None
        case _:
            return span.first, span.after


def utc_edge(day: date | None, zone: ZoneInfo) -> str | None:
    """The first moment of a local day as documents write times, without the zone's Z: texts compare as times do."""
    if day is None:
        return None
    return utc_text(datetime.combine(day, time(), zone)).removesuffix("Z")


def within(low: Any, high: Any) -> Callable[[Any], bool]:
    """A test for low <= value < high; None is no bound."""
    if low is None:
        return lambda value: value < high
    if high is None:
        return lambda value: value >= low
    return lambda value: low <= value < high


def span_of_age(text: str) -> timedelta | None:
    """3d, 12h, 2w, 30min; a bare number is days."""
    match = _AGE.fullmatch(text if not text.isdecimal() else f"{text}d")
    return timedelta(minutes=int(match[1]) * _MINUTES[match[2]]) if match else None


def amount(text: str) -> Decimal | None:
    """500000, 500.000, 500,000, 500rb, 1,5jt, 12.50 in major units."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    digits = match[1]
    digits = re.sub(r"[.,_]", "", digits) if _THOUSANDS.fullmatch(digits) else digits.replace(",", ".").replace("_", "")
    try:
        return Decimal(digits).scaleb(_TIMES.get((match[2] or "").lower(), 0))
    except InvalidOperation:
        return None
