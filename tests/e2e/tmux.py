"""A real terminal to look at: tmux on a socket of its own, without anybody's settings.

The screen is asked for until it shows what is waited for or the deadline is over; nothing waits by a fixed time.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import pytest
from rich.cells import cell_len

PATIENCE = 40.0
"""Seconds until a screen that was waited for is given up: generous, because the machine may be busy."""


class Tmux:
    """One program in one window of a tmux of its own; a context manager that ends both."""

    def __init__(self, command: list[str | Path], *, size: tuple[int, int] = (80, 24), cwd: Path | None = None) -> None:
        """Start `command` in a terminal of `size` columns and rows."""
        self._tmux = shutil.which("tmux") or pytest.skip("tmux is not installed")
        self._folder = tempfile.TemporaryDirectory(prefix="opstui-tmux-")
        columns, rows = size
        self._code = Path(self._folder.name, "code")
        words = f"{shlex.join(str(word) for word in command)}; echo $? > {self._code}"
        place = ["-c", str(cwd)] if cwd else []
        keep = [
            "start-server",
            ";",
            "set-option",
            "-g",
            "remain-on-exit",
            "on",
            ";",
        ]  # what it said last stays readable
        self._ask(*keep, "new-session", "-d", "-x", str(columns), "-y", str(rows), *place, words)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("kill-server", check=False)
        self._folder.cleanup()

    def _ask(self, *words: str, check: bool = True) -> str:
        base = [self._tmux, "-u", "-f", "/dev/null", "-S", f"{self._folder.name}/socket"]
        env = dict(os.environ)  # said outright, without the size that readline puts behind Python's back for children
        done = subprocess.run([*base, *words], env=env, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names (q, Enter, Escape, S-Right ...)."""
        self._ask("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text, letter by letter; escape sequences of a mouse go through as they are."""
        self._ask("send-keys", "-l", text)

    def click(self, pattern: str, times: int = 1) -> None:
        """Click where the pattern first stands on the screen."""
        column, line = self._place(pattern)
        for _turn in range(times):
            self._mouse(0, column, line, "M")
            self._mouse(0, column, line, "m")

    def mark(self, pattern: str) -> None:
        """Click with ctrl held."""
        column, line = self._place(pattern)
        self._mouse(16, column, line, "M")
        self._mouse(16, column, line, "m")

    def wheel(self, pattern: str, to: str, turns: int = 120) -> None:
        """Turn the wheel downwards over what the pattern finds until the screen shows `to`."""
        column, line = self._place(pattern)
        for _turn in range(turns):
            if re.search(to, self.screen()):
                return
            self._mouse(65, column, line, "M")
            time.sleep(0.02)
        self._place(to)

    def double(self, pattern: str) -> None:
        """A double click."""
        self.click(pattern, 2)

    def drag(self, pattern: str, to: str) -> None:
        """Take what the pattern finds, and let it go at another."""
        (column, line), (there, below) = self._place(pattern), self._place(to)
        self._mouse(0, column, line, "M")
        for part in (1, 2, 3, 4):
            self._mouse(32, column + (there - column) * part // 4, line + (below - line) * part // 4, "M")
        self._mouse(0, there, below, "m")

    def _place(self, pattern: str) -> tuple[int, int]:
        """Column and line, from 1, of the first letter that matches."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line, text in enumerate(self.screen().splitlines(), 1):
                if found := re.search(pattern, text):
                    return cell_len(text[: found.start()]) + 1, line
            time.sleep(0.02)
        pytest.fail(f"{pattern} is not on the screen:\n{self.screen()}")

    def _mouse(self, button: int, column: int, line: int, end: str) -> None:
        """What a terminal sends for a mouse: a button (32 more while it moves), a place, pressed or let go."""
        self._ask("send-keys", "-H", *(f"{byte:02x}" for byte in f"\x1b[<{button};{column};{line}{end}".encode()))

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size under the program."""
        self._ask("resize-window", "-x", str(columns), "-y", str(rows))

    @property
    def exit_code(self) -> int | None:
        """How the program ended; None while it runs. The shell writes it down: tmux does not always know."""
        try:
            return int(self._code.read_text("utf-8"))
        except (FileNotFoundError, ValueError):  # ValueError: seen between being made and being written
            return None

    def screen(self) -> str:
        """What is on the screen now."""
        return self._ask("capture-pane", "-p")

    def until(self, *texts: str, gone: bool = False) -> str:
        """The screen, as soon as it shows all of `texts` (with `gone`: none of them)."""
        end = time.monotonic() + PATIENCE
        while True:
            screen = self.screen()
            if all((text in screen) != gone for text in texts):
                return screen
            if self.exit_code is not None or time.monotonic() > end:
                pytest.fail(f"waited for {texts}; exit code {self.exit_code}; screen:\n{screen}")
            time.sleep(0.02)

    def until_over(self) -> int:
        """The exit code, as soon as the program has ended by itself."""
        end = time.monotonic() + PATIENCE
        while (code := self.exit_code) is None:
            if time.monotonic() > end:
                pytest.fail(f"the program did not end; screen:\n{self.screen()}")
            time.sleep(0.02)
        return code
