"""What somebody tried who wanted it broken: each once lost something, lied, or never ended."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from fcntl import LOCK_EX
from pathlib import Path
from typing import Any

import pytest

from opstui.store import index, journal, replacing
from opstui.store import syscalls as fs
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import Damaged, StoreError
from opstui.store.replacing import nobody_else
from opstui.store.transaction import Transaction
from store.making import add, card, change, contents, journal_of, new_store, recorded, rewrite, run


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    made = new_store(tmp_path / "w")
    for _n in range(3):
        add(made)
    return made


def whole(store: FileStore) -> None:
    """A fresh look finds the same, the history leads there, and life goes on."""
    again = open_store(store.path)
    assert [batch.n for batch in again.history()] == list(range(1, again.seq + 1))
    held = contents(again)
    (store.path / "data" / "db.json").unlink(missing_ok=True)
    assert contents(open_store(store.path)) == held
    add(again)
    again.close()


@pytest.mark.parametrize("where", ["write", "fdatasync", "apply"])
def test_a_store_that_was_interrupted_while_writing_writes_no_more(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    target, name = (store._image, "apply") if where == "apply" else (fs, where)
    real: Callable[..., Any] = getattr(target, name)

    def interrupted(*args: Any) -> None:
        real(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(target, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            add(store)
    with pytest.raises(StoreError, match=r"interrupted while it was being written.*open it again"):
        add(store)
    whole(store)


def test_a_number_is_never_written_twice(store: FileStore) -> None:
    store._journal._last += 1
    size = journal_of(store.path).stat().st_size
    with pytest.raises(Damaged, match="batch 4 does not follow batch 4; start again"):
        add(store)
    assert journal_of(store.path).stat().st_size == size


def test_a_child_that_was_forked_opens_for_itself(store: FileStore) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            add(store)
        except StoreError as refused:
            os._exit(0 if "forked" in str(refused) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    add(store)
    whole(store)


def test_a_long_meta_is_read_whole(store: FileStore) -> None:
    def many(tx: Transaction) -> None:
        for n in range(1500):
            tx.put(f"a table with a long name {n:060}", 1, {"n": n})

    run(store, many)
    assert store.snapshot()
    (store.path / "data" / index.NAME).unlink()
    assert contents(open_store(store.path)) == contents(store)
    assert not open_store(store.path).snapshot()


@pytest.mark.parametrize(
    "odd",
    [
        {"title": 5},
        {"tags": [1, None, {}]},
        {"tags": "vip"},
        {"kind": ["x"], "total": 3},
        {"kind": "order", "total": 3, "currency": ["IDR"]},
        {"ref": {"a": 1}, "source": 1, "external_id": [2]},
        {"rank": "first", "board": "orders", "stage": "new"},
    ],
)
def test_a_card_that_is_none_is_kept_like_any_other_document(store: FileStore, odd: dict[str, Any]) -> None:
    store.lane("orders", "new")
    store.find_ref("ORD-0001")
    number = store.db.table("cards").insert(odd)
    add(store)
    assert store.search(["nothing of the sort"]) == frozenset()
    assert store.snapshot()
    again = open_store(store.path)
    assert again.get("cards", number) == odd
    assert contents(again) == contents(store)
    whole(store)


def test_the_snapshot_of_another_workspace_is_not_stood_upon(store: FileStore, tmp_path: Path) -> None:
    other = new_store(tmp_path / "other")
    for _n in range(2):
        add(other, title="theirs")
    other.snapshot()
    rewrite(store.path / "data" / "db.json", (other.path / "data" / "db.json").read_bytes())
    store.catch_up()
    assert store.get("cards", 1) == card(1)
    add(store)
    assert store.get("cards", 2) == card(2)
    with pytest.raises(Damaged, match=r"does not hold batch 2, up to which db\.json goes"):
        open_store(store.path)


def test_a_journal_that_was_put_back_under_a_session_is_not_followed(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(store.path, tmp_path / "backup")
    add(store)
    shutil.rmtree(store.path / "data")
    shutil.copytree(tmp_path / "backup" / "data", store.path / "data")
    others = open_store(store.path)
    add(others, title="new 4")
    monkeypatch.setattr("opstui.store.journal.SEGMENT_BYTES", 1)
    add(others, title="new 5")
    with pytest.raises(StoreError, match="was deleted meanwhile"):
        store.catch_up()
    with pytest.raises(StoreError, match="was deleted meanwhile"):
        add(store)
    whole(others)


def test_a_byte_that_changed_unseen_is_not_sealed_anew(store: FileStore) -> None:
    store.snapshot()
    file = store.path / "data" / "db.json"
    seen = file.stat()
    file.chmod(0o600)
    file.write_bytes(file.read_bytes().replace(b"Card 2", b"Card 9"))
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    with pytest.raises(Damaged, match="another program changed it"):
        open_store(store.path)
    change(store, 1, note="x")
    assert not store.checkpoint(0)
    with pytest.raises(Damaged, match="another program changed it"):
        store.snapshot()


@pytest.mark.parametrize(
    ("before", "after"), [([1], [True]), ({"x": True}, {"x": 1}), ([1], [1.0]), ([[0]], [[False]]), (1, True)]
)
def test_values_that_are_equal_and_not_the_same_are_a_change(store: FileStore, before: Any, after: Any) -> None:
    table = store.db.table("notes")
    table.insert({"a": before})
    table.update({"a": after})
    assert repr(open_store(store.path).get("notes", 1)) == repr({"a": after})


def test_a_snapshot_that_names_a_new_segment_makes_its_name_durable(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store.watch_path / "00000002.jsonl").touch()  # by a writer that died then
    store.catch_up()
    calls = recorded(monkeypatch, fs, "fsync_folder", "replace")
    assert store.snapshot()
    assert calls[:2] == ["fsync_folder", "replace"]


def test_an_index_that_is_cut_short_under_a_session_is_made_anew(store: FileStore) -> None:
    store.snapshot()
    expected = contents(store)
    again = open_store(store.path)
    os.truncate(store.path / "data" / index.NAME, 0)
    assert contents(again) == expected
    assert list(again.lane("orders", "new")) == [1, 2, 3]


def test_an_index_that_is_a_pipe_does_not_hang_anybody(store: FileStore) -> None:
    store.snapshot()
    (store.path / "data" / index.NAME).unlink()
    os.mkfifo(store.path / "data" / index.NAME)
    assert contents(open_store(store.path)) == contents(store)


def test_who_waits_for_somebody_that_replaces_files_is_told(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "PATIENCE", 0.1)
    fd = fs.open_file(store.path / "data", os.O_RDONLY)
    fs.flock(fd, LOCK_EX)
    with pytest.raises(StoreError, match=r"does not end.*End it, or wake it"), nobody_else(store.path / "data"):
        pass
    fs.close(fd)
    with nobody_else(store.path / "data"):
        pass


def test_a_new_segment_has_the_rights_of_the_one_before(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    journal_of(store.path).chmod(0o664)
    monkeypatch.setattr("opstui.store.journal.SEGMENT_BYTES", 1)
    add(store)
    assert (store.watch_path / "00000002.jsonl").stat().st_mode & 0o777 == 0o664


def test_a_document_full_of_what_looks_like_lines_is_judged_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = b'{"n":5,"v":1,"at":"x"' * 60_000 + b'}\n{"n":6,'
    looks = recorded(monkeypatch, journal, "number")
    assert journal._good_line(hostile, 0, 4) is None
    assert len(looks) == 200, "each reads all that follows"


def test_an_acknowledged_line_that_went_bad_is_not_taken_for_a_torn_write(store: FileStore) -> None:
    raw = journal_of(store.path).read_bytes()
    journal_of(store.path).write_bytes(raw[:-40] + b"X" + raw[-39:])
    again = open_store(store.path)
    with pytest.raises(Damaged, match=r"is damaged at byte .*where batch 3 should be.*opstui doctor"):
        add(again)
    assert len(journal_of(store.path).read_bytes()) == len(raw), "nothing is cut off"
