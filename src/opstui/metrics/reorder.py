"""When to order a product again, and how much (spec C.4): from how its demand and its deliveries vary."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist, fmean, stdev
from typing import Literal

from msgspec import Struct

from opstui.metrics.stock import Demand, critical, known_demand

FEWEST_DAYS, LUMPY = 14, 0.2
"""Fewer days of demand, or fewer pieces a day, allow no reorder point: a fixed minimum holds instead."""
_ROUNDING = 1e-9


class Reorder(Struct, frozen=True):
    """When to order. `units` is the point in whole pieces; with `why` it is the fixed minimum, and there is no more."""

    units: int
    mean: float | None = None
    sd: float | None = None
    z: float | None = None
    safety_stock: float = 0.0
    point: float | None = None
    why: Literal["", "too few days", "too little demand"] = ""


def reorder_point(
    demand: Demand, lead_days: float, lead_sd: float = 0.0, *, service_level: float = 0.95, minimum: int = 0
) -> Reorder:
    """The stock at which to order, for deliveries that take `lead_days` (standard deviation `lead_sd`).

    SS = z sqrt(L sd_d^2 + mean_d^2 sd_L^2) with the sample standard deviation, ROP = mean_d L + SS, rounded up. With
    fewer than 14 days of demand or less than 0.2 a day it is `minimum`, and says why.
    Source: spec C.4 (cases stock-rop-01, -02); Silver, Pyke and Thomas, Inventory and Production Management in Supply
    Chains (2017), 6.7.

    Raises:
        ValueError: a service level outside 0 to 1, or a lead time below 0.

    """
    if not 0 < service_level < 1:
        raise ValueError("a service level lies between 0 and 1, for example 0.95")
    if lead_days < 0 or lead_sd < 0:
        raise ValueError("a lead time and its deviation are at least 0 days")
    known = known_demand(demand)
    if len(known) < FEWEST_DAYS:
        return Reorder(minimum, why="too few days")
    mean, sd, z = fmean(known), stdev(known), NormalDist().inv_cdf(service_level)
    if mean < LUMPY:
        return Reorder(minimum, mean, sd, z, why="too little demand")
    safety = z * sqrt(lead_days * sd**2 + mean**2 * lead_sd**2)
    point = mean * lead_days + safety
    return Reorder(max(0, ceil(point - _ROUNDING)), mean, sd, z, safety, point)


class Order(Struct, frozen=True):
    """What to order. `raw` is what is missing up to the level, `quantity` the same in whole packs."""

    position: int
    critical: bool
    level: float
    raw: float
    quantity: int


def suggested_order(
    position: int, reorder: Reorder, *, lead_days: float, review_days: float = 0, pack: int = 1
) -> Order:
    """How much brings the position (available + on order - backorder) up to what lead time and review need.

    Level = mean (L + R) + SS; without known demand the level is the fixed minimum. Critical when the position is at
    or below the reorder point; the quantity is told either way. Source: spec C.4 (case stock-order-01), periodic
    review, order-up-to: Silver, Pyke and Thomas (2017), 6.10.

    Raises:
        ValueError: packs of less than one piece.

    """
    if pack < 1:
        raise ValueError("a pack holds at least 1 piece")
    known = not reorder.why and reorder.mean is not None
    level = (reorder.mean or 0.0) * (lead_days + review_days) + reorder.safety_stock if known else float(reorder.units)
    raw = max(0.0, level - position)
    return Order(position, critical(position, reorder.units), level, raw, pack * ceil(raw / pack - _ROUNDING))
