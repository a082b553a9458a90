"""The store on disk: db.json, the journal and the lock of one workspace, for any number of processes at once."""

from __future__ import annotations

import errno
import os
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from opstui.i18n import _
from opstui.progress import Progress, silent
from opstui.store import syscalls as fs
from opstui.store.codec import batch_of, seal
from opstui.store.core import Core
from opstui.store.history import daily, lines_about, lines_after, lines_before, redated
from opstui.store.image import Image
from opstui.store.journal import Journal
from opstui.store.lock import Lock
from opstui.store.place import expect_local
from opstui.store.protocol import Damaged, NotWritten, StoreError
from opstui.store.segments import FIRST, refusal, segments, unreadable
from opstui.store.snapshot import NAME, Frozen, Meta, read_snapshot, write_snapshot
from opstui.store.summaries import Summaries, summarise
from opstui.store.upgrade import upgrade_if_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import date, tzinfo
    from pathlib import Path

    from opstui.domain.events import Batch
    from opstui.store.codec import Line

_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def create_store(path: Path) -> None:
    """A new, empty store in the workspace folder `path`, durable down to its folders' names.

    Raises:
        StoreError: there is one already, or the folder cannot be written.
    """
    data, journal = path / "data", path / "data" / "journal"
    if fs.exists(data / NAME) or _has_history(journal):
        raise StoreError(_("{path} is a workspace already; nothing was changed").format(path=path))
    try:
        for folder in (path, data, journal):
            fs.mkdir(folder)
        for file in (journal / FIRST, data / "lock"):
            fs.close(fs.open_file(file, os.O_RDWR | os.O_CREAT))
        for folder in (journal, data):
            fs.fsync_folder(folder)
        write_snapshot(data, Frozen(Meta(), Image()))
        for folder in (path, path.absolute().parent):
            fs.fsync_folder(folder)
    except OSError as error:
        raise StoreError(
            _(
                "{path} cannot be made ({error}). Make room or get the right to write there, or name another folder"
            ).format(path=path, error=error.strerror)
        ) from error


def open_store(path: Path) -> FileStore:
    """The store in the workspace folder `path`. Where it may not be written, it opens to be read: see `problem`.

    Raises:
        StoreError: there is none, it is damaged, it may not be read, a newer opstui wrote it, or it is on a network
            file system.
    """
    if not fs.exists(path / "data" / "journal"):
        _expect_permission(path / "data" / "journal")
        if fs.exists(path / "data" / NAME):
            raise Damaged(
                _("{path} has lost its journal (data/journal); nothing was changed. Restore a backup").format(path=path)
            )
        if fs.exists(path / "opstui.toml"):
            raise StoreError(
                _(
                    "{path} has an opstui.toml and no data; nothing was changed. If it was a workspace, restore a "
                    "backup; if `opstui init {path}` was cut short, do it again"
                ).format(path=path)
            )
        raise StoreError(
            _("{path} is not a workspace (it has no data/journal). Make one: opstui init {path}").format(path=path)
        )
    expect_local(path / "data")
    upgrade_if_needed(path / "data")
    return FileStore(path)


FAR = 2000
"""Batches behind a new db.json with which no session changes over to it: that takes too long, and another will come."""
LONG_TAIL = 1 << 20
"""Bytes of journal behind db.json from which it is worth being written."""


