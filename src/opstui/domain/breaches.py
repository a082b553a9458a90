"""A promise to a customer that ran out, written down once for each clock of a card, at the moment it ran out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from opstui.domain.commands import NoteBreach
from opstui.domain.events import Event
from opstui.domain.model import Doc, Refused, plain, utc
from opstui.i18n import _

CLOCKS = ("first_response", "resolution")
VIA = "clock"
"""The way in which it comes: nobody did it, and nobody takes it back."""


def note_breach(command: NoteBreach, card: Doc, now: datetime, make: Callable[..., Event]) -> list[Event]:
    """The event of a promise that ran out; none when another console has written it down.

    Raises:
        Refused: there is no such clock, or it cannot have run out then.
    """
    known = card.get("breached") or {}
    if command.clock not in CLOCKS:
        raise Refused(_("'{name}' is none of: {names}").format(name=command.clock, names=", ".join(CLOCKS)))
    if command.clock in known:
        return []
    due = command.due.astimezone(UTC)
    if not utc(card["created"]) <= due <= now:
        raise Refused(_("{ref}: no promise has run out at that time").format(ref=card["ref"]))
    after = {**known, command.clock: plain(due)}
    told = {"clock": command.clock, "minutes": command.minutes}
    event = make("sla_breached", "cards", card["id"], changed={"breached": (known or None, after)}, data=told)
    return [replace(event, at=due)]
