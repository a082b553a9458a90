"""What the whole shop saw before, during and after a campaign's run: orders and complaints, so that counts have a base.

The periods before and after are as long as the run; the one after ends now when it is not over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from opstui.domain.model import utc
from opstui.domain.state import Reader
from opstui.projections.campaign import Run


class Around(Struct, frozen=True, kw_only=True):
    """Orders that came in and complaints that were made in one period."""

    orders: int = 0
    complaints: int = 0

    @property
    def per_hundred(self) -> float | None:
        """Complaints per 100 orders; None without orders."""
        return 100 * self.complaints / self.orders if self.orders else None


def around(reader: Reader, run: Run | None, as_of: datetime) -> tuple[Around, Around, Around] | None:
    """Before, during and after a run; None when it has not begun."""
    if run is None or run.start >= as_of:
        return None
    end = min(run.end or as_of, as_of)
    edges = (_less(run.start, end - run.start), run.start, end, min(_more(end, end - run.start), as_of))
    counts = [[0, 0], [0, 0], [0, 0]]
    for _id, doc in reader.items("cards"):
        complaint = doc["kind"] == "feedback" and doc.get("sort") == "complaint"
        if (doc["kind"] == "order" or complaint) and not doc.get("unmade"):
            place = _place(utc(doc["created"]), edges)
            if place is not None:
                counts[place][complaint] += 1
    before, during, after = (Around(orders=orders, complaints=complaints) for orders, complaints in counts)
    return before, during, after


def _place(at: datetime, edges: Sequence[datetime]) -> int | None:
    return next((n for n in range(len(edges) - 1) if edges[n] <= at < edges[n + 1]), None)


def _less(at: datetime, span: timedelta) -> datetime:
    """So much earlier, but not before the calendar."""
    try:
        return at - span
    except OverflowError:
        return at


def _more(at: datetime, span: timedelta) -> datetime:
    try:
        return at + span
    except OverflowError:
        return at
