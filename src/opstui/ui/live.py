"""Other people's changes appear by themselves: hear of a change in the journal folder, at most four times a second.

inotify costs nothing while nothing happens; it is called through ctypes because the standard library has no binding and
a package for three calls is too much. A look at the folder every second is the net under it (network file systems do
not always tell). Where there is no inotify the look comes every 100 ms.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path

IN_MODIFY, IN_MOVED_TO, IN_CREATE = 0x2, 0x80, 0x100
NET, POLL, SPACING = 1.0, 0.1, 0.23


class Watch:
    """Calls `changed` soon after a file in `folder` was written to. Lives on the running event loop."""

    def __init__(self, folder: Path, changed: Callable[[], None], *, inotify: bool = sys.platform == "linux") -> None:
        """Begin to watch; without a running loop this fails."""
        self._loop = asyncio.get_running_loop()
        self._folder, self._changed = folder, changed
        self._seen = self._look()
        self._fd = _inotify(folder) if inotify else -1
        if self._fd >= 0:
            self._loop.add_reader(self._fd, self._told)
        self._every = NET if self._fd >= 0 else POLL
        self._timer = self._loop.call_later(self._every, self._tick)

    def close(self) -> None:
        """Stop watching."""
        self._timer.cancel()
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _told(self) -> None:
        os.read(self._fd, 65536)
        self._seen = self._look()
        self._changed()

    def _tick(self) -> None:
        self._timer = self._loop.call_later(self._every, self._tick)
        now = self._look()
        if now != self._seen:
            self._seen = now
            self._changed()

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        """The newest files, by name, with size and time: the journal only ever grows at its end."""
        try:
            with os.scandir(self._folder) as entries:
                found = [(e.name, (s := e.stat()).st_size, s.st_mtime_ns) for e in entries]
        except OSError:
            return ()
        return tuple(sorted(found)[-2:])


def _inotify(folder: Path) -> int:
    """A descriptor that becomes readable when a file in the folder is written to, or -1."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        fd = int(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    except (OSError, AttributeError):
        return -1
    if fd >= 0 and libc.inotify_add_watch(fd, os.fsencode(folder), IN_MODIFY | IN_MOVED_TO | IN_CREATE) < 0:
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
