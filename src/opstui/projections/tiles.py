"""The six tiles a shop owner asks for first. A tile is a filter: its value is what its query finds on its board.

All of it is counted from the cards' documents (see `tally`), so a console that has just opened needs no history for it.

What a change compares with: orders in and done, what there was yesterday by this time of the day; delayed, critical
stock and open tickets, how it stood at the end of yesterday; the main channel, the seven days before the last seven
(as a fraction of them). A card put away while open counts nowhere; one put away when it was over stays in the past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from operator import itemgetter
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from opstui.config import Settings
from opstui.domain.model import Money
from opstui.domain.state import Reader
from opstui.domain.targets import targets_of
from opstui.i18n import _, ngettext
from opstui.metrics.stock import critical
from opstui.projections.daily import DAYS, SLOTS, SPARK_DAYS, TODAY, Days, Standing, week
from opstui.projections.kpis import major
from opstui.projections.tally import TABLES, ByDay, Orders, Tally

State = Literal["good", "warn", "bad", "plain"]
Better = Literal["up", "down"]
AMBER = 0.1
"""A figure that misses its target by at most a tenth warns (spec C.6)."""


class Tile(Struct, frozen=True, kw_only=True):
    """One figure and the way to the cards behind it: `query` in the filter language, on `board`.

    `unit` is cards, skus or money (then the value is a Money, the target is in major units and `change` a fraction;
    otherwise `change` is a difference). `spark` is the figure on the last seven local days, today last. `note` is what
    else is worth saying on the line.
    """

    id: str
    label: str
    value: float | int | Money | None
    unit: str
    board: str
    query: str = ""
    change: float | None = None
    better: Better = "up"
    target: float | None = None
    state: State = "plain"
    spark: tuple[float, ...] = ()
    note: str = ""


def tiles(reader: Reader, settings: Settings, as_of: datetime) -> tuple[Tile, ...]:
    """Orders in, done, delayed, critical stock, open tickets and the main channel, as of that moment.

    Orders are those of the first board of kind order, tickets of the first of kind feedback.
    """
    tally = Tally(settings, Days(as_of, settings.zone))
    for table, fields in TABLES.items():
        for doc_id, doc in reader.items(table, fields):
            tally.take(table, doc_id, doc, 1)
    return told(tally, reader, settings)


def told(tally: Tally, reader: Reader, settings: Settings) -> tuple[Tile, ...]:
    """The tiles that say what was counted."""
    desk = _standing("open_tickets", _("Open tickets"), tally.desk.id, "is:open", tally.tickets)
    by_id = {tile.id: tile for tile in (*_orders(tally, settings.currency), _stock(tally), desk)}
    wanted = targets_of(reader, settings.targets)
    return tuple(judged(by_id[name], wanted.get(name)) for name in ORDER)


BRANDS = {"whatsapp": "WhatsApp", "tiktok": "TikTok", "tiktok shop": "TikTok Shop"}
"""Channels whose name does not just begin with a capital."""
ORDER = ("orders_in", "done_today", "delayed", "critical_stock", "open_tickets", "main_channel")
"""The tiles' ids, in the order of the pane; the same ids name their targets in the settings."""


FIRST = {
    "cs": ("open_tickets", "delayed"),
    "content": ("main_channel", "orders_in"),
    "finance": ("main_channel", "done_today"),
}
"""Role -> the tiles it looks at first; the others follow in their usual order."""


def for_role(found: Sequence[Tile], role: str) -> tuple[Tile, ...]:
    """The same tiles, those that matter most to a role first."""
    first = FIRST.get(role, ())
    place = {name: n for n, name in enumerate((*first, *(name for name in ORDER if name not in first)))}
    return tuple(sorted(found, key=lambda tile: place[tile.id]))


def judged(tile: Tile, target: float | None) -> Tile:
    """The tile with its target and what that says. Without one, delayed cards and critical stock warn by themselves."""
    value = major(tile.value.amount, tile.value.currency) if isinstance(tile.value, Money) else tile.value
    if value is None:
        return replace(tile, target=target)
    if target is None:
        return replace(tile, state="warn" if tile.id in ("delayed", "critical_stock") and value else "plain")
    return replace(tile, target=target, state=status(value, target, tile.better))


