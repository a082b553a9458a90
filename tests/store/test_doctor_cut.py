"""A history that ends too early, and what was put aside of it: nothing goes backwards, nothing is called useless."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from opstui.store import syscalls as fs
from opstui.store.doctor import rebuild
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import Damaged, StoreError
from opstui.store.restore import restore
from store.damage import codes, five, lines, look, only, put, write
from store.making import journal_of, rewrite


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return five(tmp_path / "w")


def files(path: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}


def snapshot_of(path: Path) -> Path:
    return path / "data" / "db.json"


SPOILT = [
    ("edited", lambda text: text.replace("Card 2", "Mine")),
    ("unsealed", lambda text: text.replace('"sum":', '"su":')),
    ("cut in a document", lambda text: text[: text.index("Card 3")]),
    ("cut in the head", lambda text: text[: text.index('"ids"')]),
    ("written by a TinyDB", lambda text: text.replace("\n", "").replace('":', '": ')),
    ("no document", lambda text: text.replace('"title"', "title")),
]


@pytest.mark.parametrize("spoil", [row[1] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_nothing_goes_backwards_where_db_json_is_spoilt_and_goes_further(
    store: FileStore, tmp_path: Path, spoil: Any
) -> None:
    store.snapshot()
    write(store, *lines(store)[:2])
    rewrite(snapshot_of(store.path), spoil(snapshot_of(store.path).read_text()))
    before = files(store.path)
    report = look(store.path)
    assert "journal-cut" in codes(report, "error")
    assert not any(f.next.startswith("`opstui doctor --rebuild`") for f in report.findings)
    told = r"goes up to batch 5, but the journal ends with batch 2"
    with pytest.raises(Damaged, match=told):
        rebuild(store.path)
    with pytest.raises(Damaged, match=rf"is damaged; nothing was made.*{told}"):
        restore(store.path, tmp_path / "r")
    assert (files(store.path), (tmp_path / "r").exists()) == (before, False)


def test_a_number_that_was_written_by_hand_is_a_way_back_too(store: FileStore) -> None:
    file = snapshot_of(store.path)
    rewrite(file, file.read_text().replace('"seq":3', '"seq":999'))
    report = look(store.path)
    cut = next(f for f in report.findings if f.code == "journal-cut")
    assert "move db.json out of the workspace" in cut.next
    file.rename(store.path.parent / "kept")
    assert rebuild(store.path).account.batches == 5
    assert look(store.path).findings == ()


def test_an_old_db_json_that_goes_further_is_never_to_be_deleted(store: FileStore) -> None:
    data = store.path / "data"
    (data / "db.json.old-1").write_bytes(snapshot_of(store.path).read_bytes())
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("note", "replaced")
    assert finding.next.startswith("look whether it holds something")
    text = snapshot_of(store.path).read_text()
    for name in ("db.json.old-1", "db.json.v0"):
        (data / name).write_text(text.replace('"seq":3', '"seq":9'))
    for finding in look(store.path).findings:
        assert (finding.level, finding.next[:16]) == ("warning", "never delete it:")
        assert "up to batch 9, further than the history (5)" in finding.says


def test_the_end_of_a_journal_that_was_cut_is_left_alone_and_told(store: FileStore) -> None:
    store.snapshot()
    raw = lines(store)
    write(store, *raw[:3], raw[3][:120])
    (store.path / "data" / "db.json.tmp").touch()
    before = files(store.path)
    report = look(store.path)
    assert codes(report) == ["journal-cut", "torn"]
    tail = report.findings[1]
    assert (tail.level, "behind batch 3 stand 120 bytes of a line; nothing was altered" in tail.says) == ("note", True)
    assert "batch 4, by rina, 2026-09-01 08:00:00 Asia/Jakarta" in tail.says
    assert tail.next == "keep them: they are what is left of batch 4, which was acknowledged"
    assert files(store.path) == before


def test_a_tail_that_only_lacks_its_newline_is_a_torn_write_like_any_other(store: FileStore) -> None:
    raw = lines(store)
    write(store, *raw[:4], raw[4][:-1])
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("mended", "torn")
    assert "keep it until somebody has looked: it looks like a whole line (batch 5, by rina" in finding.next
    assert open_store(store.path).seq == 4


LEFT = [
    (b'{"n":5,"v":1,"at":"2026-09-01T01:00:00Z","by":"ani","via":"cli","events":[{"kind":"moved"', False),
    (b'{"n":5,"v":1', False),
    (b"\0\0\0", False),
    (
        b'{"n":5,"v":1,"at":"2026-09-01T01:00:00Z","by":"ani","events":[{"kind":"moved"}],"changes":[["cards",1,[null,{"kind":"order"}]]],"crc":"12',
        True,
    ),
    (b"garbage\n", True),
]


@pytest.mark.parametrize(("raw", "suspicious"), LEFT)
def test_what_was_cut_off_is_told_with_what_can_be_read_of_it(
    store: FileStore, raw: bytes, *, suspicious: bool
) -> None:
    (store.path / "data" / "torn-5").write_bytes(raw)
    os.utime(store.path / "data" / "torn-5", (0, 0))
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("warning" if suspicious else "note", "torn")
    assert "no acknowledged change" not in finding.says + finding.next
    if b"ani" in raw:
        assert finding.says.endswith(": batch 5, by ani, 2026-09-01 08:00:00 Asia/Jakarta, moved")
    time = "2026-09-01 08:00:00" if b"ani" in raw else "1970-01-01 07:00:00"
    told = "keep it until" if suspicious else f"if somebody misses a change of about {time} Asia/Jakarta"
    assert finding.next.startswith(told)


def test_a_bit_that_flipped_in_the_last_line_is_kept_as_what_it_may_be(store: FileStore) -> None:
    raw = lines(store)
    write(store, *raw[:4], raw[4].replace(b"Card 4", b"Card 5", 1))
    put(open_store(store.path), 4)
    finding = only(look(store.path))
    assert (finding.level, finding.place) == ("warning", "data/torn-5")
    assert "it may be a change that was acknowledged" in finding.says
    assert "batch 5, by rina, " in finding.says


def test_db_json_that_goes_further_than_the_good_history_is_told_with_its_cards(store: FileStore) -> None:
    assert look(store.path).further is None
    store.snapshot()
    raw = lines(store)
    write(store, raw[0], b"x\n", *raw[2:])
    further = look(store.path).further
    assert further is not None
    assert (further.seq, further.cards) == (5, 4)


# ---------------------------------------------------------------------------------- what the lock knows


def says_last(store: FileStore, text: bytes) -> None:
    (store.path / "data" / "lock").write_bytes(b" " * 119 + b"\n-" + text)


@pytest.mark.parametrize("text", [b"", b"?", b"-" * 20, b"%020d" % 5, b"%019d" % 9, b"%020d" % 0])
def test_a_lock_that_knows_of_no_later_batch_says_nothing(store: FileStore, text: bytes) -> None:
    says_last(store, text)
    assert look(store.path).findings == ()


def test_a_lock_that_knows_of_a_later_batch_tells_that_the_journal_was_cut(store: FileStore) -> None:
    says_last(store, b"%020d" % 7)
    finding = only(look(store.path))
    assert (finding.level, finding.code, finding.place) == ("error", "journal-cut", "data/lock")
    assert "batch 7 was written here, the journal ends with 5" in finding.says
    assert "if you put it back: nothing to do, the next change clears this" in finding.next


def test_a_last_line_that_was_acknowledged_is_not_cut_off(store: FileStore) -> None:
    raw = lines(store)
    write(store, *raw[:4], raw[4].replace(b"Card 4", b"Card 5", 1))
    says_last(store, b"%020d" % 5)
    before = files(store.path)
    report = look(store.path)
    assert codes(report) == ["journal-cut", "torn"]
    assert report.findings[1].next.endswith("what is left of batch 5, which was acknowledged")
    assert files(store.path) == before


def test_where_the_lock_knows_it_a_torn_write_is_said_to_hold_nothing(store: FileStore) -> None:
    raw = lines(store)
    write(store, *raw[:4], raw[4][:-1])
    says_last(store, b"%020d" % 4)
    assert only(look(store.path)).next == "nothing to do: no acknowledged change was in it"


# ---------------------------------------------------------------------------------- files that are gone, strange, shut


@pytest.mark.parametrize("gap", [2, 3])
def test_a_copy_of_a_segment_is_to_be_moved_away_and_nothing_restored(
    store: FileStore, tmp_path: Path, gap: int
) -> None:
    stray = store.watch_path / f"{gap:08}.jsonl"
    stray.write_bytes(b"".join(lines(store)[:4]))
    finding = only(look(store.path))
    assert (finding.level, finding.code, finding.place) == ("error", "journal-copy", f"data/journal/{stray.name}")
    assert "The history is whole up to batch 5 (2026-09-01 08:00:00 Asia/Jakarta)" in finding.says
    assert finding.next == "move that file out of data/journal; nothing else is needed"
    assert restore(store.path, tmp_path / "r").account.batches == 5
    assert look(tmp_path / "r").findings == ()
    stray.unlink()
    assert look(store.path).findings == ()


def test_another_history_as_the_next_segment_is_no_copy(store: FileStore, tmp_path: Path) -> None:
    raw = lines(five(tmp_path / "other"))
    write(store, *raw[:1], *lines(store)[1:])
    (store.watch_path / "00000002.jsonl").write_bytes(b"".join(raw[:4]).replace(b"Card 3", b"Tart 3"))
    assert codes(look(store.path)) == ["journal-damaged"]


def test_many_damaged_lines_of_a_segment_are_one_finding(store: FileStore) -> None:
    raw = lines(store)
    write(store, raw[0], b"a\n", b"b\n", raw[3], b"c\n", raw[4])
    finding = only(look(store.path))
    at = len(raw[0])
    assert finding.place == f"data/journal/00000001.jsonl, byte {at}"
    assert f"and so at 2 more places behind it (bytes {at + 2}, {at + 4 + len(raw[3])})" in finding.says


def test_a_journal_that_is_gone_is_a_finding(store: FileStore) -> None:
    for file in store.watch_path.iterdir():
        file.unlink()
    store.watch_path.rmdir()
    report = look(store.path)
    assert [(f.level, f.code, f.place) for f in report.findings] == [("error", "journal-damaged", "data/journal")]
    assert report.further is not None
    with pytest.raises(Damaged, match=r"not rebuilt.*data/journal: it is missing"):
        rebuild(store.path)


def shut(monkeypatch: pytest.MonkeyPatch, name: str, *, writing: bool) -> None:
    real = fs.open_file

    def refuse(path: Path, flags: int) -> int:
        if re.search(name, path.name) and (not writing or flags & (os.O_RDWR | os.O_WRONLY)):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags)

    monkeypatch.setattr(fs, "open_file", refuse)


def test_db_json_that_i_may_not_read_is_a_matter_of_rights(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut(monkeypatch, r"db\.json$", writing=False)
    finding = only(look(store.path))
    assert (finding.level, finding.code, finding.place) == ("error", "no-access", "data/db.json")
    assert "ask its owner for the right to read it" in finding.next
    with pytest.raises(Damaged, match="you may not read it"):
        rebuild(store.path)
    with pytest.raises(Damaged, match="you may not read it"):
        restore(store.path, tmp_path / "r")


def test_a_rebuild_without_the_right_to_write_asks_for_it(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    shut(monkeypatch, r"\.tmp$", writing=True)
    with pytest.raises(StoreError, match=r"the old one stands\. Ask the workspace's owner for the right to write in"):
        rebuild(store.path)


@pytest.mark.parametrize("entry", ["data/lock", "data/journal/00000001.jsonl"])
def test_what_not_even_its_owner_may_write_is_told(store: FileStore, entry: str) -> None:
    (store.path / entry).chmod(0)
    finding = next(f for f in look(store.path).findings if f.code == "read-only")
    assert (finding.level, finding.place) == ("warning", entry)
    assert finding.next.endswith(f"chmod u+rw {entry}")


def test_what_i_may_not_write_is_told(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    shut(monkeypatch, "lock", writing=True)
    finding = only(look(store.path))
    assert (finding.level, finding.code, finding.place) == ("note", "read-only", "data/lock")


def test_settings_that_are_missing_are_told(store: FileStore) -> None:
    (store.path / "opstui.toml").unlink()
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("error", "settings")
    assert "currency, zone and boards are guessed" in finding.says
    assert finding.next == f"take it from a backup: copy BACKUP/opstui.toml to {store.path / 'opstui.toml'}"


def test_settings_that_are_broken_are_told_once_with_the_folder(store: FileStore) -> None:
    (store.path / "opstui.toml").write_text("name = \n")
    finding = only(look(store.path))
    assert not finding.says.startswith("opstui.toml")
    assert f"put that right in {store.path / 'opstui.toml'}" in finding.next


def test_one_byte_is_one_byte_and_empty_torn_files_are_no_riddle(store: FileStore) -> None:
    with journal_of(store.path).open("ab") as journal:
        journal.write(b"{")
    assert only(look(store.path)).says.startswith("1 byte of an unfinished write stood at its end")
    (store.path / "data" / "torn-6").write_bytes(b"")
    assert "What can be read of it: nothing" in only(look(store.path)).says
