"""Columns and areas: bands that stand on each other from nought, one stack for each day or name.

A column chart is stacks with gaps, a cumulative flow is stacks without; a chart with one series has one band a stack.
The first series is the topmost band, as the first stage of a board is the newest work and the last is what is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from msgspec import Struct

from opstui.projections.panels import Element
from opstui.ui.glyphs import BARS
from opstui.ui.widgets.charts.canvas import CURSOR, Drawing, Frame, Spot
from opstui.ui.widgets.charts.colors import element_color, pattern, series_color
from opstui.ui.widgets.charts.legend import Item, draw_legend, legend_lines
from opstui.ui.widgets.charts.measure import size
from opstui.ui.widgets.charts.plot import (
    BEHIND,
    Plot,
    day_text,
    draw_days,
    draw_grid,
    draw_guides,
    draw_marks,
    draw_names,
    draw_pointer,
    plot,
)

_SOLID_REVERSED = "▓"
"""What a solid cell is under the cursor where there are no colours: reversed itself it would be gone."""
_HANGING = "▔▔▀▀▀▀██"
"""What hangs from nought into a cell, by its eighths: there are no finer blocks."""
FULL = 8
"""Eighths of a cell."""
_WIDEST = 20
"""Cells that a column and its gap have at most."""
_FILLED = 0.75
"""Whole columns are used where they fill this much of the room; else they touch, and are not all as wide."""


class Band(Struct, frozen=True):
    """One element of a stack, in eighths of a row above the lower end of the axis."""

    element: int
    low: int
    high: int
    color: str
    sign: str


class Slot(Struct, frozen=True):
    """Where a stack stands."""

    left: int
    width: int


def draw_columns(frame: Frame) -> Drawing:
    """A column for each element (or stacked ones, where there are several series)."""
    return _draw(frame, touching=False)


def draw_area(frame: Frame) -> Drawing:
    """Bands over time, without gaps."""
    return _draw(frame, touching=True)


def _draw(frame: Frame, *, touching: bool) -> Drawing:
    stacks = _stacks(frame)
    items = _legend(frame)
    lines = legend_lines(items, frame.width) if len(items) > 1 else []
    chart = plot(frame, _totals(frame, stacks), legend=len(lines))
    slots = slots_of(len(stacks), chart.columns, touching=touching)
    spots = _draw_stacks(chart, stacks, slots)
    draw_grid(chart)
    draw_guides(chart)
    _draw_cursor(chart, spots, whole=not touching)
    places = [
        (chart.left + slot.left + slot.width // 2, day_text(frame.panel.elements[stack[0]], frame))
        for stack, slot in zip(stacks, slots, strict=True)
    ]
    dated = all(element.at is not None for element in frame.panel.elements)
    (draw_days if dated else draw_names)(chart, places)
    draw_legend(chart.canvas, chart.base + 2, lines)
    return chart.canvas.finish(spots[n] for n in sorted(spots))


def _draw_stacks(chart: Plot, stacks: Sequence[Sequence[int]], slots: Sequence[Slot]) -> dict[int, Spot]:
    """Where each element is. Of stacks that share a column one is drawn; the others' elements are where its own are."""
    frame = chart.frame
    pairs = sorted(zip(stacks, slots, strict=True), key=partial(_rank, frame))
    shown = {slot.left: (stack, slot) for stack, slot in pairs}
    places: dict[tuple[int, str], Spot] = {}
    spots: dict[int, Spot] = {}
    for stack, slot in shown.values():
        bands = list(_bands(chart, stack))
        _draw_stack(chart, bands, slot)
        spots |= {band.element: _spot(chart, band, slot) for band in bands}
        places |= {(slot.left, frame.panel.elements[n].series): spots[n] for n in stack}
    for stack, slot in pairs:
        column = Spot(0, chart.top, chart.left + slot.left, slot.width, chart.rows)
        for number in stack:
            place = places.get((slot.left, frame.panel.elements[number].series), column)
            spots.setdefault(number, place._replace(element=number))
    return spots


def _stacks(frame: Frame) -> list[list[int]]:
    """The elements of each day or name, from the topmost band down, days in their order."""
    found: dict[object, list[int]] = {}
    for number, element in enumerate(frame.panel.elements):
        found.setdefault(element.at or element.label, []).append(number)
    elements = frame.panel.elements
    dated = all(element.at is not None for element in elements)
    return (
        sorted(found.values(), key=lambda stack: elements[stack[0]].at or date.min) if dated else list(found.values())
    )


def _legend(frame: Frame) -> list[Item]:
    return [(pattern(n) if frame.plain else "■", series_color(n), name) for n, name in enumerate(frame.series)]


def _totals(frame: Frame, stacks: Sequence[Sequence[int]]) -> Iterator[float]:
    elements = frame.panel.elements
    for stack in stacks:
        sizes = [size(elements[n].value) or 0.0 for n in stack]
        yield sum(one for one in sizes if one > 0)
        yield sum(one for one in sizes if one < 0)


