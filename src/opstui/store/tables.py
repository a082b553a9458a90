"""The state as TinyDB: its documented extension points, Storage and Table, over a store.

Everything TinyDB reads is the state as it is now, and everything written through it is a transaction like any other.
Deliberate differences from TinyDB as shipped: ids are never handed out twice, queries are not cached (others write,
too), a field set to None is gone, a table without documents is no table, ids are positive integers.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from opstui.store.codec import pure

if TYPE_CHECKING:
    from collections.abc import Callable

    from opstui.domain.model import Doc
    from opstui.store.core import Core
    from opstui.store.transaction import Transaction

T = TypeVar("T")


class Rows(Mapping[str, "Doc"]):
    """A table as TinyDB reads it: documents by their id as text."""

    def __init__(self, reader: Core | Transaction, name: str) -> None:
        self._reader, self.name = reader, name

    def __getitem__(self, key: str) -> Doc:
        doc = self._reader.get(self.name, int(key)) if key.isdecimal() else None
        if doc is None:
            raise KeyError(key)
        return doc

    def __iter__(self) -> Iterator[str]:
        return map(str, self._reader.ids(self.name))

    def __len__(self) -> int:
        return len(self._reader.ids(self.name))

    def items(self) -> ItemsView[str, Doc]:
        """Id and document, without a look-up for each."""
        return _Items(self)

    def pairs(self) -> Iterator[tuple[int, Doc]]:
        """The same with integer ids."""
        return self._reader.items(self.name)


class _Items(ItemsView[str, "Doc"]):
    _mapping: Rows

    def __iter__(self) -> Iterator[tuple[str, Doc]]:
        return ((str(doc_id), doc) for doc_id, doc in self._mapping.pairs())


class Touched(MutableMapping[int, "Doc"]):
    """A table as TinyDB's updaters change it: a document is copied when it is touched, and only those are written."""

    def __init__(self, transaction: Transaction, name: str) -> None:
        self._transaction, self._name = transaction, name
        self._docs: dict[int, Doc] = {}

    def __getitem__(self, doc_id: int) -> Doc:
        if doc_id not in self._docs:
            doc = self._transaction.get(self._name, doc_id)
            if doc is None:
                raise KeyError(doc_id)
            self._docs[doc_id] = pure(doc)
        return self._docs[doc_id]

    def __setitem__(self, doc_id: int, doc: Mapping[str, Any]) -> None:
        self._docs[doc_id] = dict(doc)
        self._transaction.put(self._name, doc_id, doc)

    def __delitem__(self, doc_id: int) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._docs.pop(doc_id, None)
        self._transaction.delete(self._name, doc_id)

    def __contains__(self, doc_id: object) -> bool:
        return isinstance(doc_id, int) and self._transaction.get(self._name, doc_id) is not None

    def __iter__(self) -> Iterator[int]:
        return iter(list(self._transaction.ids(self._name)))

    def __len__(self) -> int:
        return len(self._transaction.ids(self._name))

    def clear(self) -> None:
        """Remove every document."""
        for doc_id in self:
            del self[doc_id]

    def settle(self) -> None:
        """Write what was changed in place."""
        for doc_id, doc in self._docs.items():
            self._transaction.put(self._name, doc_id, doc)


