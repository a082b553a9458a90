"""The last line belongs to whatever has the keys."""

from __future__ import annotations

from textual.events import Paste

from opstui.ui.screens.pasting import PasteScreen
from ui.page import console, memory_workspace, orders


async def test_under_a_form_the_board_offers_no_keys() -> None:
    async with console(memory_workspace(*orders(1)), size=(120, 30)) as c:
        below = c.text.splitlines()[-1]
        assert "n new" in below
        await c.press("d")
        assert c.board.hint._keys == ()
        await c.press("escape")
        assert c.text.splitlines()[-1] == below


async def test_the_paste_window_saves_with_the_key_of_every_form() -> None:
    async with console(memory_workspace()) as c:
        c.board.on_paste(Paste("one\ntwo"))
        await c.until(lambda: isinstance(c.app.screen, PasteScreen))
        await c.press("e")
        assert "ctrl+o create" in c.text
        await c.press("ctrl+o")
        assert len(c.workspace.state.lane("orders", "new")) == 2