def _rank(frame: Frame, place: tuple[Sequence[int], Slot]) -> tuple[bool, float]:
    """Where stacks share a column, the greatest is seen: the one under the cursor, else the highest."""
    stack, _slot = place
    return frame.cursor in stack, sum(size(frame.panel.elements[n].value) or 0.0 for n in stack)


def slots_of(count: int, columns: int, *, touching: bool) -> list[Slot]:
    """Where `count` stacks stand in `columns` cells."""
    whole = min(columns // max(1, count), _WIDEST)
    if touching or whole == 0 or (whole < 3 and whole * count < columns * _FILLED):  # noqa: PLR2004
        ends = [number * columns // count for number in range(count + 1)] if count else []
        return [Slot(ends[n], max(1, ends[n + 1] - ends[n])) for n in range(count)]
    gap = 0 if whole == 1 else 1 if whole < 6 else 2  # noqa: PLR2004
    return [Slot(number * whole, whole - gap) for number in range(count)]


def _draw_stack(chart: Plot, bands: Sequence[Band], slot: Slot) -> None:
    left = chart.left + slot.left
    fine = not chart.frame.plain or len(chart.frame.series) == 1
    for row in range(chart.rows):
        sign, color, ground = _cell(bands, (chart.rows - 1 - row) * FULL, plain=chart.frame.plain, fine=fine)
        if sign != " ":
            for column in range(left, left + slot.width):
                chart.canvas.put(chart.top + row, column, sign, color, ground)
    for band in bands:
        draw_marks(chart, chart.frame.panel.elements[band.element], left + slot.width // 2)


def _spot(chart: Plot, band: Band, slot: Slot) -> Spot:
    """The rows that a band touches; one that has no height still has a row, where it would begin."""
    top = chart.rows - -(-max(band.high, band.low + 1) // FULL)
    bottom = chart.rows - band.low // FULL
    row = min(max(0, top), chart.rows - 1)
    return Spot(band.element, chart.top + row, chart.left + slot.left, slot.width, max(1, bottom - row))


def _bands(chart: Plot, stack: Sequence[int]) -> Iterator[Band]:
    """From the topmost down, what is below nought hanging from there."""
    frame = chart.frame
    above = below = 0.0
    for number in reversed(stack):
        element = frame.panel.elements[number]
        value = size(element.value) or 0.0
        start = above if value >= 0 else below
        low, high = sorted((_eighths(chart, start), _eighths(chart, start + value)))
        above, below = above + max(0.0, value), below + min(0.0, value)
        if value and low == high:
            low, high = (low, low + 1) if value > 0 else (low - 1, low)
        series = frame.series[element.series]
        yield Band(number, low, high, _color(frame, element, series, number), _sign(frame, element, series, number))


def _eighths(chart: Plot, value: float) -> int:
    return round(chart.scale.share(value) * chart.rows * FULL)


def _color(frame: Frame, element: Element, series: int, number: int) -> str:
    if number == frame.cursor and not frame.plain:
        return "ink"
    return element_color(element, series)


def _sign(frame: Frame, element: Element, series: int, number: int) -> str:
    if element.hollow:
        return "▒"
    sign = pattern(series) if frame.plain else "█"
    return _SOLID_REVERSED if frame.plain and number == frame.cursor and sign == "█" else sign


def _cell(bands: Sequence[Band], floor: int, *, plain: bool, fine: bool) -> tuple[str, str, str]:
    """Sign, colour and ground of the cell whose lower edge is `floor` eighths high."""
    parts = [
        (min(band.high, floor + FULL) - max(band.low, floor), band)
        for band in bands
        if band.low < floor + FULL and band.high > floor and band.low < band.high
    ]
    if not parts:
        return " ", "ink", ""
    parts.sort(key=lambda part: part[1].low)
    share, band = max(parts, key=lambda part: part[0])
    covered = sum(part for part, _band in parts)
    if band.sign != "█" or not fine:
        return (band.sign if covered * 2 >= FULL or band.low >= floor else " "), band.color, ""
    if share == FULL:
        return "█", band.color, band.color if not plain else ""
    return _edge(parts, floor, plain=plain)


def _edge(parts: Sequence[tuple[int, Band]], floor: int, *, plain: bool) -> tuple[str, str, str]:
    """A cell with a boundary in it: the lower band as a block on the ground of the next."""
    (share, low), upper = parts[0], parts[-1][1]
    if low.low > floor:
        return _HANGING[share - 1], low.color, ""
    if upper is low or plain:
        return BARS[min(low.high - floor, FULL) - 1], low.color, ""
    return BARS[min(low.high - floor, FULL) - 1], low.color, upper.color


def _draw_cursor(chart: Plot, spots: dict[int, Spot], *, whole: bool) -> None:
    spot = spots.get(-1 if chart.frame.cursor is None else chart.frame.cursor)
    if spot is None:
        return
    draw_pointer(chart, spot.column, spot.width)
    if chart.frame.plain:
        chart.canvas.underlay(spot, CURSOR)
    elif whole:
        for row in range(chart.top, chart.base):
            for column in range(spot.column, spot.column + spot.width):
                if chart.canvas.at(row, column).text in BEHIND:
                    chart.canvas.underlay(Spot(0, row, column), CURSOR)
