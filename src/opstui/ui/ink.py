"""Theme tokens as styles for the widgets that draw their own lines, and texts cut to a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from opstui.ui.themes import colors_of

if TYPE_CHECKING:
    from textual.theme import Theme

TAG_COLORS = 8
DIM = ("faint",)
"""Texts that are drawn dim where the terminal chooses the colours: it has no shade that is one everywhere."""


class Ink:
    """The styles of one theme, made when first asked for: `ink("late", "card", bold=True)`."""

    def __init__(self, theme: Theme) -> None:
        """Take the theme's own tokens; a theme that is not ours gets the shipped ones of its darkness."""
        self.theme = theme
        self.colors = colors_of(theme)
        self._styles: dict[tuple[str, str, bool], Style] = {}

    def __call__(self, color: str, ground: str = "background", *, bold: bool = False) -> Style:
        """Text of one token on another."""
        key = (color, ground, bold)
        style = self._styles.get(key)
        if style is None:
            dim = color in DIM and self.theme.ansi and not bold
            style = Style(color=self.colors[color], bgcolor=self.colors[ground], bold=bold or None, dim=dim or None)
            self._styles[key] = style
        return style

    def tag(self, tag: str, ground: str) -> Style:
        """A tag keeps its colour on every screen and in every session."""
        return self(f"tag-{crc32(tag.encode()) % TAG_COLORS + 1}", ground)


def printable(text: str) -> str:
    """The text on one line, without what could move a cursor: a hand-edited file may hold anything."""
    return text if text.isprintable() else " ".join("".join(c if c.isprintable() else " " for c in text).split())


def upright(strip: Strip) -> Strip:
    """A line without the marks it begins with: their letter is cut off, and they would join what stands before."""
    marks = next((n for n, char in enumerate(strip.text) if cell_len(char)), 0)
    if not marks:
        return strip
    segments = []
    for text, style, control in strip:
        segments.append(Segment(text[marks:], style, control))
        marks = max(0, marks - len(text))
    return Strip(segments, strip.cell_length)


def clip(text: str, width: int) -> str:
    """At most `width` cells of the text, an ellipsis where something was cut."""
    text = printable(text)
    if cells(text) <= width:
        return text
    if width <= 0:
        return ""
    return (text[: width - 1] if text.isascii() else set_cell_size(text, width - 1)).rstrip() + "…"


def wrapped(text: str, width: int) -> Sequence[str]:
    """The text in lines of so many cells; a word that is longer is clipped."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and cells(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(clip(word, width))
    return lines


def fullest(wordings: Iterable[str], room: int) -> str:
    """The first of the wordings that goes into `room` cells; "" when none does."""
    return next((text for text in wordings if cells(text) <= room), "")


def cells(text: str) -> int:
    """How many cells a text takes."""
    return len(text) if text.isascii() else cell_len(text)
