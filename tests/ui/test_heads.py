"""The heads of lanes: name, count and order in whatever width there is; figures where they fit."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from builders import board_of
from opstui.domain.boards import Stage
from opstui.domain.model import Money
from opstui.projections.board import Band, BoardView, LaneView
from opstui.projections.sorting import Sort
from opstui.ui.ink import Ink
from opstui.ui.themes import load_themes
from opstui.ui.widgets.heads import band_count, band_name, head, rail
from opstui.ui.widgets.lanes import geometry
from opstui.ui.widgets.paint import Line
from ui.shop import JAKARTA

INK = Ink(next(t for t in load_themes().themes if t.name == "dark"))
STOCK = board_of("orders").stages[2]
LANE = LaneView(STOCK, tuple(range(6)), 6, (Money(3_600_000, "IDR"),))
BAND = Band("rina", "rina", 12, (Money(4_100_000, "IDR"),))


def text(line: Line) -> str:
    return "".join(segment.text for segment in line)


def first(lane: LaneView, width: int, *, roomy: bool = False) -> str:
    return text(head(lane, 0, width, INK, JAKARTA, roomy=roomy, cursor=False))


@pytest.mark.parametrize(
    ("lane", "width", "shown"),
    [
        (LANE, 26, " Stock 6/8     Rp 3,6 jt  "),
        (replace(LANE, sort=Sort("due")), 26, " Stock 6/8 ↑due   3,6 jt  "),
        (replace(LANE, sort=Sort("value", down=True)), 26, " Stock 6/8 ↓value         "),
        (replace(LANE, sort=Sort("priority", down=True)), 22, " Stock 6/8 ↓priority  "),
        (replace(LANE, sort=Sort("priority", down=True)), 18, " Stock 6/8 ↓      "),
        (replace(LANE, sort=Sort("due"), pending=True), 22, " Stock 6/8 …due       "),
        (replace(LANE, filtered=True, sort=Sort("customer")), 22, " Stock 6 of 6 ↑       "),
        (replace(LANE, total=9), 20, " Stock !9/8         "),
        (replace(LANE, stage=Stage(id="x", name="Post-mortem", wip=8), sort=Sort("due")), 18, " Post-mor… 6/8 ↑  "),
    ],
)
def test_the_fullest_wording_that_fits(lane: LaneView, width: int, shown: str) -> None:
    assert first(lane, width) == shown


def test_an_average_stands_in_place_of_sums() -> None:
    lane = replace(LANE, sums=(), average=3.25)
    assert text(head(lane, 1, 24, INK, JAKARTA, roomy=True, cursor=False)).strip() == "3,2 on average"
    assert first(lane, 22).split() == ["Stock", "6/8", "avg", "3,2"]
    assert first(lane, 16).split() == ["Stock", "6/8"]


NAMES = st.sampled_from(["New", "Post-mortem", "日本語の段階", "A very long name of a stage"])
LANES = st.builds(
    lambda name, n, sort, filtered, pending: LaneView(
        Stage(id="x", name=name, wip=n),
        (1,) * n,
        n,
        (Money(n * 1000, "IDR"), Money(n, "USD")),
        filtered=filtered,
        sort=sort,
        pending=pending,
    ),
    NAMES,
    st.integers(0, 2000),
    st.sampled_from([None, Sort("due"), Sort("priority", down=True)]),
    st.booleans(),
    st.booleans(),
)


@given(LANES, st.integers(14, 60), st.booleans(), st.integers(0, 2))
def test_a_head_is_as_wide_as_its_lane_and_always_says_that_it_is_sorted(
    lane: LaneView, width: int, roomy: bool, line: int
) -> None:
    assert cell_len(text(head(lane, line, width, INK, JAKARTA, roomy=roomy, cursor=False))) == width
    if lane.sort and width >= 24:
        assert any(mark in first(lane, width) for mark in "↑↓…")


@given(st.text(max_size=20), st.integers(0, 5000), st.integers(0, 99), st.integers(8, 60), st.booleans(), st.booleans())
def test_a_band_s_header_is_as_wide_as_its_lane(
    label: str, total: int, count: int, width: int, folded: bool, cursor: bool
) -> None:
    shown = Band(label, label, total, (Money(total * 99, "IDR"), Money(1, "USD")), folded)
    for line in (
        band_name(shown, count, width, INK, JAKARTA, cursor=cursor),
        band_count(count, width, INK, cursor=cursor, place="1 of 3"),
    ):
        assert cell_len(text(line)) == width
        assert text(line).isprintable()


@pytest.mark.parametrize(
    ("change", "count", "width", "shown"),
    [
        ({}, 3, 40, " ▾ rina 12 · Rp 4,1 jt                 3"),
        ({}, 0, 24, " ▾ rina 12 · Rp 4,1 jt  "),
        ({}, 3, 24, " ▾ rina 12 · 4,1 jt    3"),
        ({}, 3, 16, " ▾ rina 12     3"),
        ({"folded": True}, 3, 16, " ▸ rina 12     3"),
        ({"label": "a long name of someone"}, 3, 20, " ▾ a long nam… 12  3"),
    ],
)
def test_a_band_s_name_its_count_and_what_it_is_worth(
    change: dict[str, Any], count: int, width: int, shown: str
) -> None:
    assert text(band_name(replace(BAND, **change), count, width, INK, JAKARTA, cursor=False)) == shown


@pytest.mark.parametrize(
    ("names", "first", "width", "shown"),
    [
        ("New Payment Stock", 0, 40, "                    Payment 6   Stock 6 ›"),
        ("New Payment Stock Shipping", 2, 40, " ‹ New 6   Payment 6        Shipping 6 › "),
        ("New Payment Stock Shipping", 0, 28, "     Payment 6   Stock 6   +1 › "),
        ("New Payment Stock Shipping", 3, 20, " ‹ +2   Stock 6"),
        ("New Payment Stock Shipping", 0, 8, " +3 ›"),
        ("New Payment Stock Shipping", 1, 4, ""),
    ],
)
def test_the_names_beside_the_lanes_are_whole(names: str, first: int, width: int, shown: str) -> None:
    """Regression: beside an open card the last one was cut in the middle."""
    lanes = tuple(replace(LANE, stage=dataclasses.replace(STOCK, name=name)) for name in names.split())
    line = text(rail(BoardView(board_of("orders"), lanes), first, geometry(width, 30, 40), INK))
    assert line.split() == shown.split()
    assert cell_len(line) == width
