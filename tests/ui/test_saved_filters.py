"""Saved filters: for oneself and for all, applied, changed, removed and put back, and seen by others at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opstui.domain.commands import SaveFilter
from opstui.domain.filters import shared_filters
from opstui.domain.model import Actor, Refused
from opstui.ui.preferences import Kept, OwnFilter
from opstui.ui.saved import Shelf, ours
from opstui.ui.session import Session
from ui.page import BUDI, RINA, Console, console, memory_workspace, order, orders


def shared(page: Console) -> list[str]:
    return [doc["name"] for _number, doc in shared_filters(page.workspace.state)]


def told(page: Console) -> str:
    return str(page.board.filtering.line.query_one("#told").render())


async def save(page: Console, query: str, name: str, *, for_all: bool = False) -> None:
    await page.press("slash")
    await page.type(query)
    await page.press("enter", "S")
    await page.type(name)
    await page.press("enter", *(["right"] if for_all else []), "enter", "enter")


async def test_a_filter_is_saved_for_oneself_and_applied_again(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(12), path=tmp_path)) as page:
        await save(page, "toko 1", "ones")
        assert (page.dialog, page.said) == ("", 'saved the filter "ones"')
        assert told(page) == "ones · 4 cards"
        await page.press("escape", "f")
        assert page.dialog == "SavedFilters"
        await page.press("enter")
        assert (page.board.desk.query, told(page)) == ("toko 1", "ones · 4 cards")
        assert page.events("filter_saved") == []
        assert Kept(tmp_path, "rina").now.filters == (OwnFilter("ones", "toko 1", "orders"),)


async def test_a_shared_filter_is_an_event_and_undo_takes_it_back() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await save(page, "is:late", "late ones", for_all=True)
        assert shared(page) == ["late ones"]
        assert page.said == 'saved the filter "late ones" for all · u undo'
        await page.press("u")
        assert shared(page) == []
        await page.press("ctrl+r")
        assert shared(page) == ["late ones"]


async def test_it_turns_to_the_board_it_belongs_to() -> None:
    ours_too = SaveFilter(name="calls", query="is:open", board="feedback")
    async with console(memory_workspace(*orders(3), ours_too)) as page:
        await page.press("f", "enter")
        assert (page.board.desk.board.id, page.board.desk.query) == ("feedback", "is:open")


async def test_one_for_any_board_applies_to_the_one_on_show() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("2", "f", "down", "enter")
        assert (page.board.desk.board.id, page.board.desk.query, page.board.desk.title) == (
            "campaigns",
            "is:late",
            "late",
        )


@pytest.mark.parametrize("for_all", [False, True])
async def test_x_removes_and_u_puts_back(tmp_path: Path, *, for_all: bool) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path)) as page:
        await save(page, "is:late", "mine", for_all=for_all)
        await page.press("f", "x")
        assert "removed" in page.text
        assert " mine " not in page.text.replace("▌", " ")
        await page.press("u")
        assert "▌mine" in page.text or " mine" in page.text
        await page.press("u")
        assert "nothing was removed here" in page.text


async def test_what_is_always_there_is_neither_removed_nor_changed() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("f", "x")
        assert "always there" in page.text.splitlines()[-1]
        await page.press("e")
        assert page.dialog == "SavedFilters"
        assert "save your own" in page.text.splitlines()[-1]


@pytest.mark.parametrize("for_all", [False, True])
async def test_e_gives_another_name_and_another_query(tmp_path: Path, *, for_all: bool) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path)) as page:
        await save(page, "is:late", "old", for_all=for_all)
        await page.press("f", "e", "ctrl+u")
        await page.type("new")
        await page.press("enter", "ctrl+u")
        await page.type("is:")
        await page.press("enter")
        assert page.dialog == "Form", "a query that is none is not saved"
        await page.type("open")
        await page.press("enter")
        shelf = Shelf(page.app.session)
        assert [(f.name, f.query) for f in (*shelf.mine(), *shelf.shared())] == [("new", "is:open")]


async def test_a_query_that_means_nothing_any_more_says_so_and_stays() -> None:
    gone = SaveFilter(name="packing", query="stage:packing", board="orders")
    async with console(memory_workspace(*orders(3), gone)) as page:
        await page.press("f")
        assert '! unknown stage "packing"' in page.text
        await page.press("enter")
        assert page.dialog == "SavedFilters"
        assert "unknown stage" in page.text.splitlines()[-1]


async def test_what_others_share_appears_in_an_open_list() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("f")
        page.workspace.submit(BUDI, SaveFilter(name="from budi", query="is:late"))
        batch = list(page.workspace.history())[-1]
        page.board.changes.tell_above([batch])
        await page.rest()
        assert "from budi" in page.text


async def test_a_viewer_saves_for_themselves_only(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path), actor=Actor("dewi", "viewer")) as page:
        await save(page, "is:late", "mine", for_all=True)
        assert page.dialog == "Form"
        assert "may not change filters" in page.text
        await page.press("escape")


async def test_there_must_be_a_filter_to_save() -> None:
    async with console(memory_workspace(*orders(3))) as page:
        await page.press("S")
        assert (page.dialog, page.said) == ("", "save filter: there is no filter; type one with / first")


async def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    evil = SaveFilter(name="[red]x[/]\x1b[31m", query="[bold]", board="orders")
    async with console(memory_workspace(order("a [bold] card"), evil, path=tmp_path)) as page:
        await page.press("f")
        assert "[red]x[/]" in page.text
        await page.press("enter")
        assert told(page).startswith("[red]x[/]")


async def test_two_sessions_of_one_member_keep_each_others_filters(tmp_path: Path) -> None:
    workspace = memory_workspace(path=tmp_path)
    one, other = Shelf(Session(workspace, RINA)), Shelf(Session(workspace, RINA))
    await one.save("first", "is:late", "", shared=False)
    await other.save("second", "is:open", "", shared=False)
    kept = json.loads((tmp_path / "preferences" / "rina.json").read_text())
    assert [f["name"] for f in kept["filters"]] == ["first", "second"]
    await one.save("SECOND", "is:blocked", "", shared=False)
    assert [(f.name, f.query) for f in one.mine()] == [("first", "is:late"), ("SECOND", "is:blocked")]


async def test_refusals_of_the_shelf() -> None:
    shelf = Shelf(Session(memory_workspace(), RINA))
    with pytest.raises(Refused, match="always there"):
        await shelf.remove(ours()[0])
    with pytest.raises(Refused, match="needs a name"):
        await shelf.save(" ", "is:late", "", shared=False)


async def test_a_saved_filter_can_be_typed_by_its_name() -> None:
    async with console(memory_workspace(*orders(12), SaveFilter(name="ones", query="toko 1"))) as page:
        await page.press("slash")
        await page.type("@on")
        await page.press("tab")
        assert (page.board.desk.query, told(page)) == ("@ones", "4 cards")
