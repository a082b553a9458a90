"""When a request counts as done: now, but never before what the card it concerns has done already.

Clocks are set back (a new battery, a time server, a guest system that was asleep). Durations come from these times, so
a card must not leave a stage before it entered it. Facts of an import keep the times they were recorded with.
"""

from __future__ import annotations

from datetime import datetime

from opstui.domain import commands as c
from opstui.domain.model import utc
from opstui.domain.state import Reader

_STEPS = (c.MoveCard, c.BlockCard, c.UnblockCard, c.ArchiveCard, c.RestoreCard, c.Undo)
"""What a card's track is made of comes after its last step; other facts only after it came to be."""


def moment_of(command: c.Command, state: Reader, now: datetime) -> datetime:
    """The time of what the command does: `now`, or that of the card's last step if that is later."""
    since = ("created", "entered") if isinstance(command, _STEPS) else ("created",)
    docs = (state.get("cards", i) for i in _concerned(command, state))
    return max((now, *(utc(doc[name]) for doc in docs if doc for name in since if name in doc)))


def _concerned(command: c.Command, state: Reader) -> set[int]:
    if isinstance(command, c.Undo):
        batch = state.batch(command.batch)
        return {event.id for event in batch.events if event.table == "cards"} if batch else set()
    card = getattr(command, "card", None)
    return {card} if isinstance(card, int) else set()
