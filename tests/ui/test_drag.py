"""Carrying a card with the mouse: what is seen on the way, where it goes, and every way to give it up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.events import MouseDown, MouseMove, MouseUp
from textual.geometry import Offset, Region

from opstui.domain.commands import ArchiveCard, CreateCard
from opstui.ui.glyphs import MARKS
from opstui.ui.widgets.board import Board
from ui.page import RINA, Console, console, memory_workspace, order, orders

LINE = MARKS["target"] + MARKS["insertion"] * 5


class Mouse:
    """The mouse over a console's board, in cells of the screen."""

    def __init__(self, page: Console) -> None:
        self.page, self.board = page, page.board.board

    def card(self, number: int) -> Region:
        """Where a card stands on the screen."""
        region = self.board.card_region(number)
        assert region is not None, "it is not on the screen"
        return region.translate(self.board.region.offset)

    def lane(self, stage: str) -> int:
        """A column inside a lane."""
        n = self.board._lane_of(stage)
        assert n is not None
        x, _width = self.board._geometry.spans[n - self.board._first]
        return self.board.region.x + x + 4

    async def down(self, x: int, y: int, button: int = 1) -> None:
        await self._send(MouseDown, x, y, button)

    async def to(self, x: int, y: int) -> None:
        await self._send(MouseMove, x, y, 1)

    async def up(self, x: int, y: int) -> None:
        await self._send(MouseUp, x, y, 1)

    async def drag(self, card: int, *ways: tuple[int, int]) -> None:
        """Press on a card and go these ways, the button down."""
        at = self.card(card)
        await self.down(at.x + 2, at.y + 1)
        for way in ways:
            await self.to(*way)

    async def _send(self, kind: type[MouseDown | MouseMove | MouseUp], x: int, y: int, button: int) -> None:
        event = kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y)
        event.set_sender(self.page.app)
        self.page.app.post_message(event)
        await self.page.rest()


@asynccontextmanager
async def mouse(*more: CreateCard, size: tuple[int, int] = (160, 45), count: int = 4) -> AsyncIterator[Mouse]:
    """Orders 1 to `count` in the first lane, and what else is wanted."""
    async with console(memory_workspace(*orders(count), *more), size=size) as page:
        yield Mouse(page)


def paid(count: int) -> list[CreateCard]:
    return [CreateCard(board="orders", title=f"Paid {n}", stage="payment") for n in range(1, count + 1)]


def lane_of(mouse: Mouse, stage: str) -> list[int]:
    return list(mouse.page.workspace.state.lane("orders", stage))


async def test_a_carried_card_is_lifted_and_its_place_is_a_line_between_two_cards() -> None:
    async with mouse(*paid(3)) as m:
        over = m.card(6)
        await m.drag(1, (over.x + 3, over.y))
        text = m.page.text
        assert text.count(LINE) == 1
        lines = text.splitlines()
        assert LINE in lines[over.y - 1]
        assert MARKS["lifted"] in lines[m.card(1).y]
        assert f"{MARKS['target']}Payment" in text
        assert m.page.said == "ORD-0001 to Payment, above ORD-0006 · esc puts it back"
        await m.up(over.x + 3, over.y)
        assert lane_of(m, "payment") == [5, 1, 6, 7]
        assert m.page.said.startswith("moved ORD-0001 to Payment")
        assert LINE not in m.page.text
        assert MARKS["lifted"] not in m.page.text
        assert m.board.cursor_card == 1


@pytest.mark.parametrize(
    ("onto", "line", "expected"),
    [(3, 0, [2, 1, 3, 4]), (3, 4, [2, 3, 1, 4]), (4, 4, [2, 3, 4, 1]), (2, 4, [2, 1, 3, 4])],
)
async def test_a_card_goes_to_another_place_in_its_lane(onto: int, line: int, expected: list[int]) -> None:
    async with mouse() as m:
        there = m.card(onto)
        await m.drag(1, (there.x + 2, there.y + line))
        await m.up(there.x + 2, there.y + line)
        assert lane_of(m, "new") == expected
        assert m.page.said.startswith("moved ORD-0001 in its lane")


