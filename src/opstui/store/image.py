"""The state in memory: plain dicts of documents by integer id, and what is derived from them.

A document is replaced, never changed in place, and a table keeps its ids in order: so a thread that reads while
another applies sees the old document or the new one, whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store.indexes import Lanes, Names
from opstui.store.protocol import Damaged

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator

    from opstui.domain.model import Doc
    from opstui.store.codec import Line, Patch

CARDS = "cards"
"""The table that has lanes and refs."""


class Image:
    """All tables as of batch `seq`, and the last number of every sequence."""

    def __init__(
        self, tables: dict[str, dict[int, Doc]] | None = None, sequences: dict[str, int] | None = None, seq: int = 0
    ) -> None:
        self.tables = tables if tables is not None else {}
        self.sequences = sequences if sequences is not None else {}
        self.seq = seq
        self._lanes: Lanes | None = None
        self._names: Names | None = None

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None."""
        docs = self.tables.get(table)
        return None if docs is None else docs.get(doc_id)

    def ids(self, table: str) -> list[int]:
        """The ids of a table, ascending."""
        return list(self.tables.get(table, ()))

    def items(self, table: str) -> Iterator[tuple[int, Doc]]:
        """The documents of a table as they are now, by id."""
        return iter(list(self.tables.get(table, {}).items()))

    @property
    def lanes(self) -> Lanes:
        """The lanes of the cards, built when first asked for."""
        if self._lanes is None:
            self._lanes = Lanes.of(self.tables.get(CARDS, {}).items())
        return self._lanes

    @property
    def names(self) -> Names:
        """The names of the cards, built when first asked for."""
        if self._names is None:
            self._names = Names.of(self.tables.get(CARDS, {}).items())
        return self._names

    def lane(self, board: str, stage: str) -> array[int]:
        """A copy of a lane's ids."""
        return self.lanes.ids(board, stage)[:]

    def apply(self, line: Line) -> None:
        """Make a batch part of the state.

        Raises:
            Damaged: it changes what is not there.
        """
        for table, doc_id, patch in line.changes:
            before = self.get(table, doc_id)
            after = _patched(before, patch, line.n, table, doc_id)
            self._set(table, doc_id, after)
            if table == CARDS:
                if self._lanes is not None:
                    self._lanes.change(doc_id, before, after)
                if self._names is not None:
                    self._names.change(doc_id, before, after)
        self.sequences.update(line.ids)
        self.seq = line.n

    def _set(self, table: str, doc_id: int, doc: Doc | None) -> None:
        docs = self.tables.get(table)
        if doc is None:
            if docs is not None:
                docs.pop(doc_id, None)
                if not docs:
                    del self.tables[table]
        elif docs is None:
            self.tables[table] = {doc_id: doc}
        elif doc_id in docs or doc_id > next(reversed(docs)):
            docs[doc_id] = doc
        else:
            self.tables[table] = dict(sorted({**docs, doc_id: doc}.items()))


def _patched(before: Doc | None, patch: Patch, n: int, table: str, doc_id: int) -> Doc | None:
    """The document after a patch; a field whose new value is None goes."""
    if not isinstance(patch, dict):
        return patch[1]
    if before is None:
        raise Damaged(
            _("batch {n} changes {table} {id}, which is not there; nothing was changed. Restore a backup").format(
                n=n, table=table, id=doc_id
            )
        )
    after = before.copy()
    for field, (_old, new) in patch.items():
        if new is None:
            after.pop(field, None)
        else:
            after[field] = new
    return after
