"""The table twin of every panel: the same elements as text, for those who read numbers better than pictures.

Several series over the same days stand side by side, a row for each day; else each element has a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from opstui.i18n import _
from opstui.projections.panels import Element, Panel, Value
from opstui.ui.ink import cells, printable
from opstui.ui.widgets.charts.canvas import Canvas, Drawing, Frame, Spot
from opstui.ui.widgets.charts.colors import value_color
from opstui.ui.widgets.charts.measure import WORDS, written
from opstui.ui.widgets.charts.plot import day_text
from opstui.ui.widgets.charts.rows import draw_cursor, draw_rest, draw_sign, indent, window

_GAP = 2
_LEAST_LABEL, _LABEL = 8, 24
"""A label is cut to no less than these: the first where one column is left, the other while columns can be left out."""


class Column(Struct, frozen=True):
    """Of the table: its head, what it says of an element, its colour; a number stands at the right."""

    head: str
    says: Callable[[Element], str]
    number: bool = True
    state: bool = False
    """Drawn in the colour of the element's state."""
    width: int = 0


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
    named = any(isinstance(element.value, str) for element in panel.elements)
    columns = [Column("", lambda element: element.series, number=False)] if len(frame.series) > 1 else []
    value = Column(_at(heads, 1), lambda e: written(e.value, e.unit or panel.unit, formats), not named, state=True)
    rest = range(max((len(element.rest) for element in panel.elements), default=0))
    return [*columns, value, *(Column(_at(heads, n + 2), _rest(panel, n, frame), not _named(panel, n)) for n in rest)]


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
    label, columns = _fit(frame, start)
    _draw_head(canvas, frame, label, columns)
    seen = window(len(elements), frame.height - 1, frame.cursor)
    spots = []
    for line, number in enumerate(seen, 1):
        element, here = elements[number], number == frame.cursor
        draw_sign(canvas, frame, line, number)
        canvas.text(line, start, element.label, "ink" if here else "muted", room=label, bold=here)
        left = start + label + _GAP
        for column in columns:
            _write(canvas, line, left, column, column.says(element), value_color(element) if column.state else "ink")
            left += column.width + _GAP
        spots.append(Spot(number, line, 0, frame.width))
        draw_cursor(canvas, frame, spots[-1])
    if len(seen) < len(elements):
        draw_rest(canvas, len(seen) + 1, seen, len(elements))
    return canvas.finish(spots)


def _write(canvas: Canvas, row: int, left: int, column: Column, text: str, color: str) -> None:
    indented = column.width - min(column.width, cells(text)) if column.number else 0
    canvas.text(row, left + indented, text, color, room=column.width - indented)


def _fit(frame: Frame, start: int) -> tuple[int, list[Column]]:
    """The width of the label, and the columns that have room, with theirs: the last ones are left out first."""
    elements = frame.panel.elements
    columns = [
        replace(column, width=max([cells(column.head), *(cells(printable(column.says(e))) for e in elements)]))
        for column in _columns(frame)
    ]
    wanted = max([cells(_at(frame.panel.heads, 0)), *(cells(printable(element.label)) for element in elements)])
    while len(columns) > 1 and start + min(wanted, _LABEL) + _taken(columns) > frame.width:
        columns.pop()
    spare = frame.width - start - min(wanted, _LEAST_LABEL) - _taken(columns[:-1]) - _GAP
    columns[-1] = replace(columns[-1], width=max(1, min(columns[-1].width, spare)))
    return max(1, min(wanted, frame.width - start - _taken(columns))), columns


def _taken(columns: Sequence[Column]) -> int:
    return sum(column.width + _GAP for column in columns)


def _draw_head(canvas: Canvas, frame: Frame, label: int, columns: Sequence[Column]) -> None:
    left = indent(frame)
    canvas.text(0, left, _at(frame.panel.heads, 0), "faint", room=label)
    left += label + _GAP
    for column in columns:
        _write(canvas, 0, left, column, column.head, "faint")
        left += column.width + _GAP
    if len(columns) < len(_columns(frame)):
        canvas.text(0, min(left, frame.width) - 1, "…", "faint")


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
    return found if len(found) > 1 and len(panel.elements) * 2 > len(found) * len(panel.series) else {}


def _grid_widths(frame: Frame, grid: Grid) -> tuple[int, list[int]]:
    elements = frame.panel.elements
    label = max([cells(_at(frame.panel.heads, 0)), *(cells(_name(frame, row)) for row in grid.values())])
    widths = {name: cells(name) for name in frame.series}
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
    dated = any(element.at for element in frame.panel.elements)
    canvas.text(0, 0, _at(frame.panel.heads, 0) or dated * _("day"), "faint", room=label)
    spots = []
    for n, (name, width) in enumerate(zip(frame.series, widths, strict=True)):
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