class StateStorage(Storage):
    """TinyDB's storage: reads the store, writes differences to it as `tinydb` via `api`."""

    def __init__(self, store: Core) -> None:
        self._store = store

    def read(self) -> dict[str, Any]:
        """The tables as they are now, with the writes of this thread's transaction.

        A fresh dict each time: TinyDB deletes from it.
        """
        reader = self._reader()
        return {name: Rows(reader, name) for name in reader.tables()}

    def rows(self, name: str) -> Rows:
        """One table."""
        return Rows(self._reader(), name)

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Make the tables equal to `data` (dropping tables ends here)."""
        self.change(lambda transaction: _become(transaction, data))

    def change(self, change: Callable[[Transaction], T]) -> T:
        """Run a change as a transaction, or as part of the one this thread is in."""
        running = self._store.running
        if running is not None:
            return change(running)
        return self._store.transact(change, at=datetime.now(UTC), by="tinydb", via="api")[0]

    def _reader(self) -> Core | Transaction:
        running = self._store.running
        if running is not None:
            return running
        self._store.refresh()
        return self._store


def _become(transaction: Transaction, data: Mapping[str, Mapping[Any, Any]]) -> None:
    for name in {*transaction.tables(), *data}:
        docs = data.get(name, {})
        if isinstance(docs, Rows) and docs.name == name:
            continue
        wanted = {int(key): doc for key, doc in docs.items()}
        for doc_id in transaction.ids(name):
            if doc_id not in wanted:
                transaction.delete(name, doc_id)
        for doc_id, doc in wanted.items():
            transaction.put(name, doc_id, doc)


class StateTable(Table):
    """TinyDB's table. Conditions are resolved to ids before anything is copied."""

    _storage: StateStorage

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:  # noqa: FBT001, FBT002 - TinyDB's signature
        del cache_size, persist_empty
        super().__init__(storage, name, cache_size=0)

    def _read_table(self) -> Rows:  # type: ignore[override]
        return self._storage.rows(self._name)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        def change(transaction: Transaction) -> None:
            table = Touched(transaction, self._name)
            updater(table)
            table.settle()

        self._storage.change(change)

    def _get_next_id(self) -> int:
        return self._storage.change(lambda transaction: transaction.next_id(self._name))

    def insert(self, document: Mapping[str, Any]) -> int:
        """Add a document; its id is the next of the table."""
        return self._storage.change(lambda _transaction: super(StateTable, self).insert(document))

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add documents, all or none."""
        return self._storage.change(lambda _transaction: super(StateTable, self).insert_multiple(documents))

    def update(self, fields: Any, cond: Any = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Set fields of the documents that match."""

        def change(_transaction: Transaction) -> list[int]:
            return super(StateTable, self).update(fields, None, self._resolve(cond) if doc_ids is None else doc_ids)

        return self._storage.change(change)

    def update_multiple(self, updates: Iterable[tuple[Any, Any]]) -> list[int]:
        """Set different fields of the documents that match different conditions."""
        pairs = list(updates)

        def change(_transaction: Transaction) -> list[int]:
            touched: list[int] = []
            for doc_id in self._resolve(lambda doc: any(cond(doc) for _fields, cond in pairs)):
                for fields, cond in pairs:
                    if cond(self.get(doc_id=doc_id)):
                        touched += super(StateTable, self).update(fields, None, [doc_id])
            return touched

        return self._storage.change(change)

    def upsert(self, document: Mapping[str, Any], cond: Any = None) -> list[int]:
        """Set fields of the documents that match, or add one."""
        return self._storage.change(lambda _transaction: super(StateTable, self).upsert(document, cond))

    def remove(self, cond: Any = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Remove the documents that match."""
        if cond is None and doc_ids is None:
            return super().remove()

        def change(_transaction: Transaction) -> list[int]:
            return super(StateTable, self).remove(None, self._resolve(cond) if doc_ids is None else doc_ids)

        return self._storage.change(change)

    def search(self, cond: Any) -> list[Document]:
        """The documents that match, as copies."""
        return [Document(pure(doc), doc_id) for doc_id, doc in self._read_table().pairs() if cond(doc)]

    def get(self, cond: Any = None, doc_id: int | None = None, doc_ids: list[int] | None = None) -> Any:
        """The document of an id, or the first that matches; with `doc_ids` a list, by id."""
        rows = self._read_table()
        if doc_id is not None:
            return self._copy(rows, doc_id)
        if doc_ids is not None:
            return [doc for i in sorted({int(i) for i in doc_ids}) if (doc := self._copy(rows, i)) is not None]
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        return next((Document(pure(doc), i) for i, doc in rows.pairs() if cond(doc)), None)

    def __iter__(self) -> Iterator[Document]:
        return (Document(pure(doc), doc_id) for doc_id, doc in self._read_table().pairs())

    def _copy(self, rows: Rows, doc_id: int) -> Document | None:
        doc = rows.get(str(doc_id))
        return None if doc is None else Document(pure(doc), doc_id)

    def _resolve(self, cond: Any) -> list[int]:
        return [doc_id for doc_id, doc in self._read_table().pairs() if cond is None or cond(doc)]


class StateDB(TinyDB):
    """The TinyDB of a store. Closing it leaves the store open."""

    table_class = StateTable
    default_storage_class = StateStorage  # type: ignore[assignment]
