"""The timeline of a card as a list: a star says that a row belongs into the card's story when that is written."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from opstui.i18n import _, ngettext
from opstui.ui.glyphs import MARKS
from opstui.ui.screens.lists import ListScreen
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.listing import Listing

if TYPE_CHECKING:
    from datetime import date

    from opstui.formats import Formats
    from opstui.projections.timeline import TimelineRow
    from opstui.ui.telling import StarDeeds


class StarsScreen(ListScreen[None]):
    """Stars are put and taken away at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("space,asterisk", "star", show=False),
    ]
    keys = (
        _("enter or space: it belongs into the story, or not   esc back"),
        _("enter star   esc back"),
        _("enter  esc"),
    )
    bare = (_("esc back"),)

    def __init__(self, deeds: StarDeeds, formats: Formats, today: date) -> None:
        """The rows come when they are read."""
        super().__init__()
        self._deeds, self._formats, self._today = deeds, formats, today
        columns = (Column(1), Column(12, drop=1), Column(10, drop=2), Column(lead=True))
        self.rows = Listing(self._entry, columns, id="stars")
        self._timeline: Sequence[TimelineRow] | None = None
        self._stars = deeds.starred()
        self._reading = self._stale = False

    def fill(self) -> None:
        """The rows as they are now."""
        self._stars = self._deeds.starred()
        self.rows.forget()
        self._stale = True
        if not self._reading:
            self._reading = True
            self.run_worker(self._read())
        self._show()

    async def _read(self) -> None:
        try:
            while self._stale and self.is_attached:
                self._stale = False
                self._timeline = await self._deeds.read()
        finally:
            self._reading = False
        if self.is_attached:
            self._show()

    def _show(self) -> None:
        rows = self._timeline or ()
        note = ngettext("{n} star", "{n} stars", len(self._stars)).format(n=len(self._stars))
        self.head(_("What belongs into the story of {ref}?").format(ref=self._deeds.ref), note)
        self.lay([Section("", range(len(rows)))], _("reading ...") if self._timeline is None else _("nothing happened"))

    def _entry(self, key: Hashable) -> Entry:
        assert isinstance(key, int)
        assert self._timeline is not None
        row = self._timeline[key]
        star = Span(MARKS["starred"], "warn") if row.event_no in self._stars else Span(MARKS["open"], "faint")
        when = Span(self._formats.moment(row.at, self._today), "faint")
        return Entry(((star,), (when,), (Span(row.by, "muted"),), (Span(row.text),)))

    def on_listing_chosen(self) -> None:
        """Enter, or a second click."""
        self.action_star()

    def action_star(self) -> None:
        """Put a star there, or take it away."""
        key = self.rows.key
        if isinstance(key, int) and self._timeline is not None:
            self.run_worker(self.attempt(self._deeds.toggle(self._timeline[key].event_no)))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)
