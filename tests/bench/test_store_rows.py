"""The store's rows: that the same is done on both sides, that a loss is counted, that every row is there."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path
from typing import Any

import pytest

from bench import writers
from bench.console import wander
from bench.ledger import Ledger
from bench.opened import look
from bench.opening import opening
from bench.plan import Plan, quick
from bench.processes import anonymous_mb, cpu_ms, pss_mb
from bench.shop import LANES
from bench.stalls import stalls
from bench.store_write import bytes_of_a_move, durable_write, move, scattered
from bench.writers import SQLITE
from opstui.store import FileStore, open_store


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return dataclasses.replace(quick(tmp_path), stores=(40,), tails=(0, 3), turns=3)


def _docs(count: int) -> list[dict[str, Any]]:
    return [{"id": n, "board": "orders", "stage": "new", "rank": float(-n)} for n in range(1, count + 1)]


def test_the_yardstick_does_what_we_do(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.fill(_docs(3))
    assert ledger.lanes("orders") == {"new": [3, 2, 1]}
    ledger.move(2, "payment", 7.0, 400)
    assert ledger.lanes("orders") == {"new": [3, 1], "payment": [2]}
    assert ledger.card(2) == {"id": 2, "board": "orders", "stage": "payment", "rank": 7.0}
    ledger.close()
    again = Ledger(tmp_path / "ledger.db")
    again.note("one")
    again.note("two")
    assert again.kept() == (3, 2)
    with pytest.raises(TypeError):
        again.move(99, "new", 1.0, 400)
    again.note("three")
    assert again.kept() == (4, 3)
    again.close()


def test_a_move_is_a_move(plan: Plan) -> None:
    store = open_store(plan.shop(40))
    before = {number: doc["stage"] for number, doc in store.items("cards")}
    numbers = scattered(40)
    moved = [next(numbers) for _ in range(40)]
    assert sorted(moved) == sorted(before)
    size = bytes_of_a_move(store)
    assert 300 < size < 600
    for number in moved:
        move(store, number)
    stages = [*LANES, next(iter(LANES))]
    once = {number: stages[stages.index(stage) + 1] for number, stage in before.items()}
    assert {number: doc["stage"] for number, doc in store.items("cards") if number != 1} == {
        number: stage for number, stage in once.items() if number != 1
    }
    store.close()


def test_every_write_has_its_row(plan: Plan) -> None:
    plan = dataclasses.replace(plan, stores=(40, 60), rounds=2, turns=4)
    rows = durable_write(plan)
    assert [row.what.split(",")[0] for row in rows] == [
        *["durable write"] * 2,
        *["SQLite WAL FULL: a move"] * 2,
        *["TinyDB as it ships: one update"] * 2,
        "durable write",
    ]
    assert len({row.yardstick for row in rows[:-1]}) == 1
    assert [row.terms for row in rows] == ["2 x", "2 x", "", "", "", "", "1.25 x"]
    assert all(row.value > 0 for row in rows)


@pytest.mark.parametrize("engine", [SQLITE, "ours"])
def test_writers_lose_nothing_and_every_batch_is_timed(tmp_path: Path, engine: str) -> None:
    together = writers._round(engine, tmp_path / "w", 2, 6)
    assert (len(together.took), together.lost) == (12, 0)
    assert writers._kept(engine, tmp_path / "w") == (12, 12)
    assert together.rate > 0


@pytest.mark.parametrize("engine", [SQLITE, "ours"])
def test_a_lost_batch_is_counted(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = writers._kept
    monkeypatch.setattr(writers, "_kept", lambda *asked: (kept(*asked)[0], kept(*asked)[1] - 2))
    assert writers._round(engine, tmp_path / "w", 1, 3).lost == 2


def test_rounds_are_joined() -> None:
    joined = writers._together([writers.Round([1.0, 2.0], 10.0, 1), writers.Round([3.0], 30.0, 2)])
    assert joined == writers.Round([1.0, 2.0, 3.0], 20.0, 3)
    assert [row.verdict for row in writers._rows(8, "ours", joined, joined)] == ["ok", "", "over"]


def test_both_ways_to_wait_for_the_disk_are_measured_where_there_are_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def one(path: Path) -> FileStore:
        asked.append("plain")
        return open_store(path)

    def two(path: Path, sync: str = "inside") -> FileStore:
        asked.append(sync)
        return open_store(path)

    writers._make("ours", tmp_path / "w")
    for opener in (one, two):
        monkeypatch.setattr(writers, "open_store", opener)
        for mode in writers.sync_modes():
            writers.open_with(tmp_path / "w", mode).close()
    assert asked == ["plain", "inside", "after"]


def test_opening_has_rows_for_each_tail(plan: Plan) -> None:
    rows = opening(plan)
    assert [row.limit for row in rows] == pytest.approx([5.0, 20.0, None, 5.045, 20.0, None])
    assert all(row.value >= 0 and row.yardstick for row in rows)
    assert "40 cards, 120 events, tail 3" in rows[3].what


def test_a_screenful_is_read_from_all_lanes() -> None:
    assert look({"new": range(100), "closed": range(200, 300)}, lambda n: n) == [*range(30), *range(200, 230)]
    assert look({}, lambda n: n) == []


def test_upkeep_is_measured_while_writes_go_on(plan: Plan) -> None:
    rows = stalls(plan)
    assert [row.what.split(",")[0] for row in rows[:2]] == [
        "a write while another session writes db.json",
        "a session goes on with the new db.json",
    ]
    assert all(row.limit == 50.0 and row.value > 0 for row in rows)


def test_a_process_is_seen_to_work_and_to_hold() -> None:
    spent, held = cpu_ms(os.getpid()), anonymous_mb()
    end = time.process_time() + 0.05
    while time.process_time() < end:
        sum(range(1000))
    hoard = bytearray(b"x" * 30_000_000)
    assert cpu_ms(os.getpid()) - spent > 40
    assert anonymous_mb() - held > 25
    assert pss_mb(os.getpid()) > 25
    del hoard


@pytest.mark.parametrize("cards", [40, 100, 1000, 100_000])
def test_no_key_meets_a_lane_s_end(cards: int) -> None:
    shortest = cards * min(LANES.values()) // 100
    keys = wander(cards)
    assert 2 <= keys.index("l") <= max(2, shortest - 3)
    assert keys.count("k") <= keys.count("j")
    assert keys.count("l") == keys.count("h") == 2
