"""Disks that are full, fail, or take less than they were given: nothing acknowledged is lost, and people are told."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from opstui.store import syscalls as fs
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import Damaged, NotWritten, StoreError
from store.making import add, contents, journal_of, new_store


def failing(code: int) -> Callable[..., int]:
    def call(*_args: object) -> int:
        raise OSError(code, os.strerror(code))

    return call


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    made = new_store(tmp_path / "w")
    add(made)
    return made


def assert_only_one(store: FileStore) -> None:
    for seen in (store, open_store(store.path)):
        assert (seen.seq, list(seen.lane("orders", "new"))) == (1, [1])


@pytest.mark.parametrize(
    ("code", "text"), [(errno.ENOSPC, "disk full"), (errno.EDQUOT, "disk full"), (errno.EIO, "disk refused")]
)
@pytest.mark.parametrize("taken", [0, 1, 50])
def test_a_refused_write_changes_nothing_and_can_be_tried_again(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, code: int, text: str, taken: int
) -> None:
    size = journal_of(store.path).stat().st_size
    calls: list[int] = []

    def fills_up(fd: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1 or not taken:
            raise OSError(code, os.strerror(code))
        return os.write(fd, data[:taken])

    monkeypatch.setattr(fs, "write", fills_up)
    with pytest.raises(NotWritten, match=text) as refused:
        add(store)
    assert not refused.value.in_doubt
    assert "nothing was changed" in str(refused.value)
    assert "then do it again" in str(refused.value), "a next step"
    monkeypatch.undo()
    assert journal_of(store.path).stat().st_size == size
    assert_only_one(store)
    assert add(store) == 2
    assert contents(open_store(store.path)) == contents(store)


def test_what_cannot_be_taken_back_is_cut_by_the_next_writer(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fills_up(fd: int, data: bytes) -> int:
        calls.append(1)
        return os.write(fd, data[:30]) if len(calls) == 1 else failing(errno.ENOSPC)()

    monkeypatch.setattr(fs, "write", fills_up)
    monkeypatch.setattr(fs, "ftruncate", failing(errno.EIO))
    with pytest.raises(NotWritten):
        add(store)
    with pytest.raises(NotWritten, match="nothing was changed"):
        add(store)
    monkeypatch.undo()
    assert_only_one(store)
    assert add(open_store(store.path)) == 2
    assert [b.n for b in store.catch_up()] == [2]


def test_short_writes_are_finished(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs, "write", lambda fd, data: os.write(fd, data[:3]))
    assert add(store) == 2
    assert store.snapshot()
    assert contents(open_store(store.path)) == contents(store)


def test_after_a_failed_sync_nothing_is_written_any_more(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs, "fdatasync", failing(errno.EIO))
    with pytest.raises(NotWritten, match="not sure") as failed:
        add(store)
    assert failed.value.in_doubt
    monkeypatch.undo()
    assert store.problem is failed.value
    with pytest.raises(NotWritten, match="Nothing more is written"):
        add(store)
    assert not store.checkpoint(0)
    assert store.get("cards", 1) is not None
    assert store.catch_up() == [], "it was taken back, so that nobody builds on what may not be on the disk"
    assert add(open_store(store.path)) == 2


def test_who_saw_a_change_that_was_taken_back_is_told(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = [open_store(store.path) for _n in range(2)]

    def seen_and_failed(_fd: int) -> None:
        assert [len(reader.catch_up()) for reader in readers] == [1, 1]
        failing(errno.EIO)()

    monkeypatch.setattr(fs, "fdatasync", seen_and_failed)
    with pytest.raises(NotWritten):
        add(store, description="this one")
    monkeypatch.undo()
    add(open_store(store.path), description="that one")
    with pytest.raises(Damaged, match="Leave and start again"):
        readers[0].catch_up()
    with pytest.raises(Damaged, match="Leave and start again"):
        add(readers[1])
    assert (open_store(store.path).get("cards", 2) or {})["description"] == "that one"


def test_a_failed_sync_before_a_snapshot_stops_it(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs, "fdatasync", failing(errno.EIO))
    with pytest.raises(NotWritten):
        store.snapshot()
    monkeypatch.undo()
    with pytest.raises(NotWritten):
        add(store)
    assert open_store(store.path).seq == 1


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_read_only_folder_can_be_read(store: FileStore, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    real = fs.open_file

    def read_only(path: Path, flags: int) -> int:
        return failing(code)() if flags & (os.O_RDWR | os.O_WRONLY) else real(path, flags)

    monkeypatch.setattr(fs, "open_file", read_only)
    reader = open_store(store.path)
    assert list(reader.lane("orders", "new")) == [1]
    assert isinstance(reader.problem, StoreError)
    with pytest.raises(StoreError, match=r"read-only for you .*nothing was changed\. You can look; .* ask"):
        add(reader)
    monkeypatch.undo()
    add(store)
    assert [b.n for b in reader.catch_up()] == [2]


def _added(store: FileStore) -> bool:
    try:
        add(store, description="x" * 300)
    except NotWritten as refused:
        assert "disk full" in str(refused)  # noqa: PT017 - how often it works is what is counted
        return False
    return True


def test_a_real_limit_on_file_size(store: FileStore) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        written = len([None for _n in range(30) if _added(store)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert 5 < written < 25
    written += 1
    assert list(open_store(store.path).lane("orders", "new")) == list(range(1, written + 1))
    assert add(store) == written + 1


@pytest.mark.parametrize("name", ["write", "fdatasync", "fsync_folder", "replace", "mkdir", "open_file"])
def test_a_store_that_cannot_be_made_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(fs, name, failing(errno.ENOSPC))
    with pytest.raises(StoreError, match=r"cannot be made .*Make room"):
        new_store(tmp_path / "w")
    monkeypatch.undo()
    assert add(new_store(tmp_path / "w")) == 1


def test_a_journal_that_was_deleted_takes_no_more_changes(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    journal_of(store.path).unlink()
    with pytest.raises(NotWritten, match="was deleted meanwhile: nothing was changed"):
        add(store)
    assert list(store.ids("cards")) == [1]
