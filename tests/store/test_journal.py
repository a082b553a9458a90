"""What stands in the journal, and what happens when something else stands there."""

from __future__ import annotations

import errno
import json
import os
import shutil
import zlib
from pathlib import Path

import pytest

from opstui.store import syscalls as fs
from opstui.store.codec import intact, unseal
from opstui.store.file import open_store
from opstui.store.protocol import Damaged, NewerFormat, StoreError
from store.making import SEGMENT, add, change, contents, journal_of, new_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed workspace of three batches, all of them behind db.json."""
    store = new_store(tmp_path / "w")
    for _n in range(3):
        add(store)
    store.close()
    return store.path


def sealed(body: str) -> bytes:
    return f'{body},"crc":"{zlib.crc32(body.encode()):08x}"}}\n'.encode()


def test_a_line_is_what_the_document_says(path: Path) -> None:
    store = open_store(path)
    change(store, 2, stage="payment")
    raw = journal_of(path).read_bytes().splitlines()[-1]
    body, crc = raw[:-18], raw[-10:-2]
    assert int(crc, 16) == zlib.crc32(body)
    assert json.loads(raw) == {
        "n": 4,
        "v": 1,
        "at": "2026-09-01T01:00:00Z",
        "by": "rina",
        "via": "cli",
        "changes": [["cards", 2, {"stage": ["new", "payment"]}]],
        "crc": crc.decode(),
    }


@pytest.mark.parametrize("tail", [b"", b"\0" * 20, b"\0" * 20 + b"\n", b"junk", b"junk\n", b'{"n":9'])
def test_a_torn_last_line_counts_for_nothing_and_is_cut(path: Path, tmp_path: Path, tail: bytes) -> None:
    whole = journal_of(path).read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    step = 7 if tail else 3  # where it is cut means the same, whatever stands behind it
    for cut in {*range(last, len(whole), step), *range(len(whole) - 3, len(whole))}:
        torn = shutil.copytree(path, tmp_path / f"{cut}")
        journal_of(torn).write_bytes(whole[:cut] + tail)
        (torn / "data" / "lock").write_bytes(b"")  # it was never acknowledged
        store = open_store(torn)
        assert (store.seq, store.problem) == (2, None)
        assert [b.n for b in store.history()] == [1, 2]
        assert add(store) == 3
        store.close()
        kept = [file.read_bytes() for file in (torn / "data").glob("torn-*")]
        assert kept == ([whole[last:cut] + tail] if whole[last:cut] + tail else [])
        again = open_store(torn)
        assert [b.n for b in again.history()] == [1, 2, 3]
        again.close()


@pytest.mark.parametrize("tail", [b"junk\n{", b"\n\0", b'x\n\n{"n":4,"v":1}\n', b"{}\n{}\n", b"\0" * 99 + b"\n\n"])
def test_more_than_a_part_of_one_line_is_no_torn_write(path: Path, tail: bytes) -> None:
    with journal_of(path).open("ab") as file:
        file.write(tail)
    raw = journal_of(path).read_bytes()
    with pytest.raises(Damaged, match="where batch 4 should be; nothing was changed and nothing is guessed"):
        open_store(path)
    assert journal_of(path).read_bytes() == raw


def test_several_damaged_lines_at_the_end_are_not_cut_by_an_open_store(path: Path) -> None:
    store = open_store(path)
    with journal_of(path).open("ab") as file:
        file.write(b"one\ntwo\n")
    with pytest.raises(Damaged):
        add(store)
    assert journal_of(path).read_bytes().endswith(b"one\ntwo\n")


def test_a_line_that_was_being_written_is_not_taken_for_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, reader = open_store(path), open_store(path)
    place = journal_of(path).stat().st_size
    add(writer)
    add(writer)
    real, calls = fs.pread, []

    def half_written(fd: int, count: int, offset: int) -> bytes:
        block = real(fd, count, offset)
        calls.append(offset)
        return b"\0" * 30 + block[30:] if offset == place and calls.count(place) == 1 else block

    monkeypatch.setattr(fs, "pread", half_written)
    assert reader.catch_up() == []
    assert [b.n for b in reader.catch_up()] == [4, 5]


def test_what_was_torn_twice_is_kept_twice(path: Path) -> None:
    for torn in (b"one", b"two"):
        raw = journal_of(path).read_bytes()
        journal_of(path).write_bytes(raw + torn)
        store = open_store(path)
        add(store)
        store.close()
        journal_of(path).write_bytes(raw)
        (path / "data" / "lock").write_bytes(b"")
    assert (path / "data" / "torn-4").read_bytes() == b"one"
    assert (path / "data" / "torn-4-2").read_bytes() == b"two"


def test_a_reader_leaves_a_torn_line_alone(path: Path) -> None:
    with journal_of(path).open("ab") as file:
        file.write(b'{"n":4,"v"')
    size = journal_of(path).stat().st_size
    store = open_store(path)
    assert store.catch_up() == []
    assert journal_of(path).stat().st_size == size


@pytest.mark.parametrize("at", [0, 1, 9, 40, -20, -1])
def test_damage_in_the_middle_is_refused_and_nothing_is_touched(path: Path, at: int) -> None:
    raw = bytearray(journal_of(path).read_bytes())
    begin, end = raw.index(b"\n") + 1, raw.rindex(b"\n", 0, -1) + 1
    raw[begin + at if at >= 0 else end + at] ^= 4
    journal_of(path).write_bytes(raw)
    with pytest.raises(
        Damaged, match=rf"{SEGMENT} is damaged at byte {begin}, where batch 2 should be .*nothing was changed"
    ):
        open_store(path)
    assert journal_of(path).read_bytes() == raw


def test_a_batch_that_is_missing_or_doubled_is_damage(path: Path) -> None:
    first, second, third = journal_of(path).read_bytes().splitlines(keepends=True)
    for wrong in (first + third, first + second + second + third, second + third):
        journal_of(path).write_bytes(wrong)
        with pytest.raises(Damaged, match="nothing is guessed"):
            open_store(path)


def test_damage_under_an_open_store_is_told_and_ends_its_writing(path: Path) -> None:
    store = open_store(path)
    raw = journal_of(path).read_bytes()
    other = open_store(path)
    add(other)
    add(other)
    other.close()
    broken = bytearray(journal_of(path).read_bytes())
    broken[len(raw) + 5] ^= 1
    journal_of(path).write_bytes(broken)
    with pytest.raises(Damaged):
        store.catch_up()
    with pytest.raises(Damaged):
        add(store)
    assert (store.seq, journal_of(path).read_bytes()) == (3, bytes(broken))


def test_a_line_with_a_good_crc_that_makes_no_sense_is_not_cut(path: Path) -> None:
    with journal_of(path).open("ab") as file:
        file.write(sealed('{"n":4,"v":1,"at":"yesterday"'))
    store = open_store(path)
    with pytest.raises(Damaged, match="batch 4"):
        add(store)


def test_a_patch_of_nothing_is_damage(path: Path) -> None:
    head = '{"n":4,"v":1,"at":"2026-09-01T01:00:00Z","by":"a","via":"b"'
    with journal_of(path).open("ab") as file:
        file.write(sealed(head + ',"changes":[["cards",99,{"a":[1,2]}]]'))
    with pytest.raises(Damaged, match="cards 99"):
        open_store(path)


def test_a_journal_that_shrank_is_refused(path: Path) -> None:
    store = open_store(path)
    raw = journal_of(path).read_bytes()
    journal_of(path).write_bytes(raw[:30])
    with pytest.raises(Damaged, match="was cut"):
        store.catch_up()


def test_a_newer_line_can_be_met_but_not_written_over(path: Path) -> None:
    with journal_of(path).open("ab") as file:
        file.write(sealed('{"n":4,"v":2,"whatever":[]'))
    store = open_store(path)
    assert store.seq == 3
    assert isinstance(store.problem, NewerFormat)
    assert store.catch_up() == []
    raw = journal_of(path).read_bytes()
    with pytest.raises(NewerFormat, match="newer opstui"):
        add(store)
    assert journal_of(path).read_bytes() == raw


def test_the_journal_goes_on_in_the_next_segment(path: Path) -> None:
    reader = open_store(path)
    (journal_of(path).parent / "00000002.jsonl").touch()
    writer = open_store(path)
    assert add(writer) == 4
    assert add(writer) == 5
    assert [b.n for b in reader.catch_up()] == [4, 5]
    assert [b.n for b in reader.history()] == [1, 2, 3, 4, 5]
    assert [b.n for b in reader.history(3)] == [4, 5]
    assert [reader.batch(n).n for n in (1, 3, 4, 5)] == [1, 3, 4, 5]  # type: ignore[union-attr]
    assert writer.snapshot()
    assert contents(open_store(path)) == contents(reader)


def test_a_missing_segment_in_the_middle_is_damage(path: Path) -> None:
    folder = journal_of(path).parent
    (folder / "00000002.jsonl").touch()
    add(open_store(path))
    (folder / "00000003.jsonl").touch()
    add(open_store(path))
    (folder / "00000002.jsonl").unlink()
    with pytest.raises(Damaged, match=r"00000002\.jsonl is missing"):
        open_store(path)


@pytest.mark.parametrize("name", ["lock", "db.json", f"journal/{SEGMENT}"])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_folder_where_a_file_should_be_is_told_in_a_line(
    path: Path, monkeypatch: pytest.MonkeyPatch, name: str, read_only: bool
) -> None:
    (path / "data" / name).unlink()
    (path / "data" / name).mkdir()
    real = fs.open_file

    def refusing(file: Path, flags: int) -> int:
        if read_only and flags & (os.O_RDWR | os.O_WRONLY):
            raise PermissionError(errno.EACCES, "no", str(file))
        return real(file, flags)

    monkeypatch.setattr(fs, "open_file", refusing)
    if read_only and name == "lock":
        assert open_store(path).seq == 3
        return
    with pytest.raises(StoreError, match=rf"{name} .*directory.*nothing was changed\. ."):
        open_store(path)


def test_damage_is_told_to_those_who_may_only_look_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fs.open_file

    def refusing(file: Path, flags: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise PermissionError(errno.EACCES, "no", str(file))
        return real(file, flags)

    monkeypatch.setattr(fs, "open_file", refusing)
    raw = journal_of(path).read_bytes()
    journal_of(path).write_bytes(b"X" + raw[1:])
    with pytest.raises(Damaged, match="where batch 1 should be"):
        open_store(path)


def test_a_disk_that_cannot_be_read_is_told_in_a_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(path)
    add(open_store(path))

    def failing(*_args: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fs, "pread", failing)
    for ask in (store.catch_up, lambda: list(store.history())):
        with pytest.raises(Damaged, match=rf"{SEGMENT} cannot be read \(Input/output error\)"):
            ask()


def test_a_torn_line_before_a_further_segment_is_damage(path: Path) -> None:
    (journal_of(path).parent / "00000002.jsonl").touch()
    with journal_of(path).open("ab") as file:
        file.write(b"torn")
    with pytest.raises(Damaged):
        open_store(path)


def test_a_line_longer_than_a_block_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(path)
    change(store, 1, description="x" * 3_000_000)
    change(store, 2, note="after")
    other = open_store(path)
    assert contents(other) == contents(store)
    assert [b.n for b in other.history(3)] == [4, 5]
    real = fs.pread
    monkeypatch.setattr(fs, "pread", lambda fd, count, offset: real(fd, min(count, 7), offset))
    assert unseal(journal_of(path).read_bytes().splitlines()[-1]) is not None


def test_what_only_looks_like_the_start_of_a_line_is_no_batch(path: Path) -> None:
    store = open_store(path)
    change(store, 1, note='\n{"n":5,"v":1}\n')
    change(store, 2, note="after")
    assert store.batch(5) == next(iter(store.history(4)))
    assert store.batch(5).changes[0][1] == 2  # type: ignore[union-attr]


def test_history_that_cannot_be_read_says_where(path: Path) -> None:
    store = open_store(path)
    raw = bytearray(journal_of(path).read_bytes())
    raw[20] ^= 1
    journal_of(path).write_bytes(raw)
    with pytest.raises(Damaged, match="batch 1"):
        list(store.history())
    journal_of(path).unlink()
    with pytest.raises(StoreError):
        list(store.history())


@pytest.mark.parametrize("raw", [b"", b"}", b'","crc":"zzzzzzzz"}', b'{"n":1,"crc":"00000000"}', b"\0" * 40])
def test_bytes_that_are_no_line(raw: bytes) -> None:
    assert not intact(raw)
    assert unseal(raw) is None


@pytest.mark.parametrize(("call", "seen"), [("mode", False), ("listdir", True)])
def test_no_permission_is_not_told_as_no_workspace(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, *, seen: bool
) -> None:
    def shut(file: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))

    (path / "data" / "db.json").unlink()
    monkeypatch.setattr(fs, "exists", lambda _file: seen)
    monkeypatch.setattr(fs, call, shut)
    with pytest.raises(StoreError, match=r"data/journal cannot be read by you \(permission denied\); ask its owner"):
        open_store(path)


def test_where_there_is_nothing_a_workspace_can_be_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is not a workspace .* opstui init"):
        open_store(tmp_path / "nothing")
