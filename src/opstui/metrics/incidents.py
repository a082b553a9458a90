"""How fast an incident was seen, taken up, contained and ended (spec B.5, C)."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

MILESTONES = ("started", "detected", "acknowledged", "mitigated", "resolved")
"""In the order in which they happen."""

_SPANS = {
    "ttd": ("started", "detected"),
    "tta": ("detected", "acknowledged"),
    "ttm": ("started", "mitigated"),
    "ttr": ("started", "resolved"),
    "detect_to_resolve": ("detected", "resolved"),
}


class Durations(Struct, frozen=True):
    """Elapsed minutes; None where a milestone is missing or lies before the one it is counted from (`disordered`)."""

    ttd: float | None
    """Started to detected."""
    tta: float | None
    """Detected to acknowledged."""
    ttm: float | None
    """Started to mitigated."""
    ttr: float | None
    """Started to resolved."""
    detect_to_resolve: float | None
    missing: tuple[str, ...] = ()
    disordered: tuple[str, ...] = ()
    """Milestones that lie before an earlier one."""


def incident_durations(
    *,
    started: datetime | None = None,
    detected: datetime | None = None,
    acknowledged: datetime | None = None,
    mitigated: datetime | None = None,
    resolved: datetime | None = None,
) -> Durations:
    """The times of an incident from its milestones, all aware or all naive.

    Source: incident response measures as in Beyer et al., Site Reliability Engineering (2016), by the definitions of
    case incident-durations-01: what cannot be computed is None, and why is told.
    """
    moments = dict(zip(MILESTONES, (started, detected, acknowledged, mitigated, resolved), strict=True))
    disordered, latest = [], None
    for name, at in moments.items():
        if at is not None and latest is not None and at < latest:
            disordered.append(name)
        elif at is not None:
            latest = at
    spans = {name: _minutes(moments[since], moments[until]) for name, (since, until) in _SPANS.items()}
    missing = tuple(name for name, at in moments.items() if at is None)
    return Durations(**spans, missing=missing, disordered=tuple(disordered))


def _minutes(since: datetime | None, until: datetime | None) -> float | None:
    if since is None or until is None or until < since:
        return None
    return (until - since) / timedelta(minutes=1)