class FileStore(Core):
    """A workspace's state and history on disk."""

    def __init__(self, path: Path) -> None:
        """Read the snapshot and what follows it; see `open_store`."""
        self.path = path
        self._data = path / "data"
        self._past = Summaries(self.watch_path)
        self._pid = os.getpid()
        with ExitStack() as opened:
            try:
                frozen = read_snapshot(self._data) or Frozen(Meta(segment=_oldest(self.watch_path)), Image())
                meta = frozen.meta
                super().__init__(frozen.image)
                self._snapshot = meta
                self._lock = self._open_lock()
                if self._lock is not None:
                    opened.callback(self._lock.close)
                    self._lock.meanwhile = self._listen
                place = meta.segment, meta.offset, meta.crc
                self._journal = Journal(self.watch_path, place, meta.seq, writable=self._lock is not None)
                opened.callback(self._journal.close)
            except OSError as error:
                raise unreadable(self._data, error) from error
            self._read_on()
            if isinstance(self.problem, Damaged):
                raise self.problem
            opened.pop_all()

    @property
    def watch_path(self) -> Path:
        """The folder in which something changes whenever somebody writes."""
        return self._data / "journal"

    @property
    def on_wait(self) -> Callable[[str], None] | None:
        """Told in words whom a change waits for, when that takes long; called in the writer's thread."""
        return self._lock.on_wait if self._lock else None

    @on_wait.setter
    def on_wait(self, tell: Callable[[str], None] | None) -> None:
        if self._lock is not None:
            self._lock.on_wait = tell

    def batch(self, n: int) -> Batch | None:
        """Batch n of the history."""
        if not 0 < n <= self.seq:
            return None
        return batch_of(next(lines_after(self.watch_path, n - 1, n)))

    def history(self, since: int = 0) -> Iterator[Batch]:
        """Batches after number `since`, oldest first, up to `seq`."""
        return map(batch_of, lines_after(self.watch_path, since, self.seq))

    def history_of(self, by: str) -> Iterator[Batch]:
        """The batches of one person, newest first."""
        return map(batch_of, lines_before(self.watch_path, self._place(), by))

    def events_of(self, table: str, ids: Collection[int], kinds: Collection[str] | None = None) -> Iterator[Batch]:
        """The batches with events on these documents, oldest first, whole; see the protocol."""
        return map(batch_of, lines_about(self._past, self._place(), table, ids, kinds))

    def redated(self, first: date) -> set[int]:
        """Cards whose due day was changed from or to one from `first` on; others may be among them."""
        return redated(self._past, self._place(), first)

    def daily(self, since: date, until: date, zone: tzinfo) -> dict[tuple[date, str, str], int]:
        """How many events of each (day in that zone, kind, board) happened from `since` to before `until`."""
        return daily(self._past, self._place(), since, until, zone)

    def catch_up(self) -> list[Batch]:
        """Take in what others wrote since; never waits. While a change of our own is under way: nothing yet.

        Raises:
            Damaged: what follows cannot be read.
        """
        told = super().catch_up()
        self._remap()
        return told

    def snapshot(self) -> bool:
        """Bring db.json up to date; False when it was.

        Raises:
            StoreError: it could not be written; the old one stands, and nothing is lost.
        """
        try:
            frozen = self._freeze()
            written = write_snapshot(self._data, frozen)
        except OSError as error:
            raise StoreError(
                _("{file} could not be brought up to date ({error}); nothing was lost").format(
                    file=self._data / NAME, error=error.strerror
                )
            ) from error
        self._remap()
        return written

    def tail(self) -> int:
        """How many batches are newer than db.json."""
        return self.seq - self._snapshot.seq

    def lags(self, max_tail: int = 500) -> bool:
        """Whether more than `max_tail` batches are newer than db.json, so that it should be written anew.

        A few batches as long as an import's count as many: every opening has to read them.
        """
        return self.problem is None and (self.tail() > max_tail or self._unread() > LONG_TAIL)

    def checkpoint(self, max_tail: int = 500) -> bool:
        """Bring db.json up to date when it lags; failing is harmless."""
        if self.lags(max_tail):
            with suppress(StoreError):
                written = self.snapshot()
                summarise(self.watch_path)
                return written
        return False

    def _place(self) -> tuple[str, int]:
        """Up to where the history is part of the state: segment, byte."""
        with self._mu:
            return self._journal.segment, self._journal.offset

    def _unread(self) -> int:
        """Bytes of the present segment that are newer than db.json."""
        same = self._journal.segment == self._snapshot.segment
        return self._journal.offset - (self._snapshot.offset if same else 0)

    def backup(self, target: Path, progress: Progress = silent) -> int:
        """Copy the workspace's data as of one batch to `target`; returns that batch's number.

        `progress` counts the bytes of the history.
        """
        from opstui.store.backup import copy_store  # noqa: PLC0415 - a seldom verb

        frozen = self._freeze()
        copy_store(self.path, frozen, target, progress)
        with suppress(StoreError):
            self.snapshot()
        return frozen.meta.seq

    def close(self) -> None:
        """Let go of files; idempotent."""
        with self._turn:
            self._close()
            self._journal.close()
            if self._lock is not None:
                self._lock.close()

    def _freeze(self) -> Frozen:
        """The state and the place in the journal that belong together; all of it is on the disk first."""
        with self._turn:
            if self.problem is None:
                with self._doubt():
                    self._journal.sync()
                if not self._journal.offset:  # whoever began this segment may have died before its name was durable
                    fs.fsync_folder(self.watch_path)
            with self._mu:
                image, journal = self._image, self._journal
                meta = Meta(
                    seq=image.seq,
                    ids=dict(image.sequences),
                    segment=journal.segment,
                    offset=journal.offset,
                    crc=journal.crc,
                )
                return Frozen(meta, image.frozen())

    def _remap(self) -> None:
        """Stand on the db.json that is there now, with only what is newer held in memory.

        Costs as much as the batches since it; failing changes nothing.
        """
        if not self._turn.acquire(blocking=False):
            return
        try:
            if self._closed or self._running is not None or fs.stamp(self._data / NAME).inode == self._image.inode:
                return
            frozen = read_snapshot(self._data)
            if frozen is None or not self._snapshot.seq < frozen.meta.seq <= self.seq < frozen.meta.seq + FAR:
                return
            meta = frozen.meta
            place = meta.segment, meta.offset, meta.crc
            Journal(self.watch_path, place, meta.seq, writable=False).close()  # it is of this very history
            for line in lines_after(self.watch_path, meta.seq, self.seq):
                frozen.image.apply(line)
            with self._mu:
                self._image, self._snapshot = frozen.image, frozen.meta
        except (StoreError, OSError):
            return
        finally:
            self._turn.release()

    def _alone(self, by: str) -> AbstractContextManager[None]:
        assert self._lock is not None, "without a lock there is a problem, and nothing is written"
        if os.getpid() != self._pid:
            raise StoreError(
                _("this workspace was opened by the process that this one was forked from; open it again in this one")
            )
        return self._lock.held(by)

    def _take_in(self) -> list[Batch]:
        return [batch_of(line) for line in self._read_on()]

    def _listen(self) -> None:
        """Take in what others write while they keep us waiting: then there is little left to do with the lock."""
        self._untold += self._take_in()

    def _read_on(self) -> list[Line]:
        if self._closed:
            return []
        with self._mu:
            try:
                lines = self._journal.read_on(self.seq)
                for line in lines:
                    self._image.apply(line)
            except (StoreError, OSError):
                raise
            except BaseException:
                self.problem = self.problem or StoreError(_("reading was interrupted; open this workspace again"))
                raise
        stopped = self._journal.stopped
        self.problem = stopped if isinstance(stopped, Damaged) else self.problem or stopped
        return lines

    def _keep(self, line: Line) -> None:
        assert self._lock is not None, "see _alone"
        with self._doubt():
            self._lock.expect_ours()
            if self._lock.unfinished:
                self._journal.sync()
            self._journal.repair(self.seq, self._lock.acknowledged)
            try:
                self._lock.begin()
            except OSError as error:
                raise NotWritten(refusal(error, self._data)) from error
            self._journal.append(seal(line), line.n, line.at)
            self._lock.end(line.n)

    @contextmanager
    def _doubt(self) -> Iterator[None]:
        """What cannot be trusted any more ends all writing."""
        try:
            yield
        except Damaged as damage:
            self.problem = damage
            raise
        except NotWritten as failed:
            if failed.in_doubt:
                self.problem = failed
            raise

    def _open_lock(self) -> Lock | None:
        try:
            return Lock(self._data / "lock")
        except OSError as error:
            if error.errno not in _READ_ONLY:
                raise
            self.problem = StoreError(
                _(
                    "{path} is read-only for you ({error}); nothing was changed. You can look; to change something, "
                    "ask whoever keeps the workspace for the right to write there"
                ).format(path=error.filename or self._data, error=error.strerror)
            )
            return None


def _expect_permission(path: Path) -> None:
    """Tell what may not be seen from what is not there."""
    try:
        fs.mode(path)
    except PermissionError as error:
        raise unreadable(path, error) from error
    except OSError:
        return


def _oldest(folder: Path) -> str:
    names = segments(folder)
    return names[0] if names else FIRST


def _has_history(folder: Path) -> bool:
    if not fs.exists(folder):
        return False
    return any((folder / name).stat().st_size for name in segments(folder))
