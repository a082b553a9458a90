"""While a console is open, and when one opens, promises that ran out are written down: once, and by who may."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from opstui.domain.commands import CreateCard
from opstui.domain.model import Actor
from opstui.workspace import Workspace
from ui.page import NOON, RINA, Console, console, memory_workspace


class Clock:
    at = NOON

    def __call__(self) -> datetime:
        return self.at


def desk(messages: int = 2) -> tuple[Workspace, Clock]:
    """Messages of noon, and a clock that can be set."""
    workspace, clock = memory_workspace(), Clock()
    workspace._now = clock
    workspace.submit(RINA, *(CreateCard(board="feedback", title=f"where {n}?") for n in range(messages)))
    return workspace, clock


async def looked(c: Console) -> None:
    breaching = c.board.breaching
    breaching.look(again=True)
    await c.until(lambda: not breaching._busy)
    await c.rest()


async def test_what_ran_out_while_nobody_was_there_is_one_batch_and_stands_in_the_card_s_history() -> None:
    workspace, clock = desk()
    clock.at += timedelta(days=9)
    before = workspace.store.seq
    async with console(workspace, size=(120, 40)) as c:
        await looked(c)
        assert workspace.store.seq == before + 1
        assert len(c.events("sla_breached")) == 4
        assert all(event.at < clock.at - timedelta(days=1) for event in c.events("sla_breached"))
        await looked(c)
        assert workspace.store.seq == before + 1
        await c.press("3", "enter")
        await c.until(lambda: "the promise of a first answer" in c.text)
        await c.press("u")
        assert "nothing of yours to undo" in c.text


async def test_it_is_written_when_it_runs_out_and_not_looked_for_in_vain() -> None:
    workspace, clock = desk()
    async with console(workspace) as c:
        await looked(c)
        breaching = c.board.breaching
        due = breaching._next
        assert due is not None
        breaching.look()
        assert not breaching._busy
        clock.at = due + timedelta(minutes=2)
        breaching.look()
        await c.until(lambda: c.events("sla_breached"))
        assert {event.at for event in c.events("sla_breached")} == {due}


async def test_two_consoles_write_it_once() -> None:
    workspace, clock = desk()
    clock.at += timedelta(days=9)
    async with console(workspace) as one:
        found = one.board.breaching._compute()
        await looked(one)
        before = workspace.store.seq
        receipt = workspace.submit(Actor("budi", "cs"), *found[0].found, via="clock", each=True)
        assert (receipt.batch, receipt.refused, workspace.store.seq) == (None, (), before)


@pytest.mark.parametrize("role", ["viewer", "finance", "vendor"])
async def test_who_may_not_write_does_not_try(role: str) -> None:
    workspace, clock = desk()
    clock.at += timedelta(days=9)
    before = workspace.store.seq
    async with console(workspace, actor=Actor("eka", role)) as c:
        await looked(c)
        assert workspace.store.seq == before
