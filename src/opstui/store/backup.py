"""A backup: the state and the whole history up to one batch, taken while others go on writing.

Nothing needs a lock, because a journal only grows: copying it up to a known byte is a consistent copy.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.journal import segments
from opstui.store.protocol import StoreError
from opstui.store.snapshot import write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from opstui.store.snapshot import Frozen

_CHUNK = 1 << 20


def copy_store(path: Path, frozen: Frozen, target: Path) -> None:
    """Copy the workspace at `path`, as far as `frozen` goes, into the empty or new folder `target`, and open it to see.

    Raises:
        StoreError: the target is not empty, could not be written, or does not hold what it should.
    """
    if fs.exists(target) and fs.listdir(target):
        raise StoreError(_("{target} is not empty; nothing was copied. Name a new folder").format(target=target))
    try:
        _copy(path, frozen, target)
    except OSError as error:
        raise StoreError(
            _("the backup in {target} is incomplete ({error}); remove it and make another").format(
                target=target, error=error.strerror
            )
        ) from error
    _verify(target, frozen)


def _copy(path: Path, frozen: Frozen, target: Path) -> None:
    data, journal = target / "data", target / "data" / "journal"
    target.parent.mkdir(parents=True, exist_ok=True)
    for folder in (target, data, journal):
        fs.mkdir(folder)
    last = frozen.meta.segment
    for name in segments(path / "data" / "journal"):
        if name <= last:
            _copy_file(path / "data" / "journal" / name, journal / name, frozen.meta.offset if name == last else None)
    if fs.exists(path / "opstui.toml"):
        _copy_file(path / "opstui.toml", target / "opstui.toml", None)
    fs.close(fs.open_file(data / "lock", os.O_RDWR | os.O_CREAT))
    fs.fsync_folder(journal)
    write_snapshot(data, frozen)
    for folder in (target, target.absolute().parent):
        fs.fsync_folder(folder)


def _copy_file(source: Path, target: Path, length: int | None) -> None:
    reading = fs.open_file(source, os.O_RDONLY)
    try:
        writing = fs.open_file(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            end, at = fs.size(reading) if length is None else length, 0
            while at < end and (block := fs.pread(reading, min(_CHUNK, end - at), at)):
                fs.write_all(writing, block)
                at += len(block)
            fs.fdatasync(writing)
        finally:
            fs.close(writing)
    finally:
        fs.close(reading)


def _verify(target: Path, frozen: Frozen) -> None:
    from opstui.store.file import FileStore  # noqa: PLC0415 - the two know each other; this is the seldom direction

    copy = FileStore(target)
    try:
        held = {table: dict(copy.items(table)) for table in copy.tables()}
        read = sum(1 for _batch in copy.history())
        if copy.seq != frozen.meta.seq or read != copy.seq or held != frozen.tables:
            raise StoreError(_("the backup in {target} is not what it should be; remove it").format(target=target))
    finally:
        copy.close()
