"""One person's sitting at the console: what they did, what can be taken back, and the one thread that writes.

The disk is never waited for on the UI loop, and requests of one session are decided in the order of the keys: a second
`L` builds its command only after the first is part of the state, so it moves the card on from where it then is.
Undo belongs to the session: it holds the batches this person made, not what others did in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.commands import Command, Undo
from opstui.domain.events import Batch
from opstui.domain.model import Actor, Refused
from opstui.i18n import _, ngettext
from opstui.store.protocol import Damaged, StoreError
from opstui.ui.preferences import Kept
from opstui.ui.readers import READERS
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


KEPT = 200
"""Steps that can be undone."""
COMPACT_AFTER = 1000
"""Batches newer than db.json after which it is written anew, beside everything else."""
TOO_FAR = 500
"""Batches behind after which everything is drawn anew instead of each batch looked at."""
TOO_MANY = 1000
"""Events after which that is done too: a bulk action is one batch with thousands of them."""


class Step(Struct, frozen=True):
    """Something done: its batches, and the words for it ("moved ORD-0298 to Stock").

    `many`: several cards were each asked for themselves, and each may be taken back for itself. An import is such a
    step, and has several batches.
    """

    batches: tuple[int, ...]
    said: str
    many: bool = False
    imported: bool = False


class Session:
    """Who sits here, on which workspace."""

    def __init__(self, workspace: Workspace, actor: Actor) -> None:
        """Nothing is started before the first change."""
        self.workspace, self.actor = workspace, actor
        self.done: list[Step] = []
        self.undone: list[Step] = []
        self.kept = Kept(workspace.path, actor.name)
        self.busy = 0
        self._turn = asyncio.Lock()
        self._pool = ThreadPoolExecutor(1, "writer")
        self._own: list[Batch] = []
        self._stays: tuple[list[Step], Step] | None = None
        """What was not taken back when that was asked for last, and among what it stood."""
        self._compacting: asyncio.Future[None] | None = None

    async def submit(self, build: Callable[[], Plan], *, undoable: bool = True) -> tuple[Receipt, str]:
        """Carry out what `build` plans, once everything asked before is done; remember it for undo, unless it has none.

        Gives the receipt and the words.

        Raises:
            Refused, StoreError: as `build` or the workspace says.

        """
        receipt, said = await self._send(build)
        if undoable:
            self._remember(receipt, said)
        return receipt, said

    async def submit_each(self, build: Callable[[], Plan]) -> tuple[Receipt, str]:
        """As `submit`, but each command is decided for itself, and the receipt tells which were refused.

        There may be thousands of them, so the plan too is made in the writer's thread.
        """
        receipt, said = await self._send(build, each=True)
        self._remember(receipt, said, many=len(receipt.changed) > 1)
        return receipt, said

    def _remember(self, receipt: Receipt, said: str, *, many: bool = False) -> None:
        if receipt.batch is not None:
            self._add(Step((receipt.batch,), said, many))

    def remember_import(self, batches: Iterable[int], said: str) -> None:
        """An import went in, batch by batch: one step."""
        if found := tuple(batches):
            self._add(Step(found, said, many=True, imported=True))

    def _add(self, step: Step) -> None:
        self.done.append(step)  # the same list: an undo that waits for this looks into it
        del self.done[:-KEPT]
        self.undone.clear()
        self._stays = None

    async def undo(self) -> tuple[Receipt, str]:
        """Take back the last step; gives the receipt and what was taken back.

        Of a step of many cards those stay as they are on which somebody built since; the receipt tells which, and why.
        A step that is refused is not tried again, and before an older one is taken back in its stead the person is
        told which; one that the disk refused is.
        """
        return await self._back(self.done, self.undone)

    async def redo(self) -> tuple[Receipt, str]:
        """Do again what was undone last."""
        return await self._back(self.undone, self.done)

    async def _back(self, source: list[Step], target: list[Step]) -> tuple[Receipt, str]:
        self._expect_meant(source)
        step: list[Step] = []

        def build() -> Plan:
            if not source:
                raise Refused(_("nothing of yours to undo in this session"))
            step.append(source.pop())
            return Plan((Undo(batch=step[0].batches[-1]),), step[0].said)

        parts: list[Receipt] = []
        try:
            parts.append(await self._whole_or_in_part(build, step))
            for batch in reversed(step[0].batches[:-1]):
                part = await self._whole_or_in_part(partial(_undoing, batch, step[0]), step, batch)
                parts.append(part)
        except StoreError:
            source.extend(replace(left, batches=left.batches[: len(left.batches) - len(parts)]) for left in step)
            raise
        finally:
            if batches := tuple(part.batch for part in parts if part.batch is not None):
                target.append(replace(step[0], batches=batches))
        receipt = _joined(parts)
        if receipt.batch is None and receipt.refused:
            self._stays = source, step[0]
            raise Refused(receipt.refused[0][1])
        return receipt, _told(step[0], receipt, back=source is self.done)

    def _expect_meant(self, source: list[Step]) -> None:
        """What is older than a step that stays is not taken back before the person knows what that is."""
        stays, self._stays = self._stays, None
        if stays and stays[0] is source and source:
            said = _('"{kept}" stays. Once more: "{next}", which was before it')
            raise Refused(said.format(kept=stays[1].said, next=source[-1].said))

    async def _whole_or_in_part(self, build: Callable[[], Plan], step: list[Step], batch: int = 0) -> Receipt:
        try:
            return (await self._send(build))[0]
        except Refused as no:
            if not step:
                raise
            if not step[0].many:
                return Receipt(None, (), refused=((0, str(no)),))
        return await self._in_part(batch or step[0].batches[-1], step[0])

    async def _in_part(self, batch: int, step: Step) -> Receipt:
        """Take back what can be; where that is nothing, or somebody was quicker still, nothing is changed."""
        left: list[tuple[int, str]] = []

        def build() -> Plan:
            left[:] = self.workspace.standing(batch)
            return Plan((Undo(batch=batch, without=tuple(card for card, _why in left)),), step.said)

        receipt, _said = await self._send(build, each=True)
        return replace(receipt, refused=(*receipt.refused, *left) if receipt.batch is None else tuple(left))

    async def _send(self, build: Callable[[], Plan], *, each: bool = False) -> tuple[Receipt, str]:
        loop = asyncio.get_running_loop()
        async with self._turn:
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


def _undoing(batch: int, step: Step) -> Plan:
    return Plan((Undo(batch=batch),), step.said)


def _joined(parts: list[Receipt]) -> Receipt:
    """What came of several batches, as if they were one."""
    if len(parts) == 1:
        return parts[0]
    batch = next((part.batch for part in reversed(parts) if part.batch is not None), None)
    events = tuple(event for part in parts for event in part.events)
    return Receipt(batch, events, refused=tuple(refused for part in parts for refused in part.refused))


def _told(step: Step, receipt: Receipt, *, back: bool) -> str:
    """The words for what was taken back; nothing is deleted, so the cards of an import are in the archive then."""
    away = sum(event.kind == "archived" for event in receipt.events)
    if not (back and step.imported and away):
        return step.said
    cards = ngettext("{n} card is in the archive now", "{n} cards are in the archive now", away)
    return f"{step.said} ({cards})"
