"""Getting back: db.json from the history, a workspace from a backup; whole or not at all."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from opstui.domain.model import Refused
from opstui.store import syscalls as fs
from opstui.store.doctor import examine, rebuild, verify
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import Damaged, StoreError
from opstui.store.restore import restore
from store.damage import NOW, codes, five, lines, look, put, reseal, sealed, write
from store.making import AT, add, change, contents, journal_of, rewrite, run


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return five(tmp_path / "w")


def snapshot_of(path: Path) -> Path:
    return path / "data" / "db.json"


SPOILT: list[tuple[str, Callable[[Path], object]]] = [
    ("edited", lambda file: rewrite(file, file.read_text().replace("Card 2", "Mine"))),
    ("empty", lambda file: rewrite(file, "")),
    ("cut", lambda file: rewrite(file, file.read_bytes()[:200])),
    ("another's", lambda file: rewrite(file, '{"_default": {}}')),
    ("not there", lambda file: file.unlink()),
]


@pytest.mark.parametrize("spoil", [row[1] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_a_snapshot_that_is_no_good_is_made_anew_and_kept_beside(
    store: FileStore, spoil: Callable[[Path], object]
) -> None:
    spoil(snapshot_of(store.path))
    spoilt = snapshot_of(store.path).read_bytes() if snapshot_of(store.path).exists() else None
    made = rebuild(store.path)
    assert made.account.batches == 5
    assert made.kept == ("" if spoilt is None else "db.json.old-1")
    if spoilt is not None:
        assert (store.path / "data" / made.kept).read_bytes() == spoilt
    assert codes(look(store.path), "error", "warning") == []
    again = open_store(store.path)
    assert (again.seq, contents(again)) == (5, contents(store))
    put(again, 5)
    assert [batch.n for batch in store.catch_up()] == [6]


def test_one_that_is_sound_is_made_anew_without_a_copy(store: FileStore) -> None:
    before = snapshot_of(store.path).read_bytes()
    assert rebuild(store.path).kept == ""
    assert snapshot_of(store.path).read_bytes() != before, "it holds five batches now"
    assert look(store.path).findings == ()


def test_old_ones_do_not_replace_each_other(store: FileStore) -> None:
    for n in (1, 2):
        rewrite(snapshot_of(store.path), f"{n}")
        assert rebuild(store.path).kept == f"db.json.old-{n}"
    assert [(store.path / "data" / f"db.json.old-{n}").read_text() for n in (1, 2)] == ["1", "2"]


def test_a_torn_write_is_no_part_of_what_is_rebuilt(store: FileStore) -> None:
    with journal_of(store.path).open("ab") as journal:
        journal.write(b'{"n":6,')
    assert rebuild(store.path).account.batches == 5
    assert open_store(store.path).seq == 5


def test_a_damaged_history_is_not_built_on(store: FileStore) -> None:
    raw = lines(store)
    write(store, raw[0], b"x" * 20 + b"\n", *raw[2:])
    before = snapshot_of(store.path).read_bytes()
    with pytest.raises(Damaged, match=r"not rebuilt.*good up to batch 1 .*batches 3-5 .* restore BACKUP"):
        rebuild(store.path)
    assert snapshot_of(store.path).read_bytes() == before


def test_a_history_that_ends_before_the_snapshot_is_not_built_on(store: FileStore) -> None:
    write(store, *lines(store)[:2])
    with pytest.raises(Damaged, match=r"goes up to batch 3, but the journal ends with batch 2.*Keep this folder"):
        rebuild(store.path)


def test_what_a_newer_opstui_wrote_is_not_built_on(store: FileStore) -> None:
    write(store, *lines(store), sealed(b'{"n":6,"v":2,"at":"2026-09-01T01:00:00Z"'))
    with pytest.raises(Damaged, match="newer opstui"):
        rebuild(store.path)


def test_nobody_puts_another_one_there_meanwhile(store: FileStore) -> None:
    fd = os.open(store.path / "data", os.O_RDONLY)
    flock(fd, LOCK_EX)
    thread = threading.Thread(target=rebuild, args=(store.path,))
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()
    before = snapshot_of(store.path).read_bytes()
    os.close(fd)
    thread.join(20)
    assert snapshot_of(store.path).read_bytes() != before


@pytest.mark.parametrize("call", ["write", "pwrite", "fdatasync", "replace", "fsync_folder"])
def test_a_rebuild_that_fails_leaves_what_was_there(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    rewrite(snapshot_of(store.path), "edited")

    def fail(*_args: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fs, call, fail)
    with pytest.raises(StoreError, match=r"could not be written .*the old one stands"):
        rebuild(store.path)
    monkeypatch.undo()
    assert snapshot_of(store.path).read_text() == "edited"
    rebuild(store.path)
    assert examine(store.path, NOW).sound


def test_what_is_no_workspace_is_not_rebuilt(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a workspace"):
        rebuild(tmp_path)


# ---------------------------------------------------------------------------------- backup and restore


def test_a_backup_taken_while_others_write_is_restored_to_the_state_of_its_number(store: FileStore) -> None:
    stop = threading.Event()
    put_more = [open_store(store.path) for _n in range(4)]

    def work(writer: FileStore) -> None:
        while not stop.is_set():
            run(writer, lambda tx: tx.put("notes", tx.next_id("notes"), {"text": "x"}))

    threads = [threading.Thread(target=work, args=(writer,)) for writer in put_more]
    for thread in threads:
        thread.start()
    number = store.backup(store.path.parent / "b")
    held = verify(store.path.parent / "b")
    stop.set()
    for thread in threads:
        thread.join()
    restored = restore(store.path.parent / "b", store.path.parent / "r")
    assert (restored.account, restored.rebuilt, held.batches) == (held, False, number)
    assert look(store.path.parent / "r").findings == ()
    at_that_time: dict[str, dict[int, Any]] = {}
    store.catch_up()
    for batch in store.history():
        for table, doc_id, patch in batch.changes if batch.n <= number else ():
            docs = at_that_time.setdefault(table, {})
            docs[doc_id] = (
                {**docs[doc_id], **{f: v[1] for f, v in patch.items()}} if isinstance(patch, dict) else patch[1]
            )
    assert contents(open_store(store.path.parent / "r")) == at_that_time


@pytest.fixture
def copy(store: FileStore) -> Path:
    """A backup with something beside the data."""
    (store.path / "sops").mkdir()
    (store.path / "sops" / "late.md").write_text("what to do")
    (store.path / "opstui.toml").write_text('name = "Toko"\n')
    store.backup(store.path.parent / "b")
    return store.path.parent / "b"


def test_a_damaged_workspace_is_not_backed_up_and_named(store: FileStore, tmp_path: Path) -> None:
    raw = lines(store)
    write(store, raw[0].replace(b"rina", b"rani"), *raw[1:])
    told = rf"{store.path} itself is damaged, so no backup was made.*good up to batch 0.*-w {store.path} doctor"
    with pytest.raises(Damaged, match=told):
        store.backup(tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_copy_that_is_not_the_same_does_not_stay(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fs.write

    def flip(fd: int, data: bytes) -> int:
        return real(fd, bytes(data).replace(b"Card 4", b"Cart 4"))

    monkeypatch.setattr(fs, "write", flip)
    with pytest.raises(StoreError, match=rf"{store.path} is sound, but what was copied .* Check the disk"):
        store.backup(tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_backup_that_was_cut_short_can_be_made_again(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "b" / ".opstui-init-1234" / "data").mkdir(parents=True)
    assert store.backup(tmp_path / "b") == 5
    assert sorted(file.name for file in (tmp_path / "b").iterdir()) == ["data", "opstui.toml"]


def test_what_is_no_damaged_workspace_is_told(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nothing is no workspace .*behind --newer-from"):
        restore(copy, tmp_path / "r", newer_from=tmp_path / "nothing")


def test_a_restored_workspace_is_a_workspace_of_its_own(store: FileStore, copy: Path, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    held = restore(copy, tmp_path / "new" / "r").account
    assert (held.batches, held.cards) == (5, {"orders": 4})
    again = open_store(tmp_path / "new" / "r")
    assert contents(again) == contents(store)
    assert list(again.history()) == list(store.history())
    assert (tmp_path / "new" / "r" / "sops" / "late.md").read_text() == "what to do"
    assert add(again) == 5
    assert {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("spoil", [row[1] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_a_backup_in_which_only_the_snapshot_is_bad_is_restored_from_its_history(
    store: FileStore, copy: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(snapshot_of(copy))
    rebuilt = restore(copy, tmp_path / "r").rebuilt
    edited = snapshot_of(copy).exists() and b"Card 2" in snapshot_of(copy).read_bytes()
    assert rebuilt is not edited
    assert contents(open_store(tmp_path / "r")) == contents(store)
    assert look(tmp_path / "r").findings == ()


@pytest.mark.parametrize("line", [0, 2, 4])
def test_a_backup_whose_history_is_damaged_is_not_restored(copy: Path, tmp_path: Path, line: int) -> None:
    raw = journal_of(copy).read_bytes().splitlines(keepends=True)
    raw[line] = raw[line].replace(b"rina", b"rani")
    journal_of(copy).write_bytes(b"".join(raw))
    with pytest.raises(Damaged, match=r"is damaged; nothing was made.* Take an older or another backup"):
        restore(copy, tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_a_backup_is_not_restored_over_something(copy: Path, store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine").touch()
    for target in (tmp_path / "r", store.path):
        with pytest.raises(Refused, match="not an empty folder"):
            restore(copy, target)
    assert [file.name for file in (tmp_path / "r").iterdir()] == ["mine"]


@pytest.mark.parametrize("call", ["write", "fdatasync", "replace", "fsync_folder", "mkdir"])
@pytest.mark.parametrize("turn", [1, 2])
def test_a_restore_that_fails_makes_nothing_and_can_be_done_again(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, turn: int
) -> None:
    real, seen = getattr(fs, call), []

    def fail(*args: Any) -> Any:
        seen.append(args)
        if len(seen) >= turn:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args)

    monkeypatch.setattr(fs, call, fail)
    with pytest.raises(StoreError, match=r"cannot be written .*nothing was made\. Make room"):
        restore(copy, tmp_path / "r")
    monkeypatch.undo()
    assert not (tmp_path / "r" / "data").exists()
    restore(copy, tmp_path / "r")
    assert look(tmp_path / "r").sound


def test_a_copy_that_is_not_what_it_should_be_is_told(store: FileStore, copy: Path) -> None:
    change(store, 1, title="later")
    rewrite(snapshot_of(copy), "x")
    with pytest.raises(StoreError, match="remove it and make another"):
        verify(copy)


# ---------------------------------------------------------------------------------- what a damaged journal still holds


@pytest.fixture
def longer(store: FileStore, copy: Path) -> FileStore:
    """The workspace of that backup, three batches later; the last is in a segment of its own."""
    for number in (5, 6, 7):
        put(store, number)
    raw = lines(store)
    write(store, *raw[:7])
    (store.watch_path / "00000002.jsonl").write_bytes(raw[7])
    return store


@pytest.mark.parametrize("spoilt", [0, 2, 4])
def test_what_is_whole_beyond_the_backup_comes_along(
    longer: FileStore, copy: Path, tmp_path: Path, spoilt: int
) -> None:
    state = contents(longer)
    raw = lines(longer)
    write(longer, *raw[:spoilt], b"x" + raw[spoilt][1:], *raw[spoilt + 1 :], b'{"n":99,')
    made = restore(copy, tmp_path / "r", newer_from=longer.path)
    assert (made.salvage.taken, made.account.batches) == (3, 8)
    assert look(tmp_path / "r").findings == ()
    again = open_store(tmp_path / "r")
    assert (again.seq, contents(again)) == (8, state)
    assert verify(tmp_path / "r") == made.account
    put(again, 8)
    assert open_store(tmp_path / "r").seq == 9


def test_only_up_to_the_next_damage_and_what_stays_behind_is_told(
    longer: FileStore, copy: Path, tmp_path: Path
) -> None:
    change(open_store(longer.path), 4, title="Later")
    raw = lines(longer)
    write(longer, b"x\n", *raw[1:6], b"y\n")
    last = longer.watch_path / "00000002.jsonl"
    made = restore(copy, tmp_path / "r", newer_from=longer.path)
    assert (made.account.batches, made.salvage.taken, made.salvage.lost) == (6, 1, (7,))
    told = [(left.n, left.by, left.at, left.cards) for left in made.salvage.left]
    assert told == [(8, "rina", AT, ("ORD-0007",)), (9, "rina", AT, ("ORD-0004",))]
    last.write_bytes(last.read_bytes().splitlines(keepends=True)[0])
    assert [left.n for left in restore(copy, tmp_path / "s", newer_from=longer.path).salvage.left] == [8]


def test_a_damaged_last_line_is_told_as_lost(longer: FileStore, copy: Path, tmp_path: Path) -> None:
    (longer.watch_path / "00000002.jsonl").write_bytes(b"y\n")
    salvage = restore(copy, tmp_path / "r", newer_from=longer.path).salvage
    assert (salvage.taken, salvage.lost, salvage.left) == (2, (8,), ())


def test_where_nothing_continues_the_backup_nothing_is_made(longer: FileStore, copy: Path, tmp_path: Path) -> None:
    raw = lines(longer)
    write(longer, *raw[:5], b"x\n", raw[6])
    with pytest.raises(
        Damaged, match=r"batch 6, which would continue the backup, is not whole in .*whole behind it: 7-8.*--newer-from"
    ):
        restore(copy, tmp_path / "r", newer_from=longer.path)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("last", ["another", "damaged"])
def test_another_history_is_not_joined_to_the_backup(longer: FileStore, copy: Path, tmp_path: Path, last: str) -> None:
    raw = lines(longer)
    other = reseal(raw[4], b"Card 4", b"Tart 4") if last == "another" else b"x\n"
    joined = reseal(raw[5], b'["cards",5,', b'["cards",4,')
    write(longer, *raw[:4], other, joined, raw[6])
    with pytest.raises(Damaged, match="they are two histories; nothing was made"):
        restore(copy, tmp_path / "r", newer_from=longer.path)
    assert not (tmp_path / "r").exists()
