"""What the orders of a campaign's run say led to them: the first and the last channel, as shares of what was sold.

They describe paths and prove nothing about causes, so both ends of a path stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from msgspec import Struct

from opstui.config import Settings
from opstui.domain.model import Doc, utc
from opstui.domain.state import Reader
from opstui.metrics.attribution import Path, Touch, attribute
from opstui.metrics.track import local_day
from opstui.projections.campaign import Run


class Credit(Struct, frozen=True, kw_only=True):
    """Of so many orders `told` say what led to them; `sold` is what all were worth, in minor units.

    `first` and `last` are the shares of `sold` by channel in small letters; "" is what nothing is written about.
    """

    orders: int
    told: int
    sold: int
    first: dict[str, float]
    last: dict[str, float]


def credit(reader: Reader, settings: Settings, run: Run | None, currency: str, as_of: datetime) -> Credit | None:
    """Credit by the orders made while it ran, in its currency; None when none of them says what led to it."""
    if run is None:
        return None
    end = min(run.end, as_of) if run.end else as_of
    orders = list(_orders(reader, settings, run.start, end, currency))
    told = sum(bool(doc.get("touches")) for doc in orders)
    if not told:
        return None
    paths = [path_of(doc, settings, converted=True) for doc in orders]
    sold = sum(doc.get("total", 0) for doc in orders)
    return Credit(
        orders=len(orders), told=told, sold=sold, first=_shares(paths, "first", sold), last=_shares(paths, "last", sold)
    )


def _orders(reader: Reader, settings: Settings, start: datetime, end: datetime, currency: str) -> Iterator[Doc]:
    boards = {board.id: board for board in settings.boards if board.kind == "order"}
    for _id, doc in reader.items("cards"):
        board = boards.get(doc["board"])
        if board is None or doc.get("unmade") or not start <= utc(doc["created"]) < end:
            continue
        if (doc.get("currency") or settings.currency) == currency and board.category(doc["stage"]) != "dropped":
            yield doc


def path_of(doc: Doc, settings: Settings, *, converted: bool) -> Path:
    """What led to an order."""
    day = local_day(utc(doc["created"]), settings.zone)
    touches = tuple(
        Touch(row["channel"].casefold(), (day - date.fromisoformat(row["day"])).days if row.get("day") else 0)
        for row in doc.get("touches", ())
    )
    return Path(touches, doc.get("total", 0), converted)


def _shares(paths: Iterable[Path], model: str, sold: int) -> dict[str, float]:
    found = attribute(paths, model)
    return {name: amount / sold for name, amount in sorted(found.items())} if sold else {}
