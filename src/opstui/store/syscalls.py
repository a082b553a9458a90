"""Every call the store makes to the operating system, and nothing else.

One seam, looked up at each call, so that a simulator of power cuts and failing disks can stand in for all of it
without touching the code that is proved with it.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

FILE_MODE = 0o660
FOLDER_MODE = 0o770


def open_file(path: Path, flags: int) -> int:
    """A file descriptor that child programs do not inherit; new files are for the owner and the group."""
    return os.open(path, flags | os.O_CLOEXEC, FILE_MODE)


def close(fd: int) -> None:
    """Let go of a descriptor."""
    os.close(fd)


def size(fd: int) -> int:
    """How many bytes a file has now."""
    return os.fstat(fd).st_size


def stamp(fd: int) -> tuple[int, int, int]:
    """What is another as soon as a file was replaced or written to: which it is, its size, its time."""
    found = os.fstat(fd)
    return found.st_ino, found.st_size, found.st_mtime_ns


def unlinked(fd: int) -> bool:
    """Whether an open file has no name any more: what is written to it is gone when it is closed."""
    return os.fstat(fd).st_nlink == 0


def exists(path: Path | str) -> bool:
    """Whether something is there."""
    return os.access(path, os.F_OK)


def mode(path: Path) -> int:
    """What sort of thing is there, and its rights; a link is a link."""
    return path.lstat().st_mode


def real(path: Path) -> Path:
    """Where a path leads: absolute, all links followed as far as they go."""
    return Path(os.path.realpath(path))


def listdir(path: Path) -> list[str]:
    """The names in a folder."""
    return os.listdir(path)  # noqa: PTH208


def pread(fd: int, count: int, offset: int) -> bytes:
    """Up to `count` bytes from a place."""
    return os.pread(fd, count, offset)


def write(fd: int, data: bytes | memoryview) -> int:
    """Write at the end (or the position); returns how many bytes were taken."""
    return os.write(fd, data)


def pwrite(fd: int, data: bytes | memoryview, offset: int) -> int:
    """Write at a place; returns how many bytes were taken."""
    return os.pwrite(fd, data, offset)


def ftruncate(fd: int, length: int) -> None:
    """Cut a file."""
    os.ftruncate(fd, length)


def fdatasync(fd: int) -> None:
    """Return when the file's bytes and its length are on the disk (on macOS: past the disk's own cache, too)."""
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:
        fcntl.fcntl(fd, full)
    elif hasattr(os, "fdatasync"):
        os.fdatasync(fd)
    else:
        os.fsync(fd)


def fsync_folder(path: Path) -> None:
    """Return when the names in a folder are on the disk."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def mkdir(path: Path) -> None:
    """A folder for the owner and the group; one that is there already is fine."""
    path.mkdir(FOLDER_MODE, exist_ok=True)


def replace(source: Path, target: Path) -> None:
    """Rename over whatever is there, at once."""
    source.replace(target)


def unlink(path: Path) -> None:
    """Remove a file."""
    path.unlink()


def flock(fd: int, operation: int) -> None:
    """Take or release the lock on an open file."""
    fcntl.flock(fd, operation)


def write_all(fd: int, data: bytes) -> None:
    """`write` until everything is taken; disks that fill up take less than asked before they refuse."""
    taken = write(fd, data)
    rest = memoryview(data)
    while taken < len(data):
        taken += write(fd, rest[taken:])
