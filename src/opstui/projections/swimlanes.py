"""Swimlanes: a board's lanes cut into bands by a field, so that one sees who (or what channel) is where.

A lane's cards stay one sequence; in it the bands stand one below the other, in the same order in every lane. So counts,
filters and everything else about lanes stay as they are, and a band is where it begins (`LaneView.breaks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from msgspec.structs import replace

from opstui.domain.model import Field, Money
from opstui.projections.arrangement import Arrangement
from opstui.projections.bands import band_key, band_label
from opstui.projections.board import Band, BoardView, LaneView

MOST = 1000
"""Bands; nobody looks through more, and each costs a few microseconds whenever a card changes."""


def banded(view: BoardView, arranged: Mapping[str, Arrangement], field: Field, folded: Iterable[str] = ()) -> BoardView:
    """The board cut into bands. Every lane was arranged by that field; `folded` are the bands that are closed.

    A board that would fall into more than `MOST` bands stays whole.
    """
    counts = {lane.stage.id: _counts(lane, arranged[lane.stage.id]) for lane in view.lanes}
    total: Counter[str] = Counter()
    for each in counts.values():
        total.update(each)
    held = [value for value in total if total[value]]
    if len(held) > MOST:
        return view
    values = sorted(held, key=lambda value: band_key(field, value))
    sums = _sums(view.lanes, arranged)
    closed = set(folded)
    bands = tuple(
        Band(value, band_label(field, value), total[value], sums.get(value, ()), value in closed) for value in values
    )
    lanes = tuple(replace(lane, breaks=_breaks(counts[lane.stage.id], values)) for lane in view.lanes)
    return replace(view, bands=bands, lanes=lanes)


def _counts(lane: LaneView, arrangement: Arrangement) -> Mapping[str, int]:
    """How many of a lane's cards each band holds; only a filter needs a look at each."""
    return Counter(map(arrangement.band, lane.ids)) if lane.filtered else arrangement.counts


def _breaks(counts: Mapping[str, int], values: Sequence[str]) -> tuple[int, ...]:
    return tuple(accumulate((counts.get(value, 0) for value in values), initial=0))


def _sums(lanes: Iterable[LaneView], arranged: Mapping[str, Arrangement]) -> dict[str, tuple[Money, ...]]:
    found: dict[str, dict[str, int]] = {}
    for lane in lanes:
        arrangement = arranged[lane.stage.id]
        for value, sums in arrangement.sums(lane.ids if lane.filtered else None).items():
            into = found.setdefault(value, {})
            for currency, amount in sums.items():
                into[currency] = into.get(currency, 0) + amount
    return {
        value: tuple(Money(amount, currency) for currency, amount in sorted(sums.items()) if amount)
        for value, sums in found.items()
    }
