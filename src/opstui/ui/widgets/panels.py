"""The panels of a page beside and below each other, with one cursor over all their numbers.

What is laid out is a list of blocks in cells of a tall sheet of which the widget shows a part; where the cursor goes it
follows. Only lines that differ are sent, so a step of the cursor costs some cells of two charts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from opstui.formats import Formats
from opstui.projections.panels import Element, Page, Panel
from opstui.ui.glyphs import MARKS, AsciiOnly
from opstui.ui.ink import cells, clip, wrapped
from opstui.ui.widgets.charts.drawing import Drawing, Run, Spot, draw, natural_height
from opstui.ui.widgets.lanes import thumb
from opstui.ui.widgets.paint import Line, Painted

GROUND = "panel"
COLUMNS = ((196, 3), (116, 2))
"""Cells of width from which so many columns stand beside each other."""
GAP, EDGE = 3, 2
NARROW = 5
"""Columns of a table that one column of the sheet has room for."""
MOST_GROWTH = 12
"""Lines by which a chart is higher than it would be, where there is room."""
DOUBLE = 2
FADING = ("ink", "muted", "ok")
"""Colours that fade where figures are old; warnings and the cursor do not."""
_ACROSS = frozenset({"columns", "area", "line", "scatter"})
"""Charts whose elements stand beside each other."""


class Block(Struct, frozen=True):
    """A panel's place on the sheet: its chart begins at `row` + 1, below its title; words stand below that."""

    number: int
    column: int
    row: int
    width: int
    chart: int
    """Lines of the chart."""
    words: tuple[tuple[str, str], ...]
    """(text, colour) of the lines below the chart."""

    @property
    def end(self) -> int:
        """The line after its last."""
        return self.row + 1 + self.chart + len(self.words)


