"""What the doctor puts right by itself, because it cannot be wrong: an unfinished write, and files left half made.

Everything else is a person's decision.
"""

from __future__ import annotations

import os
import re
from fcntl import LOCK_EX, LOCK_NB
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding
from opstui.store.index import NAME as INDEX
from opstui.store.journal import Journal
from opstui.store.lock import Lock
from opstui.store.protocol import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opstui.store.doctor.history import History
    from opstui.store.snapshot import Meta

_TEMPORARY = re.compile(r"db\.(json|idx)(\.[\w-]+)?\.tmp|\d{8}\.sum\.tmp")
_SNAPSHOT = re.compile(rb'"snapshot":"([0-9a-f]{16})"')


def mend_tail(data: Path, history: History) -> Iterator[Finding]:
    """Cut off what a dead writer left, under the lock and as a writer would; its bytes are kept in `torn-N`."""
    place = f"data/journal/{history.place[0]}"
    try:
        lock = Lock(data / "lock")
    except OSError as error:
        yield _left(place, error.strerror or "")
        return
    try:
        with lock.held("opstui doctor"):
            history.read_on()
            if not history.torn or history.damage or history.newer is not None:
                return  # it was a line that somebody was still writing
            cut = len(history.torn)
            journal = Journal(history.folder, history.place, history.state.seq, writable=True)
            try:
                journal.repair(history.state.seq)
            finally:
                journal.close()
    except (OSError, StoreError) as wrong:
        yield _left(place, getattr(wrong, "strerror", None) or str(wrong))
        return
    finally:
        lock.close()
    history.torn = b""
    yield Finding(
        level="mended",
        code="torn",
        place=place,
        says=_("{n} bytes of an unfinished write stood at its end: cut off, and kept in data/torn-{batch}").format(
            n=cut, batch=history.state.seq + 1
        ),
        next=_("nothing to do: no acknowledged change was in it"),
    )


def _left(place: str, reason: str) -> Finding:
    return Finding(
        level="note",
        code="torn",
        place=place,
        says=_("an unfinished write stands at its end, and was left there ({reason})").format(reason=reason),
        next=_("nothing to do: who writes next cuts it off"),
    )


def clear(data: Path, meta: Meta | None) -> Iterator[Finding]:
    """Remove files that were left half made, and derived ones of another db.json: they rebuild themselves."""
    turn = fs.open_file(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fs.flock(turn, LOCK_EX | LOCK_NB)
        for name in _stale(data, meta):
            fs.unlink(data / name)
            yield Finding(
                level="mended",
                code="stale",
                place=f"data/{name}",
                says=_("it was left half made, or belongs to another db.json: removed"),
                next=_("nothing to do: it is made again when it is needed"),
            )
    except BlockingIOError:
        return  # somebody is making one at this moment
    except OSError as error:
        yield Finding(
            level="note",
            code="stale",
            place="data",
            says=_("files that were left half made could not be removed ({error})").format(error=error.strerror),
            next=_("they do no harm; let the workspace's owner run the doctor"),
        )
    finally:
        fs.close(turn)


def _stale(data: Path, meta: Meta | None) -> list[str]:
    found = [name for name in fs.listdir(data) if _TEMPORARY.fullmatch(name)]
    journal = set(fs.listdir(data / "journal"))
    found += [f"journal/{name}" for name in journal if _TEMPORARY.fullmatch(name)]
    found += [
        f"journal/{n}" for n in journal if n.endswith(".sum") and n.removesuffix(".sum") + ".jsonl" not in journal
    ]
    if meta is not None and meta.snapshot and fs.exists(data / INDEX) and not _names(data / INDEX, meta.snapshot):
        found.append(INDEX)
    return sorted(found)


def _names(path: Path, snapshot: str) -> bool:
    """Whether a derived file says, in its first bytes, that it was made from that snapshot."""
    fd = fs.open_file(path, os.O_RDONLY)
    try:
        return snapshot.encode() in fs.pread(fd, 4096, 0)
    finally:
        fs.close(fd)
