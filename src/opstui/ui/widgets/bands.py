"""Where cards stand on a board that is cut into bands (swimlanes).

A band is as high as its fullest lane, but never higher than the screen, and lanes of finished work do not count: forty
closed orders must not push the next band out of sight. So where a lane has more cards in a band than the band is high,
they scroll there for themselves, as a lane does on a plain board; and the bands scroll together, by lines. The first
line always is the header of the band at the top.

A lane's rows are its cards band by band, one row for a closed band (its header), and one for an empty place, so that
the cursor can go down a band in every lane.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from opstui.projections.board import BoardView, LaneView
from opstui.ui.widgets.lanes import Geometry, scroll, thumb
from opstui.ui.widgets.stacks import NOTHING, Level, Spot, index

LEAST = 2
"""Cards of finished work that a band shows, if it has no others."""


class Bands:
    """The lanes of a board with bands; see `Stacks` for what is asked of it."""

    def __init__(self) -> None:
        """Nothing is shown yet."""
        self._lanes: tuple[LaneView, ...] = ()
        self._values: tuple[str, ...] = ()
        self._offset = 0
        self._offsets: dict[tuple[str, str], int] = {}
        """Stage and band -> the first card it shows there."""

    def take(self, view: BoardView, geometry: Geometry) -> None:
        """Find out how high each band is, and in which row of each lane it begins."""
        self._lanes, self._g = view.lanes, geometry
        self._values = tuple(band.value for band in view.bands)
        self._folded = [band.folded for band in view.bands]
        sizes = [[b - a for a, b in zip(lane.breaks, lane.breaks[1:], strict=False)] for lane in view.lanes]
        self._starts = [[0, *accumulate(self._rows(of_lane))] for of_lane in sizes]
        self._high = self._heights(sizes)
        self._tops = [0, *accumulate(map(self._lines, self._high, self._folded))]

    def _rows(self, sizes: Sequence[int]) -> Sequence[int]:
        return [1 if folded else max(1, size) for size, folded in zip(sizes, self._folded, strict=True)]

    def _heights(self, sizes: Sequence[Sequence[int]]) -> list[int]:
        """How many cards each band shows one below the other."""
        most = max(1, (self._shown - 1) // self._g.step)
        work = [
            each
            for lane, each in zip(self._lanes, sizes, strict=True)
            if lane.stage.category in ("queue", "active") and lane.ids
        ]
        every = [max(column) for column in zip(*sizes, strict=True)]
        fullest = [max(column) for column in zip(*work, strict=True)] if work else every
        return [min(most, max(1, a, min(LEAST, b))) for a, b in zip(fullest, every, strict=True)]

    def _lines(self, cards: int, folded: bool) -> int:  # noqa: FBT001 - mapped
        """A header, the cards, and air below them where cards have none of their own."""
        return 1 if folded else 1 + cards * self._g.step + (self._g.step == self._g.rows)

    # ------------------------------------------------------------------ rows

    @property
    def number(self) -> int:
        """How many bands there are."""
        return len(self._values)

    def band(self, lane: int, row: int) -> int:
        """The band of a row."""
        return max(0, min(bisect_right(self._starts[lane], row), self.number) - 1)

    def row_in(self, lane: int, band: int, place: int = 0) -> int:
        """The row at that place of a band, or the band's last one."""
        starts = self._starts[lane]
        return min(starts[band] + place, starts[band + 1] - 1)

    def folded(self, lane: int, row: int) -> bool:
        """Whether a row is the header of a closed band."""
        return self._folded[self.band(lane, row)]

    def count(self, lane: int) -> int:
        """Cards, headers of closed bands, and empty places."""
        return self._starts[lane][-1] if lane < len(self._lanes) else 0

    def cards(self, lane: int, band: int) -> int:
        """How many cards a lane has in a band."""
        breaks = self._lanes[lane].breaks
        return breaks[band + 1] - breaks[band]

    def card(self, lane: int, row: int) -> int | None:
        """The card in a row, if there is one."""
        if not 0 <= row < self.count(lane):
            return None
        band, place = self.level(lane, row)
        held = not self._folded[band] and place < self.cards(lane, band)
        return self._lanes[lane].ids[self._lanes[lane].breaks[band] + place] if held else None

    def row_of(self, lane: int, card: int) -> int | None:
        """Where it stands, or where its closed band does."""
        at = index(self._lanes[lane].ids, card)
        if at is None:
            return None
        breaks = self._lanes[lane].breaks
        band = bisect_right(breaks, at) - 1
        return self.row_in(lane, band, at - breaks[band])

    def down(self, lane: int, row: int, by: int) -> int:
        """Card by card, on into the next band; past places where this lane has nothing."""
        there = max(0, min(row + by, self.count(lane) - 1))
        step = -1 if by < 0 else 1
        while 0 <= there < self.count(lane) and self.card(lane, there) is None and not self.folded(lane, there):
            there += step
        return there if 0 <= there < self.count(lane) else row

    def level(self, lane: int, row: int) -> Level:
        """The band, and the place in it."""
        band = self.band(lane, row)
        return band, row - self._starts[lane][band]

    def at_level(self, lane: int, level: Level) -> int:
        """The same band, at that place or its last one."""
        return self.row_in(lane, min(level[0], self.number - 1), level[1])

    def beside(self, lane: int, row: int) -> Sequence[int]:
        """The band's cards in this lane."""
        if not self.count(lane):
            return ()
        band, breaks = self.band(lane, row), self._lanes[lane].breaks
        return self._lanes[lane].ids[breaks[band] : breaks[band + 1]]

    # ------------------------------------------------------------------ lines

    @property
    def _shown(self) -> int:
        return self._g.height - self._g.body

    def y(self, lane: int, row: int) -> int:
        """Below its band's header."""
        band, place = self.level(lane, row)
        below = 0 if self._folded[band] else 1 + (place - self._cell(lane, band)) * self._g.step
        return self._tops[band] + below - self._offset

    def at(self, lane: int, y: int) -> Spot:
        """A header (the first line always is one), a card's line, or nothing."""
        line = y + self._offset
        band = bisect_right(self._tops, line) - 1
        if band >= self.number:
            return NOTHING
        below = line - self._tops[band] - 1
        if y == 0 or below < 0:
            return Spot(band=band)
        place, rest = divmod(below, self._g.step)
        row = self._starts[lane][band] + place + self._cell(lane, band)
        shown = place < self._high[band] and row < self._starts[lane][band + 1]
        return Spot(row, rest) if shown and rest < self._g.rows else NOTHING

    def near(self, lane: int, y: int) -> int:
        """The row on that line, or the last one of the band there."""
        line = max(0, y) + self._offset
        band = min(bisect_right(self._tops, line), self.number) - 1
        place = max(0, line - self._tops[band] - 1) // self._g.step
        return self.row_in(lane, band, min(place, self._high[band] - 1) + self._cell(lane, band))

    # ------------------------------------------------------------------ scrolling

    def _cell(self, lane: int, band: int) -> int:
        """The first card that a lane shows in a band."""
        return self._offsets.get((self._lanes[lane].stage.id, self._values[band]), 0)

    def _scroll_cell(self, lane: int, band: int, offset: int) -> bool:
        """Show another first card there; True when it is another."""
        offset = max(0, min(offset, self.cards(lane, band) - self._high[band]))
        moved = offset != self._cell(lane, band)
        if moved:
            self._offsets[self._lanes[lane].stage.id, self._values[band]] = offset
        return moved

    def offset(self, lane: int) -> object:
        """What its bands show first."""
        stage = self._lanes[lane].stage.id
        return [(where, at) for where, at in self._offsets.items() if where[0] == stage]

    def shared(self) -> int:
        """The first line shown."""
        return self._offset

    def _clamp(self, offset: int) -> int:
        return max(0, min(offset, self._tops[-1] - self._shown))

    def settle(self, lane: int, row: int) -> None:
        """Half a page on when the cursor leaves, in its band or all together; the header never covers its card."""
        for stage, value in list(self._offsets):
            self._end_at_bottom(stage, value)
        self._offset = self._clamp(self._offset)
        if not self.count(lane):
            return
        band, place = self.level(lane, row)
        high = self._high[band]
        self._scroll_cell(lane, band, scroll(self._cell(lane, band), high, self.cards(lane, band), place))
        top, rows, header = self.y(lane, row) + self._offset, self._rows_of(band), int(not self._folded[band])
        if not self._offset + header <= top <= max(self._offset + header, self._offset + self._shown - rows):
            self._offset = max(0, min(self._clamp(top - self._shown // 2), top - header))

    def _rows_of(self, band: int) -> int:
        return 1 if self._folded[band] else self._g.rows

    def _end_at_bottom(self, stage: str, value: str) -> None:
        """A band that lost cards shows no empty places for them."""
        lane = next((n for n, shown in enumerate(self._lanes) if shown.stage.id == stage), None)
        if lane is None or value not in self._values:
            del self._offsets[stage, value]
        else:
            self._scroll_cell(lane, self._values.index(value), self._offsets[stage, value])

    def wheel(self, under: tuple[int, int], by: int, cursor: tuple[int, int]) -> int:
        """First the band under the mouse, in its lane, to its end; then all together."""
        lane, row = cursor
        over = self.band(*under)
        if not self._folded[over] and self._scroll_cell(under[0], over, self._cell(under[0], over) + by):
            band, place = self.level(lane, row)
            if (lane, band) != (under[0], over):
                return row
            first = self._cell(lane, band)
            return self.row_in(lane, band, max(first, min(place, first + self._high[band] - 1)))
        self._offset = self._clamp(self._offset + by * self._g.step)
        return self._in_sight(lane, row)

    def _in_sight(self, lane: int, row: int) -> int:
        """The row nearest to this one that is on screen."""
        band, y = self.band(lane, row), self.y(lane, row)
        if y < int(not self._folded[band]):
            return min(self.near(lane, self._g.step), self.count(lane) - 1)
        if y + self._rows_of(band) > self._shown:
            return min(self.near(lane, self._shown - self._g.step), self.count(lane) - 1)
        return row

    def thumb(self, lane: int, y: int) -> bool:
        """One in each band where a lane has more cards than are shown."""
        line = y + self._offset
        band = bisect_right(self._tops, line) - 1
        if band >= self.number or self._folded[band]:
            return False
        high = self._high[band]
        covered = thumb(self._cell(lane, band), high, self.cards(lane, band), high * self._g.step - 1)
        return y > 0 and line - self._tops[band] - 1 in covered
