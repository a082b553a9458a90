"""Archived cards as a list with marks; what a row says is asked for when it is drawn, and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from opstui.projections.archive import ArchiveRow
from opstui.ui.glyphs import MARKS
from opstui.ui.widgets.entries import Column, Entry, Section, Span
from opstui.ui.widgets.listing import Listing

COLUMNS = (
    Column(lead=True, least=30),
    Column(9, right=True, drop=2),
    Column(11, right=True, drop=1),
    Column(11, right=True),
)
"""Mark, id and title; amount; stage; when it was put away."""


class ArchiveList(Listing):
    """Cards by id, with marks. `marks` are those that are still there."""

    def __init__(self, row: Callable[[int], ArchiveRow]) -> None:
        """`row` reads what is said of a card."""
        super().__init__(self._say, COLUMNS)
        self._row = row
        self.cards: Sequence[int] = ()
        self.marks: set[int] = set()

    def show_cards(self, cards: Sequence[int]) -> None:
        """These cards from now on; the cursor stays on its card, or at its place when that is gone."""
        self.cards = cards
        self.marks.intersection_update(cards)
        self.show([Section("", cards)])

    @property
    def here(self) -> int | None:
        """The card under the cursor."""
        return self.cards[self.cursor] if self.cursor < len(self.cards) else None

    @property
    def chosen(self) -> list[int]:
        """The marked cards in their order; where none is marked, the one under the cursor."""
        if self.marks:
            return [card for card in self.cards if card in self.marks]
        return [] if self.here is None else [self.here]

    def toggle(self) -> None:
        """Mark the card under the cursor, or take its mark away, and go down."""
        if self.here is not None:
            self.mark(self.marks ^ {self.here})
            self.move(1)

    def toggle_all(self) -> None:
        """Mark all, or none."""
        self.mark(set() if self.marks.issuperset(self.cards) else set(self.cards))

    def mark(self, cards: set[int]) -> None:
        """Exactly these are marked."""
        self.marks = cards
        self.forget()

    def _say(self, card: Hashable) -> Entry:
        assert isinstance(card, int)
        row = self._row(card)
        mark = MARKS["marked"] if card in self.marks else " "
        name = (Span(f"{mark} ", "accent", bold=True), Span(f"{row.ref}  ", "muted"), Span(row.title))
        return Entry((name, (Span(row.amount),), (Span(row.stage, "faint"),), (Span(row.when, "muted"),)))
