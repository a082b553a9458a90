"""What the widgets that draw their own lines share: finished lines are kept, and only what changed is sent again.

Textual asks a widget for whole regions whenever anything in them is dirty, and sends what it gets without comparing.
So a line is drawn once and kept finished; an update draws the line again, compares it with what stands there, and
marks just the cells that differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from opstui.ui.ink import Ink, cells, clip

Line = list[Segment]
Part = tuple[str, Style]
"""A text and its style."""
MANY_REGIONS = 16
"""More dirty regions than this are sent as one."""


class Painted(Widget):
    """A widget whose lines are made by `draw_group`. `ink` is the present theme as styles.

    A line is made of `groups` stretches that are compared each for itself (the lanes of a board); most have one.
    """

    ALLOW_SELECT = False
    _ink: Ink | None = None
    _strips: dict[int, Strip]
    _drawn: dict[int, list[Line]]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Nothing is drawn yet."""
        super().__init__(id=id)
        self._strips, self._drawn = {}, {}
        self._drawn_for = Size(0, 0)

    @property
    def ink(self) -> Ink:
        """The theme's styles, until `notify_style_update` finds another theme on."""
        if self._ink is None:
            self._ink = Ink(self.app.current_theme)
        return self._ink

    @property
    def groups(self) -> int:
        """How many stretches a line has."""
        return 1

    def draw_group(self, y: int, group: int) -> Line:
        """The segments of one stretch of line `y`; its width never depends on what it says."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw everything again when it is next painted."""
        self._strips, self._drawn = {}, {}
        self.refresh()

    def update_lines(self, lines: Iterable[int], groups: Iterable[int] | None = None) -> None:
        """Draw these lines again (or only these stretches of them) and have what differs sent."""
        chosen = range(self.groups) if groups is None else tuple(groups)
        regions: list[Region] = []
        for y in lines:
            drawn = self._drawn.get(y)
            if drawn is not None:
                regions += self._update_line(y, drawn, chosen)
        if len(regions) > MANY_REGIONS:
            regions = [Region.from_union(regions)]
        if regions:
            self.refresh(*regions)

    def _update_line(self, y: int, drawn: list[Line], groups: Iterable[int]) -> Iterable[Region]:
        for n in groups:
            new = self.draw_group(y, n)
            span = changed_span(drawn[n], new)
            if span is not None:
                x = sum(segment.cell_length for line in drawn[:n] for segment in line)
                drawn[n] = new
                self._strips.pop(y, None)
                yield Region(x + span[0], y, span[1] - span[0], 1)

    def on_resize(self) -> None:
        """Another size, other lines. Textual paints before it tells, so mostly this is done already."""
        self.fit_size()

    def fit_size(self) -> None:
        """Forget the lines of another size."""
        if self.size != self._drawn_for:
            self._drawn_for = self.size
            self._strips, self._drawn = {}, {}
            self.resized()

    def resized(self) -> None:
        """For those that keep more than lines by size."""

    def notify_style_update(self) -> None:
        """Another theme, other lines. Anything else that styles tell (the focus, most often) changes none of ours."""
        super().notify_style_update()
        if self._ink is not None and self._ink.theme is not self.app.current_theme:
            self._ink = None
            self.recolored()
            self.redraw()

    def recolored(self) -> None:
        """For those that keep more than lines in the theme's colours."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The finished lines of a region. The line filters (NO_COLOR) are ours to apply: StylesCache is bypassed."""
        self.fit_size()
        width = self.size.width
        strips = [self._strips.get(y) or self._finish(y, width) for y in crop.line_range]
        if crop.x or crop.right != width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def _finish(self, y: int, width: int) -> Strip:
        drawn = self._drawn.get(y)
        if drawn is None:
            drawn = self._drawn[y] = [self.draw_group(y, n) for n in range(self.groups)]
        strip = Strip(segment for line in drawn for segment in line).adjust_cell_length(width, self.ink("ink"))
        strip = self.filtered(strip.simplify())  # each segment costs some forty bytes of colours on the line
        self._strips[y] = strip
        return strip

    def filtered(self, strip: Strip) -> Strip:
        """The strip as the line filters want it (NO_COLOR); ours hold no ANSI colours that one would have to turn."""
        for line_filter in self.get_line_filters():
            if line_filter.enabled and not isinstance(line_filter, ANSIToTruecolor):
                strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip


def changed_span(old: Line, new: Line) -> tuple[int, int] | None:
    """The cells from the first to behind the last that differ, or None."""
    first = 0
    limit = min(len(old), len(new))
    while first < limit and old[first] == new[first]:
        first += 1
    if first == len(old) == len(new):
        return None
    start = sum(segment.cell_length for segment in old[:first])
    last = 0
    while last < limit - first and old[-1 - last] == new[-1 - last]:
        last += 1
    tail = sum(segment.cell_length for segment in old[len(old) - last :])
    return start, max(start + 1, sum(segment.cell_length for segment in new) - tail)


def fit(parts: Iterable[Part], width: int, *, drop: bool = False) -> tuple[Line, int]:
    """As many of the parts as go into `width` cells. Returns (segments, cells used).

    The part that does not fit any more is clipped with an ellipsis; with `drop` it and the rest are left out instead,
    but for the first.
    """
    line: Line = []
    used = 0
    for text, style in parts:
        shown = clip(text, width - used)
        if shown and (not drop or not line or shown == text):
            line.append(Segment(shown, style))
            used += cells(shown)
        if shown != text:
            break
    return line, used


def row(left: Iterable[Part], right: Iterable[Part], width: int, ground: Style, *, drop: bool = False) -> Line:
    """Left parts at the left edge, right parts at the right one, which have precedence; exactly `width` cells."""
    right_line, right_used = fit(right, width)
    room = width - right_used - (1 if right_used else 0)
    left_line, left_used = fit(left, room, drop=drop)
    space = width - left_used - right_used
    return [*left_line, Segment(" " * space, ground), *right_line] if space else [*left_line, *right_line]


def wide(parts: Iterable[Part]) -> int:
    """How many cells the parts take."""
    return sum(cells(text) for text, _style in parts)


def worded(letters: str) -> str:
    """Letters for jumping as they are drawn."""
    return f" {letters} " if letters else ""


def lettered(line: Line, letters: str, ink: Ink, *, over: bool = True) -> Line:
    """The line with letters over its first cells, behind the one of the cursor's bar; in reverse, so in any colours.

    Not `over` them, but before: what stands there is a name that is read.
    """
    if not letters:
        return line
    word = worded(letters)
    strip = Strip(line)
    style = ink("accent", bold=True) + Style(reverse=True)
    return [*strip.crop(0, 1), Segment(word, style), *strip.crop(1 + len(word) * over)]
