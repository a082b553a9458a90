"""A backup: the state and the whole history up to one batch, taken while others go on writing.

Nothing needs a lock, because a journal only grows: copying it up to a known byte is a consistent copy. What people keep
beside the data (settings, exports they wrote in, templates, themes) is theirs and comes along.
"""

from __future__ import annotations

import os
import shutil
from itertools import zip_longest
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from opstui.domain.model import Refused
from opstui.i18n import _
from opstui.progress import Progress, silent
from opstui.store import syscalls as fs
from opstui.store.protocol import Damaged, StoreError
from opstui.store.segments import segments
from opstui.store.snapshot import write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opstui.store.doctor.examine import Account
    from opstui.store.protocol import Store
    from opstui.store.snapshot import Frozen

_CHUNK = 1 << 20
_SETTINGS = "opstui.toml"


def back_up(store: Store, path: Path, target: Path, progress: Progress = silent) -> Account:
    """Copy the workspace at `path`, which `store` has open, to a new folder, look the copy through, say what it holds.

    `progress` counts the bytes that are copied, then those that are read again. A copy that is no good, or was not
    looked through to its end, goes again.

    Raises:
        Refused: the target is not a new or empty folder outside of the workspace.
        StoreError: there is none; the text says so if the workspace itself is damaged.
    """
    from opstui.store.doctor.examine import verify  # noqa: PLC0415 - reads everything, seldom

    try:
        store.backup(target, progress)
    except Damaged:
        expect_whole(path)
        raise
    try:
        return verify(target, progress)
    except StoreError:
        shutil.rmtree(target)
        expect_whole(path)
        raise
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def copy_store(path: Path, frozen: Frozen, target: Path, progress: Progress = silent) -> None:
    """Copy the workspace at `path`, as far as `frozen` goes, into the empty or new folder `target`, and open it to see.

    It is there whole or not at all: half a copy would open like a whole one. `progress` counts bytes of the history.

    Raises:
        Refused: the target is not a new or empty folder outside of the workspace.
        StoreError: it could not be written, or the workspace itself is damaged; nothing was made.
    """
    from opstui.store.fresh import under_construction  # noqa: PLC0415 - the two know each other, by way of snapshot

    _check_target(path, target)
    try:
        with under_construction(target) as scratch:
            _copy(path, frozen, scratch, progress)
            _verify(path, scratch, frozen)
    except OSError as error:
        raise StoreError(
            _(
                "{target} could not be made ({file}: {error}); nothing is left there. Make room or get the right to "
                "write there, or name another folder; then make the backup again"
            ).format(target=target, file=error.filename or target, error=error.strerror)
        ) from error


def _check_target(path: Path, target: Path) -> None:
    if fs.real(target).is_relative_to(fs.real(path)):
        raise Refused(
            _(
                "{target} lies in the workspace itself; nothing was copied. Name a folder outside of it, best on "
                "another disk"
            ).format(target=target)
        )
    try:
        empty = not fs.exists(target) or all(name.startswith(".opstui-init-") for name in fs.listdir(target))
    except OSError as error:
        raise Refused(
            _("{target} cannot be used ({error}); nothing was copied. Name a new folder").format(
                target=target, error=error.strerror
            )
        ) from error
    if not empty:
        raise Refused(_("{target} is not empty; nothing was copied. Name a new folder").format(target=target))


def _copy(path: Path, frozen: Frozen, target: Path, progress: Progress) -> None:
    data, journal = target / "data", target / "data" / "journal"
    for folder in (data, journal):
        fs.mkdir(folder)
    last, source = frozen.meta.segment, path / "data" / "journal"
    names = [name for name in segments(source) if name <= last]
    lengths = [frozen.meta.offset if name == last else fs.stat(source / name).st_size for name in names]
    for n, (name, length) in enumerate(zip(names, lengths, strict=True)):
        before, whole = sum(lengths[:n]), sum(lengths)
        copy_file(source / name, journal / name, length, told=lambda at, b=before, w=whole: progress(b + at, w))  # type: ignore[misc]
    copy_beside(path, target)
    fs.close(fs.open_file(data / "lock", os.O_RDWR | os.O_CREAT))
    fs.fsync_folder(journal)
    write_snapshot(data, frozen)
    fs.fsync_folder(target)


