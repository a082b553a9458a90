"""Many real sessions at once, each on a pseudo-terminal of its own, all read by one loop.

Nothing is drawn: a change is a word that appears in a session's bytes, and its time is when they were read. The word's
letters differ from those that stood there, so that whatever sends only what is different still sends all of it.
"""

from __future__ import annotations

import re
import selectors
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from bench.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

START = 120.0
"""Seconds within which all of them must have begun."""
_HELD = 4096
"""Bytes in which a word may come in pieces."""


class Crowd:
    """`count` sessions of one program; a context manager that ends them."""

    def __init__(self, command: Sequence[str | Path], count: int, env: Mapping[str, str] | None = None) -> None:
        self._stack = ExitStack()
        self._selector = self._stack.enter_context(selectors.DefaultSelector())
        self.terminals: list[Terminal] = []
        with ExitStack() as cautious:
            cautious.callback(self._stack.close)
            for _ in range(count):
                terminal = self._stack.enter_context(Terminal(command, env=env))
                self._selector.register(terminal, selectors.EVENT_READ)
                self.terminals.append(terminal)
            cautious.pop_all()
        self.sent: list[list[tuple[float, int]]] = [[] for _ in self.terminals]
        """When each session sent how many bytes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for terminal in self.terminals:
            terminal.leave()
        self._stack.close()

    def when(self, word: str, patience: float = START) -> list[float]:
        """The moments at which each session had sent something that matches `word`.

        Raises:
            TimeoutError: one of them did not.
        """
        wanted = re.compile(word.encode())
        held = [b""] * len(self.terminals)
        found: dict[int, float] = {}
        end = time.perf_counter() + patience
        while len(found) < len(self.terminals):
            if time.perf_counter() > end:
                raise TimeoutError(f"{word}: {len(found)} of {len(self.terminals)} sessions within {patience:.0f} s")
            for number, at, chunk in self._read(end):
                held[number] = held[number][-_HELD:] + chunk
                if number not in found and wanted.search(held[number]):
                    found[number] = at
        return [found[number] for number in range(len(self.terminals))]

    def wait(self, seconds: float) -> None:
        """Read on for that long."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._read(end)

    def _read(self, end: float) -> list[tuple[int, float, bytes]]:
        """What comes next: who, when, what."""
        came: list[tuple[int, float, bytes]] = []
        for key, _events in self._selector.select(max(0.0, end - time.perf_counter())):
            assert isinstance(key.fileobj, Terminal)
            number = self.terminals.index(key.fileobj)
            for at, chunk in key.fileobj.take():
                self.sent[number].append((at, len(chunk)))
                came.append((number, at, chunk))
        return came
