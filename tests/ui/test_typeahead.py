"""Keys struck faster than they are dealt with mean what they mean when they are struck slowly."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from textual.events import Paste

from opstui.ui.screens.form import Form
from ui.page import Console, console, memory_workspace, orders


def texts(c: Console) -> dict[str, str]:
    """What stands in the fields of the form on top."""
    form = c.app.screen
    assert isinstance(form, Form)
    return {line.row.name: line.text for line in form.lines if line.text}


async def test_a_tab_struck_while_a_form_opens_goes_to_the_next_field() -> None:
    async with console(memory_workspace()) as c:
        await c.strike("n", *"Tas", "tab", *"Rina", "tab", "tab", "end", "home", "x")
        assert (texts(c)["title"], texts(c)["customer"]) == ("Tas", "Rina")


async def test_the_first_letter_on_an_old_card_is_written_behind_its_title() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.strike("e", "Q", "home", "A", "tab", *"BuRina")
        assert (texts(c)["title"], texts(c)["customer"]) == ("AOrder 1Q", "BuRina")


async def test_a_paste_and_a_click_do_not_overtake_the_keys_before_them() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        driver = c.app._driver
        assert driver is not None
        for event in (c.key_event("e"), c.key_event("tab"), Paste("Ani"), c.key_event("s")):
            driver.send_message(event)
        await c.rest()
        assert texts(c)["customer"] == "Anis"


@pytest.mark.parametrize("keys", ["jjjjkkj", "jllhhjjkk", "kkkkj", "jjjjjjjjjjjjjjjjjjjjjjjjjjllhhkk"])
async def test_steps_taken_together_end_where_they_end_one_by_one(keys: str) -> None:
    async with console(memory_workspace(*orders(30)), size=(80, 24)) as c:
        await c.strike("space", "L", "escape", "home")
        await c.press(*keys)
        slowly = (c.cursor, c.board.board._first, c.board.board.cursor_row)
        await c.press("h", "h", "h", "home")
        await c.strike(*keys)
        assert (c.cursor, c.board.board._first, c.board.board.cursor_row) == slowly


async def test_a_flood_of_steps_keeps_no_other_key_waiting() -> None:
    async with console(memory_workspace(*orders(30))) as c:
        moves = Mock(wraps=c.board.board.move_cursor)
        c.board.board.move_cursor = moves  # type: ignore[method-assign]
        await c.strike(*"jk" * 300, "j", "question_mark")
        assert moves.call_count < 10
        assert c.dialog == "HelpScreen"
        assert c.cursor
        assert c.cursor.ref == "ORD-0002"


async def test_an_open_card_scrolls_by_as_many_lines_as_keys_were_struck() -> None:
    async with console(memory_workspace(*orders(1)), size=(80, 8)) as c:
        await c.press("enter")
        await c.strike("j", "j", "j", "k")
        assert c.board.card_view.scroll_offset.y == 2
