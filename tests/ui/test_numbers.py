"""The numbers beside the board: those that need no history do not wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Event
from typing import Any

import pytest

from domain.world import World
from opstui.ui import numbers
from opstui.ui.numbers import Figures, Numbers


@pytest.mark.parametrize("slow", [True, False])
async def test_tiles_come_first_where_the_history_takes_long(monkeypatch: pytest.MonkeyPatch, *, slow: bool) -> None:
    world, shown, go_on = World(), list[Figures](), Event()
    world.card(title="one")
    histories = world.workspace.histories
    lines = histories.flow_lines

    def read(*asked: Any) -> object:
        go_on.wait(10)
        return lines(*asked)

    monkeypatch.setattr(histories, "flow_lines", read)
    monkeypatch.setattr(numbers, "SOON", 0.01 if slow else 10)
    if not slow:
        go_on.set()

    def ready(figures: Figures) -> None:
        shown.append(figures)
        go_on.set()

    work = list[Coroutine[None, None, None]]()
    Numbers(world.workspace, work.append, ready).ask()
    await asyncio.wait_for(work[0], 20)
    assert [figures.flow is None for figures in shown] == ([True, False] if slow else [False])
    assert {figures.tiles for figures in shown} == {shown[-1].tiles}
