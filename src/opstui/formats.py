"""Numbers, money, days and durations as a locale writes them: CLDR through Babel, cached.

Babel costs about 35 ms at its first use, so it is imported inside the functions that need it. CLDR's no-break spaces
become plain ones: in a terminal they only get in the way of searching and copying. Pure: today and now are passed in.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.domain.model import Money, exponent
from opstui.i18n import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_SPACES = str.maketrans("\u00a0\u202f\u2009", "   ")
_NARROW = {"IDR": "Rp", "MYR": "RM", "SGD": "S$", "THB": "฿", "BRL": "R$", "USD": "$"}
"""What people write where CLDR falls back on the ISO code outside the currency's home."""
_COMPACT_FROM = 1000
_WEEK = 7
_DAY_HOURS = 24


@lru_cache(maxsize=4096)
def _decimal(value: Decimal, digits: int, locale: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 - see the module's docstring

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale).translate(_SPACES)


@lru_cache(maxsize=4096)
def _compact(value: Decimal, locale: str) -> str:
    from babel.numbers import format_compact_decimal  # noqa: PLC0415

    return format_compact_decimal(value, locale=locale, fraction_digits=1).translate(_SPACES)


@lru_cache(maxsize=4096)
def _money(value: Decimal, currency: str, locale: str, *, compact: bool) -> str:
    from babel.numbers import format_compact_currency, format_currency, get_currency_symbol  # noqa: PLC0415

    if compact:
        text = format_compact_currency(value, currency, locale=locale, fraction_digits=1)
    else:
        digits = exponent(currency)
        pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
        text = format_currency(value, currency, format=pattern, locale=locale, currency_digits=False)
    narrow = _NARROW.get(currency)
    if narrow and get_currency_symbol(currency, locale) in {currency, f"US{narrow}"}:
        text = text.replace(f"US{narrow}", narrow).replace(currency, narrow)
    text = text.translate(_SPACES)
    return re.sub(r"^(-?[^\W\d_]+)(?=\d)", r"\1 ", text)


@lru_cache(maxsize=4096)
def _date(value: date | datetime, pattern: str, locale: str) -> str:
    from babel.dates import format_date, format_datetime  # noqa: PLC0415

    if isinstance(value, datetime):
        return format_datetime(value, pattern, locale=locale).translate(_SPACES)
    return format_date(value, pattern, locale=locale).translate(_SPACES)


