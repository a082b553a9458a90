"""Files of the data folder that are replaced whole: written beside, and renamed over what stands there.

Who does that holds a lock on the folder itself, not the one of the writers: they go on meanwhile.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB
from typing import TYPE_CHECKING
from zlib import crc32

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.protocol import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SUM = b'","sum":"'
"""Before the eight digits that are the CRC-32 of the file, they themselves counted as zeros."""
_SYNC_EVERY = 4 << 20
PATIENCE, _BETWEEN = 10.0, 0.05
"""Seconds that another may take, and between looks."""


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else replaces files in the data folder meanwhile."""
    fd = fs.open_file(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fs.flock(fd, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        fs.close(fd)


def put(folder: Path, name: str, blocks: Iterable[bytes], *, lasting: bool = False) -> None:
    """Replace a file whole; one that is to outlast a power cut is sealed with its sum, shut, and synced."""
    temporary = folder / f"{name}.tmp"
    with suppress(FileNotFoundError):
        fs.unlink(temporary)
    fd = fs.open_file(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        total, place, unsynced = 0, 0, 0
        for block in blocks:
            place = place or block.find(SUM) + len(SUM)
            total = crc32(block, total)
            fs.write_all(fd, block)
            unsynced += len(block)
            if lasting and unsynced > _SYNC_EVERY:
                fs.fdatasync(fd)  # little at a time: those who write meanwhile wait for the same disk
                unsynced = 0
        if lasting:
            fs.pwrite_all(fd, b"%08x" % total, place)
            fs.protect(fd)
            fs.fdatasync(fd)
    except OSError:
        fs.unlink(temporary)
        raise
    finally:
        fs.close(fd)
    fs.replace(temporary, folder / name)
    if lasting:
        fs.fsync_folder(folder)


@contextmanager
def nobody_else(folder: Path) -> Iterator[None]:
    """Nobody replaces files in the data folder meanwhile, and who does at this moment is waited for.

    Raises:
        StoreError: somebody does for too long.
    """
    for _look in range(int(PATIENCE / _BETWEEN)):
        with alone(folder) as mine:
            if mine:
                yield
                return
        fs.pause(_BETWEEN)
    raise StoreError(
        _(
            "another process has been replacing files in {folder} for {seconds} s and does not end (`fuser {folder}` "
            "tells which); nothing was changed. End it, or wake it with `kill -CONT`, then do it again"
        ).format(folder=folder, seconds=int(PATIENCE))
    )
