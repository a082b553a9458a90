"""What was promised, and the judge who holds a store to it.

The ledger notes what each batch should make of the state when it is decided, and which batches were acknowledged. After
any crash the store must hold a state of the ledger's, whole, no older than the last acknowledged one, with the history
that leads there, and life must go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, TypeAlias, TypeVar

from opstui.domain.events import Batch, Event
from opstui.store.file import FileStore, open_store
from opstui.store.protocol import StoreError
from opstui.store.transaction import Transaction
from store.making import AT, card, contents

T = TypeVar("T")
WORKSPACE = Path("/w")
STAGES = ("new", "payment", "closed")
Tables: TypeAlias = dict[str, dict[int, dict[str, Any]]]
Opener: TypeAlias = Callable[[Path], FileStore]


SYNC = ("inside",)
"""The way the store syncs, seen from the lock; the other one stands in `SyncsAfter` and is not safe."""


class Broken(AssertionError):  # noqa: N818 - a promise is
    """The store does not hold what it promised."""


class Abort(Exception):  # noqa: N818 - it is the transaction that is aborted
    """A change that is not wanted after all."""


class SyncsAfter(FileStore):
    """A store that lets go of the lock before it syncs, so that others need not wait for the disk: an experiment.

    docs/decisions/0004 tells what the campaigns find in it.
    """

    def transact(
        self, change: Callable[[Transaction], T], *, at: datetime, by: str, via: str
    ) -> tuple[T, Batch | None]:
        """As the store does; what is acknowledged is synced all the same."""
        with self._turn:
            sync, self._journal.sync = self._journal.sync, _nothing  # type: ignore[method-assign]
            try:
                result, batch = super().transact(change, at=at, by=by, via=via)
            finally:
                self._journal.sync = sync  # type: ignore[method-assign]
            if batch is not None:
                with self._doubt():
                    self._journal.sync()
            return result, batch


def _nothing() -> None:
    return


def opener(sync: str) -> Opener:
    """How to open a store that syncs `inside` the lock, or `after` it."""
    return open_store if sync == "inside" else SyncsAfter


@dataclass
class Ledger:
    """State and mark of every batch, by its number; `promised` is the last one that was acknowledged."""

    states: list[Tables] = field(default_factory=lambda: [{}])
    marks: list[str] = field(default_factory=lambda: [""])
    promised: int = 0
    written: int = 0

    def fork(self) -> Ledger:
        """Another one that goes on from here."""
        return Ledger(list(self.states), list(self.marks), self.promised, self.written)

    def decided(self, n: int, mark: str, state: Tables) -> None:
        """Batch n would lead to this state. What was decided for n before was never written."""
        del self.states[n:], self.marks[n:]
        self.states.append(state)
        self.marks.append(mark)

    def acknowledged(self, n: int, mark: str) -> None:
        """Somebody was told that batch n is saved."""
        must(self.marks[n] == mark, f"batch {n} was acknowledged to two")
        self.promised = max(self.promised, n)
        self.written += 1


class Both:
    """Writes to a transaction, and to the plain tables it should end in."""

    def __init__(self, tx: Transaction, tables: Tables) -> None:
        self.tx, self.tables = tx, {name: dict(docs) for name, docs in tables.items()}

    def put(self, table: str, number: int, doc: dict[str, Any]) -> None:
        self.tx.put(table, number, doc)
        docs = {**self.tables.get(table, {}), number: doc}
        self.tables[table] = dict(sorted(docs.items()))

    def delete(self, table: str, number: int) -> None:
        self.tx.delete(table, number)
        del self.tables[table][number]
        if not self.tables[table]:
            del self.tables[table]


def write(store: FileStore, ledger: Ledger, chance: Random, mark: str, *, abort: bool = False) -> Batch | None:
    """One batch of changes by chance, in the store and in the ledger."""

    def change(tx: Transaction) -> None:
        n = store.seq + 1
        both = Both(tx, ledger.states[n - 1])
        for _step in range(chance.choice((1, 1, 1, 2, 4))):
            _step_by_chance(both, chance)
        both.put("marks", 1, {"mark": mark})
        tx.event(Event(kind="edited", table="marks", id=1, at=AT, by=mark, via="cli", data={"mark": mark}))
        if abort:
            raise Abort
        ledger.decided(n, mark, both.tables)

    try:
        batch = store.transact(change, at=AT, by=mark, via="cli")[1]
    except Abort:
        return None
    assert batch is not None
    ledger.acknowledged(batch.n, mark)
    return batch


def _step_by_chance(both: Both, chance: Random) -> None:
    ids = list(both.tables.get("cards", ()))
    what = chance.random()
    if what < 0.4 or not ids:
        number = both.tx.next_id("cards")
        both.put("cards", number, card(number, chance.choice(STAGES), description="é" * chance.randint(0, 40)))
    elif what < 0.85:
        number = chance.choice(ids)
        changed = {"stage": chance.choice(STAGES), "rank": float(chance.randint(1, 9)), "owner": str(chance.random())}
        both.put("cards", number, {**both.tables["cards"][number], **changed})
    else:
        both.delete("cards", chance.choice(ids))


def must(what: bool, otherwise: str) -> None:
    """Complain unless it is so."""
    if not what:
        raise Broken(otherwise)


def same(store: FileStore, ledger: Ledger) -> None:
    """See that a store holds a state of the ledger, in every way it can be asked, and the history that leads there."""
    seq = store.seq
    must(seq >= ledger.promised, f"batch {ledger.promised} was acknowledged, {seq} is the last")
    must(seq < len(ledger.states), f"batch {seq} was never decided")
    wanted, held = ledger.states[seq], contents(store)
    must(held == wanted, f"the state of batch {seq} is not what was decided")
    cards = wanted.get("cards", {})
    for stage in STAGES:
        lane = [i for _rank, i in sorted((doc["rank"], i) for i, doc in cards.items() if doc["stage"] == stage)]
        must(list(store.lane("orders", stage)) == lane, f"lane {stage} is out of order")
    must(all(store.find_ref(doc["ref"]) == i for i, doc in cards.items()), "a ref is not found")
    history = list(store.history())
    must([batch.events[0].data["mark"] for batch in history] == ledger.marks[1 : seq + 1], "other batches are told of")
    must(replayed(history) == wanted, "the history leads elsewhere")


def replayed(history: list[Batch]) -> Tables:
    """What a history makes of nothing, by the document's rules and none of the store's code."""
    tables: Tables = {}
    for n, batch in enumerate(history, 1):
        must(batch.n == n, f"batch {batch.n} stands where {n} should")
        for table, number, patch in batch.changes:
            docs = tables.setdefault(table, {})
            if not isinstance(patch, dict):
                docs.pop(number, None)
                if patch[1] is not None:
                    docs[number] = patch[1]
                continue
            doc = docs[number] = dict(docs[number])
            for name, (_old, new) in patch.items():
                doc.pop(name, None)
                if new is not None:
                    doc[name] = new
    return {name: docs for name, docs in tables.items() if docs}


def judge(ledger: Ledger, opening: Opener, chance: Random, path: Path = WORKSPACE) -> None:
    """Open what was left; hold it to the ledger; change something; leave; open again.

    Raises:
        Broken: it does not hold what was promised, or it refuses what no legal crash can have damaged.
    """
    try:
        store = opening(path)
        must(store.problem is None, f"it says: {store.problem}")
        same(store, ledger)
        later = ledger.fork()
        write(store, later, chance, "afterwards")
        if chance.random() < 0.5:
            store.snapshot()
        store.close()
        again = opening(path)
        same(again, later)
        must(again.seq == later.promised, "another batch than the last one is the last")
        again.close()
    except (StoreError, OSError) as error:
        raise Broken(f"refused: {error}") from error
