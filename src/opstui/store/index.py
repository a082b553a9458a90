"""db.idx: where every document of db.json lies, and the lanes and names of its cards.

It is derived: whoever finds none, or one of another db.json, makes it anew, so it is neither synced nor backed up. Its
parts are read, and checked against their CRC, when they are first used: opening 100,000 cards costs a header. What is
large and seldom used, the cards' texts, is never held.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec
from msgspec import Struct

from opstui.domain.model import search_text, worth
from opstui.store.indexes import Lanes, names_of
from opstui.store.syscalls import Stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from opstui.domain.model import Doc

NAME = "db.idx"
CARDS = "cards"
"""The table that has lanes, names and texts."""
_MAGIC = b"opstuiX2"
_FRONT = struct.Struct("<8sII")
_ALIGN = 8
_ID_BITS = 53
_SMALL = 1 << 32
_END = b"\x1e"
_GROUP, _CHUNK = 1000, 1 << 20
"""Cards whose texts are looked through at a time."""
_OFTEN = 500
"""Times that a word stands in the texts of a group, from which on it is quicker to look at each of them."""


class Unsound(Exception):  # noqa: N818 - it says what is the case
    """A part is not what was written: the index has to be made anew."""


class Part(Struct, array_like=True):
    """An array in the file: type code, first byte, how many, CRC-32."""

    code: str
    at: int
    count: int
    crc: int


class Head(Struct):
    """What the file begins with. `stamp` is that of the db.json whose `sum` was found right."""

    snapshot: str
    stamp: Stamp
    tables: dict[str, tuple[Part, Part]]
    """Ids, and where their lines begin, with where the last one ends."""
    lanes: list[tuple[str, str, Part, Part, dict[str, int]]]
    """Board, stage, ranks, ids, worth."""
    names: tuple[Part, Part]
    """Hashes, ascending, and the ids of the cards that have such a name."""
    texts: tuple[Part, Part]
    """The cards' texts by id, each ended by a byte that is in none; and where every thousandth or so begins."""
    worth: tuple[Part, Part, list[str]]
    """By id: amounts, which currency, and the currencies."""


_head = msgspec.json.Decoder(Head)
_encode = msgspec.json.Encoder().encode


class Index:
    """An index file, or one just made. It is read and not mapped: if somebody cuts it short, it is made anew."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        """Read the header; `read` gives so many bytes from a place.

        Raises:
            Unsound: this is no index.
        """
        self._read = read
        try:
            magic, length, crc = _FRONT.unpack(read(_FRONT.size, 0))
            head = read(length, _FRONT.size) if magic == _MAGIC else b""
            if magic != _MAGIC or crc32(head) != crc:
                raise Unsound
            self.head = _head.decode(head)
        except (struct.error, msgspec.DecodeError) as error:
            raise Unsound from error
        self._begins = _aligned(_FRONT.size + length)
        self._parts: dict[int, array[Any]] = {}
        self._checked: set[int] = set()

    def table(self, name: str) -> tuple[Sequence[int], Sequence[int]] | None:
        """Ids and offsets of a table's documents; None when it has none."""
        parts = self.head.tables.get(name)
        return None if parts is None else (self._part(parts[0]), self._part(parts[1]))

    def lanes(self) -> Lanes:
        """The lanes of the cards."""
        lanes = Lanes()
        for board, stage, ranks, ids, sums in self.head.lanes:
            lanes.put((board, stage), (self._part(ranks), self._part(ids)), sums)
        return lanes

    def named(self, name: str, more: str = "") -> Sequence[int]:
        """The ids of the few cards that may have this ref (or this source and external id)."""
        hashes, ids = map(self._part, self.head.names)
        wanted = _hash(name, more)
        found: Sequence[int] = ids[bisect_left(hashes, wanted) : bisect_right(hashes, wanted)]
        return found

    def search(self, words: Sequence[bytes]) -> Iterator[int]:
        """The ids of the cards in whose text all these words stand."""
        ids = (self.table(CARDS) or ((),))[0]
        part, begins = self.head.texts[0], self._part(self.head.texts[1])
        if part.at not in self._checked:
            self._check(part)
        for group in range(len(begins) - 1):
            here = self._raw(part.at + begins[group], begins[group + 1] - begins[group])
            if all(word in here for word in words):
                found = set.intersection(*(_holding(here, word) for word in words or (b"",)))
                yield from (ids[group * _GROUP + number] for number in found)

    def worth(self, cards: Sequence[int]) -> dict[str, int]:
        """What these cards are worth together: currency -> minor units."""
        ids = (self.table(CARDS) or ((),))[0]
        amounts, which = map(self._part, self.head.worth[:2])
        sums = [0] * len(self.head.worth[2])
        whole = len(ids) and ids[-1] == len(ids)  # every id from 1 on
        for at in [card - 1 for card in cards] if whole else [position(ids, card) for card in cards]:
            if 0 <= at < len(ids):
                sums[which[at]] += amounts[at]
        return {currency: total for currency, total in zip(self.head.worth[2], sums, strict=True) if total}

    def stamped(self, stamp: Stamp) -> Iterator[bytes]:
        """The file anew, for a db.json that is the same in another place."""
        yield _front(msgspec.structs.replace(self.head, stamp=stamp))
        at = 0
        while block := self._read(_CHUNK, self._begins + at):
            yield block
            at += len(block)

    def _part(self, part: Part) -> Any:
        found = self._parts.get(part.at)
        if found is None:
            raw = self._raw(part.at, part.count * array(part.code).itemsize)
            if crc32(raw) != part.crc:
                raise Unsound
            found = self._parts[part.at] = array(part.code, raw)
        return found

    def _check(self, part: Part) -> None:
        """See that a part is what was written, without holding it."""
        total, at = 0, 0
        while at < part.count:
            block = self._raw(part.at + at, min(_CHUNK, part.count - at))
            total, at = crc32(block, total), at + len(block)
        if total != part.crc:
            raise Unsound
        self._checked.add(part.at)

    def _raw(self, at: int, count: int) -> bytes:
        try:
            raw = self._read(count, self._begins + at)
        except OSError as error:
            raise Unsound from error
        if len(raw) != count:
            raise Unsound
        return raw


