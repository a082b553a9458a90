"""Where cards stand in their lanes, and how they scroll: two ways with one interface, so that the board knows neither.

A lane is a sequence of rows, the places where the cursor can stand. In `Columns` these are its cards, and each lane
scrolls for itself. In `Bands` (`bands.py`) they are its cards band by band. Lines are counted from the first line below
the headers. Everything here is arithmetic: no line costs more than a bisection, however many cards there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from opstui.projections.board import BoardView, LaneView
from opstui.ui.widgets.lanes import Geometry, scroll, thumb


class Spot(NamedTuple):
    """What stands on a line of a lane: line `line` of row `row`, or the header of a band; -1 for neither."""

    row: int = -1
    line: int = 0
    band: int = -1


NOTHING = Spot()
Level = tuple[int, int]
"""How high the cursor stands, in terms that mean the same in every lane."""


class Stacks(Protocol):
    """What the board asks of the lanes' rows."""

    def take(self, view: BoardView, geometry: Geometry) -> None:
        """Another view or another layout."""

    def count(self, lane: int) -> int:
        """How many rows a lane has."""

    def card(self, lane: int, row: int) -> int | None:
        """The card in a row."""

    def row_of(self, lane: int, card: int) -> int | None:
        """The row where a card stands, or the header of the closed band that it is in."""

    def down(self, lane: int, row: int, by: int) -> int:
        """The row so many rows further down (up when negative) at which the cursor stops."""

    def level(self, lane: int, row: int) -> Level:
        """The height of a row, for another lane."""

    def at_level(self, lane: int, level: Level) -> int:
        """The row of a lane at that height."""

    def y(self, lane: int, row: int) -> int:
        """The line where a row begins; negative when that is above what is shown."""

    def at(self, lane: int, y: int) -> Spot:
        """What stands on a line."""

    def near(self, lane: int, y: int) -> int:
        """The row on a line, or the one nearest to it."""

    def offset(self, lane: int) -> object:
        """How far a lane is scrolled for itself: something that differs when it was."""

    def shared(self) -> int:
        """How many lines all lanes are scrolled together."""

    def settle(self, lane: int, row: int) -> None:
        """Scroll so that this row is in sight, and no lane ends above the bottom."""

    def wheel(self, under: tuple[int, int], by: int, cursor: tuple[int, int]) -> int:
        """Scroll what the mouse is over by so many cards; gives the cursor's row, in sight. Both are lane and row."""

    def thumb(self, lane: int, y: int) -> bool:
        """Whether the thumb of a lane's scrollbar is on that line."""

    def beside(self, lane: int, row: int) -> Sequence[int]:
        """The cards among which that of this row stands: its lane's, or its band's in the lane."""


class Columns:
    """Each lane a column of cards that scrolls for itself."""

    def __init__(self) -> None:
        """Nothing is shown yet."""
        self._lanes: tuple[LaneView, ...] = ()
        self._offsets: dict[str, int] = {}

    def take(self, view: BoardView, geometry: Geometry) -> None:
        """Lanes that were there before keep their scrolling."""
        self._lanes, self._g = view.lanes, geometry

    def count(self, lane: int) -> int:
        """Its cards."""
        return len(self._lanes[lane].ids) if lane < len(self._lanes) else 0

    def card(self, lane: int, row: int) -> int | None:
        """Every row is a card."""
        return self._lanes[lane].ids[row] if 0 <= row < self.count(lane) else None

    def row_of(self, lane: int, card: int) -> int | None:
        """Its place in the lane."""
        return index(self._lanes[lane].ids, card)

    def down(self, lane: int, row: int, by: int) -> int:
        """Card by card."""
        return max(0, min(row + by, self.count(lane) - 1))

    def level(self, lane: int, row: int) -> Level:
        """The place on screen."""
        return row - self.offset(lane), 0

    def at_level(self, lane: int, level: Level) -> int:
        """The card there, or the last one."""
        return self.down(lane, self.offset(lane) + level[0], 0)

    def y(self, lane: int, row: int) -> int:
        """One card after the other."""
        return (row - self.offset(lane)) * self._g.step

    def at(self, lane: int, y: int) -> Spot:
        """A card's line, or the gap below it."""
        place, line = divmod(y, self._g.step)
        row = self.offset(lane) + place
        return Spot(row, line) if row < self.count(lane) and line < self._g.rows else NOTHING

    def near(self, lane: int, y: int) -> int:
        """The card there; behind the last the number of cards."""
        return min(self.offset(lane) + max(0, y) // self._g.step, self.count(lane))

    def offset(self, lane: int) -> int:
        """The first card it shows."""
        return self._offsets.get(self._lanes[lane].stage.id, 0) if lane < len(self._lanes) else 0

    def shared(self) -> int:
        """Never."""
        return 0

    def settle(self, lane: int, row: int) -> None:
        """The cursor's lane jumps half a page when it leaves; the others only end at the bottom."""
        page = self._g.page
        for n, shown in enumerate(self._lanes):
            offset, count = self.offset(n), len(shown.ids)
            wanted = row if n == lane else max(0, min(offset, count - page))
            self._offsets[shown.stage.id] = scroll(offset, page, count, wanted)

    def wheel(self, under: tuple[int, int], by: int, cursor: tuple[int, int]) -> int:
        """The lane under the wheel."""
        lane, page = under[0], self._g.page
        offset = max(0, min(self.offset(lane) + by, self.count(lane) - page))
        self._offsets[self._lanes[lane].stage.id] = offset
        return max(offset, min(cursor[1], offset + page - 1)) if cursor[0] == lane else cursor[1]

    def thumb(self, lane: int, y: int) -> bool:
        """One for each lane that has more than a page."""
        return y in thumb(self.offset(lane), self._g.page, self.count(lane), self._g.height - self._g.body)

    def beside(self, lane: int, row: int) -> Sequence[int]:  # noqa: ARG002 - the whole lane
        """The lane's cards."""
        return self._lanes[lane].ids if lane < len(self._lanes) else ()


def index(ids: Sequence[int], card: int) -> int | None:
    """Where a card stands among these, if it does."""
    try:
        return ids.index(card)
    except ValueError:
        return None
