"""Axes with round ticks, and numbers as people read them."""

from __future__ import annotations

import math
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.model import Money
from opstui.formats import Formats
from opstui.projections.panels import Panel, Value
from opstui.ui.widgets.charts.measure import Scale, scale, size, written
from opstui.ui.widgets.charts.rows import window
from opstui.ui.widgets.charts.stacks import slots_of

FORMATS = Formats(locale="en", currency="IDR", zone=ZoneInfo("Asia/Jakarta"))


def axis(unit: str, *values: float, rows: int = 10) -> Scale:
    """The axis of a panel of that unit."""
    return scale(Panel(id="p", title="t", kind="line", elements=(), unit=unit), values, rows)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (14, "cards", "14"),
        (2.5, "ratio", "2.50"),
        (61.25, "ratio", "61.2"),
        (1234567, "pieces", "1,234,567"),
        (51.0, "hours", "2.1 d"),
        (-51.0, "hours", "-2.1 d"),
        (95, "minutes", "2 h"),
        (3.5, "days", "3.5 d"),
        (0.42, "fraction", "42%"),
        (0.031, "fraction", "3.1%"),
        (Money(4_100_000, "IDR"), "IDR", "Rp 4.1M"),
        (None, "cards", "n/a"),
        (math.nan, "cards", "n/a"),
        (1e30, "cards", "1e+30"),
        ("Packing", "cards", "Packing"),
    ],
)
def test_a_value_is_written_in_its_unit(value: Value, unit: str, text: str) -> None:
    assert written(value, unit, FORMATS) == text


@pytest.mark.parametrize(
    ("value", "length"),
    [(3, 3.0), (Money(1250, "USD"), 12.5), (None, None), ("won", None), (math.inf, None)],
)
def test_what_has_a_length(value: Value, length: float | None) -> None:
    assert size(value) == length


@pytest.mark.parametrize(
    ("made", "name", "labels"),
    [
        (axis("cards", 14), "cards", ["0", "5", "10", "15"]),
        (axis("cards", 1, rows=4), "cards", ["0", "1"]),
        (axis("hours", 400.0), "days", ["0", "5", "10", "15"]),
        (axis("minutes", 90), "minutes", ["0", "20", "40", "60", "80", "100"]),
        (axis("fraction", 0.9), "%", ["0", "20", "40", "60", "80", "100"]),
        (axis("IDR", 2_000_000), "IDR", ["0", "1M", "2M"]),
    ],
)
def test_ticks_are_round_and_say_their_unit_once(made: Scale, name: str, labels: list[str]) -> None:
    assert made.name() == name
    assert [made.label(tick, FORMATS) for tick in made.ticks] == labels


@given(st.lists(st.floats(-1e9, 1e9), max_size=20), st.integers(1, 50), st.sampled_from(["cards", "hours", "ratio"]))
def test_an_axis_holds_all_values_and_its_ticks_stand_between_lines(values: list[float], rows: int, unit: str) -> None:
    made = axis(unit, *values, rows=rows)
    hair = 1e-6 + 1e-8 * (made.high - made.low)
    assert made.low - hair <= min([0.0, *values])
    assert made.high + hair >= max([0.0, *values])
    if rows > 1:
        assert any(tick == 0 for tick in made.ticks)
        assert all(math.isclose(d := made.share(tick) * rows, round(d), abs_tol=1e-6) for tick in made.ticks)


@given(st.integers(1, 400), st.integers(1, 200), st.booleans())
def test_columns_stand_in_order_and_inside(count: int, columns: int, touching: bool) -> None:
    slots = slots_of(count, columns, touching=touching)
    assert len(slots) == count
    assert all(a.left <= b.left for a, b in pairwise(slots))
    assert all(slot.width >= 1 and slot.left + slot.width <= columns for slot in slots)


@given(st.integers(0, 300), st.integers(1, 60), st.integers(0, 299))
def test_the_row_at_the_cursor_is_in_sight(count: int, room: int, cursor: int) -> None:
    seen = window(count, room, cursor)
    assert len(seen) <= max(1, room)
    assert cursor in seen or cursor >= count
    assert seen.stop <= count
