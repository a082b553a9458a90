"""SLA clocks, resolutions and incidents: laws, and the edges a shop meets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.metrics.calendar import BusinessCalendar, business_minutes_between
from opstui.metrics.incidents import incident_durations
from opstui.metrics.resolution import Turn, first_contact_rate, reopen_rate, resolution
from opstui.metrics.sla import Clock, breach_rate, read

OFFICE = BusinessCalendar(zone=ZoneInfo("Asia/Jakarta"), week=(((540, 1020),),) * 5 + ((), ()))
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
"""09:00 in Jakarta."""

minutes = st.integers(0, 6000)


def at(n: float) -> datetime:
    return MONDAY + timedelta(minutes=n)


spans = st.tuples(minutes, st.none() | minutes).map(lambda p: (at(p[0]), None if p[1] is None else at(p[0] + p[1])))
clocks = st.builds(
    Clock,
    start=minutes.map(at),
    stop=st.none() | st.integers(6000, 9000).map(at),
    target=st.integers(1, 900).map(float),
    pauses=st.lists(spans, max_size=3).map(tuple),
)


@given(clocks, minutes, minutes)
def test_what_is_used_never_falls_with_time(clock: Clock, a: int, b: int) -> None:
    early, late = (read(clock, OFFICE, at(n)) for n in sorted((a, b)))
    assert early.used <= late.used
    assert early.breached <= late.breached


@given(clocks, st.integers(0, 9000))
def test_the_due_moment_is_when_the_target_is_used_up(clock: Clock, now: int) -> None:
    found = read(clock, OFFICE, at(now))
    if found.due is not None and found.due <= at(now):
        assert read(clock, OFFICE, found.due).used == pytest.approx(clock.target)
    assert not found.breached or (found.due is not None and found.due <= at(now))


@given(clocks, spans, minutes)
def test_one_more_pause_never_uses_more(clock: Clock, pause: tuple[datetime, datetime | None], now: int) -> None:
    more = Clock(clock.start, clock.stop, clock.target, (*clock.pauses, pause))
    assert read(more, OFFICE, at(now)).used <= read(clock, OFFICE, at(now)).used


@pytest.mark.parametrize(
    ("now", "state"), [(0, "running"), (44, "running"), (45, "at risk"), (60, "at risk"), (61, "breached")]
)
def test_states_of_an_open_clock(now: int, state: str) -> None:
    found = read(Clock(at(0), None, 60), OFFICE, at(now))
    assert (found.state, found.due) == (state, at(60))


def test_a_paused_clock_stands_still_and_has_no_due_moment() -> None:
    found = read(Clock(at(0), None, 60, ((at(10), None),)), OFFICE, at(300))
    assert (found.used, found.left, found.state, found.due) == (10, 50, "paused", None)


def test_a_clock_knows_nothing_of_later() -> None:
    clock = Clock(at(0), at(500), 60)
    assert read(clock, OFFICE, at(30)).open
    assert read(clock, OFFICE, at(600)).state == "breached"
    assert read(Clock(at(0), at(20), 60), OFFICE, at(600)).state == "met"
    assert breach_rate([]) is None


turns = st.lists(st.tuples(st.sampled_from(["resolved", "reopened"]), minutes.map(at)), max_size=6)


@given(turns)
def test_the_net_time_is_never_longer(story: list[Turn]) -> None:
    found = resolution(at(0), story, OFFICE)
    if found.minutes is not None:
        assert found.net_minutes is not None
        assert found.net_minutes <= found.minutes
        assert found.resolved
        assert found.minutes == business_minutes_between(OFFICE, at(0), found.resolved)
    assert found.reopened <= sum(turn == "reopened" for turn, _at in story)


DAY = 1440
STORIES: list[tuple[list[Turn], int, int, bool | None]] = [
    ([("resolved", at(60))], 1, 10 * DAY, True),
    ([("resolved", at(60))], 2, 10 * DAY, False),
    ([("resolved", at(60))], 1, DAY, None),
    ([], 1, 10 * DAY, None),
    ([("resolved", at(60)), ("reopened", at(60 + 3 * DAY)), ("resolved", at(4 * DAY))], 1, 10 * DAY, True),
    ([("resolved", at(60)), ("reopened", at(59 + 3 * DAY)), ("resolved", at(4 * DAY))], 1, 10 * DAY, False),
]


@pytest.mark.parametrize(("story", "replies", "now", "once"), STORIES)
def test_settled_at_the_first_contact(story: list[Turn], replies: int, now: int, once: bool | None) -> None:
    assert resolution(at(0), story, OFFICE, replies=replies, as_of=at(now)).first_contact is once


def test_rates_count_what_is_known() -> None:
    found = [resolution(at(0), story, OFFICE, replies=n, as_of=at(now)) for story, n, now, _once in STORIES]
    assert (first_contact_rate(found).hits, first_contact_rate(found).n) == (2, 4)
    assert (reopen_rate(found).hits, reopen_rate(found).n) == (2, 5)


def test_an_incident_with_gaps() -> None:
    found = incident_durations(started=at(10), detected=at(5), resolved=at(70))
    assert (found.ttd, found.tta, found.ttr, found.detect_to_resolve) == (None, None, 60, 65)
    assert found.missing == ("acknowledged", "mitigated")
    assert found.disordered == ("detected",)
