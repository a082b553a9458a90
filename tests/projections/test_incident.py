"""What history says of incidents: their clock, how many of how many, how late, where they lay, how they were served."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.world import START, World
from opstui.config import Settings
from opstui.domain.boards import DEFAULT_BOARDS, Board, Stage
from opstui.domain.commands import (
    AddComment,
    AddMember,
    ArchiveCard,
    BlockCard,
    DraftPostmortem,
    EditCard,
    ImportCard,
    LinkCards,
    MarkCard,
    MoveCard,
    Undo,
)
from opstui.domain.model import Draft, Past
from opstui.metrics.track import Track
from opstui.projections.incident import Notice, named
from opstui.projections.incident_board import cut
from opstui.projections.incident_case import case_of
from opstui.projections.incident_feedback import FeedbackFacts, feedback_facts
from opstui.projections.incident_orders import OrderFacts, order_facts
from opstui.timetable import Promise, Reaction

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Desk(World):
    """A world whose clock can be set; times are hours after its start (Monday 7 September 2026, 08:00 in Jakarta)."""

    def after(self, hours: float, *commands: Any, by: str = "rina") -> int:
        """Something that many hours after the start; the batch's number."""
        self.at = START + timedelta(hours=hours, minutes=-1)
        return self.do(*commands, by=by).batch or 0

    def new(self, hours: float, board: str = "orders", **fields: Any) -> int:
        """A card that many hours after the start."""
        self.at = START + timedelta(hours=hours, minutes=-1)
        return self.card(board, **fields)

    def mark(self, card: int, mark: str, hours: float, note: str = "", by: str = "rina") -> None:
        """Say that it happened so many hours after the start."""
        at = (START + timedelta(hours=hours)).isoformat()
        self.do(MarkCard(card=card, mark=mark, at=at, note=note), by=by)

    def order(self, card: int, as_of: datetime | None = None) -> OrderFacts:
        """The facts of an incident on that order."""
        return order_facts(self._case(card, as_of))

    def voice(self, card: int, as_of: datetime | None = None) -> FeedbackFacts:
        """The facts of an incident on that message."""
        return feedback_facts(self._case(card, as_of))

    def _case(self, card: int, as_of: datetime | None) -> Any:
        workspace = self.workspace
        return case_of(workspace.state, workspace.events_of, workspace.histories, card, workspace.settings, as_of)


# ------------------------------------------------------------------------------------------------ the clock


def test_milestones_are_first_marks_and_resolved_the_last() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    desk.at = START + 10 * HOUR
    for mark, hours in (("started", 1), ("detected", 2), ("detected", 3), ("resolved", 4), ("resolved", 6)):
        desk.mark(card, mark, hours)
    facts = desk.order(card)
    assert (facts.clock.ttd, facts.clock.ttr, facts.clock.tta) == (60, 300, None)
    assert facts.clock.missing == ("acknowledged", "mitigated")
    assert (facts.start, facts.end, facts.start_marked) == (START + HOUR, START + 6 * HOUR, True)


def test_marks_out_of_order_are_said_and_not_counted() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    desk.at = START + 10 * HOUR
    for mark, hours in (("started", 3), ("detected", 2), ("resolved", 1)):
        desk.mark(card, mark, hours)
    facts = desk.order(card)
    assert (facts.clock.ttd, facts.clock.ttr) == (None, None)
    assert facts.clock.disordered == ("detected", "resolved")
    assert facts.end is None


def test_a_mark_that_was_undone_is_none_and_each_has_who_set_it() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    desk.after(2, MarkCard(card=card, mark="detected", note="x"), by="budi")
    batch = desk.after(3, MarkCard(card=card, mark="started"))
    desk.after(4, Undo(batch=batch))
    (moment,) = desk.order(card).moments
    assert (moment.mark, moment.by, moment.note, moment.event_no) == ("detected", "budi", "x", 2)


@pytest.mark.parametrize(
    ("note", "who"),
    [("Pelanggan tanya di WhatsApp", "customer"), ("a customer called", "customer"), ("seen on the board", "dewi")],
)
def test_who_noticed_it(note: str, who: str) -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    desk.after(1, MarkCard(card=card, mark="detected", note=note), by="dewi")
    assert desk.order(card).detected_by == who
    assert desk.order(desk.new(2, title="b")).detected_by == ""


