"""What is told at a start is never told over what a quick person has done already."""

from __future__ import annotations

import pytest

from opstui.ui.frame import greet
from ui.page import console, memory_workspace, orders


@pytest.mark.parametrize("said", ["", "moved ORD-0001 to Payment"])
async def test_a_greeting_gives_way_to_what_was_done(said: str) -> None:
    async with console(memory_workspace(*orders(1))) as c:
        c.board.say(said)
        greet(c.board, "welcome back")
        assert c.said.startswith(said or "welcome back")
