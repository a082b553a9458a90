"""The state through TinyDB's own interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from opstui.store.core import Core
from opstui.store.file import open_store
from opstui.store.memory import MemoryStore
from opstui.store.tables import StateDB
from opstui.store.transaction import Transaction
from store.making import add, card, contents, new_store, run


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Core]:
    made: Core = MemoryStore() if request.param == "memory" else new_store(tmp_path / "w")
    yield made
    made.close()


@pytest.fixture(params=["ours", "plain"])
def db(request: pytest.FixtureRequest) -> TinyDB:
    """What TinyDB does, ours does, too: these tests run on both."""
    return MemoryStore().db if request.param == "ours" else TinyDB(storage=MemoryStorage)


def test_reads_see_the_state_and_changes_are_journalled(store: Core) -> None:
    add(store)
    cards = store.db.table("cards")
    assert cards.search(where("stage") == "new") == [card(1)]
    assert cards.update({"stage": "payment"}, where("ref") == "ORD-0001") == [1]
    batch = store.batch(2)
    assert batch is not None
    assert (batch.by, batch.via, batch.changes) == ("tinydb", "api", (("cards", 1, {"stage": ("new", "payment")}),))
    assert list(store.lane("orders", "payment")) == [1]


def test_other_handles_are_seen_and_told_of(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    other = open_store(store.path)
    other.db.table("notes").insert({"a": 1})
    assert store.db.table("notes").all() == [{"a": 1}]
    assert [b.n for b in store.catch_up()] == [1]


def test_inside_a_transaction_it_is_part_of_it(store: Core) -> None:
    def change(tx: Transaction) -> None:
        tx.put("notes", 1, {"a": 1})
        notes = store.db.table("notes")
        assert notes.all() == [{"a": 1}]
        assert notes.insert({"a": 2}) == 2
        assert store.db.tables() == {"notes"}
        raise KeyError

    with pytest.raises(KeyError):
        run(store, change)
    assert store.db.tables() == set()
    assert store.seq == 0


def test_documents_handed_out_are_copies(store: Core) -> None:
    table = store.db.table("notes")
    table.insert({"tags": ["a"]})
    found: list[Any] = [table.get(doc_id=1), table.all()[0], table.search(where("tags").any(["a"]))[0]]
    found += [table.get(where("tags").exists()), *table.get(doc_ids=[1])]
    for doc in found:
        doc["tags"].append("b")
    assert store.get("notes", 1) == {"tags": ["a"]}


def test_ids_are_not_used_again(store: Core) -> None:
    notes = store.db.table("notes")
    notes.insert_multiple([{"a": 1}, {"a": 2}])
    notes.truncate()
    assert notes.insert({"a": 3}) == 3
    store.db.drop_table("notes")
    assert store.db.table("notes").insert({"a": 4}) == 4


def test_a_failing_write_keeps_nothing(store: Core) -> None:
    notes = store.db.table("notes")
    with pytest.raises(ValueError, match="already exists"):
        notes.insert_multiple([{"a": 1}, Document({"a": 2}, doc_id=9), Document({"a": 3}, doc_id=9)])
    assert (len(notes), store.seq) == (0, 0)


def test_writes_of_one_call_are_one_batch(store: Core) -> None:
    store.db.table("notes").insert_multiple({"a": n} for n in range(5))
    store.db.table("notes").upsert({"a": 9}, where("a") == 99)
    assert store.seq == 2
    assert store.db.table("notes").insert_multiple([]) == []
    assert store.seq == 2


def test_an_untouched_document_is_not_copied(store: Core) -> None:
    store.db.table("notes").insert_multiple({"a": n} for n in range(5))
    seen = store.get("notes", 1)
    store.db.table("notes").update({"b": 1}, where("a") > 2)
    assert store.get("notes", 1) is seen


def test_reopened_it_is_the_same(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    store.db.insert({"in": "default"})
    store.db.table("notes").insert({"tags": ["a"], "n": 1})
    store.db.table("notes").update(increment("n"))
    store.db.table("notes").remove(doc_ids=[7])
    again = open_store(store.path)
    assert contents(again) == {"_default": {1: {"in": "default"}}, "notes": {1: {"tags": ["a"], "n": 2}}}
    assert isinstance(again.db, StateDB)


# ------------------------------------------------------------------------------------------ as TinyDB itself


def fill(db: TinyDB) -> Any:
    table = db.table("t", persist_empty=True)
    assert table.insert_multiple([{"n": 1, "k": "a"}, {"n": 2, "k": "b"}, {"n": 3, "k": "b"}]) == [1, 2, 3]
    return table


def rows(table: Any) -> list[tuple[int, dict[str, Any]]]:
    return [(doc.doc_id, dict(doc)) for doc in table]


def test_reading(db: TinyDB) -> None:
    t = fill(db)
    assert (len(t), t.count(where("k") == "b"), t.contains(where("n") == 9), t.contains(doc_id=2)) == (
        3,
        2,
        False,
        True,
    )
    assert [d.doc_id for d in t.search(where("k") == "b")] == [2, 3]
    assert t.get(where("k") == "b").doc_id == 2
    assert (t.get(doc_id=9), t.get(where("n") == 9)) == (None, None)
    assert [d.doc_id for d in t.get(doc_ids=[3, 1, 9])] == [1, 3]
    assert db.tables() == {"t"}
    with pytest.raises(RuntimeError):
        t.get()


def test_updating(db: TinyDB) -> None:
    t = fill(db)
    assert t.update({"x": 1}, where("k") == "b") == [2, 3]
    assert t.update(delete("x"), doc_ids=[2, 9]) == [2]
    assert t.update(increment("n")) == [1, 2, 3]
    assert t.update_multiple(
        [({"k": "c"}, where("k") == "a"), (increment("n"), where("k") == "c"), ({"z": 0}, where("n") == 4)]
    ) == [1, 1, 3]
    assert rows(t) == [(1, {"n": 3, "k": "c"}), (2, {"n": 3, "k": "b"}), (3, {"n": 4, "k": "b", "x": 1, "z": 0})]


def test_upserting(db: TinyDB) -> None:
    t = fill(db)
    assert t.upsert({"k": "z"}, where("n") == 2) == [2]
    assert t.upsert({"n": 9}, where("n") == 9) == [4]
    assert t.upsert(Document({"n": 7}, doc_id=1)) == [1]
    assert t.upsert(Document({"n": 8}, doc_id=8)) == [8]
    assert rows(t) == [
        (1, {"n": 7, "k": "a"}),
        (2, {"n": 2, "k": "z"}),
        (3, {"n": 3, "k": "b"}),
        (4, {"n": 9}),
        (8, {"n": 8}),
    ]
    with pytest.raises(ValueError, match="doc_id"):
        t.upsert({"n": 1})


def test_removing(db: TinyDB) -> None:
    t = fill(db)
    assert t.remove(where("k") == "b") == [2, 3]
    assert t.remove(doc_ids=[2, 1]) == [1]
    assert len(t) == 0
    with pytest.raises(RuntimeError):
        t.remove()
    fill_again = db.table("u")
    fill_again.insert({"a": 1})
    db.drop_table("u")
    db.drop_table("nothing")
    assert db.table("u").all() == []
    db.drop_tables()
    assert db.tables() == set()


def test_inserting_what_is_no_document(db: TinyDB) -> None:
    t = fill(db)
    with pytest.raises(ValueError, match="Mapping"):
        t.insert([1])
    with pytest.raises(ValueError, match="Mapping"):
        t.insert_multiple([{"a": 1}, 3])
    with pytest.raises(ValueError, match="already exists"):
        t.insert(Document({"n": 1}, doc_id=2))
    assert len(t) == 3
