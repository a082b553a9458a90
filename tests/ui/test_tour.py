"""The guided tour: goes on by doing or by enter, changes nothing itself, and is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from opstui.ui.commands import COMMANDS
from opstui.ui.ink import cells
from opstui.ui.preferences import Kept
from opstui.ui.tour import STEPS, told
from ui.page import Console, console, memory_workspace, orders


def step(page: Console) -> int:
    """The step that is told, from 1; 0 when the tour is over."""
    return page.board.tour.step + 1 if page.board.tour else 0


def test_every_step_fits_a_narrow_terminal_and_names_commands_that_exist() -> None:
    for each in STEPS:
        assert cells(told(each, COMMANDS)) <= 75, each.title
        assert set(each.done) <= COMMANDS.keys()


async def test_help_begins_it_and_each_key_that_it_tells_goes_on(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path), size=(80, 24)) as page:
        await page.press("question_mark", "t")
        assert "Look around  1 of 9" in page.text
        for n, keys in enumerate(
            (["j"], ["enter", "escape"], ["L"], ["n", "escape"], ["slash", "escape"], ["2"], ["g", "escape"], ["p"]), 2
        ):
            await page.press(*keys)
            assert step(page) == n, page.text
        await page.press("ctrl+p", "escape")
        assert step(page) == 0
        assert "that was the tour" in page.said
    assert Kept(tmp_path, "rina").now.toured


@pytest.mark.parametrize("count", [0, 3])
async def test_enter_goes_on_and_nothing_is_changed(count: int) -> None:
    async with console(memory_workspace(*orders(count))) as page:
        await page.press("question_mark", "t")
        before = len(page.events())
        for n in range(1, len(STEPS) + 1):
            assert step(page) == n
            await page.press("enter")
            if page.board.has_class("-card"):
                assert step(page) == 2
                await page.press("enter")
            assert not page.board.has_class("-card")
        assert step(page) == 0
        assert len(page.events()) == before


async def test_esc_closes_what_is_open_and_then_ends_it() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("ctrl+p")
        await page.type("tour\n")
        await page.press("j", "enter")
        assert page.board.has_class("-card")
        await page.press("escape")
        assert (step(page), page.board.has_class("-card")) == (3, False)
        await page.press("escape")
        assert step(page) == 0
        assert "Move it" not in page.text


async def test_other_keys_do_what_they_do_and_it_waits() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("question_mark", "t", "b", "escape", "3")
        assert (step(page), page.board.desk.board.id) == (1, "feedback")


async def test_it_tells_a_person_s_own_keys(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text('new = "N"\nleft = []\n')
    async with console(memory_workspace(path=tmp_path)) as page:
        await page.press("question_mark", "t")
        assert "(left) j k l or the arrows" in page.text
        await page.press("enter", "enter", "enter")
        assert "N asks for a new card" in page.text


async def test_a_click_goes_on() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("question_mark", "t")
        await page.pilot.click("TourCard")
        await page.rest()
        assert step(page) == 2
