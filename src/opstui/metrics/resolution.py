"""How long it took to settle what a customer brought, and whether it stayed settled (spec C.5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from opstui.metrics.calendar import BusinessCalendar, business_minutes_between
from opstui.metrics.service import Share

Turn = tuple[Literal["resolved", "reopened"], datetime]
STAYS_SETTLED = timedelta(hours=72)
"""What was not reopened within this time counts as settled at once."""


class Resolution(Struct, frozen=True):
    """Minutes are open ones, None while it is open. `first_contact` is None while nobody can say yet."""

    minutes: float | None
    """From creation to the last resolution: the headline."""
    net_minutes: float | None
    """The same without the time in which it was resolved."""
    resolved: datetime | None
    """When it was last resolved; None while it is open."""
    reopened: int
    first_contact: bool | None


def resolution(
    created: datetime,
    turns: Iterable[Turn],
    calendar: BusinessCalendar,
    *,
    replies: int | None = None,
    as_of: datetime | None = None,
) -> Resolution:
    """What became of one ticket. `turns` are its resolutions and reopenings, `replies` those of the shop if counted.

    A resolution of what is resolved, and a reopening of what is open, change nothing but the last time.
    Source: spec C.5, resolution; FCR: resolved with one reply and no reopening in 72 h (case resolution-01).
    """
    since: datetime | None = created
    resolved: datetime | None = None
    net, reopens, early = 0.0, 0, False
    for turn, at in sorted(turns, key=lambda known: known[1]):
        if turn == "resolved":
            net += business_minutes_between(calendar, since, at) if since else 0.0
            since, resolved = None, at
        elif resolved is not None:
            reopens += 1
            early = early or at - resolved < STAYS_SETTLED
            since, resolved = at, None
    whole = None if resolved is None else business_minutes_between(calendar, created, resolved)
    once = _first_contact(resolved, replies, as_of, early=early)
    return Resolution(whole, None if resolved is None else net, resolved, reopens, once)


def _first_contact(
    resolved: datetime | None, replies: int | None, as_of: datetime | None, *, early: bool
) -> bool | None:
    if early or (replies is not None and replies > 1):
        return False
    if resolved is None or (as_of is not None and as_of - resolved < STAYS_SETTLED):
        return None
    return True


def first_contact_rate(found: Sequence[Resolution]) -> Share:
    """Settled at the first contact, among those of which it is known. Source: spec C.5, FCR."""
    known = [r.first_contact for r in found if r.first_contact is not None]
    return Share(sum(known), len(known))


def reopen_rate(found: Sequence[Resolution]) -> Share:
    """Reopened at least once, among those that were ever resolved. Source: spec C.5, reopen rate."""
    once = [r for r in found if r.reopened or r.resolved]
    return Share(sum(r.reopened > 0 for r in once), len(once))
