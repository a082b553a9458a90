"""Disks that refuse: every system call, once and from then on, and writes that are taken in part.

Whatever fails, nothing acknowledged may be lost, what the store says in memory is what is on the disk afterwards (or it
has said that it is in doubt, or stopped), and the errors people meet are the store's own, in words.
"""

from __future__ import annotations

import errno
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from opstui.store.protocol import StoreError
from soak.crashes import Findings
from soak.ledger import Broken, Ledger, judge, opener
from soak.script import Session, new_workspace
from soak.simulator import Fault, SimFs, stage

_NEEDS_ROOM = frozenset({"open_file, new", "write", "pwrite", "fdatasync", "fsync_folder", "mkdir", "replace"})
CHANGING = frozenset({*_NEEDS_ROOM, "ftruncate", "unlink"})
_ANY = frozenset({*CHANGING, "open_file", "pread", "listdir", "mode"})


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
        return _NEEDS_ROOM if self.lasting else CHANGING

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
        _day(sync, Ledger(), Random(seed), steps)
    return [name for name in names if not name.endswith("in part")]


def _day(sync: str, ledger: Ledger, chance: Random, steps: int) -> list[Session]:
    """Two sessions that meet errors and do what people do: try something else, or leave and come back."""
    sessions: list[Session] = []
    for k in range(2):
        with suppress(StoreError):
            sessions.append(Session(f"{k}", opener(sync), ledger, chance))
    for _step in range(steps):
        if sessions:
            chance.choice(sessions).bear()
    return sessions


def _fail_at(found: Findings, seed: int, sync: str, steps: int, kind: Kind, at: int) -> None:
    ledger, chance = Ledger(), Random(seed)
    what = f"seed {seed}, {sync}, {kind} at call {at}"
    with stage() as on, on.on(SimFs(chance=Random(seed))) as machine:
        new_workspace()
        machine.fault = kind.fault(machine.calls + at)
        try:
            sessions = _day(sync, ledger, chance, steps)
            found.errors += bool(machine.fault.met)
            machine.fault = None
            for session in sessions:
                session.end(told=True)
        except (Broken, Exception) as error:  # noqa: BLE001 - whatever it is, it is a finding
            found.lost.append(f"{what}: {type(error).__name__} {error}")
        found.batches += ledger.written
        left = {" and a fresh start": machine.disk.after_kill(), " and no power": machine.disk.after_power_cut(chance)}
        for how, disk in left.items():
            with on.on(SimFs(disk)):
                try:
                    judge(ledger, opener(sync), Random(at))
                except Broken as broken:
                    found.lost.append(f"{what}{how}: {broken}")
