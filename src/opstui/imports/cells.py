"""What a cell may hold, judged by pydantic: one small model a format, one reason a row.

Foreign exports write nothing in many ways and numbers in two (20,127 and 20.127,50), so the types here say it once.
Every check raises its own words: they are counted, translated and shown to people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from opstui.domain.model import TEXT_LIMIT, TITLE_LIMIT, clean, clean_line, exponent
from opstui.i18n import _
from opstui.imports.interface import Report
from opstui.imports.tables import Row, Table, column
from opstui.spreadsheet import NOTHING

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_SIGN = re.compile(r"^([+-]?)(?:rp\.?|idr|us\$|\$|€|£)", re.IGNORECASE)
"""What people write before an amount."""
LARGEST = 10**15
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)
_YEARS = range(1990, 2200)
_SHOWN = 40


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.strip().casefold() in NOTHING


def decimal(text: str) -> Decimal:
    """A number as exports write it: 2565.92, "20,127", "1.234,56".

    With both marks the last one is the decimal mark; a comma before exactly three digits parts thousands; a single
    dot is always a decimal mark.

    Raises:
        ValueError: not a number, or beyond any amount a shop will see.
    """
    plain = _SIGN.sub(r"\1", re.sub(r"[\s\u00a0']", "", text))
    comma, dot = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and dot >= 0:
        inner, mark = (",", ".") if dot > comma else (".", ",")
        whole, __, rest = plain.rpartition(mark)
        if not _THOUSANDS.fullmatch(whole) or inner not in whole:
            raise ValueError(_("not a number"))
        plain = f"{whole.replace(inner, '')}.{rest}"
    elif _THOUSANDS.fullmatch(plain) and (comma >= 0 or plain.count(".") > 1):
        plain = plain.replace(",", "").replace(".", "")
    elif plain.count(",") == 1:
        plain = plain.replace(",", ".")
    if not _PLAIN.fullmatch(plain):
        raise ValueError(_("not a number"))
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(_("not a number")) from error
    if abs(value) > LARGEST:
        raise ValueError(_("too large a number"))
    return value


def _amount(text: Any) -> Decimal:
    value = Decimal(0) if is_nothing(text) else decimal(text)
    if value < 0:
        raise ValueError(_("less than zero"))
    return value


def _whole(text: Any) -> int:
    value = Decimal(0) if is_nothing(text) else decimal(text)
    if value != value.to_integral_value():
        raise ValueError(_("not a whole number"))
    return int(value)


def count(text: Any) -> int:
    """A whole number from zero; nothing counts as zero."""
    value = _whole(text)
    if value < 0:
        raise ValueError(_("less than zero"))
    return value


def _needed(text: Any) -> str:
    line = clean_line(text)
    if not line:
        raise ValueError(_("is empty"))
    if len(line) > TITLE_LIMIT:
        raise ValueError(_("longer than {n} characters").format(n=TITLE_LIMIT))
    return line


def _prose(text: Any) -> str:
    prose = clean(text).strip()
    if len(prose) > TEXT_LIMIT:
        raise ValueError(_("longer than {n} characters").format(n=TEXT_LIMIT))
    return prose


def _currency(text: Any) -> str:
    code = "" if is_nothing(text) else clean_line(text).upper()
    if code and not re.fullmatch("[A-Z]{3}", code):
        raise ValueError(_("not a currency code like IDR"))
    return code


def moment(text: str) -> datetime:
    """A date and time (ISO 8601, a blank for the T is fine), aware only if the text says a zone."""
    plain = text.strip()
    try:
        when = datetime.fromisoformat(plain) if _MOMENT.match(plain) else None
    except ValueError:
        when = None
    if when is None or when.year not in _YEARS:
        raise ValueError(_("not a date and time (2026-09-07 08:05:00)"))
    return when


def iso_day(text: str) -> date:
    """A day (2026-09-07); a time behind it is left out."""
    plain = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", plain, re.ASCII):
            return moment(f"{plain} 00:00").date()
        return moment(plain).date()
    except ValueError as error:
        raise ValueError(_("not a date (2026-09-07)")) from error


def likely(day: date) -> date:
    """The same day, when a shop can have seen it.

    Raises:
        ValueError: a slip of the pen, centuries away.
    """
    if day.year not in _YEARS:
        raise ValueError(_("the year {year} is out of the question").format(year=day.year))
    return day


def day_or_moment(text: str) -> date | datetime:
    """A day, or a date and time."""
    return iso_day(text) if len(text.strip()) <= len("2026-01-01") else moment(text)


def maybe(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    """The same parser, with None for a cell that says nothing."""
    return lambda text: None if is_nothing(text) else parse(text)


Name = Annotated[str, BeforeValidator(_needed)]
"""One clean line that must be there."""
Words = Annotated[str, BeforeValidator(clean_line)]
"""One clean line, perhaps empty."""
Prose = Annotated[str, BeforeValidator(_prose)]
"""Clean text of any number of lines."""
Currency = Annotated[str, BeforeValidator(_currency)]
"""An ISO 4217 code, or nothing."""
Amount = Annotated[Decimal, BeforeValidator(_amount)]
"""Zero or more, in major units; nothing counts as zero."""
Whole = Annotated[int, BeforeValidator(_whole)]
Count = Annotated[int, BeforeValidator(count)]
"""A whole number from zero; nothing counts as zero."""
Moment = Annotated[datetime, BeforeValidator(moment)]
MaybeMoment = Annotated[datetime | None, BeforeValidator(maybe(moment))]
IsoDay = Annotated[date, BeforeValidator(iso_day)]
MaybeDay = Annotated[date | None, BeforeValidator(maybe(iso_day))]


class RowModel(BaseModel):
    """A row of a foreign table; a field's alias is its column, casefolded."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns a table must have for this model."""
        return tuple(field.alias or name for name, field in cls.model_fields.items() if field.is_required())


