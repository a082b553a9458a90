"""What the console and its start screen have in common: keys that work everywhere, and settings Textual reads early."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from opstui.ui.app import OpsApp
from opstui.ui.commands import COMMANDS
from opstui.ui.keymap import load_keys
from opstui.ui.start import StartApp
from opstui.ui.steady import Steady
from ui.page import RINA, console, memory_workspace, orders
from ui.test_start import offer


def keys_of(app: Steady, action: str) -> list[str]:
    """Which keys do that, whatever has the focus."""
    bound = app._bindings.key_to_bindings
    return [key for key, found in bound.items() for binding in found if binding.action == action and binding.priority]


@pytest.fixture
def suspended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the application was asked to do instead of going to the shell."""
    asked: list[str] = []
    monkeypatch.setattr(OpsApp, "action_suspend_process", lambda _app: asked.append("suspend"))
    monkeypatch.setattr(OpsApp, "action_redraw", lambda _app: asked.append("redraw"))
    return asked


async def test_a_key_of_one_s_own_leads_to_the_shell_from_a_form_too(tmp_path: Path, suspended: list[str]) -> None:
    (tmp_path / "keys.toml").write_text('suspend = "ctrl+t"\nredraw = ["ctrl+y", "f5"]\n')
    async with console(memory_workspace(*orders(1), path=tmp_path)) as page:
        await page.press("ctrl+t", "n", "ctrl+t", "f5")
        assert page.dialog == "Form"
        assert suspended == ["suspend", "suspend", "redraw"]
        await page.press("ctrl+z")
        assert suspended == ["suspend", "suspend", "redraw"]


async def test_a_key_that_is_taken_away_or_given_to_another_command_leads_nowhere_else(
    tmp_path: Path, suspended: list[str]
) -> None:
    (tmp_path / "keys.toml").write_text('undo = "ctrl+z"\nredraw = []\n')
    async with console(memory_workspace(*orders(1), path=tmp_path)) as page:
        await page.press("L", "ctrl+z")
        assert "undone" in page.said
        await page.press("ctrl+l")
        assert suspended == []


def test_keys_worn_later_take_the_place_of_those_before(tmp_path: Path) -> None:
    app, other = (OpsApp(memory_workspace(path=tmp_path / name), RINA) for name in ("a", "b"))
    (tmp_path / "keys.toml").write_text('suspend = "ctrl+q"\nquit = "Q"\n')
    table, said = load_keys(tmp_path / "keys.toml")
    assert said == []
    app.wear_keys(table)
    assert keys_of(app, "suspend_process") == ["ctrl+q"]
    assert keys_of(app, "quit") == ["ctrl+q"], "the one way out that Textual gives stays first"
    app.wear_keys(COMMANDS)
    for each in (app, other):
        assert keys_of(each, "suspend_process") == list(COMMANDS["suspend"].keys)
        assert keys_of(each, "redraw") == list(COMMANDS["redraw"].keys)
        each.session.close()


def test_the_start_screen_has_the_person_s_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert keys_of(StartApp(offer(tmp_path)), "suspend_process") == list(COMMANDS["suspend"].keys)
    (tmp_path / "opstui").mkdir()
    (tmp_path / "opstui" / "keys.toml").write_text('suspend = "ctrl+t"\nnonsense = 1\n')
    assert keys_of(StartApp(offer(tmp_path)), "suspend_process") == ["ctrl+t"]


@pytest.mark.parametrize("module", ["app", "start", "steady", "driver"])
def test_textual_is_told_before_it_is_imported(module: str) -> None:
    code = f"import opstui.ui.{module}, textual.constants as c; print(c.ESCAPE_DELAY, c.TEXTUAL_ANIMATIONS)"
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["0.025", "none"]
