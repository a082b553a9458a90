"""The summaries of a journal: read where they lie beside its segments, made where they are missing.

`NNNNNNNN.sum` holds one summary for each `STRETCH` of its segment, and one for the rest once the segment is closed: so
what nobody has summarised yet is little, in the open segment too. It is only appended to, by one process at a time, and
never needed: without it, or without the right to write it, everything is worked out again from the journal.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB
from functools import partial
from typing import TYPE_CHECKING

from opstui.store import syscalls as fs
from opstui.store.segments import segments, unreadable, whole_lines
from opstui.store.summary import Part, births, parts, summary_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.store.summary import Read

STRETCH = 2 << 20
"""Bytes of journal to a summary. What is left over at the end is read line by line: some thousand lines at most."""
PATIENCE, PAUSE = 100, 0.05
"""How often, and after how many seconds each time, one looks whether another has made them."""
_SEAL = len('"xxxxxxxx"}\n')


def summarise(folder: Path) -> None:
    """Make what is missing for the journal in `folder`; needs no lock, and no one waits for it.

    Raises:
        Damaged: a segment cannot be read.
    """
    known = Summaries(folder)
    names = segments(folder)
    for name in names:
        with opened(folder / name) as fd:
            known.of(name, fd, fs.size(fd), closed=name != names[-1])


class Summaries:
    """What is known of each segment. Any thread may ask."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self.folder = folder
        self._mu = threading.RLock()
        self._known: dict[str, list[Part]] = {}
        self._held: dict[str, bytes] = {}
        self._stamps: dict[str, fs.Stamp] = {}

    def of(self, segment: str, fd: int, end: int, *, closed: bool) -> list[Part]:
        """The summaries of a segment, open as `fd`, from its beginning on: none goes beyond `end`.

        Of a `closed` segment they leave nothing out, unless it is damaged: who reads on from there will meet it.
        """
        with self._mu:
            if segment not in self._known:
                self._known[segment] = self._found(segment, fd, end)
            found = self._known[segment]
            left = end - (found[-1].end if found else 0)
            if left >= STRETCH or (closed and left > 0):
                self._extend(segment, fd, end, closed=closed)
            return [part for part in self._known[segment] if part.end <= end]

    def _found(self, segment: str, fd: int, end: int) -> list[Part]:
        """Those that lie beside the segment; none when there are none or the disk does not give them out."""
        try:
            file = fs.open_file(self._path(segment), os.O_RDONLY)
        except OSError:
            return []
        try:
            self._stamps[segment] = fs.stamp(file)
            return list(_fitting(parts(partial(fs.pread, file)), fd, end))
        except OSError:
            return []
        finally:
            fs.close(file)

    @contextmanager
    def reading(self, segment: str) -> Iterator[Read | None]:
        """What reads the summaries of a segment; None when the file is not as it was when they were checked."""
        if segment in self._held:
            yield partial(_of_bytes, self._held[segment])
            return
        try:
            fd = fs.open_file(self._path(segment), os.O_RDONLY)
        except OSError:
            yield None
            return
        try:
            yield partial(fs.pread, fd) if fs.stamp(fd) == self._stamps.get(segment) else None
        finally:
            fs.close(fd)

    def forget(self, segment: str) -> None:
        """They have proved wrong, or are gone: read them anew the next time."""
        with self._mu:
            self._known.pop(segment, None)
            self._held.pop(segment, None)

    def discard(self, segment: str) -> None:
        """They tell what does not stand in the journal: away with them, they will be made again."""
        self.forget(segment)
        with suppress(OSError):
            fs.unlink(self._path(segment))

    def boards(self, cards: set[int], before: tuple[str, int]) -> dict[int, str]:
        """Card -> board, of what was summarised before a place (segment, byte), nearest first."""
        found: dict[int, str] = {}
        missing = set(cards)
        with self._mu:
            known = sorted(((s, parts) for s, parts in self._known.items() if s <= before[0]), reverse=True)
        for segment, of_segment in known:
            with self.reading(segment) as read:
                for part in reversed(of_segment):
                    if not missing:
                        return found
                    if (segment, part.end) <= before and read is not None:
                        found |= part.boards(read, missing)
                        missing -= found.keys()
        return found

    def _extend(self, segment: str, fd: int, end: int, *, closed: bool) -> None:
        """Make what is missing: in the file if nobody else does just now and it may be written, else in memory."""
        try:
            file = fs.open_file(self._path(segment), os.O_RDWR | os.O_CREAT)
        except OSError:
            self._hold(segment, fd, end, closed=closed)
            return
        try:
            _take_turn(file)
            self._held.pop(segment, None)
            found = self._known[segment] = list(_fitting(parts(partial(fs.pread, file)), fd, fs.size(fd)))
            size = found[-1].after if found else 0
            if fs.size(file) > size:
                fs.ftruncate(file, size)
            self._stamps[segment] = fs.stamp(file)
            for raw in self._missing(segment, fd, end, closed=closed):
                size = _append(file, raw, size)
                self._stamps[segment] = fs.stamp(file)
                found += parts(partial(fs.pread, file), found[-1].after if found else 0)
        except OSError:
            self._hold(segment, fd, end, closed=closed)
        finally:
            fs.close(file)

    def _hold(self, segment: str, fd: int, end: int, *, closed: bool) -> None:
        with self.reading(segment) as read:
            found = self._known[segment]
            held = read(found[-1].after, 0) if found and read else b""
            if not held:
                self._known[segment] = []
        for raw in self._missing(segment, fd, end, closed=closed):
            held += raw
            self._held[segment] = held
            self._known[segment] += parts(partial(_of_bytes, held), len(held) - len(raw))

    def _missing(self, segment: str, fd: int, end: int, *, closed: bool) -> Iterator[bytes]:
        """The summaries that come after those known; who takes one adds it to them."""
        while True:
            found = self._known[segment]
            start, n = (found[-1].end, found[-1].last + 1) if found else (0, None)
            if end - start < (1 if closed else STRETCH):
                return
            raw = self._made(segment, fd, start, end, n, closed=closed)
            if raw is None:
                return
            yield raw

    def _made(self, segment: str, fd: int, start: int, end: int, n: int | None, *, closed: bool) -> bytes | None:
        """The summary of `STRETCH` bytes of lines or a little more; None when they are not as they were written."""
        starts, lines, crc = [start], [], ""
        for raw in whole_lines(fd, start, end):
            line = told(raw)
            if line is None or (n is not None and line.n != n):
                return None
            n = line.n + 1
            lines.append(line)
            starts.append(starts[-1] + len(raw) + 1)
            crc = raw[-10:-2].decode()
            if starts[-1] - start >= STRETCH:
                break
        if not lines or (not closed and starts[-1] - start < STRETCH):
            return None
        born, others = births(lines)
        return summary_of(starts, lines, crc, born | self.boards(others, (segment, start)))

    def _path(self, segment: str) -> Path:
        return self.folder / f"{segment[:8]}.sum"


