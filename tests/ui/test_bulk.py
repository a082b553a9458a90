"""Many cards at once: marking them, one batch and one undo for all, and a reason for each that is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from opstui.domain.boards import DEFAULT_BOARDS, Board
from opstui.domain.commands import ArchiveCard, BlockCard, CreateCard, EditCard, MoveCard
from opstui.domain.model import Actor
from opstui.ui.tags import read_tags
from ui.page import BUDI, RINA, Console, console, memory_workspace, order, orders


def limited(stage: str, wip: int) -> tuple[Board, ...]:
    """The boards, with a stage of the orders that takes no more than so many cards."""
    board = DEFAULT_BOARDS[0]
    stages = tuple(replace(s, wip=wip, wip_policy="block") if s.id == stage else s for s in board.stages)
    return replace(board, stages=stages), *DEFAULT_BOARDS[1:]


def marked(c: Console) -> list[str]:
    return sorted(c.workspace.card(card).ref[-2:] for card in c.board.board.selection)


def refs(c: Console, stage: str) -> list[str]:
    return [c.workspace.card(card).ref[-2:] for card in c.workspace.state.lane("orders", stage)]


# ---------------------------------------------------------------------------------------------- marking


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["space"], ["01"]),
        (["space", "k", "space"], []),
        (["space", "j", "space"], ["01", "03"]),
        (["space", "j", "j", "v"], ["01", "02", "03", "04"]),
        (["j", "v", "j", "v"], ["02", "03"]),
        (["end", "space", "home", "v"], ["01", "02", "03", "04"]),
        (["j", "j", "space", "home", "l", "v"], ["03", "04", "05"]),
        (["V"], ["01", "02", "03", "04"]),
        (["V", "V"], []),
        (["asterisk"], ["01", "02", "03", "04", "05", "06"]),
        (["space", "asterisk", "asterisk"], []),
        (["asterisk", "escape"], []),
        (["space", "2", "1"], []),
    ],
)
async def test_keys_mark_cards(keys: list[str], expected: list[str]) -> None:
    workspace = memory_workspace(*orders(6), MoveCard(card=5, stage="payment"), MoveCard(card=6, stage="payment"))
    async with console(workspace) as c:
        await c.press(*keys)
        assert marked(c) == expected


async def test_the_hint_line_counts_the_marks_with_a_sum_for_each_currency() -> None:
    workspace = memory_workspace(*orders(2), order("Abroad", total=4000, currency="USD"))
    async with console(workspace) as c:
        assert "selected" not in c.text
        await c.press("space", "space", "space")
        assert "3 selected · Rp 300K + $40.00" in c.text
        await c.press("escape")
        assert "selected" not in c.text


async def test_marks_outlive_a_filter_and_tell_how_many_it_hides() -> None:
    async with console(memory_workspace(*orders(3))) as c:
        await c.press("space", "space", "slash")
        await c.type("toko 3")
        await c.press("enter")
        assert marked(c) == ["01", "02"]
        assert "2 selected, 2 not shown · Rp 300K" in c.text
        await c.press("asterisk")
        assert marked(c) == ["01", "02", "03"]
        await c.press("escape")
        assert (marked(c), c.board.desk.query) == ([], "toko 3")
        await c.press("escape")
        assert c.board.desk.query == ""


async def test_what_others_do_takes_a_mark_away_only_where_the_card_is_gone() -> None:
    workspace = memory_workspace(*orders(3))
    async with console(workspace) as c:
        await c.press("V")
        workspace.submit(BUDI, MoveCard(card=1, stage="payment"))
        workspace.submit(RINA, ArchiveCard(card=2))
        c.app.session._own += list(workspace.history(workspace.store.seq - 2))
        c.board.changes.take_in()
        await c.rest()
        assert marked(c) == ["01", "03"]


async def test_a_click_with_ctrl_marks_and_with_shift_marks_up_to_there() -> None:
    async with console(memory_workspace(*orders(6)), size=(160, 45)) as c:
        region = c.board.board.card_region
        for card, keys in ((1, {"control": True}), (4, {"shift": True})):
            place = region(card)
            assert place is not None
            await c.pilot.click(c.board.board, offset=(place.x + 2, place.y + 1), **keys)
        await c.rest()
        assert marked(c) == ["01", "02", "03", "04"]
        assert c.cursor is not None
        assert c.cursor.ref == "ORD-0004"


# ---------------------------------------------------------------------------------------------- one batch


async def test_a_stage_on_for_all_is_one_batch_keeps_their_order_and_one_undo_takes_it_back() -> None:
    workspace = memory_workspace(*orders(4))
    async with console(workspace) as c:
        seq = workspace.store.seq
        await c.press("space", "space", "space", "L")
        assert workspace.store.seq == seq + 1
        assert (refs(c, "new"), refs(c, "payment")) == (["04"], ["01", "02", "03"])
        assert "moved 3 cards a stage on · u undo" in c.said
        await c.press("L")
        assert refs(c, "stock") == ["01", "02", "03"]
        await c.press("u", "u")
        assert refs(c, "new") == ["01", "02", "03", "04"]
        assert "undone: moved 3 cards a stage on" in c.said
        await c.press("ctrl+r")
        assert refs(c, "payment") == ["01", "02", "03"]


async def test_keys_struck_without_a_rest_all_act_on_the_marked_cards() -> None:
    async with console(memory_workspace(*orders(3))) as c:
        await c.strike("space", "space", "L", "L", "H")
        await c.until(lambda: len(c.events("moved")) == 6)
        assert (refs(c, "new"), refs(c, "payment")) == (["03"], ["01", "02"])


async def test_what_goes_on_makes_room_for_what_comes_behind() -> None:
    boards = limited("payment", 1)
    workspace = memory_workspace(*orders(2), MoveCard(card=2, stage="payment"), boards=boards)
    async with console(workspace) as c:
        await c.press("asterisk", "L")
        assert (refs(c, "payment"), refs(c, "stock")) == (["01"], ["02"])
        await c.press("H")
        assert (refs(c, "new"), refs(c, "payment")) == (["01"], ["02"])


async def test_on_top_of_a_done_stage_cards_keep_their_order() -> None:
    async with console(memory_workspace(*orders(3))) as c:
        await c.press("V", "M")
        await c.type("c")
        assert refs(c, "closed") == ["01", "02", "03"]
        assert "moved 3 cards to Closed" in c.said


async def test_the_refused_keep_their_mark_and_enter_says_why() -> None:
    workspace = memory_workspace(*orders(4), boards=limited("stock", 2))
    async with console(workspace) as c:
        await c.press("V", "M")
        await c.type("s")
        assert refs(c, "stock") == ["01", "02"]
        assert "moved 2 cards to Stock · 2 of 4 refused: enter says why · u undo" in c.said
        assert marked(c) == ["03", "04"]
        await c.press("enter")
        assert c.dialog == "ResultScreen"
        assert c.text.count("Stock is full: 2 of 2") == 2, "each card's row"
        assert "2 done, 2 refused" in c.text
        await c.press("down", "enter")
        assert c.dialog == ""
        assert c.cursor is not None
        assert c.cursor.ref == "ORD-0004"
        await c.press("j", "enter")
        assert c.dialog == ""
        assert c.board.has_class("-card"), "later, enter opens the card again"


async def test_where_all_are_refused_nothing_is_written_and_the_reason_is_told() -> None:
    workspace = memory_workspace(*orders(2))
    async with console(workspace, actor=Actor("guest", "viewer")) as c:
        seq = workspace.store.seq
        await c.press("V", "x")
        assert workspace.store.seq == seq
        assert "none of 2 cards: guest (viewer) may not archive order" in c.said
        assert marked(c) == ["01", "02"]
        await c.press("enter")
        assert c.dialog == "ResultScreen"


async def test_cards_in_the_last_stage_are_refused_each_for_itself() -> None:
    workspace = memory_workspace(*orders(2), MoveCard(card=2, stage="closed"))
    async with console(workspace) as c:
        await c.press(*"lllll", "asterisk", "L")
        assert "1 of 2 refused" in c.said
        assert marked(c) == ["02"]


async def test_archive_takes_the_marks_with_it_and_undo_brings_the_cards_back() -> None:
    async with console(memory_workspace(*orders(3))) as c:
        await c.press("space", "space", "x")
        assert (refs(c, "new"), marked(c)) == (["03"], [])
        assert "archived 2 cards" in c.said
        await c.press("u")
        assert refs(c, "new") == ["01", "02", "03"]


async def test_cancel_moves_all_into_the_dropped_stage() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.press("V", "X")
        assert refs(c, "cancelled") == ["01", "02"]


@pytest.mark.parametrize(
    ("key", "typed", "name", "expected"),
    [
        ("a", "budi", "owner", "budi"),
        ("d", "fri", "due", "2026-09-25"),
        ("exclamation_mark", "u", "priority", "urgent"),
        ("t", "b, c", "tags", ("b", "c")),
        ("t", "+c -a", "tags", ("x", "c")),
        ("t", "-", "tags", ()),
        ("a", "-", "owner", ""),
        ("d", "-", "due", "None"),
    ],
)
async def test_one_form_sets_a_field_of_all(key: str, typed: str, name: str, expected: Any) -> None:
    workspace = memory_workspace(
        *(order(f"O{n}", tags=["a", "x"], owner="rina", due="2026-09-30") for n in range(3)), order("other")
    )
    async with console(workspace) as c:
        seq = workspace.store.seq
        await c.press("space", "space", "space", key)
        assert "3 cards" in c.text
        await c.type(typed)
        if c.dialog:
            await c.press("enter")
        assert c.dialog == ""
        assert workspace.store.seq == seq + 1
        for n in range(1, 4):
            value = getattr(c.card(f"ORD-000{n}"), name)
            assert (value if isinstance(value, tuple) else str(value)) == expected
        assert c.card("ORD-0004").tags == ()
        await c.press("u")
        assert c.card("ORD-0001").owner == "rina"
        assert c.card("ORD-0001").tags == ("a", "x")


async def test_an_empty_answer_changes_nothing_and_is_asked_again() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.press("V", "a", "enter")
        assert (c.dialog, c.events("edited")) == ("Form", [])
        assert "this one is needed" in c.text


async def test_block_asks_once_and_where_all_are_blocked_lets_them_go_on() -> None:
    workspace = memory_workspace(*orders(3), BlockCard(card=1, reason="no stock"))
    async with console(workspace) as c:
        await c.press("V", "b")
        await c.type("rain\n\n")
        assert "1 of 3 refused" in c.said
        assert [c.card(f"ORD-000{n}").blocker.reason for n in (1, 2, 3)] == ["no stock", "rain", "rain"]  # type: ignore[union-attr]
        await c.press("V", "b")
        assert "3 cards can go on" in c.said
        assert not any(c.card(f"ORD-000{n}").blocker for n in (1, 2, 3))


async def test_a_tag_changed_by_someone_else_meanwhile_is_not_overwritten() -> None:
    workspace = memory_workspace(order("one", tags=["a"]), order("two", tags=["a"]))
    async with console(workspace) as c:
        real = workspace.store.transact

        def late(change: Any, **rest: Any) -> Any:
            workspace.store.transact = real  # type: ignore[method-assign]
            workspace.submit(BUDI, EditCard(card=2, values={"tags": ["b"]}))
            return real(change, **rest)

        await c.press("V", "t")
        workspace.store.transact = late  # type: ignore[method-assign]
        await c.type("+vip\n")
        assert "1 of 2 refused" in c.said
        assert (c.card("ORD-0001").tags, c.card("ORD-0002").tags) == (("a", "vip"), ("b",))


@pytest.mark.parametrize("key", ["t", "a"])
async def test_cards_put_away_while_the_form_was_open_are_refused_with_the_reason(key: str) -> None:
    workspace = memory_workspace(*orders(2))
    async with console(workspace) as c:
        await c.press("V", key)
        workspace.submit(RINA, ArchiveCard(card=1), ArchiveCard(card=2))
        await c.rest()
        await c.type("vip\n" if key == "t" else "rina\n")
        assert "archived" in c.text
        assert not any(workspace.card(card).tags or workspace.card(card).owner for card in (1, 2))


async def test_of_two_who_move_the_same_cards_at_once_the_second_is_told() -> None:
    workspace = memory_workspace(*orders(2))
    async with console(workspace) as c:
        real = workspace.store.transact

        def late(change: Any, **rest: Any) -> Any:
            workspace.store.transact = real  # type: ignore[method-assign]
            workspace.submit(BUDI, MoveCard(card=1, stage="payment"), MoveCard(card=2, stage="payment"))
            return real(change, **rest)

        await c.press("V")
        workspace.store.transact = late  # type: ignore[method-assign]
        await c.press("L")
        assert "was moved to Payment meanwhile" in c.said
        assert not c.events("reordered")


# ---------------------------------------------------------------------------------------------- the rest


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_choice_of_a_stage_moves_one_card_by_a_letter_or_the_mouse(size: tuple[int, int]) -> None:
    async with console(memory_workspace(*orders(2)), size=size) as c:
        await c.press("M")
        assert c.dialog == "Chooser"
        assert "Move ORD-0001 to" in c.text
        assert re.search(r"✓ n  New +2  here", c.text)
        await c.press("h")
        assert c.card("ORD-0001").stage == "shipping"
        assert "moved ORD-0001 to Shipping · u undo" in c.said
        await c.press("M", "enter")
        assert c.card("ORD-0001").stage == "closed", "the stage behind is under the cursor at first"
        await c.press("M", "escape")
        await c.press("M", "c")
        assert "is in Closed already" in c.said
        await c.press("M")
        await c.pilot.click("OptionList", offset=(8, 0))
        await c.rest()
        assert (c.dialog, c.card("ORD-0001").stage) == ("", "new")


async def test_keys_struck_at_once_choose_a_stage_too() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.strike("M", "h", "M", "enter")
        await c.until(lambda: len(c.events("moved")) == 2)
        assert c.card("ORD-0001").stage == "closed"


async def test_a_full_stage_has_a_sign_in_the_choice() -> None:
    cards = (MoveCard(card=1, stage="stock"), MoveCard(card=2, stage="stock"))
    async with console(memory_workspace(*orders(3), *cards, boards=limited("stock", 2))) as c:
        await c.press("M")
        assert re.search(r"s  Stock +2/2  ! full", c.text)


async def test_an_open_card_is_what_keys_are_about_whatever_is_marked() -> None:
    async with console(memory_workspace(*orders(3)), size=(80, 24)) as c:
        await c.press("space", "space", "enter", "L")
        assert (refs(c, "payment"), marked(c)) == (["03"], ["01", "02"])


async def test_a_marked_card_dragged_takes_the_others_along() -> None:
    async with console(memory_workspace(*orders(3), MoveCard(card=3, stage="stock"))) as c:
        board = c.board.board
        await c.press("V")
        board.post_message(board.CardDropped(2, "stock", 3))
        await c.until(lambda: c.events("moved")[1:])
        await c.rest()
        assert refs(c, "stock") == ["01", "02", "03"]


async def test_last_result_says_when_there_is_none() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        c.board.action_command("result")
        await c.rest()
        assert "nothing was done to many cards yet" in c.said


async def test_an_undo_of_many_leaves_the_card_that_was_changed_since_and_says_why() -> None:
    workspace = memory_workspace(*orders(3))
    async with console(workspace) as c:
        await c.press("V", "L")
        workspace.submit(BUDI, MoveCard(card=2, stage="stock"))
        await c.press("u")
        assert c.said.startswith("undone but for 1 of 3 (enter says why): moved 3 cards")
        assert (refs(c, "new"), refs(c, "stock"), marked(c)) == (["01", "03"], ["02"], ["02"])
        await c.press("enter")
        assert "stage of ORD-0002 has been changed since" in c.text
        await c.press("escape", "ctrl+r")
        assert refs(c, "payment") == ["01", "03"]


async def test_an_undo_of_many_that_can_take_nothing_back_is_refused() -> None:
    workspace = memory_workspace(*orders(2))
    async with console(workspace) as c:
        await c.press("V", "L")
        workspace.submit(BUDI, MoveCard(card=1, stage="stock"), MoveCard(card=2, stage="stock"))
        before = len(c.events())
        await c.press("u")
        assert "has been changed since" in c.said
        assert len(c.events()) == before


async def test_marks_stay_on_another_kind_of_board_too() -> None:
    workspace = memory_workspace(*(CreateCard(board="feedback", title=f"F{n}") for n in range(2)))
    async with console(workspace) as c:
        await c.press("3", "V", "exclamation_mark")
        await c.type("h")
        assert {e.changed["priority"][1] for e in c.events("edited")} == {"high"}


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("+vip", ["a"], ["a", "vip"]),
        ("+vip -a", ["a", "b"], ["b", "vip"]),
        ("+vip,-a, +b", ["a", "b"], ["b", "vip"]),
        ("+#vip", [], ["vip"]),
        ("x y", ["a"], ["x", "y"]),
        ("x, #y", ["a"], ["x", "y"]),
        ("-", ["a"], []),
    ],
)
def test_tags_as_people_type_them(text: str, before: list[str], after: list[str]) -> None:
    assert read_tags(text)(before) == after


@pytest.mark.parametrize("text", ["vip -a", "+vip a", "+ a", "+vip -"])
def test_signs_on_some_tags_only_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"before each tag|before none"):
        read_tags(text)


async def test_a_card_that_was_moved_while_the_stage_was_chosen_is_not_moved_back() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("M")
        c.workspace.submit(RINA, MoveCard(card=1, stage="shipping"))
        await c.press("s")
        assert c.card("ORD-0001").stage == "shipping"
        assert "ORD-0001 was moved to Shipping meanwhile" in c.said


async def test_a_limit_that_many_cards_break_is_told_once() -> None:
    async with console(memory_workspace(*orders(30)), size=(200, 40)) as c:
        await c.press("asterisk", "L")
        assert c.said.count("over its limit") == 1
        assert "Payment is over its limit: 30 of 10" in c.said
