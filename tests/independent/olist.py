"""Olist's orders worked out again from its table alone, to hold the product's figures against: csv and datetime only.

It shares no code with opstui. Times have no zone in the table and are taken as they stand. A step out of order is put
between purchase and delivery, as docs say; an order that is cancelled or unavailable is in no figure of flow.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

DAY = timedelta(days=1)
GONE = ("canceled", "unavailable")
REACHED = {"created": 0, "approved": 1, "invoiced": 1, "processing": 1, "shipped": 2, "delivered": 3}
STAGES = ("new", "processing", "shipping", "closed")


def when(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def ways(folder: Path) -> list[dict[str, Any]]:
    """Each order that was not cancelled: its steps as (stage, time), and its due day."""
    found = []
    with (folder / "olist_orders_dataset.csv").open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["order_status"] in GONE:
                continue
            bought, end = when(row["order_purchase_timestamp"]), when(row["order_delivered_customer_date"])
            assert bought is not None
            if end is not None and end < bought:
                end = bought
            steps = [("new", bought)]
            for stage, column in (("processing", "order_approved_at"), ("shipping", "order_delivered_carrier_date")):
                at = when(row[column])
                if at is not None:
                    at = max(at, steps[-1][1])
                    steps.append((stage, min(at, end) if end else at))
            if end is not None:
                steps.append(("closed", end))
            if REACHED[row["order_status"]] > STAGES.index(steps[-1][0]):
                steps.append((STAGES[REACHED[row["order_status"]]], steps[-1][1]))
            due = when(row["order_estimated_delivery_date"])
            found.append({"steps": steps, "due": due.date() if due else None})
    return found


def done(way: dict[str, Any]) -> datetime | None:
    stage, at = way["steps"][-1]
    return at if stage == "closed" else None


def middle(values: list[float], share: float) -> float:
    """The percentile by linear interpolation (type 7)."""
    values = sorted(values)
    place = (len(values) - 1) * share
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def figures(orders: list[dict[str, Any]], first: date, last: date) -> dict[str, Any]:
    """Lead time (days), on-time rate, orders closed by month, days of dwell by stage, within both days.

    What is promised for the last day may still be kept on it, and is no promise that fell due.
    """
    start, end = datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.min.time()) + DAY
    closed = [way for way in orders if (at := done(way)) and start <= at < end]
    leads = [(way["steps"][-1][1] - way["steps"][0][1]) / DAY for way in closed]
    promised = [way for way in orders if way["due"] and first <= way["due"] < last]
    kept = [way for way in promised if (at := done(way)) and at.date() <= way["due"]]
    dwell: Counter[str] = Counter()
    for way in orders:
        times = [*(at for _stage, at in way["steps"]), end]
        for (stage, entered), left in zip(way["steps"], times[1:], strict=True):
            if stage != "closed":
                dwell[stage] += max(0.0, (min(left, end) - max(entered, start)) / DAY)
    return {
        "done": len(closed),
        "lead_p50": middle(leads, 0.5),
        "lead_p85": middle(leads, 0.85),
        "promised": len(promised),
        "on_time": len(kept) / len(promised),
        "months": dict(Counter(f"{at:%Y-%m}" for way in closed if (at := done(way)))),
        "dwell": dict(dwell),
    }


def standing(orders: list[dict[str, Any]], day: date) -> dict[str, int]:
    """Orders in each stage at the end of a day."""
    end = datetime.combine(day, datetime.min.time()) + DAY
    found: Counter[str] = Counter()
    for way in orders:
        been = [stage for stage, at in way["steps"] if at < end]
        if been:
            found[been[-1]] += 1
    return dict(found)


def cohorts(folder: Path, months: list[str]) -> dict[str, list[int]]:
    """By the month (2018-05) of the first order: how many customers, and how many bought again in each month after it.

    `months` are those that are over, in their order; a customer is a `customer_unique_id`.
    """
    with (folder / "olist_customers_dataset.csv").open(newline="", encoding="utf-8-sig") as file:
        person = {row["customer_id"]: row["customer_unique_id"] for row in csv.DictReader(file)}
    bought: dict[str, set[str]] = {}
    with (folder / "olist_orders_dataset.csv").open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["order_status"] not in GONE and row["customer_id"] in person:
                month = row["order_purchase_timestamp"][:7]
                bought.setdefault(person[row["customer_id"]], set()).add(month)
    found: dict[str, list[int]] = {}
    for n, month in enumerate(months):
        people = [set_of for set_of in bought.values() if min(set_of) == month]
        if people:
            found[month] = [len(people), *(sum(later in set_of for set_of in people) for later in months[n + 1 :])]
    return found
