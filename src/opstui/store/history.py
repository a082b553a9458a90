"""The history, read from the journal's files when somebody asks: it is never held in memory.

Lines are numbered in order, so a batch is found by halving the file. What concerns a document, and what happened on a
day, is told by the summaries beside the journal; only the end that they do not cover yet is read line by line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from opstui.i18n import _
from opstui.metrics.track import day_start
from opstui.store import syscalls as fs
from opstui.store.codec import of_kind, unseal
from opstui.store.protocol import Damaged
from opstui.store.segments import segments, whole_lines
from opstui.store.summaries import opened
from opstui.store.summary import births, columns_of, due_days, tally, told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date, tzinfo
    from pathlib import Path

    from opstui.store.codec import Line
    from opstui.store.summaries import Summaries
    from opstui.store.summary import Counts, Part, Read, ToldLine

_START = re.compile(rb'{"n":(\d+),')
_BLOCK = 1 << 16
_CHUNK = 1 << 20
_FEW = 8
"""So many documents are looked for by their bytes, before a line is decoded."""
_encode = msgspec.json.Encoder().encode


def lines_after(folder: Path, since: int, upto: int) -> Iterator[Line]:
    """The lines of batches since + 1 to `upto`, oldest first.

    Raises:
        Damaged: one of them is not what was written, or missing.
    """
    n = since + 1
    for name in _segments_from(folder, n):
        if n > upto:
            return
        with opened(folder / name) as fd:
            start = _find(fd, n)
            for raw in whole_lines(fd, start, fs.size(fd)):
                if n > upto:
                    return
                line = unseal(raw)
                if line is None or line.n != n:
                    raise _damaged(folder / name, n)
                yield line
                n += 1
    if n <= upto:
        raise _damaged(folder, n)


def lines_before(folder: Path, place: tuple[str, int], by: str) -> Iterator[Line]:
    """What that person wrote before a place (segment, byte), newest first.

    Raises:
        Damaged: a line of theirs is not what was written.
    """
    needle = b'"by":' + _encode(by)
    for name, end in reversed(_ranges(folder, place)):
        with opened(folder / name) as fd:
            for raw in _backwards(fd, end):
                if needle in raw:
                    line = unseal(raw)
                    if line is None:
                        raise _damaged_in(folder / name)
                    if line.by == by:
                        yield line


def lines_about(
    summaries: Summaries,
    place: tuple[str, int],
    table: str,
    ids: Collection[int],
    kinds: Collection[str] | None,
) -> Iterator[Line]:
    """The lines before a place (segment, byte) with events on these documents, of these kinds or any; oldest first.

    Raises:
        Damaged: one of them is not what was written.
    """
    wanted = set(ids)
    for name, end in _ranges(summaries.folder, place):
        with opened(summaries.folder / name) as fd:
            at = 0
            for part, read in _summed(summaries, name, fd, end, closed=name != place[0]):
                found: Iterable[Line] | None = _lines(fd, part, read, part.about(read, table, wanted, kinds))
                if found is None:
                    summaries.discard(name)
                    found = _scanned(summaries.folder / name, fd, part.start, part.end, table, wanted, kinds)
                yield from found
                at = part.end
            yield from _scanned(summaries.folder / name, fd, at, end, table, wanted, kinds)


def redated(summaries: Summaries, place: tuple[str, int], first: date) -> set[int]:
    """Cards whose due day was changed from or to one from `first` on before a place; others may be among them."""
    found: set[int] = set()
    for name, end in _ranges(summaries.folder, place):
        with opened(summaries.folder / name) as fd:
            at = 0
            for part, read in _summed(summaries, name, fd, end, closed=name != place[0]):
                found |= part.redated(read, first.isoformat())
                at = part.end
            events = (event for line in _told(summaries.folder / name, fd, at, end) for event in line.events)
            found |= {event.on[1] for event in events if max(due_days(event), default="") >= first.isoformat()}
    return found


def daily(summaries: Summaries, place: tuple[str, int], since: date, until: date, zone: tzinfo) -> Counts:
    """How many events of each (local day, kind, board) happened from `since` (included) to `until` (excluded).

    Raises:
        Damaged: the journal before the place (segment, byte) is not what was written.
    """
    days, edges = calendar(since, until, zone)
    counts: Counts = {}
    for name, end in _ranges(summaries.folder, place) if days else ():
        with opened(summaries.folder / name) as fd:
            at = 0
            for part, read in _summed(summaries, name, fd, end, closed=name != place[0]):
                part.count(read, counts, days, edges)
                at = part.end
            rest = list(_told(summaries.folder / name, fd, at, end))
            born, others = births(rest)
            boards = born | summaries.boards(others, (name, at))
            for key, times in columns_of(rest, boards).items():
                tally(counts, key, times, days, edges)
    return counts


def calendar(since: date, until: date, zone: tzinfo) -> tuple[list[date], list[int]]:
    """The local days from `since` to before `until`; their first moments and the end of the last, in seconds."""
    days = [type(since).fromordinal(n) for n in range(since.toordinal(), until.toordinal())]
    return days, [int(day_start(day, zone).timestamp()) for day in (*days, until)]


def _lines(fd: int, part: Part, read: Read, numbers: set[int]) -> list[Line] | None:
    """These lines of a summary's stretch; None when they are not what it says, as after an erasure."""
    found = []
    if numbers:
        starts = part.starts(read)
        for number in sorted(numbers):
            line = unseal(fs.pread(fd, starts[number + 1] - starts[number] - 1, part.start + starts[number]))
            if line is None or line.n != part.first + number:
                return None
            found.append(line)
    return found


