"""Any order of changes, by several handles, with crashes and snapshots between, ends where a plain dict ends."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tinydb.table import Document

from opstui.store import syscalls
from opstui.store.file import FileStore, open_store
from opstui.store.transaction import Transaction
from soak.ledger import replayed
from soak.script import turning
from store.making import add, contents, new_store, run

HANDLES = st.integers(0, 2)
STAGES = st.sampled_from(["new", "payment", "closed"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


class Handles(RuleBasedStateMachine):
    """Three handles on one workspace, and what they should hold."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.handles: list[FileStore] = [new_store(self.folder / "w")]
        self.handles += [open_store(self.folder / "w") for _n in range(2)]
        self.model: dict[int, dict[str, Any]] = {}
        self.last = 0
        self.seq = 0
        self.compacted = 0
        self.notes: dict[int, dict[str, Any]] = {}
        self.told = [0, 0, 0]
        self.own: list[set[int]] = [set(), set(), set()]

    def wrote(self, k: int) -> None:
        self.seq += 1
        self.own[k].add(self.seq)

    @rule(k=HANDLES, stage=STAGES)
    def insert(self, k: int, stage: str) -> None:
        number = add(self.handles[k], stage)
        assert number == self.last + 1
        self.last = number
        self.model[number] = self.handles[k].get("cards", number) or {}
        self.wrote(k)

    @precondition(lambda self: self.model)
    @rule(k=HANDLES, stage=STAGES, rank=st.floats(0, 9), value=VALUES, data=st.data())
    def edit(self, k: int, stage: str, rank: float, value: Any, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        wanted = {**self.model[number], "stage": stage, "rank": rank, "value": value}
        if value is None:
            del wanted["value"]
        batch = run(self.handles[k], lambda tx: tx.put("cards", number, wanted))[1]
        self.model[number] = wanted
        if batch:
            self.wrote(k)

    @precondition(lambda self: self.model)
    @rule(k=HANDLES, data=st.data())
    def remove(self, k: int, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        run(self.handles[k], lambda tx: tx.delete("cards", number))
        del self.model[number]
        self.wrote(k)

    @rule(k=HANDLES)
    def abort(self, k: int) -> None:
        def fails(tx: Transaction) -> None:
            tx.put("cards", tx.next_id("cards"), {"no": 1})
            raise KeyError

        with pytest.raises(KeyError):
            run(self.handles[k], fails)

    @rule(k=HANDLES, numbers=st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True), value=VALUES)
    def note(self, k: int, numbers: list[int], value: Any) -> None:
        """Another table, through TinyDB; the same note may be written again, or be new in the middle of the others."""
        wanted = {} if value is None else {"value": value}
        before = self.notes.copy()
        self.notes.update(dict.fromkeys(numbers, wanted))
        table = self.handles[k].db.table("notes")
        for number in numbers:
            table.upsert(Document(dict(wanted), doc_id=number))
            if value is not None and _differs(before.get(number), wanted):
                self.wrote(k)
            elif value is None:
                self.notes[number] = before.get(number, {})
                if number not in before:
                    self.wrote(k)

    @rule(k=HANDLES)
    def snapshot(self, k: int) -> None:
        """Compaction: nobody notices, and it is as new as the handle that wrote it, or newer."""
        before = self.handles[k].seq
        written = self.handles[k].snapshot()
        assert written == (before > self.compacted)
        self.compacted = max(self.compacted, before)

    @rule(k=HANDLES)
    def rotate(self, k: int) -> None:
        """A segment ends; whoever writes next begins another."""
        with turning():
            self.insert(k, "new")

    @rule(k=HANDLES)
    def reopen(self, k: int) -> None:
        self.handles[k].close()
        self.handles[k] = open_store(self.folder / "w")
        self.told[k] = self.seq

    @rule()
    def without_snapshot(self) -> None:
        """Somebody moved db.json away: the state comes from the first line on."""
        (self.folder / "w" / "data" / "db.json").unlink(missing_ok=True)
        self.compacted = -1

    @rule(junk=st.binary(min_size=1, max_size=40))
    def torn(self, junk: bytes) -> None:
        with max(self.handles[0].watch_path.iterdir()).open("ab") as file:
            file.write(b'{"n":' + junk.replace(b"\n", b"\0"))

    @rule(k=HANDLES)
    def catch_up(self, k: int) -> None:
        told = [batch.n for batch in self.handles[k].catch_up()]
        assert told == [n for n in range(self.told[k] + 1, self.seq + 1) if n not in self.own[k]]
        self.told[k] = self.seq

    @invariant()
    def the_same_everywhere(self) -> None:
        if not hasattr(self, "model"):
            return
        for handle in self.handles:
            handle.refresh()
            assert contents(handle).get("cards", {}) == self.model
            assert contents(handle).get("notes", {}) == dict(sorted(self.notes.items()))
            for stage in ("new", "payment", "closed"):
                cards = [(doc["rank"], i) for i, doc in self.model.items() if doc["stage"] == stage]
                assert list(handle.lane("orders", stage)) == [i for _rank, i in sorted(cards)]

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            for handle in self.handles:
                history = list(handle.history())
                assert [b.n for b in history] == list(range(1, self.seq + 1))
                assert replayed(history) == contents(handle)
                handle.close()
            shutil.rmtree(self.folder)


def _differs(before: dict[str, Any] | None, after: dict[str, Any]) -> bool:
    return before is None or any(
        name not in before or before[name] != value or type(before[name]) is not type(value)
        for name, value in after.items()
    )


@pytest.fixture(autouse=True)
def _without_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fdatasync", "fsync_folder"):
        monkeypatch.setattr(syscalls, name, lambda _what: None)


TestHandles = Handles.TestCase
TestHandles.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
