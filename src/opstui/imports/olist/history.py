"""What an order's recorded times say about its way through the stages, and where they contradict themselves.

Purchase and delivery are scanned facts and stand. What lies between is typed in by payment providers and carriers,
and runs backwards in 2 orders of 100: such a step is clamped into the interval, so that no stage lasts less than
nothing.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from opstui.domain.model import Past
from opstui.i18n import _
from opstui.imports.cells import at_zone
from opstui.imports.olist.tables import OrderRow

STAGES = ("new", "processing", "shipping", "closed")
BY_STATUS = {
    "created": "new",
    "approved": "processing",
    "invoiced": "processing",
    "processing": "processing",
    "shipped": "shipping",
    "delivered": "closed",
}
CANCELLED = frozenset({"canceled", "unavailable"})
"""The export does not say when an order was cancelled: the last time it knows is taken."""

Found = tuple[tuple[Past, ...], list[str]]
"""The history, and the reasons why it is not just what stood there."""


def history(row: OrderRow, zone: ZoneInfo) -> Found:
    """The stages an order went through, in order of time."""
    times, reasons = _steps(row, zone)
    last_stage, last = times[-1]
    if row.order_status in CANCELLED:
        kept = [t for t in times if t[0] != "closed"]
        return _past([*kept, ("cancelled", last)]), reasons
    told = BY_STATUS.get(row.order_status)
    if told is None:
        reasons.append(_("order_status is not known: the stage is what the times say"))
    elif STAGES.index(told) > STAGES.index(last_stage):
        reasons.append(
            _("{status} without the time of it: put there at the last known time").format(status=row.order_status)
        )
        times.append((told, last))
    elif last_stage == "closed" and told != "closed":
        reasons.append(_("{status}, but with a time of delivery: closed").format(status=row.order_status))
    return _past(times), reasons


def _steps(row: OrderRow, zone: ZoneInfo) -> tuple[list[tuple[str, datetime]], list[str]]:
    """The steps that have a time, none before the one before it nor after the delivery."""
    reasons: list[str] = []
    bought = at_zone(row.order_purchase_timestamp, zone)
    delivered = row.order_delivered_customer_date and at_zone(row.order_delivered_customer_date, zone)
    if delivered and delivered < bought:
        reasons.append(_("delivered before it was bought: delivery put at the purchase"))
        delivered = bought
    times = [("new", bought)]
    between = {"order_approved_at": "processing", "order_delivered_carrier_date": "shipping"}
    for column, stage in between.items():
        recorded = getattr(row, column)
        if recorded is None:
            if delivered or (stage == "processing" and row.order_delivered_carrier_date):
                reasons.append(_("{column} is missing: the stage is left out").format(column=column))
            continue
        exact = at_zone(recorded, zone)
        at = max(exact, times[-1][1])
        at = min(at, delivered) if delivered else at
        if at != exact:
            reasons.append(_("{column} is out of order: clamped between purchase and delivery").format(column=column))
        times.append((stage, at))
    if delivered:
        times.append(("closed", delivered))
    return times, reasons


def _past(times: list[tuple[str, datetime]]) -> tuple[Past, ...]:
    return tuple(Past(at=at, sort="stage", value=stage) for stage, at in times)
