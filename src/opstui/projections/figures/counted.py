"""The cards behind figures that no field tells: whose promise fell due, who got an answer and who did not.

The pages say how many, and the filter's keys of the same names find which; both ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from opstui.domain.boards import Board
from opstui.metrics.ontime import on_time
from opstui.metrics.track import day_end, day_start
from opstui.projections.figures.source import Source
from opstui.projections.service_facts import Ticket, tickets


def counted(source: Source, board: Board, what: str, last: date) -> frozenset[int]:
    """The cards of a board that `what` counts over the days from the source's first to `last`."""
    if what == "promised":
        ways, zone = source.passages(board.id), source.settings.zone
        return frozenset(on_time(ways, source.first, last + timedelta(days=1), source.as_of, zone).eligible)
    if board.kind != "feedback":
        return frozenset()
    since, until = day_start(source.first, source.settings.zone), day_end(last, source.settings.zone)
    return frozenset(ticket.card for ticket in _within(tickets(source), SETS[what], since, until))


Moment = Callable[[Ticket], datetime | None]


def _within(found: Iterable[Ticket], moment: Moment, since: datetime, until: datetime) -> list[Ticket]:
    return [ticket for ticket in found if (at := moment(ticket)) is not None and since <= at < until]


SETS: Mapping[str, Moment] = {
    "answered": lambda ticket: ticket.created if ticket.answered is not None else None,
    "unanswered": lambda ticket: ticket.created if ticket.answered is None and ticket.open else None,
    "settled": lambda ticket: ticket.settled,
}
"""What is counted -> when, of a ticket that counts."""
