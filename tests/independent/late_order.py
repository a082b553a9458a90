"""What the post-mortem of a late Olist order must say, worked out from the tables alone: csv and datetime only.

It shares no code with opstui, the writing of numbers and spans included. Times have no zone in the tables and are taken
as they stand; a step out of order is put between purchase and delivery, and a cancelled order ends with its last step.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

DAY = timedelta(days=1)
GONE = ("canceled", "unavailable")
REACHED = {"created": 0, "approved": 1, "invoiced": 1, "processing": 1, "shipped": 2, "delivered": 3}
STAGES = ("new", "processing", "shipping", "closed")
NAMES = {"new": "New", "processing": "Processing", "shipping": "Shipping", "closed": "Closed"}
LIMITS = {"new": "n/a", "processing": "10", "shipping": "20"}


@lru_cache
def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"olist_{table}_dataset.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def when(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@lru_cache
def orders(folder: Path) -> dict[str, dict[str, Any]]:
    """Order id -> its steps, when it was over, what it was worth, who bought it, what was promised."""
    people = {row["customer_id"]: row["customer_unique_id"] for row in rows(folder, "customers")}
    paid: dict[str, Decimal] = {}
    for row in rows(folder, "order_payments"):
        paid[row["order_id"]] = paid.get(row["order_id"], Decimal(0)) + Decimal(row["payment_value"])
    listed: dict[str, Decimal] = {}
    for row in rows(folder, "order_items"):
        worth = Decimal(row["price"]) + Decimal(row["freight_value"])
        listed[row["order_id"]] = listed.get(row["order_id"], Decimal(0)) + worth
    found = {}
    for row in rows(folder, "orders"):
        steps = way(row)
        ended = row["order_status"] in GONE or steps[-1][0] == "closed"
        due = when(row["order_estimated_delivery_date"])
        found[row["order_id"]] = {
            "id": row["order_id"],
            "steps": [step for step in steps if step[0] != "closed"],
            "over": steps[-1][1] if ended else None,
            "done": steps[-1][1] if steps[-1][0] == "closed" else None,
            "worth": paid.get(row["order_id"], listed.get(row["order_id"], Decimal(0))),
            "buyer": people.get(row["customer_id"], ""),
            "due": due.replace(hour=0, minute=0, second=0) if due else None,
        }
    return found


def way(row: dict[str, str]) -> list[tuple[str, datetime]]:
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
    if row["order_status"] in GONE:
        return steps
    if end is not None:
        steps.append(("closed", end))
    if REACHED[row["order_status"]] > STAGES.index(steps[-1][0]):
        steps.append((STAGES[REACHED[row["order_status"]]], steps[-1][1]))
    return steps


def late(folder: Path, least: timedelta = 3 * DAY) -> list[str]:
    """Orders that came so much too late and were complained about once, the worst first."""
    poor: dict[str, int] = {}
    for row in rows(folder, "order_reviews"):
        poor[row["order_id"]] = poor.get(row["order_id"], 0) + (int(row["review_score"]) <= 2)
    known = [
        (order["due"] + DAY - order["done"], name)
        for name, order in orders(folder).items()
        if order["done"] and order["due"] and order["done"] - order["due"] - DAY > least and poor.get(name)
    ]
    return [name for _by, name in sorted(known)]


# ------------------------------------------------------------------------------------- the tables of the document


def impact(folder: Path, name: str) -> list[list[str]]:
    """The rows of the table of measures."""
    every = orders(folder)
    mine = every[name]
    start, end = mine["steps"][0][1], mine["done"]
    around = [o for o in every.values() if o["steps"][0][1] < end and (o["over"] is None or o["over"] > start)]
    buyers = {o["buyer"] for o in around if o["buyer"]}
    worth = sum((o["worth"] for o in around), Decimal(0))
    poor = sum(r["order_id"] == name and int(r["review_score"]) <= 2 for r in rows(folder, "order_reviews"))
    by = span(end - mine["due"] - DAY)
    share = percent(mine["worth"] / worth)
    return [
        ["Orders affected, of all open in that time", of(1, len(around))],
        ["Customers, of all with an open order", of(1, len(buyers))],
        ["Value, of all open orders", f"BRL {number(mine['worth'], 2)} of BRL {number(worth, 2)} ({share})"],
        ["Late, of those whose promised day stood", of(1, 1)],
        ["SLA breaches, of all promised times", "nothing is promised in opstui.toml"],
        ["Refunded orders", "0"],
        ["Complaints received", f"{poor} from 1 customer"],
        ["Longest delay", by],
    ]


def order(folder: Path, name: str) -> list[str]:
    """Its row in the table of orders, without its ref."""
    mine = orders(folder)[name]
    return [
        f"{mine['buyer'][0]}***",
        f"BRL {number(mine['worth'], 2)}",
        f"{mine['due']:%Y-%m-%d}",
        f"{mine['done']:%Y-%m-%d}",
        span(mine["done"] - mine["due"] - DAY),
        "n/a",
    ]


def stages(folder: Path, name: str) -> list[list[str]]:
    """Stage, entered, left, elapsed; the last stage is not left."""
    mine = orders(folder)[name]
    ends = [*(at for _stage, at in mine["steps"][1:]), mine["done"]]
    return [
        [NAMES[stage], f"{at:%Y-%m-%d %H:%M}", f"{left:%Y-%m-%d %H:%M}", span(left - at)]
        for (stage, at), left in zip(mine["steps"], ends, strict=True)
    ]


def waits(folder: Path, name: str) -> tuple[list[list[str]], int, str]:
    """The rows of the table of waits, how many orders are the usual ones, and the first of their days."""
    every = orders(folder)
    mine = every[name]
    start, end = mine["steps"][0][1], mine["done"]
    since = start.replace(hour=0, minute=0, second=0) - 90 * DAY
    usual = [o for o in every.values() if o["done"] and since <= o["done"] < start]
    table = []
    here = dwell(mine)
    for stage in (name for name in STAGES if name in here):
        typical = middle([spent[stage] for o in usual if stage in (spent := dwell(o))])
        times = "n/a" if not typical else number(Decimal(str(here[stage] / typical)), 1)
        shown = "n/a" if typical is None else span(timedelta(seconds=typical))
        peak = str(highest(every.values(), stage, start, end))
        table.append([NAMES[stage], shown, span(timedelta(seconds=here[stage])), times, peak, LIMITS[stage]])
    return table, len(usual), f"{since:%Y-%m-%d}"


def story(folder: Path, name: str) -> list[list[str]]:
    """Time and event of the rows of the timeline up to the delivery."""
    mine = orders(folder)[name]
    first, *later = mine["steps"]
    places = [*(stage for stage, _at in mine["steps"]), "closed"]
    times = [*(at for _stage, at in later), mine["done"]]
    moves = [
        [f"{at:%Y-%m-%d %H:%M}", f"{NAMES[was]} → {NAMES[now]}"]
        for was, now, at in zip(places, places[1:], times, strict=False)
    ]
    return [[f"{first[1]:%Y-%m-%d %H:%M}", "imported into New"], *moves]


def summary(folder: Path, name: str) -> str:
    """The sentences of the summary."""
    mine = orders(folder)[name]
    by = span(mine["done"] - mine["due"] - DAY)
    poor = sum(r["order_id"] == name and int(r["review_score"]) <= 2 for r in rows(folder, "order_reviews"))
    worth = number(mine["worth"], 2)
    return (
        f"1 order was affected, of 1 customer, worth BRL {worth}. 1 was late, by up to {by}. "
        f"Complaints: {poor} from 1 customer."
    )


def dwell(one: dict[str, Any]) -> dict[str, float]:
    """Stage -> seconds in it, of an order that is over."""
    ends = [*(at for _stage, at in one["steps"][1:]), one["over"]]
    found: dict[str, float] = {}
    for (stage, at), left in zip(one["steps"], ends, strict=True):
        found[stage] = found.get(stage, 0.0) + (left - at).total_seconds()
    return found


def highest(every: Any, stage: str, start: datetime, end: datetime) -> int:
    """The most orders that stood in a stage at one time: counted at each moment at which one came."""
    stays = []
    for one in every:
        ends = [*(at for _stage, at in one["steps"][1:]), one["over"] or end]
        for (place, at), left in zip(one["steps"], ends, strict=True):
            if place == stage and max(at, start) < min(left, end):
                stays.append((max(at, start), min(left, end)))
    return max((sum(low <= moment < high for low, high in stays) for moment, _high in stays), default=0)


def middle(values: list[float]) -> float | None:
    values = sorted(values)
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


# ------------------------------------------------------------------------------------- how numbers are written


def number(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def percent(part: Decimal) -> str:
    return f"{number(part * 100, 1)} %"


def of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({percent(Decimal(part) / Decimal(whole))})"


def span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h" if hours else f"{rest} min"
