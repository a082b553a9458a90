"""The cards of one lane in an order other than the one people gave it: sorted, or cut into bands, or both.

Both need documents decoded, a second of work for 100,000 cards. So it is done once and kept: a card that changes is
taken out and put back with a bisection. The store keeps the order by hand; this stands beside it for the lanes that
somebody looks at in another way.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from typing import NamedTuple

from msgspec import Struct

from opstui.domain.model import Doc, Field, worth
from opstui.projections.bands import band_key, band_of
from opstui.projections.sorting import Key, Sort, key_of

_AT_A_TIME = 4000
"""Keys sorted in one go, in which no other thread runs: some milliseconds."""


class Order(Struct, frozen=True):
    """What an arrangement is made by. All None or empty: the lane as people put it."""

    sort: Sort | None = None
    field: Field | None = None
    """The field that cuts it into bands."""
    average: str = ""
    """A numeric field of which the lane tells the average."""

    def __bool__(self) -> bool:
        """Whether anything has to be arranged at all."""
        return self != Order()


class _Entry(NamedTuple):
    key: Key
    band: str
    currency: str
    amount: int
    measure: float | None


class Arrangement:
    """The ids of a lane in an order, with what its bands hold."""

    def __init__(self, order: Order) -> None:
        """An empty lane."""
        self.order = order
        self.counts: Counter[str] = Counter()
        """How many cards each band holds; a band may have none any more."""
        self._sums: dict[str, dict[str, int]] = {}
        self._entries: dict[int, _Entry] = {}
        self._band_keys: dict[str, Key] = {}
        self._keys: list[Key] = []
        self._ids = array("q")
        self._measured, self._measure = 0, 0.0

    @classmethod
    def of(cls, order: Order, docs: Iterable[tuple[int, Doc]]) -> Arrangement:
        """Arrange these cards. Other threads can run meanwhile."""
        made = cls(order)
        for card, doc in docs:
            made._note(card, made._entry(card, doc), 1)
        keys = [entry.key for entry in made._entries.values()]
        parts = [sorted(keys[at : at + _AT_A_TIME]) for at in range(0, len(keys), _AT_A_TIME)]
        made._keys = list(merge(*parts)) if len(parts) > 1 else [key for part in parts for key in part]
        made._ids = array("q", [key[-1] for key in made._keys])
        return made

    @property
    def ids(self) -> Sequence[int]:
        """The cards in their order; a copy, which stays as it is."""
        return self._ids[:]

    def band(self, card: int) -> str:
        """In which band a card stands."""
        entry = self._entries.get(card)
        return entry.band if entry else ""

    def sums(self, cards: Iterable[int] | None = None) -> dict[str, dict[str, int]]:
        """Band -> currency -> minor units; of these cards, or of all."""
        if cards is None:
            return self._sums
        found: dict[str, dict[str, int]] = {}
        for entry in self._of(cards):
            _add(found, entry, 1)
        return found

    def average(self, cards: Iterable[int] | None = None) -> float | None:
        """The average of the field it was asked for, over the cards that say it; None when none does."""
        if cards is None:
            return self._measure / self._measured if self._measured else None
        said = [entry.measure for entry in self._of(cards) if entry.measure is not None]
        return sum(said) / len(said) if said else None

    def _of(self, cards: Iterable[int]) -> Iterator[_Entry]:
        """What is known of these; of one that leaves just now, while another thread asks, nothing."""
        return (entry for card in cards if (entry := self._entries.get(card)) is not None)

    def put(self, card: int, doc: Doc | None) -> None:
        """A card came, changed, or (None) left."""
        old = self._entries.get(card)
        new = self._entry(card, doc) if doc is not None else None
        if old == new:
            return
        if old is not None:
            at = bisect_left(self._keys, old.key)
            del self._keys[at], self._ids[at], self._entries[card]
            self._note(card, old, -1)
        if new is not None:
            at = bisect_left(self._keys, new.key)
            self._keys.insert(at, new.key)
            self._ids.insert(at, card)
            self._note(card, new, 1)

    def _entry(self, card: int, doc: Doc) -> _Entry:
        field, key = self.order.field, key_of(doc, self.order.sort, card)
        measure = doc.get(self.order.average) if self.order.average else None
        band = band_of(doc, field) if field else ""
        if field:
            if band not in self._band_keys:
                self._band_keys[band] = band_key(field, band)
            key = (self._band_keys[band], *key)
        return _Entry(key, band, *worth(doc), float(measure) if isinstance(measure, int | float) else None)

    def _note(self, card: int, entry: _Entry, sign: int) -> None:
        if sign > 0:
            self._entries[card] = entry
        self.counts[entry.band] += sign
        _add(self._sums, entry, sign)
        if entry.measure is not None:
            self._measured += sign
            self._measure += sign * entry.measure


def _add(sums: dict[str, dict[str, int]], entry: _Entry, sign: int) -> None:
    if entry.amount:
        here = sums.setdefault(entry.band, {})
        here[entry.currency] = here.get(entry.currency, 0) + sign * entry.amount
