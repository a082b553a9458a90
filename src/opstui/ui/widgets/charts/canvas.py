"""Cells to draw on, and what a drawing is: lines of runs, each with a colour token, and where its elements are.

A chart is drawn cell by cell in any order (a guide first, the points over it), and becomes lines when it is finished.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from msgspec import Struct
from rich.cells import cell_len

from opstui.formats import Formats
from opstui.projections.panels import Panel
from opstui.ui.ink import clip


class Run(NamedTuple):
    """A text of one look. `color` is a theme token (series-1, muted); `ground` is one too, "" the panel's own."""

    text: str
    color: str = "ink"
    ground: str = ""
    bold: bool = False


class Spot(NamedTuple):
    """Where an element of the panel is drawn: for the cursor, the mouse and Enter. Several may share cells."""

    element: int
    row: int
    column: int
    width: int = 1
    height: int = 1

    def distance(self, row: int, column: int) -> tuple[int, int]:
        """How many columns and rows a cell is from it; (0, 0) is one of its own."""
        aside = max(self.column - column, column - self.column - self.width + 1, 0)
        return aside, max(self.row - row, row - self.row - self.height + 1, 0)


class Drawing(Struct, frozen=True):
    """Finished lines, each `width` cells wide, and where the elements are (in their order; those out of sight not)."""

    lines: tuple[tuple[Run, ...], ...]
    spots: tuple[Spot, ...] = ()

    def nearest(self, row: int, column: int) -> int | None:
        """The element that a click means: whose cell it is, else the nearest column, and there the nearest row."""
        return min(self.spots, key=lambda spot: spot.distance(row, column)).element if self.spots else None


class Frame(Struct, frozen=True, kw_only=True):
    """What a chart is drawn for. `plain`: without colour or in ASCII, so patterns and letters tell series apart."""

    panel: Panel
    width: int
    height: int
    formats: Formats
    cursor: int | None = None
    plain: bool = False
    series: dict[str, int]
    """Their names in order of appearance -> number."""
    last: date
    """The latest day in it: days of its year are written without a year."""


CURSOR = "thumb"
"""The ground under the cursor; where there are no colours it becomes reverse video."""
_BLANK = Run(" ")


class Canvas:
    """Cells of one drawing. What is drawn outside of it is not drawn."""

    def __init__(self, width: int, height: int) -> None:
        """All blank."""
        self.width, self.height = width, height
        self._cells = [[_BLANK] * width for _row in range(height)]

    def put(
        self, row: int, column: int, sign: str, color: str = "ink", ground: str = "", *, bold: bool = False
    ) -> None:
        """One cell; the ground that was there stays unless another is given."""
        if 0 <= row < self.height and 0 <= column < self.width:
            line = self._cells[row]
            line[column] = Run(sign, color, ground or line[column].ground, bold)

    def text(self, row: int, column: int, words: str, color: str = "ink", *, room: int = 0, bold: bool = False) -> int:
        """Words from a column on, clipped to `room` cells (or to the edge); the column after them."""
        for sign in clip(words, min(room or self.width, self.width - column)):
            wide = cell_len(sign)
            if not wide and column:
                self._join(row, column - 1, sign)
            elif wide:
                self.put(row, column, sign, color, bold=bold)
                for rest in range(column + 1, column + wide):
                    self.put(row, rest, "", color, bold=bold)
            column += wide
        return column

    def right(self, row: int, column: int, words: str, color: str = "ink", *, bold: bool = False) -> None:
        """Words that end before a column."""
        words = clip(words, column)
        self.text(row, column - cell_len(words), words, color, bold=bold)

    def _join(self, row: int, column: int, mark: str) -> None:
        """A mark on the letter before it, which may be a wide one."""
        if 0 <= row < self.height:
            line = self._cells[row]
            column -= not line[column].text and column > 0
            line[column] = line[column]._replace(text=line[column].text + mark)

    def at(self, row: int, column: int) -> Run:
        """What stands in a cell."""
        inside = 0 <= row < self.height and 0 <= column < self.width
        return self._cells[row][column] if inside else _BLANK

    def blank(self, row: int, column: int) -> bool:
        """Nothing is drawn there yet."""
        return self.at(row, column).text == " "

    def underlay(self, spot: Spot, ground: str = CURSOR) -> None:
        """Another ground for the cells of a spot; words on it are not faint, so that they can be read."""
        for row in range(max(0, spot.row), min(self.height, spot.row + spot.height)):
            line = self._cells[row]
            for column in range(max(0, spot.column), min(self.width, spot.column + spot.width)):
                run = line[column]
                pale = run.color in ("faint", "muted") and run.text != "░"
                line[column] = run._replace(ground=ground, color="ink" if pale else run.color)

    def finish(self, spots: Iterable[Spot] = ()) -> Drawing:
        """Neighbours of one look joined; elements that are out of sight have no spot."""
        return Drawing(tuple(_joined(line) for line in self._cells), tuple(filter(self._holds, spots)))

    def _holds(self, spot: Spot) -> bool:
        return 0 <= spot.row < self.height and 0 <= spot.column < self.width


def _joined(line: list[Run]) -> tuple[Run, ...]:
    runs: list[Run] = []
    texts: list[str] = []
    for run in line:
        if runs and (run[1:] == runs[-1][1:] or not run.text):
            texts[-1] += run.text
        else:
            runs.append(run)
            texts.append(run.text)
    return tuple(run._replace(text=text) for run, text in zip(runs, texts, strict=True))
