"""Real processes, really killed: two writers, one of which also writes snapshots and starts segments, on a real disk.

And the same on TinyDB as it comes, to see what the journal is for.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tinydb import TinyDB

from opstui.store.file import FileStore, create_store
from opstui.store.transaction import Transaction
from soak.ledger import Opener, must, opener, replayed
from soak.processes import Child, Report
from soak.script import turning
from store.making import AT, card, contents

LONGEST = 12
"""Batches that a writer may get done before it is killed."""


@dataclass
class Toll:
    """What killing came to. `unreadable` and `lost` count rounds and acknowledged changes; `wrong` says what."""

    kills: int = 0
    acknowledged: int = 0
    unreadable: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)


def pair(tx: Transaction) -> int:
    """Two documents that belong together, and a counter of such pairs."""
    number = tx.next_id("twins")
    tx.put("cards", 2 * number - 1, card(2 * number - 1, owner=str(number)))
    tx.put("cards", 2 * number, card(2 * number, owner=str(number)))
    if number > 100:  # the workspace stays small
        tx.delete("cards", 2 * number - 201)
        tx.delete("cards", 2 * number - 200)
    tx.put("counters", 1, {"n": (tx.get("counters", 1) or {"n": 0})["n"] + 1})
    return number


def _write(path: Path, opening: Opener, report: Report, seed: int, *, tidy: bool) -> None:
    chance = Random(seed)
    store = opening(path)
    while True:
        with turning() if tidy and chance.random() < 0.05 else nullcontext():
            number, batch = store.transact(pair, at=AT, by="w", via="cli")
        assert batch is not None
        report(f"{batch.n} {number}")
        if tidy and chance.random() < 0.3:
            store.snapshot()


def kill_writers(folder: Path, rounds: int, seed: int = 1, sync: str = "inside") -> Toll:
    """Kill both writers in each round, and look at what is left; the next round goes on with it."""
    chance, toll, opening, path = Random(seed), Toll(), opener(sync), folder / "w"
    create_store(path)
    for k in range(rounds):
        writers = [
            Child(lambda report, tidy=tidy: _write(path, opening, report, k, tidy=tidy))  # type: ignore[misc]  # noqa: B023
            for tidy in (False, True)
        ]
        chance.shuffle(writers)
        said = _end(writers, chance, toll)
        try:
            _examine(opening(path), said, toll)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            toll.wrong.append(f"round {k}: {type(error).__name__} {error}")
    store = opening(path)
    if replayed(list(store.history())) != contents(store):
        toll.wrong.append("the history leads elsewhere")
    store.close()
    toll.lost += len(toll.wrong)
    return toll


def _end(writers: list[Child], chance: Random, toll: Toll) -> list[str]:
    """Kill them one after the other, each somewhere within a batch, and return what they said."""
    for writer in writers:
        writer.read(least=chance.randint(1, LONGEST))
        begun, longest = time.perf_counter(), chance.random() * 0.002
        while time.perf_counter() - begun < longest:
            pass
        writer.kill()
        toll.kills += 1
    said = [line for writer in writers for line in writer.lines]
    toll.wrong += [line for line in said if line.startswith("!")]
    return [line for line in said if not line.startswith("!")]


def _examine(store: FileStore, said: list[str], toll: Toll) -> None:
    """See that all they said is there, whole, and that life goes on."""
    saved = {int(n): int(number) for n, number in map(str.split, said)}
    toll.acknowledged += len(saved)
    history = {batch.n: batch for batch in store.history(min(saved, default=1) - 1)}
    lost = [n for n, number in saved.items() if n not in history or _number(history[n].changes) != number]
    toll.lost += len(lost)
    must(not lost, f"batches {lost} are lost")
    number = store.seq
    must(store.get("counters", 1) == {"n": number}, "the counter is not what was counted")
    last = range(max(1, 2 * number - 199), 2 * number + 1)
    must(list(store.ids("cards")) == list(last), "a pair is not whole")
    store.transact(pair, at=AT, by="w", via="cli")
    store.close()


def _number(changes: tuple[tuple[str, int, object], ...]) -> int:
    return max(number for table, number, _patch in changes if table == "cards") // 2


# ------------------------------------------------------------------------------------------ as it comes


def _write_plain(path: Path, report: Report, seed: int) -> None:
    database = TinyDB(path)
    cards = database.table("cards")
    for k in range(10**9):
        name = f"{os.getpid()}.{k}"
        cards.insert_multiple([card(seed, owner=name), card(seed, owner=name)])
        report(name)


def kill_plain(folder: Path, rounds: int, seed: int = 1, cards: int = 100) -> Toll:
    """The same with TinyDB's own JSONStorage; a file that cannot be read any more is replaced by a fresh one."""
    chance, toll, path = Random(seed), Toll(), folder / "plain.json"
    fresh = {str(number): card(number) for number in range(1, cards + 1)}
    path.write_text(json.dumps({"cards": fresh}))
    for k in range(rounds):
        writers = [Child(lambda report: _write_plain(path, report, k)) for _w in range(2)]  # noqa: B023
        said = _end(writers, chance, toll)
        toll.wrong.clear()  # what one breaks, the other trips over: it is counted below
        toll.acknowledged += len(said)
        try:
            held = json.loads(path.read_text())["cards"]
        except (ValueError, KeyError):
            toll.unreadable += 1
            held = {}
        found = {doc["owner"] for doc in held.values() if "owner" in doc}
        toll.lost += len([name for name in said if name not in found])
        path.write_text(json.dumps({"cards": fresh}))
    return toll
