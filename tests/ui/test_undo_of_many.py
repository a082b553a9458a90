"""Undo keeps its word: it waits for what is being done, and never takes back something else in its stead."""

from __future__ import annotations

import threading

import pytest

from opstui.domain.commands import MoveCard
from opstui.store.protocol import Damaged
from ui.page import BUDI, console, memory_workspace, orders


async def test_undo_struck_while_many_are_changed_takes_that_back(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = memory_workspace(*orders(3))
    gate, submit = threading.Event(), workspace.submit
    async with console(workspace) as c:
        await c.press("V")
        monkeypatch.setattr(workspace, "submit", lambda *a, **k: (gate.wait(10), submit(*a, **k))[1])
        driver = c.app._driver
        assert driver is not None
        driver.send_message(c.key_event("L"))
        await c.until(lambda: c.app.session.busy)
        await c.app.release()  # it takes longer than keys are held
        driver.send_message(c.key_event("u"))
        await c.until(lambda: "undo waits for what is being done" in c.said)
        gate.set()
        await c.rest()
        await c.until(lambda: "undone: moved 3 cards a stage on" in c.said)
        assert len(workspace.state.lane("orders", "new")) == 3


async def test_what_stays_is_not_passed_over_without_a_word() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        await c.press("L")
        c.board.board.goto_card(2)
        await c.press("L")
        c.workspace.submit(BUDI, MoveCard(card=2, stage="stock"))
        await c.press("u")
        assert "has been changed since" in c.said
        before = len(c.events())
        await c.press("u")
        assert (
            c.said == '"moved ORD-0002 to Payment" stays. Once more: "moved ORD-0001 to Payment", which was before it'
        )
        assert len(c.events()) == before
        await c.press("u")
        assert c.card("ORD-0001").stage == "new"


async def test_an_old_state_says_so_until_one_leaves() -> None:
    async with console(memory_workspace(*orders(2))) as c:
        c.workspace.store.problem = Damaged("it was cut from 10 to 5 bytes")
        await c.press("j")
        last = c.text.splitlines()[-1]
        assert "this is an old state" in last
        assert "q quit" in last
        assert "H/L" not in last
