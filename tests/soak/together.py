"""Two processes at once, of which one is killed, or both lose power, between any two system calls.

Each process is a thread that runs only while it holds the baton; before every call the baton may change hands, by
seeded chance. So a run is the same each time, and a lock that is taken makes the others run until it is free.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from opstui.store import lock
from soak.crashes import CUTS, Coroner, Findings
from soak.disk import Node
from soak.faults import CHANGING
from soak.ledger import Broken
from soak.script import OPERATIONS, Plan, Session, new_workspace
from soak.simulator import Fault, Killed, SimFs, stage

FAILURES = (errno.EIO, errno.ENOSPC)


class Baton:
    """Runs processes in turns on one machine. `victim` is killed before the machine's call number `at`."""

    def __init__(self, machine: SimFs, chance: Random, victim: int = -1, at: int = 0) -> None:
        self._machine, self._chance = machine, chance
        self._victim, self._at = victim, at
        self._turns: list[threading.Semaphore] = []
        self._waiting: dict[int, Node] = {}
        self._running: set[int] = set()
        self._done = threading.Event()
        self.failed: list[BaseException] = []
        self.look: Callable[[str], None] | None = None

    def run(self, processes: list[Callable[[], None]]) -> None:
        """Run them all to their end."""
        self._turns = [threading.Semaphore(0) for _process in processes]
        self._running = set(range(len(processes)))
        threads = [threading.Thread(target=self._live, args=(k, body), daemon=True) for k, body in enumerate(processes)]
        self._machine.before, self._machine.blocked = self._before, self._blocked
        for thread in threads:
            thread.start()
        self._hand_over()
        assert self._done.wait(60), "the processes wait for each other"
        for thread in threads:
            thread.join(10)
        self._machine.before = self._machine.blocked = None
        self._machine.process = -1
        if self.failed:
            raise self.failed[0]

    def _live(self, k: int, body: Callable[[], None]) -> None:
        self._turns[k].acquire()
        try:
            body()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that asked
            self.failed.append(error)
        self._running.discard(k)
        if self._running:
            self._hand_over()
        else:
            self._done.set()

    def _before(self, call: str) -> None:
        me = self._machine.process
        if self.look is not None:
            self.look(call)
        if me == self._victim and self._machine.calls >= self._at:
            self._machine.kill(me)
            return
        if self._chance.random() < 0.5:
            self._switch(me)

    def _blocked(self, node: Node) -> None:
        me = self._machine.process
        self._waiting[me] = node
        if me == self._victim and self._machine.calls >= self._at:
            self._machine.kill(me)
        else:
            self._switch(me)
        self._waiting.pop(me, None)

    def _switch(self, me: int) -> None:
        if self._hand_over(me):
            self._turns[me].acquire()

    def _hand_over(self, me: int = -1) -> bool:
        """Let somebody run who can; whether that is another one."""
        able = [k for k in sorted(self._running) if k not in self._waiting or not self._held(self._waiting[k])]
        if not able:
            raise RuntimeError("deadlock: everybody waits for a lock")
        chosen = self._chance.choice(able)
        self._machine.process = chosen
        if chosen == me:
            return False
        self._turns[chosen].release()
        return True

    def _held(self, node: Node) -> bool:
        return bool(self._machine.locks.get(id(node)))


@contextmanager
def waiting_in_place() -> Iterator[None]:
    """A wait for the lock happens in the process that waits, where the baton can pass, not in a thread of its own."""
    real, pauses, lock.PAUSES = lock._Waiter.start, lock.PAUSES, ()
    lock._Waiter.start = lock._Waiter.run  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        lock._Waiter.start, lock.PAUSES = real, pauses  # type: ignore[method-assign]


def _two(
    seed: int,
    sync: str,
    steps: int,
    operations: Plan,
    victim: int = -1,
    at: int = 0,
    *,
    look: bool = False,
    fault: Fault | None = None,
) -> tuple[Findings, int]:
    """Run two sessions; what was found, and how many calls they made."""
    chance = Random(seed)
    with waiting_in_place(), stage() as on, on.on(SimFs(chance=chance)) as machine:
        coroner = Coroner(machine, on, sync, seed)
        ledger = coroner.ledger = new_workspace()
        sessions = [Session(f"{k}", coroner.opening, ledger, Random(seed * 2 + k), operations) for k in range(2)]
        for k, session in enumerate(sessions):
            machine.process = k
            session.store.close()

        def process(k: int) -> Callable[[], None]:
            def body() -> None:
                if fault is None:
                    sessions[k].store = coroner.opening(sessions[k].store.path)
                for _step in range(steps):
                    sessions[k].act() if fault is None else sessions[k].bear()

            return body

        start = machine.calls
        baton = Baton(machine, chance, victim, at + start if at else 0)
        if look:
            baton.look = coroner.look
        if fault is not None:
            fault.at += start
            machine.fault = fault
        try:
            baton.run([process(0), process(1)])
            machine.fault = None
            for k, session in enumerate(sessions):
                if k not in machine.dead:
                    machine.process = k
                    session.end(told=fault is not None)
            machine.process = -1
            calls = machine.calls - start
            coroner._judge(SimFs(machine.disk.after_kill()), "end")
            for _cut in range(CUTS):
                coroner._judge(SimFs(machine.disk.after_power_cut(chance)), "power cut at the end")
        except (Broken, Exception) as error:  # noqa: BLE001 - whatever it is, it is a finding
            what = f"seed {seed}, {sync}, victim {victim} at {at}, {fault}"
            coroner.found.lost.append(f"{what}: {type(error).__name__} {error}")
            calls = machine.calls - start
        coroner.found.batches = ledger.written
        return coroner.found, calls


def cut_everywhere(seed: int, sync: str = "inside", steps: int = 6) -> Findings:
    """Cut the power, and kill both, before each call that either makes."""
    return _two(seed, sync, steps, OPERATIONS, look=True)[0]


def kill_one_everywhere(
    seed: int,
    sync: str = "inside",
    steps: int = 6,
    every: int = 1,
    operations: Plan = OPERATIONS,
) -> Findings:
    """Kill one process before each call it may make (of `every` so many, one), and let the other go on to its end."""
    found, calls = _two(seed, sync, steps, operations)
    for at in range(1 + seed % every, calls, every):
        one, _calls = _two(seed, sync, steps, operations, victim=at % 2, at=at)
        one.points += 1
        found.add(one)
    return found


def fail_one_everywhere(seed: int, sync: str = "inside", steps: int = 6, every: int = 1) -> Findings:
    """Let a write or a sync of one process fail, each in turn, while another reads and writes beside it."""
    found, calls = _two(seed, sync, steps, OPERATIONS)
    for at in range(1 + seed % every, calls, every):
        fault = Fault(at, FAILURES[at % len(FAILURES)], calls=CHANGING)
        one, _calls = _two(seed, sync, steps, OPERATIONS, fault=fault)
        one.errors += fault.met
        found.add(one)
    return found