def test_targets_are_those_of_the_severity() -> None:
    reaction = Reaction(detect=15, resolve=480)
    desk = Desk(Settings(incidents={"SEV1": reaction}))
    one, other = desk.new(0, title="a"), desk.new(0, title="b")
    desk.do(DraftPostmortem(card=one, severity="SEV1"), DraftPostmortem(card=other, severity="SEV3"))
    assert (desk.order(one).targets, desk.order(other).targets) == (reaction, Reaction())


def test_severity_over_time() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    desk.after(1, DraftPostmortem(card=card, severity="SEV3"))
    desk.after(5, DraftPostmortem(card=card, severity="SEV1"))
    assert [(g.severity, g.since) for g in desk.order(card).grades] == [
        ("SEV3", START + HOUR),
        ("SEV1", START + 5 * HOUR),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [("Budi forgot", ("budi",)), ("budiman", ()), ("(ani), budi", ("ani", "budi")), ("", ()), ("an.i", ())],
)
def test_members_are_found_as_words(text: str, found: tuple[str, ...]) -> None:
    assert named(text, ("ani", "budi")) == found


# ------------------------------------------------------------------------------------------------ who acted


def test_responders_are_people_since_it_began_in_order_of_their_first_deed() -> None:
    desk = Desk()
    desk.do(AddMember(name="budi", role="ops_lead"), AddMember(name="dewi", role="cs"))
    card, other = desk.new(1, title="a"), desk.new(1, title="b")
    desk.after(2, LinkCards(card=card, other=other), by="ani")
    desk.after(4, AddComment(card=other, text="x"), by="dewi")
    desk.after(5, MarkCard(card=card, mark="started"), by="budi")
    desk.after(6, AddComment(card=card, text="x"), by="dewi")
    desk.after(7, AddComment(card=card, text="x"), by="nobody")
    found = desk.order(card).responders
    assert [(r.role, r.by, r.events) for r in found] == [("ops_lead", "budi", 1), ("cs", "dewi", 1), ("", "nobody", 1)]
    assert found[0].first == START + 5 * HOUR


def test_an_import_is_nobody_unless_it_names_a_person() -> None:
    desk = Desk()
    steps = (Past(at=START, sort="stage", value="new"), Past(at=START + HOUR, sort="stage", value="stock", by="budi"))
    draft = Draft(source="book", external_id="1", board="orders", title="Old", created=START, history=steps)
    desk.at = START + DAY
    card = desk.do(ImportCard(draft=draft), by="rina", via="import").events[0].id
    assert [(r.by, r.events) for r in desk.order(card).responders] == [("budi", 1)]


# ------------------------------------------------------------------------------------------------ orders


def test_impact_has_denominators() -> None:
    desk = Desk()
    hit = desk.new(2, title="a", customer="Siti", phone="0812 3456 7890", total=100)
    again = desk.new(3, title="b", customer="S. Rahma", phone="+62 812-3456-7890", total=50, payment="refunded")
    nameless = desk.new(3, title="c", total=30)
    gone = desk.new(0, title="d", customer="Ed", total=1000)
    desk.after(1, MoveCard(card=gone, stage="closed"))
    desk.after(1, ArchiveCard(card=desk.new(0, title="e", customer="Fe", total=1000)))
    dropped = desk.new(3, title="f", customer="Gus", total=220)
    desk.after(4, LinkCards(card=hit, other=again), LinkCards(card=nameless, other=hit))
    desk.after(5, MoveCard(card=dropped, stage="cancelled"))
    desk.after(6, *(MoveCard(card=card, stage="closed") for card in (hit, again, nameless)))
    late_comer = desk.new(7, title="g", customer="Hana", total=1000)
    facts = desk.order(hit)
    assert [order.card.id for order in facts.orders] == [hit, again, nameless]
    assert (facts.start, facts.end) == (START + 2 * HOUR, START + 6 * HOUR)
    impact = facts.impact
    assert (impact.open_orders, impact.customers, impact.unnamed, impact.open_customers) == (4, 1, 1, 2)
    assert (impact.value, impact.open_value) == ({"IDR": 180}, {"IDR": 400})
    assert (impact.refunds, impact.refunded) == (1, {"IDR": 50})
    assert late_comer not in [order.card.id for order in facts.orders]


