"""Places without anything in them: they say what to do, or stay calm."""

from __future__ import annotations

from pathlib import Path

import pytest

from opstui.domain.model import Actor
from opstui.ui.commands import COMMANDS
from opstui.ui.preferences import Kept
from opstui.ui.welcome import guide, welcome
from opstui.ui.widgets.empty import laid_out
from ui.page import BUDI, RINA, console, memory_workspace, orders


@pytest.mark.parametrize(
    ("actor", "kind", "told"),
    [
        (RINA, "order", ["n       new card", "paste   lines, a card each", "ctrl+p  import", "?       help"]),
        (BUDI, "order", ["n      new card", "paste  lines, a card each", "?      help"]),
        (BUDI, "campaign", ["?  help"]),
        (Actor("x", "viewer"), "order", ["?  help"]),
        (Actor("x", "nobody"), "order", ["?  help"]),
    ],
)
def test_an_empty_board_tells_each_what_they_may_do(actor: Actor, kind: str, told: list[str]) -> None:
    assert guide(kind, actor, lambda name: COMMANDS[name].show.split()[0]) == ("No cards yet", "", *told)


def test_words_hang_below_words_in_a_narrow_lane() -> None:
    assert laid_out(["No cards yet", "", "paste   lines, a card each"], 15) == [
        "No cards yet", "", "paste   lines,", "        a card", "        each",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (160, 45)])
async def test_a_new_workspace_says_what_to_do_until_there_is_a_card(size: tuple[int, int]) -> None:
    async with console(memory_workspace(), size=size) as page:
        assert "No cards yet" in page.text
        if size[1] > 10:
            assert "new card" in page.text
            assert "? " in page.text
        await page.press("2")
        assert "No cards yet" in page.text
        await page.press("1", "n")
        await page.type("First")
        await page.press("ctrl+s")
        await page.until(lambda: page.events("created"))
        await page.rest()
        assert "No cards yet" not in page.text


async def test_a_filter_that_lets_nothing_through_says_how_to_get_out() -> None:
    async with console(memory_workspace(*orders(3)), size=(160, 40)) as page:
        await page.press("slash")
        await page.type("zzz")
        assert "no card matches" in page.text
        assert "esc clears the" in page.text
        await page.press("enter", "l")
        assert page.text.count("no card matches") == 1
        await page.press("escape")
        assert "no card matches" not in page.text


async def test_figures_that_there_are_not_yet_are_explained() -> None:
    async with console(memory_workspace(), size=(160, 45)) as page:
        await page.until(lambda: "none just now" in page.text)
        assert "Figures come with the first cards." in page.text
    async with console(memory_workspace(*orders(2)), size=(160, 45)) as page:
        await page.until(lambda: "none just now" in page.text)
        assert "Figures come with the first cards." not in page.text


@pytest.mark.parametrize(
    ("greeting", "told", "said"),
    [
        ("", True, ("", False)),
        ("", False, ("? is help, and t in it a tour", True)),
        ("made ~/shop", False, ("made ~/shop · ? is help, and t in it a tour", True)),
        ("made ~/shop", True, ("made ~/shop", False)),
        (
            "sample shop, in /tmp/opstui-demo-12345678/kopi",
            False,
            ("sample shop, in /tmp/opstui-demo-12345678/kopi", False),
        ),
    ],
)
def test_the_first_words(greeting: str, told: bool, said: tuple[str, bool]) -> None:
    assert welcome(greeting, told=told) == said


async def test_where_the_help_is_is_told_once_in_a_lifetime(tmp_path: Path) -> None:
    for said in ("? is help, and t in it a tour", ""):
        async with console(memory_workspace(*orders(1), path=tmp_path)) as page:
            assert page.said == said
            await page.until(lambda: Kept(tmp_path, "rina").now.greeted)
