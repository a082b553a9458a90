"""What is pasted and typed into the fields of a form: nothing of it lost, nothing hostile kept, however much it is."""

from __future__ import annotations

from typing import get_args

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from opstui.domain.model import DETAILS, Shape, fields_of
from opstui.typed import Here
from opstui.ui.ink import upright
from opstui.ui.rows import GROUPS, card_rows
from opstui.ui.screens.form import Form
from ui.page import NOON, Console, console, memory_workspace, orders

LONG = "\n".join(f"line {n} " + "x" * 90 for n in range(100))


async def paste(c: Console, text: str) -> None:
    assert c.app.focused
    c.app.focused.post_message(events.Paste(text))
    await c.rest()


@pytest.mark.parametrize(
    ("pasted", "title"),
    [("Bu\nRatna\n", "Bu Ratna"), ("a\x1b]52;c;x\x07b", "a]52;c;xb"), ("a\u202eb", "ab"), ("[bold]x[/]", "[bold]x[/]")],
)
async def test_lines_pasted_into_a_line_are_joined_and_cleaned(pasted: str, title: str) -> None:
    async with console(memory_workspace()) as c:
        await c.press("n")
        await paste(c, pasted)
        await c.press("ctrl+o")
        assert c.card("ORD-0001").title == title


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["abc"], "abc"),
        (["\u0301", "\u0947ab", "c"], "abc"),
        (["", "\u200d👩x\u0301"], "👩x\u0301"),
        (["e\u0301"], "e\u0301"),
        (["\u0301"], "\u0301"),
        ([], ""),
    ],
)
def test_a_line_does_not_begin_with_the_mark_of_a_letter_that_is_cut_off(texts: list[str], shown: str) -> None:
    strip = Strip([Segment(text, Style(bold=True)) for text in texts])
    assert upright(strip).text == shown
    assert upright(strip).cell_length == strip.cell_length


async def test_letters_with_marks_are_scrolled_in_a_line_and_nothing_is_drawn_beside_it() -> None:
    async with console(memory_workspace()) as c:
        await c.press("n")
        await paste(c, "क्षेत्र" * 30)
        field = c.app.focused
        assert field is not None
        for x in range(8):
            field.scroll_to(x, animate=False, force=True)
            assert cell_len(field.render_line(0).text[0])


async def test_a_long_text_keeps_its_lines_and_the_form_its_keys() -> None:
    async with console(memory_workspace(*orders(1)), size=(80, 24)) as c:
        await c.press("c")
        await paste(c, LONG)
        assert "ctrl+o save" in c.text
        assert "line 99" in c.text
        await c.press("ctrl+o")
        assert c.events("commented")[0].data["text"] == LONG


async def test_a_text_grows_with_its_lines_and_its_ends_lead_to_the_neighbours() -> None:
    async with console(memory_workspace(*orders(1)), size=(100, 40)) as c:
        await c.press("e", "tab", "down")
        field = c.app.focused
        assert field
        before = field.size.height
        await c.type("a\nb\nc\nd")
        assert field.size.height == 4 > before
        await c.press("down")
        assert c.app.focused is not field
        await c.press("up", "up", "up", "up", "up")
        assert c.app.focused is not field


@pytest.mark.parametrize("kind", DETAILS)
def test_every_field_of_a_card_is_in_its_form_once(kind: str) -> None:
    rows = card_rows(kind, {}, Here(NOON, NOON.tzinfo, "IDR"))  # type: ignore[arg-type]
    assert sorted(row.name for row in rows) == sorted(field.name for field in fields_of(kind))
    assert rows[0].name == "title"
    assert [row.section for row in rows if row.section] == [title for title, _names in GROUPS[kind] if title]
    assert {row.shape for row in rows} <= set(get_args(Shape))


async def test_what_is_struck_behind_a_key_that_leads_on_goes_into_the_next_field() -> None:
    """On a slow line letters used to be added to the field before."""
    async with console(memory_workspace()) as c:
        await c.strike("n", *"ab", "enter", *"tok", "tab", *"Gayo", "tab", *"5000", "tab", "tab", "tab", *"hp", *"ig")
        form = c.app.screen
        assert isinstance(form, Form)
        assert [line.text for line in form.lines[:4]] == ["ab", "tok", "Gayo", "5000"]
        assert {line.row.name: line.text for line in form.lines if line.text in ("high", "paid", "ig")} == {
            "priority": "high",
            "payment": "paid",
            "channel": "ig",
        }


async def test_a_reason_below_the_last_row_is_brought_into_sight() -> None:
    async with console(memory_workspace(*orders(1)), size=(80, 20)) as c:
        await c.press("e", "shift+tab")
        await c.type("X")
        await c.press("ctrl+o")
        await c.until(lambda: "is no" in c.text)
        assert c.dialog == "Form"
