"""A held key goes on at a pace; anything else is dealt with at once."""

from __future__ import annotations

import pytest
from textual.events import Event, Key, Paste

from opstui.ui.pace import APART, Pace
from ui.page import console, memory_workspace, orders

J, K = Key("j", "j"), Key("k", "k")


@pytest.mark.parametrize(
    ("struck", "after", "wait"),
    [
        ([J], 0.02, APART - 0.02),
        ([J, J], 0.0, APART),
        ([J], APART, 0.0),
        ([K], 0.0, 0.0),
        ([J, K], 0.0, 0.0),
        ([J, Paste("x")], 0.0, 0.0),
    ],
    ids=str,
)
def test_only_the_same_step_again_waits(struck: list[Event], after: float, wait: float) -> None:
    pace = Pace()
    pace.note(J, 100.0)
    assert pace.wait(struck, 100.0 + after) == pytest.approx(wait)


def test_what_is_no_step_lets_nothing_wait() -> None:
    pace = Pace()
    assert pace.wait([J], 0.0) == 0.0
    pace.note(J, 100.0)
    pace.note(None, 100.0)
    assert pace.wait([J], 100.0) == 0.0


async def test_a_held_key_takes_every_step_and_what_follows_it_comes_after() -> None:
    async with console(memory_workspace(*orders(30))) as c:
        await c.strike(*"jjjjjjj")
        assert c.cursor is not None
        assert c.cursor.ref == "ORD-0008"
        await c.strike(*"jjjj", "L")
        assert c.events("moved")[-1].id == 12