def copy_beside(path: Path, target: Path) -> None:
    """Copy every regular file beside `data`; links are not followed, but for the settings themselves."""
    for name in sorted(fs.listdir(path)):
        if name == _SETTINGS:
            if fs.exists(path / name):
                copy_file(path / name, target / name, None)
        elif name != "data":
            _copy_tree(path / name, target / name)


def _copy_tree(source: Path, target: Path) -> None:
    try:
        mode = fs.mode(source)
        names = sorted(fs.listdir(source)) if S_ISDIR(mode) else []
        if S_ISREG(mode):
            copy_file(source, target, None, os.O_NOFOLLOW)
    except FileNotFoundError:
        return  # removed meanwhile
    if S_ISDIR(mode):
        fs.mkdir(target)
        for name in names:
            _copy_tree(source / name, target / name)
        fs.fsync_folder(target)


def copy_file(
    source: Path, target: Path, length: int | None, flags: int = 0, told: Callable[[int], None] = lambda _at: None
) -> None:
    """Copy a file, or its first `length` bytes, to one that is not there yet; it is on the disk then.

    `told` hears how many bytes are copied so far.
    """
    reading = fs.open_file(source, os.O_RDONLY | flags)
    try:
        writing = fs.open_file(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            end, at = fs.size(reading) if length is None else length, 0
            while at < end and (block := fs.pread(reading, min(_CHUNK, end - at), at)):
                fs.write_all(writing, block)
                at += len(block)
                told(at)
            fs.fdatasync(writing)
        finally:
            fs.close(writing)
    finally:
        fs.close(reading)


def _verify(path: Path, copy: Path, frozen: Frozen) -> None:
    """See that the copy holds what the workspace does; if not, say which of the two is at fault."""
    try:
        same = _is_same(copy, frozen)
    except StoreError as wrong:
        expect_whole(path)
        raise _not_copied(path, str(wrong)) from wrong
    if not same:
        expect_whole(path)
        raise _not_copied(path, _("it holds something else"))


def _is_same(path: Path, frozen: Frozen) -> bool:
    from opstui.store.file import FileStore  # noqa: PLC0415 - the two know each other; this is the seldom direction

    copy = FileStore(path)
    try:
        image = frozen.image
        same = sorted(copy.tables()) == sorted(image.tables()) and all(
            held == there
            for table in image.tables()
            for held, there in zip_longest(image.items(table), copy.items(table))
        )
        read = sum(1 for _batch in copy.history())
        return same and read == copy.seq == frozen.meta.seq
    finally:
        copy.close()


def expect_whole(path: Path) -> None:
    """See, once a copy of it is no good, that the workspace at `path` itself is.

    Raises:
        Damaged: it is not, so that no copy of it can be; the text says where and what to do.
    """
    from opstui.store.doctor.examine import read  # noqa: PLC0415 - reads everything, only where something is wrong
    from opstui.store.doctor.telling import history_findings, zone_of  # noqa: PLC0415

    history, snapshot = read(path)
    for finding in (*history_findings(history, zone_of(path)), *snapshot.findings):
        if finding.level == "error":
            raise Damaged(
                _(
                    "{path} itself is damaged, so no backup was made of it. {place}: {says}. Next: {next}. "
                    "`opstui -w {path} doctor` tells everything"
                ).format(path=path, place=finding.place, says=finding.says, next=finding.next)
            )


def _not_copied(path: Path, reason: str) -> StoreError:
    return StoreError(
        _(
            "{path} is sound, but what was copied of it is not the same ({reason}); no backup was made. Check the disk "
            "that it was copied to, or take another, and do it again"
        ).format(path=path, reason=reason)
    )
