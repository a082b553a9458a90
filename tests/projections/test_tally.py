"""Tiles that follow the state say what a walk over all of it says, after every change, whatever happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opstui.domain.commands import ArchiveCard, Command, CreateCard, EditCard, ImportStock, MoveCard, RestoreCard, Undo
from opstui.domain.model import Doc, Movement, Product, Refused
from opstui.projections import tally
from opstui.projections.tally import Tallied
from opstui.projections.tiles import tiles, told
from projections import tiles_by_walking
from projections.months import Months

SKUS = ("GAYO", "TORAJA")


def line(sku: str) -> dict[str, Any]:
    return {"sku": sku, "name": sku, "quantity": 1, "unit_price": 5}


SOLD: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(("shopee", "Shopee", "tiktok", "my shop")),
        "total": st.integers(1, 3),
        "currency": st.sampled_from(("IDR", "USD")),
        "lines": st.lists(st.sampled_from(SKUS).map(line), max_size=2),
    },
)
HOURS = st.sampled_from((-1, 0, 0, 1, 9, 30))
CARDS = st.integers(1, 16)
ASKED: st.SearchStrategy[Command] = st.one_of(
    st.builds(CreateCard, board=st.just("orders"), title=st.just("sold"), fields=SOLD),
    st.builds(CreateCard, board=st.just("feedback"), title=st.just("asked"), fields=st.just({})),
    st.builds(MoveCard, card=CARDS, stage=st.sampled_from(("new", "stock", "closed", "cancelled", "answered"))),
    st.builds(EditCard, card=CARDS, values=SOLD),
    st.builds(ArchiveCard, card=CARDS),
    st.builds(RestoreCard, card=CARDS),
)


def check(months: Months, following: Tallied) -> None:
    state, known = months.workspace.state, months.workspace.settings
    expected = tiles_by_walking.tiles(state, known, months.at)
    assert told(following.at(months.at), state, known) == expected
    assert tiles(state, known, months.at) == expected


@given(st.lists(st.tuples(st.lists(ASKED, min_size=1, max_size=3), HOURS, st.integers(0, 9)), min_size=1, max_size=15))
@settings(max_examples=40, deadline=None)
def test_it_follows_whatever_is_done_and_undone(steps: list[tuple[list[Command], int, int]]) -> None:
    months = Months(1)
    following = Tallied(months.workspace.store, months.workspace.settings)
    for commands, hours, back in steps:
        months.at += timedelta(hours=hours)
        with suppress(Refused):
            months.do(*commands)
        with suppress(Refused):
            if back > 6:
                months.do(Undo(batch=max(1, months.workspace.store.seq - back + 7)))
        check(months, following)


@pytest.mark.parametrize("seed", range(6))
def test_it_follows_months_of_a_shop_asked_now_and_then(seed: int) -> None:
    months = Months(seed)
    following = Tallied(months.workspace.store, months.workspace.settings)
    for requests in (0, 1, 1, 3, 0, 20, 1):
        months.go_on(requests)
        check(months, following)


def test_it_follows_stock() -> None:
    months = Months(0)
    following = Tallied(months.workspace.store, months.workspace.settings)
    for sku, hours, quantity in (("GAYO", -50, 9), ("GAYO", 0, -7), ("TORAJA", 30, 1), ("GAYO", 1, 8)):
        moves = (Movement(at=months.at + timedelta(hours=hours), sku=sku, quantity=quantity),)
        months.do(ImportStock(product=Product(sku=sku, name=sku, minimum=3), movements=moves), via="import")
        check(months, following)


def test_a_change_costs_no_walk_and_a_new_day_or_a_long_absence_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "FAR", 3)
    months = Months(2)
    store = months.workspace.store
    following, walks = Tallied(store, months.workspace.settings), list[str]()
    items = store.items

    def noted(table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        walks.append(table)
        return items(table, fields)

    monkeypatch.setattr(store, "items", noted)

    def walked(*commands: Command, hours: int = 0) -> bool:
        walks.clear()
        months.at += timedelta(hours=hours)
        for command in commands:
            months.do(command)
        following.at(months.at)
        return "cards" in walks

    new = CreateCard(board="orders", title="one more", fields={})
    assert walked()
    assert not walked(new)
    assert not walked(new, new, hours=1)
    assert walked(hours=24)
    assert walked(*[new] * 4)
    check(months, following)
