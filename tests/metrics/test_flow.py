"""Edges and laws of the flow formulas that the numeric cases do not reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import T0, board_of, hour, track
from opstui.metrics import bottleneck, flow, ontime
from opstui.metrics.track import Passage, Track, day_start, passage, passages

JAKARTA = ZoneInfo("Asia/Jakarta")
ORDERS = board_of("orders")
STAGES = [stage.id for stage in ORDERS.stages]


def way(*path: tuple[str, float], **more: object) -> Passage:
    found = passage(track(*path, **more), ORDERS.category)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "started", "done"),
    [
        pytest.param([("new", 0)], None, None, id="waiting"),
        pytest.param([("new", 0), ("payment", 3)], 3, None, id="in progress"),
        pytest.param([("new", 0), ("payment", 3), ("new", 4), ("stock", 8)], 3, None, id="going back resets nothing"),
        pytest.param([("new", 0), ("closed", 5)], 5, 5, id="straight to done"),
        pytest.param([("new", 0), ("payment", 1), ("closed", 5), ("stock", 7)], 1, None, id="opened again"),
        pytest.param([("new", 0), ("payment", 1), ("closed", 5), ("stock", 7), ("closed", 9)], 1, 9, id="done twice"),
        pytest.param([("new", 0), ("gone", 2)], 2, None, id="a stage that is no longer there counts as active"),
    ],
)
def test_when_a_card_was_started_and_done(
    path: Sequence[tuple[str, float]], started: float | None, done: float | None
) -> None:
    found = way(*path)
    assert found.started == (None if started is None else hour(started))
    assert found.done == (None if done is None else hour(done))


def test_a_dropped_card_leaves_all_metrics() -> None:
    assert passages([track(("new", 0), ("payment", 1), ("cancelled", 3))], ORDERS.category) == []


def test_a_card_put_away_is_no_longer_in_progress() -> None:
    gone = way(("new", 0), ("payment", 1), archived=hour(10))
    assert [flow.wip_at([gone], hour(n)) for n in (0, 1, 9, 10)] == [0, 1, 1, 0]
    assert flow.wip_age(gone, hour(20)) is None
    assert flow.stage_dwell(gone, hour(20), ORDERS.category) == {
        "new": timedelta(hours=1),
        "payment": timedelta(hours=9),
    }


def test_queue_age_ends_when_work_starts() -> None:
    assert flow.queue_age(way(("new", 0)), hour(7)) == timedelta(hours=7)
    assert flow.queue_age(way(("new", 0), ("payment", 1)), hour(7)) is None


def test_blocked_time_is_not_work() -> None:
    spans = ((hour(2), hour(4)), (hour(8), None))
    found = flow.efficiency([way(("new", 0), ("payment", 1), ("closed", 11), blocked=spans)], ORDERS.category)
    assert found.cycle_based == pytest.approx(0.5)
    assert found.lead_based == pytest.approx(5 / 11)


def test_figures_of_nothing_are_none() -> None:
    assert flow.efficiency([], ORDERS.category).cycle_based is None
    assert flow.little([], 10).average_cycle_days is None
    assert bottleneck.slowest_stage([], [], ORDERS.category, hour(0), hour(1)) is None
    assert ontime.on_time([], date(2026, 9, 1), date(2026, 10, 1), hour(0), JAKARTA).rate is None
    assert flow.cumulative_flow([], STAGES, date(2026, 9, 1), date(2026, 9, 1), JAKARTA) == {}


# ------------------------------------------------------------------------------------- bottleneck

PLACES = [bottleneck.Place("new"), bottleneck.Place("payment", wip=3), bottleneck.Place("stock", expected_hours=4)]


def slowest(ways: Sequence[Passage], end: float) -> bottleneck.Slowest:
    places = bottleneck.contenders(PLACES, ORDERS.category)
    found = bottleneck.slowest_stage(ways, places, ORDERS.category, hour(0), hour(end))
    assert found is not None
    return found


def through(stage: str, n: int, stay: float, **more: object) -> list[Passage]:
    return [way(("new", i), (stage, i + 1), ("closed", i + 1 + stay), card=i, **more) for i in range(n)]


def test_few_cards_prove_nothing() -> None:
    found = slowest(through("stock", 4, 9), 100)
    assert (found.stage, found.cards, found.signs, found.proven) == ("stock", 4, ("slow",), False)
    assert slowest(through("stock", 5, 9), 100).proven


def test_largest_share_without_a_sign_is_only_the_slowest() -> None:
    found = slowest(through("stock", 8, 5), 100)
    assert (found.signs, found.proven) == ((), False)
    assert found.share == pytest.approx(5 / 6)


def test_what_keeps_arriving_grows() -> None:
    waiting = [way(("new", 0), ("stock", i), card=i) for i in range(1, 6)]
    assert "growing" in slowest(waiting, 6).signs


def test_at_the_limit_for_half_the_window() -> None:
    full = [way(("new", 0), ("payment", 0), ("closed", 6), card=i) for i in range(3)]
    assert "at_limit" in slowest(full, 12).signs
    assert "at_limit" not in slowest(full, 13).signs


def test_blocked_a_quarter_of_the_time() -> None:
    found = slowest(through("payment", 1, 8, blocked=((hour(0), hour(3)),)), 100)
    assert found.signs == ("blocked",)


def test_the_first_stage_never_wins_and_a_tie_goes_to_the_earlier() -> None:
    assert slowest([way(("new", 0), ("payment", 50), ("stock", 52), ("closed", 54))], 100).stage == "payment"


def test_only_what_lies_in_the_window_counts() -> None:
    old = [way(("new", -200), ("payment", -190), ("closed", -50)), way(("new", -9), ("stock", -5), ("payment", 4))]
    assert slowest(old, 6).dwell == timedelta(hours=4)


# ------------------------------------------------------------------------------------- on time

SEPTEMBER = (date(2026, 9, 1), date(2026, 10, 1))


def at(day: int, hour_of_day: float = 12) -> datetime:
    return datetime(2026, 9, day, tzinfo=JAKARTA).astimezone(UTC) + timedelta(hours=hour_of_day)


@pytest.mark.parametrize(
    ("moved", "to", "promise"),
    [
        pytest.param(at(8), 20, 20, id="in good time"),
        pytest.param(at(10, 0), 20, 20, id="24 h before it ends"),
        pytest.param(at(10, 9), 20, 10, id="on the day itself: no excuse"),
        pytest.param(at(14), 20, 10, id="when it was late already"),
    ],
)
def test_moving_a_due_day_too_late_does_not_help(moved: datetime, to: int, promise: int) -> None:
    dues = ((T0, date(2026, 9, 10)), (moved, date(2026, 9, to)))
    late = Track(1, T0, (("new", T0), ("closed", at(15))), due=date(2026, 9, to), dues=dues)
    assert ontime.promised(late, JAKARTA) == date(2026, 9, promise)
    found = ontime.on_time(passages([late], ORDERS.category), *SEPTEMBER, at(25), JAKARTA)
    assert found.rate == (1.0 if promise == 20 else 0.0)


def test_completed_cards_only() -> None:
    cards = [
        track(("new", 0), ("closed", 5), card=1, due=date(2026, 9, 1)),
        track(("new", 0), ("closed", 50), card=2, due=date(2026, 9, 1)),
        track(("new", 0), ("payment", 5), card=3, due=date(2026, 9, 1)),
        track(("new", 0), ("closed", 50), card=4),
    ]
    ways = passages(cards, ORDERS.category)
    done = ontime.on_time_done(ways, hour(0), hour(100), JAKARTA)
    assert (done.eligible, done.kept, done.rate) == ((1, 2), (1,), 0.5)
    strict = ontime.on_time(ways, *SEPTEMBER, hour(100), JAKARTA)
    assert (strict.eligible, strict.kept) == ((1, 2, 3), (1,))
    late = ontime.overdue(ways, hour(100), JAKARTA)
    assert (late.eligible, late.kept) == ((3,), ())


def test_a_promise_that_was_put_away_in_time_is_none() -> None:
    away = track(("new", 0), due=date(2026, 9, 3), archived=hour(5))
    assert ontime.on_time(passages([away], ORDERS.category), *SEPTEMBER, hour(200), JAKARTA).eligible == ()


# ------------------------------------------------------------------------------------- laws

steps = st.lists(st.tuples(st.sampled_from(STAGES), st.integers(0, 30)), max_size=8)


def walked(card: int, born: int, moves: Sequence[tuple[str, int]]) -> Track:
    path, now = [("new", float(born))], float(born)
    for stage, wait in moves:
        now += wait
        path.append((stage, now))
    return track(*path, card=card)


tracks = st.lists(st.tuples(st.integers(0, 100), steps), max_size=6).map(
    lambda rows: [walked(card, born, moves) for card, (born, moves) in enumerate(rows)]
)


@given(tracks)
def test_bands_add_up_to_the_cards_created(made: Sequence[Track]) -> None:
    ways = passages(made, ORDERS.category)
    bands = flow.cumulative_flow(ways, STAGES, date(2026, 8, 30), date(2026, 9, 20), JAKARTA)
    for day, band in bands.items():
        end = day_start(day + timedelta(days=1), JAKARTA)
        assert sum(band.values()) == sum(p.track.created < end for p in ways)


@given(tracks)
def test_dwell_adds_up_to_age_and_efficiency_is_a_fraction(made: Sequence[Track]) -> None:
    now = hour(1000)
    ways = passages(made, ORDERS.category)
    for p in ways:
        if all(ORDERS.category(stage) not in ("done", "dropped") for stage, _at in p.track.path[:-1]):
            total = sum(flow.stage_dwell(p, now, ORDERS.category).values(), timedelta())
            assert total == (p.done or now) - p.track.created
    for share in (
        flow.efficiency(ways, ORDERS.category).cycle_based,
        flow.efficiency(ways, ORDERS.category).lead_based,
    ):
        assert share is None or 0 <= share <= 1
