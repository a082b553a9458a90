"""Whatever people do to the console: a player that does it, and what has to be true after every bit of it.

The terminal is a small strict one behind the thin line. After each burst it has to show what the widgets hold, the
widgets what a fresh look at the state gives; at the end every receipt is in the history, and the history is the state.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.events import MouseDown, MouseEvent, MouseMove, MouseScrollDown, MouseScrollUp, MouseUp, Paste
from textual.widget import Widget

from bench.scenes import Scene
from opstui.domain.commands import AddComment, AddMember, ArchiveCard, CreateCard, EditCard, MoveCard
from opstui.domain.events import Batch
from opstui.domain.model import Actor, Refused
from opstui.ui import changes
from opstui.ui.screens.progress import ProgressScreen
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.paint import Painted
from opstui.workspace import Receipt, Workspace, create_workspace, open_workspace
from soak.ledger import replayed
from ui.page import BUDI, NOON, RINA, orders
from ui.terminals import Cell, Glass, Pair
from ui.test_same_picture import TITLES, Recorded, Session
from ui.truth import lies, wrong_numbers

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J",
    "[bold]not bold[/bold] [@click=app.quit]no link[/]",
    "a\tb\x00c\x7fd\u202edrowsdrawkcab\u202c\u200b",
    "漢字かな交じり文 👩‍👩‍👧 ❤️ 🇮🇩 e\u0301",
    "line one\nline two\r\n\n- [ ] three\n\tfour",
    "x" * 3000,
    "؀ شحنة متأخرة क्षेत्र",
    " ",
)
Cells = dict[tuple[int, int], Cell]
BURST = 4
"""Steps before everything is looked at: keys come faster than pictures."""


@dataclass(frozen=True)
class Step:
    """One thing that is done: `sort` is key, text, paste, click, wheel, drag, size, other or rest."""

    sort: str
    what: Any = ""

    def __repr__(self) -> str:
        return f"{self.sort}:{str(self.what)[:24]!r}"


@cache
def template() -> Path:
    """A workspace with orders of every kind of text, made once."""
    folder = Path(tempfile.mkdtemp(prefix="opstui-anything-"))
    workspace = create_workspace(folder / "shop", lambda: NOON, owner="rina", name="Kopi Lereng")
    workspace.submit(RINA, AddMember(name="budi", role="owner"))
    hostile = [CreateCard(board="orders", title=title, fields={"customer": title[::-1]}) for title in TITLES]
    others = [
        CreateCard(board=board, title=title)
        for board in ("orders", "campaigns", "feedback", "actions")
        for title in TITLES[:3]
    ]
    workspace.submit(RINA, *hostile, *others, *orders(25))
    workspace.close()
    return folder / "shop"


class Deaf:
    """In place of the watch: what others do is told when the plan says so."""

    def __init__(self, *_: object) -> None:
        """Hears nothing."""

    def close(self) -> None:
        """Nor then."""


class Thin(Pair):
    """One terminal, behind the thin line."""

    def __init__(self, columns: int, lines: int) -> None:
        self.glass = Glass(columns, lines)

    def feed(self, stock: str, thin: str) -> None:
        self.glass.feed(thin)

    def resize(self, columns: int, lines: int) -> None:
        self.glass.resize(columns, lines)


class Player(Session):
    """Does steps, and looks."""

    terminal: Thin
    other: Workspace
    begun: int
    receipts: list[Receipt]
    size: tuple[int, int]

    async def begin(self, size: tuple[int, int]) -> None:
        """With a terminal that shows everything."""
        self.size, self.terminal = size, Thin(*size)
        self.line.terminals = [self.terminal]
        self.app.action_redraw()
        await self.rest()

    async def go_to(self, scene: Scene) -> None:
        """From the board to a scene."""
        self._meanwhile(scene.before)
        await self.strike(*scene.keys)
        self._meanwhile(scene.meanwhile)
        await self.strike(*scene.then)
        if scene.act:
            await scene.act(self.pilot)
            await self.rest()

    def _meanwhile(self, what: Callable[[Workspace], None] | None) -> None:
        """Somebody else does that, if it can be done still."""
        if what is not None:
            self.other.catch_up()
            with suppress(Refused):
                what(self.other)
            self.board.changes.take_in()

    async def go_home(self) -> None:
        """To the board again, from wherever one is: esc leads there, and what is typed is given up."""
        for _turn in range(20):
            await self.until(lambda: not self.app.holding)
            if self.app.screen is self.board and self.board.focused is self.board.board:
                return
            if isinstance(top := self.app.screen, ProgressScreen):
                top._work.cancel()  # the scene's work never ends by itself, and no verb waits for it
                await self.until(lambda: self.app.holding)
                await self.app.release()
                continue
            await self.strike("y" if self.dialog == "Confirm" else "escape")
        raise AssertionError(f"esc leads nowhere from {self.dialog}\n{self.text}")

    async def do(self, steps: Sequence[Step], *, thorough: bool = True) -> None:
        """All steps, in bursts. Everything is looked at after each or, where it is to be quick, after the last."""
        for begin in range(0, len(steps), BURST):
            burst = steps[begin : begin + BURST]
            for step in burst:
                await getattr(self, f"_{step.sort}")(step.what)
            await self.rest()
            await self._rest_below()
            self.look(f"{begin} .. {burst}", thorough=thorough or begin + BURST >= len(steps))

    async def _rest_below(self) -> None:
        """What a dialog lies over has a clock of its own; a new size is laid out in several beats of it."""
        for _beat in range(10):
            for screen in (below := self.app._background_screens):
                screen._on_timer_update()
            await self.rest()
            if not any(screen._layout_required or screen._dirty_widgets for screen in below):
                return

    async def _key(self, key: str) -> None:
        self._send(self.key_event(key))

    async def _text(self, text: str) -> None:
        for letter in text:
            self._send(self.key_event({" ": "space", "\n": "enter"}.get(letter, letter)))

    async def _paste(self, text: str) -> None:
        self._send(Paste(text))

    async def _rest(self, _what: object) -> None:
        """Nothing: what a plan is made simple with."""

    async def _click(self, what: tuple[float, float, int, bool]) -> None:
        x, y, times, ctrl = what
        for _turn in range(times):
            self._mouse(MouseDown, x, y, 1, ctrl=ctrl)
            self._mouse(MouseUp, x, y, 1, ctrl=ctrl)

    async def _wheel(self, what: tuple[float, float, int]) -> None:
        x, y, turns = what
        for _turn in range(abs(turns)):
            self._mouse(MouseScrollDown if turns > 0 else MouseScrollUp, x, y, 0)

    async def _drag(self, what: tuple[float, float, float, float]) -> None:
        x, y, to_x, to_y = what
        self._mouse(MouseDown, x, y, 1)
        self._mouse(MouseMove, (x + to_x) / 2, (y + to_y) / 2, 1)
        self._mouse(MouseMove, to_x, to_y, 1)
        self._mouse(MouseUp, to_x, to_y, 1)

    async def _size(self, size: tuple[int, int]) -> None:
        self.size = size
        await self.resize(*size)

    async def _other(self, number: int) -> None:
        """Somebody else changes something; this console hears of it at once."""
        cards = [doc_id for doc_id, doc in self.other.state.items("cards") if not doc.get("archived")] or [1]
        card = cards[number % len(cards)]
        does = (
            EditCard(card=card, values={"title": TITLES[number % len(TITLES)]}),
            MoveCard(card=card, stage="payment"),
            AddComment(card=card, text=HOSTILE[number % 5]),
            ArchiveCard(card=card),
            CreateCard(board="orders", title=HOSTILE[number % 4]),
        )
        self.other.catch_up()
        try:
            self.other.submit(BUDI, does[number % len(does)])
        except Refused:
            return
        self.board.changes.take_in()

    def _mouse(self, sort: type[MouseEvent], x: float, y: float, button: int, *, ctrl: bool = False) -> None:
        column, line = int(x * (self.size[0] - 1)), int(y * (self.size[1] - 1))
        place = {"x": column, "y": line, "screen_x": column, "screen_y": line}
        self._send(
            sort(None, **place, delta_x=0, delta_y=0, button=button, shift=False, meta=False, ctrl=ctrl)  # type: ignore[arg-type]
        )

    def _send(self, event: Any) -> None:
        driver = self.app._driver
        assert driver is not None
        driver.process_message(event)

    # ------------------------------------------------------------------ what has to be true

    def look(self, after: str, *, thorough: bool = True) -> None:
        """The terminal shows what the widgets hold; looked at thoroughly, they hold what the state says."""
        assert self.app._exception is None, f"{self.app._exception!r} after {after}"
        held = self._words()
        shown = _cells(self.terminal.glass)
        assert shown == self._drawn(held), f"the terminal is behind after {after}\n{self._told(shown, held)}"
        if thorough:
            self._look_anew(held, after)

    def _look_anew(self, held: str, after: str) -> None:
        self._forget()
        drawn = self._words()
        assert self._alike(held, drawn), f"a line kept is not the line after {after}\n{self._told(held, drawn)}"
        self._look_at_the_state(drawn, after)

    def _look_at_the_state(self, drawn: str, after: str) -> None:
        found = lies(self.board)
        assert not found, f"not what the state says after {after}: {found}"
        if self.board.board.cursor_card is not None:
            self.board.show_board()
            fresh = self._words()
            assert self._alike(drawn, fresh), f"not what the state says after {after}\n{self._told(drawn, fresh)}"

    def _words(self) -> str:
        """What a terminal that shows nothing yet would be sent."""
        top, below = self.app.screen, self.app._background_screens
        for screen in (*below, top):
            screen._styles_cache.clear()
            screen._set_dirty()
            screen._repaint_regions.clear()
        update: Any = top._compositor.render_update(full=True, screen_stack=below)
        return str(update.render_segments(self.app.console))

    def _alike(self, one: str, other: str) -> bool:
        return one == other or self._drawn(one) == self._drawn(other)

    def _drawn(self, words: str) -> Cells:
        glass = Glass(*self.size)
        glass.feed(words)
        return _cells(glass)

    def _forget(self) -> None:
        """Every line that is kept finished."""
        for widget in (node for screen in self.app.screen_stack for node in screen.walk_children(Widget)):
            widget._styles_cache.clear()
            if isinstance(widget, Painted):
                widget._strips, widget._drawn = {}, {}
            if isinstance(widget, Board):
                widget._known.clear()
                widget._drawn_faces.clear()

    def _told(self, one: Cells | str, other: Cells | str) -> str:
        mine, theirs = (self._drawn(cells) if isinstance(cells, str) else cells for cells in (one, other))
        places = sorted(place for place in mine.keys() | theirs.keys() if mine.get(place) != theirs.get(place))
        first = [(x, y, mine.get((x, y)), theirs.get((x, y))) for x, y in places[:6]]
        return f"{len(places)} cells of {self.size}, {self.dialog or 'board'}: {first}\n{self.text}"

    async def settle_accounts(self) -> None:
        """Nothing that was told as saved is lost, nothing else was written, and the history gives the state."""
        assert not (wrong := await wrong_numbers(self.board)), wrong
        self.board.changes.take_in()
        self.workspace.catch_up()
        fresh = open_workspace(self.workspace.path, lambda: NOON)
        history: list[Batch] = list(fresh.history())
        written = {batch.n: batch.events for batch in history}
        told = {
            receipt.batch: tuple(replace(event, writes=()) for event in receipt.events)
            for receipt in self.receipts
            if receipt.batch is not None
        }
        for number, events in told.items():
            assert written.get(number) == events, f"batch {number}: {written.get(number)} where {events} was told"
        assert not any(receipt.events for receipt in self.receipts if receipt.batch is None)
        assert {batch.n for batch in history if batch.by == RINA.name and batch.n > self.begun} == told.keys()
        for table, docs in replayed(history).items():
            for state in (self.workspace.state, fresh.state):
                assert dict(state.items(table)) == docs, table
        fresh.close()


def _cells(glass: Glass) -> Cells:
    """What is on a terminal, without the cursor."""
    return {(x, -1 - y): cell for (x, y), cell in glass.seen().items() if y < 0}


@asynccontextmanager
async def player(scene: Scene, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Player]:
    """A console in a scene, on a workspace of its own; `exit` does nothing."""
    with tempfile.TemporaryDirectory(prefix="opstui-anything-") as scratch, pytest.MonkeyPatch.context() as patch:
        shop = Path(scratch) / "shop"
        if scene.place == "empty":
            create_workspace(shop, lambda: NOON, owner="rina", name="Kopi Lereng").close()
        else:
            shutil.copytree(template(), shop)
        async with at_work(shop, patch, size) as page:
            await page.go_to(scene)
            page.look("the way there")
            yield page


@asynccontextmanager
async def at_work(shop: Path, patch: pytest.MonkeyPatch, size: tuple[int, int]) -> AsyncIterator[Player]:
    """A console on a workspace that may be changed."""
    patch.setattr(changes, "Watch", Deaf)
    mine, other = (open_workspace(shop, lambda: NOON) for _n in range(2))
    receipts = _recorded(mine, patch)
    app = Recorded(mine, Actor("rina", "owner"))
    patch.setattr(app, "exit", lambda *_a, **_k: None)
    try:
        async with app.run_test(size=size) as pilot:
            page = Player(app, pilot)
            page.begun, page.other, page.receipts = mine.store.seq, other, receipts
            await page.begin(size)
            yield page
    finally:
        app.session.close()
        other.close()
        mine.close()


def _recorded(workspace: Workspace, patch: pytest.MonkeyPatch) -> list[Receipt]:
    receipts: list[Receipt] = []
    submit = workspace.submit

    def recorded(*words: Any, **more: Any) -> Receipt:
        receipt = submit(*words, **more)
        receipts.append(receipt)
        return receipt

    patch.setattr(workspace, "submit", recorded)
    return receipts
