"""The lock that makes writers take turns, across processes.

`flock`, because the kernel frees it when its holder dies, however it dies. Others write for less than a millisecond,
so a short wait is one of looking again, sooner and sooner: who waits longest is next. Who let go while somebody waited
gives way before coming back. `flock` cannot time out, so a thread takes over a long wait; whoever gives up leaves the
descriptor to that thread and opens another.

A lock counts only while its file is the one that `data/lock` names: whoever deletes or replaces it would else leave two
writers side by side, each with a lock of their own. So that is looked at after the lock is taken.
"""

from __future__ import annotations

import os
import pwd
import re
import threading
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN
from functools import lru_cache
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.protocol import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOTICE_AFTER = 2.0
GIVE_UP_AFTER = 10.0
PAUSES: tuple[float, ...] = (0.001,) * 3 + (0.0005,) * 10 + (0.0002,) * 50 + (0.0001,) * 500
"""Seconds between looks during a short wait, 68 ms in all."""
TURN = 0.0015
"""Seconds in which one who waits is sure to look."""
_STAMP = 120
_PID = re.compile(r"pid (\d+)\)")
_CALLED = _STAMP + 21
LENGTH = _CALLED + 1
"""Behind the signature: the flag of who writes, the number of the last batch, the flag of who waits."""
_WRITING, _WAITING, _DONE = b"w", b"?", b"-"


