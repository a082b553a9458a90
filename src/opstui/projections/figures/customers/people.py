"""The customers of a page: their orders, those of the period, and the months."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.projections.buyers import Buyers, Purchase
from opstui.projections.figures.queries import between, on
from opstui.projections.figures.source import Source
from opstui.projections.panels import Element, Value

MONTHS = 12
"""Calendar months that the page looks back, this one included."""


class Made(Struct, frozen=True):
    """An order, the first one of its customer, and all of theirs, oldest first."""

    order: Purchase
    first: Purchase
    all: list[Purchase]

    @property
    def new(self) -> bool:
        """Whether it is their first."""
        return self.order is self.first


class People(Struct, frozen=True, kw_only=True, dict=True):
    """What the panels are made from."""

    source: Source
    board: Board
    buyers: Buyers

    @cached_property
    def made(self) -> list[Made]:
        """Every order of a customer who is named."""
        return [Made(order, orders[0], orders) for orders in self.buyers.of.values() for order in orders]

    @cached_property
    def within(self) -> list[Made]:
        """Those of the period."""
        first, after = self.source.period
        return [one for one in self.made if first <= one.order.day < after]

    @property
    def span(self) -> str:
        """The days of the period, as the filter language writes them."""
        return between(self.source.first, self.source.today)

    def element(self, label: str, value: Value, terms: tuple[str, ...], keep: Callable[[Made], bool]) -> Element:
        """A number with the orders behind it: `terms` find those of all orders that `keep` keeps."""
        cards = sum(map(keep, self.made))
        return Element(label=label, value=value, cards=cards, query=on(self.board, *terms) if cards else "")

    def months(self) -> Iterator[tuple[str, date, date]]:
        """The name of each month with orders, or after one: its first day and that of the next, oldest first."""
        today = self.source.today
        begun = min((one.order.day for one in self.made), default=today)
        for back in range(MONTHS - 1, -1, -1):
            n = today.year * 12 + today.month - 1 - back
            first, after = date(n // 12, n % 12 + 1, 1), date((n + 1) // 12, (n + 1) % 12 + 1, 1)
            if after > begun:
                yield f"{first:%Y-%m}", first, after
