"""The two percentiles the console shows, apart because they answer different questions.

Durations on screen interpolate (type 7, as spreadsheets and numpy do). A promise ("85 % finish within N days") and a
forecast take the nearest rank, because that is always a value that really happened.
"""

from __future__ import annotations

from collections.abc import Iterable


def quantile(values: Iterable[float], percent: float) -> float | None:
    """The linear-interpolation percentile (Hyndman and Fan type 7); None without values.

    Source: Hyndman and Fan (1996), Sample quantiles in statistical packages, type 7; spec C.2 (case pct-01).
    """
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def nearest_rank(values: Iterable[float], percent: int) -> float | None:
    """The smallest value that at least `percent` of all values do not exceed; None without values.

    `percent` is a whole number: the rank is integer arithmetic, for 0.85 * 20 is not 17 in floating point.
    Source: the nearest-rank definition, k = ceil(p n / 100); spec C.2 (case pct-02).
    """
    ordered = sorted(values)
    if not ordered:
        return None
    rank = max(1, -(-percent * len(ordered) // 100))
    return ordered[rank - 1]


def median(values: Iterable[float]) -> float | None:
    """The middle value; None without values.

    Source: spec C.2.
    """
    return quantile(values, 50)
