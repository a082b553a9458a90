"""The store on a simulated disk: crashes at every system call, two processes between each other's calls, failing disks.

These are the quick versions; `make soak` runs them for many more seeds. A proof that finds nothing is only worth
something if it finds what is planted: the mistakes one could make are made here, one by one, and each must be found.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from opstui.store import syscalls as fs
from opstui.store.file import create_store, open_store
from opstui.store.journal import Journal
from opstui.store.protocol import Damaged
from soak.crashes import crash_everywhere
from soak.disk import File
from soak.faults import KINDS, Kind, fail_everywhere
from soak.ledger import SYNC, WORKSPACE
from soak.script import Plan, change, compact, reopen, rotate, tear
from soak.simulator import SimFs, seam, stage
from soak.together import cut_everywhere, fail_one_everywhere, kill_one_everywhere


def test_every_system_call_has_a_stand_in() -> None:
    for name in seam():
        assert inspect.signature(getattr(SimFs, name)).parameters.keys() - {"self"} == (
            inspect.signature(getattr(fs, name)).parameters.keys()
        ), name


@pytest.mark.parametrize("sync", SYNC)
@pytest.mark.parametrize("seed", range(3))
def test_a_crash_at_any_call_loses_nothing(seed: int, sync: str) -> None:
    found = crash_everywhere(seed, sync, steps=12)
    assert found.lost == []
    assert found.points > 100
    assert found.disks > found.changing > 50


@pytest.mark.parametrize("sync", SYNC)
def test_a_power_cut_between_two_processes_loses_nothing(sync: str) -> None:
    found = cut_everywhere(2, sync)
    assert found.lost == []
    assert found.disks > 50


@pytest.mark.parametrize("sync", SYNC)
def test_who_goes_on_when_another_is_killed_loses_nothing(sync: str) -> None:
    found = kill_one_everywhere(1, sync, every=5)
    assert found.lost == []
    assert found.points > 20


@pytest.mark.parametrize("sync", SYNC)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_disk_that_refuses_at_any_call_loses_nothing(kind: Kind, sync: str) -> None:
    found = fail_everywhere(7, sync, steps=8, kinds=[kind])
    assert found.lost == []
    assert found.errors > 5


@pytest.mark.parametrize("sync", SYNC)
def test_a_failing_disk_under_two_processes_loses_nothing(sync: str) -> None:
    found = fail_one_everywhere(5, sync, every=4)
    assert found.lost == []
    assert found.errors > 3


# ------------------------------------------------------------------------------------------ planted mistakes


def never_synced(machine: SimFs) -> None:
    machine.fdatasync = _nothing  # type: ignore[method-assign, assignment]


def renamed_before_it_is_synced(machine: SimFs) -> None:
    sync, replace = machine.fdatasync, machine.replace
    late: list[int] = []

    def sync_later(fd: int) -> None:
        if machine.opened[fd].node is machine._folder("/w/data").names.get("db.json.tmp"):
            late.append(fd)
        else:
            sync(fd)

    def rename_first(source: Path, target: Path) -> None:
        node = machine._find(source)
        replace(source, target)
        machine._call("fdatasync, too late")
        assert isinstance(node, File)
        node.sync()

    machine.fdatasync, machine.replace = sync_later, rename_first  # type: ignore[method-assign]


def names_never_synced(machine: SimFs) -> None:
    machine.fsync_folder = _nothing  # type: ignore[method-assign, assignment]


def cut_short(machine: SimFs) -> None:
    """As if repairing did nothing: what is torn stays before the next line."""
    machine.ftruncate = _nothing  # type: ignore[method-assign, assignment]


def _nothing(*_args: object) -> None:
    return


MISTAKES = [
    (never_synced, [(change, 1)], "acknowledged"),
    (renamed_before_it_is_synced, [(change, 3), (compact, 1)], r"db\.json is damaged"),
    (names_never_synced, [(change, 3), (rotate, 1)], "acknowledged"),
    (cut_short, [(change, 2), (tear, 1), (reopen, 1)], "acknowledged|damaged|batch"),
]


@pytest.mark.parametrize(("mistake", "operations", "what"), MISTAKES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_planted_mistake_is_found(mistake: Callable[[SimFs], None], operations: Plan, what: str) -> None:
    def found(planted: Callable[[SimFs], None] | None, seed: int) -> list[str]:
        return crash_everywhere(seed, steps=7, operations=operations, mistake=planted).lost

    assert found(None, 1) == []
    assert any(re.search(what, loss) for seed in range(1, 20) for loss in found(mistake, seed))


def test_a_new_segment_whose_name_is_not_durable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its maker was killed before the folder was synced, and the next writer took it as it stood."""
    real = Journal.append

    def trusting(journal: Journal, raw: bytes, n: int, at: datetime) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fs, "fsync_folder", _nothing)
            real(journal, raw, n, at)

    def losses() -> list[str]:
        return kill_one_everywhere(14, steps=3, every=2, operations=[(change, 2), (rotate, 1)]).lost

    assert losses() == []
    monkeypatch.setattr(Journal, "append", trusting)
    assert any("was acknowledged" in loss for loss in losses())


def test_a_refused_opening_leaves_no_file_open() -> None:
    with stage() as on, on.on(SimFs()) as machine:
        create_store(WORKSPACE)
        journal = machine._find(WORKSPACE / "data" / "journal" / "00000001.jsonl")
        assert isinstance(journal, File)
        journal.put(0, b"damage\nand more\n")
        with pytest.raises(Damaged):
            open_store(WORKSPACE)
        assert machine.writers() == 0
