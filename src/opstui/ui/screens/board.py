"""The board screen: header, lanes, the pane on the right, the filter and the hint line, and what the keys do there.

It decides nothing. Keys become commands of the table; verbs plan changes; the desk says what is to be seen; others'
batches repaint only the lanes they touch. The open card is part of this screen: beside the lanes where there is room,
in their place where there is not, so that every key of a card works in both.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from opstui.domain.model import Refused
from opstui.i18n import _, ngettext
from opstui.store.protocol import StoreError
from opstui.ui.commands import COMMANDS, FILTER_HINTS, Place, bindings, hints
from opstui.ui.desk import Desk
from opstui.ui.dragging import tell_drag
from opstui.ui.live import Spaced, Watch
from opstui.ui.numbers import Figures, Numbers
from opstui.ui.screens.does import DOES
from opstui.ui.timelines import Timelines
from opstui.ui.typeahead import Typeahead
from opstui.ui.verbs import Verbs
from opstui.ui.views import dropped, fold, show_look
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.card_view import CardView
from opstui.ui.widgets.filter_line import FilterLine
from opstui.ui.widgets.header import Header
from opstui.ui.widgets.hint import Hint
from opstui.ui.widgets.kpi_pane import KpiPane, KpiStrip

if TYPE_CHECKING:
    from textual.events import DescendantFocus, Resize

    from opstui.domain.events import Batch
    from opstui.ui.session import Session

WIDE = 120
"""From here on the numbers stand beside the board, and an open card does."""
STRIP_FROM = 16
"""Lines from which a narrow terminal has one left for the numbers."""
MINUTE = 60
NUMBERS_EVERY = 10
"""Minutes after which the numbers are computed anew though nothing changed: a day may be over, and ages grow."""


class BoardScreen(Screen[None], inherit_bindings=False):
    """One session's boards."""

    AUTO_FOCUS = "Board"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, label, show=False) for keys, action, label in bindings()
    ]
    DEFAULT_CSS = """
    BoardScreen { layout: vertical; overflow: hidden; background: $background; color: $ink;
        & > #main { height: 1fr; }
        & CardView { display: none; width: 45%; min-width: 50; }
        & KpiPane, & FilterLine, & KpiStrip { display: none; }
        &.-over.-strip KpiStrip { display: block; }
        &.-over.-numbers KpiPane { width: 1fr; }
        &.-over.-numbers Board { display: none; }
        &.-numbers KpiPane, &.-card CardView, &.-filter FilterLine { display: block; }
        &.-card KpiPane { display: none; }
        &.-card.-over CardView { width: 1fr; min-width: 0; }
        &.-card.-over Board { display: none; }
    }
    """

    board: Board
    verbs: Verbs

    def __init__(self, session: Session, warnings: Sequence[str] = ()) -> None:
        """The screen of a session. `warnings` are told once the board is there."""
        super().__init__()
        self._warnings = warnings
        self.session = session
        self.desk = Desk(session)
        self.verbs = Verbs(session, self)
        self.timelines = Timelines(session.workspace, self.desk.formats)
        self.numbers = Numbers(session.workspace, self._spawn, self._figures)
        self.board = Board(self.desk.formats)
        self.desk.arranging.begin(self._spawn, self.show_board)
        self.card_view = CardView()
        self.pane = KpiPane(self.desk.formats)
        self.strip = KpiStrip(self.desk.formats)
        self.header = Header()
        self.hint = Hint()
        self.filter_line = FilterLine()
        self.desk.turn_to(session.workspace.settings.board(session.kept.now.board) or self.desk.board)
        self._cursors: dict[str, int | None] = {}
        self._numbers_beside, self._numbers_over = session.kept.now.numbers, False
        self.said = ("", "")
        """What was told last, and its tone."""
        self._watch: Watch | None = None
        self._minutes = 0

    def compose(self) -> ComposeResult:
        """Header, lanes with the pane beside them, filter, hints; arranged and filled before they are drawn."""
        self._arrange(*self.app.size)
        self.show_board()
        yield self.header
        with Horizontal(id="main"):
            yield self.board
            yield self.pane
            yield self.card_view
        yield self.strip
        yield self.filter_line
        yield self.hint

    def on_mount(self) -> None:
        """The board is there; numbers, watch and clock come after the first picture."""
        self.set_focus(self.board, scroll_visible=False)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.numbers.ask()
        if self._warnings:
            self.say("; ".join(self._warnings), "warning")
        self._spaced = Spaced(self._take_in)
        store: Any = self.session.workspace.store
        folder = getattr(store, "watch_path", None)
        if folder is not None:
            self._watch = Watch(folder, self._spaced.ask)
            loop = asyncio.get_running_loop()
            store.on_wait = lambda text: loop.call_soon_threadsafe(self.say, text, "working")
        self.set_interval(MINUTE, self._minute)

    def on_unmount(self) -> None:
        """Nothing goes on behind a closed screen."""
        self.numbers.close()
        if self._watch:
            self._watch.close()
            self._spaced.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Refused, StoreError) as no:
            self.say(str(no), "refused")

    # ------------------------------------------------------------------ what is seen

    def show_board(self) -> None:
        """Everything anew: another board, another filter, or too many changes to look at each."""
        show_look(self)
        self.board.show(self.desk.view(), self.desk.face)
        self._show_header()
        self._show_place()

    def _show_header(self) -> None:
        actor, settings = self.session.actor, self.session.workspace.settings
        clock = self.desk.formats.clock(self.desk.now)
        self.app.title = f"opstui · {self.desk.board.name} · {settings.name}"
        self.header.show(
            settings.name,
            self.desk.counts(),
            settings.boards.index(self.desk.board),
            f"{actor.name} · {actor.role.replace('_', ' ')}",
            clock,
        )

    def _show_place(self) -> None:
        typing = self.filter_line.has_focus_within
        self.hint.show(FILTER_HINTS if typing else hints(self.place()))

    def _minute(self) -> None:
        self._show_header()
        self._minutes += 1
        if self._minutes % NUMBERS_EVERY == 0:
            self.numbers.ask(own=False)

    def place(self) -> Place:
        """Where the cursor is, for the command table."""
        where = "card" if self.focused is self.card_view else "board"
        among = self.board.cursor_among if self.board.cursor_band is not None else ()
        return self.desk.place(
            self.desk.card(self.target), where=where, selected=len(self.board.selection), among=among
        )

    @property
    def target(self) -> int | None:
        """The card that keys are about: the open one when it has the focus or hides the board, else the cursor's."""
        opened = self.has_class("-card") and (self.has_class("-over") or self.focused is self.card_view)
        return self.card_view.card if opened else self.board.cursor_card

    def on_resize(self, event: Resize) -> None:
        """Decide anew what stands beside the board."""
        self._arrange(event.size.width, event.size.height)

    def _arrange(self, width: int, height: int) -> None:
        narrow = width < WIDE
        self.set_class(narrow, "-over")
        self.set_class(height >= STRIP_FROM, "-strip")
        self.set_class(self._numbers_over if narrow else self._numbers_beside, "-numbers")

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """The hints are those of the pane with the focus."""
        self._show_place()

    def on_board_cursor_moved(self, event: Board.CursorMoved) -> None:
        """An open card beside the board follows the cursor."""
        if self.has_class("-card") and event.card is not None and not self.has_class("-over"):
            self._show_card(event.card)
        self._show_place()

    def on_board_card_opened(self, event: Board.CardOpened) -> None:
        """Enter or a double click."""
        if self.has_class("-card"):
            self.card_view.focus()
        self._show_card(event.card)
        self.add_class("-card")
        if self.has_class("-over"):
            self.card_view.focus()

    def on_board_card_dropped(self, event: Board.CardDropped) -> None:
        """The mouse moved a card."""
        dropped(self, event)

    def on_board_card_dragged(self, event: Board.CardDragged) -> None:
        """A card is on its way with the mouse."""
        tell_drag(self, event)

    def on_board_band_chosen(self, event: Board.BandChosen) -> None:
        """The header of a swimlane was clicked."""
        fold(self, event.band)

    def _show_card(self, card: int | None) -> None:
        timeline = self.timelines.known(card)
        self.card_view.show(self.desk.detail(card), timeline)
        if card is not None and timeline is None:
            self._spawn(self._read_timeline(card))

    async def _read_timeline(self, card: int) -> None:
        await self.timelines.read(card)
        if self.card_view.card == card:
            self.card_view.show(self.desk.detail(card), self.timelines.known(card))

    def _figures(self, figures: Figures) -> None:
        self.pane.show(figures.tiles, figures.flow, figures.campaigns)
        self.strip.show(figures.tiles)

    # ------------------------------------------------------------------ changes

    def _take_in(self) -> bool:
        """Show what others did; says whether there was anything."""
        try:
            batches = self.session.news()
        except StoreError as damaged:
            self.say(str(damaged), "refused")
            return True
        if batches is None:
            self.timelines.forget()
            self.desk.arranging.forget()
            self.show_board()
            self._show_card(self.card_view.card)
        elif batches:
            self._repaint(batches)
        if batches != []:
            me = self.session.actor.name
            self.numbers.ask(own=batches is not None and any(batch.by == me for batch in batches))
        return batches != []

    def _repaint(self, batches: list[Batch]) -> None:
        touched = self.desk.touched(batches)
        self.timelines.apply(batches)
        self.board.forget(touched.cards)
        if self.desk.arranging.field(self.desk.board) is not None:
            self.board.show(self.desk.view(), self.desk.face)
        else:
            for stage in touched.stages:
                if (lane := self.desk.lane(stage)) is not None:
                    self.board.refresh_lane(stage, lane)
        if self.card_view.card in touched.cards:
            self._show_card(self.card_view.card)
        self._show_header()
        self._show_place()

    def settled(self, card: int | None) -> None:
        """One's own change is part of the state: show it, and keep the cursor on the card."""
        self._take_in()
        if card is not None:
            self.board.goto_card(card)
        self._show_place()

    def say(self, text: str, tone: str = "done") -> None:
        """Tell what happened, on the hint line, until the next key."""
        text = text.replace(f"{self.session.workspace.path}{os.sep}", "")
        self.said = (text, tone)
        self.hint.say(text, "refused" if tone == "warning" else tone)

    async def keep(self, **choice: Any) -> None:
        """Remember what the member chose about their console."""
        if why := await self.session.kept.keep(**choice):
            self.say(why, "refused")

    async def ask(self, screen: Screen[Any]) -> Any:
        """Show a dialog and wait for its answer. Keys held for it are its own as soon as it has the focus."""
        screen.call_after_refresh(self.ops.release)
        return await self.app.push_screen_wait(screen)

    # ------------------------------------------------------------------ keys

    def action_command(self, name: str) -> None:
        """A command of the table, or the reason why not.

        What was told before stays while a verb is at work: taking it away would be a picture of its own, and the one
        that shows the result would have to wait for the next frame.
        """
        self.said = ("", "")
        command = COMMANDS[name]
        if why := command.why_not(self.place()):
            self.say(_("{command}: {why}").format(command=command.label, why=why), "refused")
            return
        DOES[name](self)
        if not self.said[0] and not self.ops.holding:
            self.hint.hush()

    def for_card(self, verb: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        """Run a verb on the card that keys are about."""
        if (card := self.target) is not None:
            self.run(verb(card))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a verb; the next key waits until it is done or asks something."""
        self.ops.hold()
        self._spawn(self._released(work))

    async def _released(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            await self.ops.release()

    @property
    def ops(self) -> Typeahead:
        """The application, as the one who holds keys."""
        assert isinstance(self.app, Typeahead)
        return self.app

    @property
    def reading(self) -> bool:
        """Whether motion keys scroll the open card."""
        return self.focused is self.card_view

    def turn_to(self, number: int, query: str = "") -> None:
        """Another board, with the cursor where it was left there; a query filters it."""
        boards = self.session.workspace.settings.boards
        if number >= len(boards):
            self.say(_("there is no board {n}").format(n=number + 1), "refused")
            return
        self._cursors[self.desk.board.id] = self.board.cursor_card
        self._numbers_over = False
        self._arrange(*self.size)
        self.close_card()
        self.desk.turn_to(boards[number])
        self._spawn(self.keep(board=boards[number].id))
        self.set_filter(query)
        if (card := self._cursors.get(self.desk.board.id)) is not None:
            self.board.goto_card(card)

    def on_header_tab_chosen(self, event: Header.TabChosen) -> None:
        """A tab was clicked."""
        self.turn_to(event.number)

    def close_card(self) -> None:
        """Back to the board."""
        self.remove_class("-card")
        self.board.focus()

    def back(self) -> None:
        """Esc: close the card, else the numbers that cover the board, else clear the filter."""
        if self.has_class("-card"):
            self.close_card()
        elif self._numbers_over:
            self._numbers_over = False
            self._arrange(*self.size)
        elif self.desk.query:
            self.set_filter("")
        self.board.focus()

    def toggle_numbers(self) -> None:
        """Show or hide the pane; on a narrow terminal it takes the place of the board."""
        if self.has_class("-over"):
            self._numbers_over = not self._numbers_over
        else:
            self._numbers_beside = not self._numbers_beside
            self._spawn(self.keep(numbers=self._numbers_beside))
        self._arrange(*self.size)
        (self.pane if self._numbers_over and self.has_class("-over") else self.board).focus()

    def other_pane(self) -> None:
        """To the pane on the right, or back."""
        if self.focused is not self.board:
            self.board.focus()
        elif self.has_class("-card"):
            self.card_view.focus()
        elif self.has_class("-numbers"):
            self.pane.focus()

    # ------------------------------------------------------------------ the filter

    def open_filter(self) -> None:
        """Type a filter, or go on typing at the one there is."""
        self.add_class("-filter")
        self.filter_line.begin(self.desk.query)

    def set_filter(self, query: str) -> None:
        """Filter by a query that was not typed in the line; "" clears it."""
        self.set_class(bool(query), "-filter")
        self.filter_line.put(query)
        self._narrow(query)

    def _narrow(self, query: str) -> None:
        try:
            self.desk.narrow(query)
        except Refused as wrong:
            self.filter_line.tell(str(wrong), wrong=True)
            return
        view = self.desk.view()
        show_look(self)
        self.board.show(view, self.desk.face)
        self.filter_line.tell(ngettext("{n} card", "{n} cards", view.shown) if query else "")
        self._show_header()
        self._show_place()

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        """A letter was typed."""
        self._narrow(event.query)

    def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """Back to the board, with or without the filter."""
        self.set_filter("" if event.clear else self.desk.query)
        self.board.focus()

    def on_kpi_pane_tile_opened(self, event: KpiPane.TileOpened) -> None:
        """The cards behind a number."""
        boards = [board.id for board in self.session.workspace.settings.boards]
        if not event.query:
            self.say(_("no cards stand behind this number"), "refused")
        elif event.board in boards:
            self.turn_to(boards.index(event.board), event.query)
