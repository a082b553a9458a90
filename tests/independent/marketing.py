"""Marketing.csv worked out again from its rows alone, to hold a post-mortem against: csv and datetime only.

It shares no code with opstui, not even how a number is written: whole numbers, rounded half up by hand, English style.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
SUMS = ("impressions", "mark_spent", "clicks", "leads", "orders", "revenue")


def campaigns(path: Path) -> dict[str, list[Row]]:
    """Name in small letters -> its rows by day."""
    found: dict[str, list[Row]] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            day = datetime.strptime(row["c_date"], "%m/%d/%y").date()  # noqa: DTZ007 - a day
            read = {"day": day, "channel": row["category"], **{name: int(row[name]) for name in SUMS}}
            found.setdefault(row["campaign_name"].casefold(), []).append(read)
    return {name: sorted(rows, key=lambda row: row["day"]) for name, rows in found.items()}


def rounded(over: int, under: int, places: int) -> str:
    """over/under, half up, with commas between thousands."""
    scale = 10**places
    whole = (2 * abs(over) * scale + abs(under)) // (2 * abs(under))
    sign = "-" if over * under < 0 and whole else ""
    text = f"{whole // scale:,}"
    return f"{sign}{text}.{whole % scale:0{places}d}" if places else f"{sign}{text}"


def percent(over: int, under: int, places: int = 2) -> str:
    return f"{rounded(100 * over, under, places)} %"


def change(over: int, under: int) -> str:
    """How far over is from under."""
    text = percent(over - under, under, 1)
    return f"+{text}" if over > under else text


def sums(rows: list[Row]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in SUMS}


def kpis(s: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Metric -> (over, under) as they stand in the file."""
    return {
        "ctr": (s["clicks"], s["impressions"]),
        "cvr": (s["orders"], s["clicks"]),
        "cpa": (s["mark_spent"], s["orders"]),
        "cpc": (s["mark_spent"], s["clicks"]),
        "cpm": (1000 * s["mark_spent"], s["impressions"]),
        "roas": (s["revenue"], s["mark_spent"]),
        "spend": (s["mark_spent"], 1),
        "revenue": (s["revenue"], 1),
        "conversions": (s["orders"], 1),
        "leads": (s["leads"], 1),
    }


SHARES, COSTS = ("ctr", "cvr"), ("cpa", "cpc", "cpm")
NAMES = {"conversions": "Conversions", "leads": "Leads", "spend": "Spend (Rp)", "revenue": "Revenue (Rp)"} | {
    name: f"{name.upper()} (Rp)" for name in COSTS
}
STAGES = {
    "cvr": "activation",
    "conversions": "activation",
    "leads": "activation",
    "roas": "revenue",
    "revenue": "revenue",
}


def value(metric: str, over: int, under: int) -> str:
    if metric in SHARES:
        return percent(over, under)
    return rounded(over, under, 2 if metric == "roas" else 0)


def met(metric: str, over: int, under: int, target: tuple[int, int]) -> bool:
    at_least = over * target[1] >= target[0] * under
    at_most = over * target[1] <= target[0] * under
    return at_most if metric in (*COSTS, "spend") else at_least


