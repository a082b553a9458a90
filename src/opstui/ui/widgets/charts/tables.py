"""The table twin of every panel: the same elements as text, for those who read numbers better than pictures.

Several series over the same days stand side by side, a row for each day; else each element has a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from opstui.i18n import _
from opstui.projections.panels import Element, Panel, Value
from opstui.ui.ink import cells
from opstui.ui.widgets.charts.canvas import Canvas, Drawing, Frame, Spot
from opstui.ui.widgets.charts.colors import value_color
from opstui.ui.widgets.charts.measure import WORDS, written
from opstui.ui.widgets.charts.plot import day_text
from opstui.ui.widgets.charts.rows import draw_cursor, draw_rest, draw_sign, indent, window

_GAP = 2
_LEAST_LABEL = 8
Column = tuple[str, Callable[[Element], str], bool]
"""Head, what it says of an element, and whether it is a number (then it stands at the right)."""


def draw_table(frame: Frame) -> Drawing:
    """Whichever of the two goes into the width."""
    grid = _grid(frame.panel)
    if grid and _grid_width(frame, grid) <= frame.width:
        return _draw_grid(frame, grid)
    return _draw_rows(frame)


def table_height(panel: Panel) -> int:
    """All rows and their head."""
    return 1 + (len(_grid(panel)) or len(panel.elements))


def _columns(frame: Frame) -> list[Column]:
    """Those after the label."""
    panel, formats = frame.panel, frame.formats
    heads = panel.heads or ("", WORDS.get(panel.unit, panel.unit))
    columns: list[Column] = []
    if len(panel.series) > 1:
        columns.append(("", lambda element: element.series, False))
    number = not any(isinstance(element.value, str) for element in panel.elements)
    columns.append((_at(heads, 1), lambda e: written(e.value, e.unit or panel.unit, formats), number))
    for n in range(max((len(element.rest) for element in panel.elements), default=0)):
        columns.append((_at(heads, n + 2), _rest(panel, n, frame), not _named(panel, n)))
    return columns


def _at(texts: Sequence[str], n: int) -> str:
    return texts[n] if n < len(texts) else ""


def _rest(panel: Panel, n: int, frame: Frame) -> Callable[[Element], str]:
    unit = _at(panel.units, n)

    def says(element: Element) -> str:
        return written(element.rest[n], unit, frame.formats) if n < len(element.rest) else ""

    return says


def _named(panel: Panel, n: int) -> bool:
    values: list[Value] = [element.rest[n] for element in panel.elements if n < len(element.rest)]
    return any(isinstance(value, str) for value in values)


def _draw_rows(frame: Frame) -> Drawing:
    canvas, elements, start = Canvas(frame.width, frame.height), frame.panel.elements, indent(frame)
    label, columns, widths = _fit(frame, start)
    _draw_head(canvas, frame, start, label, columns, widths)
    seen = window(len(elements), frame.height - 1, frame.cursor)
    spots = []
    for line, number in enumerate(seen, 1):
        element, here = elements[number], number == frame.cursor
        draw_sign(canvas, frame, line, number)
        canvas.text(line, start, element.label, "ink" if here else "muted", room=label, bold=here)
        column = start + label + _GAP
        for n, ((_head, says, number_like), width) in enumerate(zip(columns, widths, strict=True)):
            color = value_color(element) if _head == columns[n][0] and number_like and n == _first(columns) else "ink"
            _write(canvas, line, column, width, says(element), color, number_like)
            column += width + _GAP
        spots.append(Spot(number, line, 0, frame.width))
        draw_cursor(canvas, frame, spots[-1])
    if len(seen) < len(elements):
        draw_rest(canvas, len(seen) + 1, seen, len(elements))
    return canvas.finish(spots)


def _first(columns: Sequence[Column]) -> int:
    """The column of the values."""
    return 1 if columns and columns[0][0] == "" and len(columns) > 1 and not columns[0][2] else 0


def _write(canvas: Canvas, row: int, column: int, width: int, text: str, color: str, number: bool) -> None:
    column = column + width - min(width, cells(text)) if number else column
    canvas.text(row, column, text, color, room=width)


def _fit(frame: Frame, start: int) -> tuple[int, list[Column], list[int]]:
    """The width of the label, and the columns that have room, with theirs: the last ones are left out first."""
    columns, elements = _columns(frame), frame.panel.elements
    widths = [max([cells(head), *(cells(says(element)) for element in elements)]) for head, says, _n in columns]
    head = _at(frame.panel.heads, 0)
    wanted = max([_LEAST_LABEL, cells(head), *(cells(element.label) for element in elements)])
    while len(widths) > 1 and start + min(wanted, 3 * _LEAST_LABEL) + sum(widths) + _GAP * len(widths) > frame.width:
        columns, widths = columns[:-1], widths[:-1]
    if widths:
        widths[-1] = min(widths[-1], max(1, frame.width - start - _LEAST_LABEL - sum(widths[:-1]) - _GAP * len(widths)))
    label = max(1, min(wanted, frame.width - start - sum(widths) - _GAP * len(widths)))
    return label, columns, widths


def _draw_head(
    canvas: Canvas, frame: Frame, start: int, label: int, columns: Sequence[Column], widths: Sequence[int]
) -> None:
    canvas.text(0, start, _at(frame.panel.heads, 0), "faint", room=label)
    column = start + label + _GAP
    for (head, _says, number), width in zip(columns, widths, strict=True):
        _write(canvas, 0, column, width, head, "faint", number)
        column += width + _GAP
    if len(columns) < len(_columns(frame)):
        canvas.text(0, min(column, frame.width - 1), "…", "faint")


Grid = dict[object, dict[str, int]]
"""Day or name -> series -> the element's number."""


