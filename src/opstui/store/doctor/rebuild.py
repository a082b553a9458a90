"""db.json made anew from the whole history: for one that is damaged, was edited, or is not believed any more."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.i18n import _
from opstui.progress import Progress, silent
from opstui.store import syscalls as fs
from opstui.store.doctor.examine import Account, account, read
from opstui.store.doctor.telling import history_findings, zone_of
from opstui.store.protocol import Damaged, StoreError
from opstui.store.renewal import keep, renew
from opstui.store.replacing import nobody_else
from opstui.store.snapshot import NAME

if TYPE_CHECKING:
    from pathlib import Path

    from opstui.store.doctor.history import History
    from opstui.store.doctor.snapshot import Snapshot


NO_RIGHT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""What room does not help against."""


class Rebuilt(Struct, frozen=True):
    """What was made, and under which name the old db.json was kept; "" when it was sound, or not there."""

    account: Account
    kept: str


def rebuild(path: Path, progress: Progress = silent) -> Rebuilt:
    """Make db.json anew from the history of the workspace at `path`, while nobody else makes one.

    Raises:
        Damaged: the history itself is not whole; nothing was changed.
        StoreError: it cannot be read or written; the old db.json stands.
    """
    data = path / "data"
    if not fs.exists(data):
        read(path)
    try:
        with nobody_else(data):
            history, snapshot = read(path, progress)
            _expect_whole(path, history, snapshot)
            kept = ""
            if fs.exists(data / NAME) and not snapshot.sound:
                kept = _free_name(data)
                keep(data, kept)
            state = history.state
            renew(data, state.tables, seq=state.seq, ids=state.ids, place=history.place)
    except OSError as error:
        if error.errno in NO_RIGHT:
            raise StoreError(
                _(
                    "{file} could not be written ({error}); the old one stands. Ask the workspace's owner for the "
                    "right to write in {folder}, or to run this"
                ).format(file=data / NAME, error=error.strerror, folder=data)
            ) from error
        raise StoreError(
            _("{file} could not be written ({error}); the old one stands. Make room, then do it again").format(
                file=data / NAME, error=error.strerror
            )
        ) from error
    return Rebuilt(account(history), kept)


def _expect_whole(path: Path, history: History, snapshot: Snapshot) -> None:
    """See that the history can be believed, and that db.json does not know more than it."""
    for finding in history_findings(history, zone_of(path)):
        raise Damaged(
            _("{path} was not rebuilt, because its history is not whole. {place}: {says}. Next: {next}").format(
                path=path, place=finding.place, says=finding.says, next=finding.next
            )
        )
    for finding in snapshot.findings:
        if finding.code in {"journal-cut", "newer", "no-access"}:
            raise Damaged(
                _("{path} was not rebuilt: {says}. Next: {next}").format(
                    path=path, says=finding.says, next=finding.next
                )
            )


def _free_name(data: Path) -> str:
    return next(name for n in range(1, 10_000) if not fs.exists(data / (name := f"{NAME}.old-{n}")))
