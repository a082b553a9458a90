"""What is derived from the journal tells what the journal tells, whatever becomes of it, and is never needed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from fcntl import LOCK_EX, LOCK_UN
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from opstui.domain.events import Batch, Event
from opstui.store import history, summaries
from opstui.store import syscalls as fs
from opstui.store.codec import Fact, Line, seal, unseal
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import Damaged
from opstui.store.segments import segments
from opstui.store.transaction import Transaction
from store.making import new_store, run

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("UTC", "Asia/Jakarta", "Asia/Kathmandu", "America/St_Johns")]
KINDS = ("moved", "edited", "commented", "stock_recorded")
SINCE, UNTIL = date(2025, 12, 30), date(2026, 3, 1)


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "STRETCH", 7000)


def told(dice: random.Random, n: int, at: datetime, seen: set[int]) -> Line:
    """A batch of one to three events on few documents, some of them older than the batch."""
    facts = []
    for _event in range(dice.choice((1, 1, 1, 3))):
        card = dice.randint(1, 30)
        kind = dice.choice(KINDS) if card in seen else "created"
        seen.add(card)
        table = "products" if kind == "stock_recorded" else "cards"
        due = None, f"2026-{dice.randint(1, 12):02}-01"
        changed = {"due": due} if kind == "edited" and dice.random() < 0.5 else {}
        data = {"board": ("orders", "feedback")[card % 2]} if kind == "created" else {}
        when = at - timedelta(hours=dice.randint(1, 900)) if dice.random() < 0.2 else None
        facts.append(Fact(kind=kind, on=(table, card), at=when, changed=changed, data=data))
    return Line(n=n, v=1, at=at, by=dice.choice(("rina", "budi")), via="cli", events=facts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workspace of 300 batches in three segments."""
    new_store(tmp_path / "w").close()
    dice = random.Random(3)
    at, seen = BEGIN, set[int]()
    for segment in range(1, 4):
        raw = b""
        for n in range(segment * 100 - 99, segment * 100 + 1):
            at += timedelta(minutes=dice.randint(1, 300))
            raw += seal(told(dice, n, at, seen))
        (tmp_path / "w" / "data" / "journal" / f"{segment:08}.jsonl").write_bytes(raw)
    return tmp_path / "w"


@pytest.fixture
def store(path: Path) -> Iterator[FileStore]:
    opened = open_store(path)
    yield opened
    opened.close()


def sums(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((path / "data" / "journal").glob("*.sum"))}


def expected(batches: list[Batch], zone: ZoneInfo) -> dict[tuple[date, str, str], int]:
    boards: dict[int, str] = {}
    counts: dict[tuple[date, str, str], int] = {}
    for event in (event for batch in batches for event in batch.events):
        if event.kind == "created":
            boards[event.id] = event.data["board"]
        day, board = event.at.astimezone(zone).date(), boards.get(event.id, "") if event.table == "cards" else ""
        if SINCE <= day < UNTIL:
            counts[day, event.kind, board] = counts.get((day, event.kind, board), 0) + 1
    return counts


def about(batches: list[Batch], table: str, *ids: int) -> list[Batch]:
    return [b for b in batches if any(e.table == table and e.id in ids for e in b.events)]


def check(store: FileStore) -> None:
    """Everything that is asked of summaries, against the whole history."""
    batches = list(store.history())
    for zone in ZONES:
        assert store.daily(SINCE, UNTIL, zone) == expected(batches, zone)
    for doc in range(5, 33, 9):
        assert list(store.events_of("cards", {doc})) == about(batches, "cards", doc)
    for table in ("cards", "products"):
        many = set(range(5, 25))
        assert list(store.events_of(table, many)) == about(batches, table, *many)


def test_they_tell_what_the_journal_tells(path: Path, store: FileStore) -> None:
    check(store)
    made = sums(path)
    assert list(made) == ["00000001.sum", "00000002.sum", "00000003.sum"]
    check(store)
    assert sums(path) == made, "a second look makes nothing"
    again = open_store(path)
    check(again)
    again.close()
    assert sums(path) == made


