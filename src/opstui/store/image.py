"""The state as one session holds it: a snapshot that stays on the disk, and over it what changed since.

Of a document that is in the snapshot only the changed fields are kept. They are replaced, never changed in place, so a
thread that reads while another applies sees the old document or the new one, whole.
"""

from __future__ import annotations

from heapq import merge
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from opstui.domain.model import worth
from opstui.i18n import _
from opstui.store.index import CARDS, text_of
from opstui.store.indexes import INDEXED, Lanes, Names
from opstui.store.protocol import Damaged

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence

    from opstui.domain.model import Doc
    from opstui.store.base import Base
    from opstui.store.codec import Line, Patch

_encode = msgspec.json.Encoder().encode


class Over:
    """What became of one table's documents since the snapshot."""

    def __init__(self) -> None:
        self.new: dict[int, Doc] = {}
        """Documents that are not in the snapshot, by id."""
        self.patched: dict[int, dict[str, Any]] = {}
        """Fields over documents that are; None: the field is gone."""
        self.gone: set[int] = set()
        """Documents of the snapshot that are no more."""

    def copy(self) -> Over:
        """What it says now."""
        twin = Over()
        twin.new, twin.patched, twin.gone = dict(self.new), dict(self.patched), set(self.gone)
        return twin

    def ids(self) -> set[int]:
        """Every document it says something of."""
        return {*self.new, *self.patched, *self.gone}

    def put(self, doc_id: int, doc: Doc) -> None:
        """A new document, by id."""
        if self.new and doc_id not in self.new and doc_id < next(reversed(self.new)):
            self.new = dict(sorted({**self.new, doc_id: doc}.items()))
        else:
            self.new[doc_id] = doc


