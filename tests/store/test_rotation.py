"""A new segment by month and by size: begun by a writer, followed by everybody."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opstui.store import journal
from opstui.store import syscalls as fs
from opstui.store.core import Core
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import NotWritten
from store.making import add, card, change, contents, new_store, recorded

SECOND = "00000002.jsonl"


def write(store: Core, number: int, at: datetime) -> None:
    store.transact(lambda tx: tx.put("cards", number, card(number)), at=at, by="rina", via="cli")


def day(month: int, number: int = 1, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def segments(store: FileStore) -> list[tuple[str, int]]:
    """Name and lines of each segment."""
    files = sorted(store.watch_path.glob("*.jsonl"))
    return [(file.name[:8].lstrip("0"), len(file.read_bytes().splitlines())) for file in files]


def assert_whole(store: FileStore) -> None:
    again = open_store(store.path)
    assert contents(again) == contents(store)
    assert [batch.n for batch in again.history()] == list(range(1, store.seq + 1))
    (store.path / "data" / "db.json").unlink()
    assert contents(open_store(store.path)) == contents(store)


def test_a_month_begins_a_segment_and_an_earlier_one_does_not(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    months = (day(8, 3), day(8, 31), day(9), day(8, 5), day(9, 2), day(1, 1, 2027), day(12), day(1, 2, 2027))
    for number, at in enumerate(months, 1):
        write(store, number, at)
    assert segments(store) == [("1", 2), ("2", 3), ("3", 3)], "a clock that was set back begins none"
    assert_whole(store)


def test_a_long_segment_is_followed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 600)
    store = new_store(tmp_path / "w")
    other = open_store(store.path)
    for _n in range(12):
        add(store)
    assert [lines for _name, lines in segments(store)][:-1] == [segments(store)[0][1]] * (len(segments(store)) - 1)
    assert len(segments(store)) > 3
    assert [batch.n for batch in other.catch_up()] == list(range(1, 13))
    assert store.snapshot()
    change(other, 1, stage="closed")
    store.catch_up()
    assert contents(other) == contents(store)
    assert_whole(store)


def test_its_name_is_durable_before_its_first_line_whoever_writes_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    (store.watch_path / SECOND).touch()  # as a writer leaves it who is killed there
    calls = recorded(monkeypatch, fs, "write", "fsync_folder", "fdatasync")
    assert add(store) == 2
    assert calls == ["fsync_folder", "write", "fdatasync"]
    assert segments(store) == [("1", 1), ("2", 1)]
    assert_whole(store)


def test_what_stands_before_the_turn_is_synced_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    calls = recorded(monkeypatch, fs, "open_file", "write", "fsync_folder", "fdatasync")
    write(store, 2, day(10))
    assert calls == ["fdatasync", "open_file", "open_file", "fsync_folder", "write", "fdatasync"]


@pytest.mark.parametrize("call", ["open_file", "fsync_folder"])
def test_a_turn_that_the_disk_refuses_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    with monkeypatch.context() as full:

        def refuse(*_args: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        full.setattr(fs, call, refuse)
        with pytest.raises(NotWritten, match="disk full: nothing was changed"):
            write(store, 2, day(10))
    assert store.get("cards", 2) is None
    write(store, 2, day(10))
    assert segments(store) == [("1", 1), ("2", 1)]
    assert_whole(store)


def test_a_writer_that_died_between_write_and_sync_is_synced_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path / "w")
    victim = open_store(store.path)

    class Killed(BaseException):
        pass

    def die(_fd: int) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(fs, "fdatasync", die)
        with pytest.raises(Killed):
            add(victim)
    calls = recorded(monkeypatch, fs, "write", "fdatasync")
    assert add(store) == 2, "its line counts: it is there"
    assert calls == ["fdatasync", "write", "fdatasync"]
    calls.clear()
    add(store)
    assert calls == ["write", "fdatasync"]
