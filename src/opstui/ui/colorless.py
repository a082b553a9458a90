"""What is left of a look where people want no colour (NO_COLOR): the terminal's own ink on its own ground, and weight.

Textual turns colours into greys and sends those, a dark window in a light terminal. Here no colour is sent at all. The
console then wears the theme of the terminal's colours, whose grounds are one already; a ground that is another one
there (a cursor, a selection) is told by exchanging ink and ground, what is faint by dim.
"""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_FAINT = "bright_black"
_REVERSE, _DIM = Style(reverse=True), Style(dim=True)


class Colorless(LineFilter):
    """Takes all colours away."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's shape
        """The same texts without a colour."""
        return [Segment(text, style and colorless(style), control) for text, style, control in segments]


COLORLESS = Colorless()


@lru_cache(1024)
def colorless(style: Style) -> Style:
    """A style told by attributes alone."""
    plain = style.without_color
    if style.bgcolor is not None and not style.bgcolor.is_default:
        return plain + _REVERSE
    return plain + _DIM if style.color is not None and style.color.name == _FAINT else plain
