"""My work and find, as people use them: keys, mouse, what others change, and where they lead."""

from __future__ import annotations

import pytest

from opstui.domain.commands import AddComment, ArchiveCard, CreateCard, EditCard
from opstui.ui.ink import cells
from opstui.ui.screens.find import FindScreen
from opstui.ui.screens.my_work import MyWork
from opstui.ui.widgets.listing import Listing
from ui.page import BUDI, RINA, Console, console, memory_workspace, order, orders

MINE = (
    order("Late one", customer="Sari", owner="rina", due="2026-09-18"),
    order("Today", customer="Toko Damai", owner="rina", due="2026-09-21"),
    order("His", customer="Bu Ratna", owner="budi", due="2026-09-22"),
    order("Free", customer="Andi"),
    CreateCard(board="campaigns", title="Flash sale", fields={"owner": "rina", "due": "2026-09-24"}),
)


def lines(page: Console) -> list[str]:
    return [line.strip("▌▐ ") for line in page.text.splitlines() if line.strip("▌▐ ")]


def told_of(page: Console) -> None:
    """The list hears of the last change."""
    page.board.changes.tell_above(list(page.workspace.history())[-1:])


async def test_my_work_is_on_all_boards_by_when_it_is_due() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("w")
        assert page.dialog == "MyWork"
        shown = lines(page)
        assert shown[1].startswith("My work")
        assert shown[1].endswith("3 open cards")
        heads = [line for line in shown if line.split()[0] in ("Late", "Today", "This", "Later", "No")]
        assert heads == ["Late  1", "Today  1", "This week  1"]
        assert "Orders · New" in page.text
        assert "Campaigns · Brief" in page.text


async def test_enter_goes_to_the_card_on_its_board_and_esc_back() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("w", "end", "enter")
        assert (page.dialog, page.board.desk.board.id) == ("", "campaigns")
        assert page.cursor is not None
        assert page.cursor.title == "Flash sale"
        await page.press("w", "escape")
        assert page.dialog == ""


async def test_a_filter_that_hides_the_card_gives_way() -> None:
    async with console(memory_workspace(*MINE)) as page:
        page.board.filtering.put("toko")
        await page.press("w", "home", "enter")
        assert page.cursor is not None
        assert (page.cursor.title, page.board.desk.query) == ("Late one", "")


async def test_right_shows_others_work_and_nobodys() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("w", "right")
        assert lines(page)[1].startswith("budi's work")
        assert "Bu Ratna" in page.text
        await page.press("tab")
        assert lines(page)[1].startswith("Nobody's work")
        assert "Andi" in page.text
        await page.press("right", "left", "left", "left")
        assert lines(page)[1].startswith("My work")


async def test_what_others_change_appears_in_my_work() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("w")
        card = page.card("ORD-0004").id
        page.workspace.submit(BUDI, EditCard(card=card, values={"owner": "rina", "due": "2026-09-21"}))
        told_of(page)
        await page.rest()
        assert "Today  2" in lines(page)
        page.workspace.submit(BUDI, EditCard(card=card, values={"title": "x", "customer": "New name"}))
        told_of(page)
        await page.rest()
        assert "New name" in page.text


async def test_a_double_click_goes_there_too() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("w")
        await page.pilot.double_click(Listing, offset=(20, 4))
        await page.rest()
        assert page.cursor is not None
        assert page.cursor.title == "Today"


async def test_find_looks_everywhere_while_one_types() -> None:
    async with console(memory_workspace(*MINE, *orders(20))) as page:
        page.workspace.submit(RINA, AddComment(card=4, text="Damai will fetch it"), ArchiveCard(card=3))
        await page.press("F")
        await page.type("damai")
        assert page.dialog == "FindScreen"
        shown = lines(page)
        assert shown[1].endswith("2 cards")
        assert "Orders  2" in shown
        assert "Damai will fetch it" in shown
        await page.press("down", "enter")
        assert page.cursor is not None
        assert (page.cursor.title, page.board.card_view.card, page.board.has_class("-card")) == ("Today", 2, True)
        await page.press("escape")
        assert not page.board.has_class("-card")


async def test_a_card_in_the_archive_is_opened_and_its_state_said() -> None:
    async with console(memory_workspace(*MINE)) as page:
        page.workspace.submit(RINA, ArchiveCard(card=3))
        await page.press("F")
        await page.type("ratna")
        assert "Archive  1" in lines(page)
        await page.press("enter")
        assert (page.board.card_view.card, page.said) == (3, "ORD-0003 is in the archive")


