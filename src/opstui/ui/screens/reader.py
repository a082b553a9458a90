"""A card to read and nothing more: what is in the archive is looked at before it is taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from opstui.i18n import _
from opstui.projections.detail import DetailView
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.card_view import CardView, Line
from opstui.ui.widgets.key_line import Button, KeyLine


class CardReader(Dialog[bool]):
    """Gives True when the card is to be restored."""

    AUTO_FOCUS = "CardView"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", show=False),
        Binding("r", "restore", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]
    DEFAULT_CSS = """
    CardReader { align: center middle; background: $background;
        & > .sheet { width: 90; max-width: 100%; height: 100%; background: $panel; }
        & CardView { width: 1fr; height: 1fr; }
        & KeyLine { padding: 0 2; }
    }
    """
    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 - declared so by Textual
    """Nothing can be seen beside it."""

    def __init__(self, view: DetailView, timeline: Callable[[], Awaitable[Sequence[Line] | None]]) -> None:
        """The card, and what reads its timeline."""
        super().__init__()
        self._view, self._timeline = view, timeline
        self._card = CardView()

    def compose(self) -> ComposeResult:
        """The card and the keys."""
        with Vertical(classes="sheet"):
            yield self._card
            yield KeyLine(Button("r", _("restore"), "restore"), Button(_("esc"), _("back"), "close"))

    def on_mount(self) -> None:
        """Show what is known; the timeline comes when it is read."""
        self._card.show(self._view, None)
        self.run_worker(self._read())

    async def _read(self) -> None:
        self._card.show(self._view, await self._timeline())

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self._card.scroll_relative(y=by, animate=False)

    def action_restore(self) -> None:
        """Take it back."""
        self.dismiss(result=True)

    def action_close(self) -> None:
        """Leave it where it is."""
        self.dismiss(result=False)
