"""The console's own frames, thinned: terminals that get the thin line show what terminals show that get all of it.

One session writes for both, so what differs is ours. Key after key, on boards with text that terminals disagree about,
with dialogs, forms, filters, toasts, other sizes and other themes, and with another program in between.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import MouseDown, MouseMove, MouseUp, Resize
from textual.geometry import Offset, Size

from opstui.domain.commands import CreateCard
from opstui.ui.app import OpsApp
from opstui.ui.steady import Steady
from opstui.ui.thin_line import ThinLine
from ui.page import RINA, Console, memory_workspace, order, orders
from ui.terminals import Pair, pairs

TITLES = (
    "漢字のお客様、ありがとう",
    "👩‍👩‍👧 family box 🙂",
    "cafe\u0301 crème",
    "شحنة متأخرة",
    "a [b]title[/b] │ of everything ─ and more than fits in a lane, surely",
    "क्षेत्र order",
    "ship ❤️ it 🇮🇩",
)
_PRESSED = (
    "j j j k l h L H J K space pagedown pageup home end / f a b c escape escape ? escape enter escape n x escape"
    " p o 2 1 3 1 u ctrl+r ctrl+l d escape"
)
KEYS = tuple(_PRESSED.split(" "))


class Recorder(HeadlessDriver):
    """A terminal without one: what is written is drawn twice, as it is and thinned."""

    is_headless = False

    def __init__(self, app: Steady, **options: Any) -> None:
        super().__init__(app, **options)
        self.line = ThinLine()
        self.terminals: list[Pair] = []
        self.stock = self.sent = 0

    def write(self, data: str) -> None:
        words = self.line.thin(data, self._app.size)
        self.stock, self.sent = self.stock + len(data), self.sent + len(words)
        for pair in self.terminals:
            pair.feed(data, words)


class Recording(Steady):
    """An application on a recorder."""

    line: Recorder

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        self.line = Recorder(self, mouse=mouse, size=size)
        self.line.terminals = pairs(*(size or (80, 24)))
        self._driver = self.line
        self._sync_available = True
        return self.line

    def _forget(self) -> None:
        self.line.line.forget()


class Recorded(Recording, OpsApp):
    """The console on a recorder."""


Step = Callable[["Session"], Coroutine[Any, Any, None]]


class Session(Console):
    """A console whose terminals are compared after every step."""

    @property
    def line(self) -> Recorder:
        assert isinstance(self.app, Recording)
        return self.app.line

    def compare(self, after: str) -> None:
        for pair in self.line.terminals:
            assert pair.differences() == [], f"after {after}, on {type(pair.thin).__name__}"

    async def resize(self, columns: int, lines: int) -> None:
        for pair in self.line.terminals:
            pair.resize(columns, lines)
        await self.pilot.resize_terminal(columns, lines)
        await self.rest()

    async def suspend(self) -> None:
        """Away to the shell, where something is printed, and back."""
        self.line.write("\x1b[?7h\x1b[?1049l\x1b[?25h")
        for pair in self.line.terminals:
            pair.feed("$ ls\nshop\n", "$ ls\nshop\n")
        self.line.write("\x1b[?1049h\x1b[?25l\x1b[?7l")
        self.app.post_message(self.line.SignalResume())
        await self.rest()

    async def written_over(self) -> None:
        """Another program writes; ctrl+l mends it."""
        for pair in self.line.terminals:
            pair.feed("\x1b[2;2Hwall: going down", "\x1b[3;1H\x1b[31mwall: going down\x1b[0m")
        await self.press("ctrl+l")

    async def theme(self) -> None:
        self.app.all_themes()
        self.app.theme = "light" if self.app.theme == "dark" else "dark"
        await self.rest()

    async def toast(self) -> None:
        self.app.notify("moved ORD-0001 漢 🙂 to Payment", timeout=0.001)
        await self.rest()

    async def carry(self) -> None:
        """A card on its way over the lanes, over an edge, and let go somewhere."""
        x, y = self.board.board.region.offset + Offset(4, 5)
        last = self.app.size.width - 1
        for kind, to in (
            (MouseDown, x),
            (MouseMove, x + 30),
            (MouseMove, last),
            (MouseMove, x + 60),
            (MouseUp, x + 30),
        ):
            event = kind(None, min(to, last), y, 0, 0, 1, False, False, False, screen_x=min(to, last), screen_y=y)
            event.set_sender(self.app)
            self.app.post_message(event)
            await self.rest()
            self.compare(f"{kind.__name__} at {to}")


@asynccontextmanager
async def session(size: tuple[int, int], titles: tuple[str, ...] = TITLES) -> AsyncIterator[Session]:
    hostile = [order(title, customer=title[::-1], total=1000) for title in titles]
    elsewhere = [CreateCard(board="orders", title=title, stage="payment") for title in titles[:3]]
    workspace = memory_workspace(*hostile, *elsewhere, *orders(12))
    app = Recorded(workspace, RINA)
    try:
        async with app.run_test(size=size) as pilot:
            page = Session(app, pilot)
            await page.rest()
            page.compare("the start")
            yield page
    finally:
        app.session.close()


def plan(seed: int, count: int) -> list[str]:
    """Keys, and now and then something else."""
    dice = random.Random(seed)
    rare = ("resize", "suspend", "written_over", "theme", "toast", "carry")
    return [dice.choice(rare) if dice.random() < 0.15 else dice.choice(KEYS) for _n in range(count)]


ALL_FROM = 36
"""The step from which every kind of terminal is compared."""


@pytest.mark.parametrize(("size", "seed"), [((80, 24), 1), ((120, 40), 2), ((200, 60), 3), ((20, 5), 4)])
async def test_every_step_of_a_session_shows_the_same(size: tuple[int, int], seed: int) -> None:
    sizes = [(90, 30), size, (21, 6), size, (130, 20), size]
    async with session(size) as s:
        s.line.terminals = s.line.terminals[1:]  # pyte is slow: it sees the last steps, and before them everything anew
        for n, step in enumerate(plan(seed, 45)):
            if n == ALL_FROM:
                s.line.terminals = pairs(*s.app.size)
                await s.press("ctrl+l")
                s.compare("everything drawn anew")
            if step == "resize":
                await s.resize(*sizes[n % len(sizes)])
            elif step in ("suspend", "written_over", "theme", "toast", "carry"):
                await getattr(s, step)()
            else:
                await s.press(step)
            s.compare(f"step {n}: {step}")
        assert s.line.sent < s.line.stock / 2


async def test_every_way_to_look_at_a_board_shows_the_same() -> None:
    keys = "W o j l left_square_bracket minus j z z o D minus L Z space enter W escape z u W n"
    async with session((100, 30)) as s:
        for key in keys.split():
            await s.press(key)
            s.compare(f"after {key}")


async def test_a_cursor_that_moves_sends_a_few_cells_and_one_at_rest_sends_nothing() -> None:
    async with session((160, 45), titles=()) as s:
        await s.press("j")
        before = s.line.sent
        await s.press("j", "k")
        assert 0 < s.line.sent - before < 2 * 200
        before = s.line.sent
        s.app.screen.refresh()
        await s.rest()
        assert s.line.sent == before
        s.compare("a refresh")


@pytest.mark.parametrize("opener", ["question_mark", "n", "ctrl+t", "g"])
async def test_a_dialog_that_closes_sends_what_it_had_covered_and_not_the_whole_screen(opener: str) -> None:
    async with session((160, 45), titles=()) as s:
        await s.press("ctrl+l")
        start = s.line.sent
        await s.press("ctrl+l")
        whole = s.line.sent - start
        await s.press(opener)
        start = s.line.sent
        await s.press("escape")
        assert s.dialog == ""
        assert 0 < s.line.sent - start < whole * 3 / 4
        s.compare(f"closing {opener}")


async def test_a_terminal_that_became_small_and_large_again_at_once_is_drawn_whole() -> None:
    async with session((120, 40)) as s:
        for size in ((60, 10), (120, 40)):
            for pair in s.line.terminals:
                pair.resize(*size)
            s.app.post_message(Resize(Size(*size), Size(*size)))
        await s.until(lambda: all(len(pair.thin.seen()) > 60 * 40 for pair in s.line.terminals))
        await s.rest()
        fresh = pairs(120, 40)
        s.line.terminals, kept = fresh, s.line.terminals
        await s.written_over()
        assert [pair.thin.seen() for pair in kept] == [pair.thin.seen() for pair in fresh]
