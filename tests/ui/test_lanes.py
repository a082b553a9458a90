"""The arithmetic of lanes as tables, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.ui.widgets.lanes import geometry, scroll, thumb, window


@pytest.mark.parametrize(
    ("width", "height", "lanes", "shown", "windowed", "roomy"),
    [
        (120, 43, 6, 6, False, True),
        (160, 43, 6, 6, False, True),
        (80, 21, 6, 3, True, False),
        (80, 36, 6, 3, True, True),
        (80, 21, 3, 3, False, False),
        (100, 30, 7, 4, True, True),
        (20, 3, 6, 1, True, False),
        (0, 0, 6, 1, True, False),
    ],
)
def test_layouts(width: int, height: int, lanes: int, shown: int, windowed: bool, roomy: bool) -> None:
    g = geometry(width, height, lanes)
    assert (len(g.spans), g.windowed, g.roomy) == (shown, windowed, roomy)


@given(st.integers(1, 300), st.integers(1, 100), st.integers(1, 20))
def test_lanes_cover_the_width_without_overlap(width: int, height: int, lanes: int) -> None:
    g = geometry(width, height, lanes)
    x = 0
    for start, lane in g.spans:
        assert start == x
        x += lane
    assert x == width
    assert g.page >= 1
    assert [g.lane_at(start) for start, lane in g.spans if lane] == [n for n, (_x, lane) in enumerate(g.spans) if lane]


@given(st.integers(0, 50), st.integers(1, 20), st.integers(0, 100), st.integers(0, 99))
def test_scrolling_keeps_the_cursor_in_sight(offset: int, page: int, count: int, cursor: int) -> None:
    cursor = min(cursor, max(0, count - 1))
    new = scroll(offset, page, count, cursor)
    assert 0 <= new <= max(0, count - page)
    assert new <= cursor < new + page
    assert scroll(new, page, count, cursor) == new


def test_a_lane_jumps_half_a_page() -> None:
    assert scroll(0, 6, 100, 5) == 0
    assert scroll(0, 6, 100, 6) == 3
    assert scroll(3, 6, 100, 2) == 0


@given(st.integers(0, 20), st.integers(1, 8), st.integers(1, 12), st.integers(0, 11))
def test_the_window_holds_the_cursor(first: int, shown: int, lanes: int, cursor: int) -> None:
    shown, cursor = min(shown, lanes), min(cursor, lanes - 1)
    start = window(first, shown, lanes, cursor)
    assert start <= cursor < start + shown
    assert 0 <= start <= lanes - shown


@given(st.integers(0, 200), st.integers(1, 20), st.integers(0, 200), st.integers(1, 60))
def test_the_thumb_stays_on_the_bar(offset: int, page: int, count: int, height: int) -> None:
    offset = min(offset, max(0, count - page))
    covered = thumb(offset, page, count, height)
    assert bool(covered) == (count > page)
    assert all(0 <= line < height for line in covered)
    if covered and offset == 0:
        assert covered[0] == 0
    if covered and offset == count - page:
        assert covered[-1] == height - 1
