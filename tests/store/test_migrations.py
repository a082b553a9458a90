"""Versions: what an older opstui wrote is brought up to date once and read for ever; a newer one's is left alone.

The older version is a pretended 0, in which a card's stage was called `column` and its rank was a text.
"""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.events import Event
from opstui.store import syscalls as fs
from opstui.store.codec import VERSION, unseal
from opstui.store.doctor import examine, rebuild
from opstui.store.file import FileStore, open_store
from opstui.store.migrations import STEPS, known, newest, newest_patch
from opstui.store.protocol import Damaged, NewerFormat, StoreError
from opstui.store.upgrade import upgrade_if_needed
from store.damage import NOW, put, sealed
from store.making import AT, add, contents, journal_of, new_store, rewrite, run


def step(table: str, part: dict[str, Any]) -> dict[str, Any]:
    """From 0 to 1."""
    if table != "cards":
        return part
    renamed = {"stage" if name == "column" else name: value for name, value in part.items()}
    return {name: float(value) if name == "rank" else value for name, value in renamed.items()}


def older(doc: dict[str, Any]) -> dict[str, Any]:
    """A document of version 1 as version 0 had it."""
    return {
        "column" if name == "stage" else name: str(value) if name == "rank" else value for name, value in doc.items()
    }


@pytest.fixture
def stepped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that knows the way from version 0."""
    monkeypatch.setitem(STEPS, 0, step)


def age(path: Path, upto: int) -> None:
    """Make a workspace's db.json, and its lines up to a batch, those of version 0."""
    lines = journal_of(path).read_bytes().splitlines(keepends=True)
    old = [sealed(_older_line(line)) if n < upto else line for n, line in enumerate(lines)]
    journal_of(path).write_bytes(b"".join(old))
    snapshot = path / "data" / "db.json"
    held = json.loads(snapshot.read_text())
    meta = held["_meta"]["1"]
    end = old[meta["seq"] - 1]
    meta |= {"schema": 0, "offset": len(b"".join(old[: meta["seq"]])), "crc": end[-11:-3].decode(), "sum": "00000000"}
    parts = [f'"_meta":{{\n"1":{_compact(meta)}\n}}']
    for table in [name for name in held if name != "_meta"]:
        docs = [f'"{i}":{_compact(older(doc) if table == "cards" else doc)}' for i, doc in held[table].items()]
        parts.append('"%s":{\n%s\n}' % (table, ",\n".join(docs)))  # noqa: UP031 - braces
    text = "{" + ",\n".join(parts) + "\n}\n"
    rewrite(snapshot, text.replace('"sum":"00000000"', f'"sum":"{zlib.crc32(text.encode()):08x}"'))


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _older_line(line: bytes) -> bytes:
    told = json.loads(line)
    del told["crc"]
    told["v"] = 0
    for change in told["changes"]:
        if change[0] == "cards":
            patch = change[2]
            change[2] = (
                [older(doc) if doc else doc for doc in patch] if isinstance(patch, list) else _older_pairs(patch)
            )
    for event in told.get("events", ()):
        event["changed"] = _older_pairs(event.get("changed", {}))
    return _compact(told).encode().removesuffix(b"}")


def _older_pairs(pairs: dict[str, Any]) -> dict[str, Any]:
    before, after = (older({name: pair[i] for name, pair in pairs.items() if pair[i] is not None}) for i in (0, 1))
    return {name: [before.get(name), after.get(name)] for name in {**before, **after}}


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """Four batches of today's version: two cards, a move with its event, a comment; db.json holds three."""
    made = new_store(tmp_path / "w")
    for number in (1, 2):
        put(made, number)

    def move(tx: Any) -> None:
        tx.put("cards", 1, {**tx.get("cards", 1), "stage": "payment"})
        changed = {"stage": ("new", "payment")}
        tx.event(Event(kind="moved", table="cards", id=1, at=AT, by="rina", via="cli", changed=changed))

    run(made, move)
    made.snapshot()
    run(made, lambda tx: tx.put("comments", 1, {"card": 1, "text": "rank"}))
    return made


