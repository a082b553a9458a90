"""Where cards stand on a board cut into bands: laws of the arithmetic, and pictures of what comes of it."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Tables, board_of, card_doc
from opstui.domain.model import Doc
from opstui.projections.arrangement import Arrangement, Order
from opstui.projections.bands import band_field
from opstui.projections.board import Band, BoardView, LaneView, board_view
from opstui.projections.swimlanes import banded
from opstui.ui.widgets.bands import Bands
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.lanes import geometry
from ui.shop import BoardApp

ORDERS = board_of("orders")


def view_of(*lanes: list[int], folded: tuple[int, ...] = ()) -> BoardView:
    """A board whose lanes hold so many cards in each band; ids count up lane by lane."""
    views, first = [], 1
    for stage, sizes in zip(ORDERS.stages, lanes, strict=False):
        ids = tuple(range(first, first + sum(sizes)))
        first += len(ids)
        views.append(LaneView(stage, ids, len(ids), breaks=(0, *accumulate(sizes))))
    bands = tuple(Band(f"b{n}", f"Band {n}", 1, folded=n in folded) for n in range(len(lanes[0])))
    return BoardView(ORDERS, tuple(views), bands)


def bands_of(view: BoardView, height: int = 30, rows: int = 3) -> Bands:
    bands = Bands()
    bands.take(view, geometry(120, height, len(view.lanes), rows))
    return bands


SIZES = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 12), min_size=n, max_size=n), min_size=1, max_size=6)
)
SCREENS = st.tuples(st.integers(3, 50), st.sampled_from([1, 3, 5]))


@given(SIZES, SCREENS, st.sets(st.integers(0, 4)), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60))))
def test_wherever_the_cursor_goes_it_is_in_sight_and_where_it_is_said_to_be(
    sizes: list[list[int]], screen: tuple[int, int], folded: set[int], goes: list[tuple[int, int]]
) -> None:
    view = view_of(*sizes, folded=tuple(folded))
    height, rows = screen
    bands = bands_of(view, height, rows)
    shown = height - geometry(120, height, len(view.lanes), rows).body
    for lane, row in goes:
        lane, row = lane % len(view.lanes), row % bands.count(lane % len(view.lanes))  # noqa: PLW2901
        bands.settle(lane, row)
        y = bands.y(lane, row)
        closed = bands.folded(lane, row)
        assert (0 if closed else 1) <= y
        assert y < shown or shown <= 1
        spot = bands.at(lane, y)
        assert spot.band == bands.band(lane, row) if closed else (spot.row, spot.line) == (row, 0)
        before = bands.offset(lane), bands.shared()
        bands.settle(lane, row)
        assert (bands.offset(lane), bands.shared()) == before


@given(SIZES, st.sets(st.integers(0, 4)))
def test_every_card_has_a_row_and_every_row_is_reached_by_going_down(sizes: list[list[int]], folded: set[int]) -> None:
    view = view_of(*sizes, folded=tuple(folded))
    bands = bands_of(view)
    for n, lane in enumerate(view.lanes):
        open_cards = {bands.card(n, row) for row in range(bands.count(n))} - {None}
        hidden = {card for card in lane.ids if bands.folded(n, bands.row_of(n, card) or 0)}
        assert open_cards | hidden == set(lane.ids)
        assert all(bands.card(n, bands.row_of(n, card) or 0) == card for card in open_cards if card)
        row = bands.down(n, 0, 0)
        passed = {row}
        while (further := bands.down(n, row, 1)) != row:
            row = further
            passed.add(row)
        stops = {r for r in range(bands.count(n)) if bands.card(n, r) is not None or bands.folded(n, r)}
        assert stops <= passed
        assert bands.down(n, row, -1) <= row


@given(SIZES, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60), st.integers(-5, 5)), max_size=8))
def test_the_wheel_scrolls_within_bounds_and_keeps_the_cursor_in_sight(
    sizes: list[list[int]], turns: list[tuple[int, int, int]]
) -> None:
    view = view_of(*sizes)
    bands = bands_of(view, 24)
    row = 0
    for lane, under, by in turns:
        lane %= len(view.lanes)  # noqa: PLW2901
        row = bands.wheel((lane, under % bands.count(lane)), by, (0, row))
        assert 0 <= row < bands.count(0)
        assert bands.shared() >= 0
        bands.settle(0, row)
        assert bands.y(0, row) >= 1


def test_finished_work_makes_no_band_higher() -> None:
    work, finished = [1, 1], [9, 9]
    view = view_of(work, [2, 1], [0, 0], [0, 0], [0, 0], finished)
    bands = bands_of(view, 40)
    closed = len(view.lanes) - 1
    assert bands.y(0, 1) == 1 + 2 * 4 + 1
    assert [bands.at(closed, y).row for y in (1, 5, 9, 10)] == [0, 1, -1, 9]
    bands.settle(closed, 5)
    assert bands.at(closed, 1).row > 0
    assert any(bands.thumb(closed, y) for y in range(1, 9))
    assert not any(bands.thumb(0, y) for y in range(1, 9))


def test_a_board_of_finished_work_alone_shows_it() -> None:
    view = view_of([0], [0], [0], [0], [0], [9])
    assert [bands_of(view, 30).at(5, y).row for y in (1, 5, 9)] == [0, 1, 2]


# --------------------------------------------------------------------------------------- on the screen


def owned(**owners: dict[str, int]) -> Tables:
    """So many orders of each owner in each stage."""
    cards: dict[int, Doc] = {}
    for stage, counts in owners.items():
        for owner, count in counts.items():
            for _n in range(count):
                number = len(cards) + 1
                cards[number] = card_doc(number, "orders", stage, owner=owner, customer=f"Customer {number}")
    return Tables(cards=cards)


def in_bands(tables: Tables, *folded: str) -> BoardView:
    field = band_field("order", "owner")
    assert field
    lanes = {
        stage.id: Arrangement.of(
            Order(field=field), ((i, tables.tables["cards"][i]) for i in tables.lane("orders", stage.id))
        )
        for stage in ORDERS.stages
    }
    return banded(board_view(tables, ORDERS, None, lanes), lanes, field, folded)


class BandsApp(BoardApp):
    """The board of a shop cut into bands by owner."""

    folded: tuple[str, ...] = ()

    def view(self) -> BoardView:
        return in_bands(self.tables, *self.folded)

    def on_board_band_chosen(self, message: Board.BandChosen) -> None:
        self.said.append(message)


def picture(app: BoardApp) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def test_bands_stand_side_by_side_with_their_headers() -> None:
    app = BandsApp(owned(new={"ani": 1, "budi": 2}, payment={"budi": 1}, stock={"": 1}))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        shown = picture(app)
        assert shown[1].split() == ["▾", "ani", "1", "1", "1", "of", "3"]
        assert shown[2].startswith("▌ORD-0001")
        assert shown[6].split() == ["▾", "budi", "3", "2", "1"]
        assert shown[7].split() == ["ORD-0002", "ORD-0004"]
        assert shown[15].split() == ["▾", "nobody", "1", "1"]
        assert shown[16].strip() == "ORD-0005"


async def test_the_cursor_goes_down_through_bands_and_sideways_within_one() -> None:
    app = BandsApp(owned(new={"ani": 1, "budi": 2}, payment={"budi": 1}, stock={"ani": 1}))
    async with app.run_test(size=(120, 40)) as pilot:
        places: list[Any] = []
        for key in "jlhhkllljk":
            await pilot.press(key)
            places.append((app.board.cursor_stage, app.board.cursor_band, app.board.cursor_card))
        assert places == [
            ("new", "budi", 2),
            ("payment", "budi", 4),
            ("new", "budi", 2),
            ("new", "budi", 2),
            ("new", "ani", 1),
            ("payment", "ani", None),
            ("stock", "ani", 5),
            ("processing", "ani", None),
            ("processing", "ani", None),
            ("processing", "ani", None),
        ]


async def test_a_closed_band_is_a_header_on_which_the_cursor_rests() -> None:
    app = BandsApp(owned(new={"ani": 3, "budi": 2}, payment={"budi": 1}))
    app.folded = ("ani",)
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.pause()
        assert app.board.cursor_band == "ani"
        assert [app.board.cursor_card] == [None]
        assert picture(app)[1].startswith("▌▸ ani 3")
        assert picture(app)[2].startswith(" ▾ budi 3")
        await pilot.press("j")
        assert app.board.cursor_card == 4
        assert app.board.goto_band(-1)
        assert not app.board.goto_band(-1)
        assert app.board.goto_card(2)
        assert [app.board.cursor_card] == [None]
        assert app.board.card_region(2) is None


async def test_the_mouse_opens_bands_and_drops_cards_into_others() -> None:
    app = BandsApp(owned(new={"ani": 1, "budi": 2}, payment={"budi": 1}))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.click(Board, offset=(5, 6))
        await pilot.pause()
        assert app.said[-1] == Board.BandChosen("budi")
        await pilot.mouse_down(Board, offset=(5, 3))
        await pilot.mouse_up(Board, offset=(25, 8))
        await pilot.pause()
        assert app.said[-1] == Board.CardDropped(1, "payment", 4, "budi")
        await pilot.mouse_down(Board, offset=(5, 3))
        await pilot.mouse_up(Board, offset=(25, 13))
        await pilot.pause()
        assert app.said[-1] == Board.CardDropped(1, "payment", None, "budi")
        await pilot.mouse_down(Board, offset=(25, 13))
        await pilot.mouse_up(Board, offset=(5, 3))
        await pilot.pause()
        assert app.said.count(Board.CardDropped(4, "new", 1, "ani")) == 0
        await pilot.click(Board, offset=(5, 6), times=2)
        await pilot.pause()
        assert not any(isinstance(m, Board.CardOpened) for m in app.said)
        await pilot.mouse_down(Board, offset=(5, 8))
        await pilot.mouse_up(Board, offset=(5, 9))
        await pilot.pause()
        assert not isinstance(app.said[-1], Board.CardDropped) or app.said[-1].card == 1


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (80, 24), (160, 45), (300, 100)])
async def test_bands_fit_every_terminal(size: tuple[int, int]) -> None:
    app = BandsApp(owned(new={"ani": 9, "budi": 2}, payment={"budi": 30}, closed={"ani": 50}))
    async with app.run_test(size=size) as pilot:
        for key in "jjjjjjjjjjjjlljjG":
            await pilot.press(key)
        await pilot.pause()
        assert "▌" in "\n".join(picture(app))
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        assert "▌" in "\n".join(picture(app))


async def test_a_change_keeps_the_cursor_on_its_card() -> None:
    app = BandsApp(owned(new={"ani": 2, "budi": 2}))
    async with app.run_test(size=(120, 24)) as pilot:
        assert app.board.goto_card(3)
        app.tables.tables["cards"][2]["owner"] = "budi"
        app.board.show(app.view(), app.board._faces or (lambda _card: None))  # type: ignore[arg-type, return-value]
        await pilot.pause()
        assert (app.board.cursor_card, app.board.cursor_band) == (3, "budi")
        app.board.show(board_view(app.tables, ORDERS), app.board._faces or (lambda _card: None))  # type: ignore[arg-type, return-value]
        await pilot.pause()
        assert (app.board.cursor_card, app.board.cursor_band) == (3, None)
