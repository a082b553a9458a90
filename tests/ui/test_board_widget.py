"""The board widget: where the cursor goes, what is drawn, what is posted. Pictures second, events first."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from textual.events import MouseScrollDown
from textual.geometry import Region
from textual.pilot import Pilot

from builders import Tables, board_of, card_doc
from opstui.domain.model import Doc
from opstui.projections.board import LaneView, board_view, lane_view
from opstui.ui.widgets.board import Board
from ui.shop import BoardApp, face_of, shop

WIDE = (120, 43)


def small(**lanes: int) -> Tables:
    """Orders with so many cards in each stage: numbered from 1, lane by lane."""
    cards: dict[int, Doc] = {}
    for stage, count in lanes.items():
        for _n in range(count):
            number = len(cards) + 1
            cards[number] = card_doc(number, "orders", stage, customer=f"Customer {number}")
    return Tables(cards=cards)


def among(wanted: set[int], doc: Doc) -> bool:
    return doc["id"] in wanted


def text(app: BoardApp) -> str:
    """What stands on the screen."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def press(pilot: Pilot[Any], keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_the_cursor_starts_on_the_first_card_there_is() -> None:
    app = BoardApp(small(payment=2, closed=1))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert (app.board.cursor_card, app.board.cursor_stage) == (1, "payment")
        assert "▌ORD-0001" in text(app)
        assert [(m.card, m.stage) for m in app.said] == [(1, "payment")]


async def test_every_key_moves_the_cursor_visibly() -> None:
    app = BoardApp(small(new=3, stock=1, closed=2))
    async with app.run_test(size=WIDE) as pilot:
        places = [(app.board.cursor_stage, app.board.cursor_card)]
        pictures = [text(app)]
        for key in "jlllllhhhhhk":
            await press(pilot, key)
            places.append((app.board.cursor_stage, app.board.cursor_card))
            pictures.append(text(app))
        assert [stage for stage, _card in places[2:7]] == ["payment", "stock", "processing", "shipping", "closed"]
        assert all(one != other for one, other in pairwise(pictures))
        assert places[2] == ("payment", None)


async def test_the_cursor_keeps_its_height_across_scrolled_lanes() -> None:
    app = BoardApp(small(new=40, payment=40))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "j" * 9)
        top = app.board.card_region(app.board.cursor_card or 0)
        await press(pilot, "l")
        beside = app.board.card_region(app.board.cursor_card or 0)
        assert top
        assert beside
        assert top.y == beside.y


async def test_moves_by_pages_and_to_the_ends() -> None:
    app = BoardApp(small(new=40))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "G")
        assert app.board.cursor_card == 40
        app.board.move_page(-1)
        assert app.board.cursor_card == 40 - app.board._geometry.page
        await press(pilot, "g")
        assert app.board.cursor_card == 1
        app.board.move_page(0.5)
        assert app.board.cursor_card == 1 + app.board._geometry.page // 2


async def test_a_window_of_lanes_follows_the_cursor_and_names_the_others() -> None:
    app = BoardApp(small(new=1, payment=2, stock=3, processing=4, shipping=5, closed=6))
    async with app.run_test(size=(80, 22)) as pilot:
        await pilot.pause()
        assert "Processing 4   Shipping 5   Closed 6 ›" in text(app)
        await press(pilot, "llll")
        shown = text(app)
        assert "‹ New 1   Payment 2" in shown
        assert "Closed 6 ›" in shown
        assert "▌ORD-0011" in shown


async def test_goto_and_marks_and_opening() -> None:
    app = BoardApp(small(new=3, payment=30))
    async with app.run_test(size=WIDE) as pilot:
        assert app.board.goto_card(33)
        assert not app.board.goto_card(99)
        assert app.board.goto_lane("new")
        assert not app.board.goto_lane("nowhere")
        await press(pilot, "k")
        app.board.toggle_mark()
        await pilot.pause()
        marked = app.board.cursor_card
        assert app.board.selection == {marked}
        assert "✓ORD" in text(app)
        app.board.clear_marks()
        app.board.open_cursor()
        await pilot.pause()
        assert "✓" not in text(app)
        assert isinstance(app.said[-1], Board.CardOpened)
        assert app.said[-1].card == marked


async def test_the_mouse_selects_opens_scrolls_and_drops() -> None:
    app = BoardApp(small(new=40, stock=2))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.click(Board, offset=(5, 12))
        assert app.board.cursor_card == 2
        await pilot.click(Board, offset=(5, 12), times=2)
        await pilot.pause()
        assert any(isinstance(m, Board.CardOpened) and m.card == 2 for m in app.said)
        await pilot.mouse_down(Board, offset=(5, 12))
        await pilot.mouse_up(Board, offset=(45, 5))
        await pilot.pause()
        dropped = app.said[-1]
        assert isinstance(dropped, Board.CardDropped)
        assert (dropped.card, dropped.stage, dropped.before) == (2, "stock", 41)
        await pilot._post_mouse_events([MouseScrollDown], Board, offset=(5, 12))
        await pilot.pause()
        assert "ORD-0001" not in text(app)
        assert app.board.cursor_card == 2


