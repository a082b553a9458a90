"""The tiles as one walk over all documents tells them, each time anew: what those that follow are held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate

from msgspec.structs import replace

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.model import Doc, Money
from opstui.domain.state import Reader
from opstui.domain.targets import targets_of
from opstui.i18n import _, ngettext
from opstui.metrics.stock import critical, effect
from opstui.projections.daily import DAYS, SLOTS, SPARK_DAYS, TODAY, Days, Standing, week
from opstui.projections.kpis import major
from opstui.projections.tiles import BRANDS, ORDER, Tile, judged, term


def tiles(reader: Reader, settings: Settings, as_of: datetime) -> tuple[Tile, ...]:
    """Orders in, done, delayed, critical stock, open tickets and the main channel, as of that moment.

    Orders are those of the first board of kind order, tickets of the first of kind feedback.
    """
    days = Days(as_of, settings.zone)
    board, desk = _first(settings.boards, "order"), _first(settings.boards, "feedback")
    orders, tickets = _Orders(days, board, settings.currency), []
    for _id, doc in reader.items("cards"):
        if doc["board"] == board.id:
            orders.take(doc)
        elif doc["board"] == desk.id:
            tickets.append(doc)
    found = (*orders.tiles(), _stock(reader, days, orders), _tickets(tickets, days, desk))
    by_id = {tile.id: tile for tile in found}
    wanted = targets_of(reader, settings.targets)
    return tuple(judged(by_id[name], wanted.get(name)) for name in ORDER)


def _first(boards: Iterable[Board], kind: str) -> Board:
    """The first board of a kind; where there is none, an empty one that no card is on."""
    empty = Board(id="", name="", kind="order", prefix="", stages=())
    return next((board for board in boards if board.kind == kind), empty)


def _stages(board: Board, *wanted: str) -> frozenset[str]:
    return frozenset(stage.id for stage in board.stages if stage.category in wanted)


class _Orders:
    """What one walk over the orders adds up."""

    def __init__(self, days: Days, board: Board, currency: str) -> None:
        self.days, self.board, self.currency = days, board, currency
        self.done, self.dropped = _stages(board, "done"), _stages(board, "dropped")
        self.made, self.finished = [0] * SLOTS, [0] * SLOTS
        self.made_by_now = self.finished_by_now = 0
        self.late = Standing()
        self.revenue: dict[tuple[str, str], list[int]] = {}
        self.names: dict[tuple[str, str], list[str]] = {}
        self.wanted: list[frozenset[str]] = []
        """The products of each open order that names any."""

    def take(self, doc: Doc) -> None:
        """One order. What was put away while open counts nowhere; put away when it was over, it stays in the past."""
        stage, days, today = doc["stage"], self.days, not doc.get("archived")
        done, dropped = stage in self.done, stage in self.dropped
        ended: int | None = None
        if done or dropped:
            if doc["entered"] < days.oldest:
                return
            ended = days.index(doc["entered"])
        elif not today:
            return
        elif skus := frozenset(sku.casefold() for line in doc.get("lines", ()) if (sku := line.get("sku"))):
            self.wanted.append(skus)
        made = days.index(doc["created"])
        if today or made != TODAY:
            self.made[made] += 1
        self.made_by_now += made == TODAY - 1 and doc["created"] < days.same_time_yesterday
        if done and ended is not None and (today or ended != TODAY):
            self.finished[ended] += 1
            self.finished_by_now += ended == TODAY - 1 and doc["entered"] < days.same_time_yesterday
        if (due := doc.get("due")) and (since := days.late_since(due)) is not None:
            self.late.take(max(made, since), ended)
        if today and made >= 0 and not dropped:
            self._sell(doc, made)

    def _sell(self, doc: Doc, day: int) -> None:
        channel, total = doc.get("channel"), doc.get("total")
        if channel and total:
            key = doc.get("currency") or self.currency, channel.casefold()
            self.names.setdefault(key, []).append(channel)
            if key not in self.revenue:
                self.revenue[key] = [0] * SLOTS
            self.revenue[key][day] += total

    def tiles(self) -> Iterator[Tile]:
        """The four tiles that are about orders."""
        yield self._count("orders_in", _("Orders in"), "created:today", self.made, self.made_by_now)
        yield self._count("done_today", _("Done"), "done:today", self.finished, self.finished_by_now)
        yield _standing("delayed", _("Delayed"), self.board.id, "is:late", self.late)
        yield self._main_channel()

    def _count(self, name: str, label: str, query: str, by_day: Sequence[int], yesterday: int) -> Tile:
        return Tile(
            id=name,
            label=label,
            value=by_day[TODAY],
            unit="cards",
            change=by_day[TODAY] - yesterday,
            better="up",
            spark=week(by_day),
            board=self.board.id,
            query=query,
        )

    def _main_channel(self) -> Tile:
        """The channel with the largest revenue of the last seven days, in the workspace's currency if it has any."""
        recent = {key: sum(week(days)) for key, days in self.revenue.items()}
        best = max(
            sorted(recent), key=lambda key: (recent[key] > 0, key[0] == self.currency, recent[key]), default=None
        )
        tile = Tile(id="main_channel", label=_("Main channel"), value=None, unit="money", board=self.board.id)
        if best is None or not recent[best]:
            return tile
        days, kind, names = self.revenue[best], best[0], sorted(self.names[best])
        channel = max(names, key=names.count)
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


def _tickets(docs: Iterable[Doc], days: Days, board: Board) -> Tile:
    over, standing = _stages(board, "done", "dropped"), Standing()
    for doc in docs:
        ended = doc["stage"] in over
        if ended or not doc.get("archived"):
            standing.take(days.index(doc["created"]), days.index(doc["entered"]) if ended else None)
    return _standing("open_tickets", _("Open tickets"), board.id, "is:open", standing)


def _stock(reader: Reader, days: Days, orders: _Orders) -> Tile:
    """Products at or below their minimum, today and at the end of each of the six days before.

    The cards behind it are the open orders that want one of them.
    """
    moves: dict[str, list[int]] = {}
    for _id, doc in reader.items("movements"):
        by_day = moves.setdefault(doc["sku"], [0] * SLOTS)
        by_day[min(days.index(doc["at"]), TODAY)] += effect(doc.get("sort", "out"), doc["quantity"])
    counts, low = [0] * SPARK_DAYS, []
    for _id, product in reader.items("products"):
        by_day = moves.get(product["sku"], [0] * SLOTS)
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
        board=orders.board.id,
        query=f"{term('sku', *low)} is:open" if low else "",
        note=_waiting(orders.wanted, low),
    )


def _waiting(orders: Iterable[frozenset[str]], low: Sequence[str]) -> str:
    """The products that are short, and before them how many open orders wait for one of them."""
    short = frozenset(sku.casefold() for sku in low)
    held = sum(not skus.isdisjoint(short) for skus in orders)
    skus = " ".join(low)
    return f"{ngettext('{n} order waits', '{n} orders wait', held)}: {skus}" if held else skus