def _holding(texts: bytes, word: bytes) -> set[int]:
    """The numbers of the texts in which a word stands. Where it is rare, most are passed over."""
    if texts.count(word) > _OFTEN:
        return {number for number, text in enumerate(texts.split(_END)[:-1]) if word in text}
    found, number, at = set(), 0, 0
    while 0 <= (hit := texts.find(word, at)) < len(texts):
        number += texts.count(_END, at, hit)
        at = texts.find(_END, hit) + 1
        if hit + len(word) < at:
            found.add(number)
        number += 1
    return found


class Indexer:
    """Takes in the documents of a db.json as they lie there, and makes the index of them."""

    def __init__(self) -> None:
        self._tables: dict[str, tuple[list[int], list[int]]] = {}

    def add(self, table: str, doc_id: int, offset: int) -> None:
        """A document whose line begins at `offset`."""
        ids, offsets = self._tables.setdefault(table, ([], []))
        ids.append(doc_id)
        offsets.append(offset)

    def end(self, table: str, offset: int) -> None:
        """The table's last line ends before `offset`."""
        if table in self._tables:
            self._tables[table][1].append(offset)

    def build(self, cards: Iterator[tuple[int, Doc]], snapshot: str, stamp: Stamp) -> Iterator[bytes]:
        """The file, in blocks; `cards` are those of the table of cards."""
        noted = _Noted()
        lanes = Lanes.of(noted.taking(cards))
        names = sorted(noted.names)
        currencies = list(noted.currencies)
        body = _Body()
        head = Head(
            snapshot=snapshot,
            stamp=stamp,
            tables={t: (body.add(_ids(ids)), body.add(array("Q", at))) for t, (ids, at) in self._tables.items()},
            lanes=[
                (
                    board,
                    stage,
                    body.add(array("d", lanes.find((board, stage))[0])),
                    body.add(lanes.copy(board, stage)),
                    dict(lanes.sums(board, stage)),
                )
                for board, stage in sorted(lanes.keys())
            ],
            names=(
                body.add(array("I", [name >> _ID_BITS for name in names])),
                body.add(_ids([name & (1 << _ID_BITS) - 1 for name in names])),
            ),
            texts=(body.add(noted.texts), body.add(noted.begins)),
            worth=(body.add(noted.amounts), body.add(noted.which), currencies),
        )
        yield _front(head)
        yield from filter(None, body.blocks)


def _front(head: Head) -> bytes:
    raw = _encode(head)
    return _padded(_FRONT.pack(_MAGIC, len(raw), crc32(raw)) + raw)


class _Noted:
    """What is noted of each card while it goes by."""

    def __init__(self) -> None:
        self.names: list[int] = []
        """Hash and id in one number."""
        self.texts = bytearray()
        self.begins = array("Q", [0])
        self.amounts = array("q")
        self.which = array("H")
        self.currencies: dict[str, int] = {}

    def taking(self, cards: Iterator[tuple[int, Doc]]) -> Iterator[tuple[int, Doc]]:
        """The cards as they come."""
        for number, (doc_id, doc) in enumerate(cards, 1):
            ref, (source, external) = names_of(doc)
            if ref:
                self.names.append(_hash(ref, "") << _ID_BITS | doc_id)
            if external:
                self.names.append(_hash(source, external) << _ID_BITS | doc_id)
            self.texts += text_of(doc) + _END
            currency, amount = worth(doc)
            self.amounts.append(amount)
            self.which.append(self.currencies.setdefault(currency, len(self.currencies)))
            if number % _GROUP == 0:
                self.begins.append(len(self.texts))
            yield doc_id, doc
        self.begins.append(len(self.texts))


def text_of(doc: Doc) -> bytes:
    """A card's text as it is searched."""
    return search_text(doc).replace(_END.decode(), "").encode(errors="replace")


class _Body:
    """The arrays behind the header, each at a multiple of eight."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self._size = 0

    def add(self, values: array[Any] | bytearray) -> Part:
        raw = bytes(values)
        code = values.typecode if isinstance(values, array) else "B"
        part = Part(code, self._size, len(values), crc32(raw))
        self.blocks.append(_padded(raw))
        self._size += len(self.blocks[-1])
        return part


def _ids(ids: Sequence[int]) -> array[int]:
    return array("I" if max(ids, default=0) < _SMALL else "Q", ids)


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" * (_aligned(len(raw)) - len(raw))


def position(ids: Sequence[int], doc_id: int) -> int:
    """Where an id stands among ascending ones, or -1; most tables have every id from 1 on."""
    at = doc_id - 1
    if 0 <= at < len(ids) and ids[at] == doc_id:
        return at
    at = bisect_left(ids, doc_id)
    return at if at < len(ids) and ids[at] == doc_id else -1


def _aligned(size: int) -> int:
    return -(-size // _ALIGN) * _ALIGN


def _hash(name: str, more: str) -> int:
    return crc32(f"{name}\0{more}".encode())
