"""One board looked at in several ways: sorted, cut into swimlanes, with other faces; kept for the member alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opstui.domain.commands import BlockCard, MoveCard
from opstui.projections import swimlanes
from opstui.ui import arranging
from opstui.ui.preferences import FOLDER
from opstui.ui.screens.chooser import Chooser
from opstui.ui.screens.does import jump_to
from opstui.ui.widgets.board import Board
from opstui.workspace import Workspace
from ui.page import BUDI, RINA, Console, console, memory_workspace, order

SHOP = (
    order("A", customer="Cici", total=100_000, owner="rina", due="2026-09-30", channel="shopee"),
    order("B", customer="Ani", total=300_000, owner="budi", priority="urgent", city="Bandung"),
    order("C", customer="Budi", total=200_000, owner="rina", due="2026-09-22"),
)


def shop(path: Path = Path("nowhere")) -> Workspace:
    return memory_workspace(*SHOP, path=path)


def lane(c: Console, n: int = 0) -> list[int]:
    """The cards of a lane from top to bottom."""
    assert c.board.board.view
    return list(c.board.board.view.lanes[n].ids)


def here(c: Console) -> int | None:
    """The card under the cursor."""
    return c.board.board.cursor_card


def kept(path: Path) -> dict[str, Any]:
    """What is written down of rina's choices."""
    found: dict[str, Any] = json.loads((path / FOLDER / "rina.json").read_bytes())
    return found


# --------------------------------------------------------------------------------------- sorting


async def test_a_lane_is_sorted_turned_round_and_put_back_by_hand(tmp_path: Path) -> None:
    async with console(shop(tmp_path)) as c:
        await c.press("o")
        assert c.dialog == "Chooser"
        assert "d  due" in c.text
        await c.press("d")
        assert lane(c) == [3, 1, 2]
        assert "New 3 ↑due" in c.text
        assert c.said == "New: sorted by due ↑"
        assert kept(tmp_path)["sorts"] == {"orders": {"new": "due"}}
        await c.press("o", "enter")
        assert lane(c) == [1, 3, 2]
        assert "New 3 ↓due" in c.text
        await c.press("o", "v")
        assert lane(c) == [2, 3, 1]
        await c.press("o", "h")
        assert lane(c) == [1, 2, 3]
        assert "New 3 " in c.text
        assert "due ↑" not in c.text
    assert kept(tmp_path)["sorts"] == {"orders": {}}


