"""A program on a pseudo-terminal, byte by byte: what a real terminal would be sent, and what it would send."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from pathlib import Path

import pytest

PATIENCE = 40.0


class Raw:
    """A program on a pseudo-terminal, read as bytes."""

    def __init__(self, *words: str | Path, **environ: str) -> None:
        """Run a program with this environment on top of a usual terminal's, on 80 columns and 24 lines."""
        self.said = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            inherited = {name: text for name, text in os.environ.items() if name not in ("TMUX", "STY", "COLORTERM")}
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(words[0], [str(word) for word in words], {**inherited, "TERM": "xterm-256color", **environ})

    def until(self, *parts: bytes) -> None:
        """Read until all of this was said since the last call."""
        begun, end = len(self.said), time.monotonic() + PATIENCE
        while not all(part in self.said[begun:] for part in parts):
            assert self.more(), f"it ended; it said {self.said[-400:]!r}"
            assert time.monotonic() < end, f"waited for {parts}; it said {self.said[-400:]!r}"

    def more(self, wait: float = 0.5) -> bool:
        """Read what there is, waiting a little; False at the end."""
        if not select.select([self._fd], [], [], wait)[0]:
            return True
        try:
            self.said += (read := os.read(self._fd, 65536))
        except OSError:
            return False
        return bool(read)

    def rest(self) -> None:
        """Read until nothing comes for half a second: an escape is no part of what is written next."""
        read = -1
        while read < len(self.said):
            read = len(self.said)
            assert self.more(), f"it ended; it said {self.said[-400:]!r}"

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
