"""The total of an order follows its lines, unless somebody typed another one."""

from __future__ import annotations

import pytest

from opstui.ui.screens.form import Form
from opstui.ui.widgets.form_line import FormLine
from ui.page import Console, console, memory_workspace, order


def row(c: Console, name: str) -> FormLine:
    assert isinstance(c.app.screen, Form)
    return next(line for line in c.app.screen.lines if line.row.name == name)


def said(c: Console, name: str) -> str:
    return str(row(c, name).query_one(".said").render())


def total(c: Console, ref: str) -> int:
    return int(getattr(c.card(ref).details, "total", 0))


async def test_the_total_of_a_new_order_is_the_sum_of_its_lines() -> None:
    async with console(memory_workspace()) as c:
        await c.press("n")
        await c.type("Toko Damai")
        await c.press("tab", "tab")
        await c.type("12 x House Blend @ 95.000\n2 x Gayo @ 100.000")
        assert row(c, "total").text == "1,340,000"
        assert said(c, "total") == "Rp 1,340,000 · the sum of the lines"
        await c.press("tab", "end", *["backspace"] * 9)
        await c.type("1,3jt")
        assert said(c, "total") == "Rp 1,300,000 · lines add up to 1,340,000"
        await c.press("shift+tab")
        await c.type("\n1 x Toraja @ 60.000")
        assert (row(c, "total").text, said(c, "total")) == ("1,3jt", "Rp 1,300,000 · lines add up to 1,400,000")
        await c.press("ctrl+o")
        assert total(c, "ORD-0001") == 1_300_000


@pytest.mark.parametrize(
    ("before", "first", "after", "told"),
    [
        (190_000, "", 195_000, "Rp 195,000 · the sum of the lines"),
        (0, "lines add up to 190,000", 195_000, "Rp 195,000 · the sum of the lines"),
        (180_000, "lines add up to 190,000", 180_000, "lines add up to 195,000"),
    ],
)
async def test_of_an_order_that_is_there_it_follows_only_where_it_was_the_sum(
    before: int, first: str, after: int, told: str
) -> None:
    lines = [{"name": "Gayo", "quantity": 2, "price": 95_000}]
    async with console(memory_workspace(order("A", lines=lines, total=before))) as c:
        await c.press("e")
        assert said(c, "total") == first
        await c.press("tab", "tab", "end")
        await c.type("\n1 x Bag @ 5000")
        assert said(c, "total") == told
        await c.press("ctrl+o")
        assert total(c, "ORD-0001") == after


async def test_lines_without_a_price_do_not_make_a_total() -> None:
    async with console(memory_workspace(order("A", lines=[{"name": "Gayo", "quantity": 2}]))) as c:
        await c.press("e", "tab", "tab", "end")
        await c.type("\n1 x Bag @ 5000")
        assert (row(c, "total").text, said(c, "total")) == ("", "lines with a price add up to 5,000")
        await c.press("ctrl+o")
        assert total(c, "ORD-0001") == 0
