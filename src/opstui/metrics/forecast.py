"""When will it be finished, and how much by then: from what was done on past days, as chances (spec C.3).

Both questions read the same distribution: the sum of d days, each drawn from the days that were. It is computed
exactly, so that the same screen shows the same figures; where that would take long the sum is as good as normal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from math import ceil, sqrt
from statistics import NormalDist, fmean, pstdev
from typing import Literal

from msgspec import Struct

FEWEST, MOST = 7, 90
"""Days of history: with fewer nothing is said, older ones than these are past."""
CONFIDENCE = (0.5, 0.85, 0.95)
HORIZON = 1095
"""A finish further away than so many days is no date any more."""
EXACT_ITEMS = 500
EXACT_STEPS = 3_000_000
"""Beyond these the convolution gives way to the normal distribution: with so many items the two agree."""
_ROUNDING = 1e-12

Unable = Literal["", "too few days", "nothing done"]


class Finish(Struct, frozen=True):
    """`days` has, for each confidence asked for, the days until all is done; None beyond the horizon."""

    days: tuple[int | None, ...]
    exact: bool


class Amount(Struct, frozen=True):
    """`items` has, for each confidence asked for, how many are done at least."""

    items: tuple[int, ...]
    exact: bool


def samples(done: Mapping[date, int], works: Callable[[date], bool], most: int = MOST) -> list[int]:
    """The history a forecast draws from: the last days of `done`, in order, on which the place was open.

    Something done on a closed day counts for the next open one, so that no work is lost. Source: spec C.3.
    """
    found, carried = [], 0
    for day in sorted(done):
        carried += done[day]
        if works(day):
            found.append(carried)
            carried = 0
    return found[-most:]


def unable(history: Sequence[int]) -> Unable:
    """Why this history allows no forecast; empty when it does. Source: spec C.3, guards (mc-guard-01).

    Raises:
        ValueError: a day on which less than nothing was done.

    """
    if any(n < 0 for n in history):
        raise ValueError("nobody finishes fewer than 0 items")
    if len(history) < FEWEST:
        return "too few days"
    return "" if any(history) else "nothing done"


def finish(history: Sequence[int], items: int, confidence: Sequence[float] = CONFIDENCE) -> Finish | None:
    """Days until `items` more are done, with each confidence; None when the history allows no forecast.

    Source: spec C.3, exact bootstrap of daily throughput by convolution (case mc-when-01).

    Raises:
        ValueError: a confidence that is not between 0 and 1.

    """
    _check(confidence)
    if unable(history):
        return None
    return _finish(tuple(history), items, tuple(confidence), exact=items <= EXACT_ITEMS)


@lru_cache(maxsize=8)
def _finish(history: tuple[int, ...], items: int, confidence: tuple[float, ...], *, exact: bool) -> Finish:
    """The days that are over say the same all day long; working it out takes half a second."""
    chance = _chances(history, items, exact=exact)
    days: dict[float, int | None] = dict.fromkeys(confidence)
    waiting = set(confidence)
    for day in range(HORIZON + 1):
        p = chance(day)
        for level in [level for level in waiting if p >= level - _ROUNDING]:
            days[level] = day
            waiting.remove(level)
        if not waiting:
            break
    return Finish(tuple(days[level] for level in confidence), exact)


def chance_by_day(history: Sequence[int], items: int, days: int) -> list[float] | None:
    """The chance that `items` more are done by the end of day 0, 1 ... `days`; None without a forecast.

    Source: spec C.3, as `finish` (case mc-when-01, cdf).
    """
    if unable(history):
        return None
    chance = _chances(history, items, exact=items <= EXACT_ITEMS)
    return [chance(day) for day in range(days + 1)]


def _chances(history: Sequence[int], items: int, *, exact: bool) -> Callable[[int], float]:
    """The chance by day (asked for in order from 0)."""
    if not exact:
        normal = _normal(history)
        return lambda day: normal(items, day)
    ways = {n: count / len(history) for n, count in Counter(history).items()}
    row = [1.0, *([0.0] * max(items, 0))][: max(items, 0) + 1]

    def chance(day: int) -> float:
        nonlocal row
        if day:
            row = _with_a_day(row, ways)
        return row[-1]

    return chance


def _with_a_day(row: Sequence[float], ways: Mapping[int, float]) -> list[float]:
    """The chances of 0, 1 ... items done after one more day; the last entry stands for that many or more."""
    last = len(row) - 1
    after = [0.0] * len(row)
    for more, q in ways.items():
        after[more:] = [a + p * q for a, p in zip(after[more:], row, strict=False)]
        after[last] += q * sum(row[max(0, last + 1 - more) :])
    return after


def _normal(history: Sequence[int]) -> Callable[[int, int], float]:
    """(items, days) -> P(sum >= items) by the central limit theorem, with the correction for whole numbers."""
    mean, spread = fmean(history), pstdev(history)

    def chance(items: int, days: int) -> float:
        if items <= 0 or not spread or not days:
            return float(mean * days >= items)
        return 1 - NormalDist(mean * days, spread * sqrt(days)).cdf(items - 0.5)

    return chance


def at_least(history: Sequence[int], days: int) -> list[float] | None:
    """The chance that at least 0, 1, 2 ... items are done in `days` days; None without a forecast.

    Source: spec C.3, exact by convolution (case mc-howmany-01, survival).
    """
    if unable(history):
        return None
    return _survival(history, days, exact=_exactly(history, days))


def how_many(history: Sequence[int], days: int, confidence: Sequence[float] = CONFIDENCE) -> Amount | None:
    """How many items are done in `days` days at least, with each confidence: the surer, the fewer.

    The largest n with P(sum >= n) >= confidence, the dual of `finish`. Source: spec C.3 (case mc-howmany-01).

    Raises:
        ValueError: a confidence that is not between 0 and 1.

    """
    _check(confidence)
    if unable(history):
        return None
    return _amount(tuple(history), days, tuple(confidence), exact=_exactly(history, days))


@lru_cache(maxsize=16)
def _amount(history: tuple[int, ...], days: int, confidence: tuple[float, ...], *, exact: bool) -> Amount:
    chances = _survival(history, days, exact=exact)
    found = (max(n for n, p in enumerate(chances) if p >= level - _ROUNDING) for level in confidence)
    return Amount(tuple(found), exact)


def _exactly(history: Sequence[int], days: int) -> bool:
    """Whether the convolution is not too long."""
    return max(history) * max(days, 0) ** 2 * len(set(history)) <= EXACT_STEPS


def _survival(history: Sequence[int], days: int, *, exact: bool) -> list[float]:
    most = max(history) * max(days, 0)
    if not exact:
        normal = _normal(history)
        return [normal(n, days) for n in range(most + 1)]
    ways = {n: count / len(history) for n, count in Counter(history).items()}
    row = [1.0, *([0.0] * most)]
    for _day in range(days):
        row = _with_a_day(row, ways)
    return [min(1.0, p) for p in list(accumulate(reversed(row)))[::-1]]


def grown(items: int, growth: float) -> int:
    """So many items when each brings more with it: `growth` 1.0 to 1.3 is what the spec suggests, rounded up (C.3).

    Source: spec C.3, guards: split uncertainty.

    Raises:
        ValueError: a growth below 1.

    """
    if growth < 1:
        raise ValueError("work that is split does not become less: growth is at least 1")
    return ceil(items * growth - 1e-9)


def finish_day(today: date, days: int, works: Callable[[date], bool]) -> date | None:
    """The date on which the last of so many open days falls, the first being the first open one after `today`.

    What "85 % by 12 Oct" is said with. None beyond three times the horizon. Source: spec C.3, wording.
    """
    day = today
    for _turn in range(3 * HORIZON):
        if days <= 0:
            return day
        day += timedelta(days=1)
        days -= works(day)
    return None


def _check(confidence: Sequence[float]) -> None:
    if not all(0 < level < 1 for level in confidence):
        raise ValueError("a confidence lies between 0 and 1")
