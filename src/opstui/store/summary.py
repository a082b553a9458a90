"""What a stretch of the journal holds, worked out once: which lines concern a document, and when what happened.

A stretch never changes once it is written, so neither does its summary. It names the bytes it was made from and carries
a checksum: what does not fit is not believed, and made again. Times are kept to the second and not as days, because a
day is another one in each zone; as they are sorted, a day costs two binary searches.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate
from struct import Struct as Layout
from typing import Literal
from zlib import crc32

import msgspec
from msgspec import Struct

from opstui.store.codec import VERSION, intact, of_kind

CARDS = "cards"
LAYOUT = Layout("=IIII")
"""Magic, CRC-32 of what follows these four, length of the head, length of the columns."""
_MAGIC = 0x31_4D_55_53
"""SUM1 in the byte order of the machine: numbers of another order are not read."""

Read = Callable[[int, int], bytes]
"""So many bytes from a place of the file a summary lies in."""
Counts = dict[tuple[date, str, str], int]
"""(local day, kind, board) -> how many events."""


REDATED = {"edited.due"}


class Told(Struct, gc=False):
    """Of an event what is counted; the rest is left undecoded."""

    kind: str
    on: tuple[str, int]
    at: datetime | None = None
    changed: dict[str, msgspec.Raw] = {}
    data: msgspec.Raw = msgspec.Raw(b"{}")


class ToldLine(Struct, gc=False):
    """Of a batch what is counted."""

    n: int
    v: int
    at: datetime
    events: list[Told] = []


class _Board(Struct):
    board: str = ""


class _Head(Struct, frozen=True):
    start: int
    end: int
    crc: str
    first: int
    last: int
    earliest: int
    latest: int
    dues: str
    labels: list[tuple[str, ...]]
    boards: list[str]
    tables: list[tuple[str, int, int]]
    columns: list[tuple[str, int, int]]


_line = msgspec.json.Decoder(ToldLine).decode
_board = msgspec.json.Decoder(_Board).decode
_head = msgspec.json.Decoder(_Head).decode
_days = msgspec.json.Decoder(tuple[str | None, str | None]).decode
_encode = msgspec.json.Encoder().encode


def told(raw: bytes) -> ToldLine | None:
    """What a line tells; None when it is not what was written, or of another version."""
    if not intact(raw):
        return None
    try:
        line = _line(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return line if line.v == VERSION else None


def births(lines: Sequence[ToldLine]) -> tuple[dict[int, str], set[int]]:
    """Card -> board of those that came to be in these lines, and the other cards they tell of."""
    born: dict[int, str] = {}
    cards: set[int] = set()
    for line in lines:
        for event in line.events:
            table, card = event.on
            if table == CARDS:
                cards.add(card)
                if event.kind == "created":
                    born[card] = _board(event.data).board
    return born, cards - born.keys()


def columns_of(lines: Sequence[ToldLine], boards: Mapping[int, str]) -> dict[tuple[str, str], list[int]]:
    """(kind, board) -> the times of these events, sorted, in whole seconds since 1970."""
    columns: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        for event in line.events:
            table, card = event.on
            board = boards.get(card, "") if table == CARDS else ""
            columns.setdefault((event.kind, board), []).append(int((event.at or line.at).timestamp() // 1))
    return {key: sorted(times) for key, times in columns.items()}


def tally(
    counts: Counts, key: tuple[str, str], times: Sequence[int], days: Sequence[date], edges: Sequence[int]
) -> None:
    """Add the sorted `times` on `days` to `counts`; `edges` are the days' first moments and the end of the last."""
    at, high = bisect_left(times, edges[0]), len(times)
    while at < high and times[at] < edges[-1]:
        day = bisect_right(edges, times[at]) - 1
        after = bisect_left(times, edges[day + 1], at, high)
        place = (days[day], *key)
        counts[place] = counts.get(place, 0) + after - at
        at = after


def summary_of(starts: Sequence[int], lines: Sequence[ToldLine], crc: str, boards: Mapping[int, str]) -> bytes:
    """The summary of `lines`, which begin at `starts`; the last of these is where the next line begins.

    `crc` is that of the last line, `boards` tells the board of every card they tell of.
    """
    labels, index = _index(lines)
    columns = columns_of(lines, boards)
    names = ["", *sorted({board for _kind, board in columns} - {""})]
    place = {name: i for i, name in enumerate(names)}
    body = [array("I", [at - starts[0] for at in starts])]
    tables = []
    for table, docs in index.items():
        ids = sorted(docs)
        entries = [entry for doc in ids for entry in docs[doc]]
        tables.append((table, len(ids), len(entries)))
        on = [place[boards.get(doc, "")] if table == CARDS else 0 for doc in ids]
        body += [array("Q", ids), array("I", accumulate(len(docs[doc]) for doc in ids)), array("I", on)]
        body += [array("I", column) for column in zip(*entries, strict=True)]
    body += [array("q", times) for times in columns.values()]
    said = _encode(
        _Head(
            start=starts[0],
            end=starts[-1],
            crc=crc,
            first=lines[0].n,
            last=lines[-1].n,
            earliest=min((times[0] for times in columns.values()), default=0),
            latest=max((times[-1] for times in columns.values()), default=0),
            dues=_dues(lines),
            labels=list(labels),
            boards=names,
            tables=tables,
            columns=[(kind, place[board], len(times)) for (kind, board), times in columns.items()],
        )
    )
    arrays = b"".join(body)
    return LAYOUT.pack(_MAGIC, crc32(arrays, crc32(said)), len(said), len(arrays)) + said + arrays