@pytest.mark.parametrize("upto", [3, 4])
def test_an_old_workspace_is_brought_up_to_date_once_and_reads_as_ever(
    store: FileStore, stepped: None, upto: int
) -> None:
    state, history = contents(store), list(store.history())
    age(store.path, upto)
    old = (store.path / "data" / "db.json").read_bytes()
    again = open_store(store.path)
    assert (again.seq, contents(again), list(again.history())) == (4, state, history)
    assert (store.path / "data" / "db.json.v0").read_bytes() == old
    assert b'"schema":1' in (store.path / "data" / "db.json").read_bytes()
    assert not upgrade_if_needed(store.path / "data"), "once"
    assert list(again.lane("orders", "payment")) == [1]
    put(again, 3)
    assert [finding.code for finding in examine(store.path, NOW).findings] == ["older"]
    assert rebuild(store.path).kept == ""


def test_the_doctor_understands_an_old_workspace_that_was_not_opened_yet(store: FileStore, stepped: None) -> None:
    age(store.path, 4)
    assert examine(store.path, NOW).findings == ()


def test_without_its_snapshot_an_old_workspace_is_built_from_its_lines(store: FileStore, stepped: None) -> None:
    state = contents(store)
    age(store.path, 4)
    (store.path / "data" / "db.json").unlink()
    assert contents(open_store(store.path)) == state


def test_lines_that_a_program_of_the_old_version_still_wrote_meanwhile_are_read(
    store: FileStore, stepped: None
) -> None:
    age(store.path, 3)
    one = open_store(store.path)
    body = b'{"n":5,"v":0,"at":"2026-09-01T01:00:00Z","by":"ayu","via":"cli",'
    body += b'"changes":[["cards",2,{"column":["new","stock"],"rank":["2.0","7.5"]}]]'
    with journal_of(store.path).open("ab") as journal:
        journal.write(sealed(body))
    (batch,) = one.catch_up()
    assert batch.changes == (("cards", 2, {"stage": ("new", "stock"), "rank": (2.0, 7.5)}),)
    assert list(one.lane("orders", "stock")) == [2]


def test_without_the_step_an_old_version_is_refused_and_nothing_is_touched(store: FileStore) -> None:
    age(store.path, 4)
    before = {file: file.read_bytes() for file in store.path.rglob("*") if file.is_file()}
    with pytest.raises(StoreError, match=r"of version 0, which this opstui cannot read any more; nothing was changed"):
        open_store(store.path)
    assert {file: file.read_bytes() for file in store.path.rglob("*") if file.is_file()} == before


def test_an_old_snapshot_that_was_edited_is_not_brought_up_to_date(store: FileStore, stepped: None) -> None:
    age(store.path, 4)
    snapshot = store.path / "data" / "db.json"
    rewrite(snapshot, snapshot.read_text().replace("Card 2", "Card 9"))
    with pytest.raises(Damaged, match="doctor --rebuild"):
        open_store(store.path)
    rebuild(store.path)
    assert contents(open_store(store.path)) == contents(store)


CALLS = ["open_file", "pread", "write", "pwrite", "fdatasync", "replace", "fsync_folder", "flock"]


class Cut(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "refused"])
@pytest.mark.parametrize("call", CALLS)
def test_cut_short_anywhere_it_leaves_the_old_one_or_the_new_one(
    store: FileStore, stepped: None, monkeypatch: pytest.MonkeyPatch, call: str, killed: bool
) -> None:
    state = contents(store)
    age(store.path, 4)
    data = store.path / "data"
    old = (data / "db.json").read_bytes()
    real, seen = getattr(fs, call), list[Any]()
    for stop_at in range(1, 40):
        (data / "db.json").write_bytes(old)
        seen.clear()
        monkeypatch.setattr(fs, call, partial(_cut, real, seen, stop_at, killed))
        with suppress(Cut, StoreError):
            upgrade_if_needed(data)
        monkeypatch.setattr(fs, call, real)
        now = (data / "db.json").read_bytes()
        assert now == old or b'"schema":1' in now[:60]
        assert contents(open_store(store.path)) == state
        if len(seen) < stop_at:
            break
    assert stop_at > 1


