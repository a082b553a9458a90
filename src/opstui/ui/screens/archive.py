"""The archive: what was put away, newest first, to be searched, read and taken back. Nothing is deleted here.

Which cards there are comes from the store's own list, so 100,000 open at once; a search runs in a thread, because a
filter may have to read every card. Rows are read when they are drawn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from opstui.domain.model import Doc, Refused
from opstui.i18n import _, ngettext
from opstui.projections.archive import ArchiveRow, archive_row, archived
from opstui.projections.filter import FilterContext, parse
from opstui.store.protocol import StoreError
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import fullest
from opstui.ui.restoring import restore
from opstui.ui.screens.reader import CardReader
from opstui.ui.widgets.archive_list import ArchiveList
from opstui.ui.widgets.listing import Listing
from opstui.ui.widgets.text_line import Line

if TYPE_CHECKING:
    from opstui.ui.live import News
    from opstui.ui.screens.board import BoardScreen

NARROW = 70
"""Cells below which there is no room for an example of a search."""


class ArchiveScreen(Screen[None], inherit_bindings=False):
    """The archived cards of one board, or of all."""

    AUTO_FOCUS = "ArchiveList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("q,A", "close", show=False),
        Binding("slash", "search", show=False),
        Binding("tab", "boards", show=False),
        Binding("space", "mark", show=False),
        Binding("asterisk", "mark_all", show=False),
        Binding("r", "restore", show=False),
        Binding("u", "undo", show=False),
        Binding("down", "leave_search", show=False),
    ]
    DEFAULT_CSS = """
    ArchiveScreen { layout: vertical; background: $panel; color: $ink;
        & > .title { height: 1; padding: 0 1; text-style: bold; }
        & > Input { height: 1; background: $lane; margin: 0 1; padding: 0 1; }
        & > Input:focus { background-tint: $foreground 0%; }
        & > ArchiveList { height: 1fr; margin-top: 1; }
        & > .keys { height: auto; max-height: 3; padding: 0 1; color: $muted; }
        & > .keys.-wrong { color: $warn; }
    }
    """

    def __init__(self, board: BoardScreen) -> None:
        """The archive behind a board screen, which does what changes something."""
        super().__init__()
        self._board, self._session = board, board.session
        self._all = False
        self._query, self._asked, self._wrong = "", 0, ""
        self.list = ArchiveList(self._row)
        """The cards that are found."""
        self._said = ""

    def compose(self) -> ComposeResult:
        """Title, search, cards, keys."""
        yield Static("", classes="title", markup=False)
        field = Line(
            placeholder=_("/ words, owner:me, total:>500000") if self.app.size.width >= NARROW else _("/ search"),
            compact=True,
            select_on_focus=False,
        )
        field.cursor_blink = False
        yield field
        yield self.list
        yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Look."""
        self._look()

    # ------------------------------------------------------------------ what is there

    def _look(self) -> None:
        """Look for the cards anew; what was typed meanwhile is what counts."""
        self._asked += 1
        self.run_worker(self._find(self._asked))

    async def _find(self, asked: int) -> None:
        settings, desk = self._session.workspace.settings, self._board.desk
        boards = [board.id for board in settings.boards] if self._all else [desk.board.id]
        context = FilterContext(
            today=desk.today,
            zone=settings.zone,
            me=self._session.actor.name,
            board=desk.board,
            now=desk.now,
            was=desk.workspace.was,
            bought=desk.workspace.bought,
            counted=desk.workspace.counted,
        )
        try:
            query = parse(self._query, context) if self._query.strip() else None
            state, loop = self._session.workspace.state, asyncio.get_running_loop()
            found, self._wrong = await loop.run_in_executor(None, archived, state, boards, query), ""
        except (Refused, StoreError) as no:
            found, self._wrong = self.list.cards, str(no)
        if asked == self._asked:
            self._show(found)

    def _show(self, found: Sequence[int]) -> None:
        self.list.empty = (
            _("nothing is found") if self._query.strip() else _("nothing was put away yet; x on the board does it")
        )
        self.list.show_cards(found)
        self._tell()

    def _tell(self) -> None:
        """Title and keys, or what has to be told instead of them."""
        where = _("all boards") if self._all else self._board.desk.board.name
        count = ngettext("{n} card", "{n} cards", len(self.list.cards))
        marks = (
            f" · {MARKS['marked']} " + ngettext("{n} marked", "{n} marked", len(self.list.marks))
            if self.list.marks
            else ""
        )
        self.query_one(".title", Static).update(Content(_("Archive · {where} · ").format(where=where) + count + marks))
        keys = self.query_one(".keys", Static)
        keys.set_class(bool(self._wrong), "-wrong")
        keys.update(Content(self._wrong or self._keys()))

    def _keys(self) -> str:
        other = _("this board") if self._all else _("all boards")
        ways: tuple[str, ...]
        undo = _("u undo   ") if self._session.steps.done else ""
        if self.list.cards:
            ways = (
                _("r restore   enter read   space mark   / search   tab {other}   {undo}esc back"),
                _("r restore   enter read   / search   esc back"),
                _("r restore  / search  esc back"),
            )
        elif self._query.strip():
            ways = (_("esc clears the search   tab {other}"), _("esc clears the search"), _("esc clear"))
        else:
            ways = (_("tab {other}   {undo}esc back"), _("tab {other}   esc back"), _("esc back"))
        lines = [self._said + way.format(other=other, undo=undo) for way in ways]
        return fullest(lines, self.size.width - 2) or self._said or lines[-1]

    def on_resize(self) -> None:
        """As many keys as fit."""
        self._tell()

    def on_news(self, _event: News) -> None:
        """Something was changed, here or by others."""
        self._look()

    def _row(self, card: int) -> ArchiveRow:
        doc, desk = self._doc(card), self._board.desk
        return archive_row(doc, self._session.workspace.settings.board(doc["board"]), desk.formats, desk.today)

    def _doc(self, card: int) -> Doc:
        gone = {"ref": "?", "title": _("the card is gone"), "stage": "", "board": "", "entered": "1970-01-01T00:00:00Z"}
        return self._session.workspace.state.get("cards", card) or gone

    # ------------------------------------------------------------------ keys

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types."""
        self._query = event.value
        self._look()

    def on_input_submitted(self) -> None:
        """Enter in the search: to the cards."""
        self.list.focus()

    def action_leave_search(self) -> None:
        """Down, from the search to the cards."""
        self.list.focus()

    def action_search(self) -> None:
        """Type what to look for."""
        self.query_one(Input).focus()

    def action_boards(self) -> None:
        """Cards of all boards, or of this one."""
        self._all = not self._all
        self._look()

    def action_mark(self) -> None:
        """Mark the card, or take its mark away, and go down."""
        self.list.toggle()
        self._tell()

    def action_mark_all(self) -> None:
        """Mark all that are found, or none."""
        self.list.toggle_all()
        self._tell()

    def action_back(self) -> None:
        """Esc: no marks, else no search, else back to the board."""
        self._said = ""
        if self.list.marks:
            self.list.mark(set())
            self._tell()
        elif self._query:
            self.query_one(Input).value = ""
            self.list.focus()
        else:
            self.dismiss()

    def action_close(self) -> None:
        """Back to the board."""
        self.dismiss()

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """Enter or a double click: read the card."""
        assert isinstance(event.key, int)
        self._board.run(self._read(event.key))

    def action_restore(self) -> None:
        """Take the marked cards back, or the one under the cursor."""
        self._board.run(self._restore(self.list.chosen))

    def action_undo(self) -> None:
        """Take back the last step of this session."""
        self._board.run(self._undo())

    # ------------------------------------------------------------------ doing

    async def _read(self, card: int) -> None:
        timelines, view = self._board.timelines, self._board.desk.detail(card)
        if view is None:
            self._say(_("its board is no longer in opstui.toml"), "refused")
            return

        async def timeline() -> Sequence[tuple[str, str, str, bool]] | None:
            await timelines.read(card)
            return timelines.known(card)

        if await self._board.ask(CardReader(view, timeline)):
            await self._restore([card])

    async def _restore(self, cards: list[int]) -> None:
        if not cards:
            return
        what = self._doc(cards[0])["ref"] if len(cards) == 1 else ngettext("{n} card", "{n} cards", len(cards))
        restored = await restore(self._session, cards, what)
        self.list.mark(restored.refused)
        self._board.settled(None)
        self._say(restored.told, restored.tone)

    async def _undo(self) -> None:
        await self._board.bulk.undo()
        self._say(*self._board.said)

    def _say(self, text: str, tone: str) -> None:
        self._said = f"{MARKS['late' if tone == 'refused' else 'marked']} {text}   "
        self._look()
