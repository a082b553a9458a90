"""Taking cards back from the archive: one batch, each card decided for itself, and the words for what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.domain.commands import RestoreCard
from opstui.domain.model import Refused
from opstui.i18n import _, ngettext
from opstui.store.protocol import StoreError
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.ui.session import Session


class Restored(Struct, frozen=True):
    """What to tell, how it is meant (done or refused), and the cards that stayed in the archive."""

    told: str
    tone: str = "done"
    refused: set[int] = set()


async def restore(session: Session, cards: list[int], what: str) -> Restored:
    """Take these cards back; `what` names them: ORD-0042, or 3 cards."""

    def words(n: int) -> str:
        done = what if len(cards) == 1 else ngettext("{n} card", "{n} cards", n)
        return _("restored {what}").format(what=done)

    plan = Plan(tuple(RestoreCard(card=card) for card in cards), "", words)
    try:
        receipt, said = await session.submit_each(lambda: plan)
    except (Refused, StoreError) as no:
        return Restored(str(no), "refused", set(cards))
    told = [_("{done} · u undo").format(done=said)] if receipt.changed else []
    told += [why for _card, why in receipt.refused[:1]]
    tone = "refused" if receipt.refused else "done"
    return Restored(" · ".join(told) or _("nothing to change"), tone, {card for card, _why in receipt.refused})
