"""Choosing a saved filter: enter applies it, x removes it and u puts it back, e gives it another name or query."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from opstui.domain.model import Refused, clean_line
from opstui.i18n import _
from opstui.ui.rows import Row
from opstui.ui.saved import Saved, Shelf, ours, problem
from opstui.ui.screens.form import Form
from opstui.ui.screens.lists import ListScreen
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.listing import Listing

if TYPE_CHECKING:
    from opstui.ui.desk import Desk


class SavedFilters(ListScreen[Saved | None]):
    """Gives the filter that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f", "leave", show=False),
        Binding("x,delete", "remove", show=False),
        Binding("u", "put_back", show=False),
        Binding("e", "change", show=False),
    ]

    def __init__(self, shelf: Shelf, desk: Desk) -> None:
        """The filters on this shelf, judged by what this desk knows."""
        super().__init__()
        self._shelf, self._desk = shelf, desk
        self._boards = {board.id: board.name for board in desk.workspace.settings.boards}
        columns = (Column(lead=True), Column(), Column(14, drop=1), Column(10, drop=2))
        self.rows = Listing(self._entry, columns, id="filters")

    def fill(self) -> None:
        """Mine, shared, and those that are always there."""
        self.head(_("Filters"), _("S on the board saves the one you see"))
        self.rows.show(
            [
                Section(_("Mine"), self._shelf.mine()),
                Section(_("Shared with all"), self._shelf.shared()),
                Section(_("Always there"), ours()),
            ]
        )

    def wordings(self) -> Sequence[str]:
        """What can be done to the one under the cursor; those that are always there are only applied."""
        own = isinstance(self.rows.key, Saved) and self.rows.key.kind != "ours"
        keys = [
            (_("enter apply"), True),
            (_("e change"), own),
            (_("x remove"), own),
            (_("u put back"), self._shelf.removed),
            (_("esc back"), True),
        ]
        shown = [key for key, usable in keys if usable]
        return "   ".join(shown), "  ".join(shown)

    def on_listing_pointed(self) -> None:
        """Another one, other keys; what was told last stays to be read."""
        if not self.said:
            self.tell()

    def _entry(self, key: Hashable) -> Entry:
        assert isinstance(key, Saved)
        board = self._boards.get(key.board, key.board) if key.board else _("any board")
        wrong = problem(key, self._desk)
        query = Span(f"! {wrong}", "warn") if wrong else Span(key.query, "muted")
        return Entry(((Span(key.name),), (query,), (Span(board, "muted"),), (Span(key.by, "faint"),)))

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """This one."""
        assert isinstance(event.key, Saved)
        if wrong := problem(event.key, self._desk):
            self.tell(wrong, wrong=True)
            return
        self.dismiss(event.key)

    def action_leave(self) -> None:
        """None of them."""
        self.dismiss(None)

    def action_remove(self) -> None:
        """Take the one under the cursor away."""
        if isinstance(self.rows.key, Saved):
            self.run_worker(self.attempt(self._shelf.remove(self.rows.key)))

    def action_put_back(self) -> None:
        """Bring the last one back."""
        self.run_worker(self.attempt(self._shelf.put_back()))

    def action_change(self) -> None:
        """Another name, another query."""
        saved = self.rows.key
        if not isinstance(saved, Saved) or saved.kind == "ours":
            self.tell(_("this one is always there: apply it and save your own with S"), wrong=True)
            return
        rows = [
            Row(name="name", label=_("Name"), text=saved.name, required=True, read=clean_line),
            Row(name="query", label=_("Filter"), text=saved.query, required=True, read=clean_line),
        ]

        async def save(values: dict[str, Any]) -> str:
            try:
                board = self._desk.workspace.settings.board(saved.board) or self._desk.board
                self._desk.read(values["query"], board)
            except Refused as no:
                return f"query: {no}"
            done = await self.attempt(self._shelf.change(saved, values["name"], values["query"]))
            return "" if done else str(self.said)

        self.run_worker(self._ask(Form(_("Change the filter"), rows, save)))

    async def _ask(self, form: Form) -> None:
        """Show a form over the list, which has the keys again after it."""
        await self.app.push_screen_wait(form)
        await self.take_keys()
