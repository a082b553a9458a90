"""Without a console: a command through the one door, and whole verbs of the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from bench.rows import Row, in_turns, runtime, timed
from bench.shop import OWNER
from opstui.domain.commands import EditCard
from opstui.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from bench.plan import Plan

OPSTUI = (sys.executable, "-m", "opstui")
PYDANTIC = (sys.executable, "-c", "import pydantic; pydantic.BaseModel")
LINE = b"x" * 319 + b"\n"
"""About what the journal writes for a change of one field."""


def submit(plan: Plan) -> list[Row]:
    """A command through the one door until it is durable, against a bare append and fdatasync."""
    rows = []
    for n in plan.cards:
        shop = plan.shop(n)
        workspace = open_workspace(shop, lambda: datetime.now(UTC))
        with (shop / "yardstick").open("ab", buffering=0) as bare:
            deeds = (_append(bare.fileno()), _edit(workspace))
            bare_ms, ours = in_turns(plan.turns, *(lambda deed=deed: timed(deed) for deed in deeds))
        workspace.close()
        rows.append(Row(f"a command until durable, {n:,} cards / append + fdatasync", ours, bare_ms, "ms"))
    return rows


def _append(descriptor: int) -> Callable[[], object]:
    def append() -> None:
        os.write(descriptor, LINE)
        os.fdatasync(descriptor)

    return append


def _edit(workspace: Workspace) -> Callable[[], object]:
    """An edit of one field: policy, decide, evolve, one line of journal."""
    numbers, ids = count(), workspace.state.lane("orders", "new")

    def edit() -> None:
        number = next(numbers)
        workspace.submit(OWNER, EditCard(card=ids[number % len(ids)], values={"city": f"city {number}"}))

    return edit


def command_line(plan: Plan) -> list[Row]:
    """A verb of the command line, against importing pydantic."""
    n = plan.cards[0]
    kpi = (*OPSTUI, "-w", plan.shop(n), "kpi", "--json")
    yard, ours, version = in_turns(
        plan.runs, lambda: runtime(PYDANTIC), lambda: runtime(kpi), lambda: runtime((*OPSTUI, "--version"))
    )
    return [
        Row(f"opstui kpi --json, {n:,} cards / importing pydantic", ours, yard, "ms", 1.5),
        Row("opstui --version / importing pydantic", version, yard, "ms"),
    ]
