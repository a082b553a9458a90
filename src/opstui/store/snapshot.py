"""db.json: the state up to one batch, as ordinary TinyDB JSON with one document per line.

It is replaced whole (temporary file, fsync, rename, fsync of the folder) and only ever a shortcut: the journal is never
rewritten, so who reads an older snapshot arrives at the same state. What people changed in it is no part of the
history, so it is read only when its sum is right; an index that knows the very file spares the next reader that walk.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec
from msgspec import Struct

from opstui.domain.model import card_from
from opstui.i18n import _
from opstui.store import index
from opstui.store import syscalls as fs
from opstui.store.base import Base, File
from opstui.store.codec import VERSION
from opstui.store.image import Image
from opstui.store.index import CARDS, Index, Indexer, Unsound
from opstui.store.protocol import Damaged, NewerFormat
from opstui.store.replacing import SUM, alone, put
from opstui.store.segments import FIRST, whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from opstui.domain.model import Doc
    from opstui.store.syscalls import Stamp

NAME = "db.json"
_FLUSH = 1 << 20
_HEAD = 1 << 16
_BEGIN, _BLANK = b'{"_meta":{\n"1":', b"00000000"
_CHANGED = _("another program changed it, and that is no part of the history")
_encode = msgspec.json.Encoder().encode
_document = msgspec.json.Decoder(dict[str, Any]).decode
_whole = msgspec.json.Decoder(dict[str, dict[int, dict[str, Any]]]).decode


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
    """A state that nobody changes any more, and the place in the journal that belongs to it."""

    meta: Meta
    image: Image


def read_snapshot(folder: Path) -> Frozen | None:
    """The snapshot in a data folder; None when there is none.

    Raises:
        NewerFormat: a newer opstui wrote it.
        Damaged: it is not a snapshot, or somebody changed it.
    """
    path = folder / NAME
    try:
        fd = fs.open_file(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    base = None
    try:
        meta = _meta(path, _front(fd))
        if meta is None:
            meta, tables = _read_whole(path, fd)
            return Frozen(meta, Image(None, dict(meta.ids), meta.seq).fill(tables))
        base = Base(path, fd, meta, _index(folder, fd, meta), lambda: _made(folder, fd, meta))
        return Frozen(meta, Image(base, dict(meta.ids), meta.seq))
    except IsADirectoryError as error:
        raise _damaged(path, error.strerror) from error
    finally:
        if base is None:
            fs.close(fd)


def _front(fd: int) -> bytes:
    """The first lines, the document of `_meta` whole, if it is one of ours."""
    count, size = _HEAD, fs.size(fd)
    while True:
        front = fs.pread(fd, count, 0)
        if b"\n" in front[len(_BEGIN) :] or not front.startswith(_BEGIN) or count >= size:
            return front
        count *= 16


def _meta(path: Path, head: bytes) -> Meta | None:
    """What a db.json of ours begins with; None when it is not written as we write it, or has no sum."""
    if not head.startswith(_BEGIN):
        return None
    try:
        meta = msgspec.json.decode(head[len(_BEGIN) : head.index(b"\n", len(_BEGIN))], type=Meta)
    except (ValueError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    _expect_known(path, meta.schema)
    return meta if meta.sum else None


def _expect_known(path: Path, schema: int) -> None:
    if schema > VERSION:
        raise NewerFormat(
            _("{file} was written by a newer opstui; nothing was changed. Start the newer opstui").format(file=path)
        )


def _read_whole(path: Path, fd: int) -> tuple[Meta, dict[str, dict[int, Doc]]]:
    """A db.json that is not as we write it: one without a sum (they had none once), whose cards make sense."""
    raw = b"".join(_blocks_of(fd))
    if not raw:
        raise _damaged(path, _("it is empty"))
    try:
        tables = _whole(raw)
        document = tables.pop("_meta")[1]
        _expect_known(path, document["schema"])
        meta = msgspec.convert(document, Meta)
        for doc in tables.get(CARDS, {}).values():
            card_from(doc)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path, error) from error
    if meta.sum:
        raise _damaged(path, _CHANGED)
    return meta, tables


def _index(folder: Path, fd: int, meta: Meta) -> Index:
    """The index of the db.json that is open. Who has none that knows this very file walks through it once."""
    stamp = fs.stamp(fd)
    found, since = _standing_index(folder, meta, stamp)
    if found is None:
        return _made(folder, fd, meta)
    if found.head.stamp != stamp or since <= stamp.modified:
        _check_sum(folder / NAME, fd)
        _save_index(folder, found.stamped(stamp), stamp)
    return found


def _standing_index(folder: Path, meta: Meta, stamp: Stamp) -> tuple[Index | None, int]:
    """The index file, if it is of this snapshot, and when it was written."""
    try:
        fd = fs.open_file(folder / index.NAME, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None, 0
    file = File(fd)
    try:
        found = Index(file.read)
        if (found.head.snapshot, found.head.stamp.size) == (meta.snapshot, stamp.size):
            return found, fs.stamp(fd).modified
    except (Unsound, OSError):
        pass
    return None, 0


def _made(folder: Path, fd: int, meta: Meta) -> Index:
    """An index made from a db.json whose sum is right; kept for others where that can be."""
    _check_sum(folder / NAME, fd)
    stamp, indexer = fs.stamp(fd), Indexer()
    try:
        blocks = list(indexer.build(_walk(fd, indexer), meta.snapshot, stamp))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise _damaged(folder / NAME, error) from error
    _save_index(folder, blocks, stamp)
    return Index(partial(_of_bytes, b"".join(blocks)))


def _of_bytes(raw: bytes, count: int, at: int) -> bytes:
    return raw[at : at + count]


def _walk(fd: int, indexer: Indexer) -> Iterator[tuple[int, Doc]]:
    """The cards in a db.json; where its documents lie is told to `indexer` on the way."""
    table, after = "", 0
    for line in whole_lines(fd, 0, fs.size(fd)):
        at, after = after, after + len(line) + 1
        if line.endswith(b"{"):
            table = msgspec.json.decode(line[:-2].lstrip(b"{"))
        elif line.startswith(b"}"):
            indexer.end(table, at)
            table = ""
        elif table != "_meta":
            colon = line.index(b":")
            doc_id = int(line[1 : colon - 1])
            indexer.add(table, doc_id, at)
            if table == CARDS:
                yield doc_id, _document(line[colon + 1 :].rstrip(b","))


def _save_index(folder: Path, blocks: Iterable[bytes], stamp: Stamp) -> None:
    """Keep the index of the db.json with that stamp, unless another stands there by now; a failure costs time later."""
    with suppress(OSError), alone(folder) as mine:
        if mine and fs.stamp(folder / NAME) == stamp:
            put(folder, index.NAME, blocks)


def _check_sum(path: Path, fd: int) -> None:
    """See that the file is as it was written.

    Raises:
        Damaged: it is not.
    """
    front = _front(fd)
    at = front.find(SUM) + len(SUM)
    after = at + len(_BLANK)
    total = crc32(front[after:], crc32(front[:at] + _BLANK))
    for block in _blocks_of(fd, len(front)):
        total = crc32(block, total)
    if b"%08x" % total != front[at:after]:
        raise _damaged(path, _CHANGED)


def _damaged(path: Path, reason: object) -> Damaged:
    return Damaged(
        _(
            "{file} is damaged ({error}); nothing was changed. `opstui doctor --rebuild` makes it anew from the "
            "history, and keeps the old one beside"
        ).format(file=path, error=reason)
    )


def write_snapshot(folder: Path, frozen: Frozen) -> bool:
    """Put a snapshot in place of the one before, its index beside it.

    One process at a time: False when another is at it, or when one as new stands there already.
    """
    with alone(folder) as mine:
        if not mine or _standing(folder) >= frozen.meta.seq:
            return False
        if frozen.image.base is not None:
            _check_sum(folder / NAME, frozen.image.base.fd)  # what went bad since is not sealed anew
        put_snapshot(folder, frozen)
    return True


def put_snapshot(folder: Path, frozen: Frozen) -> None:
    """Put a snapshot in place of whatever stands there. Only while nobody else does."""
    meta = msgspec.structs.replace(frozen.meta, snapshot=secrets.token_hex(8), sum=_BLANK.decode())
    indexer = Indexer()
    put(folder, NAME, _blocks(meta, frozen.image, indexer), lasting=True)
    with suppress(OSError):
        stamp = fs.stamp(folder / NAME)
        put(folder, index.NAME, indexer.build(frozen.image.items(CARDS), meta.snapshot, stamp))


def _blocks(meta: Meta, image: Image, indexer: Indexer) -> Iterator[bytes]:
    pending, written = bytearray(_BEGIN + _encode(meta) + b"\n}"), 0
    for name in image.tables():
        pending += b",\n%b:{" % _encode(name)
        separator = b"\n"
        for doc_id, raw in image.lines(name):
            pending += separator
            indexer.add(name, doc_id, written + len(pending))
            pending += b'"%d":%b' % (doc_id, raw)
            separator = b",\n"
            if len(pending) > _FLUSH:
                yield bytes(pending)
                written += len(pending)
                pending.clear()
        indexer.end(name, written + len(pending))
        pending += b"\n}"
    yield bytes(pending) + b"\n}\n"


def _standing(folder: Path) -> float:
    """Up to which batch the db.json goes that stands there: -1 when it does not say, infinity for a newer opstui's."""
    try:
        fd = fs.open_file(folder / NAME, os.O_RDONLY)
    except FileNotFoundError:
        return -1
    try:
        meta = _meta(folder / NAME, _front(fd))
    except NewerFormat:
        return inf
    else:
        return -1 if meta is None else meta.seq
    finally:
        fs.close(fd)


def _blocks_of(fd: int, at: int = 0) -> Iterator[bytes]:
    size = fs.size(fd)
    while at < size and (block := fs.pread(fd, min(_FLUSH, size - at), at)):
        yield block
        at += len(block)
