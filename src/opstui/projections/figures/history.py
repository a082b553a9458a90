"""What the cards of a board were doing on a day that is over: read once, then followed, for pages and filters.

Only the cards that a period needs are read (see `CurrentFlows`); a page about a longer period, or a filter about an
earlier day, reads further back once. Cards that were done before the period and still stand there need no history.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, tzinfo
from typing import Protocol, TypeVar

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.events import Batch
from opstui.domain.model import Doc, utc
from opstui.domain.state import Reader
from opstui.metrics.flow import started_within
from opstui.metrics.track import Passage, day_end, day_start, local_day, visits
from opstui.projections.current import CurrentFlows
from opstui.projections.figures.counted import counted
from opstui.projections.figures.lately import Period
from opstui.projections.figures.source import Settled, Source
from opstui.projections.filter_history import WIP
from opstui.projections.flowing import Flowing, first_day
from opstui.projections.pane import FlowLines, flow_lines, lines_of

K = TypeVar("K", Flowing, Period)


class Past(Reader, Protocol):
    """The state, and the history it came from; a store is one."""

    @property
    def seq(self) -> int:
        """The number of the last batch."""

    def history(self, since: int = 0) -> Iterator[Batch]:
        """The batches after `since`, oldest first."""

    def events_of(self, table: str, ids: Collection[int], kinds: Collection[str] | None = None) -> Iterator[Batch]:
        """The batches with events on these documents, oldest first."""

    def redated(self, first: date) -> set[int]:
        """Cards whose due day was changed from or to one from `first` on; others may be among them."""


ALONE = nullcontext()
"""The turn of a thread that is the only one."""


class Standing(Struct, frozen=True):
    """Where a board's cards stood at the end of a local day, or at some time within several."""

    stages: Mapping[int, Collection[str]]
    wip: frozenset[int]
    known: frozenset[int]
    """Cards whose history was read; of the others the document tells."""
    done: frozenset[str]
    """The stages where work is done."""
    since: datetime
    """What was put away before this moment did not stand anywhere any more."""

    def holds(self, doc: Doc, place: str) -> bool:
        """Whether the card stood in that stage (or, for `wip`, was in progress)."""
        card = doc["id"]
        if place == WIP:
            return card in self.wip
        if card in self.known:
            return place in self.stages.get(card, ())
        return doc["stage"] == place and place in self.done and not _away(doc, self.since) and not doc.get("unmade")


def _away(doc: Doc, at: datetime) -> bool:
    """Whether a card that is done was put away before a moment."""
    return bool(doc.get("archived")) and utc(doc.get("put_away") or doc["entered"]) < at


class _Held:
    """The flows of one board, from a day on."""

    def __init__(self, board: Board, first: date, store: Past, settings: Settings) -> None:
        self.first, self.seq = first, store.seq
        self.flows = CurrentFlows(board, first, settings.zone, store.events_of, store.redated)
        self.flows.begin(store, self.seq)
        self.standings: dict[tuple[date, date], Standing] = {}
        self.counts: dict[tuple[str, date, date, date], frozenset[int]] = {}
        self._sums: dict[Hashable, tuple[Flowing | Period, set[int]]] = {}
        """What is kept of the cards, and the cards that have changed since."""

    def follow(self, store: Past) -> None:
        """Take in what came since."""
        seq = store.seq
        if seq != self.seq:
            news = [batch for batch in store.history(self.seq) if batch.n <= seq]
            self.flows.follow(news, store)
            told = {doc for batch in news for table, doc, _patch in batch.changes if table == "cards"}
            for _sums, stale in self._sums.values():
                stale.update(told)
            self.seq = seq
            self.standings.clear()
            self.counts.clear()

    def flowing(self, board: Board, store: Past, as_of: datetime, zone: tzinfo) -> Flowing:
        """How work flows, for the pane."""
        today = local_day(as_of, zone)
        return self._kept((), today, Flowing, lambda: Flowing(board, as_of, zone), store, as_of)

    def period(self, board: Board, store: Past, source: Source) -> Period:
        """What the cards add up to over a period, for a page."""
        first, today, zone = source.first, source.today, source.settings.zone
        return self._kept(source.days, today, Period, lambda: Period(board, first, today, zone), store, source.as_of)

    def _kept(self, key: Hashable, today: date, sort: type[K], make: Callable[[], K], store: Past, at: datetime) -> K:
        """Sums that are kept; only what changed is looked at, as long as the day is the same."""
        found, stale = self._sums.pop(key, (None, set()))
        if not isinstance(found, sort) or found.today != today:
            found, stale = make(), set(self.flows.cards)
        for card in stale & self.flows.cards:
            found.put(card, self.flows.passage(card), store.get("cards", card), at)
        found.settle(at)
        self._sums[key] = found, set()
        return found


