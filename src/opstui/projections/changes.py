"""What documents were and what they are, since a batch: for sums that follow the state instead of walking over it.

A batch tells of each field what it was, so a document as it was follows from the one that is there now: nobody has to
keep what was added up to take it out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from opstui.domain.events import Batch
from opstui.domain.model import Doc

T = TypeVar("T")
Key = tuple[str, int]
Differences = dict[Key, tuple[Doc | None, Doc | None]]
"""(table, id) -> the document as it was and as it is; None where there was, or is, none."""


class Followed(Protocol):
    """A state that batch after batch made; a store is one."""

    @property
    def seq(self) -> int:
        """The number of the last batch."""

    def settled(self) -> int:
        """The same; while a batch becomes part of the state it is waited for."""

    def history(self, since: int = 0) -> Iterator[Batch]:
        """The batches after `since`, oldest first."""

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None."""

    def items(self, table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        """Every document of a table, by id."""


def differences(state: Followed, since: int) -> tuple[int, Differences]:
    """The last batch now, and what it and those after batch `since` have made of the documents they changed."""

    def read() -> tuple[list[Batch], dict[Key, Doc | None]]:
        upto = state.settled()
        batches = [batch for batch in state.history(since) if batch.n <= upto] if upto > since else []
        return batches, {(table, i): state.get(table, i) for batch in batches for table, i, _patch in batch.changes}

    upto, (batches, now) = steady(state, read)
    before = dict(now)
    for batch in reversed(batches):
        for table, doc_id, patch in reversed(batch.changes):
            before[table, doc_id] = _as_it_was(before[table, doc_id], patch)
    return upto, {key: (before[key], doc) for key, doc in now.items()}


def steady(state: Followed, read: Callable[[], T]) -> tuple[int, T]:
    """The last batch, and what was read of the state as of it: read again should one have come meanwhile."""
    while True:
        begun = state.settled()
        found = read()
        if state.settled() == begun:
            return begun, found


def _as_it_was(doc: Doc | None, patch: Mapping[str, tuple[Any, Any]] | tuple[Any, Any]) -> Doc | None:
    if not isinstance(patch, Mapping):
        was: Doc | None = patch[0]
        return was
    fields = {**(doc or {}), **{field: old for field, (old, _new) in patch.items()}}
    return {field: value for field, value in fields.items() if value is not None}
