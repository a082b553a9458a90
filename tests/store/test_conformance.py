"""What every store must do, whatever is under it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opstui.domain.events import Batch, Event
from opstui.domain.model import Refused
from opstui.store.core import Core
from opstui.store.memory import MemoryStore
from opstui.store.protocol import Store, StoreError
from opstui.store.transaction import Transaction
from store.making import AT, add, card, change, contents, new_store, run


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Core]:
    made: Core = MemoryStore() if request.param == "memory" else new_store(tmp_path / "w")
    yield made
    made.close()


def test_it_is_a_store(store: Core) -> None:
    as_promised: Store = store if isinstance(store, MemoryStore) else new_store(Path(store.path) / "again")  # type: ignore[attr-defined]
    assert as_promised.seq == 0


def test_a_change_is_part_of_the_state_and_of_the_history(store: Core) -> None:
    assert add(store) == 1
    batch = change(store, 1, title="Batik", note="wrap it")
    assert batch is not None
    assert (batch.n, batch.by, batch.via, batch.at) == (2, "rina", "cli", AT)
    assert batch.changes == (("cards", 1, {"title": ("Card 1", "Batik"), "note": (None, "wrap it")}),)
    assert store.get("cards", 1) == card(1, title="Batik", note="wrap it")
    assert store.seq == 2
    assert list(store.history(1)) == [batch]
    assert store.batch(2) == batch
    assert [b.n for b in store.history()] == [1, 2]


@pytest.mark.parametrize("n", [-1, 0, 3])
def test_a_batch_that_is_not_there_is_none(store: Core, n: int) -> None:
    add(store)
    add(store)
    assert store.batch(n) is None


def test_events_keep_their_own_time_author_and_way(store: Core) -> None:
    before = AT - timedelta(days=400, microseconds=3)
    jakarta = before.astimezone(timezone(timedelta(hours=7)))
    told = Event(
        kind="moved",
        table="cards",
        id=1,
        at=jakarta,
        by="shop",
        via="import",
        changed={"stage": ("new", None)},
        data={"x": 1},
    )
    batch = run(store, lambda tx: tx.event(told))[1]
    assert batch is not None
    assert batch.events == (told,)
    assert list(store.history()) == [batch]


def test_created_events_do_not_repeat_the_document(store: Core) -> None:
    event = Event(kind="created", table="cards", id=1, at=AT, by="rina", via="cli", changed={"title": (None, "x")})
    batch = run(store, lambda tx: tx.event(event))[1]
    assert batch is not None
    assert batch.events[0].changed == {}


def test_nothing_changed_is_no_batch(store: Core) -> None:
    add(store)
    answer, batch = run(store, lambda tx: (tx.put("cards", 1, card(1)), tx.next_id("cards")))  # type: ignore[func-returns-value]
    assert (answer[1], batch, store.seq) == (2, None, 1)


def test_when_the_change_raises_nothing_is_kept(store: Core) -> None:
    add(store)
    before = contents(store)

    def fails(tx: Transaction) -> None:
        tx.put("cards", tx.next_id("cards"), card(2))
        tx.put("cards", 1, card(1, stage="payment"))
        raise KeyError("no")

    with pytest.raises(KeyError):
        run(store, fails)
    assert contents(store) == before
    assert list(store.lane("orders", "new")) == [1]
    assert add(store) == 2


def test_a_transaction_sees_its_own_writes(store: Core) -> None:
    for _n in range(3):
        add(store)

    def look(tx: Transaction) -> None:
        assert list(tx.lane("orders", "new")) == [1, 2, 3]
        tx.put("cards", 4, card(4, ref="ORD-9", source="olist", external_id="e", rank=1.5))
        tx.put("cards", 2, card(2, stage="payment", ref="ORD-7"))
        assert list(tx.lane("orders", "new")) == [1, 4, 3]
        tx.put("cards", 3, card(3, archived=True))
        tx.delete("cards", 1)
        assert list(tx.lane("orders", "new")) == [4]
        assert list(tx.lane("orders", "payment")) == [2]
        assert list(tx.ids("cards")) == [2, 3, 4]
        assert [i for i, _doc in tx.items("cards")] == [2, 3, 4]
        assert tx.get("cards", 1) is None
        assert (tx.find_ref("ORD-9"), tx.find_ref("ORD-7"), tx.find_ref("ORD-0002"), tx.find_ref("ORD-0001")) == (
            4,
            2,
            None,
            None,
        )
        assert (tx.find_external("olist", "e"), tx.find_external("olist", "f")) == (4, None)
        assert list(tx.ids("nothing")) == []
        assert tx.next_id("cards") == 5

    run(store, look)
    assert list(store.lane("orders", "new")) == [4]
    assert list(store.lane("orders", "payment")) == [2]
    assert store.find_external("olist", "e") == 4
    assert (store.find_ref("ORD-7"), store.find_ref("ORD-0002")) == (2, None)


def test_lanes_follow_stage_rank_and_archive(store: Core) -> None:
    for _n in range(4):
        add(store)
    assert list(store.lane("orders", "new")) == [1, 2, 3, 4]
    change(store, 4, rank=1.5)
    change(store, 1, stage="payment")
    change(store, 2, archived=True)
    change(store, 3, rank=1.5)
    assert list(store.lane("orders", "new")) == [3, 4]
    change(store, 2, archived=None)
    assert list(store.lane("orders", "new")) == [3, 4, 2]
    assert list(store.lane("orders", "payment")) == [1]
    assert list(store.lane("orders", "nowhere")) == []


def test_the_archive_of_a_board_has_what_was_put_away_last_on_top(store: Core) -> None:
    for _n in range(4):
        add(store)
    assert list(store.archived("orders")) == []
    change(store, 2, archived=True, put_away="2026-09-21T05:00:00Z")
    change(store, 4, archived=True, put_away="2026-09-22T05:00:00Z")
    change(store, 1, archived=True, put_away="2026-09-20T05:00:00Z")
    assert list(store.archived("orders")) == [4, 2, 1]
    assert list(store.archived("feedback")) == list(store.archived()) == []
    assert list(store.archived("orders", "feedback")) == [4, 2, 1]
    assert list(store.stages("orders")) == ["new"]
    change(store, 4, put_away="not a time")
    change(store, 2, archived=None, put_away=None)
    assert list(store.archived("orders")) == [1, 4]

    def look(tx: Transaction) -> None:
        tx.put("cards", 3, card(3, archived=True, put_away="2026-09-23T05:00:00Z"))
        assert list(tx.archived("orders")) == [3, 1, 4]

    run(store, look)
    assert list(store.archived("orders")) == [3, 1, 4]


def test_a_lane_that_was_handed_out_does_not_change(store: Core) -> None:
    add(store)
    seen = store.lane("orders", "new")
    add(store)
    assert list(seen) == [1]


def test_numbers_are_never_handed_out_twice(store: Core) -> None:
    def take(tx: Transaction, doc_id: int) -> tuple[int, int]:
        tx.put("x", doc_id, {"a": 1})
        return tx.next_id("ORD"), tx.next_id("x")

    assert run(store, lambda tx: take(tx, 7))[0] == (1, 8)
    assert run(store, lambda tx: take(tx, 12))[0] == (2, 13)
    run(store, lambda tx: tx.delete("x", 12))
    assert run(store, lambda tx: tx.next_id("x"))[0] == 14


def test_tables_stay_in_order_of_their_ids(store: Core) -> None:
    for doc_id in (5, 2, 9, 1):
        run(store, lambda tx, i=doc_id: tx.put("notes", i, {"n": i}))  # type: ignore[misc]
    assert list(store.ids("notes")) == [1, 2, 5, 9]
    assert [i for i, _doc in store.items("notes")] == [1, 2, 5, 9]


def test_what_is_kept_is_what_json_gives_back(store: Core) -> None:
    mine: dict[str, Any] = {
        "tags": ("a", "b"),
        "deep": {"list": [1, (2, None)]},
        "none": None,
        "truth": True,
        "f": 1e300,
    }
    run(store, lambda tx: tx.put("notes", 1, mine))
    mine["deep"]["list"].append("later")
    kept = {"tags": ["a", "b"], "deep": {"list": [1, [2, None]]}, "truth": True, "f": 1e300}
    assert store.get("notes", 1) == kept
    assert [b.changes for b in store.history()] == [(("notes", 1, (None, kept)),)]


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        2**63,
        -(2**63) - 1,
        "\ud800",
        {1: "x"},
        {"\udfff": 1},
        {1, 2},
        b"x",
        datetime.now(UTC),
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_json_cannot_hold_is_refused(store: Core, value: Any) -> None:
    for doc in ({"v": value}, {"v": [{"deep": value}]}):
        with pytest.raises(Refused, match="nothing was changed"):
            run(store, lambda tx, doc=doc: tx.put("notes", 1, doc))  # type: ignore[misc]
    with pytest.raises(Refused):
        run(
            store,
            lambda tx: tx.event(Event(kind="edited", table="x", id=1, at=AT, by="a", via="b", data={"v": value})),
        )
    assert (store.seq, store.tables()) == (0, [])


@pytest.mark.parametrize(
    ("table", "doc_id"), [("x", 0), ("x", -1), ("x", 2**53), ("x", True), ("x", "1"), ("_meta", 1)]
)
def test_impossible_documents_are_refused(store: Core, table: str, doc_id: Any) -> None:
    with pytest.raises(Refused):
        run(store, lambda tx: tx.put(table, doc_id, {"a": 1}))


def test_a_time_without_a_zone_is_an_error(store: Core) -> None:
    with pytest.raises(ValueError, match="zone"):
        store.transact(lambda tx: tx.put("x", 1, {}), at=datetime(2026, 9, 1), by="a", via="b")  # noqa: DTZ001


def test_a_transaction_cannot_hold_another(store: Core) -> None:
    with pytest.raises(RuntimeError):
        run(store, lambda tx: add(store))
    assert add(store) == 1


def test_catching_up_inside_a_change_waits(store: Core) -> None:
    assert run(store, lambda tx: store.catch_up())[0] == []


def test_ones_own_batches_are_not_told_again(store: Core) -> None:
    add(store)
    assert store.catch_up() == []


def test_closed_it_can_be_read_but_not_changed(store: Core) -> None:
    add(store)
    store.close()
    store.close()
    assert store.get("cards", 1) == card(1)
    assert store.catch_up() == []
    with pytest.raises(StoreError, match="closed"):
        add(store)


def test_odd_documents_stand_in_no_lane(store: Core) -> None:
    odd: list[dict[str, Any]] = [
        {},
        {"board": 3, "stage": []},
        {"ref": "R"},
        {"board": "b", "stage": "s", "rank": "high"},
    ]
    for number, doc in enumerate(odd, 1):
        run(store, lambda tx, number=number, doc=doc: tx.put("cards", number, doc))  # type: ignore[misc]
    assert list(store.lane("b", "s")) == [4]
    assert store.find_ref("R") == 3
    assert store.find_ref("") is None


JAKARTA = ZoneInfo("Asia/Jakarta")


def happened(store: Core, kind: str, number: int, at: datetime = AT, table: str = "cards", **more: Any) -> Batch:
    event = Event(kind=kind, table=table, id=number, at=at, by="rina", via="cli", **more)
    batch = run(store, partial(Transaction.event, event=event))[1]
    assert batch is not None
    return batch


def test_what_concerns_a_document_is_found(store: Core) -> None:
    add(store)
    add(store)
    moved = happened(store, "moved", 1, changed={"stage": ("new", "payment")})
    due = happened(store, "edited", 1, changed={"due": (None, "2026-09-09")})
    title = happened(store, "edited", 1, changed={"title": ("a", "b")})
    other = happened(store, "moved", 2, changed={"stage": ("new", "payment")})
    stock = happened(store, "stock_recorded", 1, table="products")
    first, second = list(store.history())[:2]
    assert list(store.events_of("cards", {1})) == [first, moved, due, title]
    assert list(store.events_of("cards", {1, 2})) == [first, second, moved, due, title, other]
    assert list(store.events_of("products", {1})) == [stock]
    assert list(store.events_of("cards", {1, 2}, {"moved", "edited.due"})) == [moved, due, other]
    assert list(store.events_of("cards", {9})) == list(store.events_of("nothing", {1})) == []
    assert list(store.events_of("cards", ())) == []
    assert store.redated(date(2026, 9, 9)) == {1}
    assert store.redated(date(2026, 9, 10)) == set()


def test_events_are_counted_on_the_day_they_happened(store: Core) -> None:
    add(store)
    late = datetime(2026, 9, 1, 17, 30, tzinfo=UTC)
    happened(store, "moved", 1, late)
    happened(store, "moved", 1, late - timedelta(days=30))
    happened(store, "stock_recorded", 4, late, table="products")
    happened(store, "commented", 77, late)
    first, second, third = (date(2026, 9, day) for day in (1, 2, 3))
    assert store.daily(first, third, JAKARTA) == {
        (first, "created", "orders"): 1,
        (second, "moved", "orders"): 1,
        (second, "stock_recorded", ""): 1,
        (second, "commented", ""): 1,
    }
    assert set(store.daily(first, second, JAKARTA)) == {(first, "created", "orders")}
    assert store.daily(first, first, JAKARTA) == {}
    assert len(store.daily(first, second, ZoneInfo("UTC"))) == 4


def test_one_persons_batches_come_newest_first(store: Core) -> None:
    for by in ("rina", "budi", "rina"):
        store.transact(lambda tx: tx.put("notes", tx.next_id("notes"), {"text": by}), at=AT, by=by, via="cli")  # noqa: B023
    assert [batch.n for batch in store.history_of("rina")] == [3, 1]
    assert [batch.n for batch in store.history_of("rin")] == []
