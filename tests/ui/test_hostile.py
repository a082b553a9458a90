"""Text from people is drawn as text: no markup, no control, no width that breaks a lane."""

from __future__ import annotations

from functools import partial

import pytest

from opstui.domain.commands import AddComment, CreateCard
from ui.page import RINA, Console, console, memory_workspace

TITLES = [
    "[bold]x[/]",
    "[/]",
    "[@click=app.quit]go[/]",
    "a\x1b[31mb",
    "😀 kopi ☕️ 咖啡",
    "e\u0301" * 40,
    "] [ [[",
    "\u202eevil",
    "x" * 200,
]


def _told(c: Console, card: int) -> bool:
    return c.board.timelines.known(card) is not None


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (20, 5)])
async def test_hostile_texts_are_shown_as_they_are_everywhere(size: tuple[int, int]) -> None:
    workspace = memory_workspace(
        *(
            CreateCard(board="orders", title=t, fields={"customer": t, "description": t, "tags": ["[b]"]})
            for t in TITLES
        )
    )
    workspace.submit(RINA, *(AddComment(card=n, text=t) for n, t in enumerate(TITLES, 1)))
    async with console(workspace, size=size) as c:
        for card in range(1, len(TITLES) + 1):
            kept = workspace.card(card).title
            await c.press("enter")
            await c.until(partial(_told, c, card))
            assert all(letter.isprintable() for line in c.text.splitlines() for letter in line)
            if size[0] > 20 and len(kept) < 30:
                assert kept in c.text
            await c.press("escape", "j")
            assert workspace.card(card).title == kept


async def test_ten_thousand_characters_are_refused_with_the_reason_and_stay_typed() -> None:
    async with console(memory_workspace()) as c:
        await c.press("n")
        field = c.app.focused
        assert field is not None
        field.insert_text_at_cursor("y" * 10_000)  # type: ignore[attr-defined]
        await c.press("ctrl+s")
        assert c.dialog == "Form"
        assert "10000 characters" in c.text
        assert c.events("created") == []
