"""What can be done to the checklist of a card, each deed saved as it is made. Items are named by their number.

Every plan is made from what the list is when its turn comes, so that fast keys mean the same as slow ones.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from opstui.domain import commands as c
from opstui.domain.model import Check, Doc, Refused, card_from
from opstui.i18n import _
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.ui.edits import Try

SHOWN = 30
"""Letters of an item in the words that tell what was done."""


class CheckDeeds:
    """The checklist of one card. Deeds give the reason when they were refused, else nothing."""

    def __init__(
        self,
        doc: Callable[[], Doc],
        submit: Try,
        undo: Callable[[], Awaitable[object]],
        redo: Callable[[], Awaitable[object]],
    ) -> None:
        """`doc` gives the card as it is now; `submit` carries a plan out."""
        self._doc, self._submit, self.undo, self.redo = doc, submit, undo, redo
        self.card, self.ref = int(doc()["id"]), str(doc()["ref"])

    def items(self) -> tuple[Check, ...]:
        """The items as they are now; none when the card is gone."""
        try:
            return card_from(self._doc()).checklist
        except Refused:
            return ()

    async def add(self, text: str) -> str:
        """A new item at the end."""
        return await self._do(lambda: c.AddCheck(card=self.card, text=text), _("added to the checklist: {text}"), text)

    async def edit(self, item: int, text: str) -> str:
        """Other words."""
        return await self._do(lambda: c.EditCheck(card=self.card, item=item, text=text), _("now reads: {text}"), text)

    async def toggle(self, item: int) -> str:
        """Tick it, or untick it."""
        found = self._find(item)
        said = _("unticked: {text}") if found and found.done else _("ticked: {text}")

        def build() -> c.Command:
            now = self._find(item)
            return c.TickCheck(card=self.card, item=item, done=not (now and now.done))

        return await self._do(build, said, found.text if found else "")

    async def remove(self, item: int) -> str:
        """Take it off."""
        found = self._find(item)
        said = _("off the checklist: {text}")
        return await self._do(lambda: c.RemoveCheck(card=self.card, item=item), said, found.text if found else "")

    async def move(self, item: int, by: int) -> str:
        """A place up (-1) or down (1)."""
        found = self._find(item)

        def build() -> c.Command:
            ids = [other.id for other in self.items()]
            to = ids.index(item) + by if item in ids else -1
            if not 0 <= to < len(ids):
                raise Refused(_("it is at the end of the list"))
            before = to if by < 0 else to + 1
            return c.MoveCheck(card=self.card, item=item, before=ids[before] if before < len(ids) else None)

        return await self._do(build, _("another place on the checklist: {text}"), found.text if found else "")

    def _find(self, item: int) -> Check | None:
        return next((found for found in self.items() if found.id == item), None)

    async def _do(self, build: Callable[[], c.Command], said: str, text: str) -> str:
        words = said.format(text=text[:SHOWN])
        return await self._submit(lambda: Plan((build(),), words), self.card)
