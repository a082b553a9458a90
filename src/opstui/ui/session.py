"""One person's sitting at the console: who they are, what they did, and the one thread that writes.

The disk is never waited for on the UI loop, and requests of one session are decided in the order of the keys: a second
`L` builds its command only after the first is part of the state, so it moves the card on from where it then is.
Undo belongs to the session: it holds the batches this person made, not what others did in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.commands import Command, Undo
from opstui.domain.events import Batch
from opstui.domain.model import Actor
from opstui.i18n import _
from opstui.store.protocol import Damaged
from opstui.ui.preferences import Kept
from opstui.ui.readers import READERS
from opstui.ui.steps import Step, Steps
from opstui.workspace import Receipt

if TYPE_CHECKING:
    from opstui.workspace import Workspace


class Plan(Struct, frozen=True):
    """What is to be done, and the words for it once it is done. `via` says by what way it comes.

    `counted` gives these words for so many cards, where each command is decided for itself.
    """

    commands: tuple[Command, ...]
    said: str
    counted: Callable[[int], str] | None = None
    via: str = "console"


COMPACT_AFTER = 1000
"""Batches newer than db.json after which it is written anew, beside everything else."""
TOO_FAR = 500
"""Batches behind after which everything is drawn anew instead of each batch looked at."""
TOO_MANY = 1000
"""Events after which that is done too: a bulk action is one batch with thousands of them."""


class Session:
    """Who sits here, on which workspace."""

    def __init__(self, workspace: Workspace, actor: Actor) -> None:
        """Nothing is started before the first change."""
        self.workspace, self.actor = workspace, actor
        self.kept = Kept(workspace.path, actor.name)
        self.busy = 0
        self._turn = asyncio.Lock()
        self.steps = Steps(self._turn, self._undo)
        self._pool = ThreadPoolExecutor(1, "writer")
        self._own: list[Batch] = []
        self._compacting: asyncio.Future[None] | None = None

    async def submit(self, build: Callable[[], Plan], *, undoable: bool = True) -> tuple[Receipt, str]:
        """Carry out what `build` plans, once everything asked before is done; remember it for undo, unless it has none.

        Gives the receipt and the words.

        Raises:
            Refused, StoreError: as `build` or the workspace says.

        """
        async with self._turn:
            receipt, said = await self._send(build)
            if undoable:
                self._remember(receipt, said)
        return receipt, said

    async def submit_each(self, build: Callable[[], Plan], *, undoable: bool = True) -> tuple[Receipt, str]:
        """As `submit`, but each command is decided for itself, and the receipt tells which were refused.

        There may be thousands of them, so the plan too is made in the writer's thread.
        """
        async with self._turn:
            receipt, said = await self._send(build, each=True)
            if undoable:
                self._remember(receipt, said, many=len(receipt.changed) > 1)
        return receipt, said

    def _remember(self, receipt: Receipt, said: str, *, many: bool = False) -> None:
        if receipt.batch is not None:
            self.steps.add(Step((receipt.batch,), said, many))

    async def _send(self, build: Callable[[], Plan], *, each: bool = False) -> tuple[Receipt, str]:
        """Carry out a plan; whoever asks has the turn."""
        loop = asyncio.get_running_loop()
        self.busy += 1
        try:
            plan = await loop.run_in_executor(self._pool, build) if each else build()
            receipt = await loop.run_in_executor(self._pool, self._write, plan, each)
        finally:
            self.busy -= 1
        said = plan.counted(len(receipt.changed)) if plan.counted else plan.said
        if receipt.batch is not None:
            at, by = self.workspace.now(), self.actor.name
            self._own.append(Batch(n=receipt.batch, at=at, by=by, via=plan.via, events=receipt.events))
            self._compact()
        return receipt, said

    async def _undo(self, batch: int, *, in_part: bool) -> Receipt:
        """Take a batch back whole, or but for the cards on which somebody built since, which are told as refused."""
        left: list[tuple[int, str]] = []

        def build() -> Plan:
            left[:] = self.workspace.standing(batch) if in_part else ()
            return Plan((Undo(batch=batch, without=tuple(card for card, _why in left)),), "")

        receipt, _said = await self._send(build, each=in_part)
        return replace(receipt, refused=(*receipt.refused, *left)) if in_part else receipt

    def _compact(self) -> None:
        """Keep openings quick and every session's memory small: the one whose change was too many does the work."""
        if self.workspace.store.tail() > COMPACT_AFTER and (self._compacting is None or self._compacting.done()):
            loop = asyncio.get_running_loop()
            self._compacting = loop.run_in_executor(READERS, self.workspace.checkpoint, COMPACT_AFTER)

    def _write(self, plan: Plan, each: bool) -> Receipt:  # noqa: FBT001 - through an executor
        return self.workspace.submit(self.actor, *plan.commands, via=plan.via, each=each)

    def news(self) -> list[Batch] | None:
        """The batches that came in since the last call, one's own too, in their order; None when they are too many."""
        own, self._own = self._own, []
        found = [*own, *self.workspace.catch_up()]
        if len(found) > TOO_FAR or sum(len(batch.events) for batch in found) > TOO_MANY:
            return None
        return sorted(found, key=lambda batch: batch.n)

    @property
    def outdated(self) -> str:
        """Words for it when what is shown may be an old state: the files were replaced or harmed while in use."""
        lost = isinstance(self.workspace.store.problem, Damaged)
        return _("this is an old state: the files are not what they were. Leave and start again") if lost else ""

    def close(self) -> None:
        """Let the writer finish what it has begun, and end it."""
        self._pool.shutdown()
