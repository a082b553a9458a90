"""What every test gets: a world of its own. No test reads the tester's home, locale, time zone or clock."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parents[1]

# The same examples on every run and machine, and no clock inside a test.
settings.register_profile("opstui", derandomize=True, deadline=None)
settings.load_profile("opstui")


def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: a test of the console waits for the terminal nearly half of its time."""
    return 2 * (os.cpu_count() or 1)


_FORGET = (
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "SSH_ORIGINAL_COMMAND",
)
_FORGET_ALL = ("XDG_", "LC_", "OPSTUI_", "TEXTUAL")


@pytest.fixture(autouse=True)
def hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home, a time zone and a locale that are the same on every machine, for this process and those it starts."""
    home = tmp_path_factory.mktemp("home")
    for name in os.environ:
        if name in _FORGET or (name.startswith(_FORGET_ALL) and name != "OPSTUI_REAL_EXPORTS"):
            monkeypatch.delenv(name)
    for name, value in {"HOME": str(home), "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    for name, folder in {
        "CONFIG": ".config",
        "DATA": ".local/share",
        "STATE": ".local/state",
        "CACHE": ".cache",
    }.items():
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def real_exports() -> Path:
    """The folder of real exports, which is never shipped: beside the checkout, or where OPSTUI_REAL_EXPORTS says."""
    folder = Path(os.environ.get("OPSTUI_REAL_EXPORTS", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the real exports are not on this machine (OPSTUI_REAL_EXPORTS names their folder)")
    return folder
