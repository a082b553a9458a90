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
    LinkCards,
    MoveCard,
    RestoreCard,
    TickCheck,
    UnblockCard,
    Undo,
    UnlinkCards,
)
from opstui.domain.evolve import changed
from opstui.domain.model import Actor, Doc, Refused, card_from

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
    st.builds(TickCheck, card=cards, item=st.integers(1, 2), done=st.booleans()),
    st.builds(LinkCards, card=cards, other=cards),
    st.builds(UnlinkCards, card=cards, other=cards),
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


def seen(world: World) -> dict[int, Doc]:
    """The cards but for what only counts; those that came to be and were taken back are gone from every lane."""
    return {i: {k: v for k, v in doc.items() if k != "version"} for i, doc in world.workspace.state.items("cards")}


bulks = st.lists(st.lists(commands.filter(lambda command: not isinstance(command, Undo)), max_size=4), max_size=10)


@given(bulks)
def test_undoing_everything_leads_to_where_it_began_and_redoing_it_to_where_it_was(asked: list[list[Command]]) -> None:
    """Whatever was done, one by one or many at once; new cards end in the archive, with nothing else done to them."""
    world = World()
    for title in ("first", "second"):
        world.card(title=title)
    begin, batches = seen(world), []
    for commands in asked:
        n = world.workspace.submit(Actor("rina", "owner"), *commands, each=True).batch
        batches += [n] if n else []
    end = seen(world)
    undone = [world.do(Undo(batch=n)).batch for n in reversed(batches)]
    after = seen(world)
    assert {i: after[i] for i in begin} == begin
    assert all(doc["archived"] for i, doc in after.items() if i not in begin)
    for n in reversed(undone):
        assert n is not None
        world.do(Undo(batch=n))
    assert seen(world) == end


def test_a_change_of_none_takes_the_field_away() -> None:
    assert changed({"a": 1, "b": 2, "version": 1}, {"a": (1, None), "b": (2, 3)}) == {"b": 3, "version": 2}
