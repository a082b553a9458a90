"""The long proof that the store loses nothing: `make soak`.

The simulated campaigns run on all cores, each seed a script of its own; then real processes are killed and real bytes
are cut. It prints what was tried and ends with 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from soak.crashes import Findings, crash_everywhere
from soak.cuts import cut_the_last_line, spoil_a_middle_line
from soak.faults import fail_everywhere
from soak.kills import kill_plain, kill_writers
from soak.ledger import SYNC
from soak.many import meet
from soak.together import cut_everywhere, fail_one_everywhere, kill_one_everywhere


@dataclass(frozen=True)
class Size:
    """How long: seeds of the simulated campaigns, rounds of two kills, batches of eight writers and of four."""

    crashes: int = 70
    cuts: int = 32
    kills_of_one: int = 8
    faults: int = 5
    faults_of_one: int = 6
    rounds: int = 500
    eight: int = 1500
    four: int = 100
    every: int = 1


QUICK = Size(crashes=4, cuts=2, kills_of_one=1, faults=1, faults_of_one=1, rounds=5, eight=25, four=5, every=40)


@dataclass
class Tally:
    """What all of it came to."""

    simulated: Findings = field(default_factory=Findings)
    kills: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, what: str, wrong: list[str]) -> None:
        """Say how a campaign went."""
        say(f"  {what}" + (f": {len(wrong)} WRONG" if wrong else ""))
        self.wrong += wrong


def say(line: str) -> None:
    """Tell at once: somebody may be waiting."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run all of it, or a quick version; 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few of each, in seconds")
    parser.add_argument("--real", action="store_true", help="only real files and processes, nothing simulated")
    asked = parser.parse_args()
    size = QUICK if asked.quick else Size()
    begun, tally = time.monotonic(), Tally()
    if not asked.real:
        simulate(size, tally)
    for sync in SYNC:
        for campaign in (kill, cut, many):
            with tempfile.TemporaryDirectory() as folder:
                campaign(Path(folder), size, tally, sync)
    with tempfile.TemporaryDirectory() as folder:
        plain = kill_plain(Path(folder), size.rounds)
    for wrong in tally.wrong[:20]:
        say(f"  ! {wrong}")
    say(f"crash points: {tally.simulated.points}")
    say(f"I/O errors: {tally.simulated.errors}")
    say(f"kills: {tally.kills}")
    say(f"lost: {len(tally.wrong)}")
    say(
        f"plain TinyDB, the same {plain.kills} kills: lost {plain.lost} of {plain.acknowledged} acknowledged changes, "
        f"left an unreadable file {plain.unreadable} times"
    )
    say(f"({time.monotonic() - begun:.0f} s)")
    return 1 if tally.wrong else 0


def simulate(size: Size, tally: Tally) -> None:
    """The campaigns on simulated disks, a seed at a time, on all cores."""
    campaigns: list[tuple[str, Callable[[int, str], Findings], int]] = [
        ("a crash at every call of one process after another", crash_everywhere, size.crashes),
        ("a power cut between the calls of two processes", cut_everywhere, size.cuts),
        ("one of two processes killed between any calls", kill_one_everywhere, size.kills_of_one),
        ("every call refused", fail_everywhere, size.faults),
        ("a write or a sync of one of two processes refused", fail_one_everywhere, size.faults_of_one),
    ]
    with ProcessPoolExecutor() as pool:
        running = [
            (what, sync, [pool.submit(campaign, seed, sync) for seed in range(1000, 1000 + seeds)])
            for what, campaign, seeds in campaigns
            for sync in SYNC
        ]
        for what, sync, futures in running:
            found = Findings()
            for future in futures:
                found.add(future.result())
            tally.simulated.add(found)
            tally.note(f"{what} (sync {sync} the lock): {found}", found.lost)


def kill(folder: Path, size: Size, tally: Tally, sync: str) -> None:
    """Real processes, killed."""
    toll = kill_writers(folder, size.rounds, sync=sync)
    tally.kills += toll.kills
    tally.note(f"{toll.kills} kills of two writers at work: {toll.acknowledged} batches acknowledged", toll.wrong)


def cut(folder: Path, size: Size, tally: Tally, sync: str) -> None:
    """Bytes of real journals, cut and spoilt."""
    cuts = cut_the_last_line(folder / "cut", size.every, sync)
    tally.note(f"the last line cut {cuts.tried} times", cuts.wrong)
    cuts = spoil_a_middle_line(folder / "spoilt", size.every, sync)
    tally.note(f"a middle line spoilt {cuts.tried} times", cuts.wrong)


def many(folder: Path, size: Size, tally: Tally, sync: str) -> None:
    """Many processes at once."""
    for name, sessions, writers, each in (("eight", 8, 8, size.eight), ("fifty", 50, 4, size.four)):
        (folder / name).mkdir()
        meeting = meet(folder / name, sessions, writers, each, hurry=name == "eight", sync=sync)
        what = f"{sessions} sessions, {writers} of them writing: {meeting.batches} batches, one state"
        tally.note(what, meeting.wrong)


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    sys.exit(main())
