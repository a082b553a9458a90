"""On a narrow terminal the numbers stand in the place of the board: no key may then act on a card nobody sees."""

from __future__ import annotations

import pytest

from opstui.ui.commands import COMMANDS, Place
from ui.page import console, memory_workspace, orders

NARROW = (80, 24)


async def test_tab_brings_the_board_into_sight_again() -> None:
    async with console(memory_workspace(*orders(2)), size=NARROW) as c:
        await c.press("p")
        assert c.board.panes.numbers_over
        await c.press("tab")
        assert "ORD-0001" in c.text
        await c.press("x")
        assert c.card("ORD-0001").archived


@pytest.mark.parametrize("key", ["x", "L", "M", "e", "d", "space", "asterisk", "V", "J"])
async def test_no_key_acts_on_a_card_behind_the_numbers(key: str) -> None:
    async with console(memory_workspace(*orders(2)), size=NARROW) as c:
        before = c.workspace.store.seq
        await c.press("p", key)
        assert (c.workspace.store.seq, c.dialog, c.board.board.selection) == (before, "", set())
        assert "the numbers stand over the board" in c.said


async def test_marked_cards_behind_the_numbers_stay_as_they_are() -> None:
    async with console(memory_workspace(*orders(2)), size=NARROW) as c:
        await c.press("space", "p", "x", "l", "pagedown")
        assert not c.events("archived")
        await c.press("tab", "x")
        assert len(c.events("archived")) == 1


async def test_whatever_gives_the_board_the_focus_shows_it() -> None:
    async with console(memory_workspace(*orders(2)), size=NARROW) as c:
        await c.press("p")
        c.board.board.focus()
        await c.rest()
        assert not c.board.panes.covered


async def test_a_terminal_that_becomes_narrow_shows_what_has_the_focus() -> None:
    async with console(memory_workspace(*orders(2)), size=NARROW) as c:
        await c.press("p")
        await c.pilot.resize_terminal(140, 40)
        await c.press("tab")
        await c.pilot.resize_terminal(*NARROW)
        await c.rest()
        assert "ORD-0001" in c.text
        await c.pilot.resize_terminal(140, 40)
        await c.press("enter")
        await c.pilot.resize_terminal(*NARROW)
        await c.rest()
        assert c.board.focused is c.board.card_view


def test_the_table_refuses_what_is_about_the_board_while_it_is_covered() -> None:
    place = Place(covered=True)
    refused = {name for name, command in COMMANDS.items() if "over the board" in command.why_not(place)}
    assert {"open", "archive", "move", "select_all", "left", "page_down", "sort", "fold"} <= refused
    assert not {"pane", "numbers", "new", "filter", "undo", "quit", "board_2"} & refused


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_numbers_are_seen_when_they_are_asked_for_over_an_open_card(size: tuple[int, int]) -> None:
    async with console(memory_workspace(*orders(2)), size=size) as c:
        await c.until(lambda: c.board.pane.shown.tiles)
        await c.press("enter")
        assert c.board.panes.card_open
        await c.press("p")
        await c.until(lambda: "Orders in" in c.text)
        assert not c.board.panes.card_open
