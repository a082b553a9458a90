"""A checklist: what each deed leaves, what the event tells, and that undo and redo put the whole list back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.world import World
from opstui.domain.commands import AddCheck, CreateCard, EditCheck, MoveCheck, RemoveCheck, TickCheck, Undo
from opstui.domain.model import Refused


@pytest.fixture
def world() -> World:
    return World()


def a_list(world: World, *texts: str) -> int:
    card = world.card()
    for text in texts:
        world.do(AddCheck(card=card, text=text))
    return card


def texts(world: World, card: int) -> str:
    return " ".join(f"{i['text']}{'+' if i.get('done') else ''}" for i in world.doc(card).get("checklist", []))


def test_other_words_keep_the_tick_and_the_place(world: World) -> None:
    card = a_list(world, "one", "two")
    world.do(TickCheck(card=card, item=1))
    [event] = world.events(EditCheck(card=card, item=1, text="  first \x1b thing "))
    assert (event.kind, event.data) == ("checklist_edited", {"text": "first thing", "was": "one"})
    assert texts(world, card) == "first thing+ two"
    assert world.events(EditCheck(card=card, item=1, text="first thing")) == []
    with pytest.raises(Refused, match="the checklist item is empty"):
        world.do(EditCheck(card=card, item=1, text=" "))


def test_the_last_item_taken_off_leaves_no_list(world: World) -> None:
    card = a_list(world, "one", "two")
    [event] = world.events(RemoveCheck(card=card, item=1))
    assert (event.kind, event.data) == ("checklist_removed", {"text": "one"})
    assert texts(world, card) == "two"
    world.do(RemoveCheck(card=card, item=2))
    assert "checklist" not in world.doc(card)


@pytest.mark.parametrize(
    ("item", "before", "after"),
    [(3, 1, "c a b"), (1, None, "b c a"), (1, 3, "b a c"), (2, 1, "b a c"), (3, None, "a b c"), (1, 2, "a b c")],
)
def test_an_item_goes_above_another_or_to_the_end(world: World, item: int, before: int | None, after: str) -> None:
    card = a_list(world, "a", "b", "c")
    events = world.events(MoveCheck(card=card, item=item, before=before))
    assert texts(world, card) == after
    assert [e.kind for e in events] == ([] if after == "a b c" else ["checklist_moved"])


@pytest.mark.parametrize("before", [9, 1])
def test_an_item_does_not_go_above_what_is_not_there_or_above_itself(world: World, before: int) -> None:
    card = a_list(world, "a", "b")
    with pytest.raises(Refused, match=f"no checklist item {before}"):
        world.do(MoveCheck(card=card, item=1, before=before))


COMMANDS = st.lists(
    st.one_of(
        st.builds(AddCheck, card=st.just(1), text=st.sampled_from("abc")),
        st.builds(TickCheck, card=st.just(1), item=st.integers(1, 3), done=st.booleans()),
        st.builds(EditCheck, card=st.just(1), item=st.integers(1, 3), text=st.sampled_from("xyz")),
        st.builds(RemoveCheck, card=st.just(1), item=st.integers(1, 3)),
        st.builds(MoveCheck, card=st.just(1), item=st.integers(1, 3), before=st.none() | st.integers(1, 3)),
    ),
    max_size=12,
)


@given(COMMANDS)
def test_undo_takes_back_each_deed_and_redo_does_it_again(deeds: list[AddCheck]) -> None:
    world = World()
    world.do(CreateCard(board="orders", title="one"))
    for deed in deeds:
        before = world.doc(1).get("checklist")
        try:
            receipt = world.do(deed)
        except Refused:
            continue
        after = world.doc(1).get("checklist")
        assert len({i["id"] for i in after or ()}) == len(after or ())
        if receipt.batch is None:
            assert after == before
            continue
        undone = world.do(Undo(batch=receipt.batch))
        assert world.doc(1).get("checklist") == before
        world.do(Undo(batch=undone.batch or 0))
        assert world.doc(1).get("checklist") == after
