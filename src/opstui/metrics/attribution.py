"""Who gets the credit for a sale that several channels led to? (spec C.9).

Shares describe the paths that were seen; they do not prove what caused a sale. So the models are shown side by side,
and their totals equal the revenue to the last unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

LOOKBACK = 30
HALF_LIFE = 7
ENOUGH = 100
"""Conversions below which no Markov model is fitted: the range of the other models is shown instead."""
UNKNOWN = ""
"""The channel of what no touch within the lookback led to."""
Model = Literal["first", "last", "linear", "time_decay", "position", "markov"]


class Touch(Struct, frozen=True):
    """One contact with a channel, so many days before the conversion (or before the path was given up)."""

    channel: str
    days_before: float = 0


class Path(Struct, frozen=True):
    """The touches of one customer, oldest first, and what they bought for (minor units)."""

    touches: tuple[Touch, ...]
    value: float = 0
    converted: bool = True

    def within(self, lookback: float) -> tuple[Touch, ...]:
        """The touches that may count: not after the conversion, not longer ago than the lookback."""
        return tuple(touch for touch in self.touches if 0 <= touch.days_before <= lookback)


def _first(touches: Sequence[Touch]) -> list[float]:
    return [1.0] + [0.0] * (len(touches) - 1)


def _last(touches: Sequence[Touch]) -> list[float]:
    return [0.0] * (len(touches) - 1) + [1.0]


def _linear(touches: Sequence[Touch]) -> list[float]:
    return [1.0] * len(touches)


def _time_decay(touches: Sequence[Touch]) -> list[float]:
    nearest = min(touch.days_before for touch in touches)
    return [2 ** ((nearest - touch.days_before) / HALF_LIFE) for touch in touches]


def _position(touches: Sequence[Touch]) -> list[float]:
    if len(touches) <= 2:  # noqa: PLR2004 - with nothing between them, the first and the last share
        return _linear(touches)
    return [0.4] + [0.2 / (len(touches) - 2)] * (len(touches) - 2) + [0.4]


RULES: Mapping[str, Callable[[Sequence[Touch]], list[float]]] = {
    "first": _first,
    "last": _last,
    "linear": _linear,
    "time_decay": _time_decay,
    "position": _position,
}
"""The models that look at one path at a time."""


def attribute(paths: Iterable[Path], model: str, lookback: float = LOOKBACK) -> dict[str, float]:
    """The value of the converting paths by channel, in their unit, by one of `RULES`.

    What has no touch within the lookback is credited to `UNKNOWN`, so that nothing is lost. KeyError for another
    model. Source: spec C.9; time decay halves every 7 days, position is 40/20/40.
    """
    rule = RULES[model]
    found: dict[str, float] = {}
    for path in paths:
        if path.converted:
            touches = path.within(lookback)
            weights = rule(touches) if touches else [1.0]
            names = [touch.channel for touch in touches] or [UNKNOWN]
            whole = sum(weights)
            for name, weight in zip(names, weights, strict=True):
                found[name] = found.get(name, 0.0) + path.value * weight / whole
    return found


def to_the_unit(shares: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole units by channel that add up to `total`: what rounding leaves goes to the largest remainders.

    `shares` are amounts that add up to about `total`. Source: Hamilton's method (largest remainder), ties by name.
    """
    found = {name: int(amount // 1) for name, amount in shares.items()}
    order = sorted(shares, key=lambda name: (found[name] - shares[name], name))
    left = total - sum(found.values())
    for n in range(abs(left) if order else 0):
        found[order[n % len(order)] if left > 0 else order[-1 - n % len(order)]] += 1 if left > 0 else -1
    return found


class Markov(Struct, frozen=True):
    """What would be lost without each channel, and the credit that follows from it."""

    base: float
    removal: dict[str, float]
    shares: dict[str, float]
    conversions: int

    @property
    def credited(self) -> dict[str, float]:
        """Conversions by channel."""
        return {name: share * self.conversions for name, share in self.shares.items()}


def markov(paths: Iterable[Path], lookback: float = LOOKBACK) -> Markov | None:
    """Credit by removal effect in an absorbing chain of order 1: start, the channels, a conversion or nothing.

    Paths without a touch say nothing about channels and are left out; None when none of the others converted.
    Taking a channel out sends those who would reach it away, so its effect is the chance to reach it times the chance
    to convert from there, over the chance to convert at all. Source: Anderl et al. 2016; the fundamental matrix of
    Kemeny and Snell 1960 in place of one solve for each channel.
    """
    ways = [(tuple(t.channel for t in p.within(lookback)), p.converted) for p in paths]
    ways = [(names, converted) for names, converted in ways if names]
    channels = sorted({name for names, _ in ways for name in names})
    conversions = sum(converted for _, converted in ways)
    if not conversions:
        return None
    start, moves, ends = _chain(ways, channels)
    visits = _inverse([[(i == j) - move for j, move in enumerate(row)] for i, row in enumerate(moves)])
    convert = [sum(v * e for v, e in zip(row, ends, strict=True)) for row in visits]
    base = sum(s * c for s, c in zip(start, convert, strict=True))
    seen = [sum(start[i] * visits[i][j] for i in range(len(start))) for j in range(len(start))]
    removal = {name: seen[j] / visits[j][j] * convert[j] / base for j, name in enumerate(channels)}
    whole = sum(removal.values())
    return Markov(base, removal, {name: effect / whole for name, effect in removal.items()}, conversions)


Way = tuple[tuple[str, ...], bool]


def _chain(ways: Sequence[Way], channels: Sequence[str]) -> tuple[list[float], list[list[float]], list[float]]:
    """The chances to begin at each channel, to go from each to each, and to convert from each."""
    place = {name: n for n, name in enumerate(channels)}
    start = [0.0] * len(channels)
    moves = [[0.0] * len(channels) for _ in channels]
    ends, left = [0.0] * len(channels), [0] * len(channels)
    for names, converted in ways:
        steps = [place[name] for name in names]
        start[steps[0]] += 1 / len(ways)
        for here, there in pairwise(steps):
            moves[here][there] += 1
        ends[steps[-1]] += converted
        for here in steps:
            left[here] += 1
    moves = [[count / left[i] for count in row] for i, row in enumerate(moves)]
    return start, moves, [count / left[i] for i, count in enumerate(ends)]


def _inverse(matrix: list[list[float]]) -> list[list[float]]:
    """Gauss and Jordan with pivots; every channel is left in the end, so there is an inverse."""
    size = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [v / rows[column][column] for v in rows[column]]
        for r, row in enumerate(rows):
            if r != column and row[column]:
                rows[r] = [v - row[column] * w for v, w in zip(row, rows[column], strict=True)]
    return [row[size:] for row in rows]


def side_by_side(paths: Sequence[Path], lookback: float = LOOKBACK) -> dict[str, dict[str, int]]:
    """Every model's credit by channel in whole units, each adding up to the revenue; Markov from 100 conversions on.

    Source: spec C.8, the six models over one set of paths.
    """
    total = round(sum(path.value for path in paths if path.converted))
    found = {model: to_the_unit(attribute(paths, model, lookback), total) for model in RULES}
    unknown = found["linear"].get(UNKNOWN, 0)
    chain = markov(paths, lookback)
    if chain and chain.conversions >= ENOUGH:
        known = total - unknown
        shares = to_the_unit({name: share * known for name, share in chain.shares.items()}, known)
        found["markov"] = shares | ({UNKNOWN: unknown} if UNKNOWN in found["linear"] else {})
    return found


def spread(models: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[int, int]]:
    """The least and the most that any model gives each channel: the honest answer when there are few conversions.

    Source: spec C.8, fewer than 100 conversions: a range.
    """
    names = dict.fromkeys(name for credit in models.values() for name in credit)
    return {name: (min(given), max(given)) for name in names if (given := [c.get(name, 0) for c in models.values()])}
