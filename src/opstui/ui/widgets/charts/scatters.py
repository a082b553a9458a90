"""Points: each a card, read against percentile lines; over days, over a number, or one stretch for each stage."""

from __future__ import annotations

from collections.abc import Sequence

from opstui.ui.widgets.charts.canvas import CURSOR, Drawing, Frame, Spot
from opstui.ui.widgets.charts.colors import STATES, letter, series_color
from opstui.ui.widgets.charts.legend import draw_legend, legend_lines
from opstui.ui.widgets.charts.measure import size
from opstui.ui.widgets.charts.places import columns_of, distances, labels, names
from opstui.ui.widgets.charts.plot import (
    BEHIND,
    Plot,
    draw_days,
    draw_grid,
    draw_guides,
    draw_names,
    draw_pointer,
    numbers,
    plot,
)

_DIGITS = 9
_SEVERITY = ("plain", "good", "warn", "bad")


def draw_scatter(frame: Frame) -> Drawing:
    """The points over the lines; a cell with several has a larger sign (without colour, their number)."""
    panel = frame.panel
    stages = names(panel.elements)
    items = [(_own(frame, n), series_color(n), name) for n, name in enumerate(frame.series)]
    lines = legend_lines(items, frame.width) if len(items) > 1 and not stages else []
    chart = plot(frame, numbers(frame), legend=len(lines))
    places = _in_stages(chart, stages) if stages else _in_order(chart)
    draw_guides(chart)
    spots = _draw_points(chart, places, stages=bool(stages))
    draw_grid(chart)
    _draw_cursor(chart, spots)
    if stages:
        wide = chart.columns // len(stages)
        draw_names(chart, [(chart.left + n * wide + wide // 2, name) for n, name in enumerate(stages)])
    else:
        columns = [column - chart.left for _row, column in places]
        draw_days(chart, [(chart.left + column, text) for column, text in labels(frame, columns)])
    draw_legend(chart.canvas, chart.base + 2, lines)
    return chart.canvas.finish(spots)


def _own(frame: Frame, series: int) -> str:
    """The sign of a series."""
    return letter(series) if frame.plain and len(frame.series) > 1 else "•"


def _in_order(chart: Plot) -> list[tuple[int, int]]:
    elements = chart.frame.panel.elements
    columns = columns_of(distances(elements), chart.columns)
    return [(chart.row(size(e.value) or 0.0), chart.left + c) for e, c in zip(elements, columns, strict=True)]


def _in_stages(chart: Plot, stages: Sequence[str]) -> list[tuple[int, int]]:
    """Side by side from the middle of their stage; what has no room shares cells."""
    wide = max(1, chart.columns // len(stages))
    seen: dict[tuple[int, str], int] = {}
    places = []
    for element in chart.frame.panel.elements:
        row = chart.row(size(element.value) or 0.0)
        count = seen[row, element.series] = seen.get((row, element.series), -1) + 1
        room = max(1, wide - 2)
        step = count % room
        offset = (step + 1) // 2 * (1 if step % 2 else -1)
        places.append((row, chart.left + stages.index(element.series) * wide + wide // 2 + offset))
    return places


def _draw_points(chart: Plot, places: Sequence[tuple[int, int]], *, stages: bool) -> list[Spot]:
    cells: dict[tuple[int, int], list[int]] = {}
    for number, (element, place) in enumerate(zip(chart.frame.panel.elements, places, strict=True)):
        if size(element.value) is not None:
            cells.setdefault(place, []).append(number)
    for (row, column), numbers_there in cells.items():
        sign, color, bold = _look(chart.frame, numbers_there, stages=stages)
        chart.canvas.put(row, column, sign, color, bold=bold)
    return [Spot(number, row, column) for number, (row, column) in enumerate(places)]


def _look(frame: Frame, there: Sequence[int], *, stages: bool) -> tuple[str, str, bool]:
    """The worst of a cell says how it looks."""
    elements = [frame.panel.elements[n] for n in there]
    worst = max(elements, key=lambda element: (_SEVERITY.index(element.state), element.marked))
    series = 0 if stages else frame.series[worst.series]
    color = STATES.get(worst.state, "warn" if worst.marked else series_color(series))
    if worst.state == "bad" or worst.marked:
        return "×", color, True
    if worst.state == "warn":
        return "◇", color, False
    if len(there) == 1 or (frame.plain and len(frame.series) > 1 and not stages):
        return _own(frame, series) if not stages else "•", color, False
    return (str(min(len(there), _DIGITS)) if frame.plain else "●"), color, False


def _draw_cursor(chart: Plot, spots: Sequence[Spot]) -> None:
    cursor = chart.frame.cursor
    if cursor is None or not 0 <= cursor < len(spots):
        return
    spot = spots[cursor]
    draw_pointer(chart, spot.column)
    if not chart.frame.plain:
        for row in range(chart.top, chart.base):
            if chart.canvas.at(row, spot.column).text in BEHIND:
                chart.canvas.underlay(Spot(0, row, spot.column), CURSOR)
    chart.canvas.put(spot.row, spot.column, "●", "background", "accent", bold=True)
