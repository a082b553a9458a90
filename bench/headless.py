"""Without a console: a durable change, and whole verbs of the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bench.rows import Row, in_turns, runtime, timed
from bench.shop import OWNER
from opstui.domain.commands import EditCard
from opstui.store.protocol import Tx
from opstui.workspace import Workspace, open_workspace

OPSTUI = (sys.executable, "-m", "opstui")
PYDANTIC = (sys.executable, "-c", "import pydantic; pydantic.BaseModel")
WRITES = 200
LINE = b"x" * 319 + b"\n"
"""About what the journal writes for a change of one field."""


def durable_write(shops: dict[int, Path], _runs: int) -> list[Row]:
    """A change that is durable when it returns, against a bare append and fdatasync of as many bytes."""
    rows = []
    for n, shop in shops.items():
        workspace = open_workspace(shop, lambda: datetime.now(UTC))
        with (shop / "yardstick").open("ab", buffering=0) as bare:
            deeds = (_append(bare.fileno()), _put(workspace), _submit(workspace))
            bare_ms, put, submit = in_turns(WRITES, *(lambda deed=deed: timed(deed) for deed in deeds))
        workspace.close()
        rows += [
            Row(f"durable write, {n:,} cards / append + fdatasync", put, bare_ms, "ms", 2.0),
            Row(f"command to durable, {n:,} cards / append + fdatasync", submit, bare_ms, "ms"),
        ]
    return rows


def _append(descriptor: int) -> Callable[[], object]:
    def append() -> None:
        os.write(descriptor, LINE)
        os.fdatasync(descriptor)

    return append


def _put(workspace: Workspace) -> Callable[[], object]:
    """One field of one document through the store alone."""
    numbers, ids = count(), workspace.state.lane("orders", "new")

    def change(tx: Tx) -> None:
        number = next(numbers)
        card = ids[number % len(ids)]
        tx.put("cards", card, {**(tx.get("cards", card) or {}), "courier": f"courier {number}"})

    return lambda: workspace.store.transact(change, at=workspace.now(), by=OWNER.name, via="bench")


def _submit(workspace: Workspace) -> Callable[[], object]:
    """The same through the one door: policy, decide, evolve."""
    numbers, ids = count(), workspace.state.lane("orders", "new")

    def submit() -> None:
        number = next(numbers)
        workspace.submit(OWNER, EditCard(card=ids[number % len(ids)], values={"city": f"city {number}"}))

    return submit


def command_line(shops: dict[int, Path], runs: int) -> list[Row]:
    """A verb of the command line, against importing pydantic."""
    n, shop = next(iter(shops.items()))
    kpi = (*OPSTUI, "-w", shop, "kpi", "--json")
    yard, ours, version = in_turns(
        runs, lambda: runtime(PYDANTIC), lambda: runtime(kpi), lambda: runtime((*OPSTUI, "--version"))
    )
    return [
        Row(f"opstui kpi --json, {n:,} cards / importing pydantic", ours, yard, "ms", 1.5),
        Row("opstui --version / importing pydantic", version, yard, "ms"),
    ]
