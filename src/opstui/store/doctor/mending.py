"""What the doctor puts right by itself, because it cannot be wrong: an unfinished write, and files left half made.

Everything else is a person's decision.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from opstui.i18n import _, ngettext
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding, when
from opstui.store.doctor.remains import readable, suspicious, time_of
from opstui.store.index import NAME as INDEX
from opstui.store.journal import Journal
from opstui.store.lock import LENGTH, Lock, last_acknowledged
from opstui.store.protocol import StoreError
from opstui.store.replacing import alone
from opstui.store.snapshot import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from opstui.store.doctor.history import History
    from opstui.store.snapshot import Meta

_FRONT = 1 << 20
_SNAPSHOT = re.compile(rb'"snapshot":"([0-9a-f]{16})"')
_TEMPORARY = re.compile(r"db\.(json|idx)(\.[\w-]+)?\.tmp|\d{8}\.sum\.tmp")


def acknowledged(data: Path) -> int | None:
    """The last batch that a writer said is durable, as `data/lock` tells it; None when that is not known."""
    try:
        fd = fs.open_file(data / "lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        return last_acknowledged(fs.pread(fd, LENGTH, 0)) or None
    except OSError:
        return None
    finally:
        fs.close(fd)


def left_alone(history: History, known: int, zone: tzinfo) -> Finding:
    """What to say of a tail that is not cut off, because the journal once went up to batch `known`."""
    return Finding(
        level="note",
        code="torn",
        place=f"data/journal/{history.place[0]}",
        says=_("behind batch {n} stand {bytes} of a line; nothing was altered. What can be read: {readable}").format(
            n=history.state.seq,
            bytes=ngettext("{n} byte", "{n} bytes", len(history.torn)),
            readable=readable(history.torn, zone),
        ),
        next=_("keep them: they are what is left of batch {n}, which was acknowledged").format(n=history.state.seq + 1)
        if known > history.state.seq
        else _("keep them until the rest is put right"),
    )


def mend_tail(data: Path, history: History, zone: tzinfo) -> Iterator[Finding]:
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
            torn, known = history.torn, acknowledged(data)
            if known is not None and known > history.state.seq:
                yield left_alone(history, known, zone)
                return
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
        says=_("{bytes} of an unfinished write stood at its end: cut off, and kept in data/torn-{batch}").format(
            bytes=ngettext("{n} byte", "{n} bytes", len(torn)), batch=history.state.seq + 1
        ),
        next=_next(torn, zone, sure=known == history.state.seq),
    )


def _next(torn: bytes, zone: tzinfo, *, sure: bool) -> str:
    if sure:
        return _("nothing to do: no acknowledged change was in it")
    if suspicious(torn):
        return _(
            "keep it until somebody has looked: it looks like a whole line ({readable}), perhaps a change that was "
            "acknowledged; if that is missing, make it again"
        ).format(readable=readable(torn, zone))
    at = time_of(torn)
    if at is None:
        return _("nothing to do; if somebody misses a change, look there ({readable})").format(
            readable=readable(torn, zone)
        )
    return _("nothing to do; if somebody misses a change of about {time}, it is in there ({readable})").format(
        time=when(at, zone), readable=readable(torn, zone)
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
    try:
        with alone(data) as mine:  # else somebody is making one at this moment
            for name in _stale(data, known=meta is not None) if mine else ():
                fs.unlink(data / name)
                yield Finding(
                    level="mended",
                    code="stale",
                    place=f"data/{name}",
                    says=_("it was left half made, or belongs to another db.json: removed"),
                    next=_("nothing to do: it is made again when it is needed"),
                )
    except OSError as error:
        yield Finding(
            level="note",
            code="stale",
            place="data",
            says=_("files that were left half made could not be removed ({error})").format(error=error.strerror),
            next=_("they do no harm; let the workspace's owner run the doctor"),
        )


def _stale(data: Path, *, known: bool) -> list[str]:
    found = [name for name in fs.listdir(data) if _TEMPORARY.fullmatch(name)]
    journal = set(fs.listdir(data / "journal"))
    found += [f"journal/{name}" for name in journal if _TEMPORARY.fullmatch(name)]
    found += [
        f"journal/{n}" for n in journal if n.endswith(".sum") and n.removesuffix(".sum") + ".jsonl" not in journal
    ]
    if known and fs.exists(data / INDEX) and _snapshot(data / INDEX) != _snapshot(data / NAME):
        found.append(INDEX)
    return sorted(found)


def _snapshot(path: Path) -> bytes:
    """Which snapshot a db.json is, or an index is of, as it stands now: another may have been written since."""
    fd = fs.open_file(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        found = _SNAPSHOT.search(fs.pread(fd, _FRONT, 0))
        return found[1] if found else b""
    finally:
        fs.close(fd)
