"""Targets in the console: the list of KPIs with what they say, one changed, taken away, taken back."""

from __future__ import annotations

import pytest

from opstui.domain.registry import WITH_TARGET
from opstui.domain.targets import targets_of
from opstui.ui.screens.targets import TargetsScreen
from opstui.workspace import Workspace
from ui.page import BUDI, Console, console, memory_workspace, orders


def shop() -> Workspace:
    return memory_workspace(*orders(3), targets={"delayed": 3, "on_time_rate": 0.95})


def target(c: Console, kpi: str) -> float | None:
    return targets_of(c.workspace.state, c.workspace.settings.targets).get(kpi)


async def at_targets(c: Console) -> TargetsScreen:
    c.board.action_command("targets")
    await c.until(lambda: c.dialog == "TargetsScreen" and "the values are of" in c.text)
    screen = c.app.screen
    assert isinstance(screen, TargetsScreen)
    return screen


def said(c: Console) -> str:
    assert isinstance(c.app.screen, TargetsScreen)
    return c.app.screen.said


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_every_kpi_with_a_target_is_listed_with_its_value(size: tuple[int, int]) -> None:
    async with console(shop(), size=size) as c:
        screen = await at_targets(c)
        assert screen.rows.count == len(WITH_TARGET)
        (late,) = [line for line in c.text.splitlines() if "Delayed" in line]
        assert late.split()[:5] == ["✓", "Delayed", "0", "≤", "3"]
        assert "less is good" in late
        await c.press("escape")
        assert c.dialog == ""


async def test_a_target_is_changed_and_undone_and_undone_from_the_board() -> None:
    async with console(shop(), size=(120, 40)) as c:
        await at_targets(c)
        await c.press("j", "j", "enter")
        assert c.dialog == "Form"
        await c.press("ctrl+u")
        await c.type("many")
        await c.press("enter")
        assert c.dialog == "Form"
        await c.press("ctrl+u")
        await c.type("5")
        await c.press("enter")
        assert (c.dialog, said(c)) == ("TargetsScreen", "Delayed: the target is ≤ 5")
        assert target(c, "delayed") == 5
        assert "≤ 5" in c.text
        await c.press("x")
        assert target(c, "delayed") is None
        await c.press("x")
        assert said(c) == "that is its target already"
        await c.press("u")
        assert target(c, "delayed") == 5
        await c.press("escape", "u")
        assert target(c, "delayed") == 3


async def test_undo_in_the_list_takes_back_targets_only() -> None:
    async with console(shop(), size=(120, 40)) as c:
        await c.press("L")
        moved = c.card("ORD-0001").stage
        await at_targets(c)
        await c.press("u")
        assert "no target was set here" in said(c)
        assert c.card("ORD-0001").stage == moved


async def test_who_may_not_is_told_and_keeps_the_form() -> None:
    async with console(shop(), actor=BUDI, size=(120, 40)) as c:
        await at_targets(c)
        await c.press("enter")
        await c.type("4")
        await c.press("enter")
        assert c.dialog == "Form"
        assert "may not" in c.text
        await c.press("escape", "escape")
        assert target(c, "orders_in") is None
