"""Processes of one's own that report what they were told is saved, and can be killed at any moment."""

from __future__ import annotations

import os
import selectors
import signal
import traceback
from collections.abc import Callable
from typing import TypeAlias

Report: TypeAlias = Callable[[str], None]


class Child:
    """A forked process; `lines` is what it reported so far."""

    def __init__(self, body: Callable[[Report], None]) -> None:
        self._out, out = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._out)
            _live(body, out)
        os.close(out)
        os.set_blocking(self._out, False)
        self._rest = b""
        self._ended = False
        self.lines: list[str] = []

    def read(self, least: int = 0, seconds: float = 0.0) -> None:
        """Take in what it reported, until that is `least` lines, it ended, or time is up (0: never)."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            while not self._ended and len(self.lines) < least:
                if not selector.select(seconds or 60):
                    assert seconds, "nothing is heard of it"
                    return
                self._take()

    def kill(self) -> None:
        """End it at once, as the kernel does, and take in its last words."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        """Let it come to its end."""
        os.set_blocking(self._out, True)
        while not self._ended:
            self._take()
        os.close(self._out)
        os.waitpid(self.pid, 0)

    def _take(self) -> None:
        try:
            block = os.read(self._out, 1 << 16)
        except BlockingIOError:
            return
        self._ended = not block
        *lines, self._rest = (self._rest + block).split(b"\n")
        self.lines += [line.decode() for line in lines]


def _live(body: Callable[[Report], None], out: int) -> None:
    try:
        body(lambda line: _say(out, line))
    except BaseException as error:  # noqa: BLE001 - told to the parent
        where = traceback.extract_tb(error.__traceback__)[-1]
        _say(out, f"! {type(error).__name__} {error} ({where.name}:{where.lineno})".replace("\n", " "))
    finally:
        os._exit(0)


def _say(out: int, line: str) -> None:
    os.write(out, line.encode() + b"\n")
