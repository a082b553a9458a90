"""What a damaged journal still holds behind its damage, taken along when a backup is restored.

The backup replaces what is damaged, and these lines continue it: so of a workspace with one bad line, nothing is lost
that a backup reaches. A line is taken only if it fits, down to the values it says it replaced.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION
from opstui.store.doctor.finding import ranges
from opstui.store.doctor.history import checked, lines_between
from opstui.store.doctor.state import Batch
from opstui.store.protocol import Damaged
from opstui.store.segments import segments, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from opstui.store.doctor.history import History


class Left(Struct, frozen=True):
    """A whole batch that did not come along: what it did, to which `cards`, so that somebody can do it again."""

    n: int
    at: datetime
    by: str
    kinds: tuple[str, ...]
    cards: tuple[str, ...]


class Salvage(Struct, frozen=True):
    """How many batches came along; those `lost`, which are not whole, and the whole ones `left` behind them."""

    taken: int = 0
    lost: tuple[int, ...] = ()
    left: tuple[Left, ...] = ()


def append_newer(damaged: Path, journal: Path, history: History) -> Salvage:
    """Append to the copy of a journal the whole lines of `damaged` that continue `history`; says what it did not take.

    Raises:
        Damaged: none does, or they belong to another history.
        OSError: they cannot be read or written.
    """
    state, (segment, end, crc) = history.state, history.place
    before, behind, spoilt = state.seq, dict[int, Batch](), False
    fd = fs.open_file(journal / segment, os.O_WRONLY | os.O_APPEND)
    try:
        for line, batch in _lines(damaged / "data" / "journal"):
            if batch is None:
                spoilt = True
                continue
            own = line[-10:-2].decode()
            if batch.n == state.seq and own != crc:
                raise _another(damaged, batch.n)
            if batch.n != state.seq + 1 or batch.v > VERSION:
                behind[batch.n] = batch
                continue
            state.apply(batch)
            if state.odd:
                raise _another(damaged, batch.n)
            fs.write_all(fd, line + b"\n")
            end, crc, spoilt = end + len(line) + 1, own, False
        fs.fdatasync(fd)
    finally:
        fs.close(fd)
    left = [batch for n, batch in sorted(behind.items()) if n > state.seq]
    if state.seq == before:
        raise _nothing(damaged, before + 1, [batch.n for batch in left])
    history.place = segment, end, crc
    history.sizes[segment] = end
    last = left[-1].n if left else state.seq + spoilt
    there = {batch.n for batch in left}
    lost = (n for n in range(state.seq + 1, last + 1) if n not in there)
    refs = {i: str(doc.get("ref", i)) for i, doc in state.tables.get("cards", {}).items()}
    return Salvage(state.seq - before, tuple(lost), tuple(_left(batch, refs) for batch in left))


def _left(batch: Batch, refs: dict[int, str]) -> Left:
    for table, doc_id, patch in batch.changes:
        if table == "cards" and not isinstance(patch, dict) and patch[1]:
            refs[doc_id] = str(patch[1].get("ref", doc_id))
    ids = [doc_id for table, doc_id, _patch in batch.changes if table == "cards"]
    ids += [event["on"][1] for event in batch.events if event["on"][0] == "cards"]
    kinds = dict.fromkeys(str(event["kind"]) for event in batch.events)
    cards = (refs.get(doc_id, str(doc_id)) for doc_id in dict.fromkeys(ids))
    return Left(batch.n, batch.at, batch.by, tuple(kinds), tuple(cards))


def _lines(folder: Path) -> Iterator[tuple[bytes, Batch | None]]:
    """The lines of every segment, in the order of the files, each with its batch if it is whole."""
    for name in segments(folder):
        try:
            fd = fs.open_file(folder / name, os.O_RDONLY)
        except OSError as error:
            raise unreadable(folder / name, error) from error
        try:
            for line in lines_between(fd, 0, fs.size(fd)):
                yield line, checked(line)
        finally:
            fs.close(fd)


def _nothing(damaged: Path, n: int, behind: list[int]) -> Damaged:
    whole = _(" (whole behind it: {ranges})").format(ranges=ranges(behind)) if behind else ""
    return Damaged(
        _(
            "batch {n}, which would continue the backup, is not whole in {damaged}{behind}; nothing was made. Take a "
            "newer backup, or restore this one without --newer-from"
        ).format(n=n, damaged=damaged, behind=whole)
    )


def _another(damaged: Path, n: int) -> Damaged:
    return Damaged(
        _(
            "batch {n} in {damaged} does not continue this backup: they are two histories; nothing was made. Name the "
            "workspace that the backup was made of, or leave out --newer-from"
        ).format(n=n, damaged=damaged)
    )