def test_only_what_is_asked_for_is_told(store: FileStore) -> None:
    cards = set(range(1, 31))
    for kinds in ({"moved"}, {"edited.due"}, {"created", "edited.due"}, {"edited.title"}, set[str]()):
        wanted = [
            b
            for b in store.history()
            if any(
                e.table == "cards" and (e.kind in kinds or (e.kind == "edited" and "edited.due" in kinds and e.changed))
                for e in b.events
            )
        ]
        assert list(store.events_of("cards", cards, kinds)) == wanted


def test_cards_that_were_given_another_due_day(store: FileStore) -> None:
    days = {(e.id, e.changed["due"][1]) for b in store.history() for e in b.events if e.kind == "edited" and e.changed}
    for first in (date(2026, 1, 1), date(2026, 12, 1)):
        exact = {card for card, day in days if day >= first.isoformat()}
        assert exact <= store.redated(first) <= {card for card, _day in days}
    assert store.redated(date(2027, 1, 1)) == set()


def _gone(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _torn(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 7)


def _zeros(file: Path) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[:-900] + bytes(900))


def _flipped(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 3] ^= 16
    file.write_bytes(raw)


def _of_another(file: Path) -> None:
    shutil.copy(file.with_name("00000001.sum" if file.name > "00000001.sum" else "00000002.sum"), file)


def _junk_behind(file: Path) -> None:
    with file.open("ab") as out:
        out.write(b"SUM1" + bytes(range(200)))


HARMS: list[Callable[[Path], None]] = [_gone, _empty, _torn, _zeros, _flipped, _of_another, _junk_behind]


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("opened", [True, False])
def test_what_is_wrong_with_them_is_mended(
    path: Path, store: FileStore, harm: Callable[[Path], None], number: int, opened: bool
) -> None:
    check(store)
    made = sums(path)
    harm(path / "data" / "journal" / f"{number:08}.sum")
    other = store if opened else open_store(path)
    check(other)
    other.close()
    fresh = open_store(path)
    check(fresh)
    fresh.close()
    left = sums(path)
    if harm is not _junk_behind:
        assert left == made
    assert all(left[name].startswith(raw) for name, raw in made.items())


def say_more(store: FileStore) -> None:
    for card in range(1, 31):
        told = Event(kind="commented", table="cards", id=card, at=BEGIN, by="rina", via="cli", data={"text": "x" * 99})
        run(store, partial(Transaction.event, event=told))


def test_the_open_segment_is_summarised_as_it_grows(path: Path, store: FileStore) -> None:
    check(store)
    before = sums(path)["00000003.sum"]
    say_more(store)
    check(store)
    after = sums(path)["00000003.sum"]
    assert after.startswith(before)
    assert len(after) > len(before)


def test_a_reader_that_lags_is_not_told_of_what_it_has_not_read(path: Path, store: FileStore) -> None:
    ahead = open_store(path)
    say_more(ahead)
    check(ahead)
    assert store.seq == 300
    batches = list(store.history())
    assert list(store.events_of("cards", set(range(200)))) == about(batches, "cards", *range(200))
    assert store.daily(SINCE, UNTIL, ZONES[0]) == expected(batches, ZONES[0])
    ahead.close()


@pytest.mark.parametrize("refuse", [fs.open_file, fs.flock, fs.pwrite])
def test_where_they_may_not_be_written_they_are_kept_in_memory(
    path: Path, store: FileStore, monkeypatch: pytest.MonkeyPatch, refuse: Callable[..., object]
) -> None:
    open_file = fs.open_file

    def refused(*given: Any) -> object:
        if refuse.__name__ == "open_file" and not str(given[0]).endswith(".sum"):
            return open_file(*given)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(fs, refuse.__name__, refused)
    check(store)
    assert not any(sums(path).values())
    with monkeypatch.context() as counting:
        counting.setattr(summaries, "told", None)
        check(store)


