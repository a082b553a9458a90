"""How work flowed over a board in the last thirty days, kept card by card: what changed goes out and comes in again.

All that a card adds is worked out from its passage alone; only what is not over yet depends on the
moment, and of that it is enough to know when it began. A new day begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.model import Doc
from opstui.metrics.bottleneck import Place, Slowest, contenders
from opstui.metrics.dwelling import Dwelling, Ordered, Stay
from opstui.metrics.flow import lead_hours
from opstui.metrics.ontime import on_time
from opstui.metrics.track import Passage, day_end, day_start, local_day
from opstui.projections.flow import categories, latest
from opstui.projections.kpis import PLANNED

FLOW_DAYS = 30


def first_day(as_of: datetime, zone: tzinfo) -> date:
    """The first of the local days that the lines are about."""
    return local_day(as_of, zone) - timedelta(days=FLOW_DAYS - 1)


class _Part(Struct, frozen=True):
    """What a card adds. `promised`: it fell due, `kept`: in time."""

    lead: float | None
    promised: bool
    kept: bool
    stays: Sequence[Stay]


_NOTHING = _Part(None, promised=False, kept=False, stays=())


class Flowing:
    """A board's cards over the thirty days that end with the day of `as_of`."""

    def __init__(self, board: Board, as_of: datetime, zone: tzinfo) -> None:
        """No card is in it."""
        self.board, self._zone = board, zone
        self.today, self.first = local_day(as_of, zone), first_day(as_of, zone)
        self._until = day_end(self.today, zone)
        category = categories(board)
        places = [Place(stage.id, stage.wip, stage.expected_hours) for stage in board.stages]
        self._places = contenders(places, category, PLANNED)
        self._dwelling = Dwelling(category, day_start(self.first, zone))
        self._parts: dict[int, _Part] = {}
        self.leads = Ordered[float]()
        """Hours from made to done of the cards that were done."""
        self._restless: dict[int, Passage] = {}
        """Cards of which something is dated ahead: what they add depends on the moment."""
        self.promised = self.kept = 0

    def put(self, card: int, way: Passage | None, _doc: Doc | None, now: datetime) -> None:
        """A card is there, has changed, or (without a passage) is no more."""
        part = self._part(way, now) if way else _NOTHING
        self._restless.pop(card, None)
        known = self._parts.get(card, _NOTHING)
        if part != known:
            if known != _NOTHING:
                self._take(known, -1)
            self._take(part, 1)
            self._parts[card] = part
        if part == _NOTHING:
            self._parts.pop(card, None)
        if way and latest(way.track) >= now:
            self._restless[card] = way

    def settle(self, now: datetime) -> None:
        """Time goes on: take those anew that are dated ahead."""
        for card, way in list(self._restless.items()):
            self.put(card, way, None, now)

    def slowest(self, now: datetime) -> Slowest | None:
        """The stage where the time went; see `kpis.board_slowest`."""
        return self._dwelling.slowest(self._places, now)

    def _part(self, way: Passage, now: datetime) -> _Part:
        promise = on_time([way], self.first, self.today, day_start(self.today, self._zone), self._zone)
        done = way.done is not None and self._dwelling.since <= way.done < self._until
        return _Part(
            lead=next(iter(lead_hours([way])), None) if done else None,
            promised=bool(promise.eligible),
            kept=bool(promise.kept),
            stays=self._dwelling.stays(way, now),
        )

    def _take(self, part: _Part, sign: int) -> None:
        if part.lead is not None:
            self.leads.take(part.lead, sign)
        self.promised += sign * part.promised
        self.kept += sign * part.kept
        self._dwelling.take(part.stays, sign)
