"""The installed program in a real terminal: it starts, answers keys, survives resizing, and ends when told to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from e2e.program import Installed
from e2e.tmux import Tmux

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]


def test_the_demo_shows_its_boards_and_quits(installed: Installed, tmp_path: Path) -> None:
    with Tmux([installed.program, "demo"], size=(80, 24), cwd=tmp_path) as terminal:
        screen = terminal.until("1 Order", "ORD-")
        assert len(screen.splitlines()) <= 24
        terminal.press("2")
        terminal.until("CMP-")
        terminal.press("1")
        terminal.until("ORD-")
        terminal.press("q")
        assert terminal.until_over() == 0


def test_a_card_moved_in_the_console_is_moved_for_everyone(installed: Installed, tmp_path: Path) -> None:
    installed.run("init", "shop", cwd=tmp_path)
    ref = json.loads(installed.run("-w", "shop", "card", "add", "orders", "Beans", "--json", cwd=tmp_path).stdout)["id"]
    with Tmux([installed.program, "-w", "shop"], size=(120, 36), cwd=tmp_path) as terminal:
        terminal.until(ref)
        terminal.press("L")
        terminal.until("Payment 1")
        board = json.loads(installed.run("-w", "shop", "board", "orders", "--json", cwd=tmp_path).stdout)
        assert [stage["id"] for stage in board["stages"] if stage["cards"]] == ["payment"]
        second = installed.run("-w", "shop", "card", "add", "orders", "From elsewhere", "--json", cwd=tmp_path)
        terminal.until(json.loads(second.stdout)["id"])
        terminal.press("q")
        assert terminal.until_over() == 0


@pytest.mark.parametrize("size", [(80, 24), (160, 45), (200, 60)])
def test_no_line_is_longer_than_the_terminal_and_the_keys_are_told(
    installed: Installed, tmp_path: Path, size: tuple[int, int]
) -> None:
    with Tmux([installed.program, "demo"], size=size, cwd=tmp_path) as terminal:
        screen = terminal.until("ORD-", "help")
        assert max(map(len, screen.splitlines())) <= size[0]
        assert re.search(r"\? help", screen)
        terminal.press("q")
        assert terminal.until_over() == 0


def test_resizing_down_to_nothing_and_back_leaves_the_board(installed: Installed, tmp_path: Path) -> None:
    with Tmux([installed.program, "demo"], size=(120, 36), cwd=tmp_path) as terminal:
        terminal.until("ORD-")
        terminal.resize(20, 5)
        terminal.resize(120, 36)
        terminal.until("ORD-", "help")
        terminal.press("q")
        assert terminal.until_over() == 0
