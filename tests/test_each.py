"""Many commands, each decided for itself: the refused ones leave nothing behind, the others are one batch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.test_laws import commands, tables
from domain.world import START, World
from opstui.config import Settings
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.commands import ArchiveCard, Command, EditCard, MoveCard, Undo
from opstui.domain.model import Actor, Refused
from opstui.workspace import Receipt


def blocking(stage: str, wip: int) -> Settings:
    """Settings in which a stage of the orders takes no more than so many cards."""
    board = DEFAULT_BOARDS[0]
    stages = tuple(replace(s, wip=wip, wip_policy="block") if s.id == stage else s for s in board.stages)
    return Settings(boards=(replace(board, stages=stages), *DEFAULT_BOARDS[1:]))


def each(world: World, *asked: Command, role: str = "owner") -> Receipt:
    return world.workspace.submit(Actor("rina", role), *asked, each=True)


def test_refused_cards_are_left_out_with_their_reason_and_the_others_are_one_batch() -> None:
    world = World(blocking("stock", 2))
    cards = [world.card() for _n in range(4)]
    receipt = each(world, *(MoveCard(card=card, stage="stock") for card in cards))
    assert world.lane("stock") == cards[:2] == list(receipt.changed)
    assert [card for card, _why in receipt.refused] == cards[2:]
    assert all("Stock is full: 2 of 2" in why for _card, why in receipt.refused)
    assert receipt.batch == world.workspace.store.seq
    world.do(Undo(batch=receipt.batch))
    assert world.lane("new") == cards


def test_where_all_are_refused_nothing_is_written() -> None:
    world = World()
    cards = [world.card(), world.card()]
    seq = world.workspace.store.seq
    receipt = each(world, *(ArchiveCard(card=card) for card in cards), role="finance")
    assert (receipt.batch, receipt.events, world.workspace.store.seq) == (None, (), seq)
    assert all("may not archive" in why for _card, why in receipt.refused)


def test_without_each_one_refusal_refuses_all() -> None:
    world = World(blocking("stock", 1))
    cards = [world.card(), world.card()]
    with pytest.raises(Refused, match="Stock is full"):
        world.do(*(MoveCard(card=card, stage="stock") for card in cards))
    assert world.lane("new") == cards


def test_a_field_changed_meanwhile_is_a_reason_of_that_card_alone() -> None:
    world = World()
    cards = [world.card(tags=["old"]), world.card(tags=["new"])]
    edits = [EditCard(card=card, values={"tags": ["vip"]}, base={"tags": ["old"]}) for card in cards]
    receipt = each(world, *edits)
    assert [card for card, _why in receipt.refused] == cards[1:]
    assert [world.doc(card)["tags"] for card in cards] == [["vip"], ["new"]]


@given(st.lists(commands, max_size=12))
def test_it_is_as_if_they_had_been_asked_one_by_one(asked: list[Command]) -> None:
    """But for `Undo`, which looks at what was done before; times are those of one moment."""
    asked = [command for command in asked if not isinstance(command, Undo)]
    together, apart = World(), World()
    for world in (together, apart):
        world.card(title="first")
        world.workspace._now = lambda: START
    receipt = each(together, *asked)
    done = 0
    for command in asked:
        with suppress(Refused):
            done += len(apart.do(command, via="console").events)
    assert tables(together) == tables(apart)
    assert len(receipt.events) == done
    assert together.workspace.state.ids("cards") == apart.workspace.state.ids("cards")
