"""The names of the series below a chart, in their order, with the sign that each is drawn with."""

from __future__ import annotations

from collections.abc import Sequence

from opstui.ui.ink import cells, clip
from opstui.ui.widgets.charts.canvas import Canvas

Item = tuple[str, str, str]
"""Sign, colour, name."""
_MOST = 2
"""Lines; what does not go in is left out, and the cursor's line names it."""
_GAP = 2


def legend_lines(items: Sequence[Item], width: int) -> list[list[Item]]:
    """The items that stand on each line."""
    lines: list[list[Item]] = []
    room = 0
    for sign, color, name in items:
        short = clip(name, width - 2)
        need = cells(short) + 2
        if need > room:
            if len(lines) == _MOST:
                break
            lines.append([])
            room = width
        lines[-1].append((sign, color, short))
        room -= need + _GAP
    return lines


def draw_legend(canvas: Canvas, row: int, lines: Sequence[Sequence[Item]]) -> None:
    """Those lines, from a row on."""
    for number, items in enumerate(lines):
        column = 0
        for sign, color, name in items:
            canvas.put(row + number, column, sign, color)
            column = canvas.text(row + number, column + 2, name, "muted") + _GAP
