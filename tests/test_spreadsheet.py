"""What is written into a cell is what is read out of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.model import Field, clean_line, fields_of
from opstui.spreadsheet import read, unguarded, written
from opstui.typed import Here

FIELDS = {field.name: field for kind in ("order", "campaign", "feedback", "action") for field in fields_of(kind)}


def here(currency: str = "IDR") -> Here:
    return Here(datetime(2026, 11, 22, 5, tzinfo=UTC), ZoneInfo("Asia/Jakarta"), currency)


def line(name: str, quantity: int = 1, price: int = 0, sku: str = "") -> dict[str, Any]:
    return {"name": name, "quantity": quantity, "price": price, "sku": sku}


EXPERIMENT = {
    "name": "button",
    "metric": "orders",
    "arms": [{"label": "old", "hits": 5, "people": 10}, {"label": "new", "hits": 6, "people": 10}],
    "planned": 10,
}


def full(field: Field, value: Any) -> Any:
    stocks: dict[str, dict[str, Any]] = {"lines": {"price": 0, "sku": ""}, "targets": {"baseline": None}}
    stock = stocks.get(field.name)
    return [{**stock, **row} for row in value] if stock else value


@pytest.mark.parametrize(
    ("name", "value", "currency", "cell"),
    [
        ("total", 132_685, "BRL", "1326.85"),
        ("total", 500, "BRL", "5.00"),
        ("total", 2_000_000, "IDR", "2000000"),
        ("budget", 1_234_567, "KWD", "1234.567"),
        ("total", 234, "BHD", "0.234"),
        ("total", 0, "IDR", ""),
        ("tags", [], "IDR", ""),
        ("tags", ["a", "b"], "IDR", "a, b"),
        ("tags", ["two words", "b"], "IDR", "two words, b"),
        ("tags", ["two words"], "IDR", '["two words"]'),
        ("sensitive", True, "IDR", "yes"),
        ("sensitive", False, "IDR", "no"),
        ("customer", "null", "IDR", "'null"),
        ("customer", "=1+1", "IDR", "'=1+1"),
        ("first_response", "2026-09-07T01:05:09Z", "IDR", "2026-09-07T01:05:09Z"),
        ("lines", [line("House Blend", 12, 95_000), line("Gayo")], "IDR", "12 x House Blend @ 95000; 1 x Gayo"),
        ("lines", [line("House", 1, 950, "H-1")], "USD", "1 x House [sku H-1] @ 9.50"),
        ("lines", [line("a; b @ 3", 1, 950)], "USD", '[{"name":"a; b @ 3","quantity":1,"price":"9.50","sku":""}]'),
        ("targets", [{"metric": "revenue", "target": 12_345_678.0, "baseline": None}], "IDR", "revenue 12345678"),
        ("touches", [{"channel": "meta", "day": "2026-09-01"}, {"channel": "shop"}], "IDR", "meta 2026-09-01; shop"),
        ("experiments", [EXPERIMENT], "IDR", "button (orders): old 5/10, new 6/10 n=10"),
        ("targets", [{"metric": "roas", "target": 2.5, "baseline": 2.0}], "IDR", "roas 2.5 (was 2)"),
    ],
)
def test_a_cell_and_back(name: str, value: Any, currency: str, cell: str) -> None:
    field = FIELDS[name]
    assert written(field, value, here(currency)) == cell
    if cell:
        assert full(field, read(field, unguarded(cell), here(currency))) == value


NAMES = st.text("ab ;@[]()x1'=,\"#-sku", min_size=1, max_size=12).map(clean_line).filter(bool)


@given(st.lists(st.builds(line, NAMES, st.integers(-1, 10**7), st.integers(0, 10**9), st.just("") | NAMES), min_size=1))
def test_any_lines_come_back(lines: list[dict[str, Any]]) -> None:
    field = FIELDS["lines"]
    assert full(field, read(field, unguarded(written(field, lines, here("USD"))), here("USD"))) == lines


@given(st.lists(NAMES, min_size=1, unique=True))
def test_any_tags_come_back(tags: list[str]) -> None:
    field = FIELDS["tags"]
    assert read(field, unguarded(written(field, tags, here())), here()) == tags


@pytest.mark.parametrize("text", ['[{"name":1}]', '["a"', '[{"name":"a","quantity":1,"price":5}]', "[{" * 5000])
def test_json_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        read(FIELDS["lines"], text, here())
