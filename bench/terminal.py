"""Measures any program through a pseudo-terminal, playing the part of a real one.

Output is only read and time-stamped while the clock runs and replayed in the emulator afterwards, so its cost is in no
figure. Queries are answered at once, as a terminal would, so that no program sits in a time-out. Linux only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, Self

import psutil

from bench.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

QUIET = 0.06
"""Seconds of silence that end an answer to a key; they are not part of the figure."""

_ANSWERS: tuple[tuple[bytes, bytes], ...] = (
    (rb"\x1b\[6n", b"\x1b[1;1R"),
    (rb"\x1b\[0?c", b"\x1b[?62;22c"),
    (rb"\x1b\[\?(\d+)\$p", b"\x1b[?%s;2$y"),
    (rb"\x1b\[\?u", b"\x1b[?0u"),
    (rb"\x1b\[>0?q", b"\x1bP>|bench\x1b\\"),
    (rb"\x1b\]1([01]);\?(?:\x07|\x1b\\)", b"\x1b]1%s;rgb:0000/0000/0000\x1b\\"),
)


@dataclass(frozen=True)
class Stroke:
    """What a key cost: milliseconds until the last change of the screen (None: it changed nothing), bytes sent."""

    ms: float | None
    size: int


@dataclass(frozen=True)
class Memory:
    """Of the program and its children, in MB. `pss` counts shared pages by share."""

    rss: float
    pss: float


class Ended(Exception):  # noqa: N818 - what happened, not a fault of ours
    """The program went away by itself."""


def world(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of what is measured: a usual terminal's, and one that keeps compiled modules."""
    unwanted = ("COLUMNS", "LINES", "TMUX", "NO_COLOR", "PYTHONDONTWRITEBYTECODE")
    usual = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**usual, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(more or {})}


class Terminal:
    """A program on a pseudo-terminal of `size` columns and rows; a context manager that ends it."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        size: tuple[int, int] = (160, 45),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._emulator = Emulator(*size)
        self._chunks: list[tuple[float, bytes]] = []
        self.received = 0
        """Bytes the program has sent so far."""
        words, surroundings = [str(word) for word in command], world(env)
        self._begun = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _become(words, surroundings, size, cwd)
        os.set_inheritable(self._fd, False)  # noqa: FBT003 - a terminal that others hold does not close
        os.set_blocking(self._fd, False)
        self._process = psutil.Process(self.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        family = self._family()
        for sort in (signal.SIGTERM, signal.SIGKILL):
            for process in family:
                try:
                    process.send_signal(sort)  # psutil compares the start time: never a stranger under the same pid
                except psutil.NoSuchProcess:
                    continue
            if self._over(within=2.0):
                break
        os.close(self._fd)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self._emulator.text

    def until(self, pattern: str, patience: float = 60.0) -> float:
        """Milliseconds from the start to the output that completed `pattern` on the screen."""
        end = self._begun + patience
        while True:
            self._collect(QUIET, end)
            for at, chunk in self._replay():
                if self._emulator.feed(chunk) and re.search(pattern, self.text):
                    self._draw_rest()
                    return (at - self._begun) * 1000
            if time.perf_counter() > end:
                raise TimeoutError(f"{pattern} was not seen in {patience:.0f} s; screen:\n{self.text}")

    @property
    def processor(self) -> float:
        """Seconds of processor the program has used."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def settle(self, quiet: float = 0.4, patience: float = 10.0) -> None:
        """Read on until nothing has come for `quiet` seconds."""
        self._collect(quiet, time.perf_counter() + patience, begun=True)
        self._draw_rest()

    def key(self, keys: str, quiet: float = QUIET, patience: float = 5.0) -> Stroke:
        """Press a key and wait for its whole answer."""
        self.settle(quiet=0.01)
        pressed = time.perf_counter()
        os.write(self._fd, keys.encode())
        last, size = None, 0
        while last is None and time.perf_counter() < pressed + patience:
            self._collect(quiet, pressed + patience)
            for at, chunk in self._replay():
                size += len(chunk)
                if self._emulator.feed(chunk):
                    last = at
        return Stroke(None if last is None else (last - pressed) * 1000, size)

    def fileno(self) -> int:
        """For `select`: who watches several terminals reads from whichever has something."""
        return self._fd

    def take(self) -> Iterator[tuple[float, bytes]]:
        """What has come now, with its times, not drawn: for who only looks for words in it."""
        self._take()
        return self._replay()

    def press(self, keys: str) -> None:
        """Send keys, and wait for nothing."""
        os.write(self._fd, keys.encode())

    def wait(self, until: float) -> list[tuple[float, bytes]]:
        """What comes until a moment (`time.perf_counter`), with its times, not drawn."""
        while (left := until - time.perf_counter()) > 0:
            if select.select([self._fd], [], [], left)[0]:
                self._take()
        return list(self._replay())

    def draw(self, chunk: bytes) -> None:
        """Draw what was taken."""
        self._emulator.feed(chunk)

    @property
    def picture(self) -> int:
        """A number for what is on the screen, but for its first and last line: clocks and hints."""
        return self._emulator.picture

    def leave(self) -> None:
        """Ask the program to end, and do not wait: many that end at once take as long as one."""
        for process in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()

    def memory(self) -> Memory:
        """What the program holds now."""
        full = [process.memory_full_info() for process in self._family()]
        return Memory(sum(m.rss for m in full) / 1e6, sum(m.pss for m in full) / 1e6)

    def _family(self) -> list[psutil.Process]:
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _over(self, within: float) -> bool:
        end = time.perf_counter() + within
        while time.perf_counter() < end:
            with contextlib.suppress(OSError):
                os.read(self._fd, 65536)  # a program that cannot write cannot leave
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return True
            time.sleep(0.01)
        return False

    def _replay(self) -> Iterator[tuple[float, bytes]]:
        while self._chunks:
            yield self._chunks.pop(0)

    def _draw_rest(self) -> None:
        for _at, chunk in self._replay():
            self._emulator.feed(chunk)

    def _collect(self, quiet: float, end: float, *, begun: bool = False) -> None:
        """Read until `quiet` seconds of silence after something came (or at once, when `begun`), or until `end`."""
        last = time.perf_counter() if begun else None
        while (now := time.perf_counter()) < end and (last is None or now - last < quiet):
            wake = end if last is None else min(end, last + quiet)
            if select.select([self._fd], [], [], max(0.0, wake - now))[0]:
                self._take()
                last = time.perf_counter()

    def _take(self) -> None:
        try:
            chunk = os.read(self._fd, 65536)
        except OSError as gone:
            chunk = b""
            cause: OSError | None = gone
        else:
            cause = None
        if not chunk:
            self._draw_rest()
            raise Ended(f"the program ended by itself; screen:\n{self.text}") from cause
        self.received += len(chunk)
        self._chunks.append((time.perf_counter(), chunk))
        for question, answer in _ANSWERS:
            for asked in re.finditer(question, chunk):
                os.write(self._fd, answer % asked.groups() if asked.groups() else answer)


def _become(words: list[str], env: Mapping[str, str], size: tuple[int, int], cwd: Path | None) -> NoReturn:
    """In the child: turn into the program."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        if cwd:
            os.chdir(cwd)
        os.execvpe(words[0], words, env)  # noqa: S606 - the point of it
    except OSError as wrong:
        sys.stderr.write(f"{words[0]}: {wrong}\n")
    finally:
        os._exit(127)
