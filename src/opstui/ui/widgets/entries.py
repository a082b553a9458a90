"""What a list shows, as plain values, and where each part of it stands: no widget, so that it can be tested as tables.

A list has sections of keys; the entry of a key is asked for only when its line is on screen, so a list of 100,000 costs
what a screenful costs. An entry fills columns, which every row shares: numbers and days stand below one another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from contextlib import suppress

from msgspec import Struct
from rich.segment import Segment

from opstui.ui.ink import Ink
from opstui.ui.widgets.paint import Line, Part, row

GAP = 2
"""Cells between two columns."""
NARROWEST = 12
"""Cells that a column of no fixed width has at least before others are left out, unless it says otherwise."""


class Span(Struct, frozen=True):
    """A stretch of text in one colour of the theme."""

    text: str
    color: str = "ink"
    bold: bool = False


class Column(Struct, frozen=True):
    """A column: `width` cells, or when 0 a share of what is left, if that is `least` cells.

    Else others are left out, those with the highest `drop` first.

    `right` aligns to the right edge; in a `lead` column the row under the cursor is shown in the accent colour.
    """

    width: int = 0
    right: bool = False
    lead: bool = False
    drop: int = 0
    least: int = NARROWEST


class Entry(Struct, frozen=True):
    """One row: what stands in each column, and a second line below for lists whose rows have two."""

    cells: tuple[tuple[Span, ...], ...]
    below: tuple[Span, ...] = ()


class Section(Struct, frozen=True):
    """Rows under one heading; without a `title` there is no heading. `note` stands at the right end of it."""

    title: str
    keys: Sequence[Hashable]
    note: str = ""


class Lines:
    """Which line of a list shows what. Every heading but the first has a blank line above it."""

    def __init__(self, sections: Sequence[Section], rows: int = 1) -> None:
        """`rows`: lines of one entry. Sections without keys are left out."""
        self.sections = tuple(section for section in sections if len(section.keys))
        self.rows = rows
        self._starts: list[int] = []
        self._firsts: list[int] = []
        line = index = 0
        for number, section in enumerate(self.sections):
            self._starts.append(line)
            self._firsts.append(index)
            line += self._head(number) + rows * len(section.keys)
            index += len(section.keys)
        self.height, self.count = line, index

    def _head(self, section: int) -> int:
        return (2 if section else 1) if self.sections[section].title else 0

    def at(self, line: int) -> tuple[int, int, int] | None:
        """(section, index of the entry, line of the entry); index -1 is a heading, -2 the blank above it."""
        if not 0 <= line < self.height:
            return None
        section = bisect_right(self._starts, line) - 1
        inside = line - self._starts[section] - self._head(section)
        if inside < 0:
            return section, inside, 0
        return section, self._firsts[section] + inside // self.rows, inside % self.rows

    def line_of(self, index: int) -> int:
        """The first line of an entry."""
        section = bisect_right(self._firsts, index) - 1
        return self._starts[section] + self._head(section) + self.rows * (index - self._firsts[section])

    def top_of(self, index: int) -> int:
        """The line from which an entry is shown whole: its heading belongs to the first of a section."""
        section = bisect_right(self._firsts, index) - 1
        first = index == self._firsts[section]
        return self.line_of(index) - (1 if first and self._head(section) else 0)

    def key(self, index: int) -> Hashable:
        """The key of an entry."""
        section = bisect_right(self._firsts, index) - 1
        return self.sections[section].keys[index - self._firsts[section]]

    def index(self, key: Hashable) -> int | None:
        """Where a key stands, if it does."""
        for first, section in zip(self._firsts, self.sections, strict=True):
            with suppress(ValueError):
                return first + section.keys.index(key)
        return None


def widths(columns: Sequence[Column], room: int) -> list[int]:
    """How wide each column is in `room` cells; 0 for those left out."""
    kept = list(range(len(columns)))
    while _least(columns, kept) > room and any(columns[n].drop for n in kept):
        kept.remove(max(kept, key=lambda n: columns[n].drop))
    free = [n for n in kept if not columns[n].width]
    rest = max(0, room - sum(columns[n].width for n in kept) - GAP * (len(kept) - 1))
    each, more = divmod(rest, len(free)) if free else (0, 0)
    shares = {n: each + (place < more) for place, n in enumerate(free)}
    return [(column.width or shares[n]) if n in kept else 0 for n, column in enumerate(columns)]


def _least(columns: Sequence[Column], kept: Sequence[int]) -> int:
    return sum(columns[n].width or columns[n].least for n in kept) + GAP * (len(kept) - 1)


def draw_entry(entry: Entry, columns: Sequence[Column], room: int, ink: Ink, ground: str, *, cursor: bool) -> Line:
    """The first line of an entry, `room` cells wide."""
    line: Line = []
    blank = ink("ink", ground)
    for spans, column, width in zip(entry.cells, columns, widths(columns, room), strict=False):
        if not width:
            continue
        if line:
            line.append(Segment(" " * GAP, blank))
        parts = [_part(span, ink, ground, lead=cursor and column.lead) for span in spans if span.text]
        line += row([], parts, width, blank) if column.right else row(parts, [], width, blank)
    rest = room - sum(segment.cell_length for segment in line)
    return [*line, Segment(" " * rest, blank)] if rest > 0 else line


def _part(span: Span, ink: Ink, ground: str, *, lead: bool) -> Part:
    """A span as it is drawn; the cursor's row leads with its main text, and what is muted stays so."""
    lead = lead and span.color != "muted"
    return span.text, ink("accent" if lead else span.color, ground, bold=span.bold or lead)


def draw_below(entry: Entry, room: int, ink: Ink, ground: str) -> Line:
    """The second line of an entry."""
    return row([(s.text, ink(s.color, ground, bold=s.bold)) for s in entry.below], [], room, ink("ink", ground))


def draw_heading(section: Section, room: int, ink: Ink, ground: str) -> Line:
    """A section's heading: its title, how many, and its note."""
    title = [(section.title, ink("ink", ground, bold=True)), (f"  {len(section.keys)}", ink("muted", ground))]
    return row(title, [(section.note, ink("muted", ground))] if section.note else [], room, ink("ink", ground))
