"""The journal: segments of one line per batch, read on from a place and written only at the end.

A reader needs no lock: it takes whole, intact lines in their order and leaves the rest for later. Whoever holds the
lock may conclude that bytes behind the last good line are a torn write, and cuts them, but keeps them beside. A dead
writer leaves a part of one line at most: anything behind a line's end is damage, and nothing is guessed then.
"""

from __future__ import annotations

import errno
import os
import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import number, unseal
from opstui.store.protocol import Damaged, NewerFormat, NotWritten, StoreError
from opstui.store.segments import FIRST, following, missing, refusal, segments, unreadable, whole_lines

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from opstui.store.codec import Line

SEGMENT_BYTES = 64 << 20
"""From this length on a segment is followed by the next; a new month begins one too."""
_NUMBER = re.compile(rb'{"n":(\d+),')
_LINE, _LOOKS = re.compile(rb'{"n":\d+,"v":\d+,"at":"'), 200
_MONTH = re.compile(rb'"at":"(\d{4})-(\d{2})')
_CRC = re.compile(rb',"crc":"([0-9a-f]{8})"}\n\Z')
_HEAD = 1 << 12
Place = tuple[str, int, str]
"""Segment, byte, and the CRC of the line that ends there."""


class Journal:
    """A place in the journal: what stands before `offset` of `segment` is read; `crc` is that of the last line."""

    def __init__(self, folder: Path, place: Place, seq: int, *, writable: bool) -> None:
        """Go to a place, where the line of batch `seq` should end.

        Raises:
            Damaged: the journal does not reach it, another line ends there, or a segment behind it is missing.
        """
        segment, offset, crc = place
        self.folder, self.crc = folder, crc
        self.stopped: StoreError | None = None
        self._month: tuple[int, int] | None = None
        self._last, self.offset = seq, 0
        self._mode = os.O_RDWR | os.O_APPEND if writable else os.O_RDONLY
        self._fd = -1
        self._go_to(segment, offset)
        try:
            self._expect_all_behind()
            self._expect_end(seq)
        except BaseException:
            self.close()
            raise

    def _expect_end(self, seq: int) -> None:
        wanted = (seq, self.crc) if self.offset else None
        lost = self.segment == FIRST and not self.offset and seq
        if lost or _end_of(self._fd, self.offset) != wanted:
            raise Damaged(
                _(
                    "{file} does not hold batch {n}, up to which db.json goes: it was cut, or the two are not of one "
                    "workspace; nothing was changed. Keep this folder as it is: `opstui doctor` says what it holds"
                ).format(file=self._path, n=seq)
            )

    def read_on(self, seq: int) -> list[Line]:
        """The batches that follow batch `seq`. Sets `stopped` when a damaged or a newer one stands behind them."""
        found: list[Line] = []
        try:
            while self.stopped is None:
                closed = fs.exists(self._following)  # asked first: then nothing more comes here
                self._read_segment(seq, found)
                if not closed:
                    break
                if fs.size(self._fd) > self.offset:
                    raise self._damaged(seq + len(found), None)
                if not fs.is_at(self._fd, self._name):
                    raise Damaged(self._gone())  # noqa: TRY301
                self._go_to(following(self.segment), 0)
        except (Damaged, NewerFormat) as stopped:
            self.stopped = stopped
        except OSError as error:
            self.stopped = unreadable(self._path, error)
        return found

    def _read_segment(self, seq: int, found: list[Line]) -> None:
        size = fs.size(self._fd)
        if size < self.offset:
            raise Damaged(
                _(
                    "{file} was cut from {offset} to {size} bytes while it was in use (a backup copied over it?); "
                    "nothing more is written from here. Leave and start again"
                ).format(file=self._path, offset=self.offset, size=size)
            )
        if self.offset and fs.pread(self._fd, 8, self.offset - 11) != self.crc.encode():
            raise Damaged(  # a line was seen that its writer could not sync and took back, and another stands there
                _("{file} is not what it was before byte {offset}; nothing was changed. Leave and start again").format(
                    file=self._path, offset=self.offset
                )
            )
        for raw in whole_lines(self._fd, self.offset, size):
            expected = seq + len(found) + 1
            line = unseal(raw)
            if line is None:
                self._examine(expected - 1, raw)
                return
            if line.n != expected:
                raise self._damaged(expected - 1, line.n)
            found.append(line)
            self.offset, self.crc, self._last = self.offset + len(raw) + 1, raw[-10:-2].decode(), line.n

    def repair(self, seq: int, acknowledged: int = 0) -> None:
        """Cut what a dead writer left behind the last good line. Only under the lock, after `read_on`.

        The bytes are kept in `data/torn-N`, N being the batch that would have stood there: if they were more than an
        unfinished write after all, nothing is lost.

        Raises:
            Damaged: it is no torn write.
            NotWritten: the disk refuses.
        """
        if fs.size(self._fd) <= self.offset:
            return
        if acknowledged > seq:
            raise self._damaged(seq, None)  # it was whole once
        try:
            torn = self._examine(seq)
            _keep_aside(self.folder.parent, seq + 1, torn)
            fs.ftruncate(self._fd, self.offset)
        except OSError as error:
            raise NotWritten(refusal(error, self.folder)) from error
        self.sync()

    def append(self, raw: bytes, n: int, at: datetime) -> None:
        """Write the line of batch n and wait until it is on the disk. Only under the lock, with all read.

        Raises:
            NotWritten: it is not there, unless `in_doubt`.
        """
        if n != self._last + 1:
            raise Damaged(_("batch {n} does not follow batch {last}; start again").format(n=n, last=self._last))
        try:
            if not fs.is_at(self._fd, self._name):
                raise NotWritten(self._gone())
            if self._is_full(at):
                self._rotate()
            if not self.offset:
                fs.fsync_folder(self.folder)  # whoever made the segment may have died before its name was durable
            fs.write_all(self._fd, raw)
        except OSError as error:
            self._take_back()
            raise NotWritten(refusal(error, self.folder)) from error
        try:
            self.sync()
        except NotWritten:
            self._take_back()  # others must not build on it: their sync would not try these bytes again
            raise
        self.offset, self.crc, self._last = self.offset + len(raw), raw[-11:-3].decode(), n

    def _is_full(self, at: datetime) -> bool:
        """Whether what is written at that time belongs in a new segment: this one is long, or of an earlier month."""
        if not self.offset:
            return False
        if self.offset >= SEGMENT_BYTES:
            return True
        if self._month is None:
            began = _MONTH.search(fs.pread(self._fd, _HEAD, 0))
            self._month = (int(began[1]), int(began[2])) if began else (at.year, at.month)
        return (at.year, at.month) > self._month

    def _rotate(self) -> None:
        """Go on in a new segment.

        What stands in this one is synced first: lines behind the turn must not outlast it. That the new one has a name
        for good is seen to before its first line is written, by whoever writes it: we may die here.
        """
        self.sync()
        made = fs.open_file(self.folder / following(self.segment), os.O_WRONLY | os.O_CREAT)
        try:
            fs.same_rights(made, self._fd)
        finally:
            fs.close(made)
        self._go_to(following(self.segment), 0)

    def sync(self) -> None:
        """Wait until everything in the segment is on the disk.

        Raises:
            NotWritten: in doubt; the system may have dropped what it could not write, so it is never tried again.
        """
        try:
            fs.fdatasync(self._fd)
        except OSError as error:
            failed = NotWritten(
                _(
                    "the disk reported an error ({error}); whether the last change was kept is not sure. "
                    "Nothing more is written. Check the disk, then start again and look"
                ).format(error=error.strerror)
            )
            failed.in_doubt = True
            raise failed from error

    def close(self) -> None:
        """Let go of the file; idempotent."""
        if self._fd >= 0:
            fs.close(self._fd)
            self._fd = -1

    def _go_to(self, segment: str, offset: int) -> None:
        try:
            fd = fs.open_file(self.folder / segment, self._mode)
        except FileNotFoundError as error:
            raise missing(self.folder / segment) from error
        except IsADirectoryError as error:
            raise unreadable(self.folder / segment, error) from error
        self.close()
        self._fd, self.segment, self.offset, self._month = fd, segment, offset, None
        self._path = self.folder / segment
        self._name, self._following = os.fspath(self._path), os.fspath(self.folder / following(segment))

    def _gone(self) -> str:
        return _(
            "{file} was deleted meanwhile: nothing was changed. Leave; if it is gone for good, restore a backup"
        ).format(file=self._path)

    def _take_back(self) -> None:
        """Remove a part of a line. If that fails, the next writer does it: without its end it counts for nothing."""
        try:
            fs.ftruncate(self._fd, self.offset)
        except OSError:
            return

    def _expect_all_behind(self) -> None:
        behind = [name for name in segments(self.folder) if name > self.segment]
        expected = self.segment
        for name in behind:
            expected = following(expected)
            if name != expected:
                raise missing(self.folder / expected)

    def _examine(self, seq: int, seen: bytes | None = None) -> bytes:
        """What follows `offset`, unless it is damage and no torn write: more than one line, or a good one within.

        Who reads without the lock has `seen` a line that may just be being written, so the bytes are read again, and
        judged only when they stayed the same.
        """
        rest = fs.pread(self._fd, fs.size(self._fd) - self.offset, self.offset)
        end = rest.find(b"\n")
        if seen is not None and rest[: max(0, end)] != seen:
            return rest
        n = _good_line(rest, 0 if seen is None else 1, seq)
        if n is not None or 0 <= end < len(rest) - 1:
            raise self._damaged(seq, n)
        return rest

    def _damaged(self, seq: int, found: int | None) -> Damaged:
        behind = "" if found is None else _(" (batch {n} stands behind it)").format(n=found)
        return Damaged(
            _(
                "{file} is damaged at byte {offset}, where batch {n} should be{behind}; nothing was changed and "
                "nothing is guessed. Keep this folder as it is: `opstui doctor` says what it holds and what to do"
            ).format(file=self._path, offset=self.offset, n=seq + 1, behind=behind)
        )


