"""The journal: segments of one line per batch, read on from a place and written only at the end.

A reader needs no lock: it takes whole, intact lines in their order and leaves the rest for later. Whoever holds the
lock may conclude that bytes behind the last good line are a torn write, and cuts them; good lines behind bad ones are
damage, and nothing is guessed then.
"""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import number, unseal
from opstui.store.protocol import Damaged, NewerFormat, NotWritten, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.store.codec import Line

FIRST = "00000001.jsonl"
_NAME = re.compile(r"\d{8}\.jsonl")
_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def segments(folder: Path) -> list[str]:
    """The names of the segments, oldest first."""
    return sorted(name for name in fs.listdir(folder) if _NAME.fullmatch(name))


def following(segment: str) -> str:
    """The name of the segment after this one."""
    return f"{int(segment[:8]) + 1:08}.jsonl"


def whole_lines(fd: int, start: int, end: int) -> Iterator[bytes]:
    """The lines between two places, without their newlines; what no newline ends is left out."""
    carry = b""
    while start < end and (block := fs.pread(fd, min(_CHUNK, end - start), start)):
        start += len(block)
        *lines, carry = (carry + block).split(b"\n")
        yield from lines


class Journal:
    """A place in the journal: what stands before `offset` of `segment` is read; `crc` is that of the last line."""

    def __init__(self, folder: Path, segment: str, offset: int, crc: str, *, writable: bool) -> None:
        """Go to a place.

        Raises:
            Damaged: the journal does not reach it, or another line ends there.
        """
        self.folder, self.crc = folder, crc
        self.stopped: StoreError | None = None
        self._mode = os.O_RDWR | os.O_APPEND if writable else os.O_RDONLY
        self._fd = -1
        self._go_to(segment, offset)
        if offset and fs.pread(self._fd, 11, offset - 11) != crc.encode() + b'"}\n':
            raise Damaged(
                _(
                    "{file} is not the journal that db.json continues (byte {offset}); nothing was changed. "
                    "Put both back from the same backup, or move db.json away: it is rebuilt from the whole journal"
                ).format(file=self._path, offset=offset)
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
                self._go_to(following(self.segment), 0)
        except (Damaged, NewerFormat) as stopped:
            self.stopped = stopped
        return found

    def _read_segment(self, seq: int, found: list[Line]) -> None:
        size = fs.size(self._fd)
        if size < self.offset:
            raise Damaged(
                _(
                    "{file} was cut from {offset} to {size} bytes while it was in use; nothing was changed. "
                    "Leave and start again"
                ).format(file=self._path, offset=self.offset, size=size)
            )
        for raw in whole_lines(self._fd, self.offset, size):
            expected = seq + len(found) + 1
            line = unseal(raw)
            if line is None:
                self._examine(expected - 1, locked=False)
                return
            if line.n != expected:
                raise self._damaged(expected - 1, line.n)
            found.append(line)
            self.offset += len(raw) + 1
            self.crc = raw[-10:-2].decode()

    def repair(self, seq: int) -> None:
        """Cut what a dead writer left behind the last good line. Only under the lock, after `read_on`.

        Raises:
            Damaged: good lines follow, so it is no torn write.
            NotWritten: the disk refuses.
        """
        if fs.size(self._fd) <= self.offset:
            return
        self._examine(seq, locked=True)
        try:
            fs.ftruncate(self._fd, self.offset)
        except OSError as error:
            raise NotWritten(_refusal(error)) from error
        self.sync()

    def append(self, raw: bytes) -> None:
        """Write a line and wait until it is on the disk. Only under the lock, after `read_on` and `repair`.

        Raises:
            NotWritten: it is not there, unless `in_doubt`.
        """
        try:
            fs.write_all(self._fd, raw)
        except OSError as error:
            self._take_back()
            raise NotWritten(_refusal(error)) from error
        self.sync()
        self.offset += len(raw)
        self.crc = raw[-11:-3].decode()

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

    @property
    def _path(self) -> Path:
        return self.folder / self.segment

    def _go_to(self, segment: str, offset: int) -> None:
        try:
            fd = fs.open_file(self.folder / segment, self._mode)
        except FileNotFoundError as missing:
            raise Damaged(
                _("{file} is missing; nothing was changed. Restore it from a backup").format(file=self.folder / segment)
            ) from missing
        self.close()
        self._fd, self.segment, self.offset = fd, segment, offset
        self._following = os.fspath(self.folder / following(segment))

    def _take_back(self) -> None:
        """Remove a part of a line. If that fails, the next writer does it: without its end it counts for nothing."""
        try:
            fs.ftruncate(self._fd, self.offset)
        except OSError:
            return

    def _examine(self, seq: int, *, locked: bool) -> None:
        """Raise when what follows `offset` is damage and no torn write: a good line stands somewhere in it.

        Who reads without the lock may have seen a line while it was being written, so the bytes are read again.
        """
        rest = fs.pread(self._fd, fs.size(self._fd) - self.offset, self.offset)
        at = 0 if locked else rest.find(b'{"n":', 1)
        if not locked and number(rest[: max(0, rest.find(b"\n"))]) is not None:
            return
        while at >= 0 and (end := rest.find(b"\n", at)) >= 0:
            n = number(rest[at:end])
            if n is not None and n > seq:
                raise self._damaged(seq, n)
            at = rest.find(b'{"n":', at + 1)

    def _damaged(self, seq: int, found: int | None) -> Damaged:
        behind = "" if found is None else _(" (batch {n} stands behind it)").format(n=found)
        return Damaged(
            _(
                "{file} is damaged at byte {offset}, where batch {n} should be{behind}; nothing was changed and "
                "nothing is guessed. Restore a backup, or keep the file and ask for help"
            ).format(file=self._path, offset=self.offset, n=seq + 1, behind=behind)
        )


def _refusal(error: OSError) -> str:
    if error.errno in _FULL:
        return _("disk full: nothing was changed. Make room, then do it again")
    return _("the disk refused ({error}): nothing was changed").format(error=error.strerror)
