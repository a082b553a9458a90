"""Putting a db.json in place of whatever stands there, for those who know better than what it says of itself.

A console only ever replaces db.json by a later one. Bringing an old version up to date, and building it anew from the
history, write one of the same batch: so they keep everybody else out meanwhile and leave the old one beside.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from opstui.store import syscalls as fs
from opstui.store.backup import copy_file
from opstui.store.image import Image
from opstui.store.snapshot import NAME, Frozen, Meta, put_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from opstui.domain.model import Doc


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
    with suppress(FileNotFoundError):
        fs.unlink(temporary)
    copy_file(data / NAME, temporary, None)
    fs.replace(temporary, data / name)
    fs.fsync_folder(data)
