"""Folding history into tracks: undo, redo, late entries, imports."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from builders import Chronicle, board_of, hour
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.model import plain
from opstui.metrics.track import Track
from opstui.projections.flow import Flows


def flows(told: Chronicle) -> Flows:
    return Flows(DEFAULT_BOARDS).fold(told.batches)


def only(told: Chronicle) -> Track:
    (track,) = flows(told).tracks(told.board)
    return track


def path(track: Track) -> list[tuple[str, float]]:
    return [(stage, (at - hour(0)) / timedelta(hours=1)) for stage, at in track.path]


@pytest.fixture
def told() -> Chronicle:
    story = Chronicle()
    story.create(1, 0, due="2026-09-05")
    story.move(1, "payment", 2)
    return story


def test_moves_make_the_path(told: Chronicle) -> None:
    told.move(1, "closed", 30)
    assert path(only(told)) == [("new", 0), ("payment", 2), ("closed", 30)]
    assert only(told).due == date(2026, 9, 5)


def test_undo_removes_the_move_and_redo_puts_it_back_at_its_own_time(told: Chronicle) -> None:
    undo = told.move(1, "new", 3, {"undoes": 2})
    assert path(only(told)) == [("new", 0)]
    redo = told.move(1, "payment", 4, {"redoes": undo})
    assert path(only(told)) == [("new", 0), ("payment", 2)]
    told.move(1, "new", 5, {"undoes": redo})
    assert path(only(told)) == [("new", 0)]


def test_an_undone_card_was_never_there_until_it_is_redone(told: Chronicle) -> None:
    made = told.create(2, 5)
    undo = told.change("archived", 2, 6, {"undoes": made}, archived=True)
    state = flows(told)
    assert [t.card for t in state.tracks("orders")] == [1]
    assert state.track(2) is None
    told.change("restored", 2, 7, {"redoes": undo}, archived=None)
    assert [t.card for t in flows(told).tracks("orders")] == [1, 2]


def test_a_card_that_is_put_away_keeps_its_track(told: Chronicle) -> None:
    told.change("archived", 1, 9, archived=True)
    assert only(told).archived == hour(9)
    told.change("restored", 1, 10, archived=None)
    assert only(told).archived is None


def test_steps_told_late_stand_where_they_happened(told: Chronicle) -> None:
    told.move(1, "shipping", 20)
    told.move(1, "stock", 10)
    told.move(1, "processing", 10)
    assert [stage for stage, _at in only(told).path] == ["new", "payment", "stock", "processing", "shipping"]


def test_nothing_happens_before_a_card_is_there(told: Chronicle) -> None:
    told.move(1, "stock", -5)
    assert path(only(told)) == [("new", 0), ("stock", 0), ("payment", 2)]


def test_blocks_are_spans(told: Chronicle) -> None:
    blocker = {"reason": "no stock", "since": plain(hour(3))}
    told.change("blocked", 1, 3, blocker=blocker)
    told.change("unblocked", 1, 5, blocker=None)
    again = told.change("blocked", 1, 8, blocker=blocker)
    assert only(told).blocked == ((hour(3), hour(5)), (hour(8), None))
    told.change("unblocked", 1, 9, {"undoes": again}, blocker=None)
    assert only(told).blocked == ((hour(3), hour(5)),)


def test_every_due_day_is_kept_with_its_time(told: Chronicle) -> None:
    told.change("edited", 1, 7, title="other")
    told.change("edited", 1, 8, due="2026-09-09")
    slip = told.change("edited", 1, 9, due=None)
    assert only(told).due is None
    told.change("edited", 1, 9.5, {"undoes": slip}, due="2026-09-09")
    track = only(told)
    assert track.due == date(2026, 9, 9)
    assert track.dues == ((hour(0), date(2026, 9, 5)), (hour(8), date(2026, 9, 9)))


def test_an_import_shows_its_last_due_day_but_tells_the_first() -> None:
    story = Chronicle()
    story.create(1, 0, due="2026-09-20")
    (first,) = story.batches
    events = (
        *first.events,
        story.event("edited", 1, 4, changed={"due": ("2026-09-05", "2026-09-12")}, via="import"),
        story.event("edited", 1, 5, changed={"due": ("2026-09-12", "2026-09-20")}, via="import"),
    )
    story.batches.clear()
    story.write(*events, changes=first.changes, via="import", written=500)
    assert [due for _at, due in only(story).dues] == [date(2026, 9, 5), date(2026, 9, 12), date(2026, 9, 20)]


def test_a_dropped_card_has_a_track_but_no_passage(told: Chronicle) -> None:
    told.create(2, 1)
    told.move(1, "cancelled", 9)
    state = flows(told)
    assert [t.card for t in state.tracks("orders")] == [1, 2]
    assert [p.track.card for p in state.passages("orders")] == [2]


def test_what_changes_is_computed_again_and_the_rest_is_kept(told: Chronicle) -> None:
    told.create(2, 1)
    state = flows(told)
    first, second = state.passages("orders")
    told.move(1, "closed", 9)
    state.apply(told.batches[-1])
    changed, same = state.passages("orders")
    assert changed.done == hour(9)
    assert changed is not first
    assert same is second


def test_other_tables_and_unknown_boards_are_no_cards(told: Chronicle) -> None:
    state = flows(told)
    assert not list(state.tracks("feedback"))
    assert state.passages("nowhere") == []
    assert board_of("orders").category("payment") == "active"
