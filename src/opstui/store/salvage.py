"""What a damaged journal still holds behind its damage, taken along when a backup is restored.

The backup replaces what is damaged, and these lines continue it: so of a workspace with one bad line, nothing is lost
that a backup reaches. A line is taken only if it fits, down to the values it says it replaced.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION
from opstui.store.doctor.history import checked, lines_between
from opstui.store.protocol import Damaged
from opstui.store.segments import segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.store.doctor.history import History
    from opstui.store.doctor.state import Batch


def append_newer(damaged: Path, journal: Path, history: History) -> int:
    """Append to the copy of a journal the whole lines of `damaged` that continue `history`; says how many they were.

    Raises:
        Damaged: none does, or they belong to another history.
        OSError: they cannot be read or written.
    """
    state, (segment, end, crc) = history.state, history.place
    before = state.seq
    fd = fs.open_file(journal / segment, os.O_WRONLY | os.O_APPEND)
    try:
        for line, batch in _intact(damaged / "data" / "journal"):
            own = line[-10:-2].decode()
            if batch.n == state.seq and own != crc:
                raise _another(damaged, batch.n)
            if batch.n != state.seq + 1 or batch.v > VERSION:
                continue
            state.apply(batch)
            if state.odd:
                raise _another(damaged, batch.n)
            fs.write_all(fd, line + b"\n")
            end, crc = end + len(line) + 1, own
        fs.fdatasync(fd)
    finally:
        fs.close(fd)
    if state.seq == before:
        raise Damaged(
            _(
                "batch {n}, which would continue the backup, is not whole in {damaged}; nothing was made. Take a newer "
                "backup, or restore this one without --newer-from"
            ).format(n=before + 1, damaged=damaged)
        )
    history.place = segment, end, crc
    history.sizes[segment] = end
    return state.seq - before


def _intact(folder: Path) -> Iterator[tuple[bytes, Batch]]:
    """The whole lines of every segment, in the order of the files."""
    for name in segments(folder):
        fd = fs.open_file(folder / name, os.O_RDONLY)
        try:
            for line in lines_between(fd, 0, fs.size(fd)):
                batch = checked(line)
                if batch is not None:
                    yield line, batch
        finally:
            fs.close(fd)


def _another(damaged: Path, n: int) -> Damaged:
    return Damaged(
        _(
            "batch {n} in {damaged} does not continue this backup: they are two histories; nothing was made. Name the "
            "workspace that the backup was made of, or leave out --newer-from"
        ).format(n=n, damaged=damaged)
    )
