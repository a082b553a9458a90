"""db.json read line by line, as docs/storage.md describes it and without the code that writes it.

For those who must not trust it (the doctor), or who meet one of an older version: nothing is mapped, no document is
held, and what is not of the expected shape is told with its line.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

from opstui.i18n import _
from opstui.store import syscalls as fs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.domain.model import Doc

_CHUNK = 1 << 20
_KEY = re.compile(rb'"(\d+)":')
_SUM = re.compile(rb'(?<="sum":")[0-9a-f]{8}(?=")')
_decode = msgspec.json.decode


class Misshapen(ValueError):  # noqa: N818 - it describes the file, not a fault of ours
    """A line of db.json is not as opstui writes it; the text names the line."""


class DbFile:
    """An open db.json: it stays the same file even when another is put in its place meanwhile."""

    def __init__(self, path: Path) -> None:
        """Open it and read its `_meta`.

        Raises:
            OSError: it cannot be read.
            Misshapen: it does not begin as it should.
        """
        self._fd = fs.open_file(path, os.O_RDONLY)
        self.whole: bool | None = None
        """Whether its sum is right; known once all documents were read, and None when it has none."""
        try:
            found = next(self.documents(), None)
        except BaseException:
            self.close()
            raise
        if found is None or found[:2] != ("_meta", 1):
            self.close()
            raise Misshapen(_("it does not begin with the document 1 of _meta"))
        self.meta: dict[str, Any] = found[2]

    def close(self) -> None:
        """Let go of the file."""
        fs.close(self._fd)

    def documents(self) -> Iterator[tuple[str, int, Doc]]:
        """Every document with its table and id, in the order of the file, `_meta` too.

        Raises:
            Misshapen: a line is not as it should be.
        """
        table: str | None = None
        total, told, ended = 0, "", False
        for n, line in enumerate(_lines(self._fd), 1):
            if table == "_meta" and (digits := _SUM.search(line)) and not told:
                told = digits[0].decode()
                total = crc32(line[: digits.start()] + b"00000000" + line[digits.end() :], total)
            else:
                total = crc32(line, total)
            text = line.rstrip(b",\n")
            try:
                if text.endswith(b":{"):
                    table = _decode(text[:-2].removeprefix(b"{"), type=str)
                elif text == b"}":
                    ended = True
                else:
                    ended = False
                    key = _KEY.match(text)
                    if table is None or key is None:
                        raise Misshapen(_("line {n} holds no document").format(n=n))
                    yield table, int(key[1]), _decode(text[key.end() :], type=dict[str, Any])
            except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
                raise Misshapen(_("line {n}: {reason}").format(n=n, reason=wrong)) from None
        if not ended:
            raise Misshapen(_("it ends in the middle"))
        self.whole = int(told, 16) == total if told else None


def _lines(fd: int) -> Iterator[bytes]:
    """The lines of a file, newlines included."""
    carry, at = b"", 0
    while block := fs.pread(fd, _CHUNK, at):
        at += len(block)
        *lines, carry = (carry + block).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if carry:
        yield carry
