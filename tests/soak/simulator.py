"""The store's system calls on a simulated disk.

Everything in `opstui.store.syscalls` has its stand-in here, so that a test can stop the world at each call: look at
what a power cut or a kill would leave just then, refuse the call, or let another process run first.
"""

from __future__ import annotations

import errno
import inspect
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from opstui.store import syscalls
from soak.disk import Disk, File, Folder, Naming, Node

READING = frozenset(
    {
        "close",
        "size",
        "is_at",
        "has_disk",
        "exists",
        "mode",
        "real",
        "listdir",
        "pread",
        "flock",
        "stamp",
        "pause",
        "alive",
    }
)
"""Calls that change nothing on the disk."""
_NO_FILE = syscalls.Stamp(0, 0, 0, 0)
_descriptors = count(1 << 20)
"""No descriptor of the real machine: a late `os.close` of one closes nothing."""
_COMPOSED = {"write_all", "pwrite_all"}


class Killed(BaseException):
    """The process is no more."""


@dataclass(eq=False, slots=True)
class Opened:
    """An open file description: locks belong to it."""

    node: Node
    flags: int
    process: int
    place: int = 0


@dataclass(slots=True)
class Fault:
    """A disk that refuses: at the call of this number, or from then on; `short`: a write takes less than it should."""

    at: int
    code: int = errno.EIO
    lasting: bool = False
    short: bool = False
    calls: frozenset[str] | None = None
    """Which calls it strikes; None for any."""
    met: int = 0

    def strikes(self, call: int, name: str) -> bool:
        """Whether this call fails."""
        hit = (call >= self.at if self.lasting else call == self.at) and (self.calls is None or name in self.calls)
        self.met += hit
        return hit


