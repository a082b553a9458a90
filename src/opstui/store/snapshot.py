"""db.json: the state up to one batch, as ordinary TinyDB JSON with one document per line.

It is replaced whole (temporary file, fsync, rename, fsync of the folder) and only ever a shortcut: the journal is never
rewritten, so who reads an older snapshot arrives at the same state.
"""

from __future__ import annotations

import os
import secrets
from fcntl import LOCK_EX
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec
from msgspec import Struct

from opstui.domain.model import card_from
from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION
from opstui.store.image import CARDS
from opstui.store.journal import FIRST
from opstui.store.protocol import Damaged, NewerFormat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.domain.model import Doc

NAME = "db.json"
_FLUSH = 1 << 20
_SUM, _BLANK = b'","sum":"', b"00000000"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, dict[int, dict[str, Any]]]).decode


class Meta(msgspec.Struct):
    """The document of `_meta`: up to where the snapshot goes. `crc` is that of the last line in it, "" for none.

    `sum` is the CRC-32 of the file, its own digits counted as zeros: who edits db.json forks it from the history.
    """

    schema: int = VERSION
    seq: int = 0
    ids: dict[str, int] = {}
    segment: str = FIRST
    offset: int = 0
    crc: str = ""
    snapshot: str = ""
    sum: str = ""


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
    except IsADirectoryError as error:
        raise _damaged(path, error.strerror) from error
    try:
        tables = _decode(raw)
        meta = tables.pop("_meta")[1]
        if meta["schema"] > VERSION:
            raise NewerFormat(
                _("{file} was written by a newer opstui; nothing was changed. Start the newer opstui").format(file=path)
            )
        frozen = Frozen(msgspec.convert(meta, Meta), tables)
        _check(raw, frozen)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path, error) from error
    return frozen


def _check(raw: bytes, frozen: Frozen) -> None:
    """See that the file is as it was written; one without a sum (they had none once) at least makes sense.

    Raises:
        ValueError: it is not.
    """
    if not frozen.meta.sum:
        for doc in frozen.tables.get(CARDS, {}).values():
            card_from(doc)
        return
    at = raw.find(_SUM) + len(_SUM)
    if b"%08x" % crc32(memoryview(raw)[at + len(_BLANK) :], crc32(raw[:at] + _BLANK)) != raw[at : at + len(_BLANK)]:
        raise ValueError(_("another program changed it, and that is no part of the history"))


def _damaged(path: Path, reason: object) -> Damaged:
    return Damaged(
        _(
            "{file} is damaged ({error}); nothing was changed. Move it away: it is rebuilt from the journal, "
            "which holds everything"
        ).format(file=path, error=reason)
    )


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
        total, place = 0, 0
        for block in _blocks(frozen):
            place = place or block.index(_SUM) + len(_SUM)
            total = crc32(block, total)
            fs.write_all(fd, block)
        fs.pwrite_all(fd, b"%08x" % total, place)
        fs.fdatasync(fd)
    except OSError:
        fs.unlink(temporary)
        raise
    finally:
        fs.close(fd)
    fs.replace(temporary, folder / NAME)
    fs.fsync_folder(folder)


def _blocks(frozen: Frozen) -> Iterator[bytes]:
    meta = msgspec.structs.replace(frozen.meta, snapshot=secrets.token_hex(8), sum=_BLANK.decode())
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
