"""A clock that is set back makes no impossible facts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import Tables, card_doc, hour
from domain.world import World
from opstui.domain import commands as c
from opstui.domain.events import Batch, Event
from opstui.domain.model import plain, utc
from opstui.domain.moments import moment_of
from opstui.projections.flow import Flows

STEPS = [
    c.MoveCard(card=1, stage="payment"),
    c.BlockCard(card=1, reason="x"),
    c.UnblockCard(card=1),
    c.ArchiveCard(card=1),
    c.RestoreCard(card=1),
    c.Undo(batch=1),
]
OTHERS = [
    c.EditCard(card=1, values={}),
    c.AddComment(card=1, text="x"),
    c.AddCheck(card=1, text="x"),
    c.TickCheck(card=1, item=1),
    c.EditCheck(card=1, item=1, text="y"),
    c.RemoveCheck(card=1, item=1),
    c.MoveCheck(card=1, item=1),
    c.LinkCards(card=1, other=2),
    c.DraftPostmortem(card=1),
]


def state() -> Tables:
    """A card made at hour 2 that entered its stage at hour 5, and the batch that made it."""
    tables = Tables(cards={1: card_doc(1, created=hour(2), entered=plain(hour(5)))})
    born = Event(kind="created", table="cards", id=1, at=hour(2), by="rina", via="cli")
    tables.batches.append(Batch(n=1, at=hour(2), by="rina", via="cli", events=(born,)))
    return tables


@pytest.mark.parametrize("command", STEPS, ids=lambda c: type(c).__name__)
def test_a_step_is_never_before_the_one_before(command: c.Command) -> None:
    assert [moment_of(command, state(), hour(n)) for n in (0, 4, 5, 6)] == [hour(5), hour(5), hour(5), hour(6)]


@pytest.mark.parametrize("command", OTHERS, ids=lambda c: type(c).__name__)
def test_what_else_is_said_of_a_card_is_never_before_it_was_there(command: c.Command) -> None:
    assert [moment_of(command, state(), hour(n)) for n in (0, 3, 6)] == [hour(2), hour(3), hour(6)]


@pytest.mark.parametrize(
    "command",
    [c.CreateCard(board="orders", title="x"), c.AddMember(name="ayu", role="staff"), c.MoveCard(card=9, stage="x")],
)
def test_what_concerns_no_card_is_now(command: c.Command) -> None:
    assert moment_of(command, state(), hour(0)) == hour(0)


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(days=400)])
def test_a_move_after_the_clock_was_set_back_takes_no_negative_time(back: timedelta) -> None:
    world = World()
    card = world.card()
    world.do(c.MoveCard(card=card, stage="payment"))
    entered = utc(world.doc(card)["entered"])
    world.at -= back
    world.do(c.BlockCard(card=card, reason="rain"))
    world.do(c.MoveCard(card=card, stage="processing"), c.AddComment(card=card, text="on its way"))
    doc = world.doc(card)
    assert utc(doc["entered"]) == utc(doc["blocker"]["since"]) == entered
    flows = Flows(world.workspace.settings.boards)
    for batch in world.workspace.history():
        flows.apply(batch)
        assert all(event.at >= utc(doc["created"]) for event in batch.events)
    times = [at for _stage, at in next(flows.tracks("orders")).path]
    assert times == sorted(times)
    assert len(times) == 3


def test_an_undo_after_the_clock_was_set_back_is_not_before_what_it_takes_back() -> None:
    world = World()
    card = world.card()
    moved = world.do(c.MoveCard(card=card, stage="payment"))
    world.at -= timedelta(hours=1)
    assert world.events(c.Undo(batch=moved.batch or 0))[0].at == moved.events[0].at


def test_a_batch_says_when_it_was_written_all_the_same() -> None:
    world = World()
    card = world.card()
    world.at -= timedelta(hours=1)
    batch = world.workspace.state.batch(world.do(c.MoveCard(card=card, stage="payment")).batch or 0)
    assert batch is not None
    assert batch.at == world.at < batch.events[0].at
