"""A transaction: the state as decide sees it, with its own writes on top, and the batch that comes of them.

What is recorded is computed here, by comparing with the state it began on: history and state agree by construction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from opstui.domain.model import Refused, add_up
from opstui.i18n import _
from opstui.store.codec import VERSION, Fact, Line, Patch, fact, pure_doc, utc_time
from opstui.store.index import CARDS, text_of
from opstui.store.indexes import Lanes, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from opstui.domain.events import Batch, Event
    from opstui.domain.model import Doc
    from opstui.store.image import Image

_ID_LIMIT = 2**53
_RESERVED = "_meta"
_encode = msgspec.json.Encoder(order="deterministic").encode


class Transaction:
    """Reads of `base`, writes on top of it. `read_batch` answers `batch` from the history."""

    def __init__(
        self, base: Image, read_batch: Callable[[int], Batch | None], *, at: datetime, by: str, via: str
    ) -> None:
        self._base = base
        self.batch = read_batch
        self._at, self._by, self._via = utc_time(at), by, via
        self._own: dict[str, dict[int, Doc | None]] = {}
        self._read: dict[str, dict[int, Doc | None]] = {}
        self._sequences: dict[str, int] = {}
        self._facts: list[Fact] = []
        self._lanes: Lanes | None = None
        self._names = Names()

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None."""
        own = self._own.get(table)
        if own is not None and doc_id in own:
            return own[doc_id]
        return self.before(table, doc_id)

    def before(self, table: str, doc_id: int) -> Doc | None:
        """The document as it was; read once, so that what was not touched is the very same object later."""
        read = self._read.setdefault(table, {})
        if doc_id not in read:
            read[doc_id] = self._base.get(table, doc_id)
        return read[doc_id]

    def ids(self, table: str) -> Sequence[int]:
        """The ids of a table's documents, ascending."""
        own = self._own.get(table)
        if not own:
            return self._base.ids(table)
        gone = {i for i, doc in own.items() if doc is None}
        return sorted({*self._base.ids(table), *own} - gone)

    def items(self, table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        """Every document of a table, by id; where only some `fields` are asked for, others may miss."""
        if not self._own.get(table):
            yield from self._base.items(table, fields)
            return
        for doc_id in self.ids(table):
            doc = self.get(table, doc_id)
            if doc is not None:
                yield doc_id, doc

    def tables(self) -> list[str]:
        """The names of the tables that hold documents."""
        return [name for name in dict.fromkeys([*self._base.tables(), *self._own]) if len(self.ids(name))]

    def lane(self, board: str, stage: str) -> Sequence[int]:
        """The ids of a stage's cards (archived ones left out) by (rank, id)."""
        if not self._own.get(CARDS):
            return self._base.lanes.ids(board, stage)
        return self._own_lanes().copy(board, stage)

    def archived(self, *boards: str) -> Sequence[int]:
        """The ids of these boards' cards in the archive, those put away last first."""
        return self._own_lanes().archived(boards)

    def stages(self, board: str) -> Sequence[str]:
        """The stage ids of a board that hold cards, by name."""
        return self._own_lanes().stages(board)

    def lane_sums(self, board: str, stage: str) -> Mapping[str, int]:
        """What a stage's cards are worth together (archived ones left out): currency -> minor units."""
        return self._own_lanes().sums(board, stage)

    def search(self, words: Sequence[str]) -> frozenset[int]:
        """The cards in whose text all these words stand."""
        own = self._own.get(CARDS, {})
        texts = {i: text_of(doc) for i, doc in own.items() if doc}
        wanted = [word.encode(errors="replace") for word in words]
        mine = {i for i, text in texts.items() if all(word in text for word in wanted)}
        return self._base.search(words, self._base.held(words)) - own.keys() | mine

    def sums_of(self, cards: Iterable[int]) -> Mapping[str, int]:
        """What these cards are worth together: currency -> minor units."""
        return add_up(doc for card in cards if (doc := self.get(CARDS, card)))

    def _own_lanes(self) -> Lanes:
        if self._lanes is None:
            self._lanes = Lanes(self._base.lanes)
            for doc_id, doc in self._own.get(CARDS, {}).items():
                self._lanes.change(doc_id, self.before(CARDS, doc_id), doc)
        return self._lanes

    def find_ref(self, ref: str) -> int | None:
        """The card of this ref, archived ones too."""
        found = self._names.refs.get(ref) or self._base.find_ref(ref)
        doc = None if found is None else self.get(CARDS, found)
        return found if doc is not None and doc.get("ref") == ref else None

    def find_external(self, source: str, external_id: str) -> int | None:
        """The card imported under this identity."""
        key = (source, external_id)
        found = self._names.externals.get(key) or self._base.find_external(*key)
        doc = None if found is None else self.get(CARDS, found)
        same = doc is not None and (doc.get("source", ""), doc.get("external_id", "")) == key
        return found if same else None

    def next_id(self, sequence: str) -> int:
        """The next number of a sequence: 1, 2, 3 ... never handed out twice."""
        number = self._last(sequence) + 1
        self._sequences[sequence] = number
        return number

    def put(self, table: str, doc_id: int, doc: Mapping[str, Any]) -> None:
        """Create a document or replace it; only fields that differ are recorded.

        Raises:
            Refused: the document holds what JSON cannot, or the id or the table's name is impossible.
        """
        if type(doc_id) is not int or not 0 < doc_id < _ID_LIMIT or table == _RESERVED:
            raise Refused(_("{table} {id} cannot be a document; nothing was changed").format(table=table, id=doc_id))
        self._set(table, doc_id, pure_doc(doc, self.get(table, doc_id) or {}))
        if doc_id > self._last(table):
            self._sequences[table] = doc_id

    def delete(self, table: str, doc_id: int) -> None:
        """Remove a document (only TinyDB's own API does: opstui archives)."""
        self._set(table, doc_id, None)

    def event(self, event: Event) -> None:
        """Record a fact."""
        self._facts.append(fact(event, self._at, self._by, self._via))

    def line(self) -> Line | None:
        """The batch of all this as the journal holds it; None when nothing happened."""
        changes = [
            (table, doc_id, patch)
            for table, docs in self._own.items()
            for doc_id, doc in docs.items()
            if (patch := difference(self.before(table, doc_id), doc))
        ]
        if not changes and not self._facts:
            return None
        return Line(
            n=self._base.seq + 1,
            v=VERSION,
            at=self._at,
            by=self._by,
            via=self._via,
            ids=self._sequences,
            events=self._facts,
            changes=changes,
        )

    def _last(self, sequence: str) -> int:
        return self._sequences.get(sequence) or self._base.sequences.get(sequence, 0)

    def _set(self, table: str, doc_id: int, doc: Doc | None) -> None:
        before = self.get(table, doc_id)
        self._own.setdefault(table, {})[doc_id] = doc
        if table == CARDS:
            self._names.change(doc_id, before, doc)
            if self._lanes is not None:
                self._lanes.change(doc_id, before, doc)


def _differ(old: Any, new: Any) -> bool:
    """Whether two JSON values are not the same; 1, 1.0 and true are equal and not the same, also within others."""
    if type(old) is not type(new) or old != new:
        return True
    return isinstance(new, list | dict) and _encode(old) != _encode(new)


def difference(before: Doc | None, after: Doc | None) -> Patch | None:
    """What turns one document into the other, old and new side by side; None when they are equal."""
    if before is None or after is None:
        return None if before is after else (before, after)
    patch: dict[str, tuple[Any, Any]] = {}
    for field, new in after.items():
        old = before.get(field)
        if old is not new and _differ(old, new):
            patch[field] = (old, new)
    for field, old in before.items():
        if field not in after:
            patch[field] = (old, None)
    return patch or None
