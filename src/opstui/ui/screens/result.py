"""What the last bulk action came to, card by card: the refused ones first, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.domain.model import Doc
from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.entries import Entry, Section, Span
from opstui.ui.widgets.listing import Listing

if TYPE_CHECKING:
    from opstui.ui.each import Outcome

BEFORE = 14
"""Cells of a row before the reason."""
AROUND = 6
"""Lines of title, reason and keys at most."""
AIRY = 24
"""Lines from which there is air around them."""


class ResultScreen(Dialog[int]):
    """Gives the card whose row was taken, to go to it; 0 when the person closed the list."""

    AUTO_FOCUS = "Listing"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", _("close")),
    ]
    DEFAULT_CSS = """
    ResultScreen { align: center middle; background: transparent;
        & > .sheet { width: 100; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & > .sheet.-airy { padding: 1 2; }
        & .title { text-style: bold; height: auto; max-height: 3; }
        & .why { color: $late; height: 2; }
        & .keys { color: $muted; height: 1; }
        & Listing { height: auto; max-height: 1fr; }
    }
    """

    def __init__(self, outcome: Outcome, card: Callable[[int], Doc | None]) -> None:
        """`card` gives a card's document by its id."""
        super().__init__()
        counts = _("{done} done, {refused} refused").format(done=len(outcome.done), refused=len(outcome.refused))
        self._title, self._card = f"{outcome.told.partition(' · ')[0]} · {counts}", card
        self._why: dict[Hashable, str] = dict(outcome.refused)
        self._done = outcome.done
        self._list = Listing(self._entry)

    def compose(self) -> ComposeResult:
        """What was told, the cards, keys."""
        with Vertical(classes="sheet"):
            yield Static(Content(self._title), classes="title")
            yield self._list
            yield Static("", classes="why", markup=False)
            yield Static(Content(_("enter go to the card   esc close   refused cards stay marked")), classes="keys")

    def on_resize(self) -> None:
        """Title, reason and keys stay on the screen; the list scrolls between them."""
        airy = self.size.height >= AIRY
        self.query_one(".sheet").set_class(airy, "-airy")
        self._list.styles.max_height = max(1, self.size.height - AROUND - 2 * airy)

    def on_mount(self) -> None:
        """The refused first."""
        self._list.show([Section(_("Refused"), tuple(self._why)), Section(_("Done"), self._done)])

    def _entry(self, key: Hashable) -> Entry:
        assert isinstance(key, int)
        why, doc = self._why.get(key, ""), self._card(key) or {}
        mark = Span(f"{MARKS['bad']} ", "late") if why else Span(f"{MARKS['good']} ", "ok")
        said = why or doc.get("customer") or doc.get("title") or ""
        return Entry(((mark, Span(f"{doc.get('ref', '?')}  ", "muted"), Span(said)),))

    def on_listing_pointed(self, event: Listing.Pointed) -> None:
        """The whole reason, where its row has room for its beginning only."""
        why = self._why.get(event.key, "")
        fits = cells(why) <= self._list.size.width - BEFORE
        self.query_one(".why", Static).update(Content("" if fits else why))

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """Go to the card."""
        assert isinstance(event.key, int)
        self.dismiss(event.key)

    def action_close(self) -> None:
        """Back."""
        self.dismiss(0)
