"""All numeric cases of the specification, from one parametrised test."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from metrics import cases_flow, cases_marketing
from opstui.metrics import bottleneck, flow, marketing, ontime, percentiles, service
from opstui.metrics.track import CategoryOf, Passage, Track, hours, local_day, passage, passages

JAKARTA = ZoneInfo("Asia/Jakarta")
CASES = json.loads((Path(__file__).parent / "metric_cases.json").read_text())["cases"]
BY_ID = {case["id"]: case for case in CASES}
ELSEWHERE = {"md_escape_cell", "md_heading", "yaml_scalar", "mermaid_label"}
"""Copied here too; held to their cases beside the escaping module."""


class Log:
    """The event log that most flow cases share."""

    def __init__(self, inputs: dict[str, Any]) -> None:
        inputs = {**BY_ID[inputs["same_log_as"]]["inputs"], **inputs} if "same_log_as" in inputs else inputs
        self.now = datetime.fromisoformat(inputs["now"])
        self.stages = {stage["id"]: stage["category"] for stage in inputs["stages"]}
        self.category: CategoryOf = self.stages.__getitem__
        self.names = list(inputs["events"])
        self.ways = [self.way(number, rows) for number, rows in enumerate(inputs["events"].values())]

    def way(self, number: int, rows: list[dict[str, str]]) -> Passage:
        path = tuple((row["to"], datetime.fromisoformat(row["at"])) for row in rows)
        found = passage(Track(number, path[0][1], path), self.category)
        assert found is not None
        return found

    def each(self, figure: Callable[[Passage], Any]) -> dict[str, Any]:
        return {name: figure(way) for name, way in zip(self.names, self.ways, strict=True)}


def as_hours(span: timedelta | None) -> float | None:
    return None if span is None else hours(span)


def days(inputs: dict[str, Any]) -> tuple[date, date]:
    """The period of a case, its last day included there, excluded here."""
    return date.fromisoformat(inputs["from"]), date.fromisoformat(inputs["to"]) + timedelta(days=1)


def iso(by_day: dict[date, Any]) -> dict[str, Any]:
    return {day.isoformat(): value for day, value in by_day.items()}


def lead_time_hours(inputs: dict[str, Any]) -> Any:
    return Log(inputs).each(lambda p: as_hours(p.lead))


def cycle_time_hours(inputs: dict[str, Any]) -> Any:
    return Log(inputs).each(lambda p: as_hours(p.cycle))


def wip_age_hours(inputs: dict[str, Any]) -> Any:
    log = Log(inputs)
    return log.each(lambda p: as_hours(flow.wip_age(p, log.now)))


def wip_at(inputs: dict[str, Any]) -> Any:
    return [flow.wip_at(Log(inputs).ways, datetime.fromisoformat(at)) for at in inputs["at"]]


def throughput_per_day(inputs: dict[str, Any]) -> Any:
    return iso(flow.throughput(Log(inputs).ways, *days(inputs), JAKARTA))


def stage_dwell_hours(inputs: dict[str, Any]) -> Any:
    log = Log(inputs)
    return log.each(lambda p: {k: hours(v) for k, v in flow.stage_dwell(p, log.now, log.category).items()})


def flow_efficiency(inputs: dict[str, Any]) -> Any:
    if "active_hours" in inputs:
        worked = inputs["active_hours"] - inputs["blocked_hours_inside_active"]
        total = timedelta(hours=inputs["active_hours"] + inputs["queue_hours"])
        return {"cycle_based": flow.Efficiency(timedelta(hours=worked), total, total).cycle_based}
    log = Log(inputs)
    board = flow.efficiency(log.ways, log.category)
    both = log.each(lambda p: flow.efficiency([p], log.category))
    each = {name: {"cycle_based": e.cycle_based, "lead_based": e.lead_based} for name, e in both.items() if e.lead}
    return {**each, "board_cycle_based": board.cycle_based, "board_lead_based": board.lead_based}


def cfd_end_of_day_counts(inputs: dict[str, Any]) -> Any:
    log = Log(inputs)
    return iso(flow.cumulative_flow(log.ways, list(log.stages), *days(inputs), JAKARTA))


def stage_bottleneck(inputs: dict[str, Any]) -> Any:
    log = Log(inputs)
    start = min(p.track.created for p in log.ways)
    total = bottleneck.total_dwell(log.ways, log.category, start, log.now)
    places = bottleneck.contenders([bottleneck.Place(s) for s in log.stages], log.category, inputs["exclude"])
    slowest = bottleneck.slowest_stage(log.ways, places, log.category, start, log.now)
    assert slowest is not None
    whole = sum(total.values(), timedelta())
    assert slowest.share == total["stock"] / whole
    return {
        "total_dwell_hours": {k: hours(v) for k, v in total.items()},
        "dwell_share": {k: v / whole for k, v in total.items()},
        "bottleneck": slowest.stage,
    }


def littles_law(inputs: dict[str, Any]) -> Any:
    found = flow.little([(a, b) for a, b in inputs["start_end_days"]], inputs["window_days"])
    return {
        "avg_wip": found.average_wip,
        "throughput_per_day": found.throughput_per_day,
        "avg_cycle_days": found.average_cycle_days,
        "check_wip": found.expected_wip,
    }


def percentile(inputs: dict[str, Any]) -> Any:
    nearest = "nearest" in inputs.get("method", "")
    form = percentiles.nearest_rank if nearest else percentiles.quantile
    return [form(inputs["values"], p) for p in inputs["p"]]


def on_time_rate(inputs: dict[str, Any]) -> Any:
    tracks = []
    created = datetime.fromisoformat("2026-09-01T08:00:00+07:00")
    for number, card in enumerate(inputs["cards"]):
        last = "cancelled" if card.get("cancelled") else "closed" if card["done"] else "payment"
        at = datetime.fromisoformat(card["done"]) if card["done"] else created
        due = date.fromisoformat(card["due"]) if card["due"] else None
        tracks.append(Track(number, created, (("new", created), (last, at)), due=due))
    place = {"new": "queue", "payment": "active", "closed": "done", "cancelled": "dropped"}
    start, end = (date.fromisoformat(day) for day in inputs["period"])
    ways = passages(tracks, place.__getitem__)  # type: ignore[arg-type]
    found = ontime.on_time(ways, start, end, datetime.fromisoformat(inputs["now"]), JAKARTA)
    names = [card["id"] for card in inputs["cards"]]
    return {
        "eligible": [names[i] for i in found.eligible],
        "on_time": [names[i] for i in found.kept],
        "rate": found.rate,
    }


def campaign_ratios(inputs: dict[str, Any]) -> Any:
    sums = marketing.Totals(**{name: value for name, value in inputs.items() if name != "currency"})
    return {name: getattr(sums, name) for name in ("cpm", "cpc", "ctr", "cvr", "cpa", "roas")}


def aggregate_ratio(inputs: dict[str, Any]) -> Any:
    rows = [marketing.Totals(**day) for day in inputs["days"]]
    wrong = sum(row.ctr or 0 for row in rows) / len(rows)
    return {"ctr": marketing.total(rows).ctr, "wrong_mean_of_ratios": wrong}


def budget_pacing(inputs: dict[str, Any]) -> Any:
    run = (date.fromisoformat(inputs[name]) for name in ("start", "end", "as_of_end_of"))
    found = marketing.pacing(inputs["budget"], inputs["spend_to_date"], *run)
    return msgspec.structs.asdict(found) if found else None


def roi(inputs: dict[str, Any]) -> Any:
    cost = inputs["media_spend"] + inputs["production_and_tools"]
    return {"roi": marketing.roi(inputs["revenue"], inputs["gross_margin"], cost)}


def csat(inputs: dict[str, Any]) -> Any:
    found = service.csat(inputs["scores_1_to_5"])
    return {"csat": found.value, "n": found.n, "wilson95": list(found.interval or ())}


def nps(inputs: dict[str, Any]) -> Any:
    found = service.nps(inputs["scores_0_to_10"])
    parts = {name: getattr(found, name) for name in ("promoters", "passives", "detractors")}
    return {**parts, "nps": found.score, "margin95": found.margin}


def first_response_time(inputs: dict[str, Any]) -> Any:
    found = service.first_response(inputs["business_minutes"])
    return {
        "n": found.n,
        "unanswered": found.unanswered,
        "median": found.median,
        "p90_linear": found.p90,
        "mean": found.mean,
    }


FORMULAS: dict[str, Callable[[dict[str, Any]], Any]] = {
    form.__name__: form
    for form in (
        lead_time_hours, cycle_time_hours, wip_age_hours, wip_at, throughput_per_day, stage_dwell_hours,
        flow_efficiency, cfd_end_of_day_counts, stage_bottleneck, littles_law, percentile, on_time_rate,
        campaign_ratios, aggregate_ratio, budget_pacing, roi, csat, nps, first_response_time,
    )
}  # fmt: skip
FORMULAS |= cases_flow.FORMULAS | cases_marketing.FORMULAS


def close(found: Any, expected: Any, tolerance: Any) -> bool:
    """Equal in shape, each number within the case's tolerance."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(close(found[k], v, tolerance) for k, v in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(close(f, e, tolerance) for f, e in zip(found, expected, strict=True))
    if tolerance == "exact" or not isinstance(expected, int | float) or isinstance(expected, bool):
        return bool(found == expected)
    return bool(found == pytest.approx(expected, **{"rel": 0, "abs": 0, **tolerance}))


