"""First answers, pauses, solutions and reopenings of feedback, from their events."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builders import Chronicle, hour
from opstui.config import Settings
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.events import Batch
from opstui.domain.model import plain
from opstui.metrics.calendar import BusinessCalendar
from opstui.metrics.resolution import first_contact_rate, reopen_rate
from opstui.metrics.sla import read
from opstui.metrics.track import Span
from opstui.projections.figures.lately import Period
from opstui.projections.figures.source import Source
from opstui.projections.flow import Flows
from opstui.projections.service_facts import (
    Ticket,
    resolution_clock,
    resolutions,
    response_clock,
    response_minutes,
    tickets,
)
from opstui.timetable import Promise

ALWAYS = BusinessCalendar(zone=ZoneInfo("Asia/Jakarta"), week=(((0, 1440),),) * 7)


class Desk(Chronicle):
    """The feedback board of a shop in which rina and budi work."""

    def __init__(self) -> None:
        super().__init__("feedback")
        self.tables["members"] = {1: {"name": "rina", "role": "owner"}, 2: {"name": "budi", "role": "staff"}}

    def comment(self, number: int, at: float, by: str = "rina", card: int = 1, **data: Any) -> int:
        return self.write(self.event("commented", card, at, by, data={"comment": number, "text": "x", **data}))

    def block(self, at: float, whom: str = "", until: float | None = None) -> None:
        said = {"reason": "waits", "since": plain(hour(at)), "waiting_on": whom}
        self.change("blocked", 1, at, blocker=said)
        if until is not None:
            self.change("unblocked", 1, until, blocker=None)

    def source(self, at: float = 400, days: int = 30, **settings: Any) -> Source:
        flows = Flows(DEFAULT_BOARDS).fold(self.batches)
        return Source(
            reader=self,
            settings=Settings(**settings),
            as_of=hour(at),
            days=days,
            passages=flows.passages,
            cards=lambda _board: Period(DEFAULT_BOARDS[0], hour(at).date(), hour(at).date(), ZoneInfo("UTC")),
            settled=lambda _board: {},
            events_of=self.events_of,
        )

    def events_of(self, table: str, ids: Collection[int], kinds: Collection[str] | None) -> Iterable[Batch]:
        return [b for b in self.batches if any(e.table == table and e.id in ids for e in b.events)]

    def only(self, **more: Any) -> Ticket:
        (ticket,) = tickets(self.source(**more))
        return ticket


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.create(1, 0, "inbox", customer="Ibu Sari", severity="high")
    return made


def answered(ticket: Ticket) -> float | None:
    return None if ticket.answered is None else (ticket.answered - hour(0)).total_seconds() / 3600


def test_nobody_answered_yet(desk: Desk) -> None:
    desk.comment(1, 1, by="ibu.sari")
    assert (answered(desk.only()), desk.only().replies, desk.only().level, desk.only().open) == (None, 0, "high", True)


def test_the_first_human_reply_counts_whatever_it_was(desk: Desk) -> None:
    desk.move(1, "replied", 5)
    assert answered(desk.only()) == 5
    desk.comment(1, 4, by="Budi")
    assert answered(desk.only()) == 4
    desk.change("edited", 1, 9, first_response=plain(hour(3)))
    assert (answered(desk.only()), desk.only().replies) == (3, 1)


def test_where_nobody_is_a_member_anybody_answers(desk: Desk) -> None:
    desk.tables["members"] = {}
    desk.comment(1, 2, by="someone")
    assert answered(desk.only()) == 2


def test_a_withdrawn_comment_is_no_answer_until_it_is_put_back(desk: Desk) -> None:
    said = desk.comment(1, 2)
    undo = desk.comment(1, 3, undoes=said)
    assert answered(desk.only()) is None
    desk.comment(1, 4, redoes=undo)
    assert answered(desk.only()) == 2


def test_an_undone_move_is_no_answer(desk: Desk) -> None:
    moved = desk.move(1, "replied", 5)
    desk.move(1, "inbox", 6, {"undoes": moved})
    assert answered(desk.only()) is None


@pytest.mark.parametrize(
    ("whom", "pauses"),
    [
        ("customer", 1), ("the Customer's photo", 1), ("pelanggan", 1), ("ibu sari", 1), ("supplier", 0), ("", 0),
        ("customers-clearance office", 0),
    ],
)  # fmt: skip
def test_waiting_for_the_customer_is_a_pause(desk: Desk, whom: str, pauses: int) -> None:
    desk.block(1, whom, until=3)
    expected: tuple[Span, ...] = ((hour(1), hour(3)),)
    assert desk.only().pauses == expected * pauses


def test_an_open_pause_stops_the_clock(desk: Desk) -> None:
    desk.block(1, "customer")
    clock = response_clock(desk.only(), Settings(sla={"feedback": Promise(first_response={"high": 90})}))
    assert clock
    found = read(clock, ALWAYS, hour(50))
    assert (found.used, found.state, found.due) == (60, "paused", None)


def test_resolved_reopened_resolved(desk: Desk) -> None:
    desk.comment(1, 1)
    for stage, at in (("closed", 2), ("in_progress", 20), ("closed", 22)):
        desk.move(1, stage, at)
    ticket = desk.only()
    assert [turn for turn, _at in ticket.turns] == ["resolved", "reopened", "resolved"]
    assert (ticket.settled, ticket.open) == (hour(22), False)
    (found,) = resolutions([ticket], ALWAYS, hour(400))
    assert (found.minutes, found.net_minutes, found.reopened, found.first_contact) == (22 * 60, 4 * 60, 1, False)
    clock = resolution_clock(ticket, Settings())
    assert clock
    assert read(clock, ALWAYS, hour(400)).used == 4 * 60


def test_closed_without_an_answer_stops_the_clock_and_stays_unanswered(desk: Desk) -> None:
    desk.move(1, "closed", 1)
    ticket = desk.only()
    clock = response_clock(ticket, Settings())
    assert clock
    assert (read(clock, ALWAYS, hour(9)).state, clock.target) == ("met", 120)
    assert response_minutes([ticket], ALWAYS) == [None]


def test_put_away_unsettled_stops_both_clocks(desk: Desk) -> None:
    desk.change("archived", 1, 3, archived=True)
    ticket = desk.only()
    clocks = response_clock(ticket, Settings()), resolution_clock(ticket, Settings())
    assert [clock and clock.stop for clock in clocks] == [hour(3), hour(3)]
    assert not ticket.open


def test_only_what_matters_to_the_period_and_what_was_not_declined(desk: Desk) -> None:
    desk.move(1, "closed", 1)
    desk.create(2, 2, "inbox")
    desk.create(3, 3, "inbox")
    desk.move(3, "declined", 4)
    assert [t.card for t in tickets(desk.source())] == [1, 2]
    assert [t.card for t in tickets(desk.source(at=24 * 60))] == [2]


def test_rates_over_all(desk: Desk) -> None:
    desk.comment(1, 1)
    desk.move(1, "closed", 2)
    desk.create(2, 2, "inbox")
    desk.move(2, "closed", 3)
    desk.move(2, "inbox", 4)
    found = resolutions(tickets(desk.source()), ALWAYS, hour(400))
    assert (first_contact_rate(found).value, reopen_rate(found).value) == (0.5, 0.5)


def test_without_a_promise_there_is_no_clock_and_without_a_board_no_ticket(desk: Desk) -> None:
    assert response_clock(desk.only(), Settings(), "order") is None
    assert tickets(desk.source(boards=DEFAULT_BOARDS[:1])) == []
