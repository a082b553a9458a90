"""Turning from one board to another, with the cursor where it was left on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.ui.looking import find

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen


class Turning:
    """Which of its boards a board screen shows."""

    def __init__(self, screen: BoardScreen) -> None:
        """The board that was on show last time."""
        self._screen, self._desk = screen, screen.desk
        self._boards = screen.session.workspace.settings.boards
        self._cursors: dict[str, int | None] = {}
        settings, kept = screen.session.workspace.settings, screen.session.kept.now
        self._desk.turn_to(settings.board(kept.board) or self._desk.board)

    def to(self, number: int, query: str = "") -> None:
        """Another board; a query filters it."""
        screen, desk = self._screen, self._desk
        if number >= len(self._boards):
            screen.say(_("there is no board {n}").format(n=number + 1), "refused")
            return
        self._cursors[desk.board.id] = screen.board.cursor_card
        screen.panes.uncover_numbers()
        screen.panes.close_card()
        desk.turn_to(self._boards[number])
        screen.spawn(screen.keep(board=desk.board.id))
        screen.filtering.put(query)
        if (card := self._cursors.get(desk.board.id)) is not None:
            screen.board.goto_card(card)

    def behind_number(self, board: str, query: str) -> None:
        """The cards behind a number of the pane: a filter on their board, or found among all when it asks for these."""
        boards = [known.id for known in self._boards]
        if not query:
            self._screen.say(_("no cards stand behind this number"), "refused")
        elif query.startswith("board:"):
            self._desk.sought = query
            find(self._screen)
        elif board in boards:
            self.to(boards.index(board), query)
