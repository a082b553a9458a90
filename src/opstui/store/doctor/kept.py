"""Files that were put aside, and strange ones: told with what is in them, because a person will delete them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from stat import S_ISDIR
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding, few, when
from opstui.store.doctor.remains import readable, suspicious, time_of
from opstui.store.doctor.snapshot import claimed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

_MUCH = 1 << 20
_JOURNAL = re.compile(r"\d{8}\.(jsonl|sum)")
_DATA = re.compile(r"db\.json|db\.idx|journal|lock")
_KEPT = {
    re.compile(r"torn-\d+(-\d+)?"): "torn",
    re.compile(r"db\.json\.v\d+"): "older",
    re.compile(r"db\.json\.old-\d+"): "replaced",
}


def folders(data: Path) -> list[Path]:
    """The data folder and that of the journal, as far as they are there."""
    return [folder for folder in (data, data / "journal") if fs.exists(folder) and S_ISDIR(fs.mode(folder))]


def kept(data: Path, seq: int, zone: tzinfo) -> Iterator[Finding]:
    """Files that were put aside: each may hold what is nowhere else, so none is called useless unseen."""
    for name in sorted(fs.listdir(data)):
        kind = _is_kept(name)
        if kind == "torn":
            yield _torn(data / name, zone)
        elif kind:
            yield _before(data / name, kind, seq)


def _torn(file: Path, zone: tzinfo) -> Finding:
    place, raw = f"data/{file.name}", _beginning(file)
    if raw is None:
        then = _("keep it, and have somebody look at it who may")
        return Finding(level="note", code="torn", place=place, says=_("it cannot be read"), next=then)
    at = when(time_of(raw) or datetime.fromtimestamp(fs.stat(file).st_mtime, UTC), zone)
    if suspicious(raw):
        return Finding(
            level="warning",
            code="torn",
            place=place,
            says=_(
                "it was cut off the journal as an unfinished write, but looks like a whole line: it may be a change "
                "that was acknowledged and damaged later. What can be read of it: {readable}"
            ).format(readable=readable(raw, zone)),
            next=_("keep it until somebody has looked whether that change is there; if it is not, make it again"),
        )
    return Finding(
        level="note",
        code="torn",
        place=place,
        says=_("the rest of a write that did not end. What can be read of it: {readable}").format(
            readable=readable(raw, zone)
        ),
        next=_("if somebody misses a change of about {time}, it is in there; else look at it, then delete it").format(
            time=at
        ),
    )


def _before(file: Path, kind: str, seq: int) -> Finding:
    says = {
        "older": _("db.json as it was before it was brought up to date"),
        "replaced": _("db.json as it was before it was rebuilt"),
    }[kind]
    goes_to = claimed(file)
    if goes_to is not None and goes_to > seq:
        return Finding(
            level="warning",
            code=kind,
            place=f"data/{file.name}",
            says=_("{says}; it goes up to batch {n}, further than the history ({last})").format(
                says=says, n=goes_to, last=seq
            ),
            next=_("never delete it: what it knows beyond the history stands nowhere else"),
        )
    then = _("look whether it holds something that is missing, and only then delete it")
    return Finding(level="note", code=kind, place=f"data/{file.name}", says=says, next=then)


def _beginning(file: Path) -> bytes | None:
    """The first MB of a file and its last bytes; None when it cannot be read."""
    try:
        fd = fs.open_file(file, os.O_RDONLY)
    except OSError:
        return None
    try:
        size = fs.size(fd)
        return fs.pread(fd, _MUCH, 0) + (fs.pread(fd, _MUCH, max(_MUCH, size - 64)) if size > _MUCH else b"")
    except OSError:
        return None
    finally:
        fs.close(fd)


def strange(data: Path) -> Iterator[Finding]:
    """Files that opstui knows nothing of."""
    found = [f"data/{name}" for name in fs.listdir(data) if not _DATA.fullmatch(name) and not _is_kept(name)]
    found += [name for name in fs.listdir(data.parent) if name.startswith(".opstui-init-")]
    for folder in folders(data)[1:]:
        found += [f"data/journal/{name}" for name in fs.listdir(folder) if not _JOURNAL.fullmatch(name)]
    if found := [name for name in sorted(found) if not name.endswith(".tmp")]:
        yield Finding(
            level="note",
            code="strange",
            place=few(found),
            says=_("opstui does not read it"),
            next=_("nothing breaks if you move it elsewhere"),
        )


def _is_kept(name: str) -> str:
    return next((kind for pattern, kind in _KEPT.items() if pattern.fullmatch(name)), "")
