"""What the tiles are made of, counted by local day: a document is taken in and, when it has changed, taken out again.

A walk over all cards counts them once, and once more when a new day begins. After that only what changed is counted:
the cost of a change does not depend on how many cards there are.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from opstui.config import Settings
from opstui.domain.boards import Board, first_of
from opstui.domain.model import Doc
from opstui.metrics.stock import effect
from opstui.projections.changes import Followed, differences, steady
from opstui.projections.daily import SLOTS, TODAY, Days, Standing

YESTERDAY = TODAY - 1
FIELDS = frozenset(
    ("board", "stage", "created", "entered", "archived", "due", "channel", "total", "currency", "lines"),
)
"""What a card is counted by."""
FAR = 2000
"""Batches behind which one does not follow, but begins anew."""


def first_board(boards: Iterable[Board], kind: str) -> Board:
    """The first board of a kind; where there is none, an empty one that no card is on."""
    empty = Board(id="", name="", kind="order", prefix="", stages=())
    return first_of(boards, kind) or empty


def stages_of(board: Board, *wanted: str) -> frozenset[str]:
    """The stages of these categories."""
    return frozenset(stage.id for stage in board.stages if stage.category in wanted)


class ByDay:
    """How many came on each of the last days; the times of yesterday's, to tell how many there were by some hour."""

    def __init__(self) -> None:
        self.counts = [0] * SLOTS
        self._yesterday: list[str] = []

    def take(self, day: int, at: str, sign: int) -> None:
        """One that came at that time, which is on that day."""
        self.counts[day] += sign
        if day != YESTERDAY:
            return
        if sign > 0:
            insort(self._yesterday, at)
        else:
            del self._yesterday[bisect_left(self._yesterday, at)]

    def yesterday_by(self, at: str) -> int:
        """How many of yesterday's had come before a time."""
        return bisect_left(self._yesterday, at)


class Sales:
    """What a channel took in a currency, by day. `names` are the ways its name is written, and how often."""

    def __init__(self) -> None:
        self.days = [0] * SLOTS
        self.names: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """As it is written most often; of several such, the first in the alphabet."""
        return min(self.names, key=lambda name: (-self.names[name], name))

    def take(self, day: int, channel: str, total: int, sign: int) -> None:
        """One order."""
        self.days[day] += sign * total
        self.names[channel] += sign
        if not self.names[channel]:
            del self.names[channel]


class Orders:
    """What the orders add up to."""

    def __init__(self, days: Days, board: Board, currency: str) -> None:
        self.board, self._days, self._currency = board, days, currency
        self._done, self._dropped = stages_of(board, "done"), stages_of(board, "dropped")
        self.made, self.finished = ByDay(), ByDay()
        self.late = Standing()
        self.sales: dict[tuple[str, str], Sales] = {}
        """(currency, channel in small letters) -> what it took."""
        self.wanted: Counter[frozenset[str]] = Counter()
        """The products that open orders name, and how many orders name just these."""

    def take(self, doc: Doc, sign: int) -> None:
        """One order. What was put away while open counts nowhere; put away when it was over, it stays in the past."""
        stage, days, today = doc["stage"], self._days, not doc.get("archived")
        done, dropped = stage in self._done, stage in self._dropped
        ended: int | None = None
        if done or dropped:
            if doc["entered"] < days.oldest:
                return
            ended = days.index(doc["entered"])
        elif not today:
            return
        elif skus := frozenset(sku.casefold() for line in doc.get("lines", ()) if (sku := line.get("sku"))):
            self._want(skus, sign)
        made = days.index(doc["created"])
        if today or made != TODAY:
            self.made.take(made, doc["created"], sign)
        if done and ended is not None and (today or ended != TODAY):
            self.finished.take(ended, doc["entered"], sign)
        if (due := doc.get("due")) and (since := days.late_since(due)) is not None:
            self.late.take(max(made, since), ended, sign)
        if today and made >= 0 and not dropped:
            self._sell(doc, made, sign)

    def _want(self, skus: frozenset[str], sign: int) -> None:
        self.wanted[skus] += sign
        if not self.wanted[skus]:
            del self.wanted[skus]

    def _sell(self, doc: Doc, day: int, sign: int) -> None:
        channel, total = doc.get("channel"), doc.get("total")
        if channel and total:
            key = doc.get("currency") or self._currency, channel.casefold()
            sales = self.sales.get(key) or self.sales.setdefault(key, Sales())
            sales.take(day, channel, total, sign)
            if not sales.names:
                del self.sales[key]