class Histories:
    """The histories of a workspace's boards. Where several threads ask, `turn` is their lock."""

    def __init__(self, store: Past, settings: Settings, turn: AbstractContextManager[object] = ALONE) -> None:
        """Nothing is read yet."""
        self._store, self._settings, self._turn = store, settings, turn
        self._held: dict[str, _Held] = {}

    def source(self, *, as_of: datetime, days: int, board: Board | None = None, card: int | None = None) -> Source:
        """What a page is made from; the history is read when the page asks for it."""
        source = Source(
            reader=self._store,
            settings=self._settings,
            as_of=as_of,
            days=days,
            passages=lambda name: self.passages(name, source.first),
            cards=lambda name: self.cards(name, source),
            settled=lambda name: self.settled(name, source.first),
            events_of=self._store.events_of,
            board=board,
            card=card,
        )
        return source

    def passages(self, board: str, first: date) -> list[Passage]:
        """The passages of a board that figures from the day `first` on need; others may be among them."""
        with self._turn:
            held = self._of(board, first)
            return held.flows.passages() if held else []

    def cards(self, board: str, source: Source) -> Period:
        """What a board's cards add up to over the period of a page."""
        found = self._settings.board(board) or Board(id=board, name="", kind="order", prefix="", stages=())
        with self._turn:
            held = self._of(board, source.first)
            if held is None:
                return Period(found, source.first, source.today, self._settings.zone)
            return held.period(found, self._store, source)

    def flow_lines(self, board: Board, as_of: datetime) -> FlowLines:
        """How work flowed over a board in the last thirty days, for the pane."""
        zone = self._settings.zone
        with self._turn:
            held = self._of(board.id, first_day(as_of, zone))
            if held is None:
                return flow_lines(board, (), self._store, self._settings, as_of)
            return lines_of(held.flowing(board, self._store, as_of, zone), self._store, self._settings, as_of)

    def settled(self, board: str, first: date) -> dict[str, Settled]:
        """Done stage -> its cards that were done before what `passages` gives, and were not put away before it."""
        with self._turn:
            held, found = self._of(board, first), self._settings.board(board)
            if held is None or found is None:
                return {}
            done = [stage.id for stage in found.stages if stage.category == "done"]
            gone = self._gone(held, board, day_start(first, self._settings.zone))
            still = {stage: set(self._store.lane(board, stage)) - held.flows.cards for stage in done}
            return {stage: Settled(len(still[stage]), tuple(gone.get(stage, ()))) for stage in done}

    def _gone(self, held: _Held, board: str, since: datetime) -> dict[str, list[datetime]]:
        """Stage -> when those cards of it were put away that are not in the flows, from a moment on."""
        found: dict[str, list[datetime]] = {}
        for card in self._store.archived(board):
            doc = self._store.get("cards", card) or {}
            if _away(doc, since):
                break
            if card not in held.flows.cards and not doc.get("unmade"):
                found.setdefault(doc["stage"], []).append(utc(doc.get("put_away") or doc["entered"]))
        return found

    def standing(self, board: str, first: date, last: date) -> Standing | None:
        """Where a board's cards stood; None for a board that is not there.

        Of one day it is where they stood at its end; of several, where they stood at some time.
        """
        with self._turn:
            held, found = self._of(board, first), self._settings.board(board)
            if held is None or found is None:
                return None
            if (first, last) not in held.standings:
                held.standings[first, last] = self._stood(held, found, first, last)
            return held.standings[first, last]

    def counted(self, board: str, what: str, first: date, last: date, as_of: datetime) -> frozenset[int]:
        """The cards of a board that a figure about these days counted (see `figures.counted`)."""
        with self._turn:
            held, found = self._of(board, first), self._settings.board(board)
            if held is None or found is None:
                return frozenset()
            today = local_day(as_of, self._settings.zone)
            if (key := (what, first, last, today)) not in held.counts:
                source = self.source(as_of=as_of, days=max(1, (today - first).days + 1), board=found)
                held.counts[key] = counted(source, found, what, last)
            return held.counts[key]

    def _of(self, board: str, first: date) -> _Held | None:
        found = self._settings.board(board)
        if found is None:
            return None
        held = self._held.get(board)
        if held is None or held.first > first:
            held = self._held[board] = _Held(found, first, self._store, self._settings)
        else:
            held.follow(self._store)
        return held

    def _stood(self, held: _Held, board: Board, first: date, last: date) -> Standing:
        zone = self._settings.zone
        end = day_end(last, zone)
        start = end if first == last else day_start(first, zone)
        stages: dict[int, list[str]] = {}
        wip = set()
        for passage in held.flows.passages():
            card = passage.track.card
            places = [
                place for place, entered, left in visits(passage.track, end) if _within(entered, left, start, end)
            ]
            if places:
                stages[card] = places
            if started_within(passage, start, end):
                wip.add(card)
        done = frozenset(stage.id for stage in board.stages if stage.category == "done")
        return Standing(stages, frozenset(wip), frozenset(held.flows.cards), done, start)


def _within(entered: datetime, left: datetime, start: datetime, end: datetime) -> bool:
    """Whether a stay was some time between two moments; where they are one, whether it lasted over it."""
    return entered < end and (left > start or (left == start == end))
