"""What the rest of opstui asks of a store. Small on purpose: another engine can stand behind it later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Protocol, TypeVar

from opstui.domain.events import Batch, Event
from opstui.domain.model import Doc
from opstui.domain.state import Reader, State
from opstui.progress import Progress, silent

T = TypeVar("T")


class StoreError(Exception):
    """The store could not be read or written. Its text says what happened, that nothing was lost, and the next step."""


class Damaged(StoreError):  # noqa: N818 - they say what is the case
    """Bytes in the middle of the journal or the snapshot are not what was written; nothing is guessed."""


class NewerFormat(StoreError):  # noqa: N818
    """A newer opstui wrote this workspace; this one must not write to it."""


class NotWritten(StoreError):  # noqa: N818
    """The disk refused the change (full, failing), and it was rolled back; `in_doubt` when that is not sure."""

    in_doubt: bool = False


class Tx(State, Protocol):
    """A transaction: reads see its own writes; everything is recorded as field patches, old and new."""

    def put(self, table: str, doc_id: int, doc: Doc) -> None:
        """Create a document or replace it; only fields that differ are recorded."""

    def event(self, event: Event) -> None:
        """Record a fact."""


class Store(Reader, Protocol):
    """A workspace's state and history."""

    problem: StoreError | None
    """Why nothing can be written; what was read stays good. Behind a `NewerFormat` there are changes not read."""

    @property
    def seq(self) -> int:
        """The number of the last batch that is part of the state."""

    def settled(self) -> int:
        """The same; while a batch becomes part of the state it is waited for."""

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

    def history_of(self, by: str) -> Iterator[Batch]:
        """The batches of one person, newest first."""

    def events_of(self, table: str, ids: Collection[int], kinds: Collection[str] | None = None) -> Iterator[Batch]:
        """The batches with events on these documents, oldest first, whole; closed history is not searched for them.

        `kinds` leaves other events out of account: "moved", or "edited.due" for those that changed this field.
        """

    def redated(self, first: date) -> set[int]:
        """Cards whose due day was changed from or to one from `first` on; others may be among them."""

    def daily(self, since: date, until: date, zone: tzinfo) -> dict[tuple[date, str, str], int]:
        """How many events of each (day in that zone, kind, board) happened from `since` to before `until`.

        What is on no board (stock, members) counts under "". An event counts when it happened, not when it was told.
        """

    def backup(self, target: Path, progress: Progress = silent) -> int:
        """Copy the workspace's data as of one batch to `target`; returns that batch's number.

        `progress` counts the bytes of the history.
        """

    def tail(self) -> int:
        """How many batches are newer than db.json; each costs an opening some microseconds, and memory."""

    def lags(self, max_tail: int = 500) -> bool:
        """Whether `checkpoint` would write."""

    def checkpoint(self, max_tail: int = 500) -> bool:
        """Write the state to db.json when more than `max_tail` batches are newer than it; failing is harmless."""

    def close(self) -> None:
        """Let go of files; idempotent."""
