"""db.json, making a store, opening one, and backups."""

from __future__ import annotations

import errno
import json
import os
import shutil
import zlib
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where

from builders import card_doc
from opstui.domain.model import Refused
from opstui.store import syscalls as fs
from opstui.store.file import create_store, open_store
from opstui.store.protocol import Damaged, NewerFormat, StoreError
from store.making import add, card, change, contents, journal_of, new_store, rewrite, run


def test_a_new_store_is_empty_and_plain(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    assert (store.seq, contents(store), list(store.history())) == (0, {}, [])
    assert sorted(p.name for p in (tmp_path / "w" / "data").iterdir()) == ["db.idx", "db.json", "journal", "lock"]
    assert store.watch_path == tmp_path / "w" / "data" / "journal"


def test_a_store_is_not_made_over_another(tmp_path: Path) -> None:
    add(new_store(tmp_path / "w"))
    with pytest.raises(StoreError, match="workspace already"):
        create_store(tmp_path / "w")
    (tmp_path / "w" / "data" / "db.json").unlink()
    with pytest.raises(StoreError, match="workspace already"):
        create_store(tmp_path / "w")


def test_making_one_again_after_it_was_cut_short_works(tmp_path: Path) -> None:
    (tmp_path / "w" / "data" / "journal").mkdir(parents=True)
    add(new_store(tmp_path / "w"))


def test_a_folder_without_a_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="opstui init"):
        open_store(tmp_path)


def test_the_snapshot_is_a_line_per_document_in_order_of_ids(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    for _n in range(3):
        add(store)
    change(store, 2, note="ünïcode\n")
    assert store.snapshot()
    text = (tmp_path / "w" / "data" / "db.json").read_text()
    meta = json.loads(text)["_meta"]["1"]
    assert len(meta.pop("snapshot")) == 16
    digits = meta.pop("sum")
    assert int(digits, 16) == zlib.crc32(text.replace(f'"sum":"{digits}"', '"sum":"00000000"').encode())
    assert meta == {
        "schema": 1,
        "seq": 4,
        "ids": {"cards": 3},
        "segment": "00000001.jsonl",
        "offset": journal_of(store.path).stat().st_size,
        "crc": journal_of(store.path).read_text()[-11:-3],
    }
    documents = [json.loads(line.rstrip(",").split(":", 1)[1]) for line in text.splitlines() if line[1:2].isdigit()]
    assert documents[1:] == [card(1), card(2, note="ünïcode\n"), card(3)]


def test_opening_reads_the_snapshot_and_only_what_follows(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    for _n in range(3):
        add(store)
    store.snapshot()
    change(store, 1, stage="closed")
    raw = journal_of(store.path).read_bytes()
    journal_of(store.path).write_bytes(b"X" + raw[1:])
    again = open_store(store.path)
    assert contents(again) == contents(store)
    assert list(again.lane("orders", "new")) == [2, 3]
    assert add(again) == 4


def test_without_its_snapshot_the_state_comes_from_the_journal(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    for _n in range(3):
        add(store)
    store.snapshot()
    (tmp_path / "w" / "data" / "db.json").unlink()
    again = open_store(store.path)
    assert contents(again) == contents(store)
    assert add(again) == 4


def test_a_snapshot_is_written_only_when_it_is_newer(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    other = open_store(store.path)
    assert not store.snapshot()
    add(store)
    assert not store.checkpoint(1)
    add(store)
    assert store.checkpoint(1)
    assert not store.checkpoint(1)
    assert not other.snapshot()
    assert open_store(store.path).seq == 2


def test_one_long_batch_is_worth_a_snapshot_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    monkeypatch.setattr("opstui.store.file.LONG_TAIL", journal_of(store.path).stat().st_size)
    assert not store.checkpoint()
    add(store)
    assert store.checkpoint()
    assert not store.checkpoint()


def test_a_snapshot_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    before = (tmp_path / "w" / "data" / "db.json").read_bytes()

    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fs, "write", full)
    with pytest.raises(StoreError, match="nothing was lost"):
        store.snapshot()
    assert not store.checkpoint(0)
    monkeypatch.undo()
    assert sorted(p.name for p in (tmp_path / "w" / "data").iterdir()) == ["db.idx", "db.json", "journal", "lock"]
    assert (tmp_path / "w" / "data" / "db.json").read_bytes() == before
    assert add(store) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"_meta":{}}',
        '{"_meta":{"1":{"schema":"x"}}}',
        '{"_meta":{"1":{}},"cards":{"a":{}}}',
        '{"cards":[]}',
    ],
)
def test_a_snapshot_that_is_none_is_refused_with_the_way_out(tmp_path: Path, text: str) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    snapshot = tmp_path / "w" / "data" / "db.json"
    rewrite(snapshot, text)
    with pytest.raises(Damaged, match="doctor --rebuild"):
        open_store(store.path)
    snapshot.unlink()
    assert contents(open_store(store.path)) == contents(store)