def test_who_makes_them_is_waited_for_but_not_for_ever(
    path: Path, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "PAUSE", 0)
    stopped = fs.open_file(path / "data" / "journal" / "00000001.sum", os.O_RDWR | os.O_CREAT)
    fs.flock(stopped, LOCK_EX)
    check(store)
    assert sums(path)["00000001.sum"] == b""
    monkeypatch.setattr("time.sleep", lambda _seconds: fs.flock(stopped, LOCK_UN))
    other = open_store(path)
    check(other)
    other.close()
    fs.close(stopped)
    assert all(sums(path).values())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="sees by /proc which file is read")
def test_a_disk_that_does_not_give_them_out_is_no_fault(
    path: Path, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(store)
    real = fs.pread

    def failing(fd: int, count: int, offset: int) -> bytes:
        if Path(f"/proc/self/fd/{fd}").readlink().suffix == ".sum":
            raise OSError(5, "Input/output error")
        return real(fd, count, offset)

    monkeypatch.setattr(fs, "pread", failing)
    other = open_store(path)
    check(other)
    other.close()


def test_an_erasure_in_the_journal_is_believed_and_not_its_summary(path: Path, store: FileStore) -> None:
    check(store)
    file = path / "data" / "journal" / "00000001.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    erased = unseal(lines[3][:-1])
    assert erased is not None
    lines[3] = seal(structs.replace(erased, by="somebody who is not named any more"))
    file.write_bytes(b"".join(lines))
    fresh = open_store(path)
    everything = set(range(1, 31))
    assert list(fresh.events_of("cards", everything)) == about(list(fresh.history()), "cards", *everything)
    check(fresh)
    fresh.close()


def test_damage_is_told_and_nothing_is_summarised_over_it(path: Path, store: FileStore) -> None:
    file = path / "data" / "journal" / "00000002.jsonl"
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    with pytest.raises(Damaged, match=r"00000002\.jsonl: a line in it is damaged; nothing was changed"):
        store.daily(SINCE, UNTIL, ZONES[0])
    with pytest.raises(Damaged):
        list(store.events_of("cards", set(range(1, 31))))


def test_they_are_made_without_anybody_asking(path: Path) -> None:
    summaries.summarise(path / "data" / "journal")
    made = sums(path)
    assert list(made) == ["00000001.sum", "00000002.sum", "00000003.sum"]
    store = open_store(path)
    check(store)
    store.close()
    assert sums(path) == made


def test_nobody_else_takes_them_for_a_part_of_the_journal(path: Path, store: FileStore, tmp_path: Path) -> None:
    check(store)
    assert segments(path / "data" / "journal") == ["00000001.jsonl", "00000002.jsonl", "00000003.jsonl"]
    assert store.backup(tmp_path / "copy") == 300
    assert sums(tmp_path / "copy") == {}


def test_every_batch_is_found(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_BLOCK", 64)
    monkeypatch.setattr(history, "_CHUNK", 512)
    told = list(store.history())
    assert [store.batch(n) for n in range(1, 301)] == told


def test_one_persons_batches_newest_first(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (17, 512, 1 << 20):
        monkeypatch.setattr(history, "_CHUNK", size)
        for name in ("rina", "budi", "nobody"):
            assert list(store.history_of(name)) == [b for b in reversed(list(store.history())) if b.by == name]


@given(st.lists(st.integers(-(10**10), 10**10), max_size=30), st.sampled_from(ZONES))
def test_times_are_counted_on_the_day_they_fall_on(times: list[int], zone: ZoneInfo) -> None:
    from opstui.store.summary import Counts, tally

    days, edges = history.calendar(SINCE, UNTIL, zone)
    near = sorted(BEGIN.timestamp().__int__() + t // 2000 for t in times)
    counts: Counts = {}
    tally(counts, ("moved", "orders"), near, days, edges)
    found: dict[date, int] = {}
    for at in near:
        day = datetime.fromtimestamp(at, zone).date()
        if SINCE <= day < UNTIL:
            found[day] = found.get(day, 0) + 1
    assert {day: n for (day, _kind, _board), n in counts.items()} == found