class Lock:
    """A lock file. `on_wait` is told, in words, whom we wait for, once that takes long."""

    def __init__(self, path: Path) -> None:
        self._path, self._name = path, os.fspath(path)
        self._fd = self._open()
        self.on_wait: Callable[[str], None] | None = None
        self.meanwhile: Callable[[], object] = _nothing
        """Done again and again during a short wait: what is done then need not be done with the lock."""
        self._gives_way = False
        self.unfinished = False
        """Whether the one before us began to write and never said that it was done: it may not be durable."""
        self.acknowledged = 0
        """The last batch that is known to be durable; 0 when nothing is known."""

    @contextmanager
    def held(self, by: str) -> Iterator[None]:
        """Hold the lock; `by` is written into it for those who wait. Sets `unfinished` and `acknowledged`.

        Raises:
            StoreError: somebody held it too long; the text names them.
        """
        try:
            self._take()
            while not fs.is_at(self._fd, self._name):
                self._follow()
                self._take()
        except OSError as error:
            self.close()
            raise self._lost(error) from error
        try:
            self._stamp(by)
            yield
        finally:
            self._release()

    def begin(self) -> None:
        """Say that we are writing. A kill leaves that standing; a power cut leaves nothing to be told.

        Raises:
            OSError: it cannot be said.
        """
        fs.pwrite(self._fd, _WRITING, _STAMP)

    def end(self, n: int) -> None:
        """Say that what we wrote is durable, and that it was batch n: who cuts the journal later is found out."""
        with suppress(OSError):
            fs.pwrite(self._fd, b"%b%020d" % (_DONE, n), _STAMP)

    def expect_ours(self) -> None:
        """See, just before a write, that nobody deleted or replaced the file of the lock that is held.

        Raises:
            StoreError: somebody did, and may be writing at this moment.
        """
        if not fs.is_at(self._fd, self._name):
            raise self._lost(None)

    def close(self) -> None:
        """Let go of the file; idempotent."""
        if self._fd >= 0:
            fs.close(self._fd)
            self._fd = -1

    def holder(self) -> str:
        """Who took the lock last: member, unix user and process; another program, where that process is no more."""
        said = fs.pread(self._fd, _STAMP, 0).decode(errors="replace").strip()
        pid = _PID.search(said)
        if pid is None or not fs.alive(int(pid[1])):
            return _("another program (`fuser {file}` tells which)").format(file=self._path)
        return said

    def _stamp(self, by: str) -> None:
        text = _signature(by, os.getpid())
        self.unfinished = True
        try:
            seen = fs.pread(self._fd, _CALLED, 0)
            self.unfinished, self.acknowledged = seen[_STAMP : _STAMP + 1] == _WRITING, last_acknowledged(seen)
            if seen[:_STAMP] != text:
                fs.pwrite(self._fd, text, 0)
        except OSError:
            return  # a full disk: the stamp is only a courtesy

    def _take(self) -> None:
        if self._fd < 0:
            self._fd = self._open()
        if self._gives_way:
            self._gives_way = False
            fs.pause(TURN)
        for pause in PAUSES:
            try:
                fs.flock(self._fd, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                self.meanwhile()
                with suppress(OSError):
                    fs.pwrite(self._fd, _WAITING, _CALLED)
                fs.pause(pause)
            else:
                return
        self._wait()

    def _release(self) -> None:
        with suppress(OSError):
            if fs.pread(self._fd, 1, _CALLED) == _WAITING:
                fs.pwrite(self._fd, _DONE, _CALLED)
                self._gives_way = True
        fs.flock(self._fd, LOCK_UN)

    def _follow(self) -> None:
        """Turn to the file that is the lock now; one that was deleted is made again, as long as its folder is there."""
        self.close()
        self._fd = self._open()

    def _open(self) -> int:
        return fs.open_file(self._path, os.O_RDWR | os.O_CREAT)

    def _lost(self, error: OSError | None) -> StoreError:
        if error is None or isinstance(error, FileNotFoundError):
            return StoreError(
                _(
                    "{file} was deleted meanwhile: nothing was changed. If the workspace was moved or put back from a "
                    "backup, leave and start again"
                ).format(file=self._path)
            )
        return StoreError(
            _(
                "the lock {file} cannot be taken ({error}): nothing was changed. Check the disk, then do it again"
            ).format(file=self._path, error=error.strerror)
        )

    def _wait(self) -> None:
        waiter = _Waiter(self._fd)
        waiter.start()
        try:
            if waiter.locked.wait(NOTICE_AFTER):
                return
            if self.on_wait is not None:
                self.on_wait(_("waiting for {holder} to finish writing").format(holder=self.holder()))
            if waiter.locked.wait(GIVE_UP_AFTER - NOTICE_AFTER) or not waiter.give_up():
                return
        except BaseException:
            if waiter.give_up():
                self._fd = -1
                self._fd = self._open()
            else:
                fs.flock(self._fd, LOCK_UN)
            raise
        holder = self.holder()
        self._fd = -1
        self._fd = self._open()
        raise StoreError(
            _(
                "{holder} has been writing for {seconds} s and does not let go; nothing was changed. Try again; if "
                "that process was stopped (ctrl+z), wake it with `kill -CONT` and its pid, else end it"
            ).format(holder=holder, seconds=int(GIVE_UP_AFTER))
        )


def last_acknowledged(raw: bytes) -> int:
    """The last batch that a lock file says is durable; 0 when it does not say."""
    told = raw[_STAMP + 1 : _CALLED]
    return int(told) if len(told) == _CALLED - _STAMP - 1 and told.isdigit() else 0


def _nothing() -> None:
    return


@lru_cache(4)
def _signature(by: str, pid: int) -> bytes:
    who = f"{' '.join(by.split())[:40]} (user {_user()}, pid {pid})"
    return who.encode()[: _STAMP - 1].ljust(_STAMP - 1) + b"\n"


def _user() -> str:
    """The unix user of this process; who waits may have to ask that person, or the administrator, to end it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


class _Waiter(threading.Thread):
    """Blocks on the lock for somebody who may stop waiting."""

    def __init__(self, fd: int) -> None:
        super().__init__(daemon=True, name="opstui-lock")
        self.locked = threading.Event()
        self._fd, self._given_up, self._settle = fd, False, threading.Lock()

    def run(self) -> None:
        """Take the lock; close it again if nobody wants it any more."""
        fs.flock(self._fd, LOCK_EX)
        with self._settle:
            if self._given_up:
                fs.close(self._fd)
            else:
                self.locked.set()

    def give_up(self) -> bool:
        """Stop waiting; False when the lock is ours already. From then on the descriptor belongs to the thread."""
        with self._settle:
            self._given_up = not self.locked.is_set()
            return self._given_up