def test_complaints_about_any_of_the_orders_count_with_those_before_it_was_noticed() -> None:
    desk = Desk()
    hit, other = desk.new(0, title="a"), desk.new(0, title="b")
    desk.after(1, LinkCards(card=hit, other=other))
    early = desk.new(2, "feedback", title="x", sort="complaint", customer="Siti")
    praise = desk.new(2, "feedback", title="x", sort="praise", customer="Siti")
    late = desk.new(5, "feedback", title="x", sort="complaint", customer="SITI ")
    elsewhere = desk.new(2, "feedback", title="x", sort="complaint", customer="Ed")
    desk.after(6, *(LinkCards(card=c, other=o) for c, o in ((early, other), (praise, hit), (late, hit))))
    assert desk.order(hit).impact.before_detection is None
    desk.mark(hit, "detected", 4)
    impact = desk.order(hit).impact
    assert (impact.complaints, impact.complaining, impact.before_detection) == (2, 1, 1)
    assert elsewhere


def test_late_is_against_the_day_that_was_promised() -> None:
    desk = Desk()
    kept = desk.new(0, title="a", due="2026-09-08")
    moved = desk.new(0, title="b", due="2026-09-08")
    still = desk.new(0, title="c", due="2026-09-09")
    free = desk.new(0, title="d")
    desk.after(1, *(LinkCards(card=kept, other=other) for other in (moved, still, free)))
    desk.after(30, MoveCard(card=kept, stage="closed"), EditCard(card=moved, values={"due": "2026-09-30"}))
    desk.after(49, MoveCard(card=moved, stage="closed"))
    facts = desk.order(kept, START + 72 * HOUR)
    found = {order.card.id: order for order in facts.orders}
    assert (found[kept].late, found[free].late, found[free].promised) == (None, None, None)
    assert (found[moved].promised, found[moved].late) == (date(2026, 9, 8), 9 * HOUR)
    assert (found[still].done, found[still].late) == (None, 8 * HOUR)
    assert [order.card.id for order in facts.late_orders] == [moved, still]
    assert facts.with_promise == 3


def test_an_order_that_was_cancelled_in_time_is_freed_of_its_promise() -> None:
    desk = Desk()
    freed, late = desk.new(0, title="a", due="2026-09-08"), desk.new(0, title="b", due="2026-09-08")
    desk.after(1, LinkCards(card=freed, other=late))
    desk.after(20, MoveCard(card=freed, stage="cancelled"))
    desk.after(41, MoveCard(card=late, stage="cancelled"))
    facts = desk.order(freed)
    assert [(order.freed, order.late) for order in facts.orders] == [(True, None), (False, HOUR)]
    assert facts.with_promise == 1


def _boards() -> tuple[Board, ...]:
    """Boards whose orders have to leave the stock within four hours."""
    orders, *others = DEFAULT_BOARDS
    stages = tuple(
        Stage(id=s.id, name=s.name, category=s.category, wip=s.wip, sla_hours=4 if s.id == "stock" else None)
        for s in orders.stages
    )
    return Board(id="orders", name="Orders", kind="order", prefix="ORD", stages=stages), *others


def test_promises_that_were_broken() -> None:
    desk = Desk(Settings(boards=_boards(), sla={"order": Promise(resolution={"high": 120})}))
    slow, quick = desk.new(2, title="a", priority="high"), desk.new(2, title="b")
    desk.after(2.5, LinkCards(card=slow, other=quick))
    desk.after(3, *(MoveCard(card=card, stage="stock") for card in (slow, quick)))
    desk.after(5, MoveCard(card=quick, stage="closed"))
    desk.after(8, MoveCard(card=slow, stage="closed"))
    impact = desk.order(slow).impact
    assert impact.promises == 3
    assert impact.breaches is not None
    assert [(b.stage, b.used, b.target) for b in impact.breaches] == [("", 360, 120), ("Stock", 300, 240)]
    plain = Desk()
    assert plain.order(plain.new(0, title="a")).impact.breaches is None


