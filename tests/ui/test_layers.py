"""Dialogs over a board that changes: each closes once, and the terminal shows what the screens hold."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil

import pytest
from textual.screen import ModalScreen

import opstui.ui.screens
from opstui.ui.screens.dialog import Dialog
from opstui.ui.screens.layer import Layer
from ui.anything import Step, player
from ui.page import console, memory_workspace, orders
from ui.test_anything import PLACES


def test_every_dialog_closes_once() -> None:
    for module in pkgutil.iter_modules(opstui.ui.screens.__path__):
        found = vars(importlib.import_module(f"opstui.ui.screens.{module.name}")).values()
        modal = [one for one in found if isinstance(one, type) and issubclass(one, ModalScreen)]
        assert all(issubclass(one, Dialog) for one in modal if one is not ModalScreen), module.name


async def test_a_double_click_beside_the_help_closes_the_help_and_nothing_more() -> None:
    async with console(memory_workspace(*orders(3)), size=(120, 36)) as c:
        await c.press("question_mark")
        for _turn in range(3):
            c.app.screen.dismiss("") if c.dialog else None
        await c.rest()
        assert c.dialog == ""
        assert c.app._exception is None


async def test_clicks_that_come_faster_than_the_help_closes() -> None:
    async with player(PLACES["help"]) as page:
        await page.do([Step("click", (1.0, 0.2, 3, False))])
        assert page.dialog == ""


async def test_a_letter_typed_while_somebody_else_changes_the_board_is_shown() -> None:
    async with player(PLACES["comment"], (80, 24)) as page:
        for number in (4, 9, 14, 19):
            await page.do([Step("text", "ab"), Step("other", number), Step("key", "c"), Step("other", number + 50)])


async def test_what_changes_below_two_dialogs_is_shown_through_both() -> None:
    async with player(PLACES["conflict"], (120, 36)) as page:
        for number in (4, 9, 14):
            await page.do([Step("other", number)])


async def test_a_wide_sign_over_an_edge_of_what_changes_below_stays_whole() -> None:
    async with player(PLACES["new"], (120, 36)) as page:
        for letters in ("🙂" * 50, "a"):  # with the letter, each stands a column further
            await page._paste(letters)
            await page.strike("home")
            page.board.board.refresh()
            page.board._on_timer_update()
            await page.rest()
            page.look(letters, thorough=False)


async def test_a_verb_that_ends_after_a_later_one_gives_the_keys_back() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        answers = [asyncio.Event(), asyncio.Event()]

        async def verb(n: int) -> None:
            await answers[n].wait()

        c.board.run(verb(0))
        c.board.run(verb(1))
        for n in (1, 0):
            c.app.hold()
            answers[n].set()
            await c.pilot.pause()
            assert not c.app.holding, n


async def test_the_hints_tell_a_new_key_at_once() -> None:
    async with player(PLACES["keys"]) as page:
        await page.do(
            [Step("key", "down"), Step("click", (0.625, 0.55, 2, False)), Step("key", "j"), Step("key", "down")]
        )
        await page.do([Step("key", ";"), Step("click", (0.525, 0.35, 2, False)), Step("click", (0.225, 0.3, 2, False))])


async def test_the_board_s_keys_do_not_stand_under_a_dialog() -> None:
    async with console(memory_workspace(*orders(1))) as page:
        assert "enter open" in page.text
        await page.press("n")
        assert "enter open" not in page.text
        await page.press("escape")
        assert "enter open" in page.text


@pytest.mark.parametrize("keys", [("n",), ("d",), ("M",), ("ctrl+t",), ("ctrl+p",), ("Z",)])
async def test_a_dialog_has_an_edge_where_the_board_is_seen_beside_it(keys: tuple[str, ...]) -> None:
    async with console(memory_workspace(*orders(1)), size=(120, 50)) as page:
        await page.press(*keys)
        sheet = page.app.screen.query_one(".sheet")
        assert (sheet.styles.border_left[0], sheet.styles.border_bottom[0]) == ("round", "round")


@pytest.mark.parametrize("keys", [("M",), ("ctrl+t",)])
async def test_a_narrow_one_has_its_edge_on_a_narrow_terminal_too(keys: tuple[str, ...]) -> None:
    """Words of the board that it cut ran into its own."""
    async with console(memory_workspace(*orders(1)), size=(80, 24)) as page:
        await page.press(*keys)
        assert page.app.screen.query_one(".sheet").styles.border_left[0] == "round"


async def test_what_was_told_goes_when_a_dialog_comes() -> None:
    """Its keys mean something else there: "? is help" stood under a field in which ? is a letter."""
    async with console(memory_workspace(*orders(2))) as page:
        await page.press("L")
        assert page.app.screen.hint.said  # type: ignore[attr-defined]
        board = page.app.screen
        await page.press("c")
        assert not board.hint.said  # type: ignore[attr-defined]


@pytest.mark.parametrize(("width", "name"), [(80, "-narrow"), (120, "-wide")])
async def test_the_first_layout_of_a_form_knows_the_width(
    width: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began as a sheet with slivers of the board beside it, and was laid out again a key later."""
    seen: list[bool] = []
    monkeypatch.setattr(Layer, "on_mount", lambda screen: seen.append(screen.has_class(name)), raising=False)
    async with console(memory_workspace(*orders(1)), size=(width, 24)) as page:
        seen.clear()
        await page.press("e")
        assert seen == [True]
