"""How long a customer was kept waiting against what was promised, in open hours (spec C.1, SLA).

A clock is bare facts; its reading is what it shows at a moment. Pauses are times in which the customer had to answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from opstui.metrics.calendar import BusinessCalendar, add_business_minutes, business_minutes_between
from opstui.metrics.marketing import ratio
from opstui.metrics.track import Span

AT_RISK = 0.75
"""The share of the target from which an open clock is at risk."""

State = Literal["running", "paused", "at risk", "breached", "met"]


class Clock(Struct, frozen=True):
    """A promise that runs: since when, until when (None while it does), its target in open minutes, its pauses."""

    start: datetime
    stop: datetime | None
    target: float
    pauses: tuple[Span, ...] = ()


class Reading(Struct, frozen=True):
    """What a clock shows. `used` are open minutes, pauses taken off.

    `due` is when the target is (or was) used up; None when the clock was stopped before, or stands still.
    """

    used: float
    target: float
    open: bool
    paused: bool
    due: datetime | None

    @property
    def breached(self) -> bool:
        """More than the target was used; the target itself is met. An open clock may be breached already."""
        return self.used > self.target

    @property
    def left(self) -> float:
        """Open minutes that are left; negative beyond the target."""
        return self.target - self.used

    @property
    def state(self) -> State:
        """In one word, the worst first."""
        if self.breached:
            return "breached"
        if not self.open:
            return "met"
        if self.used >= AT_RISK * self.target:
            return "at risk"
        return "paused" if self.paused else "running"


def read(clock: Clock, calendar: BusinessCalendar, as_of: datetime) -> Reading:
    """What a clock shows at a moment (aware); what happens later is not known then.

    Source: spec C.1, SLA: used = open minutes from start to stop or `as_of`, minus pauses (case sla-01).
    """
    start, as_of = clock.start.astimezone(UTC), as_of.astimezone(UTC)
    stop = clock.stop.astimezone(UTC) if clock.stop and clock.stop <= as_of else None
    end = max(start, stop or as_of)
    runs, paused = _runs(clock, start, end)
    used, due = 0.0, None
    for since, until in runs:
        more = business_minutes_between(calendar, since, until)
        if due is None and used + more >= clock.target:
            due = add_business_minutes(calendar, since, max(0.0, clock.target - used))
        used += more
    if due is None and stop is None and not paused:
        due = add_business_minutes(calendar, end, clock.target - used)
    return Reading(used, clock.target, stop is None, stop is None and paused, due)


def _runs(clock: Clock, start: datetime, end: datetime) -> tuple[list[tuple[datetime, datetime]], bool]:
    """The times from start to end without the pauses, which may overlap; and whether it stands still at the end."""
    runs, at, paused = [], start, False
    for since, until in sorted(clock.pauses, key=lambda span: span[0]):
        if since >= end:
            break
        if since > at:
            runs.append((at, since.astimezone(UTC)))
        paused = paused or until is None or until > end
        at = max(at, min(until.astimezone(UTC), end) if until else end)
    return ([*runs, (at, end)] if at < end else runs), paused


def breach_rate(readings: Iterable[Reading]) -> float | None:
    """The share of clocks, open ones too, that used more than their target; None without any.

    Source: spec C.1, SLA: one breach per clock (case sla-01).
    """
    known = list(readings)
    return ratio(sum(r.breached for r in known), len(known))