def test_where_orders_lay_against_what_is_usual() -> None:
    desk = Desk()
    for start, took in ((0, 2), (10, 4), (20, 6)):
        card = desk.new(start, title="usual")
        desk.after(start + 1, MoveCard(card=card, stage="stock"))
        desk.after(start + 1 + took, MoveCard(card=card, stage="closed"))
    bystander = desk.new(30, title="other")
    desk.after(31, MoveCard(card=bystander, stage="stock"))
    hit = desk.new(40, title="hit")
    desk.after(41, MoveCard(card=hit, stage="stock"))
    desk.after(61, MoveCard(card=hit, stage="closed"))
    facts = desk.order(hit)
    assert (facts.usual, facts.usual_since) == (3, date(2026, 6, 11))
    waits = {wait.stage: wait for wait in facts.waits}
    assert list(waits) == ["new", "stock"]
    assert (waits["stock"].typical, waits["stock"].here, waits["stock"].times) == (4 * HOUR, 20 * HOUR, 5.0)
    assert (waits["stock"].peak, waits["stock"].wip, waits["new"].peak) == (2, 8, 1)
    first = desk.order(1)
    assert (first.usual, first.waits[0].typical, first.waits[0].times) == (0, None, None)


def test_nothing_after_as_of_is_known() -> None:
    desk = Desk()
    hit = desk.new(0, title="a", total=10, customer="Siti")
    other = desk.new(1, title="b", total=20, customer="Ed")
    desk.after(2, MoveCard(card=hit, stage="stock"))
    moment = START + 3 * HOUR
    before = desk.order(hit, moment)
    desk.after(4, LinkCards(card=hit, other=other), MoveCard(card=other, stage="cancelled"))
    desk.after(5, MoveCard(card=hit, stage="closed"))
    desk.mark(hit, "resolved", 4)
    again = desk.order(hit, moment)
    same = tuple(replace(one, card=replace(one.card, version=2)) for one in again.orders)
    assert replace(again, card=before.card, orders=same) == before
    assert (before.end, before.impact.open_orders) == (None, 2)


def test_a_way_is_cut_at_a_moment() -> None:
    def at(hours: int) -> datetime:
        return START + timedelta(hours=hours)

    path = (("new", at(0)), ("stock", at(2)), ("closed", at(4)))
    dues = ((at(0), date(2026, 9, 8)), (at(3), date(2026, 9, 9)))
    track = Track(1, at(0), path, blocked=((at(1), at(3)),), due=date(2026, 9, 9), dues=dues, archived=at(5))
    assert cut(track, at(-1)) is None
    assert cut(track, at(6)) == track
    known = cut(track, at(2))
    assert known is not None
    assert (known.path, known.blocked, known.due) == (path[:2], ((at(1), None),), date(2026, 9, 8))
    assert known.archived is None


# ------------------------------------------------------------------------------------------------ feedback


def _voices(desk: Desk) -> tuple[int, int, int]:
    """Three messages on Monday and Wednesday; the first is answered after an hour and closed after two."""
    one = desk.new(2, "feedback", title="a", sort="complaint", severity="high", theme="Rash", customer="Siti", score=1)
    two = desk.new(3, "feedback", title="b", sort="complaint", severity="critical", theme="rash ", customer="siti")
    other = desk.new(50, "feedback", title="c", sort="question", theme="price", customer="Ed", channel="whatsapp")
    desk.after(51, LinkCards(card=one, other=two), LinkCards(card=one, other=other))
    return one, two, other


def test_what_customers_told() -> None:
    desk = Desk()
    one, two, other = _voices(desk)
    desk.new(4, "feedback", title="not linked", customer="Gus")
    desk.new(90, "feedback", title="after all of it", customer="Gus")
    facts = desk.voice(one)
    assert [item.card.id for item in facts.items] == [one, two, other]
    rash, price = facts.themes
    assert (rash.theme, rash.items, rash.customers, rash.share, rash.severity) == ("Rash", 2, 1, 2 / 3, "critical")
    assert (price.theme, price.first, price.last) == ("price", date(2026, 9, 9), date(2026, 9, 9))
    assert (facts.customers, facts.received, facts.channels) == (2, 4, ("whatsapp",))
    assert [(p.first.day, p.items, p.complaints) for p in facts.periods] == [(7, 2, 2), (8, 0, 0), (9, 1, 0)]


def test_many_days_are_told_by_week() -> None:
    desk = Desk()
    one, other = desk.new(0, "feedback", title="a"), desk.new(24 * 70, "feedback", title="b")
    desk.do(LinkCards(card=one, other=other))
    facts = desk.voice(one)
    assert facts.weekly
    assert [p.first for p in facts.periods][:2] == [date(2026, 9, 7), date(2026, 9, 14)]
    assert (len(facts.periods), sum(p.items for p in facts.periods)) == (11, 2)