def _cut(real: Any, seen: list[Any], stop_at: int, killed: bool, *args: Any) -> Any:
    seen.append(args)
    if len(seen) == stop_at:
        raise Cut if killed else OSError(errno.EIO, os.strerror(errno.EIO))
    return real(*args)


def test_an_old_workspace_that_may_not_be_written_says_who_can_help(
    store: FileStore, stepped: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(store.path, 4)
    real = fs.open_file

    def read_only(path: Path, flags: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags)

    monkeypatch.setattr(fs, "open_file", read_only)
    with pytest.raises(StoreError, match=r"older opstui .*\(Permission denied\); it stands as it was\. .*the right"):
        open_store(store.path)


# ---------------------------------------------------------------------------------- steps


values = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3)
documents = st.dictionaries(
    st.sampled_from(["column", "title", "owner", "due"]), values.filter(lambda v: v is not None)
)


@given(documents, documents)
def test_an_old_patch_leads_from_the_new_document_to_the_new_document(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    patch = {
        name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name)
    }
    STEPS[0] = step
    try:
        new = newest_patch("cards", patch, 0, 1)
        at = newest("cards", before, 0, 1)
        for name, (old, value) in new.items():
            assert at.get(name) == old
            at[name] = value
        assert {k: v for k, v in at.items() if v is not None} == newest("cards", after, 0, 1)
    finally:
        del STEPS[0]


def test_steps_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STEPS, 0, lambda _table, part: {**part, "a": 1})
    monkeypatch.setitem(STEPS, 1, lambda _table, part: {**part, "b": part["a"] + 1})
    assert newest("x", {}, 0, 2) == {"a": 1, "b": 2}
    assert (known(0, 2), known(0, 3), known(1, 1)) == (True, False, True)


def test_every_version_before_this_one_has_its_step() -> None:
    assert known(1, VERSION)


def test_a_line_of_an_unknown_old_version_is_damage() -> None:
    body = b'{"n":1,"v":0,"at":"2026-09-01T01:00:00Z","by":"x","via":"cli"'
    assert unseal(sealed(body)[:-1]) is None


# ---------------------------------------------------------------------------------- a newer opstui


def test_an_older_program_that_meets_newer_data_stops_writing_and_says_so(store: FileStore) -> None:
    other = open_store(store.path)
    data = store.path / "data"
    with journal_of(store.path).open("ab") as journal:
        journal.write(sealed(b'{"n":5,"v":2,"at":"2026-09-02T01:00:00Z","by":"new","what":[1]'))
    snapshot = data / "db.json"
    text = re.sub('"schema":1', '"schema":2', snapshot.read_text())
    rewrite(snapshot, text)
    before = {file: file.read_bytes() for file in store.path.rglob("*") if file.is_file() and file.name != "lock"}
    assert other.catch_up() == []
    assert isinstance(other.problem, NewerFormat)
    for session in (store, other):
        with pytest.raises(NewerFormat, match=r"batch 5 was written by a newer opstui.*start the newer opstui"):
            add(session)
        assert session.seq == 4
        assert list(session.lane("orders", "payment")) == [1], "it can still be looked at"
        assert not session.checkpoint(0)
    with pytest.raises(NewerFormat, match=r"db\.json was written by a newer opstui"):
        open_store(store.path)
    assert {f: f.read_bytes() for f in store.path.rglob("*") if f.is_file() and f.name != "lock"} == before