def status(value: float, target: float, better: Better) -> State:
    """Good when the target is met, warn within a tenth of it, else bad."""
    missed = target - value if better == "up" else value - target
    return "good" if missed <= 0 else "warn" if missed <= abs(target) * AMBER else "bad"


def _orders(tally: Tally, currency: str) -> Iterator[Tile]:
    """The four tiles that are about orders."""
    orders, by_now = tally.orders, tally.days.same_time_yesterday
    board = orders.board.id
    yield _count("orders_in", _("Orders in"), board, "created:today", orders.made, by_now)
    yield _count("done_today", _("Done"), board, "done:today", orders.finished, by_now)
    yield _standing("delayed", _("Delayed"), board, "is:late", orders.late)
    yield _main_channel(orders, currency)


def _count(name: str, label: str, board: str, query: str, found: ByDay, by_now: str) -> Tile:
    return Tile(
        id=name,
        label=label,
        value=found.counts[TODAY],
        unit="cards",
        change=found.counts[TODAY] - found.yesterday_by(by_now),
        better="up",
        spark=week(found.counts),
        board=board,
        query=query,
    )


def _main_channel(orders: Orders, currency: str) -> Tile:
    """The channel with the largest revenue of the last seven days, in the workspace's currency if it has any."""
    recent = {key: sum(week(sales.days)) for key, sales in orders.sales.items()}
    best = min(recent, key=lambda key: (recent[key] <= 0, key[0] != currency, -recent[key], key), default=None)
    tile = Tile(id="main_channel", label=_("Main channel"), value=None, unit="money", board=orders.board.id)
    if best is None or not recent[best]:
        return tile
    days, kind, channel = orders.sales[best].days, best[0], orders.sales[best].name
    before = sum(days[:SPARK_DAYS])
    return replace(
        tile,
        label=BRANDS.get(channel.casefold(), channel[:1].upper() + channel[1:]),
        value=Money(int(recent[best]), kind),
        change=(recent[best] - before) / before if before else None,
        spark=tuple(float(major(amount, kind)) for amount in week(days)),
        query=f"{term('channel', channel)} since:{SPARK_DAYS}d -is:dropped",
    )


def _standing(name: str, label: str, board: str, query: str, standing: Standing) -> Tile:
    spark = standing.spark()
    return Tile(
        id=name,
        label=label,
        value=standing.now,
        unit="cards",
        change=standing.now - spark[-2],
        better="down",
        spark=spark,
        board=board,
        query=query,
    )


def _stock(tally: Tally) -> Tile:
    """Products at or below their minimum, today and at the end of each of the six days before.

    The cards behind it are the open orders that want one of them.
    """
    counts, low = [0] * SPARK_DAYS, []
    none = [0] * SLOTS
    for _id, product in sorted(tally.stock.products.items(), key=itemgetter(0)):
        by_day = tally.stock.moves.get(product["sku"], none)
        levels = list(accumulate(by_day[:DAYS], initial=by_day[-1]))[-SPARK_DAYS:]
        short = [critical(level, product.get("minimum", 0)) for level in levels]
        counts = [count + one for count, one in zip(counts, short, strict=True)]
        low += [product["sku"]] if short[-1] else []
    return Tile(
        id="critical_stock",
        label=_("Critical stock"),
        value=len(low),
        unit="skus",
        change=counts[-1] - counts[-2],
        better="down",
        spark=tuple(counts),
        board=tally.orders.board.id,
        query=f"{term('sku', *low)} is:open" if low else "",
        note=_waiting(tally.orders.wanted, low),
    )


def _waiting(orders: Mapping[frozenset[str], int], low: Sequence[str]) -> str:
    """The products that are short, and before them how many open orders wait for one of them."""
    short = frozenset(sku.casefold() for sku in low)
    held = sum(n for skus, n in orders.items() if not skus.isdisjoint(short)) if short else 0
    skus = " ".join(low)
    return f"{ngettext('{n} order waits', '{n} orders wait', held)}: {skus}" if held else skus


def term(key: str, *values: str) -> str:
    """A word of the filter language: key:value, several by comma; one with a blank or a comma in it is quoted."""
    quoted = (f'"{_plain(v)}"' if set(v) & {" ", ","} else _plain(v) for v in values)
    return f"{key}:{','.join(quoted)}"


def _plain(value: str) -> str:
    """The language has no way to write a quotation mark inside a value."""
    return value.replace('"', "")