class Panels(Painted, can_focus=True):
    """Shows a page; posts `Pointed` when the cursor stands on another number, `Opened` for Enter or a double click."""

    DEFAULT_CSS = "Panels { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "down(1)", show=False),
        Binding("k,up", "down(-1)", show=False),
        Binding("l,right", "across(1)", show=False),
        Binding("h,left", "across(-1)", show=False),
        Binding("tab", "panel(1)", show=False),
        Binding("shift+tab", "panel(-1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("enter", "open", show=False),
    ]

    @dataclass
    class Pointed(Message):
        """The cursor stands on another number."""

    @dataclass
    class Opened(Message):
        """The cards behind the number under the cursor are asked for."""

    def __init__(self, formats: Formats, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """An empty page."""
        super().__init__(id=id)
        self.formats = formats
        self.page: Page | None = None
        self.tables = False
        self.panel, self.element = 0, 0
        """Where the cursor is: a panel, and one of its elements."""
        self._blocks: list[Block] = []
        self._drawings: dict[tuple[int, int | None], Drawing] = {}
        self._top = 0

    # ------------------------------------------------------------------ what is shown

    def show(self, page: Page, *, tables: bool = False) -> None:
        """Show a page; the cursor stays where it is as long as there is such a number."""
        fresh = self.page is None or self.page.id != page.id
        self.page, self.tables = page, tables
        if fresh:
            self.panel = self.element = self._top = 0
        self._drawings.clear()
        self._arrange()
        self._settle()
        self.update_lines(range(self.size.height))
        self.post_message(self.Pointed())

    @property
    def here(self) -> tuple[Panel, Element] | None:
        """The panel and the number under the cursor."""
        panels = self.page.panels if self.page else ()
        if not self.panel < len(panels) or not self.element < len(panels[self.panel].elements):
            return None
        return panels[self.panel], panels[self.panel].elements[self.element]

    def resized(self) -> None:
        """Other widths, other places."""
        self._drawings.clear()
        self._arrange()
        self._settle()

    def recolored(self) -> None:
        """Drawings hold tokens, not colours."""

    def _arrange(self) -> None:
        """Each panel below the others of the column that is shortest; where room is left, charts are higher."""
        self._blocks = []
        if self.page is None or self.size.width < EDGE + 2:
            return
        self._blocks = self._placed(0)
        spare = self.size.height - self._end
        if spare > 0:
            deep = max(1, max(self._charts_above(block) for block in self._blocks) if self._blocks else 1)
            higher = self._placed(min(spare // deep, MOST_GROWTH))
            self._blocks = higher if max(block.end for block in higher) <= self.size.height else self._blocks

    def _charts_above(self, block: Block) -> int:
        """How many charts of a free height stand in the block's column."""
        assert self.page is not None
        column = (one for one in self._blocks if one.column <= block.column < one.column + one.width)
        return sum(not self._listed(self.page.panels[one.number]) for one in column)

    @property
    def _end(self) -> int:
        """The lines of the whole sheet."""
        return max((block.end for block in self._blocks), default=0)

    def _placed(self, growth: int) -> list[Block]:
        """Where the panels stand, the charts of a free height by so many lines higher than they would be."""
        assert self.page is not None
        width, panels = self.size.width, self.page.panels
        count = next((columns for least, columns in COLUMNS if width >= least), 1)
        count = min(count, max(1, len(panels)))
        each = (width - EDGE - 1 - GAP * (count - 1)) // count
        ends, blocks = [0] * count, list[Block]()
        for number, panel in enumerate(panels):
            table = self.tables or panel.kind == "table"
            span = min(count, 2 if table and len(panel.heads) > NARROW - 1 else 1)
            places = range(count - span + 1)
            place = min(places, key=lambda n: (max(ends[n : n + span]), n))
            row, room = max(ends[place : place + span]), each * span + GAP * (span - 1)
            block = self._block(number, panel, EDGE + place * (each + GAP), row, room, growth)
            blocks.append(block)
            ends[place : place + span] = [block.end + 1] * span
        return blocks

    def _block(self, number: int, panel: Panel, column: int, row: int, width: int, growth: int) -> Block:
        most = max(6, self.size.height - 4)
        chart = natural_height(panel, width, table=self.tables)
        if not self._listed(panel):
            chart = min(chart + growth, most)
        words = [(line, "ink") for line in wrapped(panel.says, width)]
        arrow = f"{MARKS['after']} "
        words += [
            (arrow + line if not n else "  " + line, "accent")
            for n, line in enumerate(wrapped(panel.next_step, width - 2))
        ]
        return Block(number, column, row, width, max(1, chart), tuple(words))

    def _listed(self, panel: Panel) -> bool:
        return self.tables or panel.kind not in _ACROSS

    def _settle(self) -> None:
        """The cursor on a number, and in sight."""
        panels = self.page.panels if self.page else ()
        if self.here is None:
            self.panel = min(self.panel, max(0, len(panels) - 1))
            if not (panels and panels[self.panel].elements):
                self.panel = next((n for n, panel in enumerate(panels) if panel.elements), 0)
            count = len(panels[self.panel].elements) if panels else 0
            self.element = max(0, min(self.element, count - 1))
        self._see()

    # ------------------------------------------------------------------ the cursor

    def go(self, panel: int, element: int) -> None:
        """Put the cursor on a number."""
        before, top = self._lines_of(self.panel), self._top
        if (panel, element) == (self.panel, self.element):
            return
        self.panel, self.element = panel, element
        self._see()
        if top != self._top:
            self.update_lines(range(self.size.height))
        else:
            self.update_lines({*before, *self._lines_of(panel)})
        self.post_message(self.Pointed())

    def put(self, panel: int, element: int) -> None:
        """Put the cursor on a number, if there is one."""
        panels = self.page.panels if self.page else ()
        if panel < len(panels) and element < len(panels[panel].elements):
            self.go(panel, element)

    def _lines_of(self, panel: int) -> Iterable[int]:
        block = next((block for block in self._blocks if block.number == panel), None)
        return range(block.row - self._top, block.end - self._top) if block else ()

    def _see(self) -> None:
        """Scroll as little as shows the number, and the title of its panel where both have room."""
        block = next((block for block in self._blocks if block.number == self.panel), None)
        height = self.size.height
        if block is None or not height:
            return
        spot = self._spot(block)
        first, last = (block.row + 1 + spot.row, block.row + 1 + spot.row + 1) if spot else (block.row, block.row + 1)
        if block.end - block.row <= height:
            first, last = block.row, block.end
        elif last - block.row <= height:
            first = block.row
        if first < self._top:
            self._top = first
        elif last > self._top + height:
            self._top = last - height
        self._top = max(0, min(self._top, self._end - height))

    def _spot(self, block: Block) -> Spot | None:
        drawing = self._drawing(block)
        return next((spot for spot in drawing.spots if spot.element == self.element), None)

    def action_panel(self, by: int) -> None:
        """To the next panel that has numbers, or the one before."""
        panels = self.page.panels if self.page else ()
        order = [n for n, panel in enumerate(panels) if panel.elements]
        if not order:
            return
        at = order.index(self.panel) if self.panel in order else 0
        to = order[(at + by) % len(order)]
        self.go(to, 0 if not self._runs(panels[to]) else self._latest(panels[to]))

    def _latest(self, panel: Panel) -> int:
        """Where one begins to read a chart over days: at its first series' last day."""
        first = panel.elements[0].series
        return max(n for n, element in enumerate(panel.elements) if element.series == first)

    def _runs(self, panel: Panel) -> bool:
        """Whether its elements stand beside each other."""
        return panel.kind in _ACROSS and not self.tables

    def action_across(self, by: int) -> None:
        """To the number beside it."""
        if (here := self.here) is None:
            return
        panel, element = here
        row = [n for n, other in enumerate(panel.elements) if other.series == element.series]
        if not self._runs(panel):
            row = list(range(len(panel.elements)))
        at = row.index(self.element) + by
        if 0 <= at < len(row):
            self.go(self.panel, row[at])

    def action_down(self, by: int) -> None:
        """To the number below it, or the next panel; in a chart of several series to the next one on that day."""
        if (here := self.here) is None:
            return
        panel, element = here
        if self._runs(panel):
            column = [n for n, other in enumerate(panel.elements) if (other.at, other.x) == (element.at, element.x)]
            column = column[::-1] if panel.kind == "area" else column
        else:
            column = list(range(len(panel.elements)))
        at = column.index(self.element) + by
        if 0 <= at < len(column):
            self.go(self.panel, column[at])
        else:
            self.action_panel(by)

    def action_edge(self, last: int) -> None:
        """To the first or the last number of its kind in the panel."""
        if (here := self.here) is None:
            return
        panel, element = here
        row = [n for n, other in enumerate(panel.elements) if other.series == element.series or not self._runs(panel)]
        self.go(self.panel, row[-1 if last else 0])

    def action_page(self, by: int) -> None:
        """A screenful on."""
        top = max(0, min(self._top + by * max(1, self.size.height - 2), self._end - self.size.height))
        if top != self._top:
            self._top = top
            self.update_lines(range(self.size.height))

    def action_open(self) -> None:
        """The cards behind the number."""
        if self.here is not None:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self) -> None:
        """The wheel."""
        self.scroll_lines(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel."""
        self.scroll_lines(-3)

    def scroll_lines(self, by: int) -> None:
        """Show other lines; the cursor stays where it is."""
        top = max(0, min(self._top + by, self._end - self.size.height))
        if top != self._top:
            self._top = top
            self.update_lines(range(self.size.height))

    def on_click(self, event: events.Click) -> None:
        """A click selects a number, a double click opens its cards."""
        for block in self._blocks:
            row, column = event.y + self._top - block.row - 1, event.x - block.column
            if not (0 <= row < block.chart and 0 <= column < block.width):
                continue
            element = self._drawing(block).nearest(row, column)
            if element is not None:
                self.go(block.number, element)
                if event.chain == DOUBLE:
                    self.action_open()
            return

    # ------------------------------------------------------------------ drawing

    @property
    def plain(self) -> bool:
        """Whether patterns and letters must stand for colours."""
        return self.app.no_color or any(isinstance(one, AsciiOnly) for one in self.get_line_filters())

    def _drawing(self, block: Block) -> Drawing:
        cursor = self.element if block.number == self.panel and self.has_focus else None
        key = block.number, cursor
        if key not in self._drawings:
            assert self.page is not None
            if len(self._drawings) > 4 * len(self._blocks):
                self._drawings.clear()
            self._drawings[key] = draw(
                self.page.panels[block.number],
                block.width,
                block.chart,
                cursor=cursor,
                table=self.tables,
                formats=self.formats,
                plain=self.plain,
            )
        return self._drawings[key]

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual's own way to tell
        """The cursor is seen while it has the focus."""
        super().watch_has_focus(has_focus)
        self.update_lines(range(self.size.height))

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """One line of all columns, and the scrollbar."""
        line, at, sheet = list[Segment](), 0, y + self._top
        for block in sorted(self._blocks, key=lambda block: block.column):
            if block.row <= sheet < block.end:
                line += [self._blank(block.column - at), *self._within(block, sheet - block.row)]
                at = block.column + block.width
        width = self.size.width
        line.append(self._blank(width - 1 - at))
        return [*line, self._thumb(y)] if width else []

    def _blank(self, width: int) -> Segment:
        return Segment(" " * max(0, width), self.ink("ink", GROUND))

    def _within(self, block: Block, row: int) -> Line:
        assert self.page is not None
        panel = self.page.panels[block.number]
        if row == 0:
            return self._title(panel, block)
        if row <= block.chart:
            return [self._run(run, faded=bool(panel.stale)) for run in self._drawing(block).lines[row - 1]]
        text, color = block.words[row - 1 - block.chart]
        return [Segment(text, self.ink(color, GROUND)), self._blank(block.width - cells(text))]

    def _title(self, panel: Panel, block: Block) -> Line:
        mark = f"{MARKS[panel.state]} " if panel.state in ("bad", "warn") else ""
        sign = f"  {MARKS['stale']}" if panel.stale else ""
        title = clip(mark + panel.title, block.width)
        late = clip(f" {panel.stale}" if sign else "", block.width - cells(title + sign))
        here = block.number == self.panel and self.has_focus
        color = "accent" if here else "ink"
        parts = ((title, color, True), (sign if late else "", "warn", False), (late, "muted", False))
        words = [Segment(text, self.ink(tone, GROUND, bold=bold)) for text, tone, bold in parts if text]
        return [*words, self._blank(block.width - sum(segment.cell_length for segment in words))]

    def _run(self, run: Run, *, faded: bool = False) -> Segment:
        """A stretch of a drawing; what is made of old figures is faded."""
        color = "faint" if faded and run.color in FADING and not run.ground else run.color
        style = self.ink(color, run.ground or GROUND, bold=run.bold and color == run.color)
        if run.ground and self.app.no_color:
            style += Style(reverse=True)
        return Segment(run.text, style)

    def _thumb(self, y: int) -> Segment:
        on = y in thumb(self._top, self.size.height, self._end, self.size.height)
        return Segment(MARKS["thumb"] if on else " ", self.ink("faint", GROUND))
