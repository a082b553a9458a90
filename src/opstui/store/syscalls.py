"""Every call the store makes to the operating system, and nothing else.

One seam, looked up at each call, so that a simulator of power cuts and failing disks can stand in for all of it
without touching the code that is proved with it.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

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


class Stamp(NamedTuple):
    """What changes when a file is replaced or written to; its length stands beside."""

    size: int
    inode: int
    modified: int
    changed: int
    """Nanoseconds; `changed` cannot be set by anybody."""


def stamp(target: int | Path) -> Stamp:
    """The stamp of an open file, or of what stands at a path."""
    found = os.stat(target)  # noqa: PTH116 - a descriptor, too
    return Stamp(found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def protect(fd: int) -> None:
    """Take everyone's right to write to a file, so that an editor or a plain TinyDB does not by mistake."""
    os.fchmod(fd, os.fstat(fd).st_mode & 0o555)


def same_rights(fd: int, other: int) -> None:
    """Give a file the rights of another, where that is ours to do: whoever may write the one writes the other."""
    wanted = os.fstat(other).st_mode & 0o777
    if os.fstat(fd).st_mode & 0o777 != wanted:
        with suppress(PermissionError):
            os.fchmod(fd, wanted)


def exists(path: Path | str) -> bool:
    """Whether something is there."""
    return os.access(path, os.F_OK)


def is_at(fd: int, path: Path | str) -> bool:
    """Whether an open file is still the one that a path names: nobody deleted it, or put another in its place."""
    try:
        named = os.stat(path)  # noqa: PTH116 - asked at every write: a Path would take twice as long
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(fd))


def mode(path: Path) -> int:
    """What sort of thing is there, and its rights; a link is a link."""
    return path.lstat().st_mode


def stat(path: Path) -> os.stat_result:
    """Owner, rights and size of what is there; a link is a link."""
    return path.lstat()


def real(path: Path) -> Path:
    """Where a path leads: absolute, all links followed as far as they go."""
    return Path(os.path.realpath(path))


def listdir(path: Path) -> list[str]:
    """The names in a folder."""
    return os.listdir(path)  # noqa: PTH208


def has_disk(path: Path) -> bool:
    """Whether a path lies on a block device, which no network file system does; False where that cannot be told."""
    try:
        return sys.platform == "linux" and os.major(path.stat().st_dev) > 0
    except OSError:
        return False


def mounts() -> str:
    """The table of mounted file systems, as the system tells it: Linux' mountinfo, elsewhere what `mount` prints."""
    table = Path("/proc/self/mountinfo")
    if table.exists():
        return table.read_text(encoding="utf-8", errors="surrogateescape")
    import subprocess  # noqa: PLC0415 - milliseconds that every other start would pay

    told = subprocess.run(["/sbin/mount"], capture_output=True, check=True, timeout=5)
    return told.stdout.decode(errors="surrogateescape")


def free(path: Path) -> int:
    """Bytes that an ordinary user may still write to the file system of a path."""
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize


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


def alive(pid: int) -> bool:
    """Whether there is such a process, anybody's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def pause(seconds: float) -> None:
    """Let others work."""
    time.sleep(seconds)


def flock(fd: int, operation: int) -> None:
    """Take or release the lock on an open file."""
    fcntl.flock(fd, operation)


def write_all(fd: int, data: bytes) -> None:
    """`write` until everything is taken; disks that fill up take less than asked before they refuse."""
    taken = write(fd, data)
    rest = memoryview(data)
    while taken < len(data):
        taken += write(fd, rest[taken:])


def pwrite_all(fd: int, data: bytes, offset: int) -> None:
    """`pwrite` until everything is taken."""
    taken = pwrite(fd, data, offset)
    while taken < len(data):
        taken += pwrite(fd, data[taken:], offset + taken)
