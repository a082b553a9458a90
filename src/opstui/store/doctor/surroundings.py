"""What lies around the data: rights, room, the sort of file system, the clock, and files that nobody needs any more."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from stat import S_IMODE, S_IROTH, S_ISDIR, S_IWGRP, S_IWOTH, S_IWUSR, S_IXOTH
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.store import syscalls as fs
from opstui.store.doctor.finding import Finding, few, when
from opstui.store.doctor.kept import folders, kept, strange
from opstui.store.place import file_system, is_shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from opstui.store.doctor.state import State

LITTLE = 100_000_000
"""Bytes: less room than this is worth a warning."""
_AHEAD = timedelta(minutes=5)


def surroundings(path: Path, seq: int, zone: tzinfo) -> Iterator[Finding]:
    """What is odd around the data of the workspace at `path`, whose history goes up to batch `seq`."""
    yield from _rights(path / "data")
    yield from _writable(path / "data")
    yield from _room(path / "data")
    yield from kept(path / "data", seq, zone)
    yield from strange(path / "data")
    kind = file_system(path / "data")
    if is_shared(kind):
        yield Finding(
            level="warning",
            code="network",
            place="data",
            says=_("it lies on a network file system ({kind}); opstui does not open it there").format(kind=kind),
            next=_("a backup may stay there; to work with it, restore it to a disk of this machine"),
        )


def clock(state: State, now: datetime, zone: tzinfo) -> Iterator[Finding]:
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
            says=_("was written at {at}, which is still to come").format(at=when(latest, zone)),
            next=_("see that the clock is right; figures of these days are wrong until then"),
        )


def _rights(data: Path) -> Iterator[Finding]:
    files = [folder / name for folder in folders(data) for name in sorted(fs.listdir(folder))]
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


def _writable(data: Path) -> Iterator[Finding]:
    """What of that which is written with each change may not be written: by whom asks, or by anybody."""
    needed = folders(data)
    needed += [needed[-1] / name for name in sorted(fs.listdir(needed[-1])) if name.endswith(".jsonl")][-1:]
    needed += [data / "lock"] if fs.exists(data / "lock") else []
    for_none = [entry for entry in needed if not fs.mode(entry) & S_IWUSR]
    for_me = [entry for entry in needed if entry not in for_none and not _may_write(entry)]
    for which, says in (
        (for_none, _("not even its owner may write it: nobody can change anything here")),
        (for_me, _("you may not write it: here you can look, but change nothing")),
    ):
        if which:
            yield Finding(
                level="warning" if which is for_none else "note",
                code="read-only",
                place=few(entry.relative_to(data.parent) for entry in which),
                says=says,
                next=_("if people are to work here, its owner runs in the workspace: {command}").format(
                    command="chmod u+rw " + " ".join(str(entry.relative_to(data.parent)) for entry in which)
                )
                if which is for_none
                else _("if you are to work here, ask its owner for the right to write"),
            )


def _may_write(entry: Path) -> bool:
    if S_ISDIR(fs.mode(entry)):
        return os.access(entry, os.W_OK)
    try:
        fs.close(fs.open_file(entry, os.O_RDWR))
    except OSError:
        return False
    return True


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
