"""Two-sided exact tests of counts: the likeliest count is walked from in both directions, so no term overflows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

SAME = 1 + 1e-7
"""Two outcomes this close are equally likely: what separates them is rounding (as R and scipy have it)."""
_NOTHING = 1e-300


def two_sided(observed: int, lowest: int, highest: int, mode: int, ratio: Callable[[int], float]) -> float:
    """The chance of an outcome that is at most as likely as `observed`; `ratio(k)` is P(k + 1) / P(k).

    Counts run from `lowest` to `highest` with one peak at `mode`. Source: the point-probability method of R's
    `fisher.test` and `binom.test` (Gibbons and Pratt 1975).
    """
    weights = dict(_up(mode, highest, ratio)) | dict(_down(mode, lowest, ratio))
    limit = weights.get(observed, 0.0) * SAME
    return min(1.0, sum(w for w in weights.values() if w <= limit) / sum(weights.values()))


def _up(mode: int, highest: int, ratio: Callable[[int], float]) -> Iterator[tuple[int, float]]:
    count, weight = mode, 1.0
    while count <= highest and weight > _NOTHING:
        yield count, weight
        weight *= ratio(count) if count < highest else 0.0
        count += 1


def _down(mode: int, lowest: int, ratio: Callable[[int], float]) -> Iterator[tuple[int, float]]:
    count, weight = mode, 1.0
    while count >= lowest and weight > _NOTHING:
        yield count, weight
        count -= 1
        weight = weight / ratio(count) if count >= lowest else 0.0


def binomial(hits: int, n: int, rate: float) -> float | None:
    """The two-sided p-value of `hits` in `n` trials that each hit with the chance `rate`.

    None where there is nothing to test: no trials, more hits than trials, a rate outside 0 to 1.
    Source: exact binomial test (Clopper and Pearson 1934), sides by point probability.
    """
    if n <= 0 or not 0 <= hits <= n or not 0 <= rate <= 1:
        return None
    if rate in (0, 1):
        return 1.0 if hits == n * rate else 0.0
    odds = rate / (1 - rate)
    return two_sided(hits, 0, n, min(n, int((n + 1) * rate)), lambda k: (n - k) / (k + 1) * odds)


def hypergeometric(hits: int, first: int, second: int, total: int) -> float | None:
    """The two-sided p-value of `hits` among `first` when `total` hits fell on `first` + `second` people alike.

    None for a table that cannot be. Source: Fisher 1934 (exact test of a two by two table).
    """
    lowest, highest = max(0, total - second), min(first, total)
    if min(first, second) < 0 or not lowest <= hits <= highest:
        return None
    mode = min(highest, max(lowest, (first + 1) * (total + 1) // (first + second + 2)))
    return two_sided(
        hits, lowest, highest, mode, lambda k: (first - k) * (total - k) / ((k + 1) * (second - total + k + 1))
    )
