"""What lies around the data: rights, room, the sort of file system, the clock, and files that nobody needs any more."""

from __future__ import annotations

import re
from datetime import timedelta
from stat import S_IMODE, S_IROTH, S_ISDIR, S_IWGRP, S_IWOTH, S_IXOTH
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding, few
from opstui.store.place import file_system, is_shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from opstui.store.doctor.state import State

LITTLE = 100_000_000
"""Bytes: less room than this is worth a warning."""
_AHEAD = timedelta(minutes=5)
_JOURNAL = re.compile(r"\d{8}\.(jsonl|sum)")
_DATA = re.compile(r"db\.json|db\.idx|journal|lock")
_KEPT = {
    re.compile(r"torn-\d+(-\d+)?"): "torn",
    re.compile(r"db\.json\.v\d+"): "older",
    re.compile(r"db\.json\.old-\d+"): "replaced",
}


def surroundings(path: Path) -> Iterator[Finding]:
    """What is odd around the data of the workspace at `path`."""
    yield from _rights(path / "data")
    yield from _room(path / "data")
    yield from _kept(path / "data")
    kind = file_system(path / "data")
    if is_shared(kind):
        yield Finding(
            level="warning",
            code="network",
            place="data",
            says=_("it lies on a network file system ({kind}); opstui does not open it there").format(kind=kind),
            next=_("a backup may stay there; to work with it, restore it to a disk of this machine"),
        )


def clock(state: State, now: datetime) -> Iterator[Finding]:
    """Where the times of the history run backwards, or ahead of `now`."""
    if state.back:
        worst = max(state.back, key=lambda found: found[1])
        yield Finding(
            level="warning",
            code="clock-back",
            place=_("batch {n}").format(n=few(n for n, _by in state.back)),
            says=_("older than the one before; the clock was set back by up to {by} (batch {n})").format(
                by=timedelta(seconds=round(worst[1].total_seconds())), n=worst[0]
            ),
            next=_("let the machine keep its time by NTP; the order of the batches is right all the same"),
        )
    latest, n = state.latest
    if latest > now + _AHEAD:
        yield Finding(
            level="warning",
            code="clock-ahead",
            place=_("batch {n}").format(n=n),
            says=_("was written at {at}, which is still to come").format(at=latest.isoformat(timespec="seconds")),
            next=_("see that the clock is right; figures of these days are wrong until then"),
        )


def _rights(data: Path) -> Iterator[Finding]:
    folders = [data, data / "journal"]
    files = [folder / name for folder in folders for name in sorted(fs.listdir(folder))]
    found = {entry: fs.stat(entry) for entry in (data, *files)}
    open_to = S_IMODE(found[data].st_mode)
    others = [entry for entry, st in found.items() if st.st_mode & S_IWOTH and open_to & S_IXOTH]
    if others:
        yield _wrong(
            "writable-by-all", others, data, _("everybody on this machine may write it"), "chmod -R o-rwx data"
        )
    elif open_to & S_IXOTH and (shown := [e for e, st in found.items() if st.st_mode & S_IROTH]):
        yield _wrong("readable-by-all", shown, data, _("everybody on this machine may read it"), "chmod -R o-rwx data")
    ours = {e: st for e, st in found.items() if S_ISDIR(st.st_mode) or e.name == "lock" or e.suffix == ".jsonl"}
    shared = (
        len({st.st_uid for st in ours.values()}) > 1 or len({bool(st.st_mode & S_IWGRP) for st in ours.values()}) > 1
    )
    shut = [entry for entry, st in ours.items() if not st.st_mode & S_IWGRP]
    if shared and shut:
        says = _("several people write here, but their group may not write it")
        yield _wrong("not-for-group", shut, data, says, "chmod -R g+rwX data && chmod g+s data data/journal")
    groups = {st.st_gid for st in ours.values()}
    if len(groups) > 1:
        strange = [entry for entry, st in ours.items() if st.st_gid != found[data].st_gid]
        says = _("its group is another than that of data")
        yield _wrong(
            "other-group", strange, data, says, "chgrp -R --reference=data data && chmod g+s data data/journal"
        )
    if not fs.exists(data / "lock"):
        yield Finding(
            level="note",
            code="no-lock",
            place="data/lock",
            says=_("it is not there"),
            next=_("nothing to do: who writes next makes it again. Never delete it while people work"),
        )


def _wrong(code: str, which: list[Path], data: Path, says: str, command: str) -> Finding:
    names = few(entry.relative_to(data.parent) for entry in which)
    then = _("in the workspace, its owner runs: {command}").format(command=command)
    return Finding(level="warning", code=code, place=names, says=says, next=then)


def _room(data: Path) -> Iterator[Finding]:
    room, needed = fs.free(data), LITTLE
    if fs.exists(data / "db.json"):
        needed = max(needed, 2 * fs.stat(data / "db.json").st_size)
    if room < needed:
        yield Finding(
            level="warning",
            code="little-room",
            place="data",
            says=_("only {room} MB are left on its file system").format(room=room // 1_000_000),
            next=_("make room: without it nothing can be changed (and nothing is lost)"),
        )


def _kept(data: Path) -> Iterator[Finding]:
    says = {
        "torn": _("what a writer that was cut off left behind; no acknowledged change is in it"),
        "older": _("db.json as it was before it was brought up to date"),
        "replaced": _("db.json as it was before it was rebuilt"),
    }
    strange = [f"data/{name}" for name in fs.listdir(data) if not _DATA.fullmatch(name) and not _is_kept(name)]
    strange += [name for name in fs.listdir(data.parent) if name.startswith(".opstui-init-")]
    strange += [f"data/journal/{name}" for name in fs.listdir(data / "journal") if not _JOURNAL.fullmatch(name)]
    for name in sorted(fs.listdir(data)):
        if kind := _is_kept(name):
            yield Finding(
                level="note", code=kind, place=f"data/{name}", says=says[kind], next=_("look at it, then delete it")
            )
    if strange := [name for name in sorted(strange) if not name.endswith(".tmp")]:
        yield Finding(
            level="note",
            code="strange",
            place=few(strange),
            says=_("opstui does not read it"),
            next=_("nothing breaks if you move it elsewhere"),
        )


def _is_kept(name: str) -> str:
    return next((kind for pattern, kind in _KEPT.items() if pattern.fullmatch(name)), "")
