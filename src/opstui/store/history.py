"""The history, read from the journal's files when somebody asks: it is never held in memory.

A batch is found by searching for its number from the end, because recent ones (undo) are asked for most.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import unseal
from opstui.store.journal import segments, unreadable, whole_lines
from opstui.store.protocol import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.store.codec import Line

_START = re.compile(rb'{"n":(\d+),')
_BLOCKS = (1 << 16, 1 << 20)


def lines_after(folder: Path, since: int, upto: int) -> Iterator[Line]:
    """The lines of batches since + 1 to `upto`, oldest first.

    Raises:
        Damaged: one of them is not what was written, or missing.
    """
    n = since + 1
    for name in _segments_from(folder, n):
        if n > upto:
            return
        with _opened(folder / name) as fd:
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


def _segments_from(folder: Path, n: int) -> list[str]:
    """The segment that holds batch n, and those after it."""
    names = segments(folder)
    for i in range(len(names) - 1, 0, -1):
        with _opened(folder / names[i]) as fd:
            begins = _START.match(fs.pread(fd, 32, 0))
        if begins and int(begins[1]) <= n:
            return names[i:]
    return names


def _find(fd: int, n: int) -> int:
    """Where the line of batch n begins; the file's beginning when it is not in there."""
    needle = b'\n{"n":%d,' % n
    end, step = fs.size(fd), _BLOCKS[0]
    while end > 0:
        start = max(0, end - step)
        at = fs.pread(fd, end - start + len(needle) - 1, start).rfind(needle)
        if at >= 0:
            return start + at + 1
        end, step = start, _BLOCKS[1]
    return 0


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        fd = fs.open_file(path, os.O_RDONLY)
        try:
            yield fd
        finally:
            fs.close(fd)
    except OSError as error:
        raise unreadable(path, error) from error


def _damaged(path: Path, n: int) -> Damaged:
    return Damaged(
        _("{file}: batch {n} is missing or damaged; nothing was changed. Restore a backup").format(file=path, n=n)
    )