async def test_a_changed_lane_is_drawn_again_and_the_cursor_stays_on_its_card() -> None:
    app = BoardApp(small(new=3, payment=1))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "jj")
        app.tables.tables["cards"][1]["stage"] = "payment"
        app.board.forget([1])
        for stage in board_of("orders").stages[:2]:
            app.board.refresh_lane(stage.id, lane_view(app.tables, board_of("orders"), stage))
        await pilot.pause()
        assert app.board.cursor_card == 3
        shown = text(app)
        assert "New 2" in shown
        assert "Payment 2/10" in shown


async def test_a_lane_that_loses_the_cursors_card_keeps_the_cursor() -> None:
    app = BoardApp(small(new=1, payment=1))
    new = board_of("orders").stages[0]
    async with app.run_test(size=WIDE) as pilot:
        app.board.refresh_lane("new", LaneView(new, (), 0))
        await pilot.pause()
        assert (app.board.cursor_card, app.board.cursor_stage) == (None, "new")
        assert "▌New 0" in text(app)


async def test_a_lane_that_comes_and_goes() -> None:
    app = BoardApp(small(new=1, closed=1))
    cancelled = board_of("orders").stage("cancelled")
    assert cancelled is not None
    async with app.run_test(size=(160, 43)) as pilot:
        app.board.refresh_lane("cancelled", LaneView(cancelled, (1,), 1))
        await pilot.pause()
        assert app.board.goto_lane("cancelled")
        assert "Cancelled 1" in text(app)
        app.board.refresh_lane("cancelled", LaneView(cancelled, (), 0))
        await pilot.pause()
        assert "Cancelled" not in text(app)
        assert app.board.cursor_stage == "closed"


async def test_a_filter_keeps_the_cursor_where_it_can() -> None:
    app = BoardApp(small(new=3, payment=3))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "jj")
        for wanted, card in (({3, 5}, 3), ({5}, 5), (set(), None)):
            view = board_view(app.tables, board_of("orders"), partial(among, wanted))
            app.board.show(view, partial(face_of, app.tables, "orders"))
            await pilot.pause()
            assert app.board.cursor_card == card
        assert "no card matches" in text(app)
        assert "esc clears the" in text(app)
        assert "0 of 3" in text(app)
        view = board_view(app.tables, board_of("orders"), partial(among, {5}))
        app.board.show(view, partial(face_of, app.tables, "orders"))
        await pilot.pause()
        assert "no match" in text(app)


async def test_an_empty_board_says_what_to_do() -> None:
    app = BoardApp(small())
    async with app.run_test(size=WIDE) as pilot:
        app.board.guide = ["n makes the first card"]
        app.board.redraw()
        await press(pilot, "jlkh")
        assert "n makes the" in text(app)
        assert app.board.cursor_card is None


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (3, 40), (200, 60), (400, 12)])
async def test_any_size_of_terminal(size: tuple[int, int]) -> None:
    app = BoardApp(small(new=30, payment=3))
    async with app.run_test(size=size) as pilot:
        await press(pilot, "jjjjjjlhG")
        assert app.board.cursor_card == 30
        for y in range(size[1]):
            assert app.board._finish(y, size[0]).cell_length == size[0]


async def test_no_color_leaves_no_colour_and_keeps_the_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = BoardApp(shop())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        for y in range(WIDE[1]):
            for segment in app.board.render_lines(Region(0, y, *WIDE))[0]:
                color = segment.style.color.get_truecolor() if segment.style and segment.style.color else None
                assert color is None or color.red == color.green == color.blue
        assert "▌" in text(app)
        assert "! due" in text(app)


async def test_a_cursor_key_dirties_only_bars_and_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    app = BoardApp(small(new=5, payment=5))
    seen: list[Region] = []
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        original = app.board.refresh

        def refresh(*regions: Region, **more: Any) -> Board:
            seen.extend(regions)
            return original(*regions, **more)

        monkeypatch.setattr(app.board, "refresh", refresh)
        await press(pilot, "jl")
        assert sorted((r.width, r.height) for r in seen) == [(1, 1)] * 4 + [(11, 1)] * 4


# --------------------------------------------------------------------------------------- a real terminal


@contextmanager
def terminal(width: int, height: int) -> Iterator[int]:
    """The board app in a pty; gives the terminal's end of it."""
    here = Path(__file__).parents[1]
    code = f"import sys; sys.path[:0] = {[str(here), *sys.path]!r}"
    code += "; from ui.shop import BoardApp, shop; BoardApp(shop(3)).run()"
    pid, fd = pty.fork()
    if pid == 0:  # pragma: no cover - the child
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        os.environ["COLORTERM"] = "truecolor"
        os.execv(sys.executable, [sys.executable, "-c", code])
    try:
        yield fd
    finally:
        os.write(fd, b"q")
        while read(fd, 20):
            pass
        os.close(fd)
        os.waitpid(pid, 0)


def read(fd: int, wait: float, quiet: float = 0.25) -> bytes:
    """What comes within `wait` seconds, until it has been quiet for a moment."""
    found = b""
    while select.select([fd], [], [], quiet if found else wait)[0]:
        try:
            more = os.read(fd, 65536)
        except OSError:
            break
        if not more:
            break
        found += more
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
def test_a_cursor_key_costs_few_bytes() -> None:
    with terminal(160, 45) as fd:
        start = b""
        while b"Shipping" not in start:
            start += read(fd, 20, 1.0)
        sizes = []
        for key in "jjljjlkkhl":
            os.write(fd, key.encode())
            sizes.append(len(read(fd, 20)))
        assert median(sizes) <= 400, sizes
        assert max(sizes) <= 8000, sizes