async def test_upwards_too() -> None:
    async with mouse() as m:
        there = m.card(1)
        await m.drag(4, (there.x + 2, there.y))
        await m.up(there.x + 2, there.y)
        assert lane_of(m, "new") == [4, 1, 2, 3]


@pytest.mark.parametrize("line", [0, 4, 5])
async def test_a_card_let_go_where_it_stands_stays(line: int) -> None:
    async with mouse() as m:
        at = m.card(2)
        await m.drag(2, (at.x + 8, at.y + line))
        assert m.page.said.startswith("ORD-0002 stays where it is")
        assert LINE not in m.page.text
        await m.up(at.x + 8, at.y + line)
        assert m.page.events("moved") == []
        assert m.page.said == ""


async def test_an_empty_lane_takes_a_card() -> None:
    async with mouse() as m:
        x, y = m.lane("stock"), m.card(1).y + 12
        await m.drag(1, (x, y))
        assert LINE in m.page.text
        assert "ORD-0001 to Stock" in m.page.said
        await m.up(x, y)
        assert lane_of(m, "stock") == [1]


async def test_the_head_of_a_lane_is_its_top() -> None:
    async with mouse(*paid(2)) as m:
        x = m.lane("payment")
        await m.drag(1, (x, m.board.region.y + 1))
        await m.up(x, m.board.region.y + 1)
        assert lane_of(m, "payment") == [1, 5, 6]


async def test_esc_gives_it_up_and_does_nothing_else() -> None:
    async with mouse(*paid(1)) as m:
        await m.page.press("slash", "o", "enter")
        there = m.card(5) if m.board.card_region(5) else m.card(1)
        await m.drag(1, (m.lane("stock"), there.y))
        await m.page.press("escape")
        assert LINE not in m.page.text
        assert m.page.board.desk.query == "o", "the filter is still there"
        await m.up(m.lane("stock"), there.y)
        assert m.page.events("moved") == []


async def test_another_key_gives_it_up_and_does_what_it_does() -> None:
    async with mouse() as m:
        await m.drag(1, (m.lane("stock"), m.card(1).y))
        await m.page.press("j")
        assert not m.board.carrying
        assert m.board.cursor_card == 2


@pytest.mark.parametrize("where", [(2, 0), (155, 10), (20, 44)])
async def test_let_go_outside_the_lanes_it_stays(where: tuple[int, int]) -> None:
    async with mouse() as m:
        await m.drag(1, (m.lane("stock"), m.card(1).y), where)
        assert m.page.said.startswith("ORD-0001 stays")
        await m.up(*where)
        assert m.page.events("moved") == []
        assert not m.board.carrying


async def test_a_trembling_hand_clicks() -> None:
    async with mouse() as m:
        at = m.card(2)
        await m.drag(2, (at.x + 3, at.y + 1))
        assert not m.board.carrying
        await m.up(at.x + 3, at.y + 1)
        assert m.board.cursor_card == 2
        assert m.page.events("moved") == []


async def test_only_the_left_button_carries() -> None:
    async with mouse() as m:
        at = m.card(2)
        await m.down(at.x + 2, at.y, button=3)
        await m.to(m.lane("stock"), at.y)
        assert not m.board.carrying


async def test_a_dialog_that_comes_up_gives_it_up() -> None:
    async with mouse() as m:
        await m.drag(1, (m.lane("stock"), m.card(1).y))
        m.page.board.action_command("help")
        await m.page.until(lambda: m.page.dialog == "HelpScreen")
        assert not m.board.carrying


async def test_a_card_that_someone_else_puts_away_is_let_go() -> None:
    async with mouse() as m:
        await m.drag(1, (m.lane("stock"), m.card(1).y))
        m.page.workspace.submit(RINA, ArchiveCard(card=1))
        m.page.board.show_board()
        await m.page.rest()
        assert not m.board.carrying
        await m.up(m.lane("stock"), 20)
        assert m.page.events("moved") == []


