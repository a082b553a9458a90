"""A store without files, for tests and demos: the same transactions, nothing durable."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store.codec import batch_of
from opstui.store.core import Core
from opstui.store.image import Image
from opstui.store.protocol import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
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

    def backup(self, target: Path) -> int:
        """Memory has no backup."""
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