class Stock:
    """What each product's movements add up to, by day, and the products themselves."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self.moves: dict[str, list[int]] = {}
        self.products: dict[int, Doc] = {}

    def move(self, doc: Doc, sign: int) -> None:
        """One movement; what is dated ahead counts today."""
        by_day = self.moves.setdefault(doc["sku"], [0] * SLOTS)
        day = min(self._days.index(doc["at"]), TODAY)
        by_day[day] += sign * effect(doc.get("sort", "out"), doc["quantity"])


class Tally:
    """All that the tiles count, as of a local day."""

    def __init__(self, settings: Settings, days: Days) -> None:
        """Nothing is counted yet."""
        self.days, self.desk = days, first_board(settings.boards, "feedback")
        self.orders = Orders(days, first_board(settings.boards, "order"), settings.currency)
        self.tickets = Standing()
        self.stock = Stock(days)
        self._over = stages_of(self.desk, "done", "dropped")

    def take(self, table: str, doc_id: int, doc: Doc | None, sign: int) -> None:
        """Take in a document (sign 1), or take out what it was (-1)."""
        if doc is None:
            return
        if table == "cards":
            self._card(doc, sign)
        elif table == "movements":
            self.stock.move(doc, sign)
        elif table == "products":
            if sign > 0:
                self.stock.products[doc_id] = doc
            else:
                del self.stock.products[doc_id]

    def _card(self, doc: Doc, sign: int) -> None:
        board = doc["board"]
        if board == self.orders.board.id:
            self.orders.take(doc, sign)
        elif board == self.desk.id:
            ended = doc["stage"] in self._over
            if ended or not doc.get("archived"):
                went = self.days.index(doc["entered"]) if ended else None
                self.tickets.take(self.days.index(doc["created"]), went, sign)


TABLES = {"cards": FIELDS, "movements": None, "products": None}
"""The tables that are counted, and the fields of theirs that are needed."""


class Tallied:
    """The tally of a store, which follows it."""

    def __init__(self, store: Followed, settings: Settings) -> None:
        """Nothing is read yet."""
        self._store, self._settings = store, settings
        self._tally: Tally | None = None
        self._seq = 0

    def at(self, as_of: datetime) -> Tally:
        """What is counted at a moment, of the state as it is now."""
        days, known = Days(as_of, self._settings.zone), self._tally
        if known is None or known.days.today != days.today or self._store.seq - self._seq > FAR:
            known = self._begin(days)
        else:
            known.days.same_time_yesterday = days.same_time_yesterday
            self._follow(known)
        self._tally = known
        return known

    def _begin(self, days: Days) -> Tally:
        def read() -> list[Iterable[tuple[int, Doc]]]:
            return [self._store.items(table, fields) for table, fields in TABLES.items()]

        self._tally = None
        self._seq, every = steady(self._store, read)
        tally = Tally(self._settings, days)
        for table, docs in zip(TABLES, every, strict=True):
            for doc_id, doc in docs:
                tally.take(table, doc_id, doc, 1)
        return tally

    def _follow(self, tally: Tally) -> None:
        self._tally = None
        self._seq, changed = differences(self._store, self._seq)
        for (table, doc_id), (before, after) in changed.items():
            tally.take(table, doc_id, before, -1)
            tally.take(table, doc_id, after, 1)