async def test_at_the_edge_of_a_window_the_lanes_go_by_and_come_back_when_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("opstui.ui.widgets.board_carry.PACE", 0.01)
    async with mouse(size=(80, 24)) as m:
        right = m.board.region.right - 1
        await m.drag(1, (right, m.card(1).y))
        last = len(m.board.view.lanes) - m.board.groups  # type: ignore[union-attr]
        await m.page.until(lambda: m.board._first == last)
        await m.page.until(lambda: m.board._clock is None)
        await m.page.press("escape")
        assert m.board._first == 0
        assert m.board.cursor_card == 1
        await m.drag(1, (right, m.card(1).y))
        await m.page.until(lambda: m.board._first > 1)
        x = m.board.region.x + 30
        await m.to(x, 10)
        stage = m.board.view.lanes[m.board._lane_under(Offset(30, 5))].stage.id  # type: ignore[index,union-attr]
        await m.up(x, 10)
        assert lane_of(m, stage) == [1]
        assert m.board.cursor_card == 1


async def test_at_the_bottom_of_a_lane_its_cards_go_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opstui.ui.widgets.board_carry.PACE", 0.01)
    async with mouse(count=30) as m:
        x, bottom = m.lane("new"), m.board.region.bottom - 1
        await m.drag(1, (x, bottom))
        await m.page.until(lambda: m.board._clock is None)
        await m.up(x, bottom)
        assert lane_of(m, "new")[-1] == 1


async def test_a_scrollbar_is_taken_by_the_mouse_and_the_cursor_stays_in_sight() -> None:
    async with mouse(count=30) as m:
        g = m.board._geometry
        x = m.board.region.x + g.spans[0][1] - 2
        top, bottom = m.board.region.y + g.body, m.board.region.bottom - 1
        await m.down(x, bottom)
        assert m.board.card_region(30)
        assert m.board.card_region(m.board.cursor_card or 0)
        await m.to(x, top)
        assert m.board.card_region(1)
        await m.up(x, top)
        await m.to(x, bottom)
        assert m.board.card_region(1), "the button is up"


async def test_the_rail_leads_to_the_lanes_out_of_sight() -> None:
    async with mouse(size=(80, 24)) as m:
        y = m.board.region.y
        shown = m.board.groups
        await m.down(70, y)
        await m.up(70, y)
        assert m.board.cursor_stage == m.board.view.lanes[shown].stage.id  # type: ignore[union-attr]
        first = m.board._first
        await m.down(5, y)
        await m.up(5, y)
        assert m.board._first == first - 1


async def test_in_a_sorted_lane_only_the_lane_can_be_chosen() -> None:
    async with mouse(*paid(2)) as m:
        m.page.board.session.kept.choose(sorts={"orders": {"payment": "value"}})
        m.page.board.show_board()
        await m.page.rest()
        assert m.board.view
        assert m.board.view.lanes[1].sort
        over = m.card(6)
        await m.drag(1, (over.x + 3, over.y))
        assert LINE not in m.page.text
        assert f"{MARKS['target']}Payment" in m.page.text
        await m.up(over.x + 3, over.y)
        assert m.page.card("ORD-0001").stage == "payment"


async def test_a_drag_sends_little() -> None:
    async with mouse(*paid(3)) as m:
        over = m.card(6)
        await m.drag(1, (over.x + 3, over.y))
        regions: list[Region] = []
        m.board.refresh = lambda *some, **_more: regions.extend(some)  # type: ignore[method-assign,assignment]
        await m.to(over.x + 3, over.y + 1)
        assert regions == []
        await m.to(over.x + 3, over.y + 3)
        assert 0 < len(regions) <= 2
        assert isinstance(m.board, Board)


async def test_in_swimlanes_a_card_goes_into_another_and_that_is_said() -> None:
    more = [order(f"Of {who}", owner=who) for who in ("rina", "budi")]
    async with mouse(*more, count=1) as m:
        await m.page.press("W", "o")
        there = m.card(m.page.card("ORD-0003").id)
        await m.drag(m.page.card("ORD-0002").id, (there.x + 2, there.y))
        assert m.page.said == "ORD-0002 to New, budi, above ORD-0003 · esc puts it back"
        assert m.page.text.count(LINE) == 1
        assert "▾ budi" in m.page.text, "the line does not hide the swimlane's name"
        await m.up(there.x + 2, there.y)
        assert m.page.card("ORD-0002").owner == "budi"
