"""One-cell children at the lane edges, which draw nothing but a gap: Textual cuts its updates there.

So a cursor key sends a few hundred bytes instead of the line from the board's left edge (measured: 256 against 648).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.strip import Strip
from textual.widget import Widget

from opstui.ui.widgets.lanes import Geometry
from opstui.ui.widgets.paint import Painted


class Cut(Painted):
    """A constant one-cell column: where a widget begins or ends, Textual can begin a partial update."""

    DEFAULT_CSS = "Cut { width: 1; height: 1fr; }"

    def render_lines(self, crop: Region) -> list[Strip]:
        """The gap between two lanes, the same on every line."""
        if 0 not in self._strips:
            self._strips[0] = self.filtered(Strip([Segment(" ", self.ink("ink"))], 1))
        return [self._strips[0]] * crop.height


class AtLaneEdges(Layout):
    """Puts the cuts into the last column of the lanes on screen; styles could do it too, a picture later."""

    name = "at_lane_edges"

    def __init__(self, lay_out: Callable[[Size], Geometry]) -> None:
        """`lay_out` says where the lanes stand on a board of a size."""
        self._lay_out = lay_out

    def arrange(
        self,
        parent: Widget,
        children: Sequence[Widget],
        size: Size,
        greedy: bool = True,  # noqa: FBT001, FBT002
    ) -> ArrangeResult:
        """One cut a lane; the others stay without a place."""
        del greedy, parent
        lay = self._lay_out(size)
        return [
            WidgetPlacement(Region(x + width - 1, lay.head, 1, size.height - lay.head), NULL_OFFSET, NULL_SPACING, cut)
            for (x, width), cut in zip(lay.spans, children, strict=False)
        ]
