"""What a cell may hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.model import TITLE_LIMIT
from opstui.imports.cells import Amount, Count, Name, RowModel, at_zone, decimal, iso_day, judge, minor, moment
from opstui.imports.interface import Report
from opstui.imports.tables import Row, Table

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("2565.92", "2565.92"),
        ("20,127", "20127"),
        ("1,234,567.5", "1234567.5"),
        ("1.234,56", "1234.56"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("1.500", "1.5"),
        (" 1 234 ", "1234"),
        ("-3", "-3"),
        ("1e3", "1000"),
    ],
)
def test_numbers_are_read_as_exports_write_them(text: str, value: str) -> None:
    assert decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2,3", "1.2.3", "1,23.4", "nan", "inf", "--", "1 a", "٣", "1e99", "9" * 40]
)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        decimal(text)


def reason_against(parse: Callable[[str], object], text: str) -> str:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    assert "number" in reason_against(decimal, text) or isinstance(decimal(text), Decimal)


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_reason(text: str) -> None:
    for parse in (moment, iso_day):
        assert "not a date" in reason_against(parse, text) or isinstance(parse(text), date)


@pytest.mark.parametrize(
    "text", ["1534328433", "20180815", "2018-08-15", "2018-13-01 10:00:00", "0001-01-01 00:00", "soon"]
)
def test_a_moment_needs_a_date_and_a_time(text: str) -> None:
    with pytest.raises(ValueError, match="not a date and time"):
        moment(text)


def test_a_time_without_a_zone_is_read_in_the_workspace_zone() -> None:
    assert at_zone(moment("2018-08-15 11:30:33"), JAKARTA) == datetime(2018, 8, 15, 4, 30, 33, tzinfo=UTC)
    assert at_zone(moment("2018-08-15T11:30:33+00:00"), JAKARTA) == datetime(2018, 8, 15, 11, 30, 33, tzinfo=UTC)
    assert at_zone(date(2018, 8, 15), JAKARTA) == datetime(2018, 8, 14, 17, tzinfo=UTC)


def test_money_becomes_minor_units_of_its_currency() -> None:
    assert [minor(Decimal("12.345"), c) for c in ("BRL", "IDR", "KWD")] == [1234, 12, 12345]


class Sample(RowModel):
    name: Name
    price: Amount = Decimal(0)
    pieces: Count = 0


@pytest.mark.parametrize(
    ("cells", "reason", "value"),
    [
        ({"name": " \u200b "}, "name: is empty", ""),
        ({"name": "x" * (TITLE_LIMIT + 1)}, "name: longer than 200 characters", "x" * 39 + "…"),
        ({"name": "a", "price": "ten\x1b"}, "price: not a number", "ten"),
        ({"name": "a", "price": "-1"}, "price: less than zero", "-1"),
        ({"name": "a", "pieces": "1.5"}, "pieces: not a whole number", "1.5"),
    ],
)
def test_a_bad_row_is_refused_with_column_reason_and_value(cells: dict[str, str], reason: str, value: str) -> None:
    report = Report()
    table = Table("a.csv", ("name",), (), iter(()))
    assert judge(table, Row(7, cells), Sample, report) is None
    (problem,) = report.problems
    assert (problem.file, problem.line, problem.kind) == ("a.csv", 7, "refused")
    assert (problem.reason, problem.value) == (reason, value)


@pytest.mark.parametrize("nothing", ["", " --", "-", "NULL", "N/A"])
def test_a_cell_that_says_nothing_counts_as_zero(nothing: str) -> None:
    good = judge(
        Table("a", (), (), iter(())), Row(1, {"name": "a", "price": nothing, "pieces": nothing}), Sample, Report()
    )
    assert good
    assert (good.price, good.pieces) == (Decimal(0), 0)
