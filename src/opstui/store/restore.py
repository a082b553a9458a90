"""A workspace out of a backup: looked at first, copied whole or not at all, and looked at again.

A backup is a workspace and could be used as it lies there; but then it would no longer be a backup.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.progress import Progress, silent
from opstui.store import syscalls as fs
from opstui.store.backup import copy_beside, copy_file
from opstui.store.doctor.examine import Account, account, read
from opstui.store.doctor.rebuild import NO_RIGHT
from opstui.store.doctor.telling import history_findings, zone_of
from opstui.store.file import open_store
from opstui.store.fresh import under_construction
from opstui.store.place import expect_local
from opstui.store.protocol import Damaged, StoreError
from opstui.store.renewal import renew
from opstui.store.salvage import Salvage, append_newer
from opstui.store.segments import unreadable
from opstui.store.snapshot import NAME

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    from opstui.store.doctor.history import History
    from opstui.store.doctor.snapshot import Snapshot


class Restored(Struct, frozen=True):
    """What the new workspace holds, what came along from beyond the backup; whether db.json had to be rebuilt."""

    account: Account
    salvage: Salvage
    rebuilt: bool
    zone: tzinfo


def restore(backup: Path, target: Path, progress: Progress = silent, newer_from: Path | None = None) -> Restored:
    """Make the workspace `target`, a new or empty folder, from a backup; says what it holds.

    Of a workspace that is damaged, `newer_from`, the whole lines that continue the backup come along.

    Raises:
        Refused: the target is no new or empty folder, or lies within the backup.
        StoreError: the backup is damaged, or the target cannot be written; nothing was made.
    """
    if fs.real(target).is_relative_to(fs.real(backup)):
        raise Refused(
            _("{target} lies in the backup itself; nothing was made. Name a new folder outside of it").format(
                target=target
            )
        )
    _expect_data(
        backup, _("{path} is no backup (it has no data); nothing was made. Name a folder that `opstui backup` made")
    )
    if newer_from is not None:
        told = _(
            "{path} is no workspace (it has no data); nothing was made. Name the damaged workspace behind --newer-from"
        )
        _expect_data(newer_from, told)
    expect_local(target)
    history, snapshot = read(backup, progress)
    _expect_whole(backup, history, snapshot)
    try:
        with under_construction(target) as scratch:
            _copy(backup, scratch, history, sound=snapshot.sound)
            salvage = append_newer(newer_from, scratch / "data" / "journal", history) if newer_from else Salvage()
            _verify(scratch, history)
    except OSError as error:
        told = (
            _(
                "{target} cannot be written ({error}); nothing was made. Get the right to write there, or name "
                "another folder"
            )
            if error.errno in NO_RIGHT
            else _("{target} cannot be written ({error}); nothing was made. Make room, or name another folder")
        )
        raise StoreError(told.format(target=target, error=error.strerror)) from error
    return Restored(account(history), salvage, not snapshot.sound, zone_of(target))


def _expect_data(path: Path, otherwise: str) -> None:
    try:
        fs.mode(path / "data")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(otherwise.format(path=path)) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _expect_whole(backup: Path, history: History, snapshot: Snapshot) -> None:
    for finding in (*history_findings(history, zone_of(backup)), *snapshot.findings):
        if finding.code in {"journal-damaged", "contradiction", "newer", "journal-cut", "no-access"}:
            raise Damaged(
                _("{backup} is damaged; nothing was made. {place}: {says}. Take an older or another backup").format(
                    backup=backup, place=finding.place, says=finding.says
                )
            )


def _copy(backup: Path, scratch: Path, history: History, *, sound: bool) -> None:
    data, journal = scratch / "data", scratch / "data" / "journal"
    for folder in (data, journal):
        fs.mkdir(folder)
    last, end, _crc = history.place
    for name in history.segments:
        if name <= last:
            copy_file(backup / "data" / "journal" / name, journal / name, end if name == last else None)
    copy_beside(backup, scratch)
    fs.close(fs.open_file(data / "lock", os.O_RDWR | os.O_CREAT))
    if sound:
        copy_file(backup / "data" / NAME, data / NAME, None)
    else:
        state = history.state
        renew(data, state.tables, seq=state.seq, ids=state.ids, place=history.place)
    for folder in (journal, data, scratch):
        fs.fsync_folder(folder)


def _verify(scratch: Path, history: History) -> None:
    """See that what was copied opens, and holds the same."""
    copied, snapshot = read(scratch)
    store = open_store(scratch)
    try:
        same = copied.state.tables == history.state.tables and store.seq == history.state.seq
    finally:
        store.close()
    if not same or copied.damage or not snapshot.sound:
        raise StoreError(_("what was copied is not what the backup holds; nothing was made. Check both disks"))
