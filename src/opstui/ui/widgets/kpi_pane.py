"""The numbers beside the board; each opens the cards behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from opstui.formats import Formats
from opstui.projections.pane_groups import USUAL
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells
from opstui.ui.widgets.kpi_lines import STATE_COLORS, Row
from opstui.ui.widgets.paint import Line, Painted, Part, row
from opstui.ui.widgets.pane_rows import Shown, arranged

if TYPE_CHECKING:
    from opstui.domain.registry import Group
    from opstui.projections.pane import CampaignLine, FlowLines
    from opstui.projections.tiles import Tile

FOOT_FROM, EDGE = 4, 2
"""Lines of the pane for each that names pages; cells before the words of a line."""
WIDEST = 58
"""Cells of a row where the pane has the whole screen: what belongs together stands together."""
GROUND = "lane"


class Page(NamedTuple):
    """A page of numbers: its key as people read it, what it is called, and the command that opens it."""

    key: str
    label: str
    command: str

    @property
    def words(self) -> str:
        """As it is written."""
        return f"{self.key} {self.label}".strip()

    @property
    def cells(self) -> int:
        """How wide that is."""
        return cells(self.words)


class KpiPane(Painted, can_focus=True):
    """The groups of numbers, with a cursor of its own; Enter posts TileOpened. Its last lines name the pages."""

    DEFAULT_CSS = "KpiPane { width: 40; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("home", "move(-99)", show=False),
        Binding("end", "move(99)", show=False),
        Binding("enter", "open", show=False),
    ]

    @dataclass
    class TileOpened(Message):
        """Someone wants to see the cards behind a number: `query` on `board`."""

        board: str
        query: str

    @dataclass
    class PageChosen(Message):
        """A page of numbers was clicked: the command that opens it."""

        command: str

    def __init__(self, formats: Formats, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """An empty pane; `formats` writes its figures."""
        super().__init__(id=id)
        self.formats = formats
        self.shown = Shown()
        """What it shows."""
        self._pages: tuple[Page, ...] = ()
        self._rows: list[Row] = []
        self._cursor = self._top = 0

    def show(
        self,
        tiles: Sequence[Tile],
        flow: FlowLines | None,
        campaigns: Sequence[CampaignLine],
        order: Sequence[Group] = USUAL,
    ) -> None:
        """Show these figures, the groups in that order; what is the same as before is not sent again."""
        self.shown = Shown(tuple(tiles), flow, tuple(campaigns), tuple(order))
        if not self.size:  # hidden: arranged when it is seen again, for the size it has then
            self._drawn_for = self.size
            return
        self._arrange()
        self.update_lines(range(self.size.height))

    def show_pages(self, pages: Sequence[Page]) -> None:
        """Name these pages in the last lines."""
        if tuple(pages) != self._pages:
            self._pages = tuple(pages)
            self.show(self.shown.tiles, self.shown.flow, self.shown.campaigns, self.shown.order)

    def _arrange(self) -> None:
        before = self.cursor_row
        self._rows = arranged(self.shown, self.formats, self._room, self._body)
        if before is None or not self._can_rest(self._cursor) or self._rows[self._cursor].query != before.query:
            places = self._places
            same = (n for n in places if before is not None and self._rows[n].query == before.query)
            self._cursor = next(same, min(places, key=lambda n: abs(n - self._cursor), default=0))
        self._see()

    @property
    def _body(self) -> int:
        """Lines for the numbers: all but those that name the pages."""
        return self.size.height - len(self._feet)

    @property
    def _feet(self) -> list[list[Page]]:
        """The pages in as few lines as hold them, as many in each; none where the pane is too low or narrow."""
        pages, room = self._pages, self.size.width - EDGE
        for count in range(1, min(len(pages), self.size.height // FOOT_FROM) + 1):
            each = -(-len(pages) // count)
            lines = [list(pages[n : n + each]) for n in range(0, len(pages), each)]
            if all(sum(page.cells + 1 for page in line) - 1 <= room for line in lines):
                return lines
        return []

    @property
    def _room(self) -> int:
        """Cells for the words of a row."""
        return max(0, min(self.size.width - 2, WIDEST))

    @property
    def _places(self) -> list[int]:
        """The rows that can be opened."""
        return [n for n, row in enumerate(self._rows) if row.query]

    def _can_rest(self, n: int) -> bool:
        return n < len(self._rows) and bool(self._rows[n].query)

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._can_rest(self._cursor) else None

    def action_move(self, step: int) -> None:
        """To the next number that can be opened, up or down."""
        places = self._places
        if places:
            at = places.index(self._cursor) if self._cursor in places else 0
            self._put(places[max(0, min(len(places) - 1, at + step))])

    def _put(self, n: int) -> None:
        old, top, self._cursor = self._cursor, self._top, n
        self._see()
        moved = self._top != top
        self.update_lines(range(self.size.height) if moved else {old - top, n - top})

    def _see(self) -> None:
        """Scroll as little as shows the cursor, and what stands above the first and below the last number."""
        places, most = self._places, max(0, len(self._rows) - self._body)
        if not places or self._cursor == places[0]:
            self._top = 0
        elif self._cursor == places[-1]:
            self._top = most
        else:
            self._top = max(0, min(self._top, self._cursor), self._cursor - self._body + 1)
        self._top = min(self._top, most)

    def action_open(self) -> None:
        """Ask for the cards behind the number under the cursor."""
        if (here := self.cursor_row) is not None:
            self.post_message(self.TileOpened(here.board, here.query))

    def on_click(self, event: events.Click) -> None:
        """A click opens the cards behind a number, or one of the pages."""
        if event.y >= self._body:
            self._choose_page(event.y - self._body, event.x)
        elif self._can_rest(event.y + self._top):
            self._put(event.y + self._top)
            self.action_open()

    def _choose_page(self, line: int, x: int) -> None:
        """The page that stands there in the foot."""
        at = 0
        words = "".join(segment.text for segment in self._foot(line))
        for page in self._feet[line]:
            at = words.index(page.words, at) + page.cells
            if x < at:
                self.post_message(self.PageChosen(page.command))
                return

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual's own way to tell
        """The cursor is seen while the pane has the focus; the messages about it may come later than the next one."""
        super().watch_has_focus(has_focus)
        self.update_lines([self._cursor - self._top])

    def resized(self) -> None:
        """Another height, other spacing."""
        self._arrange()

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """One row: the cursor's bar or the mark of its state, and the words. In the last lines the pages."""
        if y >= self._body:
            return self._foot(y - self._body)
        ink, width = self.ink, self.size.width
        ground = ink("ink", GROUND)
        at = y + self._top
        here = self._rows[at] if at < len(self._rows) else Row()
        cursor = self.has_focus and at == self._cursor and bool(here.query)
        edge = Segment(f"{MARKS[here.state]:<2}", ink(STATE_COLORS[here.state], GROUND))
        edge = Segment(f"{MARKS['cursor']} ", ink("accent", GROUND)) if cursor else edge
        left = [(text, ink(color, GROUND, bold=here.title and not n)) for n, (text, color) in enumerate(here.left)]
        if cursor and left:
            left[0] = (left[0][0], ink("accent", GROUND, bold=True))
        right = [(text, ink(color, GROUND)) for text, color in here.right]
        return [edge, *row(left, right, self._room, ground), Segment(" " * (width - 2 - self._room), ground)]

    def _foot(self, line: int) -> Line:
        """The pages by their keys."""
        ground, parts = self.ink("ink", GROUND), list[Part]()
        if line < len(self._feet):
            pages = self._feet[line]
            room = self.size.width - EDGE
            gap = next((n for n in (3, 2) if sum(p.cells + n for p in pages) - n <= room - 1), 1)
            for page in pages:
                key = page.key + " " * bool(page.key)
                parts += [(key, self.ink("accent", GROUND)), (page.label, self.ink("muted", GROUND))]
                parts.append((" " * gap, ground))
        return [Segment(" " * EDGE, ground), *row(parts, [], max(0, self.size.width - EDGE), ground)]
