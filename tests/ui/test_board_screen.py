"""Keys on the board: what they did is asserted on the events first, on the picture second."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.commands import CreateCard
from opstui.domain.model import Actor
from opstui.store.protocol import NewerFormat
from opstui.ui.commands import COMMANDS
from ui.page import BUDI, console, memory_workspace, order, orders


async def test_the_cursor_starts_on_the_first_card_of_the_first_lane_that_has_one() -> None:
    workspace = memory_workspace(CreateCard(board="orders", title="Paid", stage="stock"))
    async with console(workspace) as c:
        assert c.cursor
        assert c.cursor.title == "Paid"
        assert c.dialog == ""


async def test_shift_h_and_l_move_the_card_and_the_cursor_stays_on_it() -> None:
    async with console(memory_workspace(*orders(3))) as c:
        await c.press("L")
        assert [e.changed["stage"] for e in c.events("moved")] == [("new", "payment")]
        assert c.cursor
        assert (c.cursor.ref, c.cursor.stage) == ("ORD-0001", "payment")
        assert "moved ORD-0001 to Payment" in c.said
        assert "u undo" in c.said
        await c.press("shift+left")
        assert c.events("moved")[-1].changed["stage"] == ("payment", "new")


async def test_keys_pressed_faster_than_the_disk_are_carried_out_in_their_order() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.strike("L", "H", "L", "L", "L", "u", "j")
        await c.until(lambda: len(c.events("moved")) == 6)
        assert [e.changed["stage"][1] for e in c.events("moved")] == [
            "payment", "new", "payment", "stock", "processing", "stock",
        ]  # fmt: skip


async def test_undo_and_redo_go_through_the_session_and_name_what_they_did() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.press("L", "u")
        assert c.card("ORD-0001").stage == "new"
        assert c.events("moved")[-1].data["undoes"]
        assert "undone: moved ORD-0001 to Payment" in c.said
        await c.press("ctrl+r")
        assert c.card("ORD-0001").stage == "payment"
        await c.press("u", "u")
        assert "nothing of yours to undo" in c.said
        assert c.card("ORD-0001").stage == "new"


async def test_undo_is_refused_with_the_reason_when_someone_built_on_it() -> None:
    workspace = memory_workspace(*orders(1))
    async with console(workspace) as c:
        await c.press("d")
        await c.type("fri")
        await c.press("enter")
        assert str(c.card("ORD-0001").due) == "2026-09-25"
        from opstui.domain.commands import EditCard

        workspace.submit(BUDI, EditCard(card=c.card("ORD-0001").id, values={"due": "2026-10-01"}))
        await c.press("u")
        assert "has been changed since" in c.said
        assert str(c.card("ORD-0001").due) == "2026-10-01"


async def test_shift_j_and_k_reorder_to_the_very_end_and_back() -> None:
    workspace = memory_workspace(*orders(3))
    async with console(workspace) as c:
        await c.press("J", "J")
        assert [workspace.card(i).ref for i in workspace.state.lane("orders", "new")] == [
            "ORD-0002",
            "ORD-0003",
            "ORD-0001",
        ]
        await c.press("J")
        assert "end of its lane" in c.said
        await c.press("K")
        assert [workspace.card(i).ref for i in workspace.state.lane("orders", "new")] == [
            "ORD-0002",
            "ORD-0001",
            "ORD-0003",
        ]
        assert c.cursor
        assert c.cursor.ref == "ORD-0001"
        assert {e.kind for e in c.events()} >= {"reordered"}


async def test_a_card_without_its_role_s_leave_is_refused_in_words() -> None:
    workspace = memory_workspace(*orders(1))
    async with console(workspace, actor=Actor("guest", "viewer")) as c:
        await c.press("L")
        assert c.events("moved") == []
        assert "may not move" in c.said
        assert c.board.said[1] == "refused"


async def test_a_wip_limit_warns_and_a_blocking_one_refuses() -> None:
    board = DEFAULT_BOARDS[0]
    tight = tuple(
        replace(s, wip=1, wip_policy="block" if s.id == "stock" else "warn") if s.wip else s for s in board.stages
    )
    workspace = memory_workspace(*orders(3), boards=(replace(board, stages=tight), *DEFAULT_BOARDS[1:]))
    async with console(workspace) as c:
        await c.press("L", "h", "L")
        assert "over its limit: 2 of 1" in c.said
        await c.press("L", "h", "L")
        assert "Stock is full" in c.said
        assert len(workspace.state.lane("orders", "stock")) == 1


async def test_each_board_keeps_its_cursor() -> None:
    async with console(memory_workspace(*orders(4))) as c:
        await c.press("j", "j", "2")
        assert c.board.desk.board.id == "campaigns"
        await c.press("1")
        assert c.cursor
        assert c.cursor.ref == "ORD-0003"


async def test_filter_as_you_type_and_esc_clears() -> None:
    async with console(memory_workspace(*orders(12))) as c:
        await c.press("slash")
        await c.type("toko 12")
        assert c.board.board.view
        assert c.board.board.view.shown == 1
        assert "1 card" in c.text
        await c.press("enter")
        assert c.cursor
        assert c.cursor.ref == "ORD-0012"
        await c.press("K")
        assert "filtered" in c.said
        await c.press("escape")
        assert c.board.board.view.shown == 12


async def test_a_filter_that_cannot_be_read_says_so_and_the_last_readable_one_stays() -> None:
    async with console(memory_workspace(*orders(2), order("colour chart"))) as c:
        await c.press("slash")
        await c.type("colour:red")
        assert c.board.board.view
        assert c.board.board.view.shown == 1
        assert 'unknown key "colour"' in c.text


async def test_g_jumps_to_a_card_of_any_board() -> None:
    workspace = memory_workspace(*orders(3), CreateCard(board="feedback", title="Late parcel"))
    async with console(workspace) as c:
        await c.press("g")
        await c.type("FDB-0001")
        await c.press("enter")
        assert c.board.desk.board.id == "feedback"
        assert c.cursor
        assert c.cursor.title == "Late parcel"


async def test_archive_and_undo() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.press("x")
        assert c.card("ORD-0001").archived
        assert c.cursor
        assert c.cursor.ref == "ORD-0002"
        await c.press("u")
        assert not c.card("ORD-0001").archived


async def test_help_is_the_command_table() -> None:
    async with console(memory_workspace(*orders(1)), size=(100, 120)) as c:
        await c.press("question_mark")
        assert c.dialog == "HelpScreen"
        for command in COMMANDS.values():
            told = command.help if command.keys else f"{command.label}: {command.help}"
            assert f"{command.show or 'ctrl+p':<8} {told[:40]}" in c.text
        await c.press("question_mark")
        assert c.dialog == ""


async def test_m_drafts_a_post_mortem_and_writes_it_out(tmp_path: Path) -> None:
    async with console(memory_workspace(order("Toko Damai"), path=tmp_path)) as c:
        await c.press("m", "3", "x")
        await c.until(lambda: "written to" in c.text)
        assert len(c.events("postmortem_drafted")) == 1
        written = list((tmp_path / "exports").rglob("*.md"))
        assert len(written) == 1
        assert "ORD-0001" in written[0].read_text("utf-8")


@pytest.mark.parametrize("size", [(20, 5), (10, 3), (40, 10), (80, 24), (120, 40), (160, 45), (200, 60)])
async def test_every_size_gives_a_picture_and_takes_keys(size: tuple[int, int]) -> None:
    async with console(memory_workspace(*orders(30)), size=size) as c:
        await c.press(
            "j", "l", "h", "L", "enter", "j", "escape", "slash", "a", "escape", "question_mark", "escape", "n", "escape"
        )
        assert len(c.events("moved")) == 1
        assert c.text.strip()


async def test_a_resize_goes_from_wide_to_narrow_and_back() -> None:
    async with console(memory_workspace(*orders(5)), size=(160, 45)) as c:
        for width, height in [(80, 24), (20, 5), (200, 60), (119, 24), (120, 24)]:
            await c.pilot.resize_terminal(width, height)
            await c.press("j")
            assert c.board.has_class("-over") is (width < 120)


async def test_enter_on_a_number_shows_exactly_the_cards_it_counted() -> None:
    late = [order(f"Late {n}", due="2026-09-18") for n in (1, 2)]
    async with console(memory_workspace(*orders(3), *late), size=(160, 45)) as c:
        await c.until(lambda: "Delayed" in c.text)
        await c.press("tab", "j", "j", "enter")
        assert c.board.desk.query == "is:late"
        assert c.board.board.view
        assert c.board.board.view.shown == 2
        await c.press("escape")
        assert c.board.board.view.shown == 5


async def test_p_hides_the_numbers_and_on_a_narrow_terminal_they_take_the_board_s_place() -> None:
    async with console(memory_workspace(*orders(3)), size=(160, 45)) as c:
        await c.until(lambda: "Delayed" in c.text)
        await c.press("p")
        assert "Delayed" not in c.text
        await c.pilot.resize_terminal(80, 24)
        await c.press("p")
        assert "Delayed" in c.text
        assert "ORD-0001" not in c.text
        await c.press("escape", "L")
        assert "ORD-0001" in c.text
        assert len(c.events("moved")) == 1


async def test_a_card_dragged_to_another_lane_is_moved_there() -> None:
    async with console(memory_workspace(*orders(2)), size=(160, 45)) as c:
        board = c.board.board
        board.post_message(board.CardDropped(2, "stock", None))
        await c.until(lambda: c.events("moved"))
        assert c.card("ORD-0002").stage == "stock"


async def test_work_flows_past_the_dropped_stages_and_a_key_of_its_own_drops() -> None:
    workspace = memory_workspace(*orders(1))
    async with console(workspace) as c:
        for _stage in range(9):
            await c.press("L")
        assert c.card("ORD-0001").stage == "closed", "not cancelled by going on"
        await c.press("X")
        assert c.card("ORD-0001").stage == "cancelled"
        await c.press("u")
        assert c.card("ORD-0001").stage == "closed"


@pytest.mark.parametrize("way", [("4",), ("2", "4"), ("3", "2", "4")])
async def test_a_board_looks_the_same_whichever_board_was_shown_before(way: tuple[str, ...]) -> None:
    actions = (CreateCard(board="actions", title="Kampanye tidak tayang tanpa stok", fields={"owner": "budi"}),)
    shown = []
    for keys in (("4", "4"), way):
        async with console(memory_workspace(*orders(3), *actions), size=(160, 45)) as c:
            await c.press(*keys)
            c.app.screen.refresh(layout=True)
            await c.rest()
            shown.append(c.text)
    assert shown[0] == shown[1]
    assert "Kampanye tidak tayang" in shown[1]


async def test_a_store_that_cannot_be_written_is_told_at_the_start() -> None:
    workspace = memory_workspace(*orders(1))
    workspace.store.problem = NewerFormat("batch 4 was written by a newer opstui")
    async with console(workspace) as c:
        assert c.said == "the latest changes are not shown: batch 4 was written by a newer opstui"
        assert c.cursor


async def test_help_stands_in_two_columns_where_there_is_room() -> None:
    async with console(memory_workspace(*orders(1)), size=(160, 60)) as c:
        await c.press("question_mark")
        line = next(line for line in c.text.splitlines() if "Move about" in line)
        assert "Look" in line or "Everything else" in line
        assert "The filter language" in c.text
        await c.pilot.resize_terminal(80, 40)
        await c.rest()
        line = next(line for line in c.text.splitlines() if "Move about" in line)
        assert line.split() == ["Move", "about"]
