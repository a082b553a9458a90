"""The filter of the board screen: typed in its line or put there, and what it lets through as far as it is known."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from opstui.domain.model import Refused
from opstui.i18n import _, ngettext
from opstui.ui.frame import dress, show_header, show_place
from opstui.ui.seeking import Seeking
from opstui.ui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from opstui.projections.board import BoardView
    from opstui.projections.filter_typing import SoFar
    from opstui.ui.screens.board import BoardScreen


class Filtering:
    """The filter of a board screen."""

    def __init__(self, screen: BoardScreen) -> None:
        """Nothing is filtered yet."""
        self._screen, self._desk = screen, screen.desk
        self.line = FilterLine(screen.desk.offer)
        self.seeking = Seeking(screen.session.workspace.store, screen.spawn, self._view_aside, self._show_late)
        self._needs = ""
        """What a word that is only begun still needs; told in place of the count."""
        self._typed: SoFar | None = None

    @property
    def typing(self) -> bool:
        """Whether keys are letters of it."""
        return self.line.has_focus_within

    def open(self) -> None:
        """Type a filter, or go on typing at the one there is."""
        self._screen.add_class("-filter")
        self.line.begin(self._desk.query)

    def put(self, query: str, title: str = "") -> None:
        """Filter by a query that was not typed in the line; "" clears it. `title`: the name it was saved under."""
        self._desk.title, self._needs, self._typed = title, "", None
        self._screen.set_class(bool(query), "-filter")
        self.line.put(query)
        self.narrow(query)

    def type(self, query: str) -> None:
        """A letter was typed; a last word that is only begun does not filter yet."""
        from opstui.projections.filter_typing import so_far  # noqa: PLC0415 - no filter, no cost

        self._desk.title = ""
        self._typed = so_far(query, self._desk.offer(query).options)
        self._needs = self._typed.needs
        self.narrow(self._typed.ready)

    def leave(self, *, clear: bool) -> None:
        """Back to the board, without the filter or with it as it stands; one that cannot be read is typed on."""
        self._needs, self._typed = "", None
        if not clear and self.line.text != self._desk.query and not self.narrow(self.line.text, final=True):
            return
        self.line.remember(self._desk.query)
        self.put("" if clear else self._desk.query, self._desk.title)
        self._screen.board.focus()

    def again(self) -> bool:
        """Read the same query anew: what it means may be something else now. Says whether it could be read."""
        return self.narrow(self._desk.query)

    def narrow(self, query: str, *, final: bool = False) -> bool:
        """Filter from now on; says whether the query could be read. `final`: nothing more is typed."""
        try:
            self._desk.narrow(query)
        except Refused as wrong:
            options = "" if final else "  ".join(self._desk.offer(query).options)
            self.line.tell(options or str(wrong), wrong=not options)
            return False
        self.seeking.begin(self._desk.search)
        dress(self._screen)
        self._show(self._desk.view())
        show_header(self._screen)
        show_place(self._screen)
        return True

    def renew(self) -> None:
        """The board is looked at in another way: show the same cards so; made in a thread, for there may be many."""
        if self._desk.search is None:
            self._screen.show_board()
        else:
            self._screen.spawn(self._renew())

    async def _renew(self) -> None:
        self._show_late(await asyncio.to_thread(self._view_aside))

    def _view_aside(self) -> tuple[tuple[object, ...], BoardView]:
        """In a thread: a picture of what was found, and what it was made by. It only reads."""
        return self._made_by, self._desk.view_aside()

    @property
    def _made_by(self) -> tuple[object, ...]:
        session = self._screen.session
        return self._desk.search, session.workspace.store.seq, session.kept.now, self._desk.arranging.busy

    def _show_late(self, made: tuple[tuple[object, ...], BoardView]) -> None:
        """What a thread made; made once more where something has changed meanwhile."""
        made_by, view = made
        if made_by == self._made_by:
            self._show(view)
        else:
            self.renew()

    def _show(self, view: BoardView) -> None:
        """What the filter lets through, as far as it is known."""
        search, typed = self._desk.search, self._typed
        if typed and typed.spare is not None and search and search.settled and not view.shown:
            self._typed, self._needs = None, typed.unless
            self.narrow(typed.spare)
            return
        self._screen.board.show(view, self._desk.face)
        text = ngettext("{n} card", "{n} cards", view.shown) if search else ""
        text = f"{self._desk.title} · {text}" if search and self._desk.title else text
        self.line.tell(
            self._needs or (_("{cards} so far").format(cards=text) if search and not search.settled else text)
        )
