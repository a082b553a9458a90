"""Undo is a new event; it is refused where someone built on what it would take back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.world import World
from opstui.domain.commands import (
    AddCheck,
    AddComment,
    ArchiveCard,
    BlockCard,
    Command,
    CreateCard,
    DraftPostmortem,
    EditCard,
    ImportCard,
    ImportStock,
    LinkCards,
    MoveCard,
    RestoreCard,
    Undo,
)
from opstui.domain.model import Draft, Past, Product, Refused

EARLY = datetime(2026, 9, 1, tzinfo=UTC)

UNDOABLE: list[Command] = [
    EditCard(card=1, values={"title": "new", "owner": "budi", "due": "2026-09-19"}),
    MoveCard(card=1, stage="payment"),
    MoveCard(card=1, stage="closed"),
    MoveCard(card=1, stage="new"),
    BlockCard(card=1, reason="no stock"),
    AddCheck(card=1, text="proof seen"),
    LinkCards(card=1, other=2),
    ArchiveCard(card=1),
]


def test_a_restored_card_is_put_away_again_as_of_when_it_was() -> None:
    world = World()
    world.card()
    world.do(ArchiveCard(card=1))
    when = world.doc(1)["put_away"]
    restored = world.do(RestoreCard(card=1))
    assert "put_away" not in world.doc(1)
    assert restored.batch is not None
    undone = world.do(Undo(batch=restored.batch))
    assert (world.doc(1)["archived"], world.doc(1)["put_away"]) == (True, when)
    assert undone.batch is not None
    world.do(Undo(batch=undone.batch))
    assert world.lane("new") == [1]


def test_a_post_mortem_that_was_begun_stays() -> None:
    world = World()
    drafted = world.do(DraftPostmortem(card=world.card()))
    assert drafted.batch is not None
    with pytest.raises(Refused, match="post-mortem that was begun is kept"):
        world.do(Undo(batch=drafted.batch))


def state_of(world: World) -> dict[str, object]:
    return {k: v for k, v in world.doc(1).items() if k not in ("version", "rank")} | {"lane": world.lane("new")}


@pytest.mark.parametrize("command", UNDOABLE, ids=lambda c: type(c).__name__)
def test_undo_takes_back_and_redo_does_again(command: Command) -> None:
    world = World()
    world.card()
    world.card()
    before = state_of(world)
    done = world.do(command)
    after = state_of(world)
    assert done.batch is not None
    assert after != before
    undone = world.do(Undo(batch=done.batch))
    assert undone.batch is not None
    assert state_of(world) == before
    assert {e.data["undoes"] for e in undone.events} == {done.batch}
    redone = world.do(Undo(batch=undone.batch))
    assert state_of(world) == after
    assert {e.data["redoes"] for e in redone.events} == {undone.batch}


def test_undoing_a_new_card_puts_it_into_the_archive() -> None:
    world = World()
    receipt = world.do(CreateCard(board="orders", title="oops"))
    assert receipt.batch is not None
    undone = world.do(Undo(batch=receipt.batch))
    assert [e.kind for e in undone.events] == ["archived"]
    assert world.lane("new") == []
    assert undone.batch is not None
    world.do(Undo(batch=undone.batch))
    assert world.lane("new") == [receipt.events[0].id]


def test_a_new_card_that_others_worked_on_is_not_undone() -> None:
    world = World()
    receipt = world.do(CreateCard(board="orders", title="oops"))
    edited = world.do(EditCard(card=receipt.events[0].id, values={"owner": "budi"}), by="budi")
    assert receipt.batch is not None
    with pytest.raises(Refused, match="has been worked on since"):
        world.do(Undo(batch=receipt.batch))
    assert edited.batch is not None
    world.do(Undo(batch=edited.batch))
    assert [e.kind for e in world.events(Undo(batch=receipt.batch))] == ["archived"]


def test_undoing_a_comment_withdraws_it() -> None:
    world = World()
    card = world.card()
    said = world.do(AddComment(card=card, text="wrong card"))
    assert said.batch is not None
    undone = world.do(Undo(batch=said.batch))
    comment = world.workspace.state.get("comments", said.events[0].data["comment"])
    assert comment is not None
    assert comment["withdrawn"] is True
    assert undone.batch is not None
    world.do(Undo(batch=undone.batch))
    assert "withdrawn" not in (world.workspace.state.get("comments", said.events[0].data["comment"]) or {})


def test_undo_is_refused_when_someone_changed_the_field_since() -> None:
    world = World()
    card = world.card()
    moved = world.do(MoveCard(card=card, stage="payment"))
    world.do(MoveCard(card=card, stage="stock"), by="budi")
    assert moved.batch is not None
    with pytest.raises(Refused, match="stage of ORD-0001 has been changed since"):
        world.do(Undo(batch=moved.batch))
    assert world.doc(card)["stage"] == "stock"


def test_undo_minds_only_the_fields_it_would_set() -> None:
    world = World()
    card = world.card()
    moved = world.do(MoveCard(card=card, stage="payment"))
    world.do(EditCard(card=card, values={"title": "other"}), by="budi")
    assert moved.batch is not None
    world.do(Undo(batch=moved.batch))
    assert (world.doc(card)["stage"], world.doc(card)["title"]) == ("new", "other")


def test_twice_is_refused() -> None:
    world = World()
    card = world.card()
    moved = world.do(MoveCard(card=card, stage="payment"))
    assert moved.batch is not None
    world.do(Undo(batch=moved.batch))
    with pytest.raises(Refused):
        world.do(Undo(batch=moved.batch))


def test_what_is_not_there_is_refused() -> None:
    world = World()
    with pytest.raises(Refused, match="no change number 77"):
        world.do(Undo(batch=77))


def _draft(n: int, *stages: str) -> Draft:
    """A record that went through these stages."""
    past = (
        Past(at=EARLY + timedelta(hours=i), sort="stage", value=stage) for i, stage in enumerate(stages or ("new",))
    )
    return Draft(
        source="shop", external_id=str(n), board="orders", title=f"Order {n}", created=EARLY, history=tuple(past)
    )


def test_the_cards_of_an_import_go_into_the_archive_and_come_back() -> None:
    world = World()
    drafts = [_draft(n, "new", "stock") for n in range(3)]
    imported = world.do(*(ImportCard(draft=draft) for draft in drafts), via="import")
    assert len(imported.events) > 3
    assert imported.batch is not None
    undone = world.do(Undo(batch=imported.batch))
    assert [event.kind for event in undone.events] == ["archived"] * 3
    assert world.lane("stock") == []
    assert undone.batch is not None
    world.do(Undo(batch=undone.batch))
    assert len(world.lane("stock")) == 3


def test_a_card_of_an_import_that_was_worked_on_is_left_and_named() -> None:
    world = World()
    imported = world.do(*(ImportCard(draft=_draft(n)) for n in range(2)), via="import")
    world.do(EditCard(card=2, values={"title": "called them"}))
    assert imported.batch is not None
    assert world.workspace.standing(imported.batch) == [(2, "ORD-0002 has been worked on since; archive it instead")]
    world.do(Undo(batch=imported.batch, without=(2,)))
    assert world.lane("new") == [2]


def test_what_an_import_changed_on_cards_that_were_there_is_changed_back() -> None:
    world = World()
    world.do(ImportCard(draft=_draft(1)), via="import")
    imported = world.do(ImportCard(draft=_draft(1, "new", "payment")), via="import")
    assert imported.batch is not None
    world.do(Undo(batch=imported.batch))
    assert (world.doc(1)["stage"], bool(world.doc(1).get("archived"))) == ("new", False)


def test_imported_stock_stays() -> None:
    world = World()
    product = Product(sku="A", name="Aceh")
    imported = world.do(ImportStock(product=product, movements=()), via="import")
    assert imported.batch is not None
    with pytest.raises(Refused, match="stock that was imported stays"):
        world.do(Undo(batch=imported.batch))


def test_who_may_only_comment_may_take_back_what_they_said_and_nothing_else() -> None:
    world = World()
    card = world.card(board="feedback")
    edited = world.do(EditCard(card=card, values={"title": "x"}))
    of_rina = world.do(AddComment(card=card, text="mine"))
    world.role = "content"
    said = world.do(AddComment(card=card, text="wrong card"), by="dewi")
    assert said.batch is not None
    world.do(Undo(batch=said.batch), by="dewi")
    for batch in (edited.batch, of_rina.batch):
        assert batch is not None
        with pytest.raises(Refused, match="may not change feedback"):
            world.do(Undo(batch=batch), by="dewi")


def test_of_many_cards_those_that_were_changed_since_can_be_left_out() -> None:
    world = World()
    cards = [world.card() for _n in range(3)]
    moved = world.do(*(MoveCard(card=card, stage="payment") for card in cards))
    world.do(MoveCard(card=2, stage="stock"))
    assert moved.batch is not None
    left = world.workspace.standing(moved.batch)
    assert [card for card, _why in left] == [2]
    assert "stage of ORD-0002" in left[0][1]
    with pytest.raises(Refused, match="ORD-0002"):
        world.do(Undo(batch=moved.batch))
    world.do(Undo(batch=moved.batch, without=(2,)))
    assert (sorted(world.lane("new")), world.lane("stock")) == ([1, 3], [2])
    assert world.do(Undo(batch=moved.batch, without=(1, 2, 3))).batch is None