def _grid(panel: Panel) -> Grid:
    """Empty where the elements do not make one."""
    if len(panel.series) < 2 or any(element.rest for element in panel.elements):  # noqa: PLR2004
        return {}
    found: Grid = {}
    for number, element in enumerate(panel.elements):
        row = found.setdefault(element.at or element.label, {})
        if element.series in row:
            return {}
        row[element.series] = number
    return found if len(found) > 1 else {}


def _grid_widths(frame: Frame, grid: Grid) -> tuple[int, list[int]]:
    elements = frame.panel.elements
    label = max([cells(_at(frame.panel.heads, 0)), *(cells(_name(frame, row)) for row in grid.values())])
    widths = {name: cells(name) for name in frame.panel.series}
    for element in elements:
        widths[element.series] = max(widths[element.series], cells(_cell(frame, element)))
    return label, list(widths.values())


def _grid_width(frame: Frame, grid: Grid) -> int:
    label, widths = _grid_widths(frame, grid)
    return label + sum(widths) + _GAP * len(widths)


def _name(frame: Frame, row: dict[str, int]) -> str:
    return day_text(frame.panel.elements[next(iter(row.values()))], frame)


def _cell(frame: Frame, element: Element) -> str:
    return written(element.value, element.unit or frame.panel.unit, frame.formats)


def _draw_grid(frame: Frame, grid: Grid) -> Drawing:
    canvas = Canvas(frame.width, frame.height)
    label, widths = _grid_widths(frame, grid)
    rows = list(grid.values())
    here = next((n for n, row in enumerate(rows) if frame.cursor in row.values()), None)
    seen = window(len(rows), frame.height - 1, here)
    canvas.text(0, 0, _at(frame.panel.heads, 0) or _("day"), "faint", room=label)
    spots = []
    for n, (name, width) in enumerate(zip(frame.panel.series, widths, strict=True)):
        right = label + sum(widths[: n + 1]) + _GAP * (n + 1)
        canvas.right(0, right, name, "faint")
        for line, place in enumerate(seen, 1):
            number = rows[place].get(name)
            if number is None:
                continue
            element = frame.panel.elements[number]
            canvas.right(line, right, _cell(frame, element), value_color(element), bold=number == frame.cursor)
            spots.append(Spot(number, line, right - width, width))
            draw_cursor(canvas, frame, spots[-1])
    for line, place in enumerate(seen, 1):
        canvas.text(line, 0, _name(frame, rows[place]), "muted", room=label)
    if len(seen) < len(rows):
        draw_rest(canvas, len(seen) + 1, seen, len(rows))
    return canvas.finish(sorted(spots))
