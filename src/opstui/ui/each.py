"""Doing something to each marked card: one batch, in which each card is decided for itself, and the words for it.

The cards that are refused keep their mark, with the reason in `last`; when all went through the marks stay, so that the
next key goes on with the same cards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain import commands as c
from opstui.domain.model import Doc, Refused
from opstui.i18n import _, ngettext
from opstui.projections.marked import in_order, marked, told
from opstui.store.protocol import StoreError
from opstui.ui.attempts import Host
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.ui.desk import Desk
    from opstui.ui.session import Session
    from opstui.ui.widgets.marking import Marking

MANY = 200
"""Cards from which it is told that they are being worked on."""
Wish = Callable[[Doc], "c.CardCommand | str | None"]
"""The command for one card; or the reason why there is none; or nothing, where nothing has to change."""


class Outcome(Struct, frozen=True):
    """What came of a bulk action: the words told, the cards that were changed, and (card, reason) of the others."""

    told: str = ""
    done: tuple[int, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


class BulkHost(Host, Protocol):
    """The screen with the marked cards."""

    desk: Desk

    @property
    def board(self) -> Marking:
        """The board, with its marks."""


class Each:
    """The marked cards of one screen, and what is done to them."""

    def __init__(self, session: Session, host: BulkHost) -> None:
        """Nothing was done yet."""
        self._session, self._host = session, host
        self._state = session.workspace.state
        self.last = Outcome()
        self._standing: tuple[object, str] = (None, "")

    def standing(self) -> str:
        """The marks in words: 3 selected · Rp 1,2 jt."""
        board, desk = self._host.board, self._host.desk
        key = (board.marks, self._session.workspace.store.seq, desk.board.id, desk.query)
        if key != self._standing[0]:
            found = marked(self._state, board.view, board.selection) if board.view and board.selection else None
            self._standing = key, told(found, desk.formats) if found else ""
        return self._standing[1]

    def settle(self) -> None:
        """State has changed: cards that are no longer on the board lose their mark."""
        if self._host.board.selection:
            board = self._host.desk.board.id
            lanes = [self._state.lane(board, stage) for stage in self._state.stages(board)]
            self._host.board.keep_marks(set().union(*lanes))

    def instead(self, name: str, said: str) -> str:
        """The command that a key means right after it was told that cards were refused: `enter` says why."""
        return "result" if name == "open" and self.last.refused and said == self.last.told else name

    def _cards(self) -> list[int]:
        return in_order(self._host.board.view, self._host.board.selection)

    async def _try(
        self,
        wish: Wish,
        said: str,
        order: Callable[[list[c.CardCommand]], list[c.CardCommand]] = list,
        *,
        cards: list[int] | None = None,
    ) -> str:
        """Do it to each of the `cards`, else to each marked one; gives the reason when it was done to none.

        `said` takes the `cards`. A form names those that were marked when it was opened: others may have put some
        away meanwhile, and they are to be told.
        """
        cards = self._cards() if cards is None else cards
        if not cards:
            return _("the cards that were marked are no longer on this board")
        refused: list[tuple[int, str]] = []

        def build() -> Plan:
            asked = [(card, wish(doc)) for card in cards if (doc := self._state.get("cards", card))]
            refused[:] = [(card, why) for card, why in asked if isinstance(why, str)]
            planned = [command for _card, command in asked if command is not None and not isinstance(command, str)]
            return Plan(tuple(order(planned)), "", lambda n: said.format(cards=count(n)))

        if len(cards) > MANY:
            self._host.say(_("{cards} ...").format(cards=count(len(cards))), "working")
        here = self._host.board.cursor_card
        try:
            receipt, done = await self._session.submit_each(build)
        except (Refused, StoreError) as no:
            self._host.settled(None)
            return str(no)
        self._host.settled(here if here in receipt.changed else None)
        return self._told(done, receipt.changed, (*refused, *receipt.refused), receipt.warnings)

    def _told(
        self, said: str, done: tuple[int, ...], refused: tuple[tuple[int, str], ...], warnings: Iterable[str]
    ) -> str:
        """Tell what was done; gives the reason when nothing was."""
        if refused:
            self._host.board.mark(card for card, _why in refused)
        if not done:
            return self._none(refused)
        parts = [said, *warnings]
        if refused:
            parts.append(_("{n} of {all} refused: enter says why").format(n=len(refused), all=len(refused) + len(done)))
        text = _("{done} · u undo").format(done=" · ".join(parts))
        self.last = Outcome(text, done, refused)
        self._host.say(text, "warning" if refused or len(parts) > 1 else "done")
        return ""

    def _none(self, refused: tuple[tuple[int, str], ...]) -> str:
        if not refused:
            self._host.say(_("nothing to change"))
            return ""
        reason = refused[0][1]
        if len(refused) > 1:
            reason = _("none of {cards}: {reason}").format(cards=count(len(refused)), reason=reason)
        self.last = Outcome(reason, (), refused)
        return reason

    async def _tell(self, reason: str) -> None:
        if reason and reason == self.last.told and len(self.last.refused) > 1:
            reason = _("{reason} · enter says why").format(reason=reason)
            self.last = replace(self.last, told=reason)
        if reason:
            self._host.say(reason, "refused")


def count(n: int) -> str:
    """3 cards."""
    return ngettext("{n} card", "{n} cards", n)
