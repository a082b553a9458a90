"""A store without files, for tests and demos: the same transactions, nothing durable."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.progress import Progress, silent
from opstui.store.codec import batch_of, of_kind
from opstui.store.core import Core
from opstui.store.image import Image
from opstui.store.index import CARDS
from opstui.store.protocol import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from contextlib import AbstractContextManager
    from datetime import date, tzinfo
    from pathlib import Path

    from opstui.domain.events import Batch
    from opstui.store.codec import Line


class MemoryStore(Core):
    """A workspace's state and history in memory."""

    def __init__(self) -> None:
        super().__init__(Image())
        self._batches: list[Batch] = []

    def batch(self, n: int) -> Batch | None:
        """Batch n of the history."""
        return self._batches[n - 1] if 0 < n <= len(self._batches) else None

    def history(self, since: int = 0) -> Iterator[Batch]:
        """Batches after number `since`, oldest first."""
        yield from self._batches[since:]

    def history_of(self, by: str) -> Iterator[Batch]:
        """The batches of one person, newest first."""
        return (batch for batch in reversed(self._batches) if batch.by == by)

    def events_of(self, table: str, ids: Collection[int], kinds: Collection[str] | None = None) -> Iterator[Batch]:
        """The batches with events on these documents, oldest first, whole; see the protocol."""
        wanted = set(ids)
        for batch in list(self._batches):
            if any(e.table == table and e.id in wanted and of_kind(e.kind, e.changed, kinds) for e in batch.events):
                yield batch

    def redated(self, first: date) -> set[int]:
        """Cards whose due day was changed from or to one from `first` on; others may be among them."""
        days = (
            (event.id, day)
            for batch in self._batches
            for event in batch.events
            if event.table == CARDS and event.kind == "edited"
            for day in event.changed.get("due", ())
        )
        return {card for card, day in days if day and day >= first.isoformat()}

    def daily(self, since: date, until: date, zone: tzinfo) -> dict[tuple[date, str, str], int]:
        """How many events of each (day in that zone, kind, board) happened from `since` to before `until`."""
        boards: dict[int, str] = {}
        counts: dict[tuple[date, str, str], int] = {}
        for event in (event for batch in self._batches for event in batch.events):
            on_board = event.table == CARDS
            if on_board and event.kind == "created":
                boards[event.id] = event.data.get("board", "")
            day = event.at.astimezone(zone).date()
            if since <= day < until:
                key = day, event.kind, boards.get(event.id, "") if on_board else ""
                counts[key] = counts.get(key, 0) + 1
        return counts

    def backup(self, target: Path, progress: Progress = silent) -> int:
        """Memory has no backup."""
        del progress
        raise StoreError(_("a workspace in memory cannot be backed up to {target}").format(target=target))

    def checkpoint(self, max_tail: int = 500) -> bool:
        """Nothing to bring up to date."""
        del max_tail
        return False

    def close(self) -> None:
        """Nothing more can be written; idempotent."""
        self._close()

    def _alone(self, by: str) -> AbstractContextManager[None]:
        del by
        return nullcontext()

    def _take_in(self) -> list[Batch]:
        return []

    def _keep(self, line: Line) -> None:
        self._batches.append(batch_of(line))
