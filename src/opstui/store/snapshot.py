"""db.json: the state up to one batch, as ordinary TinyDB JSON with one document per line.

It is replaced whole (temporary file, fsync, rename, fsync of the folder) and only ever a shortcut: the journal is never
rewritten, so who reads an older snapshot arrives at the same state.
"""

from __future__ import annotations

import os
import secrets
from fcntl import LOCK_EX
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION
from opstui.store.journal import FIRST
from opstui.store.protocol import Damaged, NewerFormat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.domain.model import Doc

NAME = "db.json"
_FLUSH = 1 << 20
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, dict[int, dict[str, Any]]]).decode


class Meta(msgspec.Struct):
    """The document of `_meta`: up to where the snapshot goes. `crc` is that of the last line in it, "" for none."""

    schema: int = VERSION
    seq: int = 0
    ids: dict[str, int] = {}
    segment: str = FIRST
    offset: int = 0
    crc: str = ""
    snapshot: str = ""


class Frozen(Struct, frozen=True):
    """A state that nobody changes any more."""

    meta: Meta
    tables: dict[str, dict[int, Doc]]


def read_snapshot(folder: Path) -> Frozen | None:
    """The snapshot in a data folder; None when there is none.

    Raises:
        NewerFormat: a newer opstui wrote it.
        Damaged: it is not a snapshot.
    """
    path = folder / NAME
    try:
        raw = _read(path)
    except FileNotFoundError:
        return None
    try:
        tables = _decode(raw)
        meta = tables.pop("_meta")[1]
        if meta["schema"] > VERSION:
            raise NewerFormat(
                _("{file} was written by a newer opstui; nothing was changed. Start the newer opstui").format(file=path)
            )
        return Frozen(msgspec.convert(meta, Meta), tables)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise Damaged(
            _(
                "{file} is damaged ({error}); nothing was changed. Move it away: it is rebuilt from the journal, "
                "which holds everything"
            ).format(file=path, error=error)
        ) from error


def write_snapshot(folder: Path, frozen: Frozen) -> bool:
    """Put a snapshot in place of the one before, one process at a time; False when one as new stands there already."""
    turn = fs.open_file(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fs.flock(turn, LOCK_EX)
        standing = _standing(folder / NAME)
        if standing is not None and standing >= frozen.meta.seq:
            return False
        _replace(folder, frozen)
    finally:
        fs.close(turn)
    return True


def _replace(folder: Path, frozen: Frozen) -> None:
    temporary = folder / f"{NAME}.tmp"
    fd = fs.open_file(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        for block in _blocks(frozen):
            fs.write_all(fd, block)
        fs.fdatasync(fd)
    except OSError:
        fs.unlink(temporary)
        raise
    finally:
        fs.close(fd)
    fs.replace(temporary, folder / NAME)
    fs.fsync_folder(folder)


def _blocks(frozen: Frozen) -> Iterator[bytes]:
    meta = msgspec.structs.replace(frozen.meta, snapshot=secrets.token_hex(8))
    pending = b'{"_meta":{\n"1":%b\n}' % _encode(meta)
    for name, docs in frozen.tables.items():
        pending += b",\n%b:{" % _encode(name)
        separator = b"\n"
        for doc_id, doc in docs.items():
            pending += b'%b"%d":%b' % (separator, doc_id, _encode(doc))
            separator = b",\n"
            if len(pending) > _FLUSH:
                yield pending
                pending = b""
        pending += b"\n}"
    yield pending + b"\n}\n"


def _standing(path: Path) -> int | None:
    """Up to which batch the snapshot at `path` goes, from its first lines; None when it does not say."""
    try:
        fd = fs.open_file(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        second = fs.pread(fd, 1 << 16, 0).split(b"\n", 2)[1]
        return msgspec.json.decode(second.removeprefix(b'"1":'), type=Meta).seq
    except (IndexError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    finally:
        fs.close(fd)


def _read(path: Path) -> bytes:
    fd = fs.open_file(path, os.O_RDONLY)
    try:
        size = fs.size(fd)
        parts: list[bytes] = []
        while size > 0 and (part := fs.pread(fd, size, sum(map(len, parts)))):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
    finally:
        fs.close(fd)
