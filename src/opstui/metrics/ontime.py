"""On time, in both readings (spec C.1).

The strict one asks about promises that fell due: an order that is overdue and still open counts as late, or a shop that
never finishes its late orders would look punctual. The other looks at completed cards only, as most reports do; it is
told beside the strict one so that both can be compared with someone else's figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from msgspec import Struct

from opstui.metrics.track import Passage, Track, day_end, day_start


class OnTime(Struct, frozen=True):
    """The cards asked about and those of them that were on time, by id."""

    eligible: tuple[int, ...]
    kept: tuple[int, ...]

    @property
    def rate(self) -> float | None:
        """Share of the eligible cards that were on time; None when there is none."""
        return len(self.kept) / len(self.eligible) if self.eligible else None


def promised(track: Track, zone: tzinfo) -> date | None:
    """The due day that was promised: as it stood 24 h before the first due day ended.

    A day moved later than that, when it was already about to be missed, would fake success.
    Source: spec C.1, on-time rate: the due date as it stood 24 h before the first due.
    """
    first = next((due for _, due in track.dues if due), None)
    if first is None:
        return track.due
    deadline = day_start(first, zone)
    standing: date | None = first
    for at, due in track.dues:
        if at <= deadline:
            standing = due
    return standing


def on_time(passages: Iterable[Passage], start: date, end: date, as_of: datetime, zone: tzinfo) -> OnTime:
    """Cards whose due day falls in `start` (included) to `end` (excluded) and is past at `as_of`; open ones are late.

    A due day lasts until the next local midnight. A card put away before it was due is no longer a promise.
    Source: spec C.1, on-time rate (case ontime-01).
    """
    eligible, kept = [], []
    for p in passages:
        due = promised(p.track, zone)
        if due is None or not start <= due < end:
            continue
        deadline = day_end(due, zone)
        if deadline > as_of or (p.left and p.left < deadline):
            continue
        eligible.append(p.track.card)
        if p.done and p.done < deadline:
            kept.append(p.track.card)
    return OnTime(tuple(eligible), tuple(kept))


def on_time_done(passages: Iterable[Passage], start: datetime, end: datetime, zone: tzinfo) -> OnTime:
    """Cards completed from `start` (included) to `end` (excluded) that had a due day; kept: done before it ended.

    Source: spec C.1, the completion-based twin of the on-time rate.
    """
    eligible, kept = [], []
    for p in passages:
        if p.done is None or not start <= p.done < end:
            continue
        due = promised(p.track, zone)
        if due is None:
            continue
        eligible.append(p.track.card)
        if p.done < day_end(due, zone):
            kept.append(p.track.card)
    return OnTime(tuple(eligible), tuple(kept))


def overdue(passages: Iterable[Passage], as_of: datetime, zone: tzinfo) -> OnTime:
    """Open cards with a due day (eligible), and those of them whose day has not ended yet at `as_of` (kept).

    The present due day counts: it is about what to do now, not about what was promised.
    Source: spec C.1, on-time rate: overdue and still open is late.
    """
    open_cards = [p for p in passages if p.done is None and p.left is None and p.track.due]
    return OnTime(
        tuple(p.track.card for p in open_cards),
        tuple(p.track.card for p in open_cards if p.track.due and day_end(p.track.due, zone) > as_of),
    )
