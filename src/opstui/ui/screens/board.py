"""The board screen: header, lanes, the pane on the right, the filter and the hint line, and what the keys do there.

It decides nothing. Keys become commands of the table; verbs plan changes; the desk says what is to be seen; others'
batches repaint only the lanes they touch. The open card is part of this screen: beside the lanes where there is room,
in their place where there is not, so that every key of a card works in both.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.store.protocol import StoreError
from opstui.ui.commands import COMMANDS, Place, bindings, hints
from opstui.ui.desk import Desk
from opstui.ui.live import Spaced, Watch
from opstui.ui.numbers import Numbers
from opstui.ui.story import Story
from opstui.ui.verbs import Verbs
from opstui.ui.widgets.board import Board
from opstui.ui.widgets.card_view import CardView
from opstui.ui.widgets.filter_line import FilterLine
from opstui.ui.widgets.header import Header
from opstui.ui.widgets.hint import Hint
from opstui.ui.widgets.kpi_pane import KpiPane

if TYPE_CHECKING:
    from textual.events import Resize

    from opstui.domain.events import Batch
    from opstui.ui.session import Session

WIDE = 120
"""From here on the numbers stand beside the board, and an open card does."""


class BoardScreen(Screen[None], inherit_bindings=False):
    """One session's board."""

    AUTO_FOCUS = "Board"
    BINDINGS: ClassVar[list[BindingType]] = [Binding(keys, action, label, show=False) for keys, action, label in bindings()]
    DEFAULT_CSS = """
    BoardScreen { layout: vertical;
        & > #main { height: 1fr; }
        & CardView { display: none; width: 45%; min-width: 50; }
        & KpiPane { display: none; }
        &.-wide.-numbers KpiPane { display: block; }
        &.-card CardView { display: block; }
        &.-card KpiPane { display: none; }
        &.-card.-over CardView { width: 1fr; min-width: 0; }
        &.-card.-over Board { display: none; }
        & FilterLine { display: none; }
        &.-filter FilterLine { display: block; }
    }
    """

    def __init__(self, session: Session) -> None:
        """The screen of a session."""
        super().__init__()
        self.session = session
        self.desk = Desk(session)
        self.verbs = Verbs(session, self)
        self.story = Story(session.workspace, self.desk.formats)
        self.numbers = Numbers(session.workspace)
        self.board = Board(self.desk.formats)
        self._cursors: dict[str, int] = {}
        self._open: int | None = None
        self._said: tuple[str, str] = ("", "")
        self._watch: Watch | None = None
        self._spaced: Spaced | None = None
