"""Laws of the domain, whatever people do: replay equals live, nothing half done, undo of everything leads back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.world import World
from opstui.domain.commands import (
    AddCheck,
    AddComment,
    ArchiveCard,
    BlockCard,
    Command,
    CreateCard,
    EditCard,
    MoveCard,
    RestoreCard,
    UnblockCard,
    Undo,
)
from opstui.domain.evolve import changed
from opstui.domain.model import Doc, Refused, card_from

cards = st.integers(1, 4)
texts = st.text(max_size=12)
stages = st.sampled_from(["new", "payment", "stock", "closed", "nope"])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        CreateCard, board=st.sampled_from(["orders", "feedback"]), title=texts, fields=st.just({}), stage=st.just("")
    ),
    st.builds(
        EditCard,
        card=cards,
        values=st.fixed_dictionaries({}, optional={"title": texts, "owner": texts, "description": texts}),
    ),
    st.builds(MoveCard, card=cards, stage=stages, before=st.none() | cards, top=st.booleans()),
    st.builds(BlockCard, card=cards, reason=texts, waiting_on=texts),
    st.builds(UnblockCard, card=cards),
    st.builds(AddComment, card=cards, text=texts),
    st.builds(AddCheck, card=cards, text=texts),
    st.builds(ArchiveCard, card=cards),
    st.builds(RestoreCard, card=cards),
    st.builds(Undo, batch=st.integers(1, 20)),
)


def play(asked: list[Command]) -> World:
    world = World()
    world.card(title="first")
    for command in asked:
        with suppress(Refused):
            world.do(command)
    return world


def tables(world: World) -> dict[str, dict[int, Doc]]:
    return {table: dict(world.workspace.state.items(table)) for table in ("cards", "comments")}


@given(st.lists(commands, max_size=25))
def test_replaying_history_gives_the_live_state(asked: list[Command]) -> None:
    world = play(asked)
    replayed: dict[str, dict[int, Doc]] = {"cards": {}, "comments": {}}
    for batch in world.workspace.history():
        for table, doc_id, patch in batch.changes:
            if isinstance(patch, dict):
                doc = replayed[table][doc_id]
                new: dict[str, Any] = {name: after for name, (_before, after) in patch.items()}
                assert all(doc.get(name) == before for name, (before, _after) in patch.items())
                replayed[table][doc_id] = {k: v for k, v in {**doc, **new}.items() if v is not None}
            else:
                assert patch[1] is not None
                replayed[table][doc_id] = patch[1]
    assert replayed == tables(world)


@given(st.lists(commands, max_size=25))
def test_every_card_is_sound_and_in_exactly_one_lane(asked: list[Command]) -> None:
    world = play(asked)
    seen = [i for board in world.workspace.settings.boards for s in board.stages for i in world.lane(s.id, board.id)]
    docs = dict(world.workspace.state.items("cards"))
    assert sorted(seen) == [i for i, doc in sorted(docs.items()) if not doc.get("archived")]
    assert len({doc["ref"] for doc in docs.values()}) == len(docs)
    for doc in docs.values():
        assert card_from(doc).title


@given(st.lists(commands, max_size=12))
def test_undoing_everything_backwards_leads_to_where_it_began(asked: list[Command]) -> None:
    world = World()
    world.card(title="first")
    begin = {k: v for k, v in world.doc(1).items() if k not in ("version", "rank")}
    batches = []
    for command in asked:
        if isinstance(command, Undo | CreateCard):
            continue
        with suppress(Refused):
            if (n := world.do(command).batch) is not None:
                batches.append(n)
    for n in reversed(batches):
        world.do(Undo(batch=n))
    assert {k: v for k, v in world.doc(1).items() if k not in ("version", "rank")} == begin


def test_a_change_of_none_takes_the_field_away() -> None:
    assert changed({"a": 1, "b": 2, "version": 1}, {"a": (1, None), "b": (2, 3)}) == {"b": 3, "version": 2}