class Formats(Struct, frozen=True):
    """How this workspace writes things. `locale` is a CLDR id (en, id), `currency` an ISO code."""

    locale: str
    currency: str
    zone: ZoneInfo

    def number(self, value: float | Decimal, digits: int = 0) -> str:
        """1234567.8 -> 1,234,568 (en), 1.234.568 (id)."""
        return _decimal(Decimal(str(value)), digits, self.locale)

    def compact(self, value: float | Decimal) -> str:
        """285000 -> 285K (en), 285 rb (id); below a thousand the plain number."""
        value = Decimal(str(value))
        return _compact(value, self.locale) if abs(value) >= _COMPACT_FROM else _decimal(value, 0, self.locale)

    def percent(self, fraction: float, digits: int = 0) -> str:
        """0.912 -> 91%."""
        from babel.numbers import format_percent  # noqa: PLC0415

        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return format_percent(fraction, format=pattern, locale=self.locale).translate(_SPACES)

    def change(self, fraction: float, digits: int = 0) -> str:
        """A percentage with its sign: +5%, -12%."""
        text = self.percent(abs(fraction), digits)
        return f"{'-' if fraction < 0 else '+'}{text}"

    def money(self, money: Money) -> str:
        """The whole amount: Rp 1.900.000 (id), Rp 1,900,000 (en), $12.50."""
        return _money(_major(money), money.currency, self.locale, compact=False)

    def money_compact(self, money: Money) -> str:
        """For narrow places: Rp 4,1 jt (id), Rp 4.1M (en), $4.1K; below a thousand the whole amount."""
        value = _major(money)
        return _money(value, money.currency, self.locale, compact=abs(value) >= _COMPACT_FROM)

    def amount(self, money: Money) -> str:
        """For cards: compact, without the symbol when it is the workspace's currency: 285 rb."""
        if money.currency not in {"", self.currency}:
            return self.money_compact(money)
        value = _major(Money(money.amount, money.currency or self.currency))
        if abs(value) >= _COMPACT_FROM:
            return _compact(value, self.locale)
        return _decimal(value, exponent(money.currency or self.currency), self.locale)

    def local(self, at: datetime) -> datetime:
        """A UTC time in the workspace's zone."""
        return at.astimezone(self.zone)

    def day(self, day: date, today: date) -> str:
        """As short as is clear: today, Sat (within six days), 19 Sep, 19 Sep 2025."""
        if day == today:
            return _("today")
        if abs((day - today).days) < _WEEK:
            return _date(day, "EEE", self.locale)
        return self.short_date(day, today)

    def short_date(self, day: date, today: date) -> str:
        """19 Sep; 19 Sep 2025 when it is another year."""
        return _date(day, "d MMM" if day.year == today.year else "d MMM y", self.locale)

    def long_day(self, day: date) -> str:
        """Sat 19 Sep."""
        return _date(day, "EEE d MMM", self.locale)

    def iso_day(self, day: date) -> str:
        """Tue 2026-09-22: a day that was typed, as it is understood."""
        return f"{_date(day, 'EEE', self.locale)} {day.isoformat()}"

    def written_day(self, day: date) -> str:
        """Sat 19 Sep 2026."""
        return _date(day, "EEE d MMM y", self.locale)

    def full_day(self, day: date) -> str:
        """19 Sep 2026."""
        return _date(day, "d MMM y", self.locale)

    def clock(self, at: datetime) -> str:
        """Mon 14:07, in the workspace's zone."""
        return f"{_date(self.local(at).date(), 'EEE', self.locale)} {self.time(at)}"

    def time(self, at: datetime) -> str:
        """14:07, in the workspace's zone."""
        return _date(self.local(at).replace(second=0, microsecond=0), "HH:mm", self.locale)

    def moment(self, at: datetime, today: date) -> str:
        """When something happened: 14:02 (today), Sat 14:07 (this week), 19 Sep 14:07."""
        day = self.local(at).date()
        return self.time(at) if day == today else f"{self.day(day, today)} {self.time(at)}"


def _major(money: Money) -> Decimal:
    return Decimal(money.amount).scaleb(-exponent(money.currency))


def today_in(now: datetime, zone: ZoneInfo) -> date:
    """The day it is in the workspace when it is `now` (aware)."""
    return now.astimezone(zone).date()


def utc_text(at: datetime) -> str:
    """A time as documents hold it: 2026-09-07T01:05:00Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def age(span: timedelta) -> str:
    """How long something has lasted, in its two largest units: 2 d 4 h, 5 h, 12 min."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, rest = divmod(minutes, _DAY_HOURS * 60)
    hours, minutes = divmod(rest, 60)
    if days >= _WEEK or (days and not hours):
        return _("{n} d").format(n=days)
    if days:
        return _("{d} d {h} h").format(d=days, h=hours)
    return _("{n} h").format(n=hours) if hours else _("{n} min").format(n=minutes)


def exact_age(span: timedelta) -> str:
    """How long something has lasted, hours told however many days there are: for columns that add up."""
    days = span.days if span >= timedelta(days=_WEEK) else 0
    rest = span - timedelta(days=days)
    if not days or rest < timedelta(hours=1):
        return age(span)
    return _("{d} d {h} h").format(d=days, h=rest // timedelta(hours=1))


def short_age(span: timedelta) -> str:
    """The largest unit alone: 2 d, 5 h, 12 min."""
    hours = max(0.0, span.total_seconds() / 3600)
    if hours >= _DAY_HOURS:
        return _("{n} d").format(n=int(hours // _DAY_HOURS))
    return _("{n} h").format(n=int(hours)) if hours >= 1 else _("{n} min").format(n=int(hours * 60))


def hours(value: float, formats: Formats) -> str:
    """A duration in hours as people say it: 2.1 d, 14 h, 35 min."""
    if value >= _DAY_HOURS * 2:
        return _("{n} d").format(n=formats.number(value / _DAY_HOURS, 1))
    return (
        _("{n} h").format(n=formats.number(value)) if value >= 1 else _("{n} min").format(n=formats.number(value * 60))
    )
