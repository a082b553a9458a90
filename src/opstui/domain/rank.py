"""Order within a lane: a float per card, between its neighbours', so that a move writes one document.

Midpoints between two neighbours run out after about fifty insertions at one spot; then the few cards behind it are
spread out again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

STEP = 1024.0
_SPREAD = 64


def at_end(ids: Sequence[int], rank: Callable[[int], float]) -> float:
    """The rank behind the last card."""
    return rank(ids[-1]) + STEP if len(ids) else STEP


def at_top(ids: Sequence[int], rank: Callable[[int], float]) -> float:
    """The rank above the first card."""
    return rank(ids[0]) - STEP if len(ids) else STEP


def above(ids: Sequence[int], place: int, rank: Callable[[int], float]) -> tuple[float, dict[int, float]]:
    """The rank above `ids[place]`, and the new ranks of the cards that must make room (mostly none)."""
    high = rank(ids[place])
    low = rank(ids[place - 1]) if place else high - 2 * STEP
    middle = (low + high) / 2
    if low < middle < high:
        return middle, {}
    run = ids[place : place + _SPREAD]
    end = rank(ids[place + len(run)]) if place + len(run) < len(ids) else low + STEP * (len(run) + 2)
    gap = (end - low) / (len(run) + 2)
    return low + gap, {card: low + gap * (i + 2) for i, card in enumerate(run)}
