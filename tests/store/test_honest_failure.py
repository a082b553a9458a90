"""Failures for real: a disk that is full, one that may not be written, a stopped process, folders that go away."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from opstui.store import lock
from opstui.store import syscalls as fs
from opstui.store.doctor import examine
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import NotWritten, StoreError
from store.damage import NOW
from store.making import add, contents, new_store, run


def mount(*words: str) -> bool:
    done = subprocess.run(["mount", *words], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte; only root can make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.getuid() != 0 or not mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)):
        pytest.skip("a file system of its own can be mounted by root on Linux only")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(store: FileStore) -> tuple[int, str]:
    """Add cards until the disk refuses: how many were acknowledged, and what was said then."""
    for number in range(1, 10_000):
        try:
            add(store, description="x" * 2000)
        except NotWritten as refused:
            return number - 1, str(refused)
    raise AssertionError("the disk never filled up")


def test_a_disk_that_is_really_full_loses_nothing_and_works_again_with_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 200_000)
    store = new_store(small_disk / "w")
    acknowledged, said = fill(store)
    assert acknowledged > 50
    assert said.startswith("disk full: nothing was changed. Make room where ")
    assert said.endswith(" is, then do it again")
    assert not store.checkpoint(0), "no room for db.json either, which is harmless"
    assert [p.name for p in (small_disk / "w" / "data").iterdir() if p.name.endswith(".tmp")] == []
    assert list(open_store(store.path).ids("cards")) == list(range(1, acknowledged + 1))
    with pytest.raises(StoreError, match=r"could not be made .*nothing is left there"):
        store.backup(small_disk / "b")
    assert not (small_disk / "b").exists()
    report = examine(store.path, NOW)
    assert (report.sound, report.account.batches) == (True, acknowledged)
    assert "little-room" in [finding.code for finding in report.findings]
    ballast.unlink()
    assert add(store) == acknowledged + 1
    assert contents(open_store(store.path)) == contents(store)


def test_a_disk_that_may_really_not_be_written_can_be_looked_at(small_disk: Path) -> None:
    store = new_store(small_disk / "w")
    add(store)
    store.close()
    assert mount("-o", "remount,ro", str(small_disk))
    reader = open_store(store.path)
    assert list(reader.lane("orders", "new")) == [1]
    with pytest.raises(StoreError, match=r"read-only for you .*nothing was changed\. You can look; .* ask"):
        add(reader)
    assert not reader.checkpoint(0)
    assert examine(store.path, NOW).sound
    with pytest.raises(StoreError, match=r"cannot be made .*Read-only file system"):
        new_store(small_disk / "v")


# ---------------------------------------------------------------------------------- a stopped lock holder


_HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from opstui.store.file import open_store

store = open_store(Path(sys.argv[1]))

def hold(tx):
    tx.put("notes", 1, {"text": "half way"})
    print("inside", flush=True)
    sys.stdin.readline()

store.transact(hold, at=datetime(2026, 9, 1, tzinfo=UTC), by="budi", via="cli")
print("done", flush=True)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, stopped while it holds the lock of the workspace `w`."""
    add(new_store(tmp_path / "w"))
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path / "w")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "inside\n"
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    assert process.stdin
    process.stdin.close()


def test_who_waits_for_a_stopped_process_is_told_its_user_and_pid_and_what_to_do(
    holder: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lock.NOTICE_AFTER == 2.0
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.01)
    monkeypatch.setattr(lock, "GIVE_UP_AFTER", 0.03)
    store = open_store(tmp_path / "w")
    told: list[str] = []
    store.on_wait = told.append
    who = f"budi (user {pwd.getpwuid(os.getuid()).pw_name}, pid {holder.pid})"
    with pytest.raises(StoreError, match=rf"{re.escape(who)} has been writing .*nothing was changed.*kill -CONT"):
        add(store)
    assert told == [f"waiting for {who} to finish writing"]
    assert (store.seq, store.problem) == (1, None)
    assert examine(store.path, NOW).sound, "looking needs no lock"
    holder.send_signal(signal.SIGCONT)
    assert holder.stdin
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert holder.stdout
    assert holder.stdout.readline() == "done\n"
    assert add(store) == 2
    assert store.get("notes", 1) == {"text": "half way"}


def test_a_stopped_process_that_is_killed_leaves_the_lock_and_nothing_else(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    store = open_store(tmp_path / "w")
    store.on_wait = lambda _text: holder.kill()
    holder.kill()
    assert add(store) == 2
    assert store.get("notes", 1) is None


# ---------------------------------------------------------------------------------- a lock, a folder that goes away


def test_a_lock_that_was_deleted_is_made_again_and_still_excludes(tmp_path: Path) -> None:
    one = new_store(tmp_path / "w")
    two = open_store(one.path)
    add(one)
    (one.path / "data" / "lock").unlink()
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: object) -> None:
        inside.set()
        go_on.wait(20)

    thread = threading.Thread(target=run, args=(one, slow))
    thread.start()
    assert inside.wait(20)
    second = threading.Thread(target=add, args=(two,))
    second.start()
    second.join(0.05)
    assert second.is_alive(), "it waits for the lock that the first one made"
    go_on.set()
    thread.join()
    second.join()
    assert add(one) == 3
    assert [batch.n for batch in open_store(one.path).history()] == [1, 2, 3]


def test_who_lost_the_lock_while_deciding_writes_nothing(tmp_path: Path) -> None:
    one = new_store(tmp_path / "w")

    def meanwhile(tx: object) -> None:
        (one.path / "data" / "lock").unlink()
        add(open_store(one.path))
        tx.put("notes", 1, {"text": "x"})  # type: ignore[attr-defined]

    with pytest.raises(StoreError, match=r"data/lock was deleted meanwhile: nothing was changed"):
        run(one, meanwhile)
    assert add(one) == 2
    assert [batch.n for batch in open_store(one.path).history()] == [1, 2]


@pytest.mark.parametrize("folder", ["data", "."])
def test_a_folder_that_was_deleted_or_moved_away_is_told(tmp_path: Path, folder: str) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    (tmp_path / "w" / folder).resolve().rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"was deleted meanwhile: nothing was changed\. If .*leave and start again"):
        add(store)
    assert list(store.ids("cards")) == [1], "it can still be looked at"
    (tmp_path / "elsewhere").rename((tmp_path / "w" / folder).resolve())
    assert add(store) == 2


def test_data_that_was_put_back_from_a_backup_under_a_running_session_is_not_written_to(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    store.backup(tmp_path / "b")
    add(store)
    (tmp_path / "w" / "data").rename(tmp_path / "old")
    shutil.copytree(tmp_path / "b" / "data", tmp_path / "w" / "data")
    before = (tmp_path / "w" / "data" / "journal" / "00000001.jsonl").read_bytes()
    with pytest.raises(StoreError, match=r"00000001\.jsonl was deleted meanwhile: nothing was changed"):
        add(store)
    assert (tmp_path / "w" / "data" / "journal" / "00000001.jsonl").read_bytes() == before
    assert open_store(tmp_path / "w").seq == 1


def test_a_lock_that_cannot_be_taken_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")

    def no_locks(_fd: int, _operation: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fs, "flock", no_locks)
    with pytest.raises(StoreError, match=r"lock .*cannot be taken \(No locks available\): nothing was changed"):
        add(store)
    monkeypatch.undo()
    assert add(store) == 1
