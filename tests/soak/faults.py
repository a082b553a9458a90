"""Disks that refuse: every system call, once and from then on, and writes that are taken in part.

Whatever fails, nothing acknowledged may be lost, what the store says in memory is what is on the disk afterwards (or it
has said that it is in doubt, or stopped), and the errors people meet are the store's own, in words.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from random import Random

from opstui.store.protocol import Damaged, StoreError
from soak.crashes import Findings
from soak.ledger import Broken, Ledger, Opener, judge, opener, same
from soak.script import Session, new_workspace
from soak.simulator import Fault, SimFs, Stage, stage

_NEEDS_ROOM = frozenset({"open_file, new", "write", "pwrite", "fdatasync", "fsync_folder", "mkdir", "replace"})
_CHANGING = frozenset({*_NEEDS_ROOM, "ftruncate", "unlink"})
_ANY = frozenset({*_CHANGING, "open_file", "pread", "map_file", "listdir", "mode"})


@dataclass(frozen=True)
class Kind:
    """A way to fail: what the system says, whether it goes on failing, and which calls it can strike."""

    code: int
    lasting: bool
    short: bool = False

    def fault(self, at: int) -> Fault:
        """The fault at a call."""
        return Fault(at, self.code, self.lasting, self.short, self.calls)

    @property
    def calls(self) -> frozenset[str]:
        """What it strikes. A full disk that stays full still lets files shrink and go."""
        if self.short:
            return frozenset({"write", "pwrite"})
        if self.code == errno.EIO:
            return _ANY
        return _NEEDS_ROOM if self.lasting else _CHANGING

    def __str__(self) -> str:
        how = "short write, then " if self.short else ""
        return f"{how}{errno.errorcode[self.code]} {'from then on' if self.lasting else 'once'}"


KINDS = [
    *(Kind(code, lasting) for code in (errno.ENOSPC, errno.EDQUOT, errno.EIO) for lasting in (False, True)),
    Kind(errno.ENOSPC, lasting=False, short=True),
    Kind(errno.ENOSPC, lasting=True, short=True),
]


def fail_everywhere(seed: int, sync: str = "inside", steps: int = 14, kinds: list[Kind] = KINDS) -> Findings:
    """Let each call of a script fail in each way that it can."""
    found = Findings()
    names = _calls_of(seed, sync, steps)
    for kind in kinds:
        for at, name in enumerate(names, 1):
            if name in kind.calls:
                _fail_at(found, seed, sync, steps, kind, at)
    return found


def _calls_of(seed: int, sync: str, steps: int) -> list[str]:
    """What a script calls when nothing fails."""
    names: list[str] = []
    with stage() as on, on.on(SimFs(chance=Random(seed))) as machine:
        new_workspace()
        machine.before = names.append
        day = Day(opener(sync), Ledger(), seed)
        day.run(steps)
    return [name for name in names if not name.endswith("in part")]


class Day:
    """Two sessions that meet errors and do what people do: try something else, or leave and come back."""

    def __init__(self, opening: Opener, ledger: Ledger, seed: int) -> None:
        self.opening, self.ledger, self.chance = opening, ledger, Random(seed)
        self.sessions: list[Session] = []
        self.wrong: list[str] = []

    def run(self, steps: int) -> None:
        """Act; the store's own errors are part of the day, any other is noted."""
        for k in range(2):
            self._try(lambda k=k: self.sessions.append(Session(f"{k}", self.opening, self.ledger, self.chance)))
        for _step in range(steps):
            if self.sessions:
                session = self.chance.choice(self.sessions)
                self._try(session.act)
                if session.store.problem is not None:
                    self._try(lambda session=session: _come_back(session))

    def _try(self, act: object) -> None:
        assert callable(act)
        try:
            act()
        except StoreError:
            return
        except Broken as broken:
            self.wrong.append(str(broken))


def _come_back(session: Session) -> None:
    session.store.close()
    session.store = session.opening(session.store.path)


def _fail_at(found: Findings, seed: int, sync: str, steps: int, kind: Kind, at: int) -> None:
    with stage() as on, on.on(SimFs(chance=Random(seed))) as machine:
        new_workspace()
        machine.fault = kind.fault(machine.calls + at)
        day = Day(opener(sync), Ledger(), seed)
        what = f"seed {seed}, {sync}, {kind} at call {at}"
        try:
            day.run(steps)
            found.errors += bool(machine.fault.met)
            machine.fault = None
            _settle(day)
        except (Broken, Exception) as error:  # noqa: BLE001 - whatever it is, it is a finding
            day.wrong.append(f"{type(error).__name__}: {error}")
        found.batches += day.ledger.written
        found.lost += [f"{what}: {wrong}" for wrong in day.wrong]
        _judge_all(found, machine, on, day, what)


def _settle(day: Day) -> None:
    """The disk works again: who is not in doubt holds what the disk holds."""
    for session in day.sessions:
        try:
            session.store.catch_up()
        except Damaged:
            continue
        if session.store.problem is None:
            same(session.store, day.ledger)


def _judge_all(found: Findings, machine: SimFs, on: Stage, day: Day, what: str) -> None:
    """A fresh start on the same disk, and one after a power cut."""
    for how, left in (("", machine.disk.after_kill()), (" and a power cut", machine.disk.after_power_cut(day.chance))):
        with on.on(SimFs(left)):
            try:
                judge(day.ledger, day.opening, Random(found.errors))
            except Broken as broken:
                found.lost.append(f"{what}{how}: {broken}")