async def test_the_order_is_there_next_time_for_its_member_alone(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    async with console(workspace) as c:
        await c.press("o", "C")
        assert c.said == "every lane: sorted by customer ↑"
    async with console(workspace) as c:
        assert lane(c) == [2, 3, 1]
        assert "Payment 0/10 ↑customer" in c.text
    async with console(workspace, actor=BUDI) as c:
        assert lane(c) == [1, 2, 3]


async def test_a_sorted_lane_is_not_reordered_and_says_why() -> None:
    async with console(shop()) as c:
        await c.press("o", "d", "J")
        assert c.said == "lower: the lane is sorted by due; o, then h sorts by hand"
        await c.press("K")
        assert "sorted by due" in c.said
        assert not c.events("moved")
        await c.press("o", "h", "home", "J")
        assert lane(c) == [2, 1, 3]


async def test_a_change_puts_the_card_into_its_place_and_keeps_the_cursor_on_it() -> None:
    async with console(shop()) as c:
        await c.press("o", "d", "end")
        assert here(c) == 2
        await c.press("d")
        await c.type("21 sep\n")
        assert lane(c) == [2, 3, 1]
        assert here(c) == 2


async def test_others_changes_keep_the_order(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    async with console(workspace) as a, console(workspace, actor=BUDI) as b:
        await a.press("o", "V")
        await b.press("j", "L")
        a.board.changes.repaint([batch for batch in a.workspace.history() if batch.n >= 3])
        await a.rest()
        assert (lane(a), lane(a, 1)) == ([3, 1], [2])
        await b.press("H")
        a.board.changes.repaint([batch for batch in a.workspace.history() if batch.n >= 3])
        await a.rest()
        assert (lane(a), lane(a, 1)) == ([2, 3, 1], [])


async def test_a_filter_keeps_the_order() -> None:
    async with console(shop()) as c:
        await c.press("o", "C", "slash")
        await c.type("owner:rina\n")
        assert lane(c) == [3, 1]
        assert "New 2 of 3 ↑" in c.text


async def test_a_card_dropped_into_a_sorted_lane_only_changes_its_stage() -> None:
    async with console(shop()) as c:
        await c.press("o", "D")
        c.board.board.post_message(Board.CardDropped(1, "new", 3))
        await c.rest()
        assert "sorted by due" in c.said
        c.board.board.post_message(Board.CardDropped(1, "payment", None))
        await c.rest()
        assert c.card("ORD-0001").stage == "payment"


async def test_a_large_lane_is_sorted_beside_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranging, "AT_ONCE", 2)
    async with console(shop()) as c:
        await c.press("o", "d")
        await c.until(lambda: lane(c) == [3, 1, 2])
        await c.rest()
        assert "New 3 ↑due" in c.text
        await c.press("W", "o")
        await c.until(lambda: c.board.board.view and c.board.board.view.bands)
        assert lane(c) == [2, 3, 1]


async def test_a_choice_that_is_no_longer_one_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    choices = {"sorts": {"orders": {"new": "colour", "payment": "severity"}}, "swimlanes": {"orders": "shape"}}
    more = {"faces": "huge", "shown": {"orders": ["wings"]}, "figures": {"orders": "speed"}}
    (folder / "rina.json").write_text(json.dumps(choices | more))
    async with console(shop(tmp_path)) as c:
        assert lane(c) == [1, 2, 3]
        assert c.board.board.view
        assert not c.board.board.view.bands
        await c.press("z", "Z", "enter", "o", "d")
        assert lane(c) == [3, 1, 2]


# --------------------------------------------------------------------------------------- swimlanes


async def test_the_board_is_cut_closed_and_made_whole_again(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    async with console(workspace) as c:
        await c.press("minus")
        assert c.said == "fold: there are no swimlanes; W makes them"
        await c.press("W")
        assert "n  none" in c.text
        await c.press("o")
        assert "▾ budi 1 · Rp 300K" in c.text
        assert "▾ rina 2 · Rp 300K" in c.text
        assert lane(c) == [2, 1, 3]
        assert here(c) == 1
        await c.press("left_square_bracket", "minus")
        assert "▸ budi 1" in c.text
        assert here(c) is None
        assert kept(tmp_path)["folded"] == {"orders/owner": ["budi"]}
        await c.press("left_square_bracket")
        assert c.said == "there is no swimlane further up"
        await c.press("j")
        assert here(c) == 1
    async with console(workspace) as c:
        assert "▸ budi 1" in c.text
        await c.press("home", "minus")
        assert here(c) == 2
        await c.press("W", "n")
        assert "▾" not in c.text
        assert c.said == "no swimlanes"
        assert lane(c) == [1, 2, 3]


async def test_all_are_closed_and_opened_and_a_filter_forgets_none_of_them(tmp_path: Path) -> None:
    async with console(shop(tmp_path)) as c:
        await c.press("W", "o", "W", "l")
        assert c.text.count("▸") == 2
        assert c.dialog == ""
        await c.press("slash")
        await c.type("owner:rina\n")
        await c.press("minus")
        assert kept(tmp_path)["folded"] == {"orders/owner": ["budi"]}
        await c.press("escape")
        assert "▸ budi 1" in c.text
        await c.press("W", "e")
        assert c.text.count("▾") == 2


async def test_a_card_is_found_in_a_closed_swimlane() -> None:
    async with console(shop()) as c:
        await c.press("W", "o", "minus")
        assert here(c) is None
        assert c.board.board.cursor_band == "rina"
        assert jump_to(c.board, 3) == ""
        await c.rest()
        assert here(c) == 3


async def test_cards_change_their_swimlane_as_they_change_and_one_s_cursor_goes_with_them() -> None:
    async with console(shop()) as c:
        await c.press("W", "o", "a")
        await c.type("budi\n")
        assert lane(c) == [1, 2, 3]
        assert c.board.board.cursor_band == "budi"
        assert "▾ budi 2" in c.text
        await c.press("u")
        assert lane(c) == [2, 1, 3]
        await c.press("L")
        assert (lane(c), lane(c, 1)) == ([2, 3], [1])
        assert here(c) == 1


async def test_a_card_is_reordered_among_those_of_its_swimlane() -> None:
    async with console(shop()) as c:
        await c.press("W", "o", "K")
        assert c.said == "higher: it is at the top of its lane"
        await c.press("J")
        assert lane(c) == [2, 3, 1]
        assert here(c) == 1
        await c.press("J")
        assert c.said == "lower: it is at the end of its lane"
        await c.press("W", "n")
        assert lane(c) == [3, 1, 2]


async def test_a_card_dropped_into_a_swimlane_says_what_its_swimlane_says() -> None:
    async with console(shop()) as c:
        await c.press("W", "o")
        c.board.board.post_message(Board.CardDropped(1, "payment", None, "budi"))
        await c.rest()
        assert (c.card("ORD-0001").stage, c.card("ORD-0001").owner) == ("payment", "budi")
        await c.press("u")
        assert (c.card("ORD-0001").stage, c.card("ORD-0001").owner) == ("new", "rina")
        await c.press("W", "t")
        c.board.board.post_message(Board.CardDropped(1, "payment", None, "vip"))
        await c.rest()
        assert (c.card("ORD-0001").stage, c.card("ORD-0001").tags) == ("payment", ())


async def test_a_click_on_its_header_closes_a_swimlane() -> None:
    async with console(shop()) as c:
        await c.press("W", "o")
        y = next(n for n, line in enumerate(c.text.splitlines()) if "▾ rina" in line)
        await c.pilot.click(offset=(4, y))
        await c.rest()
        assert "▸ rina 2" in c.text


async def test_swimlanes_are_filtered_and_sorted_with_everything_else() -> None:
    async with console(shop()) as c:
        await c.press("W", "o", "o", "V")
        assert lane(c) == [2, 3, 1]
        await c.press("slash")
        await c.type("owner:rina\n")
        assert lane(c) == [3, 1]
        assert "budi 1" not in c.text
        await c.press("slash")
        await c.type(" is:blocked\n")
        assert "no card matches" in c.text
        await c.press("escape")
        assert lane(c) == [2, 3, 1]


async def test_the_first_card_of_an_empty_board_makes_the_first_swimlane() -> None:
    async with console(memory_workspace()) as c:
        await c.press("W", "o")
        assert "▾" not in c.text
        c.workspace.submit(BUDI, SHOP[0])
        c.board.changes.repaint(list(c.workspace.history())[-1:])
        await c.rest()
        assert "▾ rina 1" in c.text


async def test_too_many_swimlanes_are_refused_until_a_filter_leaves_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swimlanes, "MOST", 2)
    async with console(shop()) as c:
        await c.press("W", "c")
        assert "more than 2 swimlanes are too many" in c.said
        assert "▾" not in c.text
        await c.press("slash")
        await c.type("owner:rina\n")
        assert "▾ Cici 1" in c.text


async def test_every_board_has_its_own_swimlanes() -> None:
    async with console(shop()) as c:
        await c.press("W", "p")
        assert "▾ urgent 1" in c.text
        await c.press("3")
        assert "▾" not in c.text
        await c.press("1")
        assert "▾ urgent 1" in c.text


@pytest.mark.parametrize("keys", ["W o", "W p z", "W c z z", "W i Z"])
@pytest.mark.parametrize("size", [(20, 5), (200, 60)])
async def test_no_way_to_look_at_a_board_breaks_a_small_terminal_or_a_large_one(
    keys: str, size: tuple[int, int]
) -> None:
    workspace = shop()
    workspace.submit(RINA, BlockCard(card=1, reason="no beans"), MoveCard(card=2, stage="closed"))
    async with console(workspace, size=size) as c:
        await c.press(*keys.split(), "escape", "j", "l", "l", "right_square_bracket", "minus", "minus")
        assert "▌" in c.text or size == (20, 5)
        await c.press("k", "minus", "enter", "escape", "q")


# --------------------------------------------------------------------------------------- faces


async def test_faces_go_from_large_to_one_line_and_back(tmp_path: Path) -> None:
    async with console(shop(tmp_path)) as c:
        assert c.board.board._geometry.rows == 5
        rows = []
        for _n in range(4):
            await c.press("z")
            rows.append(c.board.board._geometry.rows)
        assert rows == [1, 3, 5, 5]
        await c.press("z")
        assert c.said == "cards on one line · z the next"
        assert kept(tmp_path)["faces"] == "list"
    async with console(shop(tmp_path)) as c:
        assert c.board.board._geometry.rows == 1


async def test_what_stands_on_a_face_is_chosen_board_by_board(tmp_path: Path) -> None:
    async with console(shop(tmp_path)) as c:
        await c.press("j")
        assert "Bandung" not in c.text
        await c.press("Z")
        assert "✓ t  total" in c.text
        await c.press("t", "b", "enter")
        assert "Bandung" in c.text
        assert "300K" not in c.text.split("New 3")[1].split("\n", 3)[3]
        assert c.said == "8 parts on each card"
        assert kept(tmp_path)["shown"]["orders"][-1] == "city"
        await c.press("3")
        assert c.board.desk.shown is None
        await c.press("1", "Z", "t", "b", "enter")
        assert kept(tmp_path)["shown"] == {}


async def test_the_number_in_the_heads_is_chosen() -> None:
    async with console(shop()) as c:
        assert "Rp 600K" in c.text
        await c.press("Z", "n", "enter")
        assert "Rp 600K" not in c.text


async def test_feedback_tells_the_average_of_its_stars() -> None:
    feedback = [
        SHOP[0].__class__(board="feedback", title=f"F{score}", fields={"customer": "Ani", "score": score})
        for score in (2, 5)
    ]
    async with console(memory_workspace(*feedback)) as c:
        await c.press("3", "Z")
        chooser = c.app.screen
        assert isinstance(chooser, Chooser)
        ids = [option.id for option in chooser._list.options]
        await c.press(chooser._list.letters[ids.index("figure score")], "enter")
        assert "3.5 on average" in c.text
