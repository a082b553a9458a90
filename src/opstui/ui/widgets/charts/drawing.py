"""One way to draw any panel: as its chart, or as its table twin. Pure: the screen paints what comes out.

    drawing = draw(panel, 76, 12, cursor=3, table=False, formats=formats, plain=app.no_color or ascii)

Elements that share cells are reached one after another by the cursor all the same: the cursor is an element's number.
"""

from __future__ import annotations

from opstui.formats import Formats
from opstui.projections.panels import Panel
from opstui.ui.widgets.charts.canvas import Canvas, Drawing, Frame, Run, Spot

__all__ = ["Drawing", "Run", "Spot", "draw", "least_height", "natural_height"]


def draw(  # noqa: PLR0913 - all of it is what is asked for
    panel: Panel, width: int, height: int, *, cursor: int | None, table: bool, formats: Formats, plain: bool = False
) -> Drawing:
    """The chart of a panel (or its table), exactly `width` x `height` cells, the element under the cursor marked."""
    frame = Frame(panel=panel, width=width, height=height, cursor=cursor, formats=formats, plain=plain)
    canvas = Canvas(frame.width, frame.height)
    return canvas.finish()


def least_height(panel: Panel, *, table: bool = False) -> int:
    """How many lines it needs to be of use."""
    return 4


def natural_height(panel: Panel, width: int, *, table: bool = False) -> int:
    """How many lines it looks best in, where there is room for all that one wants."""
    return 12