def due_days(event: Told) -> tuple[str, ...]:
    """The due days an edit changed, before and after."""
    if event.kind != "edited" or "due" not in event.changed or event.on[0] != CARDS:
        return ()
    return tuple(day for day in _days(event.changed["due"]) if day)


def _dues(lines: Sequence[ToldLine]) -> str:
    return max((day for line in lines for event in line.events for day in due_days(event)), default="")


def _index(lines: Sequence[ToldLine]) -> tuple[dict[tuple[str, ...], int], dict[str, dict[int, list[tuple[int, int]]]]]:
    """Label -> its number, and table -> document -> (line, label) of what concerns it."""
    labels: dict[tuple[str, ...], int] = {}
    index: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for number, line in enumerate(lines):
        for event in line.events:
            table, doc = event.on
            label = labels.setdefault((event.kind, *sorted(event.changed)), len(labels))
            index.setdefault(table, {}).setdefault(doc, []).append((number, label))
    return labels, index


class Part:
    """A summary as it lies in a file (or in memory): it is asked with what reads that file, and reads what it needs."""

    def __init__(self, head: _Head, columns: int, after: int) -> None:
        """Its columns begin at a place of the file, and what comes `after` it at another."""
        self.start, self.end, self.crc, self.first, self.last = head.start, head.end, head.crc, head.first, head.last
        self.after = after
        self._labels, self._boards, self._columns = head.labels, head.boards, head.columns
        self._earliest, self._latest, self._dues = head.earliest, head.latest, head.dues
        self._lines = columns
        at = columns + 4 * (self.last - self.first + 2)
        self._tables: dict[str, tuple[int, int, int]] = {}
        for table, docs, entries in head.tables:
            self._tables[table] = at, docs, entries
            at += 16 * docs + 8 * entries
        self._times = at

    def starts(self, read: Read) -> memoryview[int]:
        """Where its lines begin, from `start` on, and where the last one ends."""
        return self._column(read, "I", self._lines, self.last - self.first + 2)

    def about(self, read: Read, table: str, ids: Collection[int], kinds: Collection[str] | None) -> set[int]:
        """The lines with events on these documents, of these kinds ("moved", "edited.due"), or of any."""
        at, docs, entries = self._tables.get(table, (0, 0, 0))
        wanted = self._wanted(kinds)
        if not docs or not wanted:
            return set()
        known = self._column(read, "Q", at, docs)
        places = _among(known, ids)
        if not places:
            return set()
        ends = self._column(read, "I", at + 8 * docs, docs)
        lines = self._column(read, "I", at + 16 * docs, entries)
        labels = self._column(read, "I", at + 16 * docs + 4 * entries, entries)
        return {
            lines[entry]
            for place in places
            for entry in range(ends[place - 1] if place else 0, ends[place])
            if labels[entry] in wanted
        }

    def redated(self, read: Read, first: str) -> set[int]:
        """The cards whose due day was changed, if one of them from or to a day from `first` on."""
        at, docs, entries = self._tables.get(CARDS, (0, 0, 0))
        wanted = self._wanted(REDATED)
        if not docs or not wanted or self._dues < first:
            return set()
        known, ends = self._column(read, "Q", at, docs), self._column(read, "I", at + 8 * docs, docs)
        labels = self._column(read, "I", at + 16 * docs + 4 * entries, entries).tolist()
        return {known[bisect_right(ends, entry)] for entry, label in enumerate(labels) if label in wanted}

    def boards(self, read: Read, cards: set[int]) -> dict[int, str]:
        """Card -> board, of those among `cards` it knows the board of."""
        at, docs, _entries = self._tables.get(CARDS, (0, 0, 0))
        if not docs or len(self._boards) == 1:
            return {}
        known, on = self._column(read, "Q", at, docs), self._column(read, "I", at + 12 * docs, docs)
        return {known[place]: self._boards[on[place]] for place in _among(known, cards) if on[place]}

    def count(self, read: Read, counts: Counts, days: Sequence[date], edges: Sequence[int]) -> None:
        """Add to `counts` what happened on these days."""
        if self._latest < edges[0] or self._earliest >= edges[-1]:
            return
        times = self._column(read, "q", self._times, sum(n for _kind, _board, n in self._columns))
        at = 0
        for kind, board, n in self._columns:
            tally(counts, (kind, self._boards[board]), times[at : at + n], days, edges)
            at += n

    def _wanted(self, kinds: Collection[str] | None) -> set[int]:
        return {number for number, (kind, *fields) in enumerate(self._labels) if of_kind(kind, fields, kinds)}

    @staticmethod
    def _column(read: Read, form: Literal["I", "Q", "q"], at: int, n: int) -> memoryview[int]:
        return memoryview(read(n * array(form).itemsize, at)).cast(form)


def _among(known: memoryview[int], ids: Collection[int]) -> list[int]:
    """The places in `known` of those ids that are there."""
    if len(ids) * 16 > len(known):
        wanted = ids if isinstance(ids, set | frozenset) else set(ids)
        return [place for place, doc in enumerate(known) if doc in wanted]
    found = ((bisect_left(known, doc), doc) for doc in sorted(ids))
    return [place for place, doc in found if place < len(known) and known[place] == doc]


def parts(read: Read, place: int = 0) -> Iterator[Part]:
    """The sound summaries that follow each other from a place of a file on; the first that is none ends them."""
    while len(seal := read(LAYOUT.size, place)) == LAYOUT.size:
        magic, crc, said, body = LAYOUT.unpack(seal)
        at = place + LAYOUT.size
        rest = read(said + body, at) if magic == _MAGIC else b""
        if not rest or len(rest) != said + body or crc32(rest) != crc:
            return
        try:
            part = Part(_head(rest[:said]), at + said, at + len(rest))
        except msgspec.DecodeError:
            return
        yield part
        place = part.after