def test_a_snapshot_of_another_journal_is_refused(tmp_path: Path) -> None:
    one, two = new_store(tmp_path / "one"), new_store(tmp_path / "two")
    add(one)
    one.snapshot()
    add(two, stage="payment")
    add(two)
    rewrite(tmp_path / "two" / "data" / "db.json", (tmp_path / "one" / "data" / "db.json").read_text())
    with pytest.raises(Damaged, match=r"does not hold batch 1, up to which db\.json goes"):
        open_store(tmp_path / "two")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"seq":3', '"seq":2'),
        ('"cards":3', '"cards":1'),
        ('"stage":"new",', ""),
        ("Card 2", "Card 9"),
        ('"sum":"', '"sum":"0'),
    ],
)
def test_a_snapshot_that_was_edited_is_refused_with_the_way_out(tmp_path: Path, old: str, new: str) -> None:
    store = new_store(tmp_path / "w")
    for _n in range(3):
        add(store)
    store.snapshot()
    snapshot = tmp_path / "w" / "data" / "db.json"
    assert old in snapshot.read_text()
    rewrite(snapshot, snapshot.read_text().replace(old, new, 1))
    with pytest.raises(Damaged, match=r"another program changed it.*doctor --rebuild"):
        open_store(store.path)
    snapshot.unlink()
    again = open_store(store.path)
    assert contents(again) == contents(store)
    assert add(again) == 4


def without_sum(snapshot: Path) -> str:
    """An older db.json, or one whose editor took the sum away."""
    text = snapshot.read_text()
    at = text.index(',"sum":')
    return text[:at] + text[at + len(',"sum":"00000000"') :]


@pytest.mark.parametrize("seq", [0, 1, 2, 4])
def test_a_snapshot_whose_number_is_not_that_of_its_place_is_refused(tmp_path: Path, seq: int) -> None:
    store = new_store(tmp_path / "w")
    for n in range(3):
        store.db.table("notes").insert({"text": "x" * 5000 * n})
    store.snapshot()
    snapshot = tmp_path / "w" / "data" / "db.json"
    text = without_sum(snapshot)
    rewrite(snapshot, text)
    assert open_store(store.path).seq == 3
    rewrite(snapshot, text.replace('"seq":3', f'"seq":{seq}'))
    with pytest.raises(Damaged, match="does not hold batch"):
        open_store(store.path)


