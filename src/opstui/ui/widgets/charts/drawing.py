"""One way to draw any panel: as its chart, or as its table twin. Pure: the screen paints what comes out.

    drawing = draw(panel, 76, 12, cursor=3, table=False, formats=formats, plain=no_color or ascii)

Elements that share cells are reached one after another by the cursor all the same: the cursor is an element's number.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.panels import Kind, Panel
from opstui.ui.ink import cells
from opstui.ui.widgets.charts.bars import draw_bars, draw_funnel
from opstui.ui.widgets.charts.canvas import Canvas, Drawing, Frame, Run, Spot
from opstui.ui.widgets.charts.lines import draw_line
from opstui.ui.widgets.charts.scatters import draw_scatter
from opstui.ui.widgets.charts.stacks import draw_area, draw_columns
from opstui.ui.widgets.charts.tables import draw_table, table_height
from opstui.ui.widgets.charts.tiles import draw_figures, figures_height

__all__ = ["Drawing", "Run", "Spot", "draw", "least_height", "natural_height"]

_KINDS: dict[Kind, Callable[[Frame], Drawing]] = {
    "figures": draw_figures,
    "columns": draw_columns,
    "bars": draw_bars,
    "area": draw_area,
    "line": draw_line,
    "scatter": draw_scatter,
    "funnel": draw_funnel,
    "table": draw_table,
}
_NATURAL: dict[Kind, int] = {"columns": 11, "area": 15, "line": 13, "scatter": 14}
"""Charts that may be of any height."""
_LEAST_PLOT, _LEAST_ROWS = 6, 2
_LEAST_WIDTH = 16
"""Below this no axis has room: the panel is a table."""
_SLOPE = 12
"""For each so many cells of width a chart becomes a line higher, so that it is no ribbon on a wide screen."""
_MOST_LINES = 24


def draw(
    panel: Panel, width: int, height: int, *, cursor: int | None, table: bool, formats: Formats, plain: bool = False
) -> Drawing:
    """The chart of a panel (or its table), exactly `width` x `height` cells, the element under the cursor marked.

    `plain` is for NO_COLOR and for ASCII: patterns and letters stand for colours, reverse video for the cursor.
    """
    frame = Frame(
        panel=panel,
        width=width,
        height=height,
        cursor=cursor,
        formats=formats,
        plain=plain,
        series={name: n for n, name in enumerate(panel.series)},
        last=max((element.at for element in panel.elements if element.at is not None), default=date.min),
    )
    if not panel.elements or width <= 0 or height <= 0:
        return _silence(frame)
    if table or (width < _LEAST_WIDTH and panel.kind in _NATURAL):
        return draw_table(frame)
    return _KINDS[panel.kind](frame)


def least_height(panel: Panel, *, table: bool = False) -> int:
    """How many lines it needs to be of use."""
    if not panel.elements:
        return 1
    count = len(panel.elements)
    if table or panel.kind == "table":
        return min(table_height(panel), _LEAST_ROWS + 1)
    return _LEAST_PLOT if panel.kind in _NATURAL else min(count, _LEAST_ROWS)


def natural_height(panel: Panel, width: int, *, table: bool = False) -> int:
    """How many lines it looks best in, where there is room for all that one wants."""
    if not panel.elements:
        return max(1, len(_wrapped(panel.missing, width)))
    count = len(panel.elements)
    if table or panel.kind == "table":
        return table_height(panel)
    if panel.kind == "figures":
        return figures_height(panel, width)
    if panel.kind in _NATURAL:
        return min(_MOST_LINES, _NATURAL[panel.kind] + max(0, width - 60) // _SLOPE)
    return (count * 2 - 1 if count * 2 <= _NATURAL["area"] else count) + bool(panel.guides)


def _silence(frame: Frame) -> Drawing:
    """Why there is nothing to show."""
    canvas = Canvas(max(0, frame.width), max(0, frame.height))
    for row, line in enumerate(_wrapped(frame.panel.missing or _("nothing to show"), frame.width)):
        canvas.text(row, 0, line, "faint")
    return canvas.finish()


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if cells(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
