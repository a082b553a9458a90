"""`y` and `Y`: what gets into the clipboard, and what is told."""

from __future__ import annotations

import base64
import subprocess
from typing import Any

import pytest

from opstui.ui import copying
from ui.page import Console, console, memory_workspace, order, orders


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal is told."""
    words: list[str] = []
    monkeypatch.setattr(copying, "_tell", lambda _app, text: words.append(text))
    return words


async def pressed(page: Console, key: str, told: list[str]) -> str:
    """The text that a key put into the clipboard."""
    told.clear()
    await page.press(key)
    return "".join(base64.b64decode(words[len("\x1b]52;c;") : -1]).decode() for words in told)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)


async def test_the_number_or_the_number_with_the_title(told: list[str]) -> None:
    async with console(memory_workspace(order("12 × House [b]Blend[/b]"))) as page:
        assert await pressed(page, "y", told) == "ORD-0001"
        assert page.said == "copied ORD-0001"
        assert await pressed(page, "Y", told) == "ORD-0001 12 × House [b]Blend[/b]"


async def test_marked_cards_are_copied_a_line_each(told: list[str]) -> None:
    async with console(memory_workspace(*orders(3))) as page:
        page.board.board.selection = {3, 1}
        assert await pressed(page, "y", told) == "ORD-0001\nORD-0003"
        assert page.said == "copied 2 cards"


async def test_too_much_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    monkeypatch.setattr("opstui.ui.escapes.COPIED", 20)
    async with console(memory_workspace(*orders(5))) as page:
        page.board.board.selection = {1, 2, 3, 4, 5}
        assert await pressed(page, "Y", told) == ""
        assert page.said.startswith("not copied")


async def test_what_is_copied_in_a_field_goes_the_same_way(told: list[str]) -> None:
    async with console(memory_workspace(*orders(1))) as page:
        await page.press("n")
        await page.type("Beans")
        page.app.copy_to_clipboard("Beans")
        await page.until(lambda: told)
        assert told == ["\x1b]52;c;QmVhbnM=\x07"]
        assert page.app.clipboard == "Beans"


async def test_without_a_card_it_says_so() -> None:
    async with console(memory_workspace()) as page:
        await page.press("y")
        assert page.said == "copy number: no card under the cursor"


@pytest.mark.parametrize(("code", "terminal_is_asked"), [(0, False), (1, True)])
async def test_where_there_is_a_tmux_it_is_asked_first(
    monkeypatch: pytest.MonkeyPatch, told: list[str], code: int, *, terminal_is_asked: bool
) -> None:
    given: list[bytes] = []

    def run(words: tuple[str, ...], **how: Any) -> subprocess.CompletedProcess[bytes]:
        given.append(how["input"])
        return subprocess.CompletedProcess(words, code)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")
    monkeypatch.setattr(copying, "copy", lambda text, environ: f"told {text}")
    async with console(memory_workspace(*orders(1))) as page:
        await page.press("y")
        assert given == [b"ORD-0001"]
        assert told == (["told ORD-0001"] if terminal_is_asked else [])


def test_a_tmux_that_is_not_there_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "TMUX", ("no-such-program-here",))
    assert copying._by_tmux("x") is False
