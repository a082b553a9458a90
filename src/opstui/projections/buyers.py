"""Who bought, when first, and who came back: every order that was made and not dropped, put away or not, by customer.

One walk over the orders answers for a filter and for the page about customers alike, so that both count the same.
Orders that name nobody are of nobody: they are neither new nor returning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from opstui.domain.boards import Board, first_of
from opstui.domain.identity import buyer_key
from opstui.domain.model import Doc, utc
from opstui.domain.state import Reader
from opstui.metrics.customers import seems_lost
from opstui.metrics.track import local_day


class Purchase(Struct, frozen=True):
    """An order of a customer: its card, its local day, and what it came to (minor units of `currency`)."""

    card: int
    day: date
    amount: int
    currency: str
    paid: bool


class Buyers(Struct, frozen=True):
    """The purchases of each customer, oldest first, as of a local day."""

    of: dict[str, list[Purchase]]
    board: str
    today: date

    def orders(self, doc: Doc) -> Sequence[Purchase]:
        """All orders of the customer whose order this is; none for what is no order, or is of nobody."""
        known = self.of.get(buyer_key(doc), ()) if doc["board"] == self.board else ()
        return known if any(order.card == doc["id"] for order in known) else ()

    def first_day(self, doc: Doc) -> date | None:
        """The day of their first order."""
        orders = self.orders(doc)
        return orders[0].day if orders else None

    def is_new(self, doc: Doc) -> bool:
        """Whether it is the first order of its customer."""
        orders = self.orders(doc)
        return bool(orders) and orders[0].card == doc["id"]

    def is_returning(self, doc: Doc) -> bool:
        """Whether its customer had bought before."""
        orders = self.orders(doc)
        return bool(orders) and orders[0].card != doc["id"]

    def is_repeat(self, doc: Doc) -> bool:
        """Whether its customer has bought more than once."""
        return len(self.orders(doc)) > 1

    def is_lost(self, doc: Doc) -> bool:
        """Whether its customer seems to have left: an estimate, see `seems_lost`."""
        return bool(seems_lost([order.day for order in self.orders(doc)], self.today))


def buyers(reader: Reader, boards: Iterable[Board], zone: ZoneInfo, today: date) -> Buyers:
    """The customers of the first board of orders."""
    board = first_of(boards, "order")
    found: dict[str, list[tuple[str, Purchase]]] = {}
    dropped = {stage.id for stage in board.stages if stage.category == "dropped"} if board else set()
    for _card, doc in reader.items("cards"):
        if board is None or doc["board"] != board.id or doc["stage"] in dropped or doc.get("unmade"):
            continue
        if key := buyer_key(doc):
            found.setdefault(key, []).append((doc["created"], _purchase(doc, zone)))
    ordered = {
        key: [order for _at, order in sorted(orders, key=lambda one: (one[0], one[1].card))]
        for key, orders in found.items()
    }
    return Buyers(ordered, board.id if board else "", today)


def _purchase(doc: Doc, zone: ZoneInfo) -> Purchase:
    paid = doc.get("payment") == "paid"
    return Purchase(doc["id"], local_day(utc(doc["created"]), zone), doc.get("total", 0), doc.get("currency", ""), paid)
