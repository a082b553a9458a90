"""The journal, read by the rules of docs/storage.md and by nothing else: an independent witness of what it holds.

It goes on behind damage, to say how much stands there, but what it keeps of the state ends where the damage begins.
"""

from __future__ import annotations

import os
import re
import zlib
from array import array
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from opstui.i18n import _
from opstui.progress import Progress, silent
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION
from opstui.store.doctor.state import Batch, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"\d{8}\.jsonl")
_END = re.compile(rb',"crc":"([0-9a-f]{8})"}\Z')
_TAIL = len(',"crc":"xxxxxxxx"}')
_START = re.compile(rb'{"n":')
_CHUNK = 1 << 20
_TELL_EVERY = 64
_batch = msgspec.json.Decoder(Batch)


class Damage(Struct, frozen=True):
    """A place where something else stands than should; `segment` is "" when the whole folder is gone."""

    segment: str
    offset: int
    reason: str


class History:
    """What was read so far: up to `place` (segment, byte, CRC of the last line), where batch `state.seq` ends.

    `damage` says where it is not good, `behind` which intact batches stand behind the first such place; `torn` is what
    follows `place` when that is an unfinished write; `newer` is the first batch that a newer opstui wrote.
    """

    def __init__(self, folder: Path, progress: Progress = silent) -> None:
        """Stand at the beginning; `progress` is told how many bytes were read."""
        self.folder, self._progress = folder, progress
        self.strays: list[str] = []
        """Segments that only repeat, byte for byte, what stands before: copies that somebody put there."""
        self._sums = array("I")
        self.segments = self._listed()
        self.place = (self.segments[0] if self.segments else "00000001.jsonl", 0, "")
        self.state = State()
        self.damage: list[Damage] = []
        self.behind: list[int] = []
        self.newer: int | None = None
        self.torn = b""
        self.sizes: dict[str, int] = {}
        self._lines = 0
        self._before, self._whole = 0, sum(self._size(name) for name in self.segments)
        """Bytes of the segments before the present one, and of all."""

    def read_on(self, upto: int | None = None) -> None:
        """Read what follows, to the end or to batch `upto`.

        Raises:
            OSError: the disk or the rights do not give it out.
        """
        if self.damage or self.newer is not None:
            return
        self.torn = b""
        self.segments = self._listed()
        before = ""
        for name in [name for name in self.segments if name >= self.place[0]] or [self.place[0]]:
            if before and self._is_copy(name):
                self.strays.append(name)
                self.segments.remove(name)
                continue
            if before and int(name[:8]) != int(before[:8]) + 1:
                missing = f"{int(before[:8]) + 1:08}.jsonl"
                self.damage.append(Damage(missing, 0, _("it is missing, though {name} is there").format(name=name)))
            if not self.damage and name != self.place[0]:
                self.place = name, 0, self.place[2]
            self._read_segment(name, upto)
            if self._enough(upto):
                return
            before = name

    def _listed(self) -> list[str]:
        """The segments there are, oldest first; none where the folder is gone."""
        with suppress(FileNotFoundError, NotADirectoryError):
            names = (name for name in fs.listdir(self.folder) if _NAME.fullmatch(name))
            return sorted(name for name in names if name not in self.strays)
        return []

    def _size(self, name: str) -> int:
        with suppress(OSError):
            return fs.stat(self.folder / name).st_size
        return 0

    def _is_copy(self, name: str) -> bool:
        """Whether every line of a segment stands before it already."""
        if self.damage or self.newer is not None:
            return False
        fd = fs.open_file(self.folder / name, os.O_RDONLY)
        try:
            some = False
            for line in lines_between(fd, 0, fs.size(fd)):
                batch = checked(line)
                if batch is None or not 0 < batch.n <= len(self._sums) or self._sums[batch.n - 1] != _sum(line):
                    return False
                some = True
            return some
        finally:
            fs.close(fd)

    def _enough(self, upto: int | None) -> bool:
        return self.newer is not None or (upto is not None and self.state.seq >= upto)

    def _read_segment(self, name: str, upto: int | None) -> None:
        try:
            fd = fs.open_file(self.folder / name, os.O_RDONLY)
        except FileNotFoundError:
            gone = not fs.exists(self.folder)
            self.damage.append(Damage("" if gone else name, 0, _("it is missing")))
            return
        try:
            size, at = fs.size(fd), self.place[1] if name == self.place[0] else 0
            self._before = sum(known for other, known in self.sizes.items() if other < name)
            self.sizes[name] = size
            self._read_lines(fd, name, at, size, upto)
        finally:
            fs.close(fd)

    def _read_lines(self, fd: int, name: str, at: int, size: int, upto: int | None) -> None:
        for line in lines_between(fd, at, size):
            if upto is not None and self.state.seq >= upto:
                return
            self._tell(at)
            batch = checked(line)
            if batch is not None:
                self._take(batch, name, at, line)
            elif self._is_torn(fd, name, at, size):
                return
            else:
                self.damage.append(Damage(name, at, _("the line there is not what was written")))
            if self.newer is not None:
                return
            at += len(line) + 1
        if at < size and (upto is None or self.state.seq < upto) and not self._is_torn(fd, name, at, size):
            self.damage.append(Damage(name, at, _("it ends in a part of a line, though more follows")))

    def _tell(self, at: int) -> None:
        """Say how far it is, at some of the lines."""
        self._lines += 1
        if self._lines % _TELL_EVERY == 1:
            self._progress(self._before + at, max(self._whole, self._before + at))

    def _take(self, batch: Batch, name: str, at: int, line: bytes) -> None:
        """Make an intact line part of the state, if it is the one that should stand there."""
        if self.damage:
            self.behind.append(batch.n)
            return
        if batch.v > VERSION:
            self.newer = batch.n
            return
        if batch.n != self.state.seq + 1:
            again = batch.n <= self.state.seq
            reason = _("batch {n} stands there again") if again else _("batch {n} stands there already")
            self.damage.append(Damage(name, at, reason.format(n=batch.n)))
            self.behind.append(batch.n)
            return
        self.state.apply(batch)
        self._sums.append(_sum(line))
        self.place = name, at + len(line) + 1, line[-10:-2].decode()

    def _is_torn(self, fd: int, name: str, at: int, size: int) -> bool:
        """Whether what follows is only a part of one line at the very end; if so, it is kept as `torn`."""
        if self.damage or name != self.segments[-1]:
            return False
        rest = fs.pread(fd, size - at, at)
        starts = (found.start() for found in _START.finditer(rest)) if rest.endswith(b"\n") else ()
        if b"\n" in rest[:-1] or any(checked(rest[start:-1]) for start in starts):
            return False
        self.torn = rest
        return True


def checked(line: bytes) -> Batch | None:
    """The batch in a line (without newline); None when its bytes are not those that were written, or no batch."""
    end = _END.search(line, max(0, len(line) - _TAIL))
    if end is None or zlib.crc32(line[: end.start()]) != int(end[1], 16):
        return None
    try:
        return _batch.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _sum(line: bytes) -> int:
    """The CRC that an intact line says of itself."""
    return int(line[-10:-2], 16)


def lines_between(fd: int, at: int, end: int) -> Iterator[bytes]:
    """The lines between two places, without their newlines; what no newline ends is left out."""
    carry = b""
    while at < end and (block := fs.pread(fd, min(_CHUNK, end - at), at)):
        at += len(block)
        *lines, carry = (carry + block).split(b"\n")
        yield from lines
