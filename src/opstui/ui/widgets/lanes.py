"""Where lanes and cards stand on a board of a given size: pure arithmetic, so that it can be tested as tables."""

from __future__ import annotations

from msgspec import Struct

ALL_FIT = 18
"""Lanes may be this narrow when that shows all of them."""
WINDOW = 24
"""Else at least this wide, and a window of them around the cursor."""
ROOMY_WIDTH = 60
ROOMY_HEIGHT = 28


class Geometry(Struct, frozen=True):
    """A board's layout. `spans` are (x, width) of the lanes on screen, a scrollbar and a gap cell at their end."""

    width: int
    height: int
    spans: tuple[tuple[int, int], ...]
    windowed: bool
    roomy: bool
    """Room for headers of three lines."""
    rows: int = 5
    """Lines of one card, without the gap below it."""

    @property
    def head(self) -> int:
        """The first line of the lanes' headers; above it the rail, or air."""
        return 1 if self.windowed or self.roomy else 0

    @property
    def body(self) -> int:
        """The first line of the cards."""
        return self.head + (3 if self.roomy else 1)

    @property
    def step(self) -> int:
        """Lines from one card to the next; cards of one line stand close together."""
        return self.rows + (self.rows > 1)

    @property
    def page(self) -> int:
        """How many whole cards a lane shows."""
        return max(1, (self.height - self.body + self.step - self.rows) // self.step)

    def lane_at(self, x: int) -> int | None:
        """Which of the lanes on screen stands at cell `x`."""
        return next((n for n, (start, width) in enumerate(self.spans) if start <= x < start + width), None)


def roomy(width: int, height: int) -> bool:
    """Whether there is room for large cards and headers."""
    return width >= ROOMY_WIDTH and height >= ROOMY_HEIGHT


def geometry(width: int, height: int, lanes: int, rows: int = 5) -> Geometry:
    """The layout for so many lanes with cards of so many lines."""
    lanes = max(1, lanes)
    shown = lanes if width // lanes >= ALL_FIT else max(1, min(lanes, width // WINDOW))
    each, rest = divmod(width, shown)
    spans: list[tuple[int, int]] = []
    x = 0
    for n in range(shown):
        lane = each + (n < rest)
        spans.append((x, lane))
        x += lane
    return Geometry(width, height, tuple(spans), shown < lanes, roomy(width, height), rows)


def window(first: int, shown: int, lanes: int, cursor: int) -> int:
    """The first lane of a window of `shown` lanes that holds the cursor, moved as little as possible."""
    first = max(0, min(first, lanes - shown))
    return cursor if cursor < first else max(first, cursor - shown + 1)


def scroll(offset: int, page: int, count: int, cursor: int) -> int:
    """The first card a lane shows. A lane jumps half a page when the cursor leaves it: few keys resend a lane."""
    last = max(0, count - page)
    offset = max(0, min(offset, last))
    if offset <= cursor < offset + page:
        return offset
    return max(0, min(cursor - page // 2, last))


def thumb(offset: int, page: int, count: int, height: int) -> range:
    """The lines of a scrollbar of `height` lines that its thumb covers; empty when everything is shown."""
    if count <= page:
        return range(0)
    size = max(1, height * page // count)
    start = offset * (height - size) // max(1, count - page)
    return range(start, start + size)