MINE = [case for case in CASES if case["metric"] not in ELSEWHERE]


@pytest.mark.parametrize("case", MINE, ids=[case["id"] for case in MINE])
def test_case(case: dict[str, Any]) -> None:
    found = FORMULAS[case["metric"]](case["inputs"])
    if case["metric"] in cases_marketing.PARTIAL and case["expected"] is not None:
        found = {name: found[name] for name in case["expected"]}
    assert close(found, case["expected"], case["tolerance"]), found


def test_every_case_of_the_specification_is_here() -> None:
    """A metric that joins the specification, or a formula whose cases were not copied, fails here."""
    place = os.environ.get("OPSTUI_SPEC", Path(__file__).parents[3] / "shared" / "spec" / "metric_cases.json")
    if not Path(place).is_file():
        pytest.skip("the specification is not on this machine (OPSTUI_SPEC names metric_cases.json)")
    spec = json.loads(Path(place).read_text())["cases"]
    assert {case["metric"] for case in spec} == set(FORMULAS) | ELSEWHERE
    assert spec == CASES


def test_a_day_ends_where_the_next_begins() -> None:
    assert local_day(datetime.fromisoformat("2026-09-10T16:59:59+00:00"), JAKARTA) == date(2026, 9, 10)
    assert local_day(datetime.fromisoformat("2026-09-10T17:00:00+00:00"), JAKARTA) == date(2026, 9, 11)
