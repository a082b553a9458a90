"""Several handles, threads and processes on one store."""

from __future__ import annotations

import os
import pwd
import random
import signal
import subprocess
import sys
import threading
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path

import pytest

from opstui.store import lock
from opstui.store import syscalls as fs
from opstui.store.file import open_store
from opstui.store.protocol import StoreError
from opstui.store.transaction import Transaction
from store.making import add, change, contents, new_store, run

_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from opstui.store.file import open_store

store = open_store(Path(sys.argv[1]))

def both(tx):
    number = tx.next_id("twins")
    tx.put("pairs", 2 * number - 1, {"pair": number})
    tx.put("pairs", 2 * number, {"pair": number})
    counter = tx.get("counters", 1) or {"n": 0}
    tx.put("counters", 1, {"n": counter["n"] + 1})
    return number

for _ in range(int(sys.argv[2])):
    _number, batch = store.transact(both, at=datetime(2026, 9, 1, tzinfo=UTC), by="w", via="cli")
    print(batch.n, flush=True)
"""


def writer(path: Path, times: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WRITER, str(path), str(times)], stdout=subprocess.PIPE)


def test_a_second_handle_sees_what_the_first_wrote(tmp_path: Path) -> None:
    one = new_store(tmp_path / "w")
    two = open_store(one.path)
    add(one)
    change(one, 1, stage="payment")
    told = two.catch_up()
    assert told == list(one.history())
    assert two.catch_up() == []
    assert contents(two) == contents(one)
    assert list(two.lane("orders", "payment")) == [1]


def test_a_change_is_decided_on_what_others_wrote_and_they_are_told_after(tmp_path: Path) -> None:
    one = new_store(tmp_path / "w")
    two = open_store(one.path)
    assert two.find_ref("ORD-0001") is None
    add(one)
    change(one, 1, owner="ayu")
    assert run(two, lambda tx: tx.get("cards", 1))[0]["owner"] == "ayu"  # type: ignore[index]
    assert two.find_ref("ORD-0001") == 1
    assert add(two) == 2
    assert [b.n for b in two.catch_up()] == [1, 2]
    assert [b.n for b in one.catch_up()] == [3]


def test_different_fields_of_one_card_merge(tmp_path: Path) -> None:
    one = new_store(tmp_path / "w")
    two = open_store(one.path)
    add(one)
    two.catch_up()
    change(one, 1, owner="ayu")
    change(two, 1, due="2026-09-09")
    one.catch_up()
    assert contents(one) == contents(two)
    assert {"owner": "ayu", "due": "2026-09-09"}.items() <= (one.get("cards", 1) or {}).items()


def test_reading_goes_on_while_a_change_is_under_way(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    other = open_store(store.path)
    add(store)
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        tx.put("notes", 1, {"a": 1})
        inside.set()
        go_on.wait(20)

    thread = threading.Thread(target=run, args=(store, slow))
    thread.start()
    assert inside.wait(20)
    assert store.get("cards", 1) is not None
    assert list(store.lane("orders", "new")) == [1]
    assert store.find_ref("ORD-0001") == 1
    assert [i for i, _doc in store.items("cards")] == [1]
    assert store.get("notes", 1) is None
    assert store.db.table("notes").all() == []
    assert store.catch_up() == []
    assert [b.n for b in other.catch_up()] == [1]
    go_on.set()
    thread.join()
    assert store.db.table("notes").all() == [{"a": 1}]
    assert [b.n for b in other.catch_up()] == [2]


def test_threads_take_turns(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    threads = [threading.Thread(target=lambda: [add(store) for _n in range(20)]) for _t in range(4)]
    for thread in threads:
        thread.start()
    for _n in range(200):
        assert len(store.lane("orders", "new")) <= 80
        store.catch_up()
    for thread in threads:
        thread.join()
    assert list(store.ids("cards")) == list(range(1, 81))
    assert contents(open_store(store.path)) == contents(store)


def test_processes_lose_nothing(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    writers = [writer(store.path, 25) for _n in range(4)]
    acknowledged = [int(n) for w in writers for n in w.communicate()[0].split()]
    assert sorted(acknowledged) == list(range(1, 101))
    assert [b.n for b in store.catch_up()] == list(range(1, 101))
    assert store.get("counters", 1) == {"n": 100}
    assert len(store.ids("pairs")) == 200
    assert contents(open_store(store.path)) == contents(store)


def test_killed_writers_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    store = new_store(tmp_path / "w")
    acknowledged: set[int] = set()
    chance = random.Random(5)
    for _round in range(12):
        victims = [writer(store.path, 100_000) for _n in range(3)]
        for victim in victims:
            assert victim.stdout is not None
            for _line in range(chance.randint(1, 40)):
                acknowledged.add(int(victim.stdout.readline()))
            victim.send_signal(signal.SIGKILL)
        for victim in victims:
            assert victim.stdout is not None
            acknowledged.update(int(n) for n in victim.communicate()[0].split(b"\n")[:-1])
        seen = open_store(store.path)
        assert acknowledged <= set(range(1, seen.seq + 1))
        assert seen.get("counters", 1) == {"n": seen.seq}
        assert len(seen.ids("pairs")) == 2 * seen.seq
        seen.close()
    store.catch_up()
    add(store)
    assert [b.n for b in store.history()] == list(range(1, store.seq + 1))


# ------------------------------------------------------------------------------------------ the lock


@pytest.fixture
def held(tmp_path: Path) -> tuple[Path, int]:
    """A store whose lock somebody else holds, and the descriptor that holds it."""
    store = new_store(tmp_path / "w")
    add(store)
    fd = os.open(store.path / "data" / "lock", os.O_RDWR)
    flock(fd, LOCK_EX)
    return store.path, fd


def login() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


def test_who_waits_too_long_is_told_for_whom(held: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> None:
    path, fd = held
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.01)
    monkeypatch.setattr(lock, "GIVE_UP_AFTER", 0.02)
    store = open_store(path)
    told: list[str] = []
    store.on_wait = told.append
    with pytest.raises(
        StoreError, match=rf"rina \(user {login()}, pid {os.getpid()}\) has been writing .*nothing was changed"
    ):
        add(store)
    assert told == [f"waiting for rina (user {login()}, pid {os.getpid()}) to finish writing"]
    flock(fd, LOCK_UN)
    assert add(store) == 2


def test_a_wait_ends_when_the_lock_is_free(held: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> None:
    path, fd = held
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.01)
    store = open_store(path)
    store.on_wait = lambda _text: flock(fd, LOCK_UN)
    assert add(store) == 2


def test_an_interrupted_wait_leaves_no_lock_behind(held: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> None:
    path, fd = held
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.01)
    store = open_store(path)

    def interrupt(_text: str) -> None:
        raise KeyboardInterrupt

    store.on_wait = interrupt
    with pytest.raises(KeyboardInterrupt):
        add(store)
    flock(fd, LOCK_UN)
    assert add(open_store(path)) == 2
    assert add(store) == 3


def test_descriptors_are_not_inherited(tmp_path: Path) -> None:
    fd = fs.open_file(tmp_path / "f", os.O_RDWR | os.O_CREAT)
    assert not os.get_inheritable(fd)
    fs.close(fd)
