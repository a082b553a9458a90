"""What stands on the board screen: the lanes, beside them the numbers or an open card; where it is narrow one of them.

The screen's classes say what is to be seen, and its style sheet arranges it. Every key of a card works in the open card
beside the lanes and in their place alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opstui.projections.detail import DetailView
    from opstui.ui.screens.board import BoardScreen

WIDE = 120
"""From here on the numbers stand beside the board, and an open card does."""
STRIP_FROM = 16
"""Lines from which a narrow terminal has one left for the numbers."""


class Panes:
    """What stands beside the lanes of a board screen, or in their place."""

    def __init__(self, screen: BoardScreen) -> None:
        """The numbers as the member left them; on a narrow terminal the lanes alone."""
        self._screen = screen
        self._numbers_beside, self._numbers_over = screen.session.kept.now.numbers, False

    # ------------------------------------------------------------------ which there are

    @property
    def narrow(self) -> bool:
        """Whether there is room for one only."""
        return self._screen.has_class("-over")

    @property
    def card_open(self) -> bool:
        """Whether a card is open."""
        return self._screen.has_class("-card")

    @property
    def reading(self) -> bool:
        """Whether keys are the open card's: it has the focus, or stands in the place of the board."""
        return self.card_open and (self.narrow or self._screen.focused is self._screen.card_view)

    @property
    def numbers_over(self) -> bool:
        """Whether the numbers stand in the place of the board: no key may act on a card then."""
        return self.narrow and self._numbers_over and not self.card_open

    @property
    def covered(self) -> bool:
        """Whether something stands in the place of the board."""
        return self.narrow and (self.card_open or self._screen.has_class("-numbers"))

    def arrange(self, width: int, height: int) -> None:
        """Decide anew what stands beside the board, in a terminal of that size."""
        narrow = width < WIDE
        self._screen.set_class(narrow, "-over")
        self._screen.set_class(height >= STRIP_FROM, "-strip")
        self._screen.set_class(self._numbers_over if narrow else self._numbers_beside, "-numbers")

    def in_sight(self) -> None:
        """What has the focus is what one sees: an open card that covers the board takes it, the numbers make way."""
        screen = self._screen
        if screen.focused is not screen.board or not self.covered:
            return
        if self.card_open:
            screen.card_view.focus()
        else:
            self.uncover_numbers()

    def _arrange(self) -> None:
        self.arrange(*self._screen.size)

    # ------------------------------------------------------------------ an open card

    def open_card(self, card: int) -> None:
        """Show a card, of whatever board; one that is open already gets the focus."""
        if self.card_open:
            self._screen.card_view.focus()
        self.show_card(card)
        self._screen.add_class("-card")
        if self.narrow:
            self._screen.card_view.focus()

    def follow(self, card: int | None) -> None:
        """The cursor is on that card now: one that is open beside the board gives way to it."""
        if card is not None and self.card_open and not self.narrow:
            self.show_card(card)

    def show_card(self, card: int | None) -> None:
        """What an open card is made of, and its timeline as soon as that is read."""
        screen = self._screen
        timeline = screen.timelines.known(card)
        screen.card_view.show(self._detail(card), timeline)
        if card is not None and timeline is None:
            screen.spawn(self._read_timeline(card))

    def _detail(self, card: int | None) -> DetailView | None:
        return self._screen.desk.detail(card)

    async def _read_timeline(self, card: int) -> None:
        screen = self._screen
        await screen.timelines.read(card)
        if screen.card_view.card == card:
            screen.card_view.show(self._detail(card), screen.timelines.known(card))

    def close_card(self) -> None:
        """Back to the board."""
        self._screen.remove_class("-card")
        self._screen.board.focus()

    # ------------------------------------------------------------------ the numbers, and back to the board

    def toggle_numbers(self) -> None:
        """Show or hide the pane; on a narrow terminal it takes the place of the board. An open card gives way to it."""
        screen, hidden = self._screen, self.card_open
        screen.remove_class("-card")
        if self.narrow:
            self._numbers_over = hidden or not self._numbers_over
        else:
            self._numbers_beside = hidden or not self._numbers_beside
            screen.spawn(screen.keep(numbers=self._numbers_beside))
        self._arrange()
        (screen.pane if self._numbers_over and self.narrow else screen.board).focus()

    def uncover_numbers(self) -> bool:
        """The board again, where the numbers stood in its place; says whether they may have."""
        over, self._numbers_over = self._numbers_over, False
        self._arrange()
        return over

    def uncover(self) -> bool:
        """Back to the board. What stands in its place on a narrow terminal is closed; says whether there was that."""
        covered = self.covered
        if covered:
            self._screen.remove_class("-card")
            self.uncover_numbers()
        self._screen.set_focus(self._screen.board)
        return covered

    def other(self) -> None:
        """To the pane on the right, or back."""
        screen = self._screen
        if screen.focused is not screen.board or self.covered:
            self.uncover()
        elif self.card_open:
            screen.card_view.focus()
        elif screen.has_class("-numbers"):
            screen.pane.focus()

    def back(self) -> None:
        """Esc: close the card, else the numbers that cover the board, else the marks, else clear the filter."""
        screen = self._screen
        if self.card_open:
            self.close_card()
        elif self._numbers_over:
            self.uncover_numbers()
        elif screen.board.selection:
            screen.board.clear_marks()
        elif screen.desk.query:
            screen.filtering.put("")
        screen.board.focus()
