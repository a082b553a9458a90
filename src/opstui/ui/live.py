"""Other people's changes appear by themselves: hear of a change in the journal folder, at most four times a second.

inotify costs nothing while nothing happens; it is called through ctypes because the standard library has no binding and
a package for three calls is too much. A look at the newest segment every few seconds is the net under it (network file
systems do not always tell). Where there is no inotify, or no more of it to be had, the look comes every 100 ms. Neither
lists the folder: a segment's name tells that of the next.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct

from textual.message import Message

from opstui.store.protocol import StoreError
from opstui.store.segments import following, segments

IN_MODIFY, IN_MOVED_TO, IN_CREATE, IN_DELETE_SELF, IN_MOVE_SELF = 0x2, 0x80, 0x100, 0x400, 0x800
IN_UNMOUNT, IN_Q_OVERFLOW, IN_IGNORED = 0x2000, 0x4000, 0x8000
_ASKED = IN_MODIFY | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF
_GONE = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED
_EVENT = Struct("iIII")
_SEGMENT = b".jsonl"
NET, POLL, SPACING, DEAF = 3.0, 0.1, 0.23, 0.02
"""Seconds between looks with inotify and without it, between repaints, and before more is heard in a storm."""
AGAIN = 50
"""Looks until inotify is tried again where it could not be had."""


class News(Message):
    """For the screens on top of the board: something was changed, here or by others."""

    def __init__(self, cards: frozenset[int] | None) -> None:
        """These cards, or something else; None: too much to say what."""
        super().__init__()
        self.cards = cards


class Watch:
    """Calls `changed` soon after a segment in `folder` was written to. Lives on the running event loop."""

    def __init__(self, folder: Path, changed: Callable[[], None], *, inotify: bool = sys.platform == "linux") -> None:
        """Begin to watch; without a running loop this fails."""
        self._loop = asyncio.get_running_loop()
        self._folder, self._changed, self._wanted = folder, changed, inotify
        self._newest = ""
        self._fd, self._looks = -1, 0
        self._deaf: asyncio.TimerHandle | None = None
        self._begin()
        self._seen = self._look()
        self._timer = self._loop.call_later(self._every, self._tick)

    @property
    def told(self) -> bool:
        """Whether the system tells of changes; else they are looked for."""
        return self._fd >= 0

    def close(self) -> None:
        """Stop watching."""
        self._timer.cancel()
        self._end()

    @property
    def _every(self) -> float:
        return NET if self._fd >= 0 else POLL

    def _begin(self) -> None:
        if self._wanted:
            self._fd = _inotify(self._folder)
            if self._fd >= 0:
                self._loop.add_reader(self._fd, self._told)

    def _end(self) -> None:
        if self._deaf:
            self._deaf.cancel()
            self._deaf = None
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _told(self) -> None:
        """Something happened in the folder. Then nothing is heard for a moment: a storm would wake us a thousand times.

        What happens meanwhile is kept by the system, and if that is too much it says so.
        """
        told = list(_events(os.read(self._fd, 65536)))
        if any(mask & _GONE for mask, _name in told):
            self._end()
            self._newest = ""
        else:
            self._loop.remove_reader(self._fd)
            self._deaf = self._loop.call_later(DEAF, self._listen)
        if any(mask & (_GONE | IN_Q_OVERFLOW) or name.endswith(_SEGMENT) for mask, name in told):
            self._changed()

    def _listen(self) -> None:
        self._deaf = None
        self._loop.add_reader(self._fd, self._told)

    def _tick(self) -> None:
        if self._fd < 0:
            self._looks += 1
            if self._looks % AGAIN == 0:
                self._begin()
        self._timer = self._loop.call_later(self._every, self._tick)
        now = self._look()
        if now != self._seen:
            self._seen = now
            self._changed()

    def _look(self) -> tuple[str, int, int]:
        """The newest segment, its size and its time: a journal only ever grows at its end."""
        try:
            self._newest = self._newest or segments(self._folder)[-1]
            while (self._folder / (after := following(self._newest))).exists():
                self._newest = after
            found = (self._folder / self._newest).stat()
        except (OSError, StoreError, IndexError):
            self._newest = ""
            return "", 0, 0
        return self._newest, found.st_size, found.st_mtime_ns


def _events(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(what happened, to which name) of what inotify hands out."""
    at = 0
    while at < len(raw):
        _watch, mask, _cookie, length = _EVENT.unpack_from(raw, at)
        at += _EVENT.size + length
        yield mask, raw[at - length : at].rstrip(b"\0")


def _inotify(folder: Path) -> int:
    """A descriptor that becomes readable when a file in the folder is written to; -1 where there is none (any more)."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        fd = int(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    except (OSError, AttributeError):
        return -1
    if fd >= 0 and libc.inotify_add_watch(fd, os.fsencode(folder), _ASKED) < 0:
        os.close(fd)
        return -1
    return fd


class Spaced:
    """Runs `work` at once when asked after a pause, and otherwise as soon as `SPACING` seconds have passed.

    `work` says whether it had anything to do; a call that found nothing does not delay the next one.
    """

    def __init__(self, work: Callable[[], bool]) -> None:
        """Bound to the running loop."""
        self._loop = asyncio.get_running_loop()
        self._work = work
        self._last = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def ask(self) -> None:
        """There may be something to do."""
        if self._timer is None:
            wait = self._last + SPACING - self._loop.time()
            self._timer = self._loop.call_later(max(0.0, wait), self._run)

    def close(self) -> None:
        """Forget what was asked."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _run(self) -> None:
        self._timer = None
        if self._work():
            self._last = self._loop.time()
