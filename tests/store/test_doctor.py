"""The doctor: every sort of damage is found, told with a next step, and mended where it cannot be wrong."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable
from datetime import timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from builders import card_doc
from opstui.store import lock, place
from opstui.store import syscalls as fs
from opstui.store.doctor import examine, read
from opstui.store.doctor.finding import few
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import StoreError
from store.damage import NOW, codes, five, lines, look, only, put, reseal, sealed, write
from store.making import AT, contents, journal_of, new_store, run
from store.test_several import writer


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return five(tmp_path / "w")


def test_a_sound_workspace_is_sound_and_nothing_is_touched(store: FileStore) -> None:
    before = {file: file.read_bytes() for file in store.path.rglob("*") if file.is_file()}
    report = look(store.path)
    assert (report.findings, report.sound) == ((), True)
    held = report.account
    assert (held.cards, held.batches, held.segments, held.at) == ({"orders": 4}, 5, 1, AT)
    assert held.bytes == journal_of(store.path).stat().st_size
    assert {file: file.read_bytes() for file in store.path.rglob("*") if file.is_file()} == before


def test_it_works_out_the_same_state_as_the_store(store: FileStore) -> None:
    run(store, lambda tx: tx.delete("cards", 2))
    history, _snapshot = read(store.path)
    assert {name: docs for name, docs in history.state.tables.items() if docs} == contents(store)


def test_every_flipped_byte_of_the_journal_is_noticed(store: FileStore) -> None:
    whole = journal_of(store.path).read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for at in range(0, len(whole), 5):
        journal_of(store.path).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        report = look(store.path)
        if at < last - 1:
            assert (report.sound, report.account.batches) == (False, whole[:at].count(b"\n")), at
        else:  # in the last line: as a torn write would leave it, or a line joined with the next
            assert codes(report)[0] in {"torn", "journal-damaged"}, at


def test_every_flipped_byte_of_the_snapshot_is_noticed(store: FileStore) -> None:
    snapshot = store.path / "data" / "db.json"
    whole = snapshot.read_bytes()
    for at in range(0, len(whole), 5):
        snapshot.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        report = look(store.path)
        assert report.account.batches == 5
        assert codes(report, "error", "warning"), at


def test_every_cut_of_the_journal_behind_the_snapshot_is_a_torn_write_that_is_mended(store: FileStore) -> None:
    whole = journal_of(store.path).read_bytes()
    start = len(b"".join(lines(store)[:4]))
    for end in range(start + 1, len(whole), 9):
        journal_of(store.path).write_bytes(whole[:end])
        finding = only(look(store.path))
        assert (finding.level, finding.code) == ("mended", "torn")
        kept = store.path / "data" / "torn-5"
        assert (kept.read_bytes(), journal_of(store.path).stat().st_size) == (whole[start:end], start)
        told = only(look(store.path))
        level = "warning" if b',"crc":"' in kept.read_bytes() else "note"
        assert (told.level, told.code, told.place) == (level, "torn", "data/torn-5")
        kept.unlink()


@pytest.mark.parametrize("rest", [b"\0" * 40, b'{"n":6,', b"junk\n"])
def test_what_a_dead_writer_left_is_cut_off(store: FileStore, rest: bytes) -> None:
    with journal_of(store.path).open("ab") as journal:
        journal.write(rest)
    assert codes(look(store.path)) == ["torn"]
    assert look(store.path).sound
    assert open_store(store.path).seq == 5


MIDDLE: list[tuple[str, Callable[[list[bytes]], list[bytes]], str]] = [
    ("a letter", lambda raw: [raw[0], raw[1].replace(b"Card", b"Bard"), *raw[2:]], "up to batch 1 .*; batches 3-5 "),
    ("a line gone", lambda raw: [raw[0], *raw[2:]], "batch 3 stands there already.* batches 3-5 behind"),
    ("a line twice", lambda raw: [*raw[:2], raw[1], *raw[2:]], "batch 2 stands there again.* batches 2-5 behind"),
    ("two changed", lambda raw: [raw[0], b"x\n", raw[2], b"y\n", raw[4]], "batches 3, 5 behind"),
    ("an empty line", lambda raw: [raw[0], b"\n", *raw[1:]], "batches 2-5 behind it are whole"),
    ("the beginning", lambda raw: raw[1:], "batch 2 stands there already. The history is good up to batch 0;"),
    ("the end", lambda raw: [*raw[:4], raw[4][:30] + b"\n", b"z\n"], "up to batch 4 .*; nothing whole follows"),
]


@pytest.mark.parametrize(("spoil", "says"), [row[1:] for row in MIDDLE], ids=[row[0] for row in MIDDLE])
def test_damage_in_the_middle_is_told_with_how_far_it_is_good(
    store: FileStore, spoil: Callable[[list[bytes]], list[bytes]], says: str
) -> None:
    spoilt = spoil(lines(store))
    write(store, *spoilt)
    report = look(store.path)
    assert not report.sound
    first = report.findings[0]
    assert first.code == "journal-damaged"
    assert first.place.startswith("data/journal/00000001.jsonl, byte ")
    assert re.search(says, first.says), first.says
    assert "opstui restore BACKUP NEW-FOLDER --newer-from" in first.next
    assert journal_of(store.path).read_bytes() == b"".join(spoilt), "nothing is guessed"
    assert list((store.path / "data").glob("torn-*")) == []


def test_a_journal_that_was_cut_behind_its_snapshot_is_damage_and_no_torn_write(store: FileStore) -> None:
    whole = journal_of(store.path).read_bytes()
    journal_of(store.path).write_bytes(whole[: len(b"".join(lines(store)[:2])) + 20])
    report = look(store.path)
    assert codes(report, "error") == ["journal-cut"]
    assert "up to batch 3, but the journal ends with batch 2" in report.findings[0].says
    assert "Keep this folder" in report.findings[0].next


def test_segments_are_read_one_after_the_other_and_a_gap_is_damage(store: FileStore) -> None:
    raw = lines(store)
    folder = store.watch_path
    write(store, *raw[:3])
    (folder / "00000002.jsonl").write_bytes(raw[3])
    (folder / "00000003.jsonl").write_bytes(raw[4])
    told: list[tuple[int, int]] = []
    report = examine(store.path, NOW, lambda done, total: told.append((done, total)))
    assert (report.findings, report.account.batches, report.account.segments) == ((), 5, 3)
    assert [told[0], told[-1]] == [(0, report.account.bytes), (report.account.bytes, report.account.bytes)]
    (folder / "00000002.jsonl").rename(folder / "aside")
    report = look(store.path)
    assert codes(report) == ["journal-damaged", "strange"]
    assert report.findings[0].place == "data/journal/00000002.jsonl, byte 0"
    assert "it is missing, though 00000003.jsonl is there. The history is good up to batch 3" in report.findings[0].says


def test_a_closed_segment_ends_in_a_whole_line(store: FileStore) -> None:
    raw = lines(store)
    write(store, *raw[:4], raw[4][:50])
    (store.watch_path / "00000002.jsonl").touch()
    report = look(store.path)
    assert codes(report) == ["journal-damaged"]
    assert "ends in a part of a line, though more follows" in report.findings[0].says


def test_a_journal_that_is_not_there_is_told(store: FileStore) -> None:
    journal_of(store.path).unlink()
    assert codes(look(store.path), "error") == ["journal-damaged", "journal-cut"][:1]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b'["Card 1","Other"]', b'["Card 9","Other"]', "before it, title held something else"),
        (b'["cards",1,', b'["cards",9,', "it is changed, but was not there"),
    ],
)
def test_a_line_that_contradicts_those_before_it_is_told(store: FileStore, old: bytes, new: bytes, says: str) -> None:
    raw = lines(store)
    write(store, *raw[:3], reseal(raw[3], old, new), raw[4])
    report = look(store.path)
    assert codes(report, "error") == ["contradiction"]
    assert says in report.findings[0].says
    assert report.findings[0].place.startswith("batch 4, cards ")


def test_lines_of_a_newer_opstui_are_not_judged(store: FileStore) -> None:
    write(store, *lines(store), sealed(b'{"n":6,"v":2,"at":"2026-09-01T01:00:00Z"'))
    finding = only(look(store.path))
    assert (finding.level, finding.code, finding.place) == ("error", "newer", "batch 6")


# ---------------------------------------------------------------------------------- db.json


EDITS = [
    ('"seq":3', '"seq":2', "snapshot-edited"),
    ("Card 2", "Card 9", "snapshot-edited"),
    ('"snapshot"', '"snapsho"', "snapshot-edited"),
    ('"id":2', '"id":3', "snapshot-edited"),
    ('"_meta"', '"_beta"', "snapshot-damaged"),
    ("{", "", "snapshot-edited"),
    ('"title"', "title", "snapshot-damaged"),
    ('"sum":', '"su":', "snapshot-unsealed"),
]


@pytest.mark.parametrize(("old", "new", "code"), EDITS, ids=[f"{old}->{new}" for old, new, _code in EDITS])
def test_a_snapshot_that_was_edited_is_told(store: FileStore, old: str, new: str, code: str) -> None:
    snapshot = store.path / "data" / "db.json"
    snapshot.write_text(snapshot.read_text().replace(old, new, 1))
    report = look(store.path)
    assert codes(report)[0] == code
    assert "doctor --rebuild" in report.findings[0].next


def forge(store: FileStore, old: str, new: str) -> None:
    """Edit db.json and make its sum right again."""
    snapshot = store.path / "data" / "db.json"
    text = snapshot.read_text()
    assert old in text
    text = text.replace(old, new, 1)
    at = text.index('"sum":"') + 7
    blank = text[:at] + "00000000" + text[at + 8 :]
    snapshot.write_text(f"{text[:at]}{zlib.crc32(blank.encode()):08x}{text[at + 8 :]}")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Card 2", "Card 9", "cards 2 differs in title"),
        ('"3":{', '"7":{', "cards 7 should not be there, cards 3 is missing"),
        ('"ids":{"cards":3', '"ids":{"cards":4', "the last number of cards"),
    ],
)
def test_a_snapshot_is_held_against_the_history(store: FileStore, old: str, new: str, says: str) -> None:
    forge(store, old, new)
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("error", "snapshot-differs")
    assert says in finding.says


def test_a_snapshot_that_continues_elsewhere_is_told(store: FileStore) -> None:
    forge(store, '"offset":', '"offset":1')
    assert codes(look(store.path)) == ["snapshot-place"]


def test_a_workspace_without_a_snapshot_is_sound(store: FileStore) -> None:
    (store.path / "data" / "db.json").unlink()
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("note", "no-snapshot")
    (store.path / "data" / "db.json").mkdir()
    assert codes(look(store.path)) == ["snapshot-damaged"]


def test_what_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="opstui init"):
        look(tmp_path)


# ---------------------------------------------------------------------------------- what documents say


ODD: list[tuple[str, str, dict[str, Any], str]] = [
    ("dangling-link", "cards", {"links": [{"relation": "blocks", "card": 99}]}, "ORD-0009 to 99"),
    ("dangling", "comments", {"card": 99, "text": "x"}, "card names none of cards: 9"),
    ("dangling", "metrics", {"card": 99}, "card names none of cards: 9"),
    ("dangling", "movements", {"product": 99}, "product names none of products: 9"),
    ("dangling", "postmortems", {"card": 99, "ref": "PM-2026-001"}, "card names none of cards: 9"),
    ("dangling", "cards", {"postmortem": "PM-2026-001", "kind": "action", "board": "actions", "stage": "todo"}, "0009"),
    ("ref-twice", "cards", {"ref": "ORD-0001"}, "refs that two cards have: ORD-0001"),
    ("external-twice", "cards", {"source": "a", "external_id": "b"}, "a: b"),
    ("other-id", "cards", {"id": 3}, "documents whose id is not their own: 9"),
    ("no-board", "cards", {"board": "gone"}, "ORD-0009"),
    ("no-stage", "cards", {"stage": "gone"}, "ORD-0009 (gone)"),
    ("not-a-card", "cards", {"created": "soon"}, "created"),
]


@pytest.mark.parametrize(("code", "table", "extra", "says"), ODD, ids=[f"{r[0]}-{r[1]}" for r in ODD])
def test_documents_that_point_nowhere_are_told(
    store: FileStore, code: str, table: str, extra: dict[str, Any], says: str
) -> None:
    run(store, lambda tx: tx.put("cards", 5, card_doc(5, source="a", external_id="b")))
    odd = {**card_doc(9), **extra} if table == "cards" else extra
    run(store, lambda tx: tx.put(table, 9, odd))
    report = look(store.path)
    found = [finding for finding in report.findings if finding.code != "numbers"]
    assert [(finding.level, finding.code, finding.place) for finding in found] == [("warning", code, table)]
    assert says in found[0].says


def test_a_number_that_could_be_handed_out_again_is_an_error(store: FileStore) -> None:
    run(store, lambda tx: tx.put("cards", 9, card_doc(9)))
    report = look(store.path)
    assert [(f.level, f.code, f.place) for f in report.findings] == [("error", "numbers", "ORD-0009")]


def test_settings_that_cannot_be_read_are_told_and_the_data_is_looked_at_all_the_same(store: FileStore) -> None:
    (store.path / "opstui.toml").write_text("currency = 3\n")
    report = look(store.path)
    assert codes(report) == ["settings"]
    assert "line 1, currency" in report.findings[0].says


# ---------------------------------------------------------------------------------- what lies around


def test_a_clock_that_ran_backwards_or_ahead_is_told(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    for number, hours in ((1, 0), (2, 5), (3, 2), (4, 3)):
        put(store, number, at=AT + timedelta(hours=hours))
    assert codes(look(store.path, AT + timedelta(hours=6))) == ["clock-back"]
    report = look(store.path, AT + timedelta(hours=4))
    assert codes(report) == ["clock-back", "clock-ahead"]
    assert "set back by up to 3:00:00 (batch 3)" in report.findings[0].says
    assert report.findings[1].place == "batch 2"
    assert "was written at 2026-09-01 13:00:00 Asia/Jakarta, which is still to come" in report.findings[1].says
    assert report.sound


def test_an_import_that_is_told_at_a_time_of_its_own_sets_no_clock_back(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    for number, hours, via in ((1, 0, "cli"), (2, 9, "import"), (3, 2, "cli"), (4, 3, "import"), (5, 1, "cli")):
        put(store, number, at=AT + timedelta(hours=hours), via=via)
    finding = only(look(store.path))
    assert (finding.code, finding.place, "by up to 1:00:00" in finding.says) == ("clock-back", "batch 5", True)


@pytest.mark.parametrize(
    ("entry", "mode", "code"),
    [
        ("", 0o777, "writable-by-all"),
        ("", 0o775, "readable-by-all"),
        ("journal/00000001.jsonl", 0o640, "not-for-group"),
        ("journal", 0o750, "not-for-group"),
        ("lock", 0o600, "not-for-group"),
    ],
)
def test_rights_that_are_too_wide_or_too_narrow_are_told(store: FileStore, entry: str, mode: int, code: str) -> None:
    data = store.path / "data"
    for file in data.rglob("*"):
        file.chmod(0o770 if file.is_dir() else 0o660)
    data.chmod(0o770)
    assert look(store.path).findings == ()
    (data / entry).chmod(mode)
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("warning", code)
    assert f"data/{entry}".rstrip("/") in finding.place
    assert "chmod" in finding.next


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_file_of_another_group_is_told(store: FileStore) -> None:
    os.chown(journal_of(store.path), -1, 12345)
    assert codes(look(store.path)) == ["other-group"]


def test_little_room_is_told(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs, "free", lambda _path: 3_000_000)
    finding = only(look(store.path))
    assert (finding.level, finding.code, "only 3 MB" in finding.says) == ("warning", "little-room", True)


def test_a_network_file_system_is_told(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs, "mounts", lambda: "1 1 0:1 / / rw - nfs4 server:/ rw\n")
    monkeypatch.setattr("opstui.store.place.sys.platform", "linux")
    assert place.file_system(store.path) == "nfs4"
    finding = only(look(store.path))
    assert (finding.level, finding.code, "nfs4" in finding.says) == ("warning", "network", True)


def test_a_lock_that_is_gone_is_no_harm(store: FileStore) -> None:
    (store.path / "data" / "lock").unlink()
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("note", "no-lock")


def test_files_left_half_made_go_and_strange_ones_are_named(store: FileStore) -> None:
    data = store.path / "data"
    half = [
        "db.json.tmp",
        "db.json.v0.tmp",
        "db.idx.tmp",
        "journal/00000001.sum.tmp",
        "journal/00000007.sum",
    ]
    other = ["db.idx"]
    kept = ["torn-9", "torn-9-2", "db.json.v0", "db.json.old-1", "journal/00000001.sum"]
    strange = ["notes", "journal/x"]
    for name in (*half, *other, *kept, *strange):
        (data / name).write_text("x")
    (store.path / ".opstui-init-1234").mkdir()
    report = look(store.path)
    assert report.sound
    assert sorted(f.place for f in report.findings if f.level == "mended") == sorted(
        f"data/{name}" for name in (*half, *other)
    )
    assert [f.place for f in report.findings if f.level == "note"] == [
        "data/db.json.old-1",
        "data/db.json.v0",
        "data/torn-9",
        "data/torn-9-2",
        ".opstui-init-1234, data/journal/x, data/notes",
    ]
    left = {str(file.relative_to(data)) for file in data.rglob("*") if file.is_file()}
    assert left == {"db.json", "lock", "journal/00000001.jsonl", *kept, *strange}


def test_derived_files_of_this_snapshot_stay(store: FileStore) -> None:
    data = store.path / "data"
    (data / "db.idx").write_bytes(b"opstui" + data.joinpath("db.json").read_bytes()[:300])
    assert look(store.path).findings == ()


def test_files_that_somebody_is_making_stay(store: FileStore) -> None:
    (store.path / "data" / "db.json.tmp").touch()
    fd = os.open(store.path / "data", os.O_RDONLY)
    flock(fd, LOCK_EX)
    assert look(store.path).findings == ()
    os.close(fd)
    assert codes(look(store.path)) == ["stale"]


# ---------------------------------------------------------------------------------- while others work


def test_it_needs_no_lock_to_look_and_waits_for_none(store: FileStore) -> None:
    fd = os.open(store.path / "data" / "lock", os.O_RDWR)
    flock(fd, LOCK_EX)
    assert look(store.path).findings == ()
    os.close(fd)


def test_it_finds_nothing_while_others_write_and_bring_the_snapshot_up_to_date(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    others = [writer(store.path, 40) for _n in range(3)]
    looks = 0
    while any(other.poll() is None for other in others):
        assert look(store.path).findings == ()
        looks += 1
        store.catch_up()
        store.checkpoint(10)
    for other in others:
        other.communicate()
    assert looks > 1
    assert look(store.path).account.batches == 120


def test_a_line_that_is_just_being_written_is_no_torn_write(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = journal_of(store.path).read_bytes()
    journal_of(store.path).write_bytes(whole[:-20])
    real = lock.Lock._stamp

    def finish(self: lock.Lock, by: str) -> None:
        journal_of(store.path).write_bytes(whole)
        real(self, by)

    monkeypatch.setattr(lock.Lock, "_stamp", finish)
    report = look(store.path)
    assert (report.findings, report.account.batches) == ((), 5)
    assert list((store.path / "data").glob("torn-*")) == []


def test_a_torn_write_is_left_where_the_lock_cannot_be_had(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    journal_of(store.path).write_bytes(journal_of(store.path).read_bytes()[:-20])
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.01)
    monkeypatch.setattr(lock, "GIVE_UP_AFTER", 0.02)
    fd = os.open(store.path / "data" / "lock", os.O_RDWR)
    flock(fd, LOCK_EX)
    finding = only(look(store.path))
    assert (finding.level, finding.code) == ("note", "torn")
    assert "was left there (" in finding.says
    os.close(fd)


def test_it_can_be_run_where_nothing_may_be_written(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    journal_of(store.path).write_bytes(journal_of(store.path).read_bytes()[:-20])
    (store.path / "data" / "db.json.tmp").touch()
    real = fs.open_file

    def read_only(path: Path, flags: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags)

    def no_unlink(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(fs, "open_file", read_only)
    monkeypatch.setattr(fs, "unlink", no_unlink)
    report = look(store.path)
    assert (codes(report, "note"), report.sound) == (["read-only", "torn", "stale"], True)


def test_the_first_few_of_many() -> None:
    assert few(range(5)) == "0, 1, 2, 3, 4"
    assert few(range(7)) == "0, 1, 2, 3, 4 and 2 more"
