"""Archived cards as a list with marks; what a row says is asked for when it is drawn, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from opstui.projections.archive import ArchiveRow
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink, cells, clip
from opstui.ui.widgets.long_list import GROUND, LongList
from opstui.ui.widgets.paint import Part

KEPT = 500
"""Rows kept as read."""
WIDE = 100
"""Cells from which the columns have air."""
NARROW = 70
"""Cells below which stage and amount are left out."""


class ArchiveList(LongList):
    """Cards by id, with marks. `marks` are those that are still there."""

    def __init__(self, row: Callable[[int], ArchiveRow]) -> None:
        """`row` reads what is said of a card."""
        super().__init__(self._say)
        self._row_of, self._rows = row, dict[int, ArchiveRow]()
        self.cards: Sequence[int] = ()
        self.marks: set[int] = set()

    def show_cards(self, cards: Sequence[int]) -> None:
        """These cards from now on; the cursor stays on its card, or at its place when that is gone."""
        here, at = self.here, self.cursor
        self.cards = cards
        self._rows.clear()
        self.marks.intersection_update(cards)
        if here is not None and (at >= len(cards) or cards[at] != here) and here in cards:
            at = cards.index(here)
        self.show(len(cards), at)

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
            self.action_go(1)

    def toggle_all(self) -> None:
        """Mark all, or none."""
        self.mark(set() if self.marks.issuperset(self.cards) else set(self.cards))

    def mark(self, cards: set[int]) -> None:
        """Exactly these are marked."""
        self.marks = cards
        self.again()

    def _say(self, n: int, ink: Ink, here: bool) -> tuple[list[Part], list[Part]]:  # noqa: FBT001
        card = self.cards[n]
        row = self._row(card)
        left: list[Part] = [
            (f"{MARKS['marked'] if card in self.marks else ' '} ", ink("accent", GROUND, bold=True)),
            (f"{row.ref}  ", ink("accent" if here else "muted", GROUND, bold=here)),
            (row.title, ink("ink", GROUND)),
        ]
        spare = 0 if self.size.width < WIDE else 4
        when: Part = (_right(row.when, 9 + spare), ink("muted", GROUND))
        if self.size.width < NARROW:
            return left, [when]
        return left, [
            (_right(row.amount, 11 + spare), ink("ink", GROUND)), (_right(row.stage, 14), ink("faint", GROUND)), when
        ]  # fmt: skip

    def _row(self, card: int) -> ArchiveRow:
        row = self._rows.get(card)
        if row is None:
            if len(self._rows) >= KEPT:
                self._rows.clear()
            row = self._rows[card] = self._row_of(card)
        return row


def _right(text: str, width: int) -> str:
    """The text at the right end of a column, two cells from what is before it."""
    shown = clip(text, width - 2)
    return " " * (width - cells(shown)) + shown
