"""Filters that are shared: who may, what is refused, and that undo leads back."""

from __future__ import annotations

import pytest

from domain.world import World
from opstui.domain.commands import Command, RemoveFilter, SaveFilter, Undo
from opstui.domain.filters import NAME_LIMIT, QUERY_LIMIT, shared_filters
from opstui.domain.model import Refused

LATE = SaveFilter(name="late", query="is:late", board="orders")


def shared(world: World) -> dict[str, tuple[str, str]]:
    """name -> (query, board)"""
    docs = (doc for _number, doc in shared_filters(world.workspace.state))
    return {doc["name"]: (doc["query"], doc.get("board", "")) for doc in docs}


def test_a_filter_is_saved_changed_and_removed() -> None:
    world = World()
    [saved] = world.events(LATE)
    assert (saved.kind, saved.data) == ("filter_saved", {"name": "late", "query": "is:late", "board": "orders"})
    [event] = world.events(SaveFilter(filter=saved.id, name="very late", query="due:<today"))
    assert event.changed == {
        "name": ("late", "very late"),
        "query": ("is:late", "due:<today"),
        "board": ("orders", None),
    }
    assert shared(world) == {"very late": ("due:<today", "")}
    assert world.events(SaveFilter(filter=saved.id, name="very late", query="due:<today")) == []
    [event] = world.events(RemoveFilter(filter=saved.id))
    assert (event.kind, event.data) == ("filter_removed", {"name": "very late"})
    assert shared(world) == {}
    world.do(LATE)
    assert shared(world) == {"late": ("is:late", "orders")}, "the name of one that is gone is free"


@pytest.mark.parametrize(
    "command",
    [
        SaveFilter(name="new", query="is:open"),
        SaveFilter(filter=1, name="renamed", query="is:late", board="orders"),
        RemoveFilter(filter=1),
    ],
)
def test_undo_takes_back_and_redo_does_again(command: Command) -> None:
    world = World()
    world.do(LATE)
    before = shared(world)
    done = world.do(command)
    after = shared(world)
    assert done.batch is not None
    undone = world.do(Undo(batch=done.batch))
    assert undone.batch is not None
    assert shared(world) == before
    redone = world.do(Undo(batch=undone.batch))
    assert shared(world) == after
    assert [e.kind for e in redone.events] == [e.kind for e in done.events]


def test_a_new_filter_that_somebody_changed_is_not_undone() -> None:
    world = World()
    done = world.do(LATE)
    assert done.batch is not None
    world.do(SaveFilter(filter=1, name="late", query="due:overdue"), by="budi")
    with pytest.raises(Refused, match='"late" has been changed since'):
        world.do(Undo(batch=done.batch))


@pytest.mark.parametrize("command", [RemoveFilter(filter=1), SaveFilter(filter=1, name="other", query="is:late")])
def test_undo_brings_no_name_back_that_is_taken_by_now(command: Command) -> None:
    world = World()
    world.do(LATE)
    done = world.do(command)
    assert done.batch is not None
    world.do(SaveFilter(name="Late", query="is:open"))
    with pytest.raises(Refused, match='"late" is there already'):
        world.do(Undo(batch=done.batch))


REFUSED: list[tuple[Command, str]] = [
    (SaveFilter(name=" ", query="x"), "needs a name"),
    (SaveFilter(name="x" * (NAME_LIMIT + 1), query="x"), "at most 40 characters"),
    (SaveFilter(name="x", query=" \u200b"), "nothing to save"),
    (SaveFilter(name="x", query="x" * (QUERY_LIMIT + 1)), "at most 500 characters"),
    (SaveFilter(name="x", query="x", board="nope"), "there is no board 'nope'"),
    (SaveFilter(name="LATE", query="x"), '"LATE" is there already'),
    (SaveFilter(filter=9, name="x", query="x"), "there no more"),
    (RemoveFilter(filter=9), "there no more"),
]


@pytest.mark.parametrize(("command", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_refusals_say_why(command: Command, reason: str) -> None:
    world = World()
    world.do(LATE)
    with pytest.raises(Refused, match=reason):
        world.do(command)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        *((role, True) for role in ("owner", "ops_lead", "cs", "content", "finance")),
        *((role, False) for role in ("vendor", "viewer", "")),
    ],
)
def test_who_may_change_something_may_share_filters(role: str, *, may: bool) -> None:
    world = World(role=role)
    if may:
        done = world.do(LATE)
        assert done.batch is not None
        world.do(Undo(batch=done.batch))
        return
    with pytest.raises(Refused, match="may not change filters"):
        world.do(LATE)
    world.role = "owner"
    done = world.do(LATE)
    assert done.batch is not None
    world.role = role
    with pytest.raises(Refused, match="may not change filters"):
        world.do(Undo(batch=done.batch))


def test_a_filter_that_somebody_changed_meanwhile_is_not_written_over() -> None:
    world = World()
    [saved] = world.events(LATE)
    world.do(SaveFilter(filter=saved.id, name="late", query="is:blocked", board="orders", base="is:late"))
    with pytest.raises(Refused, match='"late" was changed meanwhile and reads is:blocked now'):
        world.do(SaveFilter(filter=saved.id, name="late", query="is:mine", board="orders", base="is:late"))
    assert shared(world) == {"late": ("is:blocked", "orders")}
    world.do(SaveFilter(filter=saved.id, name="late", query="is:mine", board="orders", base="is:blocked"))
    assert shared(world) == {"late": ("is:mine", "orders")}
