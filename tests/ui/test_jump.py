"""Jump mode: which letters there are, what typing them does, and that nothing is left of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.commands import CreateCard
from opstui.ui.ink import Ink
from opstui.ui.letters import HOME_ROW_FIRST, letters
from opstui.ui.themes import load_themes
from opstui.ui.widgets.paint import lettered, row, wide
from ui.page import Console, console, memory_workspace, orders

STAGES = ("new", "payment", "stock", "processing", "shipping")
INK = Ink(load_themes().themes[0])


@given(st.integers(0, 1000))
def test_letters_are_different_none_begins_another_and_the_shortest_come_first(count: int) -> None:
    words = letters(count)
    assert len(words) == min(count, len(HOME_ROW_FIRST) ** 2)
    assert len(set(words)) == len(words)
    singles = {word for word in words if len(word) == 1}
    assert not singles & {word[0] for word in words if len(word) == 2}
    assert [len(word) for word in words] == sorted(len(word) for word in words)


def test_up_to_26_things_have_one_letter_each_and_the_home_row_is_first() -> None:
    assert "".join(letters(26)) == HOME_ROW_FIRST
    assert letters(27)[-2:] == ["ma", "ms"]


@given(st.text(st.characters(codec="utf-8"), max_size=12), st.integers(6, 30), st.sampled_from(["", "a", "mk"]))
def test_letters_over_a_line_leave_it_as_wide_as_it_was(text: str, width: int, word: str) -> None:
    line = row([(text, INK("ink"))], [], width, INK("ink"))
    over = lettered(line, word, INK)
    assert wide((s.text, s.style) for s in over if s.style) == width
    assert (f" {word} " in "".join(s.text for s in over)) or not word


def letter_of(page: Console, ref: str) -> str:
    """The letters that stand on a card."""
    return page.board.board._letters[0][page.workspace.find(ref)]


def jumping(page: Console) -> bool:
    """Whether the letters are on."""
    return page.board.jump is not None


async def test_a_letter_goes_to_its_card_at_once() -> None:
    async with console(memory_workspace(*orders(5))) as page:
        before = page.text
        await page.press("g")
        assert " a -0001" in page.text
        assert "jump there" in page.text
        await page.press(letter_of(page, "ORD-0004"))
        assert page.cursor
        assert page.cursor.ref == "ORD-0004"
        await page.press("home")
        assert page.text == before


async def test_lanes_and_tabs_have_letters_as_well() -> None:
    async with console(memory_workspace(*orders(2))) as page:
        await page.press("g")
        assert f" {page.board.board._letters[1]['payment']} Payment" in page.text, "the name is whole"
        await page.press(page.board.board._letters[1]["stock"])
        assert page.board.board.cursor_stage == "stock"
        await page.press("g")
        await page.press(page.board.header._letters[2])
        assert page.board.desk.board.id == "feedback"
        assert not page.board.header._letters


async def test_what_follows_the_letter_is_meant_for_the_card_however_fast_it_is_typed() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.strike("g", "d", "L")
        assert page.card("ORD-0003").stage == "payment"
        assert [event.id for event in page.events("moved")] == [page.workspace.find("ORD-0003")]


async def test_two_letters_where_there_are_many_and_a_wrong_one_is_left_out() -> None:
    many = [CreateCard(board="orders", title=f"O {n}", stage=stage) for stage in STAGES for n in range(9)]
    async with console(memory_workspace(*many), size=(200, 60)) as page:
        for ref, size in (("ORD-0002", 1), ("ORD-0044", 2)):
            await page.press("g")
            word = letter_of(page, ref)
            await page.press(*word)
            assert len(word) == size
            assert page.cursor
            assert page.cursor.ref == ref
        await page.press("g")
        two = next(word for word in page.board.board._letters[0].values() if len(word) == 2)
        await page.press(two[0])
        assert set(map(len, page.board.board._letters[0].values())) == {1}
        await page.press("exclamation_mark")
        assert jumping(page)
        await page.press("escape")
        assert not jumping(page)


@pytest.mark.parametrize("typed", ["2", "0002", "ORD-0002"])
async def test_digits_or_a_capital_begin_a_card_s_number(typed: str) -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("g")
        await page.type(typed)
        assert f"enter to {typed}" in page.text
        assert "Order 2" in page.text.splitlines()[-1]
        await page.press("enter")
        assert page.cursor
        assert page.cursor.ref == "ORD-0002"


async def test_a_number_that_no_card_has_can_be_mended() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("g", "9", "enter")
        assert "9: no card has this number" in page.said
        await page.press("backspace", "3", "enter")
        assert page.cursor
        assert page.cursor.ref == "ORD-0003"


async def test_an_archived_card_is_told() -> None:
    async with console(memory_workspace(*orders(2))) as page:
        await page.press("x", "g", "1", "enter")
        assert page.said == "ORD-0001 is in the archive; A shows it"


async def test_another_key_ends_it_and_does_what_it_does() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("g", "down")
        assert not jumping(page)
        assert page.board.board.cursor_row == 1
        await page.press("g", "ctrl+p")
        assert page.dialog == "Palette"


async def test_the_mouse_ends_it() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("g")
        await page.pilot.click("Board", offset=(5, 10))
        await page.rest()
        assert not jumping(page)
        assert not page.board.board._letters[0]


async def test_with_an_open_card_over_the_board_it_shows_the_board() -> None:
    async with console(memory_workspace(*orders(3)), size=(80, 24)) as page:
        await page.press("enter", "g")
        assert " s -0002" in page.text
        await page.press("s")
        assert page.cursor
        assert page.cursor.ref == "ORD-0002"
        assert page.app.focused is page.board.board


@pytest.mark.parametrize("size", [(20, 5), (300, 100)])
async def test_any_size(size: tuple[int, int]) -> None:
    async with console(memory_workspace(*orders(40)), size=size) as page:
        await page.press("g", "s", "g", "escape")
        assert not jumping(page)