@pytest.mark.parametrize(("query", "says"), [("owner:", "needs a value"), ("ownr:x", "did you mean owner?")])
async def test_a_mistake_is_told_and_the_results_stay(query: str, says: str) -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("F")
        await page.type(query)
        assert says in page.text.splitlines()[-1]


async def test_letters_are_letters_while_one_types_and_nothing_is_found_quietly() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("F")
        await page.type("xqj k")
        assert isinstance(page.app.screen, FindScreen)
        assert page.app.screen.field.value == "xqj k"
        assert "nothing has these words" in page.text
        await page.press("enter", "escape")
        assert page.dialog == ""


async def test_what_changes_while_one_looks_is_seen() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("F")
        await page.type("gayo")
        page.workspace.submit(BUDI, EditCard(card=1, values={"title": "Gayo"}))
        told_of(page)
        await page.rest()
        assert "1 card" in page.text


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5)])
@pytest.mark.parametrize("key", ["w", "F", "f"])
async def test_every_list_fits_every_terminal(size: tuple[int, int], key: str) -> None:
    async with console(memory_workspace(*MINE), size=size) as page:
        await page.press(key)
        if key == "F":
            await page.type("a")
        assert all(len(line) <= size[0] for line in page.text.splitlines())
        await page.press("down", "down", "escape")
        assert page.dialog == ""


async def test_too_much_news_is_looked_at_anew() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("w")
        page.workspace.submit(BUDI, EditCard(card=4, values={"owner": "rina"}))
        assert isinstance(page.app.screen, MyWork)
        page.board.changes.tell_above(None)
        await page.rest()
        assert "4 open cards" in page.text


@pytest.mark.parametrize("key", ["w", "F", "f"])
async def test_a_click_beside_a_list_closes_it(key: str) -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press(key)
        await page.pilot.click(None, offset=(50, 0))
        await page.rest()
        assert page.dialog == ""


async def test_find_begins_with_what_was_found_last_and_the_next_letter_replaces_it() -> None:
    async with console(memory_workspace(*MINE)) as page:
        await page.press("F")
        await page.type("damai")
        await page.press("enter", "F")
        assert "Toko Damai" in page.text
        await page.type("sari")
        assert isinstance(page.app.screen, FindScreen)
        assert page.app.screen.field.value == "sari"


async def test_the_second_line_shows_the_words_that_the_first_does_not() -> None:
    asked = order("x", customer="Sari", description="bring the ladder", lines=[{"name": "Gayo", "quantity": 1}])
    async with console(memory_workspace(asked)) as page:
        await page.press("F")
        for query, shown in (("sari", "bring the ladder"), ("sari ladder", "bring the ladder")):
            page.app.screen.query_one("#sought").value = query  # type: ignore[attr-defined]
            await page.rest()
            assert lines(page)[5] == shown


@pytest.mark.parametrize("key", ["w", "F"])
async def test_hostile_and_wide_texts_are_only_text(key: str) -> None:
    evil = order("[red]\x1b[31m宽宽宽", customer="[bold]宽宽[/]", owner="rina", description="[link]宽 a" * 50)
    async with console(memory_workspace(evil), size=(80, 24)) as page:
        await page.press(key)
        if key == "F":
            await page.type("a")
        assert "[bold]宽宽[/]" in page.text
        assert "\x1b" not in page.text
        assert all(cells(line) <= 80 for line in page.text.splitlines())


async def test_an_empty_list_says_why_and_offers_only_what_works() -> None:
    async with console(memory_workspace(order("A", owner="rina"))) as page:
        await page.press("w")
        assert "enter go to the card" in page.text
        await page.press("right")
        assert "budi has no open cards" in page.text
        assert "enter" not in page.text.splitlines()[-1]
        await page.press("right", "enter")
        assert "every open card has somebody who does it" in page.text
        await page.press("right", "escape", "F")
        assert page.text.splitlines()[-1].strip().startswith("type what you look for")
        await page.type("zzz")
        assert "fewer letters find more" in page.text


async def test_filters_that_are_always_there_are_only_applied() -> None:
    async with console(memory_workspace(*orders(1))) as page:
        await page.press("f")
        assert page.text.splitlines()[-1].strip() == "enter apply   esc back"
        await page.press("escape", "slash", *"toko", "enter", "S", *"mine", "ctrl+o", "f")
        await page.until(lambda: page.text.splitlines()[-1].strip() == "enter apply   e change   x remove   esc back")
        await page.press("x")
        assert "u puts it back" in page.text
        await page.press("escape")
