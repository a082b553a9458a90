"""What the rest of opstui asks of a store. Small on purpose: another engine can stand behind it later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from opstui.domain.events import Batch, Event
from opstui.domain.model import Doc

T = TypeVar("T")


class StoreError(Exception):
    """The store could not be read or written. Its text says what happened, that nothing was lost, and the next step."""


class Damaged(StoreError):
    """Bytes in the middle of the journal or the snapshot are not what was written; nothing is guessed."""


class NewerFormat(StoreError):
    """A newer opstui wrote this workspace; this one must not write to it."""


class NotWritten(StoreError):
    """The change was refused by the disk (full, read-only, failing) and rolled back. `in_doubt` when that is not sure."""

    in_doubt: bool = False


class Reader(Protocol):
    """The state as decide and the projections read it. Documents are not to be changed in place."""

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None."""

    def ids(self, table: str) -> Sequence[int]:
        """The ids of a table's documents, ascending."""

    def items(self, table: str) -> Iterator[tuple[int, Doc]]:
        """Every document of a table, by id."""

    def lane(self, board: str, stage: str) -> Sequence[int]:
        """The ids of a stage's cards (archived ones left out) by (rank, id)."""

    def find_external(self, source: str, external_id: str) -> int | None:
        """The card imported under this identity."""

    def find_ref(self, ref: str) -> int | None:
        """The card of this ref (ORD-0042), archived ones too."""

    def batch(self, n: int) -> Batch | None:
        """Batch n of the history."""


class Tx(Reader, Protocol):
    """A transaction: reads see its own writes; everything is recorded as field patches, old and new."""

    def put(self, table: str, doc_id: int, doc: Doc) -> None:
        """Create a document or replace it; only fields that differ are recorded."""

    def event(self, event: Event) -> None:
        """Record a fact."""

    def next_id(self, sequence: str) -> int:
        """The next number of a sequence (a table's name, or a ref prefix): 1, 2, 3 ... never handed out twice."""


class Store(Reader, Protocol):
    """A workspace's state and history."""

    @property
    def seq(self) -> int:
        """The number of the last batch that is part of the state."""

    def transact(self, change: Callable[[Tx], T], *, at: datetime, by: str, via: str) -> tuple[T, Batch | None]:
        """Run `change` alone on fresh state, make what it did durable, and only then return.

        The batch is None when nothing changed. When `change` raises, nothing is kept.

        Raises:
            StoreError: nothing was kept, unless the error says it is in doubt.
        """

    def catch_up(self) -> list[Batch]:
        """Take in what others wrote since; never waits for a lock."""

    def history(self, since: int = 0) -> Iterator[Batch]:
        """Batches after number `since`, oldest first, up to `seq`."""

    def backup(self, target: Path) -> int:
        """Copy the workspace's data as of one batch to `target`; returns that batch's number."""

    def close(self) -> None:
        """Let go of files; idempotent."""
