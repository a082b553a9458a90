"""A search beside the keys: the first picture at once, the rest when it is found, nothing of one that was given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from opstui.domain.commands import CreateCard, EditCard, RemoveFilter, SaveFilter
from opstui.projections import search as found
from opstui.projections.board import BoardView, Face
from opstui.ui import arranging, seeking
from opstui.ui.session import Plan
from opstui.ui.views import sort_by
from ui.page import BUDI, NOON, console, memory_workspace, orders


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step ends after the fewest cards it can, and no shop is small."""
    monkeypatch.setattr(seeking, "until", lambda _seconds: lambda: True)
    monkeypatch.setattr(found, "QUICK", 0)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(("query", "count"), [("toko", 60), ("total:>=3000000", 31), ("owner:rina", 1)])
async def test_the_first_cards_are_there_at_once_and_the_count_settles(query: str, count: int) -> None:
    async with console(memory_workspace(*orders(60))) as page:
        await page.app.session.submit(lambda: Plan((EditCard(card=60, values={"owner": "rina"}),), ""))
        page.board.filtering.put(query)
        search = page.board.desk.search
        assert search is not None
        assert not search.settled
        assert "so far" in str(page.board.filtering.line.query_one("#told").render())
        await page.until(lambda: not page.board.filtering.seeking.busy)
        await page.rest()
        assert f"{count} card" in page.text
        assert f"New {count} of 60" in page.text


@pytest.mark.usefixtures("slow")
async def test_the_next_letter_ends_the_search_before_it() -> None:
    async with console(memory_workspace(*orders(60))) as page:
        page.board.filtering.put("total:>0")
        first = page.board.desk.search
        page.board.filtering.put("total:>=6000000")
        await page.until(lambda: not page.board.filtering.seeking.busy)
        assert first is not None
        assert not first.settled
        assert page.board.board.view is not None
        assert page.board.board.view.shown == 1


async def test_a_change_of_others_enters_and_leaves_what_is_filtered() -> None:
    async with console(memory_workspace(*orders(5))) as page:
        page.board.filtering.put("owner:budi")
        assert page.board.desk.view().shown == 0
        await asyncio.to_thread(page.workspace.submit, BUDI, EditCard(card=2, values={"owner": "budi"}))
        page.board.changes.take_in()
        page.board.changes.repaint(list(page.workspace.history())[-1:])
        assert page.board.desk.view().shown == 1


async def test_another_day_reads_the_filter_anew() -> None:
    async with console(memory_workspace(*orders(3), EditCard(card=2, values={"due": "2026-09-21"}))) as page:
        page.board.filtering.put("is:late")
        page.board.changes.minute()
        assert page.board.desk.view().shown == 0
        page.workspace._now = lambda: NOON + timedelta(days=1)
        page.board.changes.minute()
        assert page.board.desk.view().shown == 1


async def test_a_filter_that_cannot_be_read_any_more_keeps_the_board_as_it_is() -> None:
    named = SaveFilter(name="these", query="toko")
    async with console(memory_workspace(*orders(3), named)) as page:
        page.board.filtering.put("@these")
        page.workspace.submit(BUDI, RemoveFilter(filter=1), CreateCard(board="orders", title="Toko new"))
        page.app.session.news = lambda: None  # type: ignore[method-assign]
        page.board.changes.take_in()
        await page.rest()
        assert (page.board.desk.query, page.board.desk.view().shown) == ("@these", 3)
        assert "unknown saved filter" in str(page.board.filtering.line.query_one("#told").render())


async def test_a_picture_of_how_the_board_was_looked_at_before_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(memory_workspace(*orders(3))) as page:
        page.board.filtering.put("toko")
        old = await asyncio.to_thread(page.board.filtering._view_aside)
        await sort_by(page.board, "new", "value")
        assert page.board.board.view is not None
        assert list(page.board.board.view.lanes[0].ids) == [3, 2, 1]
        seen: list[list[int]] = []
        show = page.board.board.show

        def noted(view: BoardView, face: Callable[[int], Face]) -> None:
            seen.append(list(view.lanes[0].ids))
            show(view, face)

        monkeypatch.setattr(page.board.board, "show", noted)
        page.board.filtering._show_late(old)
        await page.until(lambda: seen)
        assert seen == [[3, 2, 1]]


async def test_an_arrangement_that_is_ready_late_is_shown_through_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranging, "AT_ONCE", 1)
    async with console(memory_workspace(*orders(4))) as page:
        page.board.filtering.put("total:>=200000")
        await sort_by(page.board, "new", "value")
        await page.until(lambda: page.board.board.view and list(page.board.board.view.lanes[0].ids) == [4, 3, 2])
        assert "3 cards" in str(page.board.filtering.line.query_one("#told").render())


async def test_the_thread_that_makes_a_picture_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(memory_workspace(*orders(3))) as page:
        page.board.filtering.put("toko")
        session = page.app.session
        session.kept.choose(sorts={"orders": {"new": "-value"}})
        made = page.board.desk.arranging
        monkeypatch.setattr(made, "_spawn", None)
        before = dict(made._known)
        view = await asyncio.to_thread(page.board.desk.view_aside)
        assert view.lanes[0].pending
        assert made._known == before
        assert not made.busy
