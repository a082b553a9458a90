"""The board screen: header, lanes, the pane on the right, the filter and the hint line, and who does what there.

It decides nothing, and does little itself. Keys become commands of the table (`doing`); verbs plan changes; the desk
says what is to be seen; others' batches repaint only the lanes they touch (`changes`). The open card is part of this
screen (`panes`): beside the lanes where there is room, in their place where there is not, so that every key of a card
works in both. What its widgets tell arrives here, and is handed to whose business it is.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Horizontal

from opstui.ui.breaching import SOON, Breaching
from opstui.ui.bulk import Bulk
from opstui.ui.changes import Changes
from opstui.ui.commands import COMMANDS, KeyCommand, Place
from opstui.ui.desk import Desk
from opstui.ui.doing import do, do_together, steps
from opstui.ui.dragging import drop, tell_drag
from opstui.ui.filtering import Filtering
from opstui.ui.frame import doubt_currency, dress, greet, show_header, show_place
from opstui.ui.many import take_pasted
from opstui.ui.numbers import Figures, Numbers
from opstui.ui.pane_order import show_figures
from opstui.ui.panes import Panes
from opstui.ui.screens.host import HostScreen
from opstui.ui.timelines import Timelines
from opstui.ui.turning import Turning
from opstui.ui.verbs import Verbs
from opstui.ui.views import fold
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.card_view import CardView
from opstui.ui.widgets.filter_line import FilterLine
from opstui.ui.widgets.header import Header
from opstui.ui.widgets.kpi_pane import KpiPane
from opstui.ui.widgets.kpi_strip import KpiStrip

if TYPE_CHECKING:
    from textual.events import Key, Paste, Resize

    from opstui.ui.screens.figures import Seat
    from opstui.ui.screens.jump import Jump
    from opstui.ui.screens.tour import Tour
    from opstui.ui.session import Session


class BoardScreen(HostScreen, inherit_bindings=False):
    """One session's boards."""

    AUTO_FOCUS = "Board"
    DEFAULT_CSS = """
    BoardScreen { layout: vertical; overflow: hidden; layers: default over; background: $background; color: $ink;
        & > #main { height: 1fr; }
        & CardView { display: none; width: 45%; min-width: 50; }
        & KpiPane, & FilterLine, & KpiStrip { display: none; }
        &.-over.-strip KpiStrip { display: block; }
        &.-over.-numbers KpiPane { width: 1fr; }
        &.-over.-numbers KpiStrip { display: none; }
        &.-over.-numbers.-card.-strip KpiStrip { display: block; }
        &.-over.-numbers Board { display: none; }
        &.-numbers KpiPane, &.-card CardView, &.-filter FilterLine { display: block; }
        &.-card KpiPane { display: none; }
        &.-card.-over CardView { width: 1fr; min-width: 0; }
        &.-card.-over Board { display: none; }
    }
    """

    board: Board
    panes: Panes
    filtering: Filtering
    verbs: Verbs
    bulk: Bulk

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
        super().__init__(session, commands)
        self._warnings, self._greeting = warnings, greeting
        self.jump: Jump | None = None
        """Jump mode, while it lasts."""
        self.tour: Tour | None = None
        """The guided tour, while it lasts."""
        self.seat: Seat | None = None
        """Where one sat on the pages of numbers last."""
        self.figures: Figures | None = None
        """What the pane shows."""
        self.desk = Desk(session)
        self._make_widgets()
        self._share_work()

    def _make_widgets(self) -> None:
        formats = self.desk.formats
        self.header = Header()
        self.board, self.card_view = Board(formats), CardView()
        self.pane, self.strip = KpiPane(formats), KpiStrip(formats)

    def _share_work(self) -> None:
        """Make those who do what there is to do here."""
        session, workspace = self.session, self.session.workspace
        self.verbs = Verbs(session, self)
        self.bulk = Bulk(session, self, self.verbs)
        self.timelines = Timelines(workspace, self.desk.formats)
        self.numbers = Numbers(workspace, self.spawn, self._show_figures)
        self.panes, self.changes = Panes(self), Changes(self)
        self.breaching = Breaching(self)
        self.filtering = Filtering(self)
        self.turning = Turning(self)
        self.desk.arranging.begin(self.spawn, self.filtering.renew)

    def compose(self) -> ComposeResult:
        """Header, lanes with the pane beside them, filter, hints; arranged and filled before they are drawn."""
        self.panes.arrange(*self.app.size)
        self.show_board()
        yield self.header
        with Horizontal(id="main"):
            yield self.board
            yield self.pane
            yield self.card_view
        yield self.strip
        yield self.filtering.line
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
            greet(self, self._greeting)
        self.spawn(doubt_currency(self))
        self.changes.begin()
        self.set_timer(SOON, lambda: self.breaching.look(again=True))

    def on_unmount(self) -> None:
        """Nothing goes on behind a closed screen."""
        self.numbers.close()
        self.changes.close()

    # ------------------------------------------------------------------ where one is

    def show_board(self) -> None:
        """Everything anew: another board, another filter, or too many changes to look at each."""
        dress(self)
        self.board.show(self.desk.view(), self.desk.face)
        show_header(self)
        show_place(self)

    def place(self) -> Place:
        """Where the cursor is, for the command table."""
        where = "card" if self.focused is self.card_view else "board"
        among = self.board.cursor_among if self.board.cursor_band is not None else ()
        place = self.desk.place(self.desk.card(self.target), where=where, selected=self.marked, among=among)
        return replace(place, covered=True) if self.panes.numbers_over else place

    @property
    def target(self) -> int | None:
        """The card that keys are about: the open one when it has the focus or hides the board, else the cursor's.

        Where the numbers hide the board there is none.
        """
        if self.panes.numbers_over:
            return None
        return self.card_view.card if self.panes.reading else self.board.cursor_card

    @property
    def marked(self) -> int:
        """How many cards keys are about because they are marked; none while an open card has the keys."""
        return 0 if self.panes.reading or self.panes.numbers_over else len(self.board.selection)

    @property
    def reading(self) -> bool:
        """Whether motion keys scroll the open card."""
        return self.panes.reading

    def set_jump(self, jump: Jump | None) -> None:
        """Begin, go on with or end jump mode; the hint line is the jump's meanwhile."""
        self.jump = jump
        show_place(self)

    # ------------------------------------------------------------------ what verbs and dialogs ask of it

    def settled(self, card: int | None) -> None:
        """One's own change is part of the state: show it, and keep the cursor on the card."""
        self.changes.take_in()
        if card is not None:
            self.board.goto_card(card)
        show_place(self)

    def for_card(self, verb: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        """Run a verb on the card that keys are about."""
        if (card := self.target) is not None:
            self.run(verb(card))

    # ------------------------------------------------------------------ what its widgets tell

    def action_command(self, name: str) -> None:
        """A key of the table was struck."""
        do(self, name)

    def steps(self, key: Key) -> bool:
        """Whether a key moves the cursor and does nothing else."""
        return bool(steps(self, (key,)))

    def stride(self, keys: Iterable[Key]) -> int:
        """Several keys were struck faster than one could be shown; those that move the cursor are one."""
        return do_together(self, keys)

    def on_resize(self, event: Resize) -> None:
        """Decide anew what stands beside the board."""
        self.panes.arrange(event.size.width, event.size.height)
        self.panes.in_sight()

    def on_screen_suspend(self) -> None:
        """Something lies over the board: its keys do not work now."""
        show_place(self)

    def on_screen_resume(self) -> None:
        """They do again."""
        show_place(self)

    def on_descendant_focus(self) -> None:
        """The hints are those of the pane with the focus."""
        if self.jump and self.focused is not self.board:
            self.jump.end()
        self.panes.in_sight()
        show_place(self)

    def on_board_cursor_moved(self, event: Board.CursorMoved) -> None:
        """An open card beside the board follows the cursor."""
        if self.jump:
            self.jump.end()  # it was the mouse
        self.panes.follow(event.card)
        show_place(self)

    def on_board_card_opened(self, event: Board.CardOpened) -> None:
        """Enter or a double click."""
        self.panes.open_card(event.card)

    def on_board_card_dropped(self, event: Board.CardDropped) -> None:
        """The mouse moved a card."""
        drop(self, event)

    def on_board_card_dragged(self, event: Board.CardDragged) -> None:
        """A card is on its way with the mouse."""
        tell_drag(self, event)

    def on_board_band_chosen(self, event: Board.BandChosen) -> None:
        """The header of a swimlane was clicked."""
        fold(self, event.band)

    def on_marking_marked(self) -> None:
        """Other cards are marked."""
        show_place(self)

    def on_card_view_check_clicked(self, event: CardView.CheckClicked) -> None:
        """The mouse ticks an item of the checklist."""
        self.run(self.verbs.tick(event.card, event.item))

    def on_paste(self, event: Paste) -> None:
        """Lines from elsewhere become cards; a field that has the focus takes them for itself."""
        event.stop()
        take_pasted(self, event.text)

    def on_tour_card_clicked(self) -> None:
        """As good as enter."""
        if self.tour:
            self.tour.go_on()

    def on_header_tab_chosen(self, event: Header.TabChosen) -> None:
        """A tab was clicked."""
        self.turning.to(event.number)

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        """A letter was typed."""
        self.filtering.type(event.query)

    def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """Back to the board, with or without the filter."""
        self.filtering.leave(clear=event.clear)

    def on_kpi_pane_tile_opened(self, event: KpiPane.TileOpened) -> None:
        """The cards behind a number."""
        self.turning.behind_number(event.board, event.query)

    def on_kpi_pane_page_chosen(self, event: KpiPane.PageChosen) -> None:
        """A page of numbers, named at the foot of the pane."""
        do(self, event.command)

    def _show_figures(self, figures: Figures) -> None:
        self.figures = figures
        show_figures(self)
