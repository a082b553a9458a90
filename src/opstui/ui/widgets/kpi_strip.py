"""The numbers on one line, where there is no room for the pane; a click opens the cards behind one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events

from opstui.formats import Formats
from opstui.ui.widgets.kpi_lines import strip_words
from opstui.ui.widgets.kpi_pane import GROUND, KpiPane
from opstui.ui.widgets.paint import Line, Painted, Part, row, wide

if TYPE_CHECKING:
    from opstui.projections.tiles import Tile


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