def _summed(summaries: Summaries, name: str, fd: int, end: int, *, closed: bool) -> Iterator[tuple[Part, Read]]:
    """The summaries of a segment, in order, with what reads them; made again if they are not what they were."""
    for _turn in range(2):
        found = summaries.of(name, fd, end, closed=closed)
        with summaries.reading(name) as read:
            if read is not None:
                yield from ((part, read) for part in found)
                return
        summaries.forget(name)


def _scanned(
    path: Path, fd: int, start: int, end: int, table: str, ids: set[int], kinds: Collection[str] | None
) -> Iterator[Line]:
    few = [b'"on":%b' % _encode((table, doc)) for doc in ids] if len(ids) <= _FEW else []
    for raw in whole_lines(fd, start, end):
        if few and not any(needle in raw for needle in few):
            continue
        line = unseal(raw)
        if line is None:
            raise _damaged_in(path)
        if any(f.on[0] == table and f.on[1] in ids and of_kind(f.kind, f.changed, kinds) for f in line.events):
            yield line


def _told(path: Path, fd: int, start: int, end: int) -> Iterator[ToldLine]:
    for raw in whole_lines(fd, start, end):
        line = told(raw)
        if line is None:
            raise _damaged_in(path)
        yield line


def _ranges(folder: Path, place: tuple[str, int]) -> list[tuple[str, int]]:
    """The segments up to a place, with where they end."""
    found = []
    for name in segments(folder):
        if name < place[0]:
            with opened(folder / name) as fd:
                found.append((name, fs.size(fd)))
    return [*found, place]


def _segments_from(folder: Path, n: int) -> list[str]:
    """The segment that holds batch n, and those after it."""
    names = segments(folder)
    for i in range(len(names) - 1, 0, -1):
        with opened(folder / names[i]) as fd:
            begins = _START.match(fs.pread(fd, 32, 0))
        if begins and int(begins[1]) <= n:
            return names[i:]
    return names


def _find(fd: int, n: int) -> int:
    """Where the line of batch n begins; the file's beginning when it is not in there.

    Recent ones (undo) are asked for most, so the end is looked at first.
    """
    size = fs.size(fd)
    start = max(0, size - _BLOCK)
    needle = b'\n{"n":%d,' % n
    at = fs.pread(fd, size - start, start).rfind(needle)
    if at >= 0:
        return start + at + 1
    low, high = 0, start
    while high - low > _BLOCK:
        middle = _line_behind(fd, (low + high) // 2, high)
        begins = _START.match(fs.pread(fd, 32, middle)) if middle else None
        if begins is None:
            break
        low, high = (middle, high) if int(begins[1]) <= n else (low, middle)
    while low < high:
        block = fs.pread(fd, min(_CHUNK, high - low) + len(needle), low)
        if block.startswith(needle[1:]):
            return low
        at = block.find(needle)
        if at >= 0:
            return low + at + 1
        low += _CHUNK
    return 0


def _line_behind(fd: int, at: int, end: int) -> int:
    """Where the first line that begins behind a place begins; 0 when none does before the end."""
    while at < end:
        block = fs.pread(fd, min(_BLOCK, end - at), at)
        newline = block.find(b"\n")
        if newline >= 0:
            return at + newline + 1 if at + newline + 1 < end else 0
        if not block:
            return 0
        at += len(block)
    return 0


def _backwards(fd: int, end: int) -> Iterator[bytes]:
    """The lines before a place where one ends, the last first, without their newlines."""
    carry = b""
    end -= 1
    while end > 0:
        start = max(0, end - _CHUNK)
        carry, *lines = (fs.pread(fd, end - start, start) + carry).split(b"\n")
        yield from reversed(lines)
        end = start
    if carry:
        yield carry


def _damaged(path: Path, n: int) -> Damaged:
    return Damaged(
        _("{file}: batch {n} is missing or damaged; nothing was changed. `opstui doctor` says what to do").format(
            file=path, n=n
        )
    )


def _damaged_in(path: Path) -> Damaged:
    return Damaged(
        _("{file}: a line in it is damaged; nothing was changed. `opstui doctor` says what to do").format(file=path)
    )
