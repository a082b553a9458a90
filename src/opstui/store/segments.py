"""The journal as files: how its segments are named and cut into lines, and what to say of one that is no good."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.protocol import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = "00000001.jsonl"
_NAME = re.compile(r"\d{8}\.jsonl")
_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def segments(folder: Path) -> list[str]:
    """The names of the segments, oldest first.

    Raises:
        Damaged: the folder cannot be read.
    """
    try:
        return sorted(name for name in fs.listdir(folder) if _NAME.fullmatch(name))
    except OSError as error:
        raise unreadable(folder, error) from error


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


def missing(path: Path) -> Damaged:
    """What to say of a segment that is not there."""
    return Damaged(
        _(
            "{file} is missing; nothing was changed. Keep this folder as it is: `opstui doctor` says what it holds"
        ).format(file=path)
    )


def unreadable(path: Path, error: OSError) -> Damaged:
    """What to say of a file of the store that is a folder, or that the disk or the rights do not give out."""
    if isinstance(error, PermissionError):
        shut = _("{file} cannot be read by you (permission denied); ask its owner for access to the folder")
        return Damaged(shut.format(file=error.filename or path))
    return Damaged(
        _("{file} cannot be read ({error}); nothing was changed. Put it right, or restore it from a backup").format(
            file=error.filename or path, error=error.strerror
        )
    )


def refusal(error: OSError, place: Path) -> str:
    """What to say when the disk did not take a change."""
    if error.errno in _FULL:
        return _("disk full: nothing was changed. Make room where {place} is, then do it again").format(place=place)
    return _(
        "the disk refused ({error}): nothing was changed. Check the disk and your rights, then do it again"
    ).format(error=error.strerror)
