"""What the marked cards of a board come to: how many, how many of them out of sight, and what they are worth.

Amounts of two currencies are never added. Where a whole lane is marked its sum is known already, so that marking
100,000 cards costs no walk over their documents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from opstui.domain.model import Money
from opstui.domain.state import Reader
from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.board import BoardView


class Marked(Struct, frozen=True):
    """The marked cards in figures. `hidden` are those that the filter does not show."""

    count: int
    hidden: int = 0
    sums: tuple[Money, ...] = ()


def marked(reader: Reader, view: BoardView, selection: Collection[int]) -> Marked:
    """The figures of a selection of this board's cards."""
    rest, sums = set(selection), dict[str, int]()
    for lane in view.lanes:
        if len(lane.ids) <= len(rest) and rest.issuperset(lane.ids):
            rest.difference_update(lane.ids)
            _add(sums, {money.currency: money.amount for money in lane.sums})
    filtered = any(lane.filtered for lane in view.lanes)
    hidden = len(rest.difference(*(lane.ids for lane in view.lanes))) if filtered else 0
    _add(sums, reader.sums_of(rest))
    return Marked(len(selection), hidden, tuple(Money(n, currency) for currency, n in sorted(sums.items()) if n))


def _add(sums: dict[str, int], more: Mapping[str, int]) -> None:
    for currency, amount in more.items():
        sums[currency] = sums.get(currency, 0) + amount


def told(found: Marked, formats: Formats) -> str:
    """In words: 3 selected, 1 not shown · Rp 1,2 jt + $40; nothing where nothing is marked."""
    if not found.count:
        return ""
    text = _("{n} selected").format(n=formats.number(found.count))
    if found.hidden:
        text += _(", {n} not shown").format(n=formats.number(found.hidden))
    worth = " + ".join(formats.money_compact(money) for money in found.sums)
    return f"{text} · {worth}" if worth else text


def in_order(view: BoardView | None, cards: Collection[int]) -> list[int]:
    """These cards as the board is read, lane by lane from the top; those it does not show come last, oldest first."""
    shown = [card for lane in (view.lanes if view else ()) for card in lane.ids if card in cards]
    return [*shown, *sorted(set(cards).difference(shown))] if len(shown) < len(cards) else shown
