"""What one person did in one session, and the way back and forth: undo is theirs, and never takes back another's work.

Of a step of many cards those stay as they are on which somebody built since; the receipt tells which, and why. A step
that is refused is not tried again, and before an older one is taken back in its stead the person is told which.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.model import Refused
from opstui.i18n import _, ngettext
from opstui.store.protocol import StoreError
from opstui.workspace import Receipt

KEPT = 200
"""Steps that can be undone."""


class Step(Struct, frozen=True):
    """Something done: its batches, and the words for it ("moved ORD-0298 to Stock").

    `many`: several cards were each asked for themselves, and each may be taken back for itself. An import is such a
    step, and has several batches.
    """

    batches: tuple[int, ...]
    said: str
    many: bool = False
    imported: bool = False


class TakesBack(Protocol):
    """Takes a batch back: whole, or `in_part`, but for the cards on which somebody built since."""

    async def __call__(self, batch: int, *, in_part: bool) -> Receipt:
        """What came of it. Raises Refused, StoreError."""


class Steps:
    """The steps of a session, the newest last: those done, and those taken back."""

    def __init__(self, turn: asyncio.Lock, take_back: TakesBack) -> None:
        """`turn` is held by whoever changes something; `take_back` is called with it."""
        self.done: list[Step] = []
        self.undone: list[Step] = []
        self._turn, self._take_back = turn, take_back
        self._stays: tuple[list[Step], Step] | None = None
        """What was not taken back when that was asked for last, and among what it stood."""

    def add(self, step: Step) -> None:
        """Something was done; what had been taken back before cannot be done again."""
        self.done.append(step)
        del self.done[:-KEPT]
        self.undone.clear()
        self._stays = None

    def add_import(self, batches: Iterable[int], said: str) -> None:
        """An import went in, batch by batch: one step."""
        if found := tuple(batches):
            self.add(Step(found, said, many=True, imported=True))

    async def undo(self) -> tuple[Receipt, str]:
        """Take back the last step, once everything asked before is done; gives the receipt and what was taken back.

        Raises:
            Refused: there is none, or it stays; the text says why.
            StoreError: the disk refused it; it can be tried again.
        """
        return await self._back(self.done, self.undone)

    async def redo(self) -> tuple[Receipt, str]:
        """Do the step that was taken back last again; as `undo`."""
        return await self._back(self.undone, self.done)

    async def _back(self, source: list[Step], target: list[Step]) -> tuple[Receipt, str]:
        async with self._turn:
            self._expect_meant(source)
            if not source:
                raise Refused(_("nothing of yours to undo in this session"))
            step = source.pop()
            receipt = await self._each_batch(step, source, target)
        if receipt.batch is None and receipt.refused:
            self._stays = source, step
            raise Refused(receipt.refused[0][1])
        return receipt, _told(step, receipt, back=source is self.done)

    def _expect_meant(self, source: list[Step]) -> None:
        """What is older than a step that stays is not taken back before the person knows what that is."""
        stays, self._stays = self._stays, None
        if stays and stays[0] is source and source:
            said = _('"{kept}" stays. Once more: "{next}", which was before it')
            raise Refused(said.format(kept=stays[1].said, next=source[-1].said))

    async def _each_batch(self, step: Step, source: list[Step], target: list[Step]) -> Receipt:
        """Newest first; what the disk refuses is a step still, and what came before that can be taken back again."""
        parts: list[Receipt] = []
        try:
            for batch in reversed(step.batches):
                parts.append(await self._whole_or_in_part(batch, step))  # noqa: PERF401 - what came of some counts
        except StoreError:
            source.append(replace(step, batches=step.batches[: len(step.batches) - len(parts)]))
            raise
        finally:
            if batches := tuple(part.batch for part in parts if part.batch is not None):
                target.append(replace(step, batches=batches))
        return _joined(parts)

    async def _whole_or_in_part(self, batch: int, step: Step) -> Receipt:
        try:
            return await self._take_back(batch, in_part=False)
        except Refused as no:
            if not step.many:
                return Receipt(None, (), refused=((0, str(no)),))
        return await self._take_back(batch, in_part=True)


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
