"""`python -m bench sessions idle memory`: real sessions on one workspace, in terminals, as a team has them open.

What one of them changes the others show; while nobody does anything they do nothing; and each costs little more memory
than a program that shows nothing.
"""

from __future__ import annotations

import random
import statistics
import string
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.console import CARDS, EMPTY, LARGE, console
from bench.crowd import Crowd
from bench.processes import cpu_ms, pss_mb
from bench.rows import Row, p95
from bench.shop import OWNER
from opstui.domain.commands import EditCard
from opstui.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.plan import Plan

FEW, MANY = 50.0, 250.0
"""Milliseconds until a change is seen by two, by fifty."""
IDLE = 1.3
MEMORY, MEMORY_LARGE = 1.4, 1.6
"""How much more than an empty app a session may hold."""
SETTLED, CALM, PATIENCE = 3.0, 30.0, 90.0
"""A session has computed its numbers and put its memory in order when it has used the processor for fewer than `CALM`
milliseconds in that many seconds; we wait for that as long as our patience goes."""
PAUSE = (0.4, 0.8)
"""Seconds between two changes: people's pace, and longer than sessions wait to show several at once."""
BLINK = 0.5
"""Seconds of silence that end one thing that is sent."""


def sessions(plan: Plan) -> list[Row]:
    """A change of one session, until the others show it."""
    shop = plan.copy(plan.shop(plan.stores[0]))
    return [_seen(2 * plan.changes, shop, 2, FEW), _seen(plan.changes, shop, plan.crowd, MANY)]


def _seen(changes: int, shop: Path, count: int, limit: float) -> Row:
    dice = random.Random(count)  # noqa: S311
    late: list[float] = []
    workspace = open_workspace(shop, lambda: datetime.now(UTC))
    card = workspace.state.lane("orders", "new")[0]
    with Crowd(console(shop), count, {"OPSTUI_DIFF": "0"}) as crowd:  # whole words are looked for in what is sent
        crowd.when(CARDS)
        workspace.submit(OWNER, EditCard(card=card, values={"title": "-" * _LETTERS}))
        _settle(crowd)
        spent = -sum(cpu_ms(each.pid) for each in crowd.terminals)
        for turn in range(changes):
            word = _word(turn)
            begun = time.perf_counter()
            workspace.submit(OWNER, EditCard(card=card, values={"title": word}))
            late += [(at - begun) * 1000 for at in crowd.when(word, patience=10.0)]
            crowd.wait(dice.uniform(*PAUSE))
        spent += sum(cpu_ms(each.pid) for each in crowd.terminals)
    workspace.close()
    each = f"{spent / changes / count:.1f} ms of processor a change and session"
    note = f"median {statistics.median(late):.1f}, max {max(late):.0f}, {changes} changes, {each}"
    return Row(f"another session shows a change, p95, {count} sessions", p95(late), None, "ms", note=note, limit=limit)


_LETTERS = 6


def _word(turn: int) -> str:
    """A title without a letter of the one before at its place: only the cells that changed are sent."""
    return "".join(string.ascii_uppercase[(7 * turn + 5 * place) % 26] for place in range(_LETTERS))


def idle(plan: Plan) -> list[Row]:
    """Sessions that do nothing, against empty Textual apps beside them."""
    shop = plan.shop(plan.stores[0])
    with Crowd(console(shop), plan.office) as ours, Crowd(EMPTY, plan.office) as empty:
        ours.when(CARDS)
        empty.when("ready")
        _settle(ours, empty)
        spent, sent = _idle(plan.idle, ours, empty)
    mine, floor = (statistics.median(each) * 60 / plan.idle for each in spent)
    told = statistics.mean(sum(size for _at, size in each) for each in sent)
    return [
        Row(f"an idle session's processor, {plan.office} sessions / empty app", mine, floor, "ms/min", IDLE),
        Row(
            "what an idle session sends, but for a clock",
            statistics.mean(_unasked(each) for each in sent),
            None,
            "bytes",
            note=f"in {plan.idle:.0f} s; with the clock {told:.0f}",
            limit=0,
        ),
    ]


def _settle(*crowds: Crowd) -> None:
    """Let every session finish what it begins by itself."""
    end = time.perf_counter() + PATIENCE
    busiest = CALM
    while busiest >= CALM and time.perf_counter() < end:
        spent, _sent = _idle(SETTLED, *crowds)
        busiest = max(ms for crowd in spent for ms in crowd)


def _idle(seconds: float, *crowds: Crowd) -> tuple[list[list[float]], list[list[tuple[float, int]]]]:
    """Milliseconds of processor of each session of each crowd, and what the first crowd sent."""
    before = [[cpu_ms(each.pid) for each in crowd.terminals] for crowd in crowds]
    begun = time.perf_counter()
    end = begun + seconds
    while time.perf_counter() < end:
        for crowd in crowds:
            crowd.wait(0.2)
    spent = [
        [cpu_ms(each.pid) - was for each, was in zip(crowd.terminals, then, strict=True)]
        for crowd, then in zip(crowds, before, strict=True)
    ]
    return spent, [[(at, size) for at, size in each if at >= begun] for each in crowds[0].sent]


def _unasked(sent: Sequence[tuple[float, int]]) -> int:
    """Bytes of all but the last thing that was sent: within a minute, a clock ticks once."""
    moments: list[int] = []
    last = float("-inf")
    for at, size in sent:
        if at - last > BLINK:
            moments.append(0)
        moments[-1] += size
        last = at
    return sum(moments[:-1])


def memory(plan: Plan) -> list[Row]:
    """What each of several sessions holds, against as many empty Textual apps."""
    sizes = (plan.stores[0], plan.stores[-1])
    floor = _held(EMPTY, "ready", plan.office)
    return [
        Row(
            f"memory of one of {plan.office} sessions (PSS), {cards:,} cards / empty app",
            _held(console(plan.shop(cards)), CARDS, plan.office),
            floor,
            "MB",
            MEMORY if cards < LARGE else MEMORY_LARGE,
        )
        for cards in sizes
    ]


def _held(command: Sequence[str | Path], pattern: str, count: int) -> float:
    with Crowd(command, count) as crowd:
        crowd.when(pattern)
        _settle(crowd)
        return statistics.median(pss_mb(each.pid) for each in crowd.terminals)
