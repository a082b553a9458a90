"""A snapshot as it lies on the disk: documents are decoded when somebody touches them.

So a session holds in memory only what changed since, whatever the size of the shop. Documents are read with `pread`
and not mapped: if somebody cuts db.json short, or the disk fails, that is then an error with words and no dead session.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import msgspec

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.index import CARDS, Unsound, position
from opstui.store.indexes import Lanes, names_of
from opstui.store.protocol import Damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from opstui.domain.model import Doc
    from opstui.store.index import Index
    from opstui.store.snapshot import Meta

T = TypeVar("T")
_CHUNK = 1 << 16
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_decode_many = msgspec.json.Decoder(dict[int, dict[str, Any]]).decode


@lru_cache
def _decode_part(fields: frozenset[str]) -> Callable[[bytes], dict[int, Doc]]:
    """What is not asked for is passed over: that takes half the time."""
    part = TypedDict("part", dict.fromkeys(fields, Any), total=False)  # type: ignore[misc]
    decode: Callable[[bytes], dict[int, Any]] = msgspec.json.Decoder(dict[int, part]).decode
    return decode


class File:
    """An open file that is read from, closed when nobody does any more."""

    def __init__(self, fd: int) -> None:
        """`fd` is ours from now on."""
        self.fd = fd

    def __del__(self) -> None:
        with suppress(OSError):
            os.close(self.fd)  # not a step of the store: it happens whenever it happens

    def read(self, count: int, at: int) -> bytes:
        """So many bytes from a place."""
        return fs.pread(self.fd, count, at)


class Base:
    """The documents of one db.json. The file stays open: who replaces it takes nothing away from us."""

    def __init__(self, path: Path, fd: int, meta: Meta, index: Index, reindex: Callable[[], Index]) -> None:
        """`fd` is ours from now on; `reindex` makes the index anew if a part of it proves unsound."""
        self.path, self.meta = path, meta
        self._file, self.fd, self._index, self._reindex = File(fd), fd, index, reindex
        self._tables: dict[str, tuple[Sequence[int], Sequence[int]]] = {}
        self.inode = fs.stamp(fd).inode

    @property
    def tables(self) -> list[str]:
        """The names of the tables that hold documents."""
        return list(self._index.head.tables)

    def ids(self, table: str) -> Sequence[int]:
        """The ids of a table's documents, ascending."""
        return self._table(table)[0]

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None.

        Raises:
            Damaged: db.json cannot be read there, or is no longer what it was.
        """
        ids, offsets = self._table(table)
        at = position(ids, doc_id)
        return None if at < 0 else self._document(self._read(offsets[at], offsets[at + 1]), doc_id)

    def has(self, table: str, doc_id: int) -> bool:
        """Whether there is such a document."""
        return position(self._table(table)[0], doc_id) >= 0

    def pieces(self, table: str, fields: frozenset[str] | None = None) -> Iterator[dict[int, Doc]]:
        """Every document of a table, by id, some hundred at a time; with `fields`, no more of it than these."""
        decode = _decode_many if fields is None else _decode_part(fields)
        for ids, _ends, block in self._blocks(table):
            try:
                docs = decode(b"{%b}" % block.rstrip(b",\n"))
            except (msgspec.DecodeError, UnicodeDecodeError):
                docs = {}
            if list(docs) != list(ids):
                raise self._changed(_("another program changed it meanwhile"))
            yield docs

    def lines(self, table: str) -> Iterator[tuple[int, bytes]]:
        """Every document of a table as the JSON that stands in the file."""
        for ids, ends, block in self._blocks(table):
            start = 0
            for doc_id, end in zip(ids, ends, strict=True):
                yield doc_id, self._json(block[start:end], doc_id)
                start = end

    def _blocks(self, table: str) -> Iterator[tuple[Sequence[int], Sequence[int], bytes]]:
        """A table in pieces: some ids, where the line of each ends in the piece, and the piece."""
        ids, offsets = self._table(table)
        first = 0
        while first < len(ids):
            begin = offsets[first]
            last = max(first + 1, bisect_right(offsets, begin + _CHUNK) - 1)
            ends = [offset - begin for offset in offsets[first + 1 : last + 1]]
            yield ids[first:last], ends, self._read(begin, offsets[last])
            first = last

    @cached_property
    def lanes(self) -> Lanes:
        """The lanes of the cards."""
        return self._sound(lambda index: index.lanes())

    def find_ref(self, ref: str) -> int | None:
        """The card of this ref."""
        return self._find(lambda doc: names_of(doc)[0] == ref, ref)

    def find_external(self, key: tuple[str, str]) -> int | None:
        """The card of this source and external id."""
        return self._find(lambda doc: names_of(doc)[1] == key, *key)

    def search(self, words: Sequence[bytes]) -> list[int]:
        """The cards in whose text all these words stand."""
        return self._sound(lambda index: list(index.search(words)))

    def worth(self, cards: Sequence[int]) -> dict[str, int]:
        """What these cards are worth together: currency -> minor units."""
        return self._sound(lambda index: index.worth(cards))

    def _find(self, is_it: Callable[[Doc | None], bool], *name: str) -> int | None:
        for doc_id in self._sound(lambda index: index.named(*name)):
            if is_it(self.get(CARDS, doc_id)):
                return int(doc_id)
        return None

    def _table(self, table: str) -> tuple[Sequence[int], Sequence[int]]:
        found = self._tables.get(table)
        if found is None:
            found = self._tables[table] = self._sound(lambda index: index.table(table)) or ((), (0,))
        return found

    def _sound(self, use: Callable[[Index], T]) -> T:
        try:
            return use(self._index)
        except Unsound:
            self._index = self._reindex()
            return use(self._index)

    def _read(self, start: int, end: int) -> bytes:
        try:
            return self._file.read(end - start, start)
        except OSError as error:
            raise self._changed(error.strerror) from error

    def _document(self, line: bytes, doc_id: int) -> Doc:
        try:
            return _decode(self._json(line, doc_id))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._changed(str(error)) from error

    def _json(self, line: bytes, doc_id: int) -> bytes:
        key = b'"%d":' % doc_id
        if not line.startswith(key):
            raise self._changed(_("another program changed it meanwhile"))
        return line[len(key) :].rstrip(b",\n")

    def _changed(self, reason: str | None) -> Damaged:
        return Damaged(
            _(
                "{file} cannot be read any more ({reason}); nothing was lost. Leave, let `opstui doctor --rebuild` "
                "make it anew from the history, and start again"
            ).format(file=self.path, reason=reason)
        )
