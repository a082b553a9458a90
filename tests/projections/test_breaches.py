"""Promises that ran out are found once, at the moment of the calendar, and never from before an import."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.world import World
from opstui.domain.commands import AddComment, BlockCard, ImportCard, MoveCard, UnblockCard
from opstui.domain.model import Draft, Past
from opstui.projections.breaches import RanOut, ran_out
from opstui.projections.figures.service_page import page
from opstui.projections.service_kpis import service_metrics
from projections.figures.law import broken, found

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=WIB)
HOUR = timedelta(hours=1)


class Desk(World):
    """A shop whose clock is set by hand. What is promised of a normal message: an answer in 4 open hours."""

    def _clock(self) -> datetime:
        return self.at.astimezone(UTC)

    def __init__(self, at: datetime = MONDAY) -> None:
        super().__init__()
        self.at = at

    def out(self, days: int = 30) -> RanOut:
        def came(cards: Collection[int]) -> Mapping[int, datetime]:
            batches = self.workspace.store.events_of("cards", cards, {"created"}) if cards else ()
            return {event.id: batch.at for batch in batches for event in batch.events}

        return ran_out(self.workspace.histories.source(as_of=self._clock(), days=days), came)

    def told(self) -> list[tuple[int, str, str]]:
        return [(n.card, n.clock, n.due.astimezone(WIB).strftime("%d %H:%M")) for n in self.out().found]

    def write(self) -> int:
        return len(self.do(*self.out().found, via="clock").events)


def test_nothing_before_its_time_and_then_once_at_its_time() -> None:
    desk = Desk()
    card = desk.card("feedback")
    assert desk.out().found == ()
    due = desk.out().next
    assert due is not None
    desk.at = due
    assert desk.told() == [], "the target itself is met"
    desk.at = due + timedelta(days=9)
    first, second = desk.told()
    assert first == (card, "first_response", due.astimezone(WIB).strftime("%d %H:%M"))
    assert second[1] == "resolution"
    assert desk.write() == 2
    assert desk.told() == []
    assert desk.out().next is None


def test_the_open_hours_and_days_off_of_the_shop_count() -> None:
    desk = Desk(datetime(2026, 9, 5, 15, 0, tzinfo=WIB))  # Saturday
    desk.card("feedback")
    due = desk.out().next
    assert due is not None
    assert due.astimezone(WIB).weekday() < 5
    desk.at = datetime(2026, 9, 6, 23, 0, tzinfo=WIB)
    assert desk.told() == [], "on Sunday nobody waits"


def test_a_pause_for_the_customer_moves_it() -> None:
    plain, paused = Desk(), Desk()
    for desk in (plain, paused):
        desk.card("feedback")
    paused.at += HOUR / 2
    paused.do(BlockCard(card=1, reason="no photo", waiting_on="customer"))
    paused.at += HOUR
    paused.do(UnblockCard(card=1))
    plain.at = paused.at = MONDAY + timedelta(days=4)
    (first, *_rest), (later, *_others) = plain.out().found, paused.out().found
    assert later.due == first.due + HOUR


def test_one_that_was_answered_late_while_nobody_had_it_open_is_found_and_one_in_time_is_not() -> None:
    desk = Desk()
    late, good = desk.card("feedback"), desk.card("feedback")
    desk.at += HOUR / 2
    desk.do(AddComment(card=good, text="hello"), MoveCard(card=good, stage="closed"))
    desk.at += timedelta(days=2)
    desk.do(AddComment(card=late, text="sorry"), MoveCard(card=late, stage="closed"))
    desk.at += timedelta(days=3)
    assert {card for card, _clock, _due in desk.told()} == {late}


def test_of_an_import_nothing_from_before_it_came_and_what_runs_out_after_it() -> None:
    desk = Desk(MONDAY + timedelta(days=30))
    old, new = MONDAY, desk.at - HOUR / 2
    drafts = [
        Draft(source="s", external_id=str(n), board="feedback", title="?", created=at,
              history=(Past(at=at, sort="stage", value="inbox"), *more))
        for n, (at, more) in enumerate([
            (old, ()),
            (old, (Past(at=old + timedelta(days=5), sort="comment", value="late answer"),
                   Past(at=old + timedelta(days=6), sort="stage", value="closed"))),
            (new, ()),
        ])
    ]  # fmt: skip
    desk.do(*(ImportCard(draft=draft) for draft in drafts), via="import")
    assert desk.told() == []
    desk.at += timedelta(days=6)
    assert {card for card, _clock, _due in desk.told()} == {3}


def test_what_has_been_seen_is_not_looked_at_again_unless_it_changed() -> None:
    desk = Desk()
    for _n in range(2):
        desk.card("feedback")
    desk.at += 3 * HOUR
    desk.do(AddComment(card=1, text="hello"), MoveCard(card=1, stage="closed"))
    desk.at += timedelta(days=9)
    source = desk.workspace.histories.source(as_of=desk.at, days=30)
    first = ran_out(source, lambda _cards: {2: desk.at} if 2 in _cards else {})
    assert {command.card for command in first.found} == {2}
    again = ran_out(source, lambda _cards: {}, first.passed)
    assert again.found == first.found, "what was not written down is found again"
    desk.do(MoveCard(card=1, stage="triage"))
    desk.at += timedelta(days=9)
    source = desk.workspace.histories.source(as_of=desk.at, days=30)
    assert {c.card for c in ran_out(source, lambda _cards: {}, first.passed).found} == {1, 2}, "it was reopened"


def test_the_page_the_filter_and_the_figure_tell_the_same() -> None:
    desk = Desk()
    for _n in range(3):
        desk.card("feedback")
    gone = desk.card("feedback")
    desk.at += timedelta(days=5)
    assert desk.write() == 8, "in one batch"
    desk.do(MoveCard(card=gone, stage="declined"))
    source = desk.workspace.histories.source(as_of=desk.at, days=30)
    figures = {metric.id: metric.value for metric in service_metrics(source)}
    element = next(e for _p, e in page(source).elements() if e.label == "Promises broken")
    assert (figures["sla_breaches"], element.value, element.cards) == (4, 4, 4)
    assert broken(page(source), desk.workspace, desk.at) == []
    assert found(desk.workspace, "breached:2026-09-07..2026-09-08 -is:dropped", desk.at) == 3
    assert found(desk.workspace, "breached:today", desk.at) == 0