def _good_line(rest: bytes, start: int, seq: int) -> int | None:
    """The number of the first intact line later than batch `seq` that begins anywhere from `start` on.

    What somebody wrote into a document may look like the beginning of a line, but not so often by chance.
    """
    for head in islice(_LINE.finditer(rest, start), _LOOKS):
        end = rest.find(b"\n", head.start())
        if end < 0:
            return None
        n = number(rest[head.start() : end])
        if n is not None and n > seq:
            return n
    return None


def _end_of(fd: int, offset: int) -> tuple[int, str] | None:
    """Number and CRC of the line that ends at `offset`; None when none does."""
    step = 1 << 12
    while offset > 0:
        begin = max(0, offset - step)
        raw = fs.pread(fd, offset - begin, begin)
        at = raw.rfind(b"\n", 0, -1) + 1
        if at or not begin:
            head, tail = _NUMBER.match(raw, at), _CRC.search(raw, at)
            return (int(head[1]), tail[1].decode()) if head and tail and len(raw) == offset - begin else None
        step *= 16
    return None


def _keep_aside(folder: Path, n: int, torn: bytes) -> None:
    for name in chain((f"torn-{n}",), (f"torn-{n}-{i}" for i in range(2, 10_000))):
        try:
            fd = fs.open_file(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            continue
        try:
            fs.write_all(fd, torn)
            fs.fdatasync(fd)
        except OSError:
            fs.unlink(folder / name)
            raise
        finally:
            fs.close(fd)
        fs.fsync_folder(folder)
        return
    raise OSError(errno.EEXIST, _("too many torn files"), str(folder))