@dataclass(eq=False)
class SimFs:
    """A machine: one disk, and the descriptors and locks of its processes.

    `before` is called before each call with its name, and in the middle of a write with `write, in part`.
    """

    disk: Disk = field(default_factory=Disk)
    chance: Random = field(default_factory=Random)
    before: Callable[[str], None] | None = None
    blocked: Callable[[Node], None] | None = None
    """What to do until a lock is free; without it nobody could ever free it."""
    fault: Fault | None = None
    process: int = 0
    dead: set[int] = field(default_factory=set)
    calls: int = 0
    opened: dict[int, Opened] = field(default_factory=dict)
    locks: dict[int, list[tuple[Opened, int]]] = field(default_factory=dict)

    # -------------------------------------------------------------------------------------- the machine

    def kill(self, process: int) -> None:
        """End a process: its files are closed and its locks free, and it calls nothing more."""
        self.dead.add(process)
        for fd in [fd for fd, opened in self.opened.items() if opened.process == process]:
            self._let_go(self.opened.pop(fd))

    def writers(self) -> int:
        """Files that are open to be written. A db.json stays open as long as anybody may read it."""
        return sum(bool(opened.flags & (os.O_WRONLY | os.O_RDWR)) for opened in self.opened.values())

    def _call(self, name: str) -> None:
        if self.process in self.dead:
            raise Killed
        self.calls += 1
        if self.before is not None:
            self.before(name)
            if self.process in self.dead:
                raise Killed
        if self.fault is not None and not self.fault.short and self.fault.strikes(self.calls, name):
            raise OSError(self.fault.code, os.strerror(self.fault.code))

    def _find(self, path: Path | str) -> Node:
        node: Node = self.disk.root
        for part in filter(None, os.fspath(path).split("/")):
            if not isinstance(node, Folder):
                raise _error(errno.ENOTDIR, path)
            if part not in node.names:
                raise _error(errno.ENOENT, path)
            node = node.names[part]
        return node

    def _folder(self, path: Path | str) -> Folder:
        node = self._find(path)
        if not isinstance(node, Folder):
            raise _error(errno.ENOTDIR, path)
        return node

    def _file(self, fd: int) -> File:
        node = self._of(fd).node
        if not isinstance(node, File):
            raise _error(errno.EISDIR, str(fd))
        return node

    def _of(self, fd: int) -> Opened:
        if fd not in self.opened:
            raise _error(errno.EBADF, str(fd))
        return self.opened[fd]

    # -------------------------------------------------------------------------------------- the calls

    def open_file(self, path: Path, flags: int) -> int:
        self._call("open_file, new" if flags & os.O_CREAT else "open_file")
        parent = self._folder(path.parent)
        node = parent.names.get(path.name) if path.name else parent
        if node is None:
            if not flags & os.O_CREAT:
                raise _error(errno.ENOENT, path)
            node = File()
            self.disk.name(Naming(parent, path.name, node))
        elif flags & os.O_EXCL:
            raise _error(errno.EEXIST, path)
        writing = flags & (os.O_WRONLY | os.O_RDWR)
        if isinstance(node, Folder) and writing:
            raise _error(errno.EISDIR, path)
        if isinstance(node, File) and flags & os.O_DIRECTORY:
            raise _error(errno.ENOTDIR, path)
        if isinstance(node, File) and flags & os.O_TRUNC:
            node.cut(0)
        fd = next(_descriptors)
        self.opened[fd] = Opened(node, flags, self.process)
        return fd

    def close(self, fd: int) -> None:
        self._call("close")
        opened = self._of(fd)
        del self.opened[fd]
        self._let_go(opened)

    def size(self, fd: int) -> int:
        self._call("size")
        return len(self._file(fd).data)

    def is_at(self, fd: int, path: Path | str) -> bool:
        self._call("is_at")
        try:
            return self._find(path) is self._of(fd).node
        except FileNotFoundError:
            return False

    def stat(self, path: Path) -> os.stat_result:
        raise NotImplementedError("only the doctor asks, and it is not simulated")

    def free(self, path: Path) -> int:
        raise NotImplementedError("likewise")

    def mounts(self) -> str:
        raise NotImplementedError("likewise")

    def has_disk(self, path: Path) -> bool:
        self._call("has_disk")
        return bool(path)

    def stamp(self, target: int | Path) -> syscalls.Stamp:
        self._call("stamp")
        node = self._of(target).node if isinstance(target, int) else self._find(target)
        return _stamp_of(node) if isinstance(node, File) else _NO_FILE

    def same_rights(self, fd: int, other: int) -> None:
        self._call("same_rights")
        self._file(fd)

    def protect(self, fd: int) -> None:
        self._call("protect")
        self._file(fd)

    def exists(self, path: Path | str) -> bool:
        self._call("exists")
        try:
            self._find(path)
        except OSError:
            return False
        return True

    def mode(self, path: Path) -> int:
        self._call("mode")
        return stat.S_IFDIR | 0o770 if isinstance(self._find(path), Folder) else stat.S_IFREG | 0o660

    def real(self, path: Path) -> Path:
        self._call("real")
        return path

    def listdir(self, path: Path) -> list[str]:
        self._call("listdir")
        names = list(self._folder(path).names)
        self.chance.shuffle(names)
        return names

    def pread(self, fd: int, count: int, offset: int) -> bytes:
        self._call("pread")
        return bytes(self._file(fd).data[offset : offset + count])

    def write(self, fd: int, data: bytes | memoryview) -> int:
        opened, file = self._of(fd), self._file(fd)
        appending = bool(opened.flags & os.O_APPEND)
        taken = self._put(lambda: len(file.data) if appending else opened.place, file, bytes(data), "write")
        opened.place += taken
        return taken

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
        return self._put(lambda: offset, self._file(fd), bytes(data), "pwrite")

    def _put(self, place: Callable[[], int], file: File, data: bytes, name: str) -> int:
        """Write in two steps, between which the world may end."""
        self._call(name)
        if self.fault is not None and self.fault.short and self.fault.strikes(self.calls, name):
            if self.fault.lasting and self.fault.met > 1:
                raise OSError(self.fault.code, os.strerror(self.fault.code))
            data = data[: self.chance.randint(1, len(data))]
        at, half = place(), self.chance.randint(0, len(data))
        if self.before is not None and 0 < half < len(data):
            file.put(at, data[:half])
            self._call(f"{name}, in part")
            file.put(at + half, data[half:])
        else:
            file.put(at, data)
        return len(data)

    def ftruncate(self, fd: int, length: int) -> None:
        self._call("ftruncate")
        self._file(fd).cut(length)

    def fdatasync(self, fd: int) -> None:
        try:
            self._call("fdatasync")
        except OSError:
            if self.chance.random() < 0.5:
                self._file(fd).forget()
            raise
        self._file(fd).sync()

    def fsync_folder(self, path: Path) -> None:
        self._call("fsync_folder")
        self.disk.sync_folder(self._folder(path))

    def mkdir(self, path: Path) -> None:
        self._call("mkdir")
        parent = self._folder(path.parent)
        if path.name and path.name not in parent.names:
            self.disk.name(Naming(parent, path.name, Folder()))

    def replace(self, source: Path, target: Path) -> None:
        self._call("replace")
        node, giving, taking = self._find(source), self._folder(source.parent), self._folder(target.parent)
        self.disk.name(Naming(taking, target.name, node, (giving, source.name)))

    def unlink(self, path: Path) -> None:
        self._call("unlink")
        self._find(path)
        self.disk.name(Naming(self._folder(path.parent), path.name, None))

    def alive(self, pid: int) -> bool:
        self._call("alive")
        return pid not in self.dead

    def pause(self, seconds: float) -> None:
        self._call("pause")

    def flock(self, fd: int, operation: int) -> None:
        self._call("flock")
        opened = self._of(fd)
        if operation & LOCK_UN:
            self._let_go(opened)
            return
        while not self._free(opened, operation):
            if operation & LOCK_NB:
                raise _error(errno.EWOULDBLOCK, str(fd))
            assert self.blocked is not None, "waits for a lock that nobody will free"
            self.blocked(opened.node)
            if self.process in self.dead:
                raise Killed
        self._let_go(opened)
        self.locks.setdefault(id(opened.node), []).append((opened, operation & (LOCK_EX | LOCK_SH)))

    def _free(self, opened: Opened, operation: int) -> bool:
        others = [kind for holder, kind in self.locks.get(id(opened.node), ()) if holder is not opened]
        return not others or bool(operation & LOCK_SH and LOCK_EX not in others)

    def _let_go(self, opened: Opened) -> None:
        held = self.locks.get(id(opened.node), [])
        held[:] = [(holder, kind) for holder, kind in held if holder is not opened]


