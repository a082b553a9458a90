"""Which cards a filter lets through, found a little at a time, so that a large shop is never waited for.

The tops of the lanes are looked at first: they are what stands on the screen. What words say is then asked of the
store, which knows every card's text; the rest is read through in steps, between which its owner does other things.
What changes meanwhile, or later, is looked at by itself and never by going through everything again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from opstui.domain.model import Doc
from opstui.domain.state import Reader

if TYPE_CHECKING:
    from opstui.projections.board import Filter

QUICK = 20_000
"""So many cards' texts are looked through in some ten milliseconds."""
BY_TABLE = 8
"""So many cards are read by the table in the time that one takes by itself."""
CHUNK = 16
"""Cards looked at between two looks at the clock."""

Enough = Callable[[], bool]
"""Whether to stop for now."""


class Search:
    """The cards of some lanes that a filter lets through. `found` grows until it is `settled`.

    `begin` it, then `go_on` until it is settled. Where `words` are left, whoever has a thread to spare may ask the
    store for them and `narrow` it by the answer.
    """

    def __init__(self, reader: Reader, keep: Filter, lanes: Iterable[Sequence[int]]) -> None:
        """Nothing is looked at yet."""
        self.found: set[int] = set()
        self.settled = False
        self.words = (*keep.words, *keep.hints)
        self._reader, self._keep = reader, keep
        self._judge: Callable[[Doc], bool] = keep if keep.words or keep.rest is None else keep.rest
        self._lanes = list(lanes)
        self._rest: Iterator[tuple[int, bool]] = self._read(self._in_turn())
        """Cards, and whether each is let through: what is still to be looked at."""
        self._changed: set[int] = set()
        self._narrowed = self._begun = False
        self._depth = 0
        """Of each lane so many cards were looked at in turn."""
        self._fresh = False
        """No others were looked at yet."""

    def begin(self, enough: Enough) -> None:
        """The first picture: everything, if it is little."""
        if self.words and len(self._reader.ids("cards")) <= QUICK:
            self.narrow(self._reader.search(self.words))
        self.go_on(enough)
        self._fresh, self._begun = not (self.settled or self._changed), True

    def narrow(self, hits: Container[int]) -> None:
        """Only these cards have the words: look at no others."""
        self.words, self._narrowed, self._fresh = (), True, False
        if self._keep.rest is None and not self._keep.hints:
            found = set(hits) if isinstance(hits, Collection) else {i for i in self._in_turn() if i in hits}
            self.found = (found - self._changed) | (self.found & self._changed) if self._changed else found
            self._rest = iter(())
            self.settled = True
            return
        if self._keep.rest is not None:
            self._judge = self._keep.rest
        many = isinstance(hits, Collection) and len(hits) * BY_TABLE > len(self._reader.ids("cards"))
        self._rest = self._table(hits) if many and self._begun else self._read(self._in_turn(), hits)

    def scan(self) -> None:
        """Read on by the table: far quicker than card by card. No need for it where words have narrowed the search."""
        self._fresh = False
        if not self._narrowed:
            self._rest = self._table()

    def go_on(self, enough: Enough) -> None:
        """Look at more cards, until it is enough for now or all have been seen."""
        self._fresh = False
        while not self.settled:
            chunk = list(islice(self._rest, CHUNK))
            self.found.update(card for card, good in chunk if good and card not in self._changed)
            if len(chunk) < CHUNK:
                self.settled = True
            elif enough():
                return

    def again(self, cards: Iterable[int]) -> None:
        """These cards have changed."""
        self._fresh = False
        for card in cards:
            doc = self._reader.get("cards", card)
            if doc is not None and self._lets_through(card, doc):
                self.found.add(card)
            else:
                self.found.discard(card)
            if not self.settled:
                self._changed.add(card)

    def _lets_through(self, card: int, doc: Doc) -> bool:
        """Whether a card that has changed is let through."""
        del card
        return self._keep(doc)

    def of(self, lane: Sequence[int]) -> tuple[int, ...]:
        """Those of a lane that were found, in its order.

        Right after `begin` they stand at its top, if the lane is one of those it was made with.
        """
        return tuple(filter(self.found.__contains__, lane[: self._depth] if self._fresh else lane))

    def _read(self, cards: Iterable[int], among: Container[int] | None = None) -> Iterator[tuple[int, bool]]:
        """Each of these cards; one that is not `among` those that can be let through is passed over unread."""
        for card in cards:
            doc = None if among is not None and card not in among else self._reader.get("cards", card)
            yield card, doc is not None and self._judge(doc)

    def _table(self, among: Container[int] | None = None) -> Iterator[tuple[int, bool]]:
        """Each card there is, with no more of it than the filter reads."""
        judge, keep = self._judge, self._keep
        cards = self._reader.items("cards", keep.reads if judge is keep.rest else None)
        if among is None:
            return ((card, judge(doc)) for card, doc in cards)
        return ((card, card in among and judge(doc)) for card, doc in cards)

    def _in_turn(self) -> Iterator[int]:
        """The first of every lane, then the second of every lane, and so on."""
        for depth, row in enumerate(zip_longest(*self._lanes), 1):
            self._depth = depth
            yield from (card for card in row if card is not None)