def expected(rows: list[Row], name: str, budget: int, targets: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """Every line of its post-mortem that has a number of the file in it. Targets are (over, under) by metric."""
    s, first, last = sums(rows), rows[0]["day"], rows[-1]["day"]
    found = kpis(s)
    results = {metric: met(metric, *found[metric], target) for metric, target in targets.items()}
    good = sum(results.values())
    days = (last - first).days + 1
    after = last + timedelta(days=1)
    live = f"{first} 00:00 to {after} 00:00 WIB, {days} d"
    spent = f"Rp {s['mark_spent']:,} of Rp {budget:,} ({percent(s['mark_spent'], budget, 1)})"
    verdict = "all met" if good == len(results) else "partly met" if good else "missed"
    yield from (f'period_start: "{first}T00:00:00+07:00"', f'period_end: "{after}T00:00:00+07:00"')
    yield from (f"kpi_met: {good}", f"kpi_total: {len(results)}", f"spend: {s['mark_spent']}", f"budget: {budget}")
    yield from (
        f"| Verdict | {verdict} ({good} of {len(results)} KPIs) |",
        f"| Live | {live} |",
        f"| Budget | {spent} |",
    )
    yield from (f"| Starts | {first} | n/a |", f"| Ends | {last} | n/a |")
    said = "; ".join(
        f"{NAMES.get(m, m.upper())} {value(m, *found[m])} against {value(m, *targets[m])}" for m in targets
    )
    shown, channel = name.replace("_", r"\_"), rows[0]["channel"]
    yield (
        f"From facts: {shown} ran on {channel}, {live}. It spent {spent} and brought Rp {s['revenue']:,} "
        f"from {s['orders']:,} conversions. {good} of {len(results)} KPIs met: {said}."
    )
    yield from _targets(found, targets, results, last)
    yield from _spend(rows, budget, days)
    yield _channel(s, found, channel)
    yield f"| Live | {first} 00:00 | {after} 00:00 | {days} d | n/a | n/a | 0 |"
    yield f"  1 Live :done, s1, {first} 00:00, {after} 00:00"


def _targets(
    found: Mapping[str, tuple[int, int]],
    targets: Mapping[str, tuple[int, int]],
    results: Mapping[str, bool],
    last: date,
) -> Iterator[str]:
    for metric, (over, under) in targets.items():
        actual, below = found[metric]
        cells = (
            NAMES.get(metric, metric.upper()),
            STAGES.get(metric, "acquisition"),
            "n/a",
            value(metric, over, under),
            value(metric, actual, below),
            change(actual * under, over * below),
            "met" if results[metric] else "missed",
            str(last),
        )
        yield f"| {' | '.join(cells)} |"


def _spend(rows: list[Row], budget: int, days: int) -> Iterator[str]:
    plan = rounded(budget, days, 0)
    for row in rows:
        yield f"| {row['day']} | {row['mark_spent']:,} | {plan} | {change(row['mark_spent'] * days, budget)} |"
    total = sum(row["mark_spent"] for row in rows)
    yield f"| Total | {total:,} | {budget:,} | {change(total, budget)} |"
    known = (rows[-1]["day"] - rows[0]["day"]).days + 1
    pace = "under plan" if 10 * total < 9 * budget else "over plan" if 10 * total > 11 * budget else "on track"
    yield f"- Pace on {rows[-1]['day']}: {rounded(total, budget, 2)} of plan ({pace}), day {known} of {days}."
    thousand = max(row["mark_spent"] for row in rows) >= 100_000
    unit, by = ("thousand IDR", 1000) if thousand else ("IDR", 1)
    yield f'  title "Spend per day ({unit})"'
    labels = ", ".join(f'"{row["day"]:%m-%d}"' for row in rows)
    yield f"  x-axis [{labels}]"
    yield f"  bar [{', '.join(_plain(row['mark_spent'], by) for row in rows)}]"
    yield f"  line [{', '.join([_plain(budget, by * days)] * len(rows))}]"


def _plain(over: int, under: int) -> str:
    text = rounded(over, under, 2).replace(",", "")
    return text.rstrip("0").rstrip(".")


def _channel(s: Mapping[str, int], found: Mapping[str, tuple[int, int]], channel: str) -> str:
    cells = (
        channel,
        f"{s['mark_spent']:,}",
        f"{s['impressions']:,}",
        f"{s['clicks']:,}",
        *(value(m, *found[m]) for m in ("ctr", "cvr", "cpa", "roas")),
    )
    return f"| {' | '.join(cells)} |"


def odd_day(rows: list[Row], day: date, measure: str) -> tuple[str, set[str]]:
    """What a measure was on a day, and what may be called usual: the middle of the days before, or all of them summed.

    Of an even number of days the middle lies between two: of costs and ratios their geometric mean, of rates the mean.
    """
    metric = next(name for name in kpis(rows[0]) if NAMES.get(name, name.upper()) == measure)
    over, under = kpis(next(row for row in rows if row["day"] == day))[metric]
    before = [kpis(row)[metric] for row in rows if row["day"] < day]
    daily = sorted(a / b for a, b in before if b)
    low, high = daily[(len(daily) - 1) // 2], daily[len(daily) // 2]
    middle = (low + high) / 2 if metric in SHARES else (low * high) ** 0.5
    pooled = kpis(sums([row for row in rows if row["day"] < day]))[metric]
    near = ((1 + low) * (1 + high)) ** 0.5 - 1
    usual = {value(metric, *pooled)} | {value(metric, round(m * 10**9), 10**9) for m in (middle, near)}
    return value(metric, over, under), usual
