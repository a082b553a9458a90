"""The first minute in a real terminal: from an empty folder to a workspace, and back to it from another folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.program import Installed
from e2e.tmux import Tmux

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]


def test_from_nothing_to_a_first_card_and_back_to_it(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with Tmux([installed.program], size=(80, 24), cwd=tmp_path / "empty") as terminal:
        terminal.until("There is no workspace here", "Look at a sample shop", "Make a workspace")
        terminal.press("m")
        terminal.until("Currency", "Time zone")
        terminal.press("Kopi", "C-s")
        terminal.until("No cards yet", "new card", "made, and yours")
        terminal.press("n")
        terminal.until("Title")
        terminal.press("Gayo", "C-s")
        terminal.until("ORD-0001", "Gayo")
        terminal.press("q")
        assert terminal.until_over() == 0
    with Tmux([installed.program], size=(80, 24), cwd=tmp_path) as terminal:
        terminal.until("Kopi", "today")
        terminal.press("1")
        terminal.until("ORD-0001")
        terminal.press("q")
        assert terminal.until_over() == 0
    assert not any(path.name == "opstui.toml" for path in tmp_path.iterdir())


def test_leaving_the_start_screen_makes_nothing_and_is_no_failure(installed: Installed, tmp_path: Path) -> None:
    with Tmux([installed.program, "-w", "new"], size=(80, 24), cwd=tmp_path) as terminal:
        terminal.until("There is no workspace in")
        terminal.until("Make a workspace")
        terminal.press("q")
        assert terminal.until_over() == 0
    assert list(tmp_path.iterdir()) == []
