"""The passages that the figures of the last days need, without reading what is over.

A board may have years behind it; the last thirty days are about the cards that are open, or were done, put away or
promised within them. Only their events are asked for, so that a console's start costs the same however long the history
is. What the figures say is what they would say after a fold of everything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, tzinfo
from itertools import takewhile

from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.domain.model import Doc, utc
from opstui.domain.state import Reader
from opstui.metrics.ontime import promised
from opstui.metrics.track import Passage, Track, day_start
from opstui.projections.flow import STEPS, Flows, categories

EventsOf = Callable[[str, Collection[int], Collection[str]], Iterable[Batch]]
Redated = Callable[[date], set[int]]
_STANDING = {"created", "archived", "restored", "edited.due"}
"""What tells a card's promise, and whether it is put away."""


class CurrentFlows:
    """The passages of a board's cards that are open, or were done, put away or promised from the day `first` on.

    Others may be among them. `events_of` and `redated` are a store's.
    """

    def __init__(self, board: Board, first: date, zone: tzinfo, events_of: EventsOf, redated: Redated) -> None:
        """Nothing is read yet."""
        self._board, self._first, self._zone = board, first, zone
        self._events_of, self._redated = events_of, redated
        self._flows = Flows([board])
        self._cards: set[int] = set()

    def begin(self, reader: Reader, seq: int) -> None:
        """Read what is needed of the history up to batch `seq`; the state in `reader` is at least as new."""
        self._add(self._needed(reader), seq)

    def follow(self, batches: Iterable[Batch], reader: Reader) -> None:
        """Take in the batches that came next, in their order."""
        news = list(batches)
        if not news:
            return
        for batch in news:
            self._flows.apply(batch, self._cards)
        told = {event.id for batch in news for event in batch.events if event.table == "cards"}
        of_board = {i for i in told - self._cards if (reader.get("cards", i) or {}).get("board") == self._board.id}
        self._add(of_board, news[-1].n)

    @property
    def cards(self) -> set[int]:
        """The cards whose history was read."""
        return self._cards

    def passages(self) -> list[Passage]:
        """Their passages; dropped cards have none."""
        return self._flows.passages(self._board.id)

    def passage(self, card: int) -> Passage | None:
        """The passage of one of them."""
        return self._flows.passage(card)

    def _add(self, cards: set[int], seq: int) -> None:
        if cards:
            self._flows.fold(self._until(seq, cards, STEPS), cards)
            self._cards |= cards

    def _until(self, seq: int, cards: Collection[int], kinds: Collection[str]) -> Iterable[Batch]:
        return takewhile(lambda batch: batch.n <= seq, self._events_of("cards", cards, kinds))

    def _needed(self, reader: Reader) -> set[int]:
        category, since, first = categories(self._board), day_start(self._first, self._zone), self._first.isoformat()
        needed: set[int] = set()
        over: dict[int, Doc] = {}
        for card, doc in reader.items("cards"):
            if doc["board"] != self._board.id or category(doc["stage"]) == "dropped":
                continue
            if doc.get("due", "") >= first or (
                utc(doc["entered"]) >= since if category(doc["stage"]) == "done" else not doc.get("archived")
            ):
                needed.add(card)
            else:
                over[card] = doc
        doubtful = self._redated(self._first) & over.keys()
        doubtful |= {card for card, doc in over.items() if category(doc["stage"]) != "done"}
        return needed | self._still_counting(doubtful, since)

    def _still_counting(self, doubtful: set[int], since: datetime) -> set[int]:
        """Those whose document does not show that they were promised for one of the days, or put away in them."""
        if not doubtful:
            return set()
        flows = Flows([self._board]).fold(self._events_of("cards", doubtful, _STANDING), doubtful)
        return {track.card for track in flows.tracks(self._board.id) if self._counts(track, since)}

    def _counts(self, track: Track, since: datetime) -> bool:
        due = promised(track, self._zone)
        return (due is not None and due >= self._first) or (track.archived is not None and track.archived >= since)