def _stamp_of(file: File) -> syscalls.Stamp:
    return syscalls.Stamp(len(file.data), file.number, file.modified, file.modified)


def _error(code: int, path: Path | str) -> OSError:
    return OSError(code, os.strerror(code), str(path))


# ------------------------------------------------------------------------------------------ putting it in place


def seam() -> list[str]:
    """The names of the calls that a simulator stands in for."""
    found = inspect.getmembers(syscalls, inspect.isfunction)
    return [name for name, call in found if call.__module__ == syscalls.__name__ and name not in _COMPOSED]


class Stage:
    """Where simulated machines take the real one's place, one at a time: `on(machine)`."""

    def __init__(self) -> None:
        self.machine: SimFs | None = None

    @contextmanager
    def on(self, machine: SimFs) -> Iterator[SimFs]:
        """Let every call of the store go to `machine`, until another one or the end."""
        before, self.machine = self.machine, machine
        try:
            yield machine
        finally:
            self.machine = before


@contextmanager
def stage() -> Iterator[Stage]:
    """Replace the system calls of the store."""
    made = Stage()

    def standing_in(name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            return getattr(made.machine, name)(*args, **named)

        return call

    real = {name: getattr(syscalls, name) for name in seam()}
    for name in real:
        setattr(syscalls, name, standing_in(name))
    try:
        yield made
    finally:
        for name, call in real.items():
            setattr(syscalls, name, call)
