"""Finding anything while one types: every board, comments and the archive too; enter opens the card on its board.

The keys of the filter language work here as well, over all boards.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from opstui.domain.model import Doc, Refused, clean_line
from opstui.i18n import _, ngettext
from opstui.projections.find import ARCHIVE, NUMBER, Everywhere, Found, where
from opstui.ui.screens.lists import ListScreen
from opstui.ui.seeking import Seeking
from opstui.ui.widgets.card_rows import card_entry, columns
from opstui.ui.widgets.entries import Entry, Section
from opstui.ui.widgets.listing import Listing
from opstui.ui.widgets.text_line import Line

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from textual.widget import Widget

    from opstui.ui.desk import Desk


class FindScreen(ListScreen[int | None]):
    """Gives the card to open."""

    AUTO_FOCUS = "#sought"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    FindScreen { & #sought { background: $lane; background-tint: $foreground 0%; padding: 0 1; margin: 0; } }
    """
    keys = (
        _("enter open the card   ↑ ↓ choose   owner:rina, tag:vip, is:archived work too   esc back"),
        _("enter open the card   ↑ ↓ choose   esc back"),
    )
    bare = (
        _("type what you look for   owner:rina, tag:vip, is:archived work too   esc back"),
        _("type what you look for   esc back"),
    )

    def __init__(self, desk: Desk) -> None:
        """Begin with what was sought last: the next letter replaces it."""
        super().__init__()
        self._desk = desk
        self.rows = Listing(self._entry, columns(16), rows=2, id="found")
        self.field = Line(desk.sought, placeholder=_("words, a number, a customer, what somebody said"), id="sought")
        self.field.compact = True
        self.field.cursor_blink = False
        self._seeking = Seeking(desk.workspace.store, self._spawn, self._groups, self._show)
        self._search: Everywhere | None = None
        self._words: tuple[str, ...] = ()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(work)

    def above(self) -> Sequence[Widget]:
        """Where it is typed."""
        return (self.field,)

    def fill(self) -> None:
        """Seek what is typed."""
        query, state = clean_line(self.field.value), self._desk.workspace.state
        try:
            keep = self._desk.read(query, *self._desk.workspace.settings.boards)
        except Refused as no:
            self.tell(str(no), wrong=True)
            return
        self._words = keep.words
        self._search = Everywhere(state, keep) if query else None
        self.tell()
        self._seeking.begin(self._search)
        self._show(self._groups())
        self.rows.to_top()

    def news(self, cards: frozenset[int] | None) -> None:
        """Cards that changed are looked at again."""
        if cards is None:
            self.fill()
        elif self._search is not None:
            self._search.again(cards)
            self._show(self._groups())

    def on_unmount(self) -> None:
        """Nothing is sought behind a closed list."""
        self._seeking.begin(None)

    def _groups(self) -> tuple[Found, ...]:
        return self._search.grouped(self._desk.workspace.settings.boards) if self._search else ()

    def _show(self, groups: tuple[Found, ...]) -> None:
        count = sum(len(group.cards) for group in groups)
        cards = ngettext("{n} card", "{n} cards", count) if self._search else ""
        settled = self._search is None or self._search.settled
        self.head(_("Find"), cards if settled else _("{cards} so far").format(cards=cards))
        empty = _("nothing has these words; fewer letters find more") if settled else _("looking …")
        names = {board.id: board.name for board in self._desk.workspace.settings.boards}
        names |= {ARCHIVE: _("Archive"), NUMBER: _("This number")}
        sections = [Section(names[group.place], group.cards) for group in groups]
        self.lay(sections, empty if self._search else "")

    def _entry(self, key: Hashable) -> Entry:
        assert isinstance(key, int)
        desk, doc = self._desk, self._desk.workspace.state.get("cards", key) or {}
        board = desk.workspace.settings.board(doc["board"])
        stage = board.stage(doc["stage"]) if board and not doc.get("archived") else None
        place = stage.name if stage else board.name if board else doc["board"]
        face = desk.face(key)
        seen = f"{face.ref} {face.title} {face.detail}".casefold()
        hidden = [word for word in self._words if word not in seen]
        return card_entry(face, place, self._words, self._where(key, doc, hidden))

    def _where(self, card: int, doc: Doc, words: Sequence[str]) -> str:
        """What is worth showing of the card: where words stand that are not seen yet, else how it is described."""
        said = self._search.said.get(card) if self._search else None
        comment = self._desk.workspace.state.get("comments", said) if said else None
        text = comment["text"] if comment else ""
        return where(doc, words, text) or str(doc.get("description", ""))

    def on_input_changed(self, event: Input.Changed) -> None:
        """A letter."""
        event.stop()
        self.fill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.rows.choose()

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """There."""
        assert isinstance(event.key, int)
        self._desk.sought = self.field.value
        self.dismiss(event.key)

    def action_leave(self) -> None:
        """Back to the board."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """The cursor of the list, while one types."""
        self.rows.move(by)

    def action_page(self, pages: int) -> None:
        """The cursor of the list, while one types."""
        self.rows.page(pages)
