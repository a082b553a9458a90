"""Text from people is drawn as text: no markup, no control, no width that breaks a lane."""

from __future__ import annotations

import pytest

from opstui.domain.commands import AddComment, CreateCard
from ui.page import RINA, console, memory_workspace

TITLES = ["[bold]x[/]", "[/]", "[@click=app.quit]go[/]", "a\x1b[31mb", "😀 kopi ☕️ 咖啡", "e\u0301" * 40, "] [ [[", "\u202eevil", "x" * 200]


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (20, 5)])
@pytest.mark.parametrize("title", TITLES)
async def test_a_hostile_title_is_shown_as_it_is_everywhere(title: str, size: tuple[int, int]) -> None:
    fields = {"customer": title, "description": title, "tags": ["[b]"], "channel": title}
    workspace = memory_workspace(CreateCard(board="orders", title=title, fields=fields))
    workspace.submit(RINA, AddComment(card=1, text=title))
    kept = workspace.card(1).title
    async with console(workspace, size=size) as c:
        await c.press("enter")
        await c.until(lambda: c.board.timelines.known(1) is not None)
        assert "\x1b" not in c.text
        assert all(ord(letter) >= 32 for line in c.text.splitlines() for letter in line)
        if size[0] > 20 and len(kept) < 30:
            assert kept in c.text
        await c.press("escape", "e", "escape", "L", "u", "question_mark", "escape")
        assert workspace.card(1).title == kept


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
