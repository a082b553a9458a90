"""What TinyDB's own tests expect of a table, expected of ours: each of these runs on both.

The few deliberate differences stand in one table at the end, as docs/storage.md lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb import operations as op
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from opstui.domain.model import Refused
from opstui.store.file import open_store
from opstui.store.memory import MemoryStore
from store.making import new_store


@pytest.fixture(params=["ours", "plain"])
def db(request: pytest.FixtureRequest) -> TinyDB:
    """Three documents in the default table, as in TinyDB's own tests."""
    made: TinyDB = MemoryStore().db if request.param == "ours" else TinyDB(storage=MemoryStorage)
    made.insert_multiple({"int": 1, "char": c} for c in "abc")
    return made


class Row(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    def __getitem__(self, key: str) -> Any:
        return self._fields[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def rows(table: Any) -> list[tuple[int, dict[str, Any]]]:
    return [(doc.doc_id, dict(doc)) for doc in table.all()]


def after(change: Callable[[TinyDB], Any]) -> Callable[[TinyDB], Any]:
    """What a change returns, and what is there then."""
    return lambda db: (change(db), rows(db))


A, B, C = ({"int": 1, "char": c} for c in "abc")
ANSWERS: list[tuple[Callable[[Any], Any], Any]] = [
    # ids
    (lambda db: db.insert(Document({}, 12)), 12),
    (lambda db: (db.insert(Document({}, 77)), db.insert({}), db.insert_multiple([{}, {}])), (77, 78, [79, 80])),
    (lambda db: db.insert_multiple([Document({}, 12), Document({}, 77)]), [12, 77]),
    (lambda db: (db.upsert(Document({"k": 1}, doc_id=5)), db.insert({})), ([5], 6)),
    (lambda db: (db.remove(doc_ids=[2]), db.insert({})), ([2], 4)),
    # inserting
    (after(lambda db: db.insert(Row(int=2))), (4, [(1, A), (2, B), (3, C), (4, {"int": 2})])),
    (lambda db: (db.insert_multiple([Row(int=2), Row(int=3)]), db.count(where("int") > 1)), ([4, 5], 2)),
    (lambda db: (db.insert_multiple({"n": i} for i in range(10)), len(db))[1], 13),
    (lambda db: db.insert_multiple(iter([])), []),
    # updating
    (after(lambda db: db.update({"int": 2}, where("char") == "a")), ([1], [(1, {**A, "int": 2}), (2, B), (3, C)])),
    (lambda db: (db.update(Row(int=4), doc_ids=[3]), db.get(doc_id=3)), ([3], {**C, "int": 4})),
    (lambda db: (db.update({"new": True}), db.count(where("new") == True)), ([1, 2, 3], 3)),  # noqa: E712 - TinyDB's way
    (lambda db: db.update({"x": 1}, where("char") == "z"), []),
    (lambda db: (db.update({"n": {"a": [1]}}, doc_ids=[1]), db.get(where("n").a.any([1]))["char"]), ([1], "a")),
    (lambda db: db.update_multiple([({"int": 2}, where("char") == "a"), ({"int": 4}, where("char") == "b")]), [1, 2]),
    (lambda db: db.update_multiple([]), []),
    (lambda db: db.upsert({"int": 5}, where("char") == "a"), [1]),
    (lambda db: (db.upsert({"int": 9}, where("char") == "x"), len(db)), ([4], 4)),
    # operations
    (lambda db: (db.update(op.delete("int"), doc_ids=[1]), db.get(doc_id=1)), ([1], {"char": "a"})),
    (lambda db: (db.update(op.add("int", 5), doc_ids=[1]), db.get(doc_id=1)["int"]), ([1], 6)),
    (lambda db: (db.update(op.add("char", "xyz"), doc_ids=[1]), db.get(doc_id=1)["char"]), ([1], "axyz")),  # type: ignore[arg-type]
    (lambda db: (db.update(op.subtract("int", 5), doc_ids=[1]), db.get(doc_id=1)["int"]), ([1], -4)),
    (lambda db: (db.update(op.set("char", "z"), doc_ids=[1]), db.get(doc_id=1)["char"]), ([1], "z")),
    (lambda db: (db.update(op.increment("int"), doc_ids=[1]), db.get(doc_id=1)["int"]), ([1], 2)),
    (lambda db: (db.update(op.decrement("int"), doc_ids=[1]), db.get(doc_id=1)["int"]), ([1], 0)),
    # removing
    (after(lambda db: db.remove(where("char") == "b")), ([2], [(1, A), (3, C)])),
    (lambda db: (db.remove(where("int") == 1), len(db)), ([1, 2, 3], 0)),
    (lambda db: (db.remove(doc_ids=[1, 2]), len(db)), ([1, 2], 1)),
    (lambda db: (db.truncate(), len(db), db.all()), (None, 0, [])),
    (lambda db: (db.drop_tables(), len(db), db.tables()), (None, 0, set())),
    # looking
    (lambda db: [doc.doc_id for doc in db.search(where("int").exists())], [1, 2, 3]),
    (lambda db: db.search(where("missing").exists()), []),
    (lambda db: db.search(lambda doc: doc.get("char") == "b"), [B]),
    (lambda db: db.search((Query().char == "a") | ~Query().char.one_of(["a", "b"])), [A, C]),
    (lambda db: db.search(Query().fragment({"int": 1, "char": "c"})), [C]),
    (lambda db: db.search(Query().char.matches("[bc]")), [B, C]),
    (lambda db: db.search(Query().char.test(lambda text: text > "a")), [B, C]),
    (lambda db: db.search(Query().int.map(lambda n: n + 1) == 2)[0].doc_id, 1),
    (lambda db: (db.get(where("char") == "b"), type(db.get(where("char") == "b"))), (B, Document)),
    (lambda db: db.get(doc_id=float("NaN")), None),
    (lambda db: (db.get(doc_id=1), db.get(doc_id=88)), (A, None)),
    (lambda db: db.get(doc_ids=[doc.doc_id for doc in db.all()]), [A, B, C]),
    (lambda db: (db.count(where("int") == 1), db.count(where("char") == "d")), (3, 0)),
    (lambda db: (db.contains(where("int") == 1), db.contains(where("int") == 0)), (True, False)),
    (lambda db: (db.contains(doc_id=1), db.contains(doc_id=88)), (True, False)),
    (lambda db: list(db) == db.all() and list(db.table("t")) == [], True),
    (lambda db: db.all() is not db.all() and db.all()[0] is not db.all()[0], True),
    # tables
    (lambda db: (db.table("u").insert({}), db.table("t").insert({}), sorted(db.tables()))[2], ["_default", "t", "u"]),
    (lambda db: db.table("t") is db.table("t"), True),
    (lambda db: (db.table("t").name, db.default_table_name), ("t", "_default")),
    (
        lambda db: (db.table("t").insert({"a": 1}), db.drop_table("t"), "t" in db._tables, db.tables())[2:],
        (False, {"_default"}),
    ),
    (lambda db: db.drop_table("nothing"), None),
    (lambda db: isinstance(db.storage, type(db._storage)), True),
    (lambda db: re.sub(r"^<\w+ ", "", repr(db))[:36], "tables=['_default'], tables_count=1,"),
    (lambda db: re.sub(r"^<\w+ | storage.*", "", repr(db.table("t"))), "name='t', total=0,"),
]


@pytest.mark.parametrize(("ask", "wanted"), ANSWERS)
def test_both_answer(db: TinyDB, ask: Callable[[TinyDB], Any], wanted: Any) -> None:
    assert ask(db) == wanted


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda db: db.insert(Document({}, 1)), ValueError),
        (lambda db: db.insert_multiple([{}, Document({}, 1)]), ValueError),
        (lambda db: db.insert(object()), ValueError),
        (lambda db: db.insert([1, 2]), ValueError),
        (lambda db: db.insert({"bark"}), ValueError),
        (lambda db: db.insert_multiple({"first": "John", "last": "Smith"}), ValueError),
        (lambda db: db.upsert({"no id": "no query"}), ValueError),
        (lambda db: db.remove(), RuntimeError),
        (lambda db: db.get(), RuntimeError),
        (lambda db: db.contains(), RuntimeError),
        (lambda db: db.update(op.increment("missing"), doc_ids=[1]), KeyError),
        (lambda db: setattr(db.table("t"), "name", "u"), AttributeError),
    ],
)
def test_both_refuse(db: TinyDB, ask: Callable[[TinyDB], Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(db)
    assert rows(db) == [(1, A), (2, B), (3, C)]


def test_two_databases_are_two(db: TinyDB) -> None:
    other = MemoryStore().db
    other.insert({"color": "blue"})
    assert (len(db), len(other)) == (3, 1)


def test_opened_again_ids_go_on_and_looking_writes_nothing(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    with store.db as db:
        db.insert_multiple({"n": n} for n in range(5))
        db.remove(where("n") == 4)
    store.close()
    again = open_store(tmp_path / "w")
    assert again.db.insert({}) == 6
    seq = again.seq
    assert (len(again.db.all()), again.db.search(where("n") == 9), again.db.remove(doc_ids=[99])) == (5, [], [])
    assert again.seq == seq


# ------------------------------------------------------------------------------------------ deliberate differences


def _raises(change: Callable[[], Any]) -> type[BaseException] | None:
    try:
        change()
    except Exception as error:  # noqa: BLE001 - which one is the answer
        return type(error)
    return None


DIFFERENCES: dict[str, tuple[Callable[[TinyDB], Any], Any, Any]] = {
    "an id is never handed out twice": (lambda db: (db.truncate(), db.insert({}))[1], 1, 4),
    "queries are not cached: others write, too": (
        lambda db: (db.search(where("int") == 1), len(db._query_cache))[1],
        1,
        0,
    ),
    "a field set to None is gone": (lambda db: (db.insert({"a": None}), db.get(doc_id=4))[1], {"a": None}, {}),
    "a table without documents is no table": (
        lambda db: "empty" in (db.table("empty", persist_empty=True), db.tables())[1],
        True,
        False,
    ),
    "ids are positive": (lambda db: _raises(lambda: db.insert(Document({}, 0))), None, Refused),
    "only JSON is kept, and it is refused at once": (
        lambda db: _raises(lambda: db.insert({"a": float("nan")})),
        None,
        Refused,
    ),
    "a number is taken only by what is written": (lambda db: [db._get_next_id() for _n in "ab"], [4, 5], [4, 4]),
}


def test_the_document_lists_the_differences() -> None:
    text = (Path(__file__).parents[2] / "docs" / "storage.md").read_text()
    listed = text.partition("## As TinyDB\n")[2].partition("\n## ")[0]
    assert re.findall(r"^- (.+)$", listed, re.MULTILINE) == list(DIFFERENCES)


@pytest.mark.parametrize(("ask", "plain", "ours"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_the_differences_are_these(ask: Callable[[TinyDB], Any], plain: Any, ours: Any) -> None:
    for answer, made in ((plain, TinyDB(storage=MemoryStorage)), (ours, MemoryStore().db)):
        made.insert_multiple({"int": 1, "char": c} for c in "abc")
        assert ask(made) == answer
