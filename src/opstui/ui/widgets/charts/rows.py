"""What charts made of rows share: which rows are in sight, and how the one under the cursor looks."""

from __future__ import annotations

from opstui.i18n import _
from opstui.ui.widgets.charts.canvas import Canvas, Frame, Spot
from opstui.ui.widgets.charts.colors import mark, mark_color


def window(count: int, room: int, cursor: int | None) -> range:
    """The rows in sight of `count`, the one at the cursor among them; one line is kept to say how many are not."""
    if count <= room:
        return range(count)
    room = max(1, room - 1)
    first = min(max(0, (cursor or 0) - room // 2), count - room)
    return range(first, first + room)


def draw_rest(canvas: Canvas, row: int, seen: range, count: int) -> None:
    """How many rows are above and below those in sight."""
    parts = []
    if seen.start:
        parts.append(_("↑ {n} more").format(n=seen.start))
    if count - seen.stop:
        parts.append(_("↓ {n} more").format(n=count - seen.stop))
    canvas.text(row, 0, "  ".join(parts), "faint")


def indent(frame: Frame) -> int:
    """The cells before the labels: a sign for the state, where any element has one."""
    return 2 if any(mark(element) for element in frame.panel.elements) else 0


def draw_sign(canvas: Canvas, frame: Frame, row: int, number: int) -> None:
    """The sign of an element's state at the beginning of its row."""
    element = frame.panel.elements[number]
    canvas.text(row, 0, mark(element), mark_color(element), bold=True)


def draw_cursor(canvas: Canvas, frame: Frame, spot: Spot, *, words: int = 0) -> None:
    """The row under the cursor; without colours only its words are reversed, as its bar would turn inside out."""
    if frame.cursor == spot.element:
        canvas.underlay(spot._replace(width=words) if frame.plain and words else spot)
