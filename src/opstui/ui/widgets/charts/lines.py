"""Lines over days: one for each series, what is out of the ordinary marked, what was planned dashed behind them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from opstui.i18n import _
from opstui.projections.panels import Element
from opstui.ui.widgets.charts.canvas import CURSOR, Drawing, Frame, Spot
from opstui.ui.widgets.charts.colors import STATES, letter, series_color
from opstui.ui.widgets.charts.legend import Item, draw_legend, legend_lines
from opstui.ui.widgets.charts.measure import size
from opstui.ui.widgets.charts.places import columns_of, distances, labels
from opstui.ui.widgets.charts.plot import (
    BEHIND,
    Plot,
    draw_days,
    draw_grid,
    draw_guides,
    draw_pointer,
    guides,
    numbers,
    plot,
)

_APART = 4
"""Points that are so many cells apart are drawn as points."""
_FLAT = "▔━▁"
"""A level line in the three thirds of a cell."""
Path = dict[int, float]
"""Column -> value."""


def draw_line(frame: Frame) -> Drawing:
    """A line for each series, gaps where there is no value."""
    planned = _planned(frame)
    items = _legend(frame, planned=planned)
    lines = legend_lines(items, frame.width) if len(items) > 1 else []
    chart = plot(frame, numbers(frame), legend=len(lines))
    columns = columns_of(distances(frame.panel.elements), chart.columns)
    if planned:
        _draw_plan(chart, columns)
    for number, name in enumerate(frame.series):
        _draw_series(chart, columns, number, name)
    spots = tuple(_draw_points(chart, columns))
    draw_grid(chart)
    draw_guides(chart)
    _draw_cursor(chart, spots)
    draw_days(chart, [(chart.left + column, text) for column, text in labels(frame, columns)])
    draw_legend(chart.canvas, chart.base + 2, lines)
    return chart.canvas.finish(spots)


def _planned(frame: Frame) -> bool:
    """Each day has a target of its own, so it is a line and no guide."""
    targets = {element.target for element in frame.panel.elements} - {None}
    return len(targets) > 1 or (bool(targets) and not guides(frame))


def _legend(frame: Frame, *, planned: bool) -> list[Item]:
    names = frame.series
    several = frame.plain and len(names) > 1
    items = [(letter(n) if several else "━", series_color(n), name) for n, name in enumerate(names)]
    if any(element.marked for element in frame.panel.elements):
        items.append(("●", "warn", _("unusual")))
    return [*items, ("╌", "muted", _("target"))] if planned else items


def _path(columns: Sequence[int], values: Sequence[tuple[int, float | None]]) -> list[Path]:
    """The stretches without a gap: points as they are (the mean of those in one cell), between them a straight way."""
    paths: list[Path] = [{}]
    cells: dict[int, list[float]] = {}
    for number, value in values:
        if value is None:
            paths.append({})
            cells = {}
            continue
        cells.setdefault(columns[number], []).append(value)
        paths[-1][columns[number]] = fmean(cells[columns[number]])
    return [_filled(path) for path in paths if path]


def _filled(path: Path) -> Path:
    filled = dict(path)
    for (start, low), (end, high) in pairwise(sorted(path.items())):
        for column in range(start + 1, end):
            filled[column] = low + (high - low) * (column - start) / (end - start)
    return filled


def _draw_series(chart: Plot, columns: Sequence[int], number: int, name: str) -> None:
    elements = chart.frame.panel.elements
    own = [(n, size(element.value)) for n, element in enumerate(elements) if element.series == name]
    several = chart.frame.plain and len(chart.frame.series) > 1
    for path in _path(columns, sorted(own, key=lambda pair: columns[pair[0]])):
        pick = _middle if _apart(chart, columns) else _third
        thirds = [(chart.left + column, pick(chart, value)) for column, value in sorted(path.items())]
        _draw_path(chart, thirds, series_color(number), letter(number) if several else "")


def _third(chart: Plot, value: float) -> int:
    """The third of a line that a value is in, from the top."""
    return min(chart.rows * 3 - 1, int(chart.depth(value) * 3))


def _middle(chart: Plot, value: float) -> int:
    """The middle third of its line, where the points on it are."""
    return (chart.row(value) - chart.top) * 3 + 1


def _apart(chart: Plot, columns: Sequence[int]) -> bool:
    return chart.columns >= _APART * len(set(columns))


def _draw_path(chart: Plot, thirds: Sequence[tuple[int, int]], color: str, sign: str) -> None:
    """A line may be at the top, the middle or the foot of a cell; where it rises by more, it turns corners."""
    turned = False
    for (column, third), (_column, after) in pairwise([*thirds, thirds[-1]]):
        row, below = chart.top + third // 3, chart.top + after // 3
        turns = row != below and abs(after - third) > 1
        if turns:
            _draw_turn(chart, column, row, below, color)
        else:
            chart.canvas.put(row, column, sign or ("━" if turned else _FLAT[third % 3]), color)
        turned = turns


def _draw_turn(chart: Plot, column: int, row: int, after: int, color: str) -> None:
    """From one row to another within a column."""
    down = after > row
    for between in range(min(row, after) + 1, max(row, after)):
        chart.canvas.put(between, column, "┃", color)
    chart.canvas.put(row, column, "┓" if down else "┛", color)
    chart.canvas.put(after, column, "┗" if down else "┏", color)


def _draw_plan(chart: Plot, columns: Sequence[int]) -> None:
    values = [(n, element.target) for n, element in enumerate(chart.frame.panel.elements)]
    known = sorted((pair for pair in values if pair[1] is not None), key=lambda pair: columns[pair[0]])
    for path in _path(columns, known):
        for column, value in path.items():
            chart.canvas.put(chart.row(value), chart.left + column, "╌", "muted")


def _draw_points(chart: Plot, columns: Sequence[int]) -> list[Spot]:
    """Those that are marked, not over yet or far apart; where every element is."""
    panel = chart.frame.panel
    apart = _apart(chart, columns)
    spots = []
    for number, element in enumerate(panel.elements):
        value = size(element.value)
        row, column = chart.row(value or 0.0), chart.left + columns[number]
        spots.append(Spot(number, row, column))
        color = STATES.get(element.state, series_color(chart.frame.series[element.series]))
        if value is not None and (sign := _sign(element, apart=apart)):
            several = chart.frame.plain and len(chart.frame.series) > 1 and sign == "•"
            sign = letter(chart.frame.series[element.series]) if several else sign
            chart.canvas.put(row, column, sign, _tone(element, color), bold=element.marked)
            if element.marked:
                chart.canvas.put(chart.base, column, "!", _tone(element, color), bold=True)
    return spots


def _tone(element: Element, color: str) -> str:
    return "warn" if element.marked and element.state == "plain" else color


def _sign(element: Element, *, apart: bool) -> str:
    if element.marked or element.state in ("warn", "bad"):
        return "●"
    return "○" if element.hollow else "•" if apart else ""


def _draw_cursor(chart: Plot, spots: Sequence[Spot]) -> None:
    cursor = chart.frame.cursor
    if cursor is None or not 0 <= cursor < len(spots):
        return
    spot = spots[cursor]
    draw_pointer(chart, spot.column)
    for row in range(chart.top, chart.base):
        if not chart.frame.plain and chart.canvas.at(row, spot.column).text in BEHIND:
            chart.canvas.underlay(Spot(0, row, spot.column), CURSOR)
    chart.canvas.put(spot.row, spot.column, "●", "background", "accent", bold=True)
