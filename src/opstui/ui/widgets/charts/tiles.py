"""Figures on their own: in a grid where there is room, the number large; else a line for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opstui.i18n import _
from opstui.projections.panels import Element, Panel
from opstui.ui.ink import cells
from opstui.ui.widgets.charts.canvas import Canvas, Drawing, Frame, Spot
from opstui.ui.widgets.charts.colors import mark, mark_color, value_color
from opstui.ui.widgets.charts.measure import written
from opstui.ui.widgets.charts.rows import draw_cursor, draw_rest, draw_sign, indent, window

TILE = 24
"""Cells a figure of the grid has at least."""


def draw_figures(frame: Frame) -> Drawing:
    """Whichever the room allows."""
    across = max(1, frame.width // TILE)
    if across > 1 and figures_height(frame.panel, frame.width) <= frame.height:
        return _draw_grid(frame, across)
    return _draw_list(frame)


def figures_height(panel: Panel, width: int) -> int:
    """The lines of the grid, or of the list."""
    across = max(1, width // TILE)
    return sum(_heights(panel, across)) - 1 if across > 1 and panel.elements else len(panel.elements)


def _heights(panel: Panel, across: int) -> list[int]:
    """The lines of each row of the grid, the blank one below too; what is said more takes one."""
    rows = batched(panel.elements, across)
    return [4 if any(e.note or e.target is not None for e in row) else 3 for row in rows]


def batched(elements: Sequence[Element], size: int) -> Iterator[Sequence[Element]]:
    """So many at a time."""
    return (elements[n : n + size] for n in range(0, len(elements), size))


def _value(frame: Frame, element: Element) -> str:
    return written(element.value, element.unit or frame.panel.unit, frame.formats)


def _below(frame: Frame, element: Element) -> str:
    """Its target and what else is to be said."""
    target = ""
    if element.target is not None:
        goal = written(element.target, element.unit or frame.panel.unit, frame.formats)
        target = _("target {value}").format(value=goal)
    return "  ".join(part for part in (target, element.note) if part)


def _draw_grid(frame: Frame, across: int) -> Drawing:
    canvas, spots = Canvas(frame.width, frame.height), []
    across = min(across, len(frame.panel.elements)) or 1
    wide = min(frame.width // across, 2 * TILE)
    heights = _heights(frame.panel, max(1, frame.width // TILE))
    for number, element in enumerate(frame.panel.elements):
        line = number // across
        row, column = sum(heights[:line]), number % across * wide
        room = wide - 2
        canvas.text(row, column + 1, element.label, "muted", room=room)
        sign = mark(element)
        start = canvas.text(row + 1, column + 1, sign + " " * bool(sign), mark_color(element), bold=True)
        canvas.text(row + 1, start, _value(frame, element), value_color(element), room=room, bold=True)
        canvas.text(row + 2, column + 1, _below(frame, element), "faint", room=room)
        spots.append(Spot(number, row, column, wide - 1, heights[line] - 1))
        draw_cursor(canvas, frame, spots[-1])
    return canvas.finish(spots)


def _draw_list(frame: Frame) -> Drawing:
    canvas, elements, start = Canvas(frame.width, frame.height), frame.panel.elements, indent(frame)
    seen = window(len(elements), frame.height, frame.cursor)
    value = max((cells(_value(frame, element)) for element in elements), default=0)
    label = min(max((cells(e.label) for e in elements), default=0), max(8, frame.width - start - value - 2))
    spots = []
    for line, number in enumerate(seen):
        element = elements[number]
        draw_sign(canvas, frame, line, number)
        canvas.text(line, start, element.label, "muted", room=label)
        canvas.right(line, start + label + 2 + value, _value(frame, element), value_color(element), bold=True)
        column = start + label + value + 4
        if column < frame.width:
            canvas.text(line, column, _below(frame, element), "faint")
        spots.append(Spot(number, line, 0, frame.width))
        draw_cursor(canvas, frame, spots[-1])
    if len(seen) < len(elements):
        draw_rest(canvas, len(seen), seen, len(elements))
    return canvas.finish(spots)
