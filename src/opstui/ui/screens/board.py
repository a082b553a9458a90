"""The board screen: header, lanes, the pane on the right, the filter and the hint line, and what the keys do there.

It decides nothing. Keys become commands of the table; verbs plan changes; the desk says what is to be seen; others'
batches repaint only the lanes they touch. The open card is part of this screen: beside the lanes where there is room,
in their place where there is not, so that every key of a card works in both.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Horizontal
from textual.screen import Screen

from opstui.domain.model import Refused
from opstui.i18n import _, ngettext
from opstui.store.protocol import StoreError
from opstui.ui.bulk import Bulk
from opstui.ui.commands import COMMANDS, KeyCommand, Place, bindings, filter_hints, hints
from opstui.ui.desk import Desk
from opstui.ui.dragging import tell_drag
from opstui.ui.live import News, Spaced, Watch
from opstui.ui.many import take_pasted
from opstui.ui.numbers import Figures, Numbers
from opstui.ui.screens.does import DOES
from opstui.ui.screens.layer import Layer
from opstui.ui.seeking import Seeking
from opstui.ui.timelines import Timelines
from opstui.ui.typeahead import Typeahead
from opstui.ui.verbs import Verbs
from opstui.ui.views import dropped, fold, show_look
from opstui.ui.welcome import guide, welcome
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.card_view import CardView
from opstui.ui.widgets.filter_line import FilterLine
from opstui.ui.widgets.header import Header
from opstui.ui.widgets.hint import Hint
from opstui.ui.widgets.kpi_pane import KpiPane, KpiStrip

if TYPE_CHECKING:
    from textual.events import DescendantFocus, Paste, Resize

    from opstui.domain.events import Batch
    from opstui.projections.board import BoardView
    from opstui.ui.screens.jump import Jump
    from opstui.ui.screens.tour import Tour
    from opstui.ui.session import Session

WIDE = 120
"""From here on the numbers stand beside the board, and an open card does."""
STRIP_FROM = 16
"""Lines from which a narrow terminal has one left for the numbers."""
MINUTE = 60
NUMBERS_EVERY = 10
"""Minutes after which the numbers are computed anew though nothing changed: a day may be over, and ages grow."""


class BoardScreen(Layer[None], inherit_bindings=False):
    """One session's boards."""

    AUTO_FOCUS = "Board"
    DEFAULT_CSS = """
    BoardScreen { layout: vertical; overflow: hidden; layers: default over; background: $background; color: $ink;
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

    def __init__(
        self,
        session: Session,
        warnings: Sequence[str] = (),
        commands: Mapping[str, KeyCommand] = COMMANDS,
        greeting: str = "",
    ) -> None:
        """The screen of a session. `warnings`, or else the greeting, are told once the board is there.

        `commands` have the person's keys.
        """
        super().__init__()
        self._warnings, self._greeting = warnings, greeting
        self.wear_keys(commands)
        self.session = session
        self.desk = Desk(session)
        self.verbs = Verbs(session, self)
        self.timelines = Timelines(session.workspace, self.desk.formats)
        self.numbers = Numbers(session.workspace, self._spawn, self._figures)
        self.seeking = Seeking(session.workspace.store, self._spawn, self.desk.view_aside, self._show_found)
        self.board = Board(self.desk.formats)
        self.desk.arranging.begin(self._spawn, self.show_board)
        self.bulk = Bulk(session, self, self.verbs)
        self.card_view = CardView()
        self.pane = KpiPane(self.desk.formats)
        self.strip = KpiStrip(self.desk.formats)
        self.header = Header()
        self.hint = Hint()
        self.filter_line = FilterLine(self.desk.offer)
        self.desk.turn_to(session.workspace.settings.board(session.kept.now.board) or self.desk.board)
        self._cursors: dict[str, int | None] = {}
        self._numbers_beside, self._numbers_over = session.kept.now.numbers, False
        self.said = ("", "")
        """What was told last, and its tone."""
        self.jump: Jump | None = None
        """Jump mode, while it lasts."""
        self.tour: Tour | None = None
        """The guided tour, while it lasts."""
        self._newest: object = None
        self._watch: Watch | None = None
        self._minutes = 0

    def wear_keys(self, commands: Mapping[str, KeyCommand]) -> None:
        """Take these commands, with the keys they have, from now on."""
        self.commands = commands
        self._bindings = BindingsMap(
            Binding(keys, action, label, show=False) for keys, action, label in bindings(commands)
        )

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
        else:
            self._welcome()
        self._spaced = Spaced(self._take_in)
        store: Any = self.session.workspace.store
        folder = getattr(store, "watch_path", None)
        if folder is not None:
            self._watch = Watch(folder, self._spaced.ask)
            loop = asyncio.get_running_loop()
            store.on_wait = lambda text: loop.call_soon_threadsafe(self.say, text, "working")
        self.set_interval(MINUTE, self._minute)

    def _welcome(self) -> None:
        kept = self.session.kept
        hello, complete = welcome(self._greeting, told=kept.now.greeted or not kept.lasting)
        if hello:
            self.say(hello)
        if complete:
            self._spawn(self.keep(greeted=True))

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
        self.board.guide = guide(self.desk.board.kind, self.session.actor, self.key)
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
        if self.jump:
            self.hint.show(self.jump.hints, ())
            return
        typing, table, standing = self.filter_line.has_focus_within, self.commands, self.bulk.standing()
        last = (self.key("palette"), self.key("help"))
        self.hint.show(filter_hints(table) if typing else hints(self.place(), table), last, standing)

    def _minute(self) -> None:
        self._show_header()
        if self.desk.stale:
            self._narrow(self.desk.query)
        self._minutes += 1
        if self._minutes % NUMBERS_EVERY == 0:
            self.numbers.ask(own=False)

    def place(self) -> Place:
        """Where the cursor is, for the command table."""
        where = "card" if self.focused is self.card_view else "board"
        among = self.board.cursor_among if self.board.cursor_band is not None else ()
        return self.desk.place(self.desk.card(self.target), where=where, selected=self.marked, among=among)

    @property
    def target(self) -> int | None:
        """The card that keys are about: the open one when it has the focus or hides the board, else the cursor's."""
        return self.card_view.card if self._opened else self.board.cursor_card

    @property
    def _opened(self) -> bool:
        return self.has_class("-card") and (self.has_class("-over") or self.focused is self.card_view)

    @property
    def marked(self) -> int:
        """How many cards keys are about because they are marked; none while an open card has the keys."""
        return 0 if self._opened else len(self.board.selection)

    def on_resize(self, event: Resize) -> None:
        """Decide anew what stands beside the board."""
        self._arrange(event.size.width, event.size.height)

    def _arrange(self, width: int, height: int) -> None:
        narrow = width < WIDE
        self.set_class(narrow, "-over")
        self.set_class(height >= STRIP_FROM, "-strip")
        self.set_class(self._numbers_over if narrow else self._numbers_beside, "-numbers")

    def set_jump(self, jump: Jump | None) -> None:
        """Begin, go on with or end jump mode; the hint line is the jump's meanwhile."""
        self.jump = jump
        self._show_place()

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """The hints are those of the pane with the focus."""
        if self.jump and self.focused is not self.board:
            self.jump.end()
        self._show_place()

    def on_board_cursor_moved(self, event: Board.CursorMoved) -> None:
        """An open card beside the board follows the cursor."""
        if self.jump:
            self.jump.end()  # it was the mouse
        if self.has_class("-card") and event.card is not None and not self.has_class("-over"):
            self._show_card(event.card)
        self._show_place()

    def on_board_card_opened(self, event: Board.CardOpened) -> None:
        """Enter or a double click."""
        self.open_card(event.card)

    def open_card(self, card: int) -> None:
        """Show a card, of whatever board; one that is open already gets the focus."""
        if self.has_class("-card"):
            self.card_view.focus()
        self._show_card(card)
        self.add_class("-card")
        if self.has_class("-over"):
            self.card_view.focus()

    def on_board_card_dropped(self, event: Board.CardDropped) -> None:
        """The mouse moved a card."""
        stage = self.desk.board.stage(event.stage)
        if stage is not None and event.card in self.board.selection:
            self.run(self.bulk.move_to(stage, event.before))
        else:
            dropped(self, event)

    def on_board_card_dragged(self, event: Board.CardDragged) -> None:
        """A card is on its way with the mouse."""
        tell_drag(self, event)

    def on_board_band_chosen(self, event: Board.BandChosen) -> None:
        """The header of a swimlane was clicked."""
        fold(self, event.band)

    def on_paste(self, event: Paste) -> None:
        """Lines from elsewhere become cards; a field that has the focus takes them for itself."""
        event.stop()
        self.app.call_later(self._take_pasted, event)  # keys struck before it are still on their way there

    def _take_pasted(self, event: Paste) -> None:
        if not self.ops.keep(event):
            take_pasted(self, event.text)

    def on_marking_marked(self) -> None:
        """Other cards are marked."""
        self._show_place()

    def on_card_view_check_clicked(self, event: CardView.CheckClicked) -> None:
        """The mouse ticks an item of the checklist."""
        self.run(self.verbs.tick(event.card, event.item))

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
        if batches != []:
            self.bulk.settle()
            self._tell_above(batches)
        if batches is None:
            self.timelines.forget()
            self.desk.arranging.forget()
            if not self._narrow(self.desk.query):
                self.show_board()
            self._show_card(self.card_view.card)
        elif batches:
            self._repaint(batches)
        if batches != []:
            me = self.session.actor.name
            self.numbers.ask(own=batches is not None and any(batch.by == me for batch in batches))
        return batches != []

    def _tell_above(self, batches: list[Batch] | None) -> None:
        """What lies over the board shows what was changed too."""
        events = (event for batch in batches or () for event in batch.events)
        cards = frozenset(event.id for event in events if event.table == "cards")
        for screen in self.app.screen_stack[1:]:
            screen.post_message(News(None if batches is None else cards))

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

    def key(self, command: str) -> str:
        """The key a command has, for telling people; without one, the palette's, where its name finds it."""
        return (self.commands[command].show or self.commands["palette"].show).split()[0]

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
        name = self.bulk.instead(name, self.said[0])
        self.said = ("", "")
        if self.jump:
            self.jump.end()
        command = self.commands[name]
        if self.tour and self.tour.takes(name):
            return
        if why := command.why_not(self.place()):
            self.say(_("{command}: {why}").format(command=command.label, why=why), "refused")
            return
        DOES[name](self)
        if self.tour:
            self.tour.done(name)
        if not self.said[0] and not self.ops.holding:
            self.hint.hush()

    def for_card(self, verb: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        """Run a verb on the card that keys are about."""
        if (card := self.target) is not None:
            self.run(verb(card))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a verb; the next key waits until it is done or asks something."""
        self.ops.hold()
        self._newest = work
        self._spawn(self._released(work))

    async def _released(self, work: Coroutine[Any, Any, None]) -> None:
        """A verb that has begun another one leaves the keys to that."""
        try:
            await work
        finally:
            if self._newest is work:
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

    def on_tour_card_clicked(self) -> None:
        """As good as enter."""
        if self.tour:
            self.tour.go_on()

    def on_header_tab_chosen(self, event: Header.TabChosen) -> None:
        """A tab was clicked."""
        self.turn_to(event.number)

    def close_card(self) -> None:
        """Back to the board."""
        self.remove_class("-card")
        self.board.focus()

    def uncover(self) -> bool:
        """Back to the board. What stands in its place on a narrow terminal is closed; says whether there was that."""
        covered = self.has_class("-over") and (self.has_class("-card") or self.has_class("-numbers"))
        if covered:
            self.remove_class("-card")
            self._numbers_over = False
            self._arrange(*self.size)
        self.set_focus(self.board)
        return covered

    async def drawn(self) -> None:
        """Wait until what was changed stands on the screen."""
        done = asyncio.Event()
        self.call_after_refresh(done.set)
        await done.wait()

    def back(self) -> None:
        """Esc: close the card, else the numbers that cover the board, else clear the filter."""
        if self.has_class("-card"):
            self.close_card()
        elif self._numbers_over:
            self._numbers_over = False
            self._arrange(*self.size)
        elif self.board.selection:
            self.board.clear_marks()
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

    def set_filter(self, query: str, title: str = "") -> None:
        """Filter by a query that was not typed in the line; "" clears it. `title`: the name it was saved under."""
        self.desk.title = title
        self.set_class(bool(query), "-filter")
        self.filter_line.put(query)
        self._narrow(query)

    def _narrow(self, query: str) -> bool:
        """Filter from now on; says whether the query could be read."""
        try:
            self.desk.narrow(query)
        except Refused as wrong:
            options = "  ".join(self.desk.offer(query).options)
            self.filter_line.tell(options or str(wrong), wrong=not options)
            return False
        self.seeking.begin(self.desk.search)
        show_look(self)
        self.board.guide = guide(self.desk.board.kind, self.session.actor, self.key)
        self._show_found(self.desk.view())
        self._show_header()
        self._show_place()
        return True

    def _show_found(self, view: BoardView) -> None:
        """What the filter lets through, as far as it is known."""
        search = self.desk.search
        self.board.show(view, self.desk.face)
        text = ngettext("{n} card", "{n} cards", view.shown) if search else ""
        text = f"{self.desk.title} · {text}" if search and self.desk.title else text
        self.filter_line.tell(_("{cards} so far").format(cards=text) if search and not search.settled else text)

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        """A letter was typed."""
        self.desk.title = ""
        self._narrow(event.query)

    def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """Back to the board, with or without the filter."""
        self.filter_line.remember(self.desk.query)
        self.set_filter("" if event.clear else self.desk.query, self.desk.title)
        self.board.focus()

    def on_kpi_pane_tile_opened(self, event: KpiPane.TileOpened) -> None:
        """The cards behind a number."""
        boards = [board.id for board in self.session.workspace.settings.boards]
        if not event.query:
            self.say(_("no cards stand behind this number"), "refused")
        elif event.board in boards:
            self.turn_to(boards.index(event.board), event.query)
