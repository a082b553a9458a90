"""Crashes at every system call of one process after another.

The script runs once. Before each call the world stands still, and what a kill or a power cut would leave at this moment
is opened and judged on a disk of its own; then the script goes on as if nothing had been.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from opstui.store.protocol import StoreError
from soak.ledger import Broken, Ledger, judge, must, opener
from soak.script import OPERATIONS, Plan, Session, new_workspace
from soak.simulator import READING, SimFs, Stage, stage

CUTS = 6
"""How many of the disks that a power cut may leave are looked at, for each call."""


@dataclass
class Findings:
    """`points`: calls at which the world ended; `changing`: those that change the disk; `disks`: what was judged."""

    points: int = 0
    changing: int = 0
    disks: int = 0
    errors: int = 0
    batches: int = 0
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = [
            (self.points, "crash points"),
            (self.changing, "of them at a call that changes the disk"),
            (self.errors, "I/O errors"),
            (self.disks, "disks judged"),
            (self.batches, "batches saved"),
        ]
        return ", ".join(f"{number} {what}" for number, what in told if number)

    def add(self, other: Findings) -> None:
        """Together with what another campaign found."""
        for name in ("points", "changing", "disks", "errors", "batches"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lost += other.lost


class Coroner:
    """Looks at what would be left, at each call of a machine."""

    def __init__(self, machine: SimFs, on: Stage, sync: str, seed: int) -> None:
        self.machine, self.on, self.seed, self.sync = machine, on, seed, sync
        self.found, self.ledger, self.opening = Findings(), Ledger(), opener(sync)
        self._seen: set[int] = set()
        self._promised = -1
        self._chance = Random(seed)

    def look(self, call: str) -> None:
        """Judge a kill, the loss of everything that was not synced, and some of what lies between."""
        self.found.points += 1
        self.found.changing += call not in READING
        before, self.machine.before = self.machine.before, None
        try:
            if self._promised != (now := self._now()):
                self._promised = now
                self._seen.clear()
            self._judge(SimFs(self.machine.disk.after_kill()), f"kill before {call}")
            for _cut in range(CUTS):
                left = self.machine.disk.after_power_cut(self._chance)
                self._judge(SimFs(left), f"power cut before {call}")
        finally:
            self.machine.before = before

    def _now(self) -> int:
        return hash((self.ledger.promised, len(self.ledger.states), self.ledger.marks[-1]))

    def _judge(self, left: SimFs, what: str) -> None:
        """A disk that looks like one judged a moment ago is not judged again."""
        print_of = hash(
            tuple(sorted((path, held) for path, held in left.disk.contents().items() if "lock" not in path))
        )
        if print_of in self._seen:
            return
        self._seen.add(print_of)
        self.found.disks += 1
        with self.on.on(left):
            try:
                judge(self.ledger, self.opening, Random(self.found.disks))
                must(not left.writers(), f"{left.writers()} files are left open")
            except Broken as broken:
                self.found.lost.append(f"seed {self.seed}, {self.sync}, call {self.machine.calls}, {what}: {broken}")


def crash_everywhere(
    seed: int,
    sync: str = "inside",
    steps: int = 16,
    handles: int = 2,
    operations: Plan = OPERATIONS,
    mistake: Callable[[SimFs], None] | None = None,
) -> Findings:
    """Let a script by chance run, and crash it at each call it makes. `mistake` breaks the machine first."""
    chance = Random(seed)
    with stage() as on, on.on(SimFs(chance=chance)) as machine:
        coroner = Coroner(machine, on, sync, seed)
        coroner.ledger = new_workspace()
        machine.before = coroner.look
        if mistake is not None:
            mistake(machine)
        sessions = [Session(f"{k}", coroner.opening, coroner.ledger, chance, operations) for k in range(handles)]
        try:
            for _step in range(steps):
                chance.choice(sessions).act()
            for session in sessions:
                session.store.close()
        except (StoreError, Broken) as error:
            coroner.found.lost.append(f"seed {seed}, {sync}, without any crash: {error}")
        coroner.found.batches = coroner.ledger.written
        return coroner.found
