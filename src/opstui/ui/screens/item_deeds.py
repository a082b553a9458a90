"""What keys and clicks do to the items of a checklist, but for writing them. Keys wait for the change before them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from opstui.ui.screens.sheet import Sheet
from opstui.ui.typeahead import Typeahead
from opstui.ui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from opstui.ui.checks import CheckDeeds


class Deeds(Sheet[None]):
    """The changes of a checklist; where the cursor is and how it all looks is told by `Checklist`."""

    def __init__(self, deeds: CheckDeeds) -> None:
        """The deeds know the card."""
        super().__init__()
        self._deeds, self._keys = deeds, KeyLine()

    @property
    def _here(self) -> int | None:
        """The item under the cursor."""
        raise NotImplementedError

    def _show(self) -> None:
        """The items as they are now."""
        raise NotImplementedError

    def _tell(self, text: str) -> None:
        """A reason."""
        raise NotImplementedError

    def action_tick(self) -> None:
        """Tick or untick."""
        if (item := self._here) is not None:
            self._do(self._deeds.toggle(item))

    def action_remove(self) -> None:
        """Take it off; undo brings it back."""
        if (item := self._here) is not None:
            self._do(self._deeds.remove(item))

    def action_shift(self, by: int) -> None:
        """Up or down in the list."""
        if (item := self._here) is not None:
            self._do(self._deeds.move(item, by))

    def action_undo(self) -> None:
        """Take back the last change."""
        self._do(self._told(self._deeds.undo()))

    def action_redo(self) -> None:
        """Do it again."""
        self._do(self._told(self._deeds.redo()))

    @staticmethod
    async def _told(step: Awaitable[object]) -> str:
        await step
        return ""

    def on_items_ticked(self) -> None:
        """A click on the mark."""
        self.action_tick()

    @property
    def _ops(self) -> Typeahead:
        """The application, as the one who holds keys."""
        assert isinstance(self.app, Typeahead)
        return self.app

    def _do(self, deed: Awaitable[str]) -> None:
        """Carry it out while keys wait, then show what came of it."""
        self._keys.tell("")
        self._ops.hold()
        self.run_worker(self._done(deed, self._ops))

    async def _done(self, deed: Awaitable[str], app: Typeahead) -> None:
        try:
            reason = await deed
            if self.is_attached:
                self._show()
                self._tell(reason)
        finally:
            await app.release()