class Image:
    """All tables as of batch `seq`, and the last number of every sequence."""

    def __init__(self, base: Base | None = None, sequences: dict[str, int] | None = None, seq: int = 0) -> None:
        """The state in a snapshot, or none yet."""
        self.base = base
        self.sequences = sequences if sequences is not None else {}
        self.seq = seq
        self._over: dict[str, Over] = {}
        self._lanes: Lanes | None = None
        self._names: Names | None = None
        self._texts: dict[int, bytes] = {}
        """Of cards that changed since the snapshot and were looked through."""

    @property
    def inode(self) -> int:
        """Which file the snapshot is; 0 for none."""
        return self.base.inode if self.base else 0

    def fill(self, tables: Mapping[str, Mapping[int, Doc]]) -> Image:
        """Hold these documents too; returns itself."""
        for name, docs in tables.items():
            over = self._over.setdefault(name, Over())
            for doc_id, doc in docs.items():
                over.put(doc_id, doc)
        return self

    def frozen(self) -> Image:
        """The state as it is now, which nothing changes any more."""
        twin = Image(self.base, dict(self.sequences), self.seq)
        twin._over = {name: over.copy() for name, over in self._over.items()}
        return twin

    def tables(self) -> list[str]:
        """The names of the tables that hold documents."""
        names = dict.fromkeys([*(self.base.tables if self.base else ()), *self._over])
        return [name for name in names if len(self.ids(name))]

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None."""
        over = self._over.get(table)
        if over is None:
            return self.base.get(table, doc_id) if self.base else None
        doc = over.new.get(doc_id)
        if doc is not None or self.base is None:
            return doc
        patch = over.patched.get(doc_id)
        if doc_id in over.gone:
            return None
        doc = self.base.get(table, doc_id)
        return doc if patch is None or doc is None else patched(doc, patch)

    def ids(self, table: str) -> Sequence[int]:
        """The ids of a table, ascending."""
        over = self._over.get(table)
        held = self.base.ids(table) if self.base else ()
        if over is None or not (over.new or over.gone):
            return held
        if over.gone:
            held = [doc_id for doc_id in held if doc_id not in over.gone]
        new = list(over.new)
        return [*held, *new] if not (new and held) or held[-1] < new[0] else sorted([*held, *new])

    def items(self, table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        """The documents of a table as they are now, by id; where only some `fields` are asked for, others may miss."""
        over = self._over[table].copy() if table in self._over else Over()
        held = chain.from_iterable(self._held(table, over, fields))
        new, last = over.new.items(), max(self.base.ids(table)[-1:], default=0) if self.base else 0
        return chain(held, new) if last < min(over.new, default=last + 1) else merge(held, new, key=itemgetter(0))

    def _held(self, table: str, over: Over, fields: frozenset[str] | None) -> Iterator[ItemsView[int, Doc]]:
        """In pieces, for there is not much to be done to most of them."""
        for docs in self.base.pieces(table, fields) if self.base else ():
            for doc_id in docs.keys() & over.gone:
                del docs[doc_id]
            for doc_id in docs.keys() & over.patched.keys():
                docs[doc_id] = patched(docs[doc_id], over.patched[doc_id])
            yield docs.items()

    def lines(self, table: str) -> Iterator[tuple[int, bytes]]:
        """The documents of a table as JSON, by id: those that did not change as they stand in the snapshot."""
        over = self._over.get(table, Over())
        held = self._held_lines(table, over) if self.base else iter(())
        new = ((doc_id, _encode(doc)) for doc_id, doc in over.new.items())
        return merge(held, new, key=itemgetter(0)) if over.new else held

    def _held_lines(self, table: str, over: Over) -> Iterator[tuple[int, bytes]]:
        assert self.base is not None
        for doc_id, line in self.base.lines(table):
            if doc_id in over.patched:
                yield doc_id, _encode(self.get(table, doc_id))
            elif doc_id not in over.gone:
                yield doc_id, line

    @property
    def lanes(self) -> Lanes:
        """The lanes of the cards; what changed since the snapshot is put in place when they are first asked for."""
        if self._lanes is None:
            lanes = Lanes(self.base.lanes if self.base else None)
            for doc_id in sorted(self._changed()):
                lanes.change(doc_id, self._before(doc_id), self.get(CARDS, doc_id))
            self._lanes = lanes
        return self._lanes

    @property
    def names(self) -> Names:
        """The names of the cards that changed since the snapshot."""
        if self._names is None:
            names = Names()
            for doc_id in sorted(self._changed()):
                names.change(doc_id, self._before(doc_id), self.get(CARDS, doc_id))
            self._names = names
        return self._names

    def _before(self, doc_id: int) -> Doc | None:
        return self.base.get(CARDS, doc_id) if self.base else None

    def find_ref(self, ref: str) -> int | None:
        """The card of this ref, archived ones too."""
        found = self.names.refs.get(ref) or (self.base.find_ref(ref) if self.base else None)
        doc = None if found is None else self.get(CARDS, found)
        return found if doc is not None and doc.get("ref") == ref else None

    def find_external(self, source: str, external_id: str) -> int | None:
        """The card imported under this identity."""
        key = source, external_id
        found = self.names.externals.get(key) or (self.base.find_external(key) if self.base else None)
        doc = None if found is None else self.get(CARDS, found)
        same = doc is not None and (doc.get("source", ""), doc.get("external_id", "")) == key
        return found if same else None

    def held(self, words: Sequence[str]) -> list[int]:
        """The cards of the snapshot in whose text all these words stand: it never changes, so this needs no lock."""
        return self.base.search([word.encode(errors="replace") for word in words]) if self.base else []

    def search(self, words: Sequence[str], held: Iterable[int]) -> frozenset[int]:
        """The cards in whose text all these words stand; `held` are those of the snapshot."""
        wanted = [word.encode(errors="replace") for word in words]
        found = set(held)
        changed = self._changed()
        found -= changed
        for doc_id in changed:
            text = self._texts.get(doc_id)
            if text is None:
                doc = self.get(CARDS, doc_id)
                if doc is None:
                    continue
                text = self._texts[doc_id] = text_of(doc)
            if all(word in text for word in wanted):
                found.add(doc_id)
        return frozenset(found)

    def sums_of(self, cards: Iterable[int]) -> dict[str, int]:
        """What these cards are worth together: currency -> minor units."""
        changed = self._changed()
        held = [card for card in cards if card not in changed] if changed else list(cards)
        sums = self.base.worth(held) if self.base else {}
        for card in cards if changed else ():
            if card in changed and (doc := self.get(CARDS, card)):
                currency, amount = worth(doc)
                sums[currency] = sums.get(currency, 0) + amount
        return sums

    def _changed(self) -> set[int]:
        return self._over[CARDS].ids() if CARDS in self._over else set()

    def lane(self, board: str, stage: str) -> array[int]:
        """A lane's ids, which stay as they are."""
        return self.lanes.copy(board, stage)

    def apply(self, line: Line, read: Callable[[str, int], Doc | None] | None = None) -> None:
        """Make a batch part of the state. `read` gives documents as they were, if somebody has them at hand.

        Raises:
            Damaged: it changes what is not there.
        """
        watching = self._lanes is not None or self._names is not None
        for table, doc_id, patch in line.changes:
            if not watching or table != CARDS or (isinstance(patch, dict) and patch.keys().isdisjoint(INDEXED)):
                self._set(table, doc_id, patch, line.n)
                continue
            before = (read or self.get)(table, doc_id)
            self._set(table, doc_id, patch, line.n)
            after = patch[1] if not isinstance(patch, dict) else patched(before or {}, _fields(patch))
            if self._lanes is not None:
                self._lanes.change(doc_id, before, after)
            if self._names is not None:
                self._names.change(doc_id, before, after)
        self.sequences.update(line.ids)
        self.seq = line.n

    def _set(self, table: str, doc_id: int, patch: Patch, n: int) -> None:
        over = self._over.get(table)
        if over is None:
            over = self._over[table] = Over()
        if table == CARDS:
            self._texts.pop(doc_id, None)
        held = self.base is not None and doc_id not in over.gone and self.base.has(table, doc_id)
        if isinstance(patch, dict):
            fields = _fields(patch)
            if doc_id in over.new:
                over.new[doc_id] = patched(over.new[doc_id], fields)
            elif held:
                over.patched[doc_id] = {**over.patched.get(doc_id, {}), **fields}
            else:
                raise _not_there(n, table, doc_id)
            return
        doc = patch[1]
        if held:
            over.gone.add(doc_id)
            over.patched.pop(doc_id, None)
        if doc is None:
            over.new.pop(doc_id, None)
        else:
            over.put(doc_id, doc)


def _fields(patch: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    return {field: new for field, (_old, new) in patch.items()}


def patched(doc: Doc, fields: Mapping[str, Any]) -> Doc:
    """A document with these fields set; one whose new value is None goes."""
    after = {**doc, **fields}
    if None in fields.values():
        return {field: value for field, value in after.items() if value is not None}
    return after


def _not_there(n: int, table: str, doc_id: int) -> Damaged:
    return Damaged(
        _(
            "batch {n} changes {table} {id}, which is not there; nothing was changed. `opstui doctor` says what to do"
        ).format(n=n, table=table, id=doc_id)
    )
