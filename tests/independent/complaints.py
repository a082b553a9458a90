"""What the post-mortem of a week of Olist complaints must say, from the tables alone: csv and datetime only.

It shares no code with opstui. The shop is open on weekdays from nine to five; no holidays.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from independent.late_order import middle, number, of, rows, when

DAY = timedelta(days=1)
ANSWER, SOLUTION = 240, 1440
"""Minutes that are promised for a message of normal severity."""


def reviews(folder: Path) -> list[dict[str, Any]]:
    """Each review once, as the tables have it: identity, when it came and was answered, stars, whose it is."""
    people = {row["customer_id"]: row["customer_unique_id"] for row in rows(folder, "customers")}
    buyer = {row["order_id"]: people.get(row["customer_id"], "") for row in rows(folder, "orders")}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows(folder, "order_reviews"):
        came, answered = when(row["review_creation_date"]), when(row["review_answer_timestamp"])
        assert came is not None
        found.setdefault(
            (row["review_id"], row["order_id"]),
            {
                "id": f"review/{row['review_id']}/{row['order_id']}",
                "came": came,
                "answered": max(answered, came) if answered else None,
                "poor": int(row["review_score"]) <= 2,
                "buyer": buyer.get(row["order_id"], "")[:8],
            },
        )
    return list(found.values())


def week(folder: Path, first: datetime, most: int) -> list[dict[str, Any]]:
    """The first complaints of the seven days from a day on, by time."""
    poor = [one for one in reviews(folder) if one["poor"] and first <= one["came"] < first + 7 * DAY]
    return sorted(poor, key=lambda one: (one["came"], one["id"]))[:most]


def themes(found: list[dict[str, Any]]) -> list[str]:
    """The one row of the table of themes."""
    buyers = {one["buyer"] for one in found if one["buyer"]}
    days = [f"{one['came']:%Y-%m-%d}" for one in found]
    return ["no theme", str(len(found)), str(len(buyers)), "100 %", min(days), max(days), "normal"]


def received(folder: Path, found: list[dict[str, Any]]) -> str:
    """So many of all messages of these days."""
    days = [one["came"].date() for one in found]
    around = sum(min(days) <= one["came"].date() <= max(days) for one in reviews(folder))
    return of(len(found), around)


def by_day(found: list[dict[str, Any]]) -> list[list[str]]:
    """Day, messages, complaints; days without any too."""
    days = [one["came"].date() for one in found]
    every = [min(days) + n * DAY for n in range((max(days) - min(days)).days + 1)]
    return [[f"{day:%Y-%m-%d}", str(days.count(day)), str(days.count(day))] for day in every]


def service(found: list[dict[str, Any]]) -> list[list[str]]:
    """The first two rows of the service record."""
    spent = [open_minutes(one["came"], one["answered"]) for one in found if one["answered"]]
    half = middle(spent) or 0.0
    late, unsolved = (sum(minutes > most for minutes in spent) for most in (ANSWER, SOLUTION))
    return [
        ["First response, median business minutes", "240", number(Decimal(str(half)), 0), str(late)],
        ["Resolution, median business hours", "24", number(Decimal(str(half / 60)), 1), str(unsolved)],
    ]


def open_minutes(start: datetime, end: datetime) -> float:
    """Minutes between nine and five on weekdays."""
    total, day = timedelta(), start.date()
    while day <= end.date():
        opens, closes = datetime.combine(day, time(9)), datetime.combine(day, time(17))
        if day.weekday() < 5 and max(opens, start) < min(closes, end):
            total += min(closes, end) - max(opens, start)
        day += DAY
    return total.total_seconds() / 60
