"""The six tiles a shop owner asks for first. A tile is a filter: its value is what its query finds on its board.

All of it comes from one walk over the cards' documents, so a console that has just opened needs no history for it. Days
are local; the documents' times are UTC texts of one shape, so a day is found by comparing texts, not by parsing dates.

What a change compares with: orders in and done, what there was yesterday by this time of the day; delayed, critical
stock and open tickets, how it stood at the end of yesterday; the main channel, the seven days before the last seven
(as a fraction of them). A card put away while open counts nowhere; one put away when it was over stays in the past.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, chain
from typing import Literal
from zoneinfo import ZoneInfo

from opstui.config import Settings
from opstui.domain.boards import Board
from opstui.domain.model import Doc, Money
from opstui.domain.state import Reader
from opstui.i18n import _
from opstui.metrics.stock import level
from opstui.metrics.track import day_start, local_day
from opstui.projections.kpis import major

State = Literal["good", "warn", "bad", "plain"]
Better = Literal["up", "down"]
SPARK_DAYS = 7
AMBER = 0.1
"""A figure that misses its target by at most a tenth warns (spec C.6)."""
_WEEKS = 2 * SPARK_DAYS
_SLOTS = _WEEKS + 2
"""A list by day has a slot more for what is later, and a last one, -1, for what is older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
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


@dataclass(frozen=True, slots=True)
class _Days:
    """The last fourteen local days: the first moments of each and of tomorrow, as documents write times."""

    starts: tuple[str, ...]
    today: date
    same_time_yesterday: str

    @classmethod
    def ending(cls, as_of: datetime, zone: ZoneInfo) -> _Days:
        today = local_day(as_of, zone)
        starts = (day_start(today + timedelta(days=n), zone) for n in range(1 - _WEEKS, 2))
        return cls(tuple(map(_text, starts)), today, _text(as_of - timedelta(days=1)))

    def index(self, at: str) -> int:
        """The day a time falls on: -1 before the first, 13 today, 14 later."""
        return bisect_right(self.starts, at) - 1

    def day_index(self, day: str) -> int:
        """The same for a local day."""
        return max(-1, min(_WEEKS - 1 + (date.fromisoformat(day) - self.today).days, _WEEKS))


_TODAY = _WEEKS - 1


def _text(at: datetime) -> str:
    """Without the zone's Z, so that it sorts before every fraction of its own second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def tiles(reader: Reader, settings: Settings, as_of: datetime) -> tuple[Tile, ...]:
    """Orders in, done, delayed, critical stock, open tickets and the main channel, as of that moment.

    Orders are those of the first board of kind order, tickets of the first of kind feedback.
    """
    days = _Days.ending(as_of, settings.zone)
    board, desk = _first(settings.boards, "order"), _first(settings.boards, "feedback")
    orders, tickets = _Orders(days, board), []
    for _id, doc in reader.items("cards"):
        if doc["board"] == board.id:
            orders.take(doc)
        elif doc["board"] == desk.id:
            tickets.append(doc)
    found = (*orders.tiles(settings.currency), _stock(reader, days, board.id), _tickets(tickets, days, desk))
    by_id = {tile.id: tile for tile in found}
    return tuple(judged(by_id[name], settings.targets.get(name)) for name in ORDER)


ORDER = ("orders_in", "done_today", "delayed", "critical_stock", "open_tickets", "main_channel")
"""The tiles' ids, in the order of the pane; the same ids name their targets in the settings."""


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


def _first(boards: Iterable[Board], kind: str) -> Board:
    """The first board of a kind; where there is none, an empty one that no card is on."""
    empty = Board(id="", name="", kind="order", prefix="", stages=())
    return next((board for board in boards if board.kind == kind), empty)


def _stages(board: Board, *wanted: str) -> frozenset[str]:
    return frozenset(stage.id for stage in board.stages if stage.category in wanted)


class _Standing:
    """How many things stood open at the end of each of the fourteen days, from when each came and went."""

    def __init__(self) -> None:
        self.now = 0
        self._steps = [0] * _SLOTS

    def take(self, came: int, went: int | None) -> None:
        """One thing; days as indices, `went` None while it is open."""
        self.now += went is None
        came = max(came, 0)
        if came < _WEEKS and (went is None or went > came):
            self._steps[came] += 1
            if went is not None:
                self._steps[went] -= 1

    def spark(self) -> tuple[float, ...]:
        """The last seven days; the last figure is how it stands now."""
        return (*list(accumulate(self._steps[:_TODAY]))[1 - SPARK_DAYS :], self.now)