def test_a_snapshot_of_a_journal_that_is_empty_is_refused(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    snapshot = tmp_path / "w" / "data" / "db.json"
    rewrite(snapshot, without_sum(snapshot).replace('"seq":0', '"seq":7'))
    with pytest.raises(Damaged, match="does not hold batch"):
        open_store(store.path)


@pytest.mark.parametrize(("field", "value"), [("stage", None), ("created", "soon"), ("total", "much")])
def test_a_card_without_a_sum_must_make_sense(tmp_path: Path, field: str, value: str | None) -> None:
    doc = card_doc(1)
    store = new_store(tmp_path / "w")
    run(store, lambda tx: tx.put("cards", 1, doc))
    store.snapshot()
    snapshot = tmp_path / "w" / "data" / "db.json"
    rewrite(snapshot, without_sum(snapshot))
    assert open_store(store.path).get("cards", 1) == doc
    held = json.loads(snapshot.read_text())
    held["cards"]["1"] = {k: v for k, v in {**doc, field: value}.items() if v is not None}
    rewrite(snapshot, json.dumps(held))
    with pytest.raises(Damaged, match=rf"{field}.*doctor --rebuild"):
        open_store(store.path)


def test_a_journal_that_is_lost_is_not_a_folder_without_a_workspace(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    shutil.rmtree(store.watch_path)
    with pytest.raises(Damaged, match=r"lost its journal.*Restore a backup"):
        open_store(store.path)


def test_a_newer_snapshot_is_not_opened(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    snapshot = tmp_path / "w" / "data" / "db.json"
    rewrite(snapshot, snapshot.read_text().replace('"schema":1', '"schema":2'))
    with pytest.raises(NewerFormat, match="newer opstui"):
        open_store(store.path)


def test_a_missing_segment_is_refused(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    journal_of(store.path).unlink()
    with pytest.raises(Damaged, match="is missing"):
        open_store(store.path)


# ------------------------------------------------------------------------------------------ backups


def test_a_backup_holds_state_history_and_settings(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    (tmp_path / "w" / "opstui.toml").write_text('name = "Toko"\n')
    for _n in range(3):
        add(store)
    assert store.backup(tmp_path / "safe" / "today") == 3
    copy = open_store(tmp_path / "safe" / "today")
    assert contents(copy) == contents(store)
    assert list(copy.history()) == list(store.history())
    assert (tmp_path / "safe" / "today" / "opstui.toml").read_text() == 'name = "Toko"\n'
    assert add(copy) == 4
    assert store.seq == 3


def test_plain_tinydb_reads_a_backup(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    add(store, stage="payment")
    store.backup(tmp_path / "b")
    with TinyDB(tmp_path / "b" / "data" / "db.json", access_mode="r") as plain:
        assert plain.tables() == {"_meta", "cards"}
        assert plain.table("cards").search(where("stage") == "payment") == [card(2, "payment")]
        assert plain.table("_meta").get(doc_id=1)["seq"] == 2


def test_a_backup_is_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    other = open_store(store.path)
    real = fs.mkdir

    def busy(path: Path) -> None:
        add(other)
        real(path)

    monkeypatch.setattr(fs, "mkdir", busy)
    assert store.backup(tmp_path / "b") == 1
    assert open_store(tmp_path / "b").seq == 1
    assert len(store.catch_up()) == 3


def test_a_backup_is_not_made_over_something(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "note").touch()
    with pytest.raises(Refused, match="not empty"):
        store.backup(tmp_path / "b")
    assert [p.name for p in (tmp_path / "b").iterdir()] == ["note"]


@pytest.mark.parametrize("where_to", ["w", "w/backups", "w/data", "w/data/journal", "w/../w/b", "alias/b"])
def test_a_backup_is_not_made_inside_the_workspace(tmp_path: Path, where_to: str) -> None:
    store = new_store(tmp_path / "w")
    add(store)
    (tmp_path / "alias").symlink_to(tmp_path / "w")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refused, match=r"in the workspace itself; nothing was copied\. Name a folder"):
        store.backup(tmp_path / where_to)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_backup_next_to_a_workspace_of_nearly_that_name_is_made(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    assert store.backup(tmp_path / "w-backup") == 0


def test_a_backup_into_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    (tmp_path / "file").touch()
    for target in (Path(os.devnull), tmp_path / "file"):
        with pytest.raises(Refused, match=r"cannot be used .*nothing was copied\. Name a new folder"):
            store.backup(target)
    with pytest.raises(StoreError, match=r"could not be made .*nothing is left there"):
        store.backup(tmp_path / "file" / "below")


def test_a_backup_holds_what_people_keep_beside_the_data(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    beside = {
        "exports/PM-2026-001.md": "# written by hand",
        "exports/.exports.json": "{}",
        "sops/deep/er/late.md": "what to do",
        "templates/a.md": "",
        "themes/night.toml": "x = 1",
        "note": "\0\1",
        "opstui.toml": 'name = "Toko"\n',
    }
    for name, text in beside.items():
        (tmp_path / "w" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "w" / name).write_text(text)
    (tmp_path / "secret").write_text("not ours")
    (tmp_path / "w" / "exports" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "w" / "around").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "w" / "pipe")
    store.backup(tmp_path / "b")
    found = {
        str(file.relative_to(tmp_path / "b")): file.read_text()
        for file in (tmp_path / "b").rglob("*")
        if file.is_file() and not file.is_relative_to(tmp_path / "b" / "data")
    }
    assert found == beside


def test_settings_that_are_a_link_are_backed_up_as_what_they_say(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    (tmp_path / "settings").write_text('name = "Toko"\n')
    (tmp_path / "w" / "opstui.toml").unlink()
    (tmp_path / "w" / "opstui.toml").symlink_to(tmp_path / "settings")
    store.backup(tmp_path / "b")
    copy = tmp_path / "b" / "opstui.toml"
    assert (copy.is_symlink(), copy.read_text()) == (False, 'name = "Toko"\n')


def test_a_file_that_goes_while_a_backup_is_made_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")
    for name in ("a", "b"):
        (tmp_path / "w" / name).write_text(name)
    real = fs.open_file

    def vanishing(path: Path, flags: int) -> int:
        if path == tmp_path / "w" / "a":
            path.unlink()
        return real(path, flags)

    monkeypatch.setattr(fs, "open_file", vanishing)
    store.backup(tmp_path / "copy")
    assert sorted(p.name for p in (tmp_path / "copy").iterdir()) == ["b", "data", "opstui.toml"]


def test_a_backup_that_fails_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path / "w")
    add(store)

    def full(*_args: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fs, "write", full)
    with pytest.raises(StoreError, match=r"b could not be made .*nothing is left there\. Make room"):
        store.backup(tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_read_only_workspace_can_be_backed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(new_store(tmp_path / "w"))
    real = fs.open_file

    def read_only(path: Path, flags: int) -> int:
        if path.is_relative_to(tmp_path / "w") and flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, flags)

    monkeypatch.setattr(fs, "open_file", read_only)
    store = open_store(tmp_path / "w")
    assert store.seq == 1
    with pytest.raises(StoreError, match="read-only"):
        add(store)
    assert store.backup(tmp_path / "b") == 1