def test_service_is_measured_in_open_minutes_against_the_promise() -> None:
    desk = Desk()
    one, two, _other = _voices(desk)
    desk.after(52, MoveCard(card=one, stage="replied"))
    desk.after(53, MoveCard(card=one, stage="closed"))
    desk.after(54, MoveCard(card=two, stage="replied"))
    facts = desk.voice(one)
    assert (facts.response.targets, facts.response.median) == ((60.0, 240.0), 7 * 60 + 480 + 180 + 30)
    assert (facts.response.n, facts.response.open, facts.response.breaches) == (2, 1, 2)
    assert (facts.resolution.n, facts.resolution.open) == (1, 2)
    assert (facts.reopened, facts.untimed, facts.by_person) == (0, 0, 2)
    desk.after(55, MoveCard(card=one, stage="in_progress"))
    assert desk.voice(one).reopened == 1


def test_promises_kept_broken_and_open() -> None:
    desk = Desk()
    cards = [
        desk.new(0, "feedback", title=str(n), due=due)
        for n, due in enumerate(("2026-09-08", "2026-09-08", "2026-09-30"))
    ]
    bare = desk.new(0, "feedback", title="x")
    desk.after(1, *(LinkCards(card=cards[0], other=other) for other in (*cards[1:], bare)))
    desk.after(2, MoveCard(card=cards[0], stage="closed"), MoveCard(card=bare, stage="declined"))
    facts = desk.voice(cards[0], START + 72 * HOUR)
    assert [item.kept for item in facts.items] == [True, False, None, None]
    assert (facts.untimed, facts.closed) == (1, None)


def test_satisfaction_afterwards_is_that_of_the_same_customers() -> None:
    desk = Desk()
    one = desk.new(0, "feedback", title="a", customer="Siti", score=1)
    desk.after(1, MoveCard(card=one, stage="closed"))
    desk.new(2, "feedback", title="b", customer="SITI", score=5)
    desk.new(2, "feedback", title="c", customer="Ed", score=1)
    facts = desk.voice(one, START + 5 * HOUR)
    assert (facts.csat_after.hits, facts.csat_after.n, facts.closed) == (1, 1, START + HOUR)


@pytest.mark.parametrize(("tag", "found"), [("privacy", True), ("Privasi", True), ("private", False)])
def test_exposed_data_starts_72_hours(tag: str, found: bool) -> None:
    desk = Desk()
    one, other = desk.new(0, "feedback", title="a"), desk.new(0, "feedback", title="b", tags=[tag])
    desk.after(1, LinkCards(card=one, other=other))
    desk.mark(one, "message", 1)
    desk.after(2, MarkCard(card=one, mark="detected"))
    expected = Notice(START + 2 * HOUR, START + 74 * HOUR, None) if found else None
    assert desk.voice(one).notice == expected


def test_what_was_sent_after_data_got_out_is_the_notice() -> None:
    desk = Desk()
    one = desk.new(0, "feedback", title="a", tags=["privacy"])
    desk.after(2, MarkCard(card=one, mark="detected"))
    desk.after(6, MarkCard(card=one, mark="message"))
    notice = desk.voice(one).notice
    assert notice is not None
    assert notice.told == START + 6 * HOUR


def test_blocks_that_wait_for_the_customer_pause_the_clock() -> None:
    desk = Desk()
    one = desk.new(2, "feedback", title="a", severity="critical")
    desk.after(2.5, BlockCard(card=one, reason="asked", waiting_on="customer"))
    desk.after(6, MoveCard(card=one, stage="replied"))
    assert desk.voice(one).response.breaches == 0


def test_utc_is_where_times_are() -> None:
    desk = Desk()
    card = desk.new(0, title="a")
    assert desk.order(card).start.tzinfo == UTC


@pytest.mark.parametrize("board", ["orders", "feedback"])
def test_a_card_without_history_or_board_still_has_its_facts(board: str) -> None:
    """Told of a moment before it was, of a card whose making was undone, or of a board that the settings lost."""
    desk = Desk()
    card = desk.new(5, board, title="a", due="2026-09-09")
    tell = desk.order if board == "orders" else desk.voice
    assert tell(card, START + HOUR).ref == ""
    desk.after(6, Undo(batch=1))
    assert tell(card).card.id == card
    desk = Desk()
    card = desk.new(5, board, title="a")
    desk.workspace.settings = Settings(boards=tuple(b for b in DEFAULT_BOARDS if b.id != board))
    assert (desk.order if board == "orders" else desk.voice)(card).board.stages == ()
