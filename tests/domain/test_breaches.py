"""A promise that ran out is written down once, at its time, and never taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.world import START, World
from opstui.domain.commands import ArchiveCard, NoteBreach, Undo
from opstui.domain.model import Refused, card_from, utc
from opstui.domain.undo import undoable

DUE = START + timedelta(hours=1)


def late(number: int, **change: Any) -> NoteBreach:
    asked: dict[str, Any] = {"card": number, "clock": "first_response", "due": DUE, "minutes": 60}
    return NoteBreach(**(asked | change))


@pytest.fixture
def world() -> World:
    world = World()
    world.card("feedback")
    world.at += timedelta(hours=5)
    return world


def test_it_happened_when_it_ran_out_and_is_told_later(world: World) -> None:
    receipt = world.do(late(1), via="clock")
    (event,) = receipt.events
    batch = world.workspace.state.batch(receipt.batch or 0)
    assert batch is not None
    assert (event.kind, event.at, event.data) == ("sla_breached", DUE, {"clock": "first_response", "minutes": 60})
    assert batch.at > DUE + timedelta(hours=3)
    assert card_from(world.doc(1)).breached == {"first_response": DUE}
    assert not undoable(batch)
    with pytest.raises(Refused, match="has run out"):
        world.do(Undo(batch=batch.n))


def test_once_for_each_clock_whoever_asks(world: World) -> None:
    world.do(late(1))
    assert world.do(late(1, due=DUE + timedelta(minutes=1)), by="budi").batch is None
    world.do(late(1, clock="resolution", due=DUE + timedelta(hours=2)))
    assert {name: utc(at) for name, at in world.doc(1)["breached"].items()} == {
        "first_response": DUE,
        "resolution": DUE + timedelta(hours=2),
    }
    world.do(ArchiveCard(card=1))
    assert world.do(late(1)).batch is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"clock": "lunch"}, "none of: first_response, resolution"),
        ({"due": START - timedelta(days=1)}, "no promise has run out"),
        ({"due": START + timedelta(days=1)}, "no promise has run out"),
        ({"card": 7}, "no card"),
    ],
)
def test_what_cannot_have_run_out_is_refused(world: World, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        world.do(late(1, **change))


def test_a_viewer_writes_nothing(world: World) -> None:
    world.role = "viewer"
    with pytest.raises(Refused):
        world.do(late(1))


def test_the_making_of_a_card_can_still_be_undone(world: World) -> None:
    world.do(late(1))
    world.do(Undo(batch=1))
    assert world.doc(1)["unmade"] is True
