"""What every store shares: reading the state, the order of a transaction, and which batches are still to be told.

Two locks. `_turn` is held for a whole transaction, `_mu` only while a batch becomes part of the state: so the console
goes on reading while a change waits for another process or for the disk.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from opstui.i18n import _
from opstui.store.codec import batch_of
from opstui.store.protocol import Damaged, StoreError
from opstui.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime, tzinfo

    from opstui.domain.events import Batch
    from opstui.domain.model import Doc
    from opstui.store.codec import Line
    from opstui.store.image import Image
    from opstui.store.tables import StateDB

T = TypeVar("T")
_INTERRUPTED = _(
    "a change was interrupted while it was being written, and whether it was kept is not sure. Nothing more is written "
    "from here: close this workspace, open it again, and look"
)


class Core(ABC):
    """A store on some `Image`; what differs is how to be alone, what others wrote, and where a line is kept."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._mu = threading.RLock()
        self._turn = threading.RLock()
        self._running: tuple[int, Transaction] | None = None
        self._untold: list[Batch] = []
        self._searched: tuple[tuple[tuple[str, ...], int], frozenset[int]] | None = None
        self._closed = False
        self.problem: StoreError | None = None
        """Why nothing can be written any more; the state can still be read."""

    @property
    def seq(self) -> int:
        """The number of the last batch that is part of the state."""
        return self._image.seq

    def settled(self) -> int:
        """The same; while a batch becomes part of the state it is waited for."""
        with self._mu:
            return self._image.seq

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None."""
        return self._image.get(table, doc_id)

    def ids(self, table: str) -> Sequence[int]:
        """The ids of a table's documents, ascending."""
        with self._mu:
            return self._image.ids(table)

    def items(self, table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        """Every document of a table as it is now, by id; where only some `fields` are asked for, others may miss."""
        with self._mu:
            return self._image.items(table, fields)

    def tables(self) -> list[str]:
        """The names of the tables that hold documents."""
        with self._mu:
            return self._image.tables()

    def lane(self, board: str, stage: str) -> Sequence[int]:
        """The ids of a stage's cards (archived ones left out) by (rank, id)."""
        with self._mu:
            return self._image.lane(board, stage)

    def archived(self, *boards: str) -> Sequence[int]:
        """The ids of these boards' cards in the archive, those put away last first."""
        with self._mu:
            return self._image.lanes.archived(boards)

    def stages(self, board: str) -> Sequence[str]:
        """The stage ids of a board that hold cards (archived ones left out), by name."""
        with self._mu:
            return self._image.lanes.stages(board)

    def lane_sums(self, board: str, stage: str) -> Mapping[str, int]:
        """What a stage's cards are worth together (archived ones left out): currency -> minor units."""
        with self._mu:
            return self._image.lanes.sums(board, stage)

    def search(self, words: Sequence[str]) -> frozenset[int]:
        """The cards in whose text all these words stand. The last answer is kept: every lane of a board asks.

        Reading the snapshot through keeps nobody else waiting.
        """
        known = self._searched
        if known is None or known[0] != (tuple(words), self.seq):
            image = self._image
            held = image.held(words)
            with self._mu:
                if self._image is not image:  # another snapshot has come meanwhile, and holds other cards
                    held = self._image.held(words)
                self._searched = known = (tuple(words), self.seq), self._image.search(words, held)
        return known[1]

    def sums_of(self, cards: Iterable[int]) -> Mapping[str, int]:
        """What these cards are worth together: currency -> minor units."""
        with self._mu:
            return self._image.sums_of(cards)

    def find_ref(self, ref: str) -> int | None:
        """The card of this ref, archived ones too."""
        with self._mu:
            return self._image.find_ref(ref)

    def find_external(self, source: str, external_id: str) -> int | None:
        """The card imported under this identity."""
        with self._mu:
            return self._image.find_external(source, external_id)

    def transact(
        self, change: Callable[[Transaction], T], *, at: datetime, by: str, via: str
    ) -> tuple[T, Batch | None]:
        """Run `change` alone on fresh state, make what it did durable, and only then return.

        The batch is None when nothing changed. When `change` raises, nothing is kept.

        Raises:
            StoreError: nothing was kept, unless the error says it is in doubt.
        """
        with self._turn:
            if self._running is not None:
                raise RuntimeError("a transaction cannot hold another")
            self._check()
            with self._alone(by):
                self._untold += self._take_in()
                self._check()
                transaction = Transaction(self._image, self.batch, at=at, by=by, via=via)
                self._running = threading.get_ident(), transaction
                try:
                    result = change(transaction)
                finally:
                    self._running = None
                line = transaction.line()
                if line is None:
                    return result, None
                try:
                    self._keep(line)
                    with self._mu:
                        self._image.apply(line, transaction.before)
                except (StoreError, OSError):
                    raise
                except BaseException:  # ^C, above all: the line may be there, and the state does not know it
                    self.problem = self.problem or StoreError(_INTERRUPTED)
                    raise
        return result, batch_of(line)

    def catch_up(self) -> list[Batch]:
        """Take in what others wrote since; never waits. While a change of our own is under way: nothing yet.

        Raises:
            Damaged: what follows cannot be read.
        """
        if not self._turn.acquire(blocking=False):
            return []
        try:
            if self._running is not None:
                return []
            told, self._untold = [*self._untold, *self._take_in()], []
            if not told and isinstance(self.problem, Damaged):
                raise self.problem
            return told
        finally:
            self._turn.release()

    @property
    def running(self) -> Transaction | None:
        """The transaction of the calling thread, if it is inside one."""
        running = self._running
        return running[1] if running is not None and running[0] == threading.get_ident() else None

    @cached_property
    def db(self) -> StateDB:
        """The state as a TinyDB; what is written through it is journalled like everything else."""
        from opstui.store.tables import StateDB  # noqa: PLC0415 - who never asks for it does not load TinyDB

        return StateDB(self)

    def refresh(self) -> None:
        """Take in what others wrote; `catch_up` will still tell of it."""
        if self._turn.acquire(blocking=False):
            try:
                if self._running is None:
                    self._untold += self._take_in()
            finally:
                self._turn.release()

    def tail(self) -> int:
        """How many batches are newer than db.json."""
        return 0

    def lags(self, max_tail: int = 500) -> bool:  # noqa: ARG002 - one that has none never lags
        """Whether db.json is so far behind that it should be written anew."""
        return False

    @abstractmethod
    def batch(self, n: int) -> Batch | None:
        """Batch n of the history."""

    @abstractmethod
    def history(self, since: int = 0) -> Iterator[Batch]:
        """Batches after number `since`, oldest first, up to `seq`."""

    @abstractmethod
    def history_of(self, by: str) -> Iterator[Batch]:
        """The batches of one person, newest first."""

    @abstractmethod
    def events_of(self, table: str, ids: Collection[int], kinds: Collection[str] | None = None) -> Iterator[Batch]:
        """The batches with events on these documents, oldest first, whole; see the protocol."""

    @abstractmethod
    def redated(self, first: date) -> set[int]:
        """Cards whose due day was changed from or to one from `first` on; others may be among them."""

    @abstractmethod
    def daily(self, since: date, until: date, zone: tzinfo) -> dict[tuple[date, str, str], int]:
        """How many events of each (day in that zone, kind, board) happened from `since` to before `until`."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files; idempotent."""

    @abstractmethod
    def _alone(self, by: str) -> AbstractContextManager[None]:
        """Nobody else writes meanwhile, and the end of the history is sound."""

    @abstractmethod
    def _take_in(self) -> list[Batch]:
        """Apply what others wrote."""

    @abstractmethod
    def _keep(self, line: Line) -> None:
        """Make a line durable."""

    def _check(self) -> None:
        if self.problem is not None:
            raise self.problem

    def _close(self) -> None:
        self._closed = True
        self.problem = self.problem or StoreError(_("this workspace is closed; open it again"))
