"""Ways out of the console that nobody chose: the terminal is put right, and odd bytes are no way out at all."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from pathlib import Path

import pytest

from e2e.program import Installed

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("wheel")]
PATIENCE = 40.0


class Raw:
    """A program on a pseudo-terminal, read as bytes."""

    def __init__(self, *words: str | Path) -> None:
        self.said = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execv(words[0], [str(word) for word in words])

    def until(self, *parts: bytes) -> None:
        """Read until all of this was said since the last call."""
        begun, end = len(self.said), time.monotonic() + PATIENCE
        while not all(part in self.said[begun:] for part in parts):
            assert self.more(), f"it ended; it said {self.said[-400:]!r}"
            assert time.monotonic() < end, f"waited for {parts}; it said {self.said[-400:]!r}"

    def more(self) -> bool:
        """Read what there is, waiting a little; False at the end."""
        if not select.select([self._fd], [], [], 0.5)[0]:
            return True
        try:
            self.said += (read := os.read(self._fd, 65536))
        except OSError:
            return False
        return bool(read)

    def write(self, data: bytes) -> None:
        os.write(self._fd, data)

    def hang_up(self) -> int:
        """Take the terminal away, as a connection that breaks; how it ended, in the same words."""
        os.close(self._fd)
        end = time.monotonic() + PATIENCE
        while not (gone := os.waitpid(self.pid, os.WNOHANG))[0]:
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                pytest.fail("it goes on without a terminal")
            select.select([], [], [], 0.05)
        return os.waitstatus_to_exitcode(gone[1])

    def ended(self) -> int:
        """Read to the end; the exit code, or minus the signal."""
        end = time.monotonic() + PATIENCE
        while self.more():
            assert time.monotonic() < end, "it does not end"
        os.close(self._fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture
def console(installed: Installed, tmp_path: Path) -> Raw:
    """The console on a workspace with one card."""
    installed.run("init", "shop", cwd=tmp_path)
    installed.run("-w", "shop", "card", "add", "orders", "Beans", cwd=tmp_path)
    program = Raw(installed.program, "-w", tmp_path / "shop")
    program.until(b"ORD-0001")
    return program


def test_a_terminated_console_leaves_the_terminal_as_it_was(console: Raw) -> None:
    os.kill(console.pid, signal.SIGTERM)
    assert console.ended() == 0
    end = console.said[-600:]
    assert b"\x1b[?1049l" in end, "back from the alternate screen"
    assert b"\x1b[?25h" in end, "the cursor is shown"
    assert b"\x1b[?1003l" in end, "the mouse is let go"


@pytest.mark.parametrize("keys", [b"", b"jLLu"])
def test_a_console_whose_terminal_is_gone_ends(console: Raw, keys: bytes) -> None:
    console.write(keys)
    assert console.hang_up() in (0, -signal.SIGHUP)


def test_bytes_that_are_no_text_do_not_end_the_session(console: Raw) -> None:
    console.write(b"\x1b[200~evil\x9b1m\xff\x1b[201~")
    end = time.monotonic() + PATIENCE
    while b"moved" not in console.said:  # a key that arrives together with such bytes may go with them
        console.write(b"L")
        assert console.more()
        assert time.monotonic() < end
    console.write(b"q")
    assert console.ended() == 0
    assert b"Traceback" not in console.said