def _take_turn(file: int) -> None:
    """Wait for who is at it already, as that takes seconds and saves doing it twice; but not for who was stopped.

    Raises:
        BlockingIOError: it takes too long.
    """
    for _turn in range(PATIENCE):
        with suppress(BlockingIOError):
            fs.flock(file, LOCK_EX | LOCK_NB)
            return
        time.sleep(PAUSE)
    raise BlockingIOError


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A segment, to be read.

    Raises:
        Damaged: it cannot be.
    """
    try:
        fd = fs.open_file(path, os.O_RDONLY)
        try:
            yield fd
        finally:
            fs.close(fd)
    except OSError as error:
        raise unreadable(path, error) from error


def _append(file: int, raw: bytes, size: int) -> int:
    """Write at the end; where that fails nothing is left of it."""
    try:
        done = 0
        while done < len(raw):
            done += fs.pwrite(file, memoryview(raw)[done:], size + done)
    except OSError:
        fs.ftruncate(file, size)
        raise
    return size + len(raw)


def _fitting(found: Iterator[Part], fd: int, end: int) -> Iterator[Part]:
    """Those that are about this very segment, as far as it goes."""
    start = 0
    for part in found:
        if (
            part.start != start
            or part.end > end
            or fs.pread(fd, _SEAL, part.end - _SEAL) != b'"%b"}\n' % part.crc.encode()
        ):
            return
        yield part
        start = part.end


def _of_bytes(held: bytes, count: int, offset: int) -> bytes:
    return held[offset : offset + count]
