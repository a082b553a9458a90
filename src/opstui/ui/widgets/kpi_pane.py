"""The numbers beside the board; each opens the cards behind it. One line of them where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from opstui.formats import Formats
from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.widgets.kpi_lines import STATE_COLORS, Row, campaign_rows, flow_rows, silence, strip_words, tile_rows
from opstui.ui.widgets.paint import Line, Painted, Part, row, wide

if TYPE_CHECKING:
    from opstui.projections.pane import CampaignLine, FlowLines
    from opstui.projections.tiles import Tile

SPACED_FROM = 34
"""Lines from which every tile has air below it."""
WIDEST = 58
"""Cells of a row where the pane has the whole screen: what belongs together stands together."""
GROUND = "lane"


class KpiPane(Painted, can_focus=True):
    """Tiles, flow and live campaigns, with a cursor of its own; Enter posts TileOpened."""

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

    def __init__(self, formats: Formats, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """An empty pane; `formats` writes its figures."""
        super().__init__(id=id)
        self.formats = formats
        self._tiles: Sequence[Tile] = ()
        self._flow: FlowLines | None = None
        self._campaigns: Sequence[CampaignLine] = ()
        self._rows: list[Row] = []
        self._cursor = 0

    def show(self, tiles: Sequence[Tile], flow: FlowLines | None, campaigns: Sequence[CampaignLine]) -> None:
        """Show these figures; what is the same as before is not sent again."""
        self._tiles, self._flow, self._campaigns = tuple(tiles), flow, tuple(campaigns)
        if not self.size:  # hidden: arranged when it is seen again, for the size it has then
            self._drawn_for = self.size
            return
        self._arrange()
        self.update_lines(range(self.size.height))

    def _arrange(self) -> None:
        spaced = self.size.height >= SPACED_FROM
        rows = [Row()] if spaced else []
        rows.append(Row(((_("Today"), "ink"),), title=True))
        rows += tile_rows(self._tiles, self.formats, spaced=spaced, width=self._room)
        flow = flow_rows(self._flow, self.formats) if self._flow else ()
        for more in (list(flow), list(campaign_rows(self._campaigns, self.formats))):
            if more:
                rows += more if rows[-1].is_blank else [Row(), *more]
        self._rows = [*rows, *silence(self._tiles, self._flow, self._campaigns)]
        if rows and not self._can_rest(self._cursor):
            self._cursor = next((n for n in range(len(rows)) if self._can_rest(n)), 0)

    @property
    def _room(self) -> int:
        """Cells for the words of a row."""
        return max(0, min(self.size.width - 2, WIDEST))

    def _can_rest(self, n: int) -> bool:
        return n < len(self._rows) and bool(self._rows[n].query)

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._can_rest(self._cursor) else None

    def action_move(self, step: int) -> None:
        """To the next number that can be opened, up or down."""
        places = [n for n in range(len(self._rows)) if self._can_rest(n)]
        if places:
            at = places.index(self._cursor) if self._cursor in places else 0
            self._put(places[max(0, min(len(places) - 1, at + step))])

    def _put(self, n: int) -> None:
        old, self._cursor = self._cursor, n
        self.update_lines({old, n})

    def action_open(self) -> None:
        """Ask for the cards behind the number under the cursor."""
        if (here := self.cursor_row) is not None:
            self.post_message(self.TileOpened(here.board, here.query))

    def on_click(self, event: events.Click) -> None:
        """A click opens the cards behind a number."""
        if self._can_rest(event.y):
            self._put(event.y)
            self.action_open()

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual's own way to tell
        """The cursor is seen while the pane has the focus; the messages about it may come later than the next one."""
        super().watch_has_focus(has_focus)
        self.update_lines([self._cursor])

    def resized(self) -> None:
        """Another height, other spacing."""
        self._arrange()

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """One row: the cursor's bar or the mark of its state, and the words."""
        ink, width = self.ink, self.size.width
        ground = ink("ink", GROUND)
        here = self._rows[y] if y < len(self._rows) else Row()
        cursor = self.has_focus and y == self._cursor and bool(here.query)
        edge = Segment(f"{MARKS[here.state]:<2}", ink(STATE_COLORS[here.state], GROUND))
        edge = Segment(f"{MARKS['cursor']} ", ink("accent", GROUND)) if cursor else edge
        left = [(text, ink(color, GROUND, bold=here.title)) for text, color in here.left]
        if cursor and left:
            left[0] = (left[0][0], ink("accent", GROUND, bold=True))
        right = [(text, ink(color, GROUND)) for text, color in here.right]
        return [edge, *row(left, right, self._room, ground), Segment(" " * (width - 2 - self._room), ground)]


class KpiStrip(Painted):
    """The tiles on one line, for terminals too narrow for the pane; what does not fit is left out."""

    DEFAULT_CSS = "KpiStrip { height: 1; width: 1fr; }"

    def __init__(self, formats: Formats, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """An empty line; `formats` writes its figures."""
        super().__init__(id=id)
        self.formats = formats
        self._tiles: Sequence[Tile] = ()
        self._ends: list[int] = []
        """The column where each tile that is shown ends."""

    def show(self, tiles: Sequence[Tile]) -> None:
        """Show these figures."""
        self._tiles = tuple(tiles)
        self.update_lines([0])

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - there is one line
        """As many tiles as fit."""
        width, ground = self.size.width, self.ink("ink", GROUND)
        tiles = [
            [(text, self.ink(color, GROUND)) for text, color in strip_words(tile, self.formats) if text]
            for tile in self._tiles
        ]
        used = sum(map(wide, tiles))
        gap = next((n for n in (3, 2) if used + n * (len(tiles) - 1) + 2 <= width), 2)
        parts: list[Part] = [(" ", ground)]
        self._ends = []
        for words in tiles:
            if wide(parts) + wide(words) > width:
                break
            parts += [*words, (" " * gap, ground)]
            self._ends.append(wide(parts))
        return row(parts, [], width, ground)

    def on_click(self, event: events.Click) -> None:
        """A click opens the cards behind a number."""
        tile = next((tile for tile, end in zip(self._tiles, self._ends, strict=False) if event.x < end), None)
        if tile is not None and tile.query:
            self.post_message(KpiPane.TileOpened(tile.board, tile.query))
