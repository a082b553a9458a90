"""The installed program on many kinds of terminals: what it says to each, byte by byte, and what it takes from it."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from e2e.program import Installed
from e2e.raw import Raw
from e2e.tmux import Tmux

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]
MEGABYTE = b"\x1b[200~" + b"L\x1b[C\x1bqX\xff\x9b1mx" * 100_000 + b"\x1b[201~"


@pytest.fixture
def shop(installed: Installed, tmp_path: Path) -> Path:
    """A workspace with three cards."""
    installed.run("init", "shop", "--name", "Kopi\tLereng", cwd=tmp_path)
    for title in ("Beans", "Filters", "Kettle"):
        installed.run("-w", "shop", "card", "add", "orders", title, cwd=tmp_path)
    return tmp_path / "shop"


def stages(installed: Installed, shop: Path) -> dict[str, list[str]]:
    board = json.loads(installed.run("-w", shop, "board", "orders", "--json", cwd=shop).stdout)
    return {row["id"]: [card["id"] for card in row["cards"]] for row in board["stages"] if row["cards"]}


def left(program: Raw) -> bytes:
    """Everything it said, once it was asked to leave."""
    program.write(b"q")
    assert program.ended() == 0
    assert b"Traceback" not in program.said
    return program.said


def test_the_mouse_is_never_asked_for_every_motion_and_everything_is_given_back(
    installed: Installed, shop: Path
) -> None:
    program = Raw(installed.program, "-w", shop)
    program.until(b"ORD-0001")
    said = left(program)
    assert b"?1003h" not in said
    for switch in (b"1000", b"1002", b"1006", b"2004", b"1004", b"1049"):
        assert said.rindex(b"\x1b[?" + switch + b"h") < said.rindex(b"\x1b[?" + switch + b"l")
    assert said.rindex(b"\x1b[?25h") > said.rindex(b"\x1b[?25l")


def test_the_title_says_where_one_is_and_the_old_one_comes_back(installed: Installed, shop: Path) -> None:
    program = Raw(installed.program, "-w", shop)
    program.until(b"ORD-0001", "\x1b]2;opstui · Orders · Kopi Lereng\x07".encode())
    program.write(b"2")
    program.until("\x1b]2;opstui · Campaigns · Kopi Lereng\x07".encode())
    said = left(program)
    assert said.index(b"\x1b[22;2t") < said.index(b"\x1b]2;") < said.rindex(b"\x1b[23;2t")


@pytest.mark.parametrize("term", ["xterm", "screen-256color", "tmux-256color", "linux", "vt100", "no-such-terminal"])
def test_it_works_on_any_terminal(installed: Installed, shop: Path, term: str) -> None:
    program = Raw(installed.program, "-w", shop, TERM=term)
    program.until(b"ORD-0001", b"help")
    program.write(b"L")
    program.until(b"moved")
    said = left(program)
    assert (b"\x1b]2;" in said) == (term not in ("linux", "vt100"))
    assert "payment" in stages(installed, shop)


def test_a_dumb_terminal_is_told(installed: Installed, shop: Path) -> None:
    program = Raw(installed.program, "-w", shop, TERM="dumb")
    assert program.ended() == 2
    assert b"needs a terminal" in program.said
    assert b"\x1b" not in program.said


def test_a_number_is_copied_to_the_terminal(installed: Installed, shop: Path) -> None:
    program = Raw(installed.program, "-w", shop)
    program.until(b"ORD-0001")
    program.write(b"y")
    program.until(b"\x1b]52;c;" + base64.b64encode(b"ORD-0001") + b"\x07", b"copied")
    assert b"\x1b]52;c;?" not in left(program)


@pytest.mark.parametrize("before", [b"", b"n"])
def test_a_megabyte_of_odd_bytes_that_is_pasted_does_nothing(installed: Installed, shop: Path, before: bytes) -> None:
    program = Raw(installed.program, "-w", shop)
    program.until(b"ORD-0001")
    program.write(before)
    if before:
        program.until(b"Title")
    for at in range(0, len(MEGABYTE), 4096):
        program.write(MEGABYTE[at : at + 4096])
        program.more(wait=0)
    program.until(b"nothing was pasted")
    if before:
        program.write(b"\x1b")
        program.until(b"-0001")
    program.write(b"y")
    program.until(b"copied")
    left(program)
    assert stages(installed, shop) == {"new": ["ORD-0001", "ORD-0002", "ORD-0003"]}


def test_to_the_shell_and_back_with_a_form_open(installed: Installed, shop: Path) -> None:
    with Tmux(["env", "PS1=shell> ", "bash", "--norc"], size=(100, 30), cwd=shop.parent) as terminal:
        terminal.until("shell>")
        terminal.press(f"{installed.program} -w shop", "Enter")
        terminal.until("ORD-0001", "help")
        terminal.press("n")
        terminal.until("Title")
        terminal.type("Two kettles")
        terminal.until("Two kettles")
        terminal.press("C-z")
        terminal.until("Stopped")
        terminal.press("clear; fg", "Enter")
        terminal.until("Two kettles", "Title", "ORD-0001")
        terminal.type(" more")
        terminal.until("Two kettles more")
        terminal.press("C-l")
        terminal.until("Two kettles more", "Title")


def place(screen: str, word: str) -> tuple[int, int]:
    """Column and line of a word, from 1 as terminals count."""
    for y, line in enumerate(screen.splitlines(), 1):
        if word in line:
            return line.index(word) + 1, y
    raise AssertionError(f"{word} is not on\n{screen}")


def test_a_card_is_carried_by_the_mouse_and_by_esc_it_is_not(installed: Installed, shop: Path) -> None:
    with Tmux([installed.program, "-w", shop], size=(120, 36)) as terminal:
        screen = terminal.until("ORD-0001", "Payment 0", "a tour")
        (x, y), (to, _line) = place(screen, "ORD-0001"), place(screen, "Payment")
        terminal.type(f"\x1b[<0;{x};{y}M\x1b[<32;{to};{y + 4}M")
        screen = terminal.until("ORD-0001 to Payment")
        assert re.search("▶━+", screen)
        assert "░" in screen
        terminal.press("Escape")
        terminal.until("ORD-0001 to Payment", gone=True)
        terminal.type(f"\x1b[<0;{to};{y + 4}m")
        terminal.type(f"\x1b[<0;{x};{y}M\x1b[<32;{to};{y + 4}M\x1b[<0;{to};{y + 4}m")
        terminal.until("moved ORD-0001 to Payment", "Payment 1")
        assert stages(installed, shop)["payment"] == ["ORD-0001"]


def test_everything_on_the_lines_around_the_board_can_be_clicked(installed: Installed, shop: Path) -> None:
    def click(screen: str, word: str) -> str:
        x, y = place(screen, word)
        return f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"

    with Tmux([installed.program, "-w", shop], size=(80, 24)) as terminal:
        screen = terminal.until("ORD-0001", "new", "help")
        terminal.type(click(screen, "2 Camp"))
        screen = terminal.until("ORD-0001", gone=True)
        terminal.type(click(screen, "1 Orders"))
        screen = terminal.until("ORD-0001")
        terminal.type(click(screen, "t in it a tour"))
        screen = terminal.until("n new")
        terminal.type(click(screen, "n new"))
        terminal.until("Title")
        terminal.press("Escape")
        terminal.until("Title", gone=True)
        terminal.type(click(terminal.screen(), "? help"))
        terminal.until("Move about")
