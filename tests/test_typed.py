"""What people type, table by table: what it means, or the reason why it means nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.fieldwork import YEARS, known_field
from opstui.domain.model import Field, fields_of
from opstui.typed import (
    Here,
    echo,
    shown,
    typed,
    typed_amount,
    typed_day,
    typed_experiments,
    typed_lines,
    typed_number,
    typed_tags,
)

TODAY = date(2026, 11, 22)
"""A Sunday."""
HERE = Here(datetime(2026, 11, 22, 3, 0, tzinfo=UTC), ZoneInfo("Asia/Jakarta"), "IDR")

DAYS = [
    ("", None),
    ("today", "2026-11-22"),
    (" Besok ", "2026-11-23"),
    ("kemarin", "2026-11-21"),
    ("fri", "2026-11-27"),
    ("next sunday", "2026-11-29"),
    ("minggu", "2026-11-29"),
    ("+3d", "2026-11-25"),
    ("-2 w", "2026-11-08"),
    ("2 bulan", "2027-01-22"),
    ("+1m", "2026-12-22"),
    ("12 may", "2027-05-12"),
    ("12 mei 2025", "2025-05-12"),
    ("3/12", "2026-12-03"),
    ("29 feb", "2028-02-29"),
    ("2026-9-7", "2026-09-07"),
    ("1900-01-01", "1900-01-01"),
    ("2200-12-31", "2200-12-31"),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day(text: str, day: str | None) -> None:
    assert typed_day(text, TODAY) == (date.fromisoformat(day) if day else None)


NO_DAYS = [
    ("someday", "not a day; try"),
    ("2026-02-30", "not a day; try"),
    ("12", "not a day; try"),
    ("may", "not a day; try"),
    ("9" * 5000, "not a day; try"),
    ("0001-01-01", "between 1900 and 2200"),
    ("1899-12-31", "between 1900 and 2200"),
    ("2201-01-01", "between 1900 and 2200"),
    ("9999-12-31", "between 1900 and 2200"),
    ("+9999w", "between 1900 and 2200"),
    ("-9999 months", "between 1900 and 2200"),
]


@pytest.mark.parametrize(("text", "reason"), NO_DAYS, ids=[text[:20] for text, _ in NO_DAYS])
def test_no_day(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        typed_day(text, TODAY)


@given(st.text(st.characters(max_codepoint=127), max_size=24) | st.from_regex(r"[+-]?\d{1,9}[ ./-]?[a-z0-9 ./-]{0,9}"))
def test_whatever_is_typed_is_a_day_within_reach_or_has_a_reason(text: str) -> None:
    try:
        day = typed_day(text, TODAY)
    except ValueError:
        return
    assert day is None or day.year in YEARS


AMOUNTS = [
    ("", "IDR", 0),
    ("1.900.000", "IDR", 1_900_000),
    ("1,900,000", "IDR", 1_900_000),
    ("Rp 95rb", "IDR", 95_000),
    ("1,9 jt", "IDR", 1_900_000),
    ("idr 250", "IDR", 250),
    ("12.50", "USD", 1250),
    ("$1,234.5", "USD", 123_450),
    ("1.234", "USD", 123_400),
    ("-3", "IDR", -3),
    ("9" * 15, "IDR", 10**15 - 1),
    ("0" * 40 + "7", "IDR", 7),
]


@pytest.mark.parametrize(("text", "currency", "amount"), AMOUNTS)
def test_an_amount(text: str, currency: str, amount: int) -> None:
    assert typed_amount(text, currency) == amount


NO_AMOUNTS = [
    ("many", "not an amount"),
    ("1.90.000", "not an amount"),
    ("nan", "not an amount"),
    ("1.2345 rb", "not an amount|decimals"),
    ("9" * 16, "at most 15 digits"),
    ("9" * 5000, "at most 15 digits"),
    ("9" * 13 + " jt", "at most 15 digits"),
]


@pytest.mark.parametrize(("text", "reason"), NO_AMOUNTS, ids=[text[:20] for text, _ in NO_AMOUNTS])
def test_no_amount(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        typed_amount(text, "IDR")


def test_decimals_a_currency_does_not_have() -> None:
    with pytest.raises(ValueError, match="USD has 2 decimals at most"):
        typed_amount("12.3456", "USD")


FIELDS = {f.name: f for kind in ("order", "campaign", "feedback") for f in fields_of(kind)}
ANSWERS = [("yes", True), ("YES", True), ("true", True), ("True", True), ("1", True), ("ya", True)]
ANSWERS += [("no", False), ("false", False), ("0", False), ("Tidak", False), ("", False)]


@pytest.mark.parametrize(("text", "value"), ANSWERS)
def test_yes_and_no(text: str, value: bool) -> None:
    assert typed(FIELDS["sensitive"], text, HERE) is value


VALUES: list[tuple[str, str, Any]] = [
    ("title", " a\tb \x1b[1m", "a b [1m"),
    ("description", "a\r\nb\x07 ", "a\nb"),
    ("priority", "high", "high"),
    ("due", "besok", "2026-11-23"),
    ("due", "", None),
    ("total", "95rb", 95_000),
    ("currency", "usd", "USD"),
    ("tags", "#vip, b2b vip", ["vip", "b2b"]),
    ("score", "4", 4),
    ("first_response", "now", "2026-11-22T03:00:00Z"),
    ("first_response", "2026-11-22 08:30", "2026-11-22T01:30:00Z"),
    (
        "lines",
        "12 x Blend @ 95.000; Gayo",
        [{"name": "Blend", "quantity": 12, "price": 95_000}, {"name": "Gayo", "quantity": 1}],
    ),
    ("targets", "ROAS 3; cpa 2,5", [{"metric": "roas", "target": 3}, {"metric": "cpa", "target": 2.5}]),
]


@pytest.mark.parametrize(("name", "text", "value"), VALUES, ids=[f"{name} {text!r}" for name, text, _ in VALUES])
def test_a_field(name: str, text: str, value: Any) -> None:
    field = FIELDS[name]
    assert typed(field, text, HERE) == value
    assert typed(field, shown(field, value, HERE), HERE) == value, "what a form shows can be typed in again"


WRONG = [
    ("sensitive", "maybe", "^yes or no$"),
    ("sensitive", "2", "^yes or no$"),
    ("priority", "asap", "one of: low, normal, high, urgent"),
    ("score", "four", "not a number"),
    ("score", "9" * 5000, "not a number"),
    ("targets", "roas", "as in roas 3"),
    ("first_response", "soon", "not a time"),
    ("first_response", "0001-01-01", "between 1900 and 2200"),
    ("first_response", "9999-12-31 23:59", "between 1900 and 2200"),
    ("due", "9999-12-31", "between 1900 and 2200"),
]


@pytest.mark.parametrize(("name", "text", "reason"), WRONG, ids=[f"{name} {text[:20]}" for name, text, _ in WRONG])
def test_a_field_says_what_it_takes(name: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        typed(FIELDS[name], text, HERE)


def test_numbers_tags_and_lines_of_nothing() -> None:
    assert typed_number(" ") is None
    assert typed_number("-2,5") == -2.5
    assert typed_tags(" , # ") == []
    assert typed_lines(" ;\n", "IDR") == []


ECHOES = [("due", "besok", "Mon 2026-11-23"), ("total", "95rb", "IDR 95.000"), ("total", "", ""), ("title", "x", "")]
ECHOES += [("lines", "2 Gayo", "1 x 2 Gayo")]


@pytest.mark.parametrize(("name", "text", "said"), ECHOES)
def test_an_echo_says_how_it_was_understood(name: str, text: str, said: str) -> None:
    assert echo(FIELDS[name], text, HERE) == said


def test_thousands_are_set_apart_as_the_workspace_writes_them() -> None:
    there = Here(HERE.now, HERE.zone, "USD", ",")
    total = Field("total", "Total", "money")
    assert [shown(total, 123_450, there), shown(total, -5, there), shown(total, 0, there)] == ["1,234.50", "-0.05", ""]


@pytest.mark.parametrize(
    "text",
    [
        "button: old 500/10000, new 560/10000",
        "button: old 500/10000, new one 560/10000 n=10000 lift=0.1 from=2026-09-01 to=2026-09-14",
        "a: A 0/1, B 1/1, C 0/0",
        "a (retention 7 d): A 1/2, B 1/2 n=1 lift=0.000001",
        "a: A 1/2, B 1/2; b: A 1/2, B 1/2",
    ],
)
def test_an_experiment_reads_as_it_is_written(text: str) -> None:
    rows = typed_experiments(text)
    again = shown(known_field("campaign", "experiments"), rows, HERE)
    assert typed_experiments(again) == rows
    assert all(len(row["arms"]) > 1 for row in rows)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a: A 500/10,000, B 560/10.000 n=10.000", {"planned": 10_000}),
        ("a: A 500/10000,B 560/10000, lift=10%", {"lift": 0.1}),
        ("a: A 500/10000 , B 560/10000 lift=12,5%", {"lift": 0.125}),
        ("a  (orders) : A 500/10000, B 560/10000", {"metric": "orders"}),
    ],
)
def test_an_experiment_is_read_as_people_write_it(text: str, row: dict[str, object]) -> None:
    arms = [{"label": "A", "hits": 500, "people": 10_000}, {"label": "B", "hits": 560, "people": 10_000}]
    assert typed_experiments(text) == [{"name": "a", "arms": arms, **row}]


@pytest.mark.parametrize(
    "text",
    [
        "button",
        "a (: A 1/2, B 1/2",
        "a: A 1/2 x, B 1/2",
        "button: old 500/10000",
        ": A 1/2, B 1/2",
        "x: A 5/2, B 1/2",
        "x: A 1/2, B 1",
        *(f"x: A 1/2, B 1/2 {plan}" for plan in ("n=many", "n=-5", "lift=nan", "lift=-3", "from=soon")),
    ],
)
def test_what_is_no_experiment_says_how_one_reads(text: str) -> None:
    with pytest.raises(ValueError, match=r"reads:|hits come first|n= is a number"):
        typed_experiments(text)