M = TypeVar("M", bound=RowModel)


def judge(table: Table, row: Row, model: type[M], report: Report) -> M | None:
    """The row as its model, or None when it is refused; the report then says which column, why, and what was there."""
    try:
        return model.model_validate(row.cells)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name, value = ".".join(str(p) for p in first["loc"]), first["input"]
        reason = f"{name}: {first['msg'].removeprefix('Value error, ')}"
        report.add("refused", table.file, row.line, reason, shorten(value) if isinstance(value, str) else "")
        return None


def judged(table: Table, model: type[M], report: Report) -> Iterator[tuple[int, M]]:
    """Every row that is fit to use, with its line; the others are reported."""
    for row in table.rows:
        good = judge(table, row, model, report)
        if good is not None:
            yield row.line, good


def renamed(table: Table, roles: Mapping[str, str], model: type[M], report: Report) -> Iterator[tuple[int, M]]:
    """As `judged`, where columns have other names: `roles` is field -> column (a pattern of `open_table`)."""
    names = {role: found for role, pattern in roles.items() if (found := column(table, pattern))}
    for row in table.rows:
        cells = {role: row.cells[name] for role, name in names.items()}
        good = judge(table, Row(row.line, cells), model, report)
        if good is not None:
            yield row.line, good


def shorten(text: str, limit: int = _SHOWN) -> str:
    """Text from a file on one safe, short line."""
    line = clean_line(text[: limit * 4])
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def at_zone(when: date | datetime, zone: ZoneInfo) -> datetime:
    """A time in UTC; one without a zone is read in `zone`, and a day is its beginning there.

    Raises:
        OverflowError: at the very ends of the calendar.
    """
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def minor(amount: Decimal, currency: str) -> int:
    """Minor units, rounded half to even."""
    return int((amount * 10 ** exponent(currency)).to_integral_value())