class _Orders:
    """What one walk over the orders adds up."""

    def __init__(self, days: _Days, board: Board) -> None:
        self.days, self.board = days, board
        self.done, self.dropped = _stages(board, "done"), _stages(board, "dropped")
        self.made, self.finished = [0] * _SLOTS, [0] * _SLOTS
        self.made_by_now = self.finished_by_now = 0
        self.late = _Standing()
        self.revenue: dict[tuple[str, str], list[int]] = {}

    def take(self, doc: Doc) -> None:
        """One order. What was put away while open counts nowhere; put away when it was over, it stays in the past."""
        stage, archived = doc["stage"], bool(doc.get("archived"))
        done, dropped = stage in self.done, stage in self.dropped
        is_open = not (done or dropped)
        if archived and is_open:
            return
        made = self.days.index(doc["created"])
        if not (archived and made == _TODAY):
            self.made[made] += 1
        self.made_by_now += made == _TODAY - 1 and doc["created"] < self.days.same_time_yesterday
        ended = None if is_open else self.days.index(doc["entered"])
        if done and ended is not None and not (archived and ended == _TODAY):
            self.finished[ended] += 1
            self.finished_by_now += ended == _TODAY - 1 and doc["entered"] < self.days.same_time_yesterday
        if doc.get("due") and (since := self.days.day_index(doc["due"]) + 1) <= _TODAY:
            self.late.take(max(made, since), ended)
        if not dropped and not archived and made >= 0:
            self._sell(doc, made)

    def _sell(self, doc: Doc, day: int) -> None:
        channel, total = doc.get("channel"), doc.get("total")
        if channel and total:
            sums = self.revenue.setdefault((doc.get("currency", ""), channel), [0] * _SLOTS)
            sums[day] += total

    def tiles(self, currency: str) -> Iterator[Tile]:
        """The four tiles that are about orders."""
        yield self._count("orders_in", _("Orders in"), "created:today", self.made, self.made_by_now)
        yield self._count("done_today", _("Done"), "done:today", self.finished, self.finished_by_now)
        yield _standing("delayed", _("Delayed"), self.board.id, "is:late", self.late)
        yield self._main_channel(currency)

    def _count(self, name: str, label: str, query: str, by_day: Sequence[int], yesterday: int) -> Tile:
        return Tile(
            id=name,
            label=label,
            value=by_day[_TODAY],
            unit="cards",
            change=by_day[_TODAY] - yesterday,
            better="up",
            spark=_week(by_day),
            board=self.board.id,
            query=query,
        )

    def _main_channel(self, currency: str) -> Tile:
        """The channel with the largest revenue of the last seven days, in the workspace's currency if it has any."""
        recent = {key: sum(_week(days)) for key, days in self.revenue.items()}
        best = max(recent, key=lambda key: (recent[key] > 0, key[0] == currency, recent[key]), default=None)
        tile = Tile(id="main_channel", label=_("Main channel"), value=None, unit="money", board=self.board.id)
        if best is None or not recent[best]:
            return tile
        days, (kind, channel) = self.revenue[best], best
        before = sum(days[:SPARK_DAYS])
        without = [f"-stage:{stage.id}" for stage in self.board.stages if stage.category == "dropped"]
        return replace(
            tile,
            label=channel[:1].upper() + channel[1:],
            value=Money(int(recent[best]), kind),
            change=(recent[best] - before) / before if before else None,
            spark=tuple(float(major(amount, kind)) for amount in _week(days)),
            query=" ".join((term("channel", channel), f"since:{SPARK_DAYS}d", *without)),
        )


def _week(by_day: Sequence[int]) -> tuple[float, ...]:
    return tuple(by_day[_WEEKS - SPARK_DAYS : _WEEKS])


def _standing(name: str, label: str, board: str, query: str, standing: _Standing) -> Tile:
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


def _tickets(docs: Iterable[Doc], days: _Days, board: Board) -> Tile:
    over, standing = _stages(board, "done", "dropped"), _Standing()
    for doc in docs:
        ended = doc["stage"] in over
        if ended or not doc.get("archived"):
            standing.take(days.index(doc["created"]), days.index(doc["entered"]) if ended else None)
    return _standing("open_tickets", _("Open tickets"), board.id, "is:open", standing)


def _stock(reader: Reader, days: _Days, board: str) -> Tile:
    """Products at or below their minimum, today and at the end of each of the six days before."""
    moves: dict[str, list[list[tuple[str, int]]]] = {}
    for _id, doc in reader.items("movements"):
        by_day = moves.setdefault(doc["sku"], [[] for _ in range(_SLOTS)])
        by_day[days.index(doc["at"]) + 1].append((doc.get("sort", "out"), doc["quantity"]))
    counts, critical = [0] * SPARK_DAYS, []
    for _id, product in reader.items("products"):
        by_day = moves.get(product["sku"], [])
        for ago in range(SPARK_DAYS):
            known = chain.from_iterable(by_day[: _SLOTS if ago == 0 else _WEEKS + 1 - ago])
            if level(known).critical(product.get("minimum", 0)):
                counts[-1 - ago] += 1
                critical += [product["sku"]] if ago == 0 else []
    return Tile(
        id="critical_stock",
        label=_("Critical stock"),
        value=len(critical),
        unit="skus",
        change=counts[-1] - counts[-2],
        better="down",
        spark=tuple(counts),
        board=board,
        query=term("sku", *critical) if critical else "",
        note=" ".join(critical),
    )


def term(key: str, *values: str) -> str:
    """A word of the filter language: key:value, several values by comma, quoted where a value has a blank."""
    text = ",".join(values)
    return f'{key}:"{text}"' if " " in text else f"{key}:{text}"
