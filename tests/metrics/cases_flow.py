"""Calendar, periods, recurrence, forecast, service, stock, incidents: a case's inputs -> what the formula says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from opstui.metrics import forecast, periods, sla, stock
from opstui.metrics import reorder as ordering
from opstui.metrics.calendar import (
    BusinessCalendar,
    Holiday,
    add_business_minutes,
    business_minutes_between,
    roll_to_business_day,
)
from opstui.metrics.incidents import incident_durations as durations
from opstui.metrics.recurrence import occurrences
from opstui.metrics.resolution import resolution

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OFFICE = {"timezone": "Asia/Jakarta", "weekdays": ["MO", "TU", "WE", "TH", "FR"], "open": "09:00", "close": "17:00"}


def minute(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def calendar(inputs: dict[str, Any]) -> BusinessCalendar:
    said = inputs.get("calendar", OFFICE)
    hours = ((minute(said["open"]), minute(said["close"])),)
    return BusinessCalendar(
        zone=ZoneInfo(said["timezone"]),
        week=tuple(hours if day in said["weekdays"] else () for day in WEEKDAYS),
        holidays={date.fromisoformat(day): Holiday(day) for day in inputs.get("holidays", ())},
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def add(inputs: dict[str, Any]) -> Any:
    place = calendar(inputs)
    return add_business_minutes(place, at(inputs["start"]), inputs["minutes"]).astimezone(place.zone).isoformat()


def between(inputs: dict[str, Any]) -> Any:
    return business_minutes_between(calendar(inputs), at(inputs["start"]), at(inputs["end"]))


def roll(inputs: dict[str, Any]) -> Any:
    days = [date.fromisoformat(day) for day in inputs["dates"]]
    place = calendar(inputs)
    return {mode: [roll_to_business_day(place, day, mode).isoformat() for day in days] for mode in inputs["mode"]}


def bounds(inputs: dict[str, Any]) -> Any:
    start, end = periods.period_bounds(inputs["period"], ZoneInfo(inputs["tz"]))
    return {"start_utc": start.isoformat(), "end_utc_exclusive": end.isoformat()}


def iso_week(inputs: dict[str, Any]) -> Any:
    return [periods.iso_week(date.fromisoformat(day)) for day in inputs["dates"]]


def add_months(inputs: dict[str, Any]) -> Any:
    return [periods.add_months(date.fromisoformat(day), inputs["months"]).isoformat() for day in inputs["start"]]


def rrule(inputs: dict[str, Any]) -> Any:
    return [found.date().isoformat() for found in occurrences(inputs["rule"], at(inputs["dtstart"]))]


def sla_breach(inputs: dict[str, Any]) -> Any:
    place, target, found = calendar(inputs), inputs["target_business_minutes"], {}
    for ticket in inputs["tickets"]:
        pauses = tuple((at(a), at(b) if b else None) for a, b in ticket["paused"])
        clock = sla.Clock(at(ticket["start"]), at(ticket["stop"]) if ticket["stop"] else None, target, pauses)
        found[ticket["id"]] = sla.read(clock, place, at(inputs["now"]))
    shown = {name: {"used_minutes": r.used, "breached": r.breached, "open": r.open} for name, r in found.items()}
    return {"tickets": shown, "breach_rate": sla.breach_rate(found.values())}


def resolution_time(inputs: dict[str, Any]) -> Any:
    turns = [(turn, at(when)) for turn, when in inputs["events"]]
    found = resolution(at(inputs["created"]), turns, calendar(inputs))
    return {
        "to_last_resolution_business_min": found.minutes,
        "net_of_resolved_gap_business_min": found.net_minutes,
        "reopened": found.reopened,
        "first_contact_resolution": found.first_contact,
    }


def stock_cover_days(inputs: dict[str, Any]) -> Any:
    found = stock.cover(inputs["on_hand"] - inputs["reserved"], inputs["daily_demand"])
    return {"avg_daily": found.mean, "available": found.available, "cover_days": found.days}


def reorder_point(inputs: dict[str, Any]) -> Any:
    found = ordering.reorder_point(
        inputs["daily_demand"],
        inputs["lead_time_days"],
        inputs["lead_time_sd_days"],
        service_level=inputs["service_level"],
    )
    whole = {"mean": found.mean, "sd_sample": found.sd, "z": found.z} if inputs["lead_time_sd_days"] else {}
    return {
        **whole,
        "safety_stock": found.safety_stock,
        "reorder_point": found.point,
        "reorder_point_units": found.units,
    }


def suggested_order_qty(inputs: dict[str, Any]) -> Any:
    known = ordering.Reorder(inputs["reorder_point"], mean=inputs["mean"], safety_stock=inputs["safety_stock"])
    found = ordering.suggested_order(
        inputs["available"] + inputs["on_order"] - inputs["backorder"],
        known,
        lead_days=inputs["lead_time_days"],
        review_days=inputs["review_days"],
        pack=inputs["pack_size"],
    )
    return {
        "inventory_position": found.position,
        "critical": found.critical,
        "target_level": found.level,
        "raw_qty": found.raw,
        "qty": found.quantity,
    }


def when(inputs: dict[str, Any]) -> Any:
    history, items = inputs["daily_throughput_history"], inputs["remaining_items"]
    found = forecast.finish(history, items, inputs.get("confidence", forecast.CONFIDENCE))
    chances = forecast.chance_by_day(history, items, 16)
    return found and chances and {"days": list(found.days), "cdf_day_6_to_16": chances[6:]}


def how_many(inputs: dict[str, Any]) -> Any:
    history, days = inputs["daily_throughput_history"], inputs["days"]
    found = forecast.how_many(history, days, inputs["confidence"])
    chances = forecast.at_least(history, days)
    return found and chances and {"items_at_least": list(found.items), "survival_10_to_20": chances[10:21]}


def incident_durations(inputs: dict[str, Any]) -> Any:
    found = durations(**{name: at(when) for name, when in inputs.items() if when})
    return {
        "ttd_min": found.ttd,
        "tta_min": found.tta,
        "ttm_min": found.ttm,
        "ttr_min": found.ttr,
        "detect_to_resolve_min": found.detect_to_resolve,
    }


FORMULAS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "add_business_minutes": add,
    "business_minutes_between": between,
    "roll_to_business_day": roll,
    "period_bounds": bounds,
    "iso_week": iso_week,
    "add_months": add_months,
    "rrule": rrule,
    "sla_breach": sla_breach,
    "resolution_time": resolution_time,
    "stock_cover_days": stock_cover_days,
    "reorder_point": reorder_point,
    "suggested_order_qty": suggested_order_qty,
    "monte_carlo_when_exact": when,
    "monte_carlo_how_many_exact": how_many,
    "incident_durations": incident_durations,
}
