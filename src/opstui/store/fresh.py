"""Making a workspace's folder so that it is there whole or not at all.

Everything is made in a folder within the target and then renamed up, `data` last: what has no `data` is no workspace
yet. Within and not beside it, because the target may be a disk of its own, or its parent not ours to write in. A maker
that was killed leaves what the next one clears away; nothing that anybody wrote is ever among it.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB
from stat import S_ISDIR
from typing import TYPE_CHECKING

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.store import index
from opstui.store import syscalls as fs
from opstui.store.protocol import StoreError
from opstui.store.segments import FIRST
from opstui.store.snapshot import NAME, read_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCRATCH = ".opstui-init-"
_DATA = "data"
_DERIVED = {NAME, f"{NAME}.tmp", index.NAME, f"{index.NAME}.tmp"}


@contextmanager
def under_construction(path: Path) -> Iterator[Path]:
    """A folder to make a workspace in. If the block ends well, what it made stands in `path`; else nothing does.

    Raises:
        Refused: `path` holds something already, or somebody is making a workspace there at this moment.
        OSError: it cannot be written.
    """
    made = [folder for folder in (path, *path.parents) if not fs.exists(folder)]
    if not made and not S_ISDIR(path.stat().st_mode):
        raise _not_empty(path)
    path.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(path):
            scratch = path / (_SCRATCH + secrets.token_hex(4))
            _clear(path)
            fs.mkdir(scratch)
            try:
                yield scratch
                for folder in (*made, path.absolute().parent):
                    fs.fsync_folder(folder)
                _put_up(scratch, path)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    fd = fs.open_file(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fs.flock(fd, LOCK_EX | LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused(
            _("somebody is making a workspace in {path} at this moment; nothing was changed").format(path=path)
        ) from None
    finally:
        fs.close(fd)


def _clear(path: Path) -> None:
    """Remove what a maker left that was killed, and refuse anything else but settings, which are looked at later."""
    names = set(fs.listdir(path))
    left = {name for name in names if name.startswith(_SCRATCH)}
    strange = names - left - {_DATA, "opstui.toml"}
    if strange or (_DATA in names and not _never_used(path / _DATA)):
        raise _not_empty(path)
    for name in left:
        shutil.rmtree(path / name)


def _never_used(data: Path) -> bool:
    """Whether a data folder is a store, or a part of one, in which nothing was ever written."""
    journal = data / "journal"
    if not S_ISDIR(fs.mode(data)) or not set(fs.listdir(data)) <= {"journal", "lock", *_DERIVED}:
        return False
    if fs.exists(journal) and any(name != FIRST or (journal / name).stat().st_size for name in fs.listdir(journal)):
        return False
    try:
        snapshot = read_snapshot(data)
    except StoreError:
        return False
    return snapshot is None or snapshot.meta.seq == 0


def _put_up(scratch: Path, path: Path) -> None:
    """Rename everything into place; `data` only when the rest is there for good, power cut or not."""
    names = [name for name in fs.listdir(scratch) if name != _DATA]
    for name in names:
        _check_same(scratch / name, path / name)
    new = [name for name in names if not fs.exists(path / name) or not (path / name).stat().st_size]
    try:
        for name in new:
            fs.replace(scratch / name, path / name)
        fs.fsync_folder(path)
        if fs.exists(path / _DATA):
            fs.replace(path / _DATA, scratch / "replaced")
        fs.replace(scratch / _DATA, path / _DATA)
        fs.fsync_folder(path)
    except OSError:
        with suppress(OSError):
            if not fs.exists(scratch / _DATA):
                fs.replace(path / _DATA, scratch / _DATA)
        for name in new:
            _remove(path / name)
        raise


def _remove(made: Path) -> None:
    """Take away what was made, a file or a whole folder, if it can be."""
    with suppress(OSError):
        if S_ISDIR(fs.mode(made)):
            shutil.rmtree(made)
        else:
            fs.unlink(made)


def _check_same(ours: Path, there: Path) -> None:
    """Settings that stand there already are those of an earlier try, or somebody's own, which are not overwritten."""
    if fs.exists(there) and there.read_bytes() not in (b"", ours.read_bytes()):
        raise Refused(
            _("{file} is there already and says something else; move it away, or choose a new folder").format(
                file=there
            )
        )


def _not_empty(path: Path) -> Refused:
    return Refused(_("{path} is not an empty folder; choose a new one").format(path=path))
