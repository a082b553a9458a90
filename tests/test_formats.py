"""Numbers, money and days as two locales write them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from opstui import formats as f
from opstui.domain.model import Money
from opstui.formats import Formats

JAKARTA = ZoneInfo("Asia/Jakarta")
ID, EN = Formats("id", "IDR", JAKARTA), Formats("en", "IDR", JAKARTA)
TODAY = date(2026, 9, 21)  # a Monday


@pytest.mark.parametrize(
    ("amount", "currency", "indonesian", "english"),
    [
        (1_900_000, "IDR", "Rp 1.900.000", "Rp 1,900,000"),
        (0, "IDR", "Rp 0", "Rp 0"),
        (-250_000, "IDR", "-Rp 250.000", "-Rp 250,000"),
        (1250, "USD", "$12,50", "$12.50"),
        (123_456, "BRL", "R$1.234,56", "R$1,234.56"),
        (1234, "KWD", "KWD 1,234", "KWD 1.234"),
    ],
)
def test_money_in_full(amount: int, currency: str, indonesian: str, english: str) -> None:
    assert ID.money(Money(amount, currency)) == indonesian
    assert EN.money(Money(amount, currency)) == english


@pytest.mark.parametrize(
    ("amount", "currency", "indonesian", "english"),
    [
        (4_100_000, "IDR", "Rp 4,1 jt", "Rp 4.1M"),
        (285_000, "IDR", "Rp 285 rb", "Rp 285K"),
        (850, "IDR", "Rp 850", "Rp 850"),
        (410_000, "USD", "$4,1 rb", "$4.1K"),
        (1250, "USD", "$12,50", "$12.50"),
    ],
)
def test_money_for_narrow_places(amount: int, currency: str, indonesian: str, english: str) -> None:
    assert ID.money_compact(Money(amount, currency)) == indonesian
    assert EN.money_compact(Money(amount, currency)) == english


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(285_000, "IDR", "285 rb"), (1_900_000, "", "1,9 jt"), (950, "IDR", "950"), (1250, "USD", "$12,50")],
)
def test_a_card_says_the_workspace_currency_without_its_symbol(amount: int, currency: str, text: str) -> None:
    assert ID.amount(Money(amount, currency)) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 9, 21), "today"),
        (date(2026, 9, 22), "Tue"),
        (date(2026, 9, 19), "Sat"),
        (date(2026, 9, 27), "Sun"),
        (date(2026, 9, 28), "28 Sep"),
        (date(2026, 9, 14), "14 Sep"),
        (date(2025, 9, 19), "19 Sep 2025"),
    ],
)
def test_a_day_as_short_as_is_clear(day: date, text: str) -> None:
    assert EN.day(day, TODAY) == text


def test_days_and_times_follow_locale_and_zone() -> None:
    late = datetime(2026, 9, 20, 18, 2, 59, tzinfo=UTC)  # Monday in Jakarta
    assert ID.long_day(date(2026, 9, 19)) == "Sab 19 Sep"
    assert EN.full_day(date(2026, 9, 19)) == "19 Sep 2026"
    assert EN.clock(late) == "Mon 01:02"
    assert EN.moment(late, TODAY) == "01:02"
    assert EN.moment(late - timedelta(days=2), TODAY) == "Sat 01:02"
    assert EN.moment(late - timedelta(days=30), TODAY) == "22 Aug 01:02"
    assert f.today_in(late, JAKARTA) == TODAY


@pytest.mark.parametrize(
    ("span", "two_units", "one_unit"),
    [
        (timedelta(days=2, hours=4), "2 d 4 h", "2 d"),
        (timedelta(days=2), "2 d", "2 d"),
        (timedelta(days=40, hours=3), "40 d", "40 d"),
        (timedelta(hours=5, minutes=59), "5 h", "5 h"),
        (timedelta(minutes=12), "12 min", "12 min"),
        (timedelta(seconds=-5), "0 min", "0 min"),
    ],
)
def test_ages(span: timedelta, two_units: str, one_unit: str) -> None:
    assert f.age(span) == two_units
    assert f.short_age(span) == one_unit


@pytest.mark.parametrize(
    ("hours", "said"),
    [(172, "7 d 4 h"), (48, "2 d"), (124, "5 d 4 h"), (168, "7 d"), (963, "40 d 3 h"), (0.5, "30 min")],
)
def test_exact_ages_add_up(hours: float, said: str) -> None:
    assert f.exact_age(timedelta(hours=hours)) == said


@pytest.mark.parametrize(("value", "text"), [(50.4, "2,1 d"), (14.2, "14 h"), (0.5, "30 min"), (48, "2,0 d")])
def test_durations_of_metrics(value: float, text: str) -> None:
    assert f.hours(value, ID) == text


def test_numbers() -> None:
    assert ID.number(1_234_567.8) == "1.234.568"
    assert EN.number(0.25, 2) == "0.25"
    assert EN.percent(0.912) == "91%"
    assert EN.percent(0.912, 1) == "91.2%"
    assert ID.compact(12_345) == "12,3 rb"
    assert ID.compact(999) == "999"


def test_babel_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, opstui.formats; print('babel' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
