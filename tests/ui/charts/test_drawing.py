"""Every panel in every size: the lines are as wide as asked, each element has its place, and nothing breaks."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opstui.domain.model import Money
from opstui.formats import Formats
from opstui.projections.panels import Element, Guide, Kind, Panel
from opstui.ui.glyphs import TWINS
from opstui.ui.ink import cells
from opstui.ui.themes import TOKENS
from opstui.ui.widgets.charts.drawing import Drawing, draw, least_height, natural_height

FORMATS = Formats(locale="en", currency="IDR", zone=ZoneInfo("Asia/Jakarta"))
KINDS: tuple[Kind, ...] = ("figures", "columns", "bars", "area", "line", "scatter", "funnel", "table")
DAY = date(2026, 9, 1)


def panel(kind: Kind, *values: float | None, unit: str = "cards", guides: tuple[Guide, ...] = ()) -> Panel:
    """A panel over days."""
    made = tuple(Element(label=f"day {n}", at=DAY + timedelta(n), value=value) for n, value in enumerate(values))
    return Panel(id="p", title="t", kind=kind, elements=made, unit=unit, guides=guides)


def named(kind: Kind, **values: float) -> Panel:
    """A panel over names."""
    made = tuple(Element(label=name, value=value) for name, value in values.items())
    return Panel(id="p", title="t", kind=kind, elements=made)


def drawn(
    of: Panel, width: int = 40, height: int = 10, *, cursor: int | None = None, table: bool = False, plain: bool = False
) -> Drawing:
    """The drawing, after what is true of every one was looked at."""
    drawing = draw(of, width, height, cursor=cursor, table=table, formats=FORMATS, plain=plain)
    assert len(drawing.lines) == height
    for line in drawing.lines:
        assert sum(cells(run.text) for run in line) == width
        assert all(run.color in TOKENS and run.ground in ("", *TOKENS) for run in line)
    assert [spot.element for spot in drawing.spots] == sorted({spot.element for spot in drawing.spots})
    for spot in drawing.spots:
        assert 0 <= spot.row < height
        assert 0 <= spot.column < width
    return drawing


def text(drawing: Drawing) -> list[str]:
    """The lines without their looks."""
    return ["".join(run.text for run in line).rstrip() for line in drawing.lines]


VALUES = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=6),
    st.integers(-(10**12), 10**12).map(lambda amount: Money(amount, "IDR")),
)
ELEMENTS = st.builds(
    Element,
    label=st.text(max_size=12),
    value=VALUES,
    series=st.sampled_from(["", "Meta", "Google 促销", "e\u0301\x1b[31m"]),
    at=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    x=st.one_of(st.none(), st.floats(-1e6, 1e6)),
    state=st.sampled_from(["good", "warn", "bad", "plain"]),
    target=st.one_of(st.none(), st.floats(-1e9, 1e9)),
    note=st.text(max_size=12),
    rest=st.lists(VALUES, max_size=3).map(tuple),
    hollow=st.booleans(),
    marked=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(
    made=st.lists(ELEMENTS, max_size=40).map(tuple),
    kind=st.sampled_from(KINDS),
    unit=st.sampled_from(["cards", "hours", "days", "minutes", "fraction", "ratio", "pieces", "IDR"]),
    levels=st.lists(st.floats(-1e7, 1e7), max_size=3),
    size=st.tuples(st.integers(1, 130), st.integers(1, 40)),
    looks=st.tuples(st.booleans(), st.booleans()),
)
def test_whatever_is_in_a_panel_it_is_drawn_in_its_size(
    made: tuple[Element, ...],
    kind: Kind,
    unit: str,
    levels: list[float],
    size: tuple[int, int],
    looks: tuple[bool, bool],
) -> None:
    guides = tuple(Guide(f"p{n}", value) for n, value in enumerate(levels))
    of = Panel(id="p", title="t", kind=kind, elements=made, unit=unit, guides=guides)
    table, plain = looks
    for cursor in (None, len(made) // 2):
        drawn(of, size[0], size[1], cursor=cursor, table=table, plain=plain)
    assert least_height(of, table=table) >= 1
    assert natural_height(of, size[0], table=table) >= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 30, 365])
@pytest.mark.parametrize("width", [36, 120])
def test_the_cursor_reaches_every_element(kind: Kind, count: int, width: int) -> None:
    of = panel(kind, *range(count))
    for cursor in range(0, count, 61):
        drawing = drawn(of, width, 14, cursor=cursor)
        assert cursor in {spot.element for spot in drawing.spots}
        assert any(run.ground or run.color == "ink" for line in drawing.lines for run in line)


@pytest.mark.parametrize("kind", KINDS)
def test_every_sign_has_an_ascii_twin(kind: Kind) -> None:
    of = panel(kind, *range(-3, 20), guides=(Guide("p85", 7.0),))
    for cursor in (None, 3):
        signs = set("".join(text(drawn(of, 60, 14, cursor=cursor))))
        assert {sign for sign in signs if not sign.isascii()} <= set(TWINS)


def test_without_colour_no_band_stands_on_a_ground_of_its_own() -> None:
    made = tuple(
        Element(label="d", at=DAY + timedelta(n), value=n + 1, series=name) for n in range(9) for name in "abc"
    )
    of = Panel(id="p", title="t", kind="area", elements=made)
    drawing = drawn(of, 40, 12, plain=True)
    assert not any(run.ground for line in drawing.lines for run in line)
    assert {"█", "░", "▓"} <= set("".join(text(drawing)))


def test_columns_are_as_high_as_their_numbers_and_the_ticks_stand_there() -> None:
    assert text(drawn(named("columns", Mon=2, Tue=4, Wed=0, Thu=1), 22, 6)) == [
        "4┤     ████",
        " │     ████",
        "2┤████ ████",
        " │████ ████      ████",
        "0▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔",
        "   Mon  Tue  Wed  Thu",
    ]


def test_what_is_below_nought_hangs_from_it() -> None:
    lines = text(drawn(named("columns", a=5, b=-5), 24, 6))
    first, second = ([n for n, line in enumerate(lines) if "█" in line[at : at + 9]] for at in (3, 13))
    assert (first, second) == ([0, 1], [2, 3])


def test_the_first_stage_is_the_topmost_band() -> None:
    made = tuple(
        Element(label="d", at=DAY + timedelta(n), value=4, series=name) for n in range(5) for name in ("new", "done")
    )
    of = Panel(id="p", title="t", kind="area", elements=made)
    spots = drawn(of, 40, 12).spots
    assert spots[0].row < spots[1].row
    assert "new" in text(drawn(of, 40, 12))[-1]


def test_a_funnel_says_what_share_came_this_far_and_marks_the_drop() -> None:
    made = (Element(label="seen", value=200), Element(label="bought", value=50, marked=True))
    lines = text(drawn(Panel(id="p", title="t", kind="funnel", elements=made), 40, 2))
    assert lines[1].startswith("▼ bought  50  25%")
    assert "░" in lines[1]
    assert len(lines[0]) == len(lines[1]) == 40
    assert lines[1].endswith("█████▌░░░░░░░░░░░░░░░░")


def test_an_unusual_day_is_marked_on_the_line_and_below_it() -> None:
    made = tuple(
        Element(label=str(n), at=DAY + timedelta(n), value=90 if n == 4 else 10, marked=n == 4) for n in range(9)
    )
    lines = text(drawn(Panel(id="p", title="t", kind="line", elements=made), 60, 10))
    column = next(line.index("●") for line in lines if "●" in line)
    assert lines[-3 if "unusual" in lines[-1] else -2][column] == "!"


def test_a_day_without_a_value_is_a_gap() -> None:
    drawing = drawn(panel("line", 5, 5, None, 5, 5), 24, 8)
    row = next(line for line in text(drawing) if "•" in line)
    assert "  " in row[row.index("•") : row.rindex("•")]


def test_percentile_lines_are_named_at_their_end() -> None:
    guides = (Guide("p50", 30.0), Guide("p85", 80.0))
    lines = text(drawn(panel("scatter", *range(0, 100, 5), unit="hours", guides=guides), 60, 12))
    assert sum("╌" in line for line in lines) == 2
    assert any(line.endswith("p85 3.3 d") for line in lines)
    assert any(line.endswith("p50 30 h") for line in lines)


def test_points_of_stages_stand_over_the_stage_and_side_by_side() -> None:
    made = tuple(
        Element(label=f"O{n}", value=5.0, series=name, x=x) for n in range(3) for name, x in (("b", 2), ("a", 1))
    )
    drawing = drawn(Panel(id="p", title="t", kind="scatter", elements=made), 40, 8)
    assert len({(spot.row, spot.column) for spot in drawing.spots}) == 6
    assert text(drawing)[-1].split() == ["a", "b"]


def test_the_table_of_series_over_days_is_a_row_a_day() -> None:
    made = tuple(
        Element(label="d", at=DAY + timedelta(n), value=n * 10, series=name)
        for n in range(2)
        for name in ("Meta", "Ads")
    )
    drawing = drawn(Panel(id="p", title="t", kind="line", elements=made), 40, 4, table=True, cursor=3)
    assert text(drawing)[:3] == ["day    Meta  Ads", "1 Sep     0    0", "2 Sep    10   10"]
    assert [spot.row for spot in drawing.spots] == [1, 1, 2, 2]


def test_a_table_has_all_columns_and_leaves_out_the_last_where_there_is_no_room() -> None:
    made = (Element(label="Meta", value=Money(1_200_000, "IDR"), rest=(0.031, "won", None), state="bad"),)
    heads, units = ("channel", "spend", "CTR", "verdict", "ROAS"), ("fraction", "", "ratio")
    of = Panel(id="p", title="t", kind="table", elements=made, unit="IDR", heads=heads, units=units)
    assert text(drawn(of, 60, 2)) == [
        "  channel    spend   CTR  verdict  ROAS",
        "‼ Meta     Rp 1.2M  3.1%  won       n/a",
    ]
    assert text(drawn(of, 26, 2))[0].endswith("…")


def test_rows_that_are_out_of_sight_are_counted() -> None:
    of = panel("table", *range(50))
    assert text(drawn(of, 30, 10, cursor=25))[-1] == "↑ 21 more  ↓ 21 more"
    assert text(drawn(of, 30, 10))[-1] == "↓ 42 more"


def test_why_there_is_nothing_is_said() -> None:
    of = Panel(id="p", title="t", kind="line", elements=(), missing="No order is done yet.")
    assert text(drawn(of, 12, 3)) == ["No order is", "done yet.", ""]


def test_a_period_that_is_not_over_is_drawn_as_a_shade() -> None:
    made = tuple(Element(label=str(n), value=4, hollow=n == 1) for n in range(2))
    lines = text(drawn(Panel(id="p", title="t", kind="columns", elements=made), 20, 6))
    assert "█" in lines[2]
    assert "▒" in lines[2]


def test_a_click_means_the_nearest_element() -> None:
    drawing = drawn(named("columns", a=5, b=1), 24, 8)
    first, second = drawing.spots
    assert drawing.nearest(second.row, second.column) == 1
    assert drawing.nearest(0, second.column + 1) == 1
    assert drawing.nearest(7, 0) == first.element
    assert drawn(named("columns"), 24, 8).nearest(0, 0) is None
