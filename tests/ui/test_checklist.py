"""The checklist worked on in place: each key is a change that is saved, told, and taken back by undo."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from opstui.domain.commands import AddCheck, RemoveCheck, TickCheck
from opstui.domain.model import Actor
from opstui.ui.widgets.items import Items
from opstui.ui.widgets.key_line import KeyLine
from opstui.workspace import Workspace
from ui.page import BUDI, Console, console, memory_workspace, orders

READER = Actor("ani", "viewer")


def listed(*texts: str) -> Workspace:
    return memory_workspace(*orders(1), *(AddCheck(card=1, text=text) for text in texts))


def items(c: Console) -> str:
    return " ".join(f"{i.text}{'+' if i.done else ''}" for i in c.card("ORD-0001").checklist)


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["space"], "a+ b c"),
        (["x", "x"], "a b c"),
        (["j", "space", "j", "space"], "a b+ c+"),
        (["d"], "b c"),
        (["end", "d", "d"], "a"),
        (["J"], "b a c"),
        (["J", "J", "J"], "b c a"),
        (["end", "K", "K", "space"], "c+ a b"),
        (["space", "J", "u"], "a+ b c"),
        (["space", "u", "ctrl+r"], "a+ b c"),
        (["e", "!", "enter"], "a! b c"),
        (["j", "enter", "backspace", "x", "enter", "space"], "a x+ c"),
        (["n", "d", "enter", "e", "enter", "escape", "space"], "a b c d e+"),
        (["e", "!", "escape", "escape", "d"], "b c"),
    ],
)
async def test_keys(keys: list[str], left: str) -> None:
    async with console(listed("a", "b", "c")) as c:
        await c.press("i", *keys)
        await c.rest()
        assert items(c) == left
        assert c.dialog == "Checklist"


async def test_fast_keys_mean_the_same_as_slow_ones() -> None:
    async with console(listed("a", "b", "c")) as c:
        await c.strike("i", "d", "d", "space", "n", *"next", "enter", "escape", "escape", "q")
        await c.until(lambda: items(c) == "c+ next")


async def test_where_there_is_nothing_one_writes_at_once() -> None:
    async with console(listed()) as c:
        await c.press("i")
        await c.type("pack\nweigh\n\n")
        assert items(c) == "pack weigh"
        assert "0/2" in c.text
        await c.press("escape")
        assert c.dialog == ""


async def test_what_stands_in_the_line_is_not_thrown_away_by_one_key() -> None:
    async with console(listed("a")) as c:
        await c.press("i", "n")
        await c.type("half an it")
        await c.press("escape")
        assert "not saved" in c.text
        await c.type("em\n")
        assert items(c) == "a half an item"


async def test_the_mouse_ticks_and_edits_and_the_last_line_is_buttons() -> None:
    async with console(listed("a", "b"), size=(80, 24)) as c:
        await c.press("i")
        await c.pilot.click(Items, offset=(1, 1))
        await c.rest()
        assert items(c) == "a b+"
        await c.pilot.click(Items, offset=(8, 0), times=2)
        await c.rest()
        assert isinstance(c.app.focused, Input)
        await c.press("escape")
        await c.pilot.click(KeyLine, offset=(2, 0))
        await c.rest()
        assert items(c) == "a+ b+"
        await c.pilot.click(KeyLine, offset=(15, 0))
        await c.rest()
        assert c.dialog == ""


async def test_who_may_not_is_told_and_nothing_is_lost() -> None:
    async with console(listed("a"), actor=READER) as c:
        await c.press("i", "n")
        await c.type("mine\n")
        assert "may not change" in " ".join(c.text.split())
        assert c.app.focused
        assert getattr(c.app.focused, "value", "") == "mine"


async def test_an_item_that_somebody_took_off_meanwhile_is_told() -> None:
    async with console(listed("a", "b")) as c:
        await c.press("i")
        c.workspace.submit(BUDI, RemoveCheck(card=1, item=1))
        await c.press("space")
        assert "has no checklist item 1" in c.text
        c.workspace.submit(BUDI, TickCheck(card=1, item=2))
        await c.press("space")
        assert items(c) == "b"


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (300, 100)])
async def test_any_size_and_another_while_one_writes(size: tuple[int, int]) -> None:
    async with console(listed(*"abcdefghijklmnop"), size=size) as c:
        await c.press("i", "end", "e")
        await c.type("!")
        await c.pilot.resize_terminal(60, 12)
        await c.rest()
        assert "p!" in c.text
        await c.press("enter")
        assert items(c).endswith("o p!")


async def test_a_click_on_an_item_of_the_open_card_ticks_it() -> None:
    async with console(listed("call her"), size=(160, 45)) as c:
        await c.press("enter")
        await c.until(lambda: "created in New" in c.text)
        y = next(n for n, line in enumerate(c.text.splitlines()) if "call her" in line)
        x = c.text.splitlines()[y].index("call her")
        await c.pilot.click(offset=(x, y))
        await c.rest()
        assert items(c) == "call her+"
