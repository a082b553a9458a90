"""Completing a field of a form: when the list of offers shows, what a key does to it, and what is put into the field.

One rule for every field: enter and tab take the row of the list that is lit, and where none is lit what is typed stays.
A row is lit once down has chosen it; in a field where nothing else is meant (an owner) the best one is at once.

A letter may be followed by enter before its message has come here: so what enter means is decided from what then stands
in the field. Where more than one could be meant then, the list is shown first: nothing unseen is taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from opstui.ui.offers import Offer, Source, exactly

if TYPE_CHECKING:
    from textual.screen import Screen

    from opstui.ui.widgets.form_line import FormLine
    from opstui.ui.widgets.offer_list import OfferList


class Completion:
    """Between the fields of a form and its one list. An `eager` one offers before anything is typed."""

    def __init__(
        self, screen: Screen[bool], offers: OfferList, place: Callable[[FormLine], None], *, eager: bool
    ) -> None:
        """`place` puts the list beside a row."""
        self._screen, self._list, self._place, self._eager = screen, offers, place, eager
        self._line: FormLine | None = None
        self._word = ""
        self._turn = 0
        self._passed = ""
        """A text that is meant as it stands: it was taken, or esc was pressed."""

    @property
    def shown(self) -> bool:
        """Whether there is something to choose from."""
        return self._list.shown

    def entered(self, line: FormLine) -> None:
        """The cursor is in another field."""
        if line is not self._line:
            self.hide()
            self._line, self._passed = line, ""
            if self._eager:
                self.ask(line)

    def typed(self, line: FormLine) -> None:
        """A letter."""
        if line is not self._line:
            return
        source = line.row.source
        if source and line.text != self._passed and (self._eager or (line.touched and source.word(line.text))):
            self.ask(line)
        else:
            self.hide()

    def ask(self, line: FormLine) -> None:
        """Show what the word could become."""
        source = line.row.source
        if source is None:
            return
        self._turn += 1
        word = _word(line, source)
        if source.slow:
            self._screen.run_worker(self._later(line, source, word, self._turn))
        else:
            self._show(line, source, word, source.find(word))

    async def _later(self, line: FormLine, source: Source, word: str, turn: int) -> None:
        offers = await asyncio.to_thread(source.find, word)
        if turn == self._turn and line is self._line and self._screen.is_attached:
            self._show(line, source, word, offers)

    def _show(self, line: FormLine, source: Source, word: str, offers: Sequence[Offer]) -> None:
        offers = [offer for offer in offers if offer.text not in source.others(line.text)]
        exact = exactly(word, offers) if word else None
        if exact and len(offers) == 1:
            offers = ()
        self._word = word
        self._list.show(offers, 0 if source.closed and word and not exact else -1)
        if offers:
            self._place(line)

    def hide(self) -> None:
        """Nothing to choose from any more."""
        self._turn += 1
        if self._list.shown:
            self._list.show(())

    def pass_by(self) -> None:
        """What is typed is meant as it stands."""
        self._passed = self._line.text if self._line else ""
        self.hide()

    def move(self, by: int) -> bool:
        """The cursor of the list; False where the key is not for it."""
        if not self._list.shown or (by < 0 and self._list.cursor < 0):
            return False
        self._list.move(by)
        return True

    def unsure(self, line: FormLine) -> bool:
        """Whether there is a choice that nobody has seen yet: then it is shown, and the key has to be struck again."""
        source = line.row.source
        if source is None or not source.closed or source.slow or not line.touched or line.text == self._passed:
            return False
        word = _word(line, source)
        if not word or (line is self._line and self._list.shown and word == self._word):
            return False
        offers = source.find(word)
        if len(offers) < 2 or exactly(word, offers):  # noqa: PLR2004 - a choice
            return False
        self.ask(line)
        return True

    def take(self, line: FormLine) -> bool:
        """Put what is chosen into the field; False when there is nothing, and the text stands as it is."""
        source = line.row.source
        offer = self._meant(line, source) if source else None
        if source is None or offer is None:
            return False
        self.put(line, offer)
        return True

    def put(self, line: FormLine, offer: Offer) -> None:
        """Take this one."""
        if line.row.source:
            standing = line.text if line.touched or line.row.source.listed else ""
            self._passed = line.row.source.put(standing, offer)
            line.put(self._passed)
            self.hide()

    def _meant(self, line: FormLine, source: Source) -> Offer | None:
        word = _word(line, source)
        if line is self._line and self._list.taken and word == self._word:
            return self._list.taken
        if not source.closed or not word or not line.touched or line.text == self._passed or source.slow:
            return None
        offers = source.find(word)
        exact = exactly(word, offers)
        return offers[0] if offers and not exact else exact


def _word(line: FormLine, source: Source) -> str:
    """What is looked for; where nothing has been typed yet, everything is offered."""
    return source.word(line.text) if line.touched else ""
