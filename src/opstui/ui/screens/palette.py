"""The palette: everything there is to do and everywhere there is to go, found by typing a few letters of its name.

It is a window of a fixed size, so that a letter sends the rows that differ and moves nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.palette import COLUMNS, Offer, arrange, entry_of
from opstui.ui.screens.dialog import Dialog
from opstui.ui.typeahead import Typeahead
from opstui.ui.widgets.entries import Entry
from opstui.ui.widgets.listing import Listing
from opstui.ui.widgets.text_line import Line

if TYPE_CHECKING:
    from collections.abc import Hashable


class _Query(Line):
    """The line to type in. Enter and esc count in the order of the keys: those after them are for what comes then."""

    over = False

    def on_key(self, event: events.Key) -> None:
        """Textual acts on these two when the letters behind them are in the line already."""
        if not self.over and event.key not in ("enter", "escape"):
            return
        event.stop()
        event.prevent_default()
        screen, app = self.screen, self.app
        assert isinstance(screen, Palette)
        assert isinstance(app, Typeahead)
        if self.over:
            app.pass_on(event)
        else:
            self.over = screen.leave(self.value if event.key == "enter" else None)


More = Callable[[str], Iterable[Offer]]
"""Offers that are only there for what was typed: a card by its number."""


class _Offers(Listing, can_focus=False):
    """The rows; one click takes one, for nobody looks at a palette for long."""

    def on_click(self, event: events.Click) -> None:
        """A click."""
        event.prevent_default()
        place = self._lines.at(self._top + event.y)
        if place is not None and place[1] >= 0:
            self._go(place[1])
            self.choose()


class Palette(Dialog[Offer | None]):
    """Gives the offer that was chosen. One that cannot be had now tells why, and the palette stays."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", _("back"), show=False),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    DEFAULT_CSS = """
    Palette { align: center top; background: transparent;
        & > .sheet { width: 108; max-width: 100%; height: 70%; min-height: 12; max-height: 26; margin-top: 1;
            background: $panel; }
        &.-wide > .sheet { border: round $thumb; }
        & .line { height: 1; background: $lane; }
        & .prompt { width: 3; padding: 0 1; color: $accent; text-style: bold; }
        & Input, & Input:focus { width: 1fr; background: $lane; background-tint: $foreground 0%; padding: 0; }
        & .keys { color: $muted; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys.-wrong { color: $warn; }
    }
    """

    def __init__(self, offers: Sequence[Offer], recent: Sequence[str], more: More = lambda _query: ()) -> None:
        """What there is, the ids of what was used last, and what a query itself may name."""
        super().__init__()
        self._offers, self._recent, self._more = tuple(offers), recent, more
        self._known = {offer.id: offer for offer in self._offers}
        self._query = ""
        self.list = _Offers(self._entry, COLUMNS, empty=_("nothing has such a name; fewer letters find more"))

    def compose(self) -> ComposeResult:
        """A line to type in, what was found, the keys."""
        query = _Query(compact=True, placeholder=_("type a few letters: assign, theme, a stage, a card's number"))
        query.cursor_blink = False
        with Vertical(classes="sheet"):
            with Horizontal(classes="line"):
                yield Static(MARKS["after"], classes="prompt", markup=False)
                yield query
            yield self.list
            yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Everything, before anything is typed."""
        self.list.show(arrange("", self._offers, self._recent))
        self._tell("")

    def _entry(self, key: Hashable) -> Entry:
        return entry_of(self._known[str(key)], self._query)

    def _tell(self, wrong: str) -> None:
        keys = self.query_one(".keys", Static)
        said = (
            _("{mark} {why}   esc back").format(mark=MARKS["late"], why=wrong)
            if wrong
            else _("↑ ↓ choose   enter do it   esc back   greyed: not now")
        )
        keys.update(Content(said))
        keys.set_class(bool(wrong), "-wrong")

    def on_input_changed(self, event: Input.Changed) -> None:
        """A letter: what matches, from the best on. Letters that came meanwhile are looked for at once."""
        self._find(event.input.value)

    def _find(self, query: str) -> None:
        if query == self._query:
            return
        self._query = query
        named = tuple(self._more(self._query.strip())) if self._query.strip() else ()
        self._known = {offer.id: offer for offer in (*self._offers, *named)}
        self.list.show(arrange(self._query, self._offers, self._recent, named))
        self.list.to_top()
        self._tell("")

    def leave(self, query: str | None) -> bool:
        """With what was found, or (None) without; False when that cannot be had, which is told."""
        if query is None:
            self.dismiss(None)
            return True
        self._find(query)
        return self._take(self.list.key)

    def _take(self, key: Hashable) -> bool:
        offer = self._known.get(str(key))
        if offer is None or offer.why:
            self._tell(_("{command}: {why}").format(command=offer.label, why=offer.why) if offer else "")
            return False
        self.dismiss(offer)
        return True

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """A click."""
        self._take(event.key)

    def action_leave(self) -> None:
        """Esc, when the line to type in has not the focus."""
        self.leave(None)

    def action_move(self, by: int) -> None:
        """The cursor up or down."""
        self.list.move(by)

    def action_page(self, by: int) -> None:
        """A screenful."""
        self.list.page(by)

    def on_click(self, event: events.Click) -> None:
        """A click beside it closes it."""
        if event.widget is self:
            self.dismiss(None)
