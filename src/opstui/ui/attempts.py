"""One request on behalf of a person: it is submitted, and what came of it is told, with the way back.

The same verbs serve the board and the open card; `Host` is all they know of the screen they are on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from opstui.domain.model import Conflict, Doc, Refused
from opstui.formats import Formats
from opstui.i18n import _
from opstui.store.protocol import StoreError
from opstui.typed import Here
from opstui.ui.session import Plan
from opstui.ui.sources import Sources

if TYPE_CHECKING:
    from textual.screen import Screen

    from opstui.domain.boards import Board
    from opstui.ui.rows import Row
    from opstui.ui.screens.form import Save
    from opstui.ui.session import Session
    from opstui.workspace import Receipt

    Back = tuple[Receipt, str] | None
    """What came of an undo or a redo, and the words told; None when it was refused."""


class Host(Protocol):
    """The screen a verb works on."""

    async def ask(self, screen: Screen[Any]) -> Any:
        """Show a dialog and wait for its answer."""

    def say(self, text: str, tone: str = "done") -> None:
        """Tell what happened: done, warning or refused."""

    def key(self, command: str) -> str:
        """The key of a command, for telling people."""

    @property
    def target(self) -> int | None:
        """The card that keys are about."""

    def settled(self, card: int | None) -> None:
        """State has changed; show it, with the cursor on that card."""


class Attempts:
    """What all verbs of one session on one screen begin and end with. They ask the state at the moment they need it."""

    def __init__(self, session: Session, host: Host) -> None:
        """Bound to who sits there and what they look at."""
        self._session, self._host = session, host
        self._workspace = session.workspace
        self.sources = Sources(self._workspace)

    async def attempt(
        self, build: Callable[[], Plan], card: int | None, told: Callable[[int], str] | None = None
    ) -> str:
        """Submit; gives the reason when it was refused. `told` words what was done of the card that was created."""
        try:
            receipt, said = await self._session.submit(build)
        except Conflict:
            raise
        except (Refused, StoreError) as no:
            self._host.settled(card)
            return str(no)
        created = next((e.id for e in receipt.events if e.kind == "created"), card)
        self._host.settled(created)
        if receipt.batch is None:
            self._host.say(_("nothing to change"))
        else:
            warned = "; ".join(receipt.warnings)
            said = told(created) if told and created is not None else said
            self._host.say(
                _("{done} · {key} undo").format(
                    done=f"{said}; {warned}" if warned else said, key=self._host.key("undo")
                ),
                "warning" if warned else "done",
            )
        return ""

    async def _do(self, build: Callable[[], Plan], card: int | None) -> None:
        if reason := await self.attempt(build, card):
            self._host.say(reason, "refused")

    def _doc(self, card: int) -> Doc:
        doc = self._workspace.state.get("cards", card)
        if doc is None:
            raise Refused(_("the card is gone"))
        return doc

    def _board(self, doc: Doc) -> Board:
        board = self._workspace.settings.board(doc["board"])
        if board is None:
            raise Refused(_("its board is no longer in opstui.toml"))
        return board

    def here(self, doc: Doc) -> Here:
        """What is typed on this card is read against."""
        settings = self._workspace.settings
        thousands = "." if settings.locale.startswith(("id", "de", "nl", "es", "it", "pt")) else ","
        currency = doc.get("currency") or settings.currency
        said = Formats(settings.locale, settings.currency, settings.zone)
        return Here(self._workspace.now(), settings.zone, currency, thousands, said.iso_day, said.money)

    async def undo(self) -> Back:
        """Take back the last step of this session."""
        part = _("undone but for {n} of {all} (enter says why): {what} · {key} redo")
        return await self._back(self._session.steps.undo, _("undone: {what} · {key} redo"), part, "redo")

    async def redo(self) -> Back:
        """Do it again."""
        part = _("done again but for {n} of {all} (enter says why): {what} · {key} undo")
        return await self._back(self._session.steps.redo, _("done again: {what} · {key} undo"), part, "undo")

    async def _back(self, step: Callable[[], Awaitable[tuple[Receipt, str]]], said: str, part: str, back: str) -> Back:
        here = self._host.target
        try:
            receipt, what = await step()
        except (Refused, StoreError) as no:
            self._host.settled(None)
            self._host.say(str(no), "refused")
            return None
        changed = receipt.changed
        self._host.settled(changed[0] if len(changed) == 1 else here if here in changed else None)
        left = len(receipt.refused)
        words = {"n": left, "all": left + len(receipt.changed), "what": what, "key": self._host.key(back)}
        told = (part if left else said).format(**words)
        self._host.say(told, "warning" if left else "done")
        return receipt, told

    async def _form(self, title: str, rows: list[Row], save: Save, draft: str) -> None:
        """Ask; `draft` names the form, for what is typed in it when the console ends."""
        from opstui.ui.drafts import Draft  # noqa: PLC0415 - not needed for the first picture
        from opstui.ui.screens.form import Form  # noqa: PLC0415

        kept = Draft(self._workspace.path, self._session.actor.name, draft)
        await self._host.ask(Form(title, rows, save, draft=kept))
