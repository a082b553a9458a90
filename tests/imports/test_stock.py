"""Stock lists: products and signed movements, the same again being nothing new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opstui.domain.model import Movement, Product
from opstui.imports import stock
from opstui.imports.interface import Context

Csv = Callable[..., Path]
HEADER = "sku,name,minimum,at,quantity,sort,note"


def test_products_with_their_movements(csv: Csv, context: Context) -> None:
    path = csv(HEADER, "G1,Gayo,4,2026-11-02 09:00,-2,,sold", "G1,,,2026-11-01,10,in,", "B1,Bali,,,,,")
    reading = stock.read([path], context)
    gayo, bali = reading.stock
    assert gayo.product == Product(sku="G1", name="Gayo", minimum=4)
    assert gayo.movements == (
        Movement(sku="G1", at=datetime(2026, 10, 31, 17, tzinfo=UTC), quantity=10, sort="in"),
        Movement(sku="G1", at=datetime(2026, 11, 2, 2, tzinfo=UTC), quantity=-2, sort="out", note="sold"),
    )
    assert (bali.product.name, bali.movements) == ("Bali", ())
    assert reading.report.products == 2


@pytest.mark.parametrize(
    ("row", "kind", "reason", "quantities"),
    [
        ("G1,,,2026-11-01,3,out,", "repaired", "out with a quantity above zero: taken off", [-3]),
        ("G1,,,2026-11-01,-3,in,", "refused", "in with a quantity below zero", []),
        ("G1,,,,3,in,", "refused", "a quantity without a time (at)", []),
        ("G1,,,yesterday,3,in,", "refused", "at: not a date (2026-09-07)", []),
        ("G1,,,2026-11-01,1.5,in,", "refused", "quantity: not a whole number", []),
        ("G1,,,2026-11-01,3,theft,", "refused", "sort: not one of: in, out, reserve, adjust", []),
        ("G1,,-1,2026-11-01,3,in,", "refused", "minimum: less than zero", []),
        (",,,2026-11-01,3,in,", "refused", "sku: is empty", []),
    ],
)
def test_what_is_odd_about_a_movement(
    csv: Csv, context: Context, row: str, kind: str, reason: str, quantities: list[int]
) -> None:
    reading = stock.read([csv(HEADER, row)], context)
    assert [(p.line, p.kind, p.reason) for p in reading.report.problems] == [(2, kind, reason)]
    assert [m.quantity for s in reading.stock for m in s.movements] == quantities


def test_a_movement_that_stands_there_twice_is_taken_once(csv: Csv, context: Context) -> None:
    row = "G1,Gayo,4,2026-11-01,3,in,"
    reading = stock.read([csv(HEADER, row, row, row + "second crate")], context)
    assert [m.note for m in reading.stock[0].movements] == ["", "second crate"]
    assert [(p.line, p.value) for p in reading.report.problems] == [(3, "line 2")]
