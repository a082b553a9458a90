"""Many cards at once, where some of them are done or dropped and far out of sight."""

from __future__ import annotations

import pytest

from opstui.domain.commands import ArchiveCard, MoveCard
from opstui.workspace import Workspace
from ui.page import Console, console, memory_workspace, orders


def shop() -> Workspace:
    """Orders 1 to 3 are open, 4 is closed, 5 cancelled."""
    return memory_workspace(
        *orders(5),
        MoveCard(card=3, stage="payment"),
        MoveCard(card=4, stage="closed"),
        MoveCard(card=5, stage="cancelled"),
    )


def marked(c: Console) -> list[int]:
    """The marked cards."""
    return sorted(c.board.board.selection)


async def test_all_means_all_that_are_open_and_the_rest_is_named() -> None:
    async with console(shop()) as c:
        await c.press("asterisk")
        assert marked(c) == [1, 2, 3]
        assert "2 cards in Closed, Cancelled left out" in c.said
        await c.press("asterisk")
        assert marked(c) == []
        assert c.said == ""


async def test_from_a_closed_lane_all_means_all() -> None:
    async with console(shop()) as c:
        c.board.board.goto_card(4)
        await c.press("asterisk")
        assert marked(c) == [1, 2, 3, 4, 5]
        assert c.said == ""
        c.board.board.goto_card(1)
        await c.press("asterisk")
        assert marked(c) == []


@pytest.mark.parametrize(("answer", "in_payment"), [("y", [1, 2, 3, 4, 5]), ("n", [1, 2, 3]), ("escape", [3])])
async def test_closed_cards_are_not_opened_again_without_a_question(answer: str, in_payment: list[int]) -> None:
    async with console(shop()) as c:
        c.board.board.goto_card(4)
        await c.press("asterisk", "M")
        await c.strike("p")
        assert "2 of 5 marked are closed: open them again too?" in " ".join(c.text.split())
        await c.press(answer)
        assert sorted(c.workspace.state.lane("orders", "payment")) == in_payment


async def test_a_stage_back_out_of_the_end_is_asked_too() -> None:
    async with console(shop()) as c:
        c.board.board.goto_card(4)
        await c.press("space", "H")
        assert "1 of 1 marked are closed" in " ".join(c.text.split())
        await c.press("n")
        assert c.card("ORD-0004").stage == "closed"
        await c.press("H", "y")
        assert c.card("ORD-0004").stage == "shipping"


async def test_what_stays_closed_is_not_asked() -> None:
    async with console(shop()) as c:
        c.board.board.goto_card(4)
        await c.press("asterisk", "X")
        assert c.dialog == ""
        assert len(c.workspace.state.lane("orders", "cancelled")) == 5


async def test_undo_of_many_leaves_the_cursor_on_its_card() -> None:
    async with console(shop()) as c:
        c.board.board.goto_card(2)
        await c.press("asterisk", "M")
        await c.strike("s", "t")
        moved = c.events("moved")[-1]
        await c.press("u")
        assert moved.changed["stage"][1] != "new"
        assert c.cursor
        assert c.cursor.id == 2


async def test_undo_of_many_that_the_cursor_has_left_leaves_it_where_it_is() -> None:
    workspace = shop()
    async with console(workspace) as c:
        await c.press("V", "x")
        workspace.submit(c.app.session.actor, ArchiveCard(card=5))
        c.board.board.goto_card(3)
        await c.press("u")
        assert sorted(workspace.state.lane("orders", "new")) == [1, 2]
        assert c.cursor
        assert c.cursor.id == 3
