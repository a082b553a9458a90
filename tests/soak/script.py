"""A day in the life of a workspace: changes by several handles, snapshots, new segments, leaving and coming back.

What can happen is a table, so that another operation of the store joins the proof with one line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from opstui.store import journal
from opstui.store import syscalls as fs
from opstui.store.file import FileStore, create_store
from opstui.store.protocol import Damaged, StoreError
from opstui.store.segments import segments
from soak.ledger import WORKSPACE, Ledger, Opener, same, write

Operation: TypeAlias = Callable[["Session"], None]
Plan: TypeAlias = Sequence[tuple[Operation, int]]


@dataclass
class Session:
    """A handle on the workspace, and chance for what it does next."""

    name: str
    opening: Opener
    ledger: Ledger
    chance: Random
    operations: Plan = field(default_factory=lambda: OPERATIONS)
    store: FileStore = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.store = self.opening(WORKSPACE)

    def act(self) -> None:
        """Do something."""
        operation = self.chance.choices([o for o, _w in self.operations], [w for _o, w in self.operations])[0]
        operation(self)

    def bear(self) -> None:
        """Do something; the store's own errors are part of the day. Who may not write any more comes back."""
        with suppress(StoreError):
            self.act()
        if self.store.problem is not None:
            with suppress(StoreError):
                reopen(self)

    def end(self, *, told: bool) -> None:
        """All is well again, and the session holds what the ledger does; unless it may have been `told` otherwise."""
        try:
            self.store.catch_up()
        except Damaged:
            if not told:
                raise
        if self.store.problem is None or not told:
            same(self.store, self.ledger)


def change(session: Session) -> None:
    """A batch."""
    session.count += 1
    write(session.store, session.ledger, session.chance, f"{session.name}.{session.count}")


def abort(session: Session) -> None:
    """A batch that is given up."""
    write(session.store, session.ledger, session.chance, "never", abort=True)


def compact(session: Session) -> None:
    """A new db.json."""
    session.store.snapshot()


def catch_up(session: Session) -> None:
    """What others wrote."""
    session.store.catch_up()


def reopen(session: Session) -> None:
    """Leave, and come back."""
    session.store.close()
    session.store = session.opening(WORKSPACE)


def rotate(session: Session) -> None:
    """A batch in a new segment."""
    with turning():
        change(session)


@contextmanager
def turning() -> Iterator[None]:
    """What is written meanwhile begins a new segment, as after a month."""
    usual, journal.SEGMENT_BYTES = journal.SEGMENT_BYTES, 1
    try:
        yield
    finally:
        journal.SEGMENT_BYTES = usual


def tear(session: Session) -> None:
    """What a writer leaves that is killed in the middle of its line; the next one cuts it."""
    with _writing(session.store, session.name):
        store = session.store
        part = b'{"n":%d,"v":1,"at":"2026-09-01T01:00:00Z","by":' % (store.seq + 1)
        fd = fs.open_file(store.watch_path / segments(store.watch_path)[-1], os.O_WRONLY | os.O_APPEND)
        try:
            fs.write(fd, part[: session.chance.randint(1, len(part))])
        finally:
            fs.close(fd)


@contextmanager
def _writing(store: FileStore, by: str) -> Iterator[None]:
    """As a writer that has the lock, is up to date, and has cut what was torn; its errors are the store's."""
    with store._turn:
        store.refresh()
        store._check()
        with store._alone(by):
            store.refresh()
            store._check()
            store._journal.repair(store.seq)
            try:
                yield
            except OSError as error:
                raise StoreError(str(error)) from error


OPERATIONS: Plan = [
    (change, 60),
    (abort, 4),
    (compact, 8),
    (catch_up, 8),
    (reopen, 8),
    (rotate, 6),
    (tear, 6),
]


def new_workspace() -> Ledger:
    """A workspace of which nothing is in doubt."""
    create_store(WORKSPACE)
    return Ledger()
