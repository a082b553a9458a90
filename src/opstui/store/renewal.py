"""Putting a db.json in place of whatever stands there, for those who know better than what it says of itself.

A console only ever replaces db.json by a later one. Bringing an old version up to date, and building it anew from the
history, write one of the same batch: so they keep everybody else out meanwhile and leave the old one beside.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from fcntl import LOCK_EX
from typing import TYPE_CHECKING

from opstui.store import syscalls as fs
from opstui.store.image import Image
from opstui.store.snapshot import NAME, Frozen, Meta, put_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.domain.model import Doc

_CHUNK = 1 << 20


@contextmanager
def nobody_else(data: Path) -> Iterator[None]:
    """Nobody puts another db.json in the folder `data` meanwhile."""
    turn = fs.open_file(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fs.flock(turn, LOCK_EX)
        yield
    finally:
        fs.close(turn)


def renew(
    data: Path, tables: dict[str, dict[int, Doc]], *, seq: int, ids: dict[str, int], place: tuple[str, int, str]
) -> None:
    """Write db.json: the state after batch `seq`, whose line ends at `place`. Only with `nobody_else` there."""
    segment, offset, crc = place
    ordered = {name: dict(sorted(docs.items())) for name, docs in tables.items() if docs}
    meta = Meta(seq=seq, ids=ids, segment=segment, offset=offset, crc=crc)
    put_snapshot(data, Frozen(meta, Image(None, ids, seq).fill(ordered)))


def keep(data: Path, name: str) -> None:
    """Copy db.json to `name` in the same folder, durably; what has that name already is replaced."""
    temporary = data / f"{name}.tmp"
    reading = fs.open_file(data / NAME, os.O_RDONLY)
    try:
        writing = fs.open_file(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            at = 0
            while block := fs.pread(reading, _CHUNK, at):
                fs.write_all(writing, block)
                at += len(block)
            fs.fdatasync(writing)
        finally:
            fs.close(writing)
    finally:
        fs.close(reading)
    fs.replace(temporary, data / name)
    fs.fsync_folder(data)
