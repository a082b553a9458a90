"""Large workspaces: what was written directly is what the program itself would read, rebuild and go on from."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bench import archive
from bench.archive import add_tail, make_archive
from bench.plan import Plan, quick
from bench.shop import LANES, OWNER
from opstui.domain.commands import MoveCard
from opstui.domain.model import card_from
from opstui.store import open_store
from opstui.workspace import open_workspace

CARDS, EVENTS = 60, 400


@pytest.fixture
def years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(archive, "SEGMENT", 30_000)
    return make_archive(tmp_path / "years", CARDS, EVENTS)


def _state(path: Path) -> tuple[int, dict[str, dict[int, dict[str, Any]]]]:
    store = open_store(path)
    try:
        return store.seq, {name: dict(store.items(name)) for name in store.tables()}
    finally:
        store.close()


def test_the_state_is_what_the_history_makes(years: Path) -> None:
    state = _state(years)
    assert len(list((years / "data" / "journal").iterdir())) > 3
    (years / "data" / "db.json").unlink()
    assert _state(years) == state


def test_it_holds_what_was_asked_for(years: Path) -> None:
    store = open_store(years)
    events = [event for batch in store.history() for event in batch.events if event.table == "cards"]
    assert len(events) == EVENTS
    assert [event.kind for event in events[:CARDS]] == ["created"] * CARDS
    assert all(before.at <= after.at for before, after in pairwise(events))
    assert {card_from(doc).stage for _id, doc in store.items("cards")} <= {*LANES}
    assert store.find_ref("ORD-0060") == 60
    store.close()


def test_nothing_is_left_to_read_behind_the_snapshot_but_the_tail(years: Path) -> None:
    store = open_store(years)
    assert not store.snapshot()
    before = store.seq
    store.close()
    add_tail(years, 7)
    store = open_store(years)
    assert store.seq == before + 7
    assert store.snapshot()
    store.close()


def test_people_can_go_on_working_in_it(years: Path) -> None:
    workspace = open_workspace(years, lambda: datetime(2027, 1, 1, tzinfo=UTC))
    card = workspace.state.lane("orders", "closed")[-1]
    workspace.submit(OWNER, MoveCard(card=card, stage="new"))
    assert workspace.state.lane("orders", "new")[-1] == card
    workspace.close()


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    first, again = (make_archive(tmp_path / name, 30, 50) for name in ("a", "b"))
    journals = [(shop / "data" / "journal" / "00000001.jsonl").read_bytes() for shop in (first, again)]
    assert journals[0] == journals[1]


def test_workspaces_are_made_once_and_copies_are_ones_own(tmp_path: Path) -> None:
    plan = quick(tmp_path)
    shop, years = plan.shop(20), plan.archive(20, 30)
    assert (plan.shop(20), plan.archive(20, 30)) == (shop, years)
    assert plan.archive(20, 40) != years
    add_tail(plan.copy(years), 3)
    assert _state(plan.copy(years)) == _state(years)


def test_a_quick_run_does_less_of_everything(tmp_path: Path) -> None:
    usual, least = Plan(tmp_path), quick(tmp_path)
    for name in ("runs", "events", "turns", "batches", "writers", "crowd", "changes", "office", "idle", "rounds"):
        assert getattr(least, name) < getattr(usual, name), name
    for name in ("cards", "stores", "tails"):
        assert max(getattr(least, name)) < max(getattr(usual, name)), name


def test_in_a_shop_orders_come_and_go_and_most_are_done(tmp_path: Path) -> None:
    shop = make_archive(tmp_path / "shop", 200, 2000, over=True)
    store = open_store(shop)
    stages = Counter(doc["stage"] for _id, doc in store.items("cards"))
    events = [event for batch in store.history() for event in batch.events if event.table == "cards"]
    assert len(events) == 2000
    assert stages["closed"] > 0.9 * stages.total() > 0.8 * 200
    assert stages["closed"] < stages.total()
    store.close()
    state = _state(shop)
    (shop / "data" / "db.json").unlink()
    assert _state(shop) == state
