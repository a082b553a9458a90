"""The room a chart with two axes has: the value axis at the left, days or names below, guides across, a legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from opstui.i18n import _
from opstui.projections.panels import Element, Guide
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells, clip
from opstui.ui.widgets.charts.canvas import Canvas, Frame
from opstui.ui.widgets.charts.colors import GUIDES, mark, mark_color
from opstui.ui.widgets.charts.measure import Scale, scale, size, written

ROOMY = 9
"""From this height on the unit has a line of its own, and there are grid lines."""
BEHIND = " ·╌"
"""What may stand where no data is: blank, grid, guide."""
_DOTS = 3
"""A dot of the grid for each so many cells."""
_LEAST_NAME = 5
_GAP = 2
"""Blank cells between two labels of an axis."""


class Plot(Struct, frozen=True, kw_only=True):
    """Where the data goes: `rows` x `columns` cells from (`top`, `left`). The base line is the row below."""

    frame: Frame
    canvas: Canvas
    scale: Scale
    top: int
    rows: int
    left: int
    columns: int

    @property
    def base(self) -> int:
        """The row of the base line."""
        return self.top + self.rows

    @property
    def edge(self) -> int:
        """The column after the last."""
        return self.left + self.columns

    def depth(self, value: float) -> float:
        """How many rows a value is below the top, with its fraction."""
        return (1 - self.scale.share(value)) * self.rows

    def row(self, value: float) -> int:
        """The row a point of that value is in."""
        return self.top + min(self.rows - 1, int(self.depth(value)))


def plot(frame: Frame, values: Iterable[float | None], *, legend: int = 0) -> Plot:
    """The axes, drawn. `legend` is how many lines are kept free below, `values` what the axis must hold."""
    panel, roomy = frame.panel, frame.height >= ROOMY
    top = int(roomy)
    rows = max(1, frame.height - top - 2 - legend)
    axis = scale(panel, values, rows)
    labels = [axis.label(tick, frame.formats) for tick in axis.ticks]
    left = max(map(cells, labels)) + 1
    gutter = max((cells(_guide_text(guide, frame)) + 1 for guide in guides(frame)), default=0)
    room = max(1, frame.width - left - min(gutter, frame.width // 3))
    canvas = Canvas(frame.width, frame.height)
    made = Plot(frame=frame, canvas=canvas, scale=axis, top=top, rows=rows, left=left, columns=room)
    _draw_axis(made, labels)
    return made


def _draw_axis(plot: Plot, labels: Sequence[str]) -> None:
    canvas, left = plot.canvas, plot.left - 1
    if plot.top:
        canvas.text(0, 0, plot.scale.name(), "faint")
    for row in range(plot.top, plot.base):
        canvas.put(row, left, "│", "faint")
    canvas.text(plot.base, left, "▔" * (plot.columns + 1), "faint")
    for tick, label in zip(plot.scale.ticks, labels, strict=True):
        row = plot.top + round(plot.depth(tick))
        canvas.right(row, left, label, "muted")
        if row < plot.base:
            canvas.put(row, left, "┤", "faint")


def draw_grid(plot: Plot) -> None:
    """Thin lines at the ticks, where nothing else is: drawn last."""
    if plot.frame.plain or not plot.top:
        return
    for tick in plot.scale.ticks:
        row = plot.top + round(plot.depth(tick))
        for column in range(plot.left, plot.edge, _DOTS):
            if plot.canvas.blank(row, column):
                plot.canvas.put(row, column, "·", "line")


def guides(frame: Frame) -> tuple[Guide, ...]:
    """The panel's guides, and the target where all elements have the same one."""
    targets = {element.target for element in frame.panel.elements}
    goal = targets.pop() if len(targets) == 1 else None
    own = frame.panel.guides
    if goal is None or any(guide.value == goal for guide in own):
        return own
    return (*own, Guide(_("target"), goal))


def _guide_text(guide: Guide, frame: Frame) -> str:
    return f"{guide.label} {written(guide.value, frame.panel.unit, frame.formats)}"


def draw_guides(plot: Plot) -> None:
    """Dashed lines across, each named at the right; over bars too where colour can show it, else behind them."""
    lines = sorted(guides(plot.frame), key=lambda guide: guide.value)
    taken: set[int] = set()
    for number, guide in enumerate(lines):
        color = GUIDES[number % len(GUIDES)] if len(lines) > 1 else "accent"
        row = plot.row(guide.value)
        for column in range(plot.left, plot.edge):
            _draw_dash(plot, row, column, color)
        free = next(r for step in range(plot.rows + 2) for r in (row - step, row + step) if r not in taken)
        taken.add(free)
        plot.canvas.text(free, plot.edge + 1, _guide_text(guide, plot.frame), color)


def _draw_dash(plot: Plot, row: int, column: int, color: str) -> None:
    sign = plot.canvas.at(row, column)
    if sign.text in " ·" and not (sign.text == "·" and plot.frame.plain):
        plot.canvas.put(row, column, "╌", color)
    elif sign.text == "█" and not plot.frame.plain:
        plot.canvas.put(row, column, "╌", "background", sign.color)


def draw_names(plot: Plot, places: Sequence[tuple[int, str]]) -> None:
    """Names under the base line: all of them, cut to their room, where that leaves enough of them."""
    room = (places[-1][0] - places[0][0]) // (len(places) - 1) if len(places) > 1 else plot.columns
    if room < _LEAST_NAME:
        draw_days(plot, places)
        return
    for column, name in places:
        text = clip(name, room - 1)
        plot.canvas.text(plot.base + 1, _begin(plot, column, text), text, "muted")


def draw_days(plot: Plot, places: Sequence[tuple[int, str]]) -> None:
    """Labels under the base line, each centred on its column: the first, the last and as many between as have room."""
    if not places:
        return
    row, wide = plot.base + 1, max(cells(text) for _column, text in places)
    steps = [after[0] - before[0] for before, after in pairwise(places)]
    slot = (places[-1][0] - places[0][0]) / len(steps) if steps else plot.columns
    stride = (
        max(1, -(-(wide + _GAP) // max(1, int(slot)))) if slot >= 1 else max(1, int((wide + _GAP) / max(slot, 1e-9)))
    )
    last = len(places) - 1
    left = _begin(plot, *places[last])
    kept = [n for n in range(0, last, stride) if _begin(plot, *places[n]) + cells(places[n][1]) + _GAP <= left]
    for n in (*kept, last):
        column, text = places[n]
        plot.canvas.text(row, _begin(plot, column, text), text, "muted", room=plot.frame.width)


def _begin(plot: Plot, column: int, text: str) -> int:
    wide = cells(text)
    return max(0, min(column - wide // 2, plot.frame.width - wide), min(plot.left, column) - wide // 2)


def draw_marks(plot: Plot, element: Element, column: int) -> None:
    """What is wrong with an element, on the base line below it, so that it is seen without colour."""
    if sign := mark(element):
        plot.canvas.put(plot.base, column, sign, mark_color(element), bold=True)


def draw_pointer(plot: Plot, column: int, width: int = 1) -> None:
    """The cursor on the base line."""
    plot.canvas.put(plot.base, column + width // 2, MARKS["up"], "accent", bold=True)


def day_text(element: Element, frame: Frame) -> str:
    """What stands below an element: its day, else its label."""
    if element.at is None:
        return element.label
    return frame.formats.short_date(element.at, frame.last)


def numbers(frame: Frame) -> list[float | None]:
    """The values of all elements as lengths."""
    return [size(element.value) for element in frame.panel.elements]
