"""Typing a filter: what is offered, taken with tab, and brought back with the up key."""

from __future__ import annotations

import pytest

from opstui.domain.commands import EditCard
from opstui.ui.widgets.filter_line import _Query, whole_words
from ui.page import Console, console, memory_workspace, orders


def field(page: Console) -> _Query:
    return page.board.filtering.line.query_one(_Query)


def told(page: Console) -> str:
    return str(page.board.filtering.line.query_one("#told").render())


def shown(page: Console) -> int:
    """Cards that the filter lets through."""
    view = page.board.board.view
    return view.shown if view else -1


async def test_tab_takes_what_is_offered_and_goes_round() -> None:
    async with console(memory_workspace(*orders(3), EditCard(card=1, values={"owner": "rina"}))) as page:
        await page.press("slash")
        await page.type("ow")
        assert field(page)._suggestion == "owner:"
        await page.press("tab")
        assert (field(page).value, told(page)) == ("owner:", "me  none  budi  rina")
        await page.type("r")
        await page.press("tab")
        assert (field(page).value, told(page)) == ("owner:rina", "1 card")


async def test_a_filter_that_is_only_begun_leaves_the_board_as_it_is() -> None:
    async with console(memory_workspace(*orders(3), EditCard(card=1, values={"owner": "rina"}))) as page:
        await page.press("slash")
        counts = []
        for letter in "toko owner:rina":
            await page.type(letter)
            counts.append(shown(page))
        assert counts == [3] * 14 + [1]
        await page.press(*["backspace"] * 4)
        assert "rina" in told(page)
        await page.press("enter")
        assert (told(page), page.board.filtering.typing) == ("owner: needs a value", True)
        await page.press(*["backspace"] * 6, "enter")
        assert (page.board.desk.query, page.board.filtering.typing) == ("toko ", False)


async def test_a_word_that_finds_nothing_counts_once_it_is_meant() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("slash")
        await page.type("own")
        assert (told(page), shown(page)) == ('no card says "own"; go on for owner:', 3)
        await page.press("enter")
        assert (told(page), shown(page)) == ("0 cards", 0)


async def test_tab_and_shift_tab_go_round_all_values_and_back_to_what_was_typed() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("slash")
        await page.type("owner:")
        seen = []
        for key in ("tab", "tab", "tab", "tab", "tab", "shift+tab", "shift+tab"):
            await page.press(key)
            seen.append(field(page).value.partition(":")[2])
        assert seen == ["me", "none", "budi", "rina", "", "rina", "budi"]


async def test_tab_where_nothing_is_offered_changes_nothing() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("slash")
        await page.type("xyz")
        await page.press("tab", "shift+tab")
        assert field(page).value == "xyz"
        assert page.board.filtering.line.has_focus_within


async def test_up_brings_back_filters_from_before_newest_first() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        for query in ("toko", "is:late", "toko"):
            await page.press("slash")
            await page.type(query)
            await page.press("enter", "escape")
        await page.press("slash", "up")
        assert field(page).value == "toko"
        assert page.board.desk.query == "toko"
        await page.press("up")
        assert field(page).value == "is:late"
        await page.press("up")
        assert field(page).value == "toko"


async def test_a_mistake_is_still_told() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("slash")
        await page.type("is:nonsense")
        assert "unknown" in told(page)


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (40, 'unknown due "x"; allowed: today, friday'),
        (38, 'unknown due "x"; allowed: today …'),
        (30, 'unknown due "x"; allowed: …'),
        (1, "unknown …"),
    ],
)
def test_a_reason_leaves_out_whole_words_and_says_so(room: int, shown: str) -> None:
    assert whole_words('unknown due "x"; allowed: today, friday', room) == shown


async def test_a_reason_has_all_the_room_beside_what_is_typed() -> None:
    async with console(memory_workspace(*orders(3)), size=(80, 24)) as page:
        await page.press("slash")
        await page.type("due:never")
        assert told(page) == 'unknown due "never"; allowed: today, tomorrow, yesterday …'
