"""Sends a terminal only what is different on it: Textual's frames in, the cells that changed out.

Textual sends whole strips again for a cursor that moved, and the whole screen for a card that did: 22 kB over a slow
line. Here the cells that the terminal shows are remembered, and a frame becomes the runs that differ, each look said as
the difference to the one before. What is not understood goes through as it is, and everything is forgotten: whatever
happens, the cost is bytes, never a wrong picture. Pure: no terminal, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from opstui.ui.cells import Cells, cells
from opstui.ui.looks import PLAIN, Look, blank
from opstui.ui.strokes import Strokes

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_GOTO = re.compile(r"\x1b\[(\d+);(\d+)H")
_SWITCHES = (25, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2048)
_IDLE = {f"\x1b[?{switch}{how}" for switch in _SWITCHES for how in ("h", "l", "$p")} | {"\x1b[?7l", "\x1b[<u", "\x07"}
"""What changes no cell: the cursor, mouse, paste and focus switched, the keyboard's old ways, the bell."""
_TOLD = tuple(f"\x1b]{what};" for what in (0, 1, 2, 9, 22, 52, 777))
"""What is told the terminal beside its screen: title, pointer, clipboard, notifications."""
GAP = 6
"""Unchanged cells between two changes that are cheaper to send again than to jump over."""


class _Row:
    """A line as the terminal shows it; None where that is not known."""

    __slots__ = ("chars", "looks", "runs")

    def __init__(self, width: int) -> None:
        self.chars: list[str | None] = [None] * width
        self.looks: list[Look | None] = [None] * width
        self.runs: dict[str, tuple[str, int]] = {}
        """Column -> words and end of what stands there: the same again changes nothing."""

    def write(self, x: int, chars: Sequence[str | None], looks: list[Look]) -> None:
        """These cells were sent, from column `x` on."""
        end = x + len(chars)
        if (x and self.chars[x] == "") or (end < len(self.chars) and self.chars[end] == ""):
            self._tear(x, end)
        else:
            self.runs = {at: run for at, run in self.runs.items() if run[1] <= x or int(at) > end}
        self.chars[x:end], self.looks[x:end] = chars, looks

    def _tear(self, x: int, end: int) -> None:
        """A wide character stood across a border: what is left of it is the terminal's affair."""
        self.runs.clear()
        for place in (x - 1, end):
            if 0 <= place < len(self.chars):
                self.chars[place] = None


class ThinLine:
    """Between Textual and one terminal."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}
        self._at: tuple[int, int] | None = None
        self._size = (0, 0)
        self._stale = False
        self._held = False

    def forget(self) -> None:
        """What the terminal shows is not known any more. May be called at any moment, also by a signal or a thread."""
        self._stale = True

    def thin(self, data: str, size: tuple[int, int]) -> str:
        """What to send in place of `data` to a terminal of `size` columns and lines; empty when nothing differs."""
        if data == SYNC_START:
            self._held = True
            return ""
        if data == SYNC_END:
            held, self._held = self._held, False
            return "" if held else data
        if self._stale or size != self._size:
            self._stale, self._size = False, size
            self._lose()
        words = self._frame(data)
        if words is None:
            if _harmless(data):
                return data
            self._lose()
            words = data
        begin = SYNC_START if words and self._held else ""
        self._held = self._held and not words
        return begin + words

    def _lose(self) -> None:
        self._rows.clear()
        self._at = None

    def _frame(self, data: str) -> str | None:
        """The words for a frame: places with their runs, then the place of the cursor. None: it is no frame."""
        before, *parts = _GOTO.split(data)
        if before or not parts or parts[-1]:
            return None
        *runs, (last_y, last_x, _nothing) = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        strokes = Strokes()
        for y, x, run in runs:
            if not self._run(strokes, y, x, run):
                return None
        begin, self._at = self._at, (int(last_x) - 1, int(last_y) - 1)
        return strokes.words(begin, self._at)

    def _run(self, strokes: Strokes, line: str, column: str, run: str) -> bool:
        """Bring one line up to date; False when it cannot be understood."""
        y = int(line) - 1
        row = self._rows.get(y)
        if row is not None and column in row.runs and row.runs[column][0] == run:
            return True
        x, (width, height) = int(column) - 1, self._size
        found = cells(run.removesuffix("\n"))
        if found is None or not (0 <= x < width and 0 <= y < height - run.endswith("\n")):
            return False
        if row is None:
            row = self._rows[y] = _Row(width)
        if isinstance(found, str):
            end = width
            _pass_on(strokes, row, (x, y), found)
        else:
            end = x + len(found[0])
            if end > width:
                return False
            _update(strokes, row, (x, y), found)
        row.runs[column] = (run, end)
        return True


def _harmless(data: str) -> bool:
    """Whether it changes neither a cell nor the place of the cursor."""
    if data.startswith(_TOLD):
        return data.removesuffix("\x07").removesuffix("\x1b\\")[2:].isprintable() and data[-1] in "\x07\\"
    return data in _IDLE or (data.startswith("\x1b[>") and data.endswith("u") and data[3:-1].isdigit())


def _pass_on(strokes: Strokes, row: _Row, at: tuple[int, int], words: str) -> None:
    """Send a run as it is: it may take any cells from its place to the end of the line."""
    strokes.pass_on(at, words)
    unknown = len(row.chars) - at[0]
    row.write(at[0], [None] * unknown, [PLAIN] * unknown)


def _update(strokes: Strokes, row: _Row, at: tuple[int, int], found: Cells) -> None:
    """Send what is different of a run, and remember it."""
    (x, y), (chars, looks) = at, found
    end = x + len(chars)
    was, wore = row.chars[x:end], row.looks[x:end]
    if was == chars and wore == looks:
        return
    new = was.count(None) == len(was)
    for begin, stop in [(0, len(chars))] if new else _changes(found, was, wore):
        strokes.put((x + begin, y), chars[begin:stop], looks[begin:stop])
    row.write(x, chars, looks)


def _changes(new: Cells, chars: list[str | None], looks: list[Look | None]) -> Iterator[tuple[int, int]]:
    """Begin and end of what is seen to be different, near ones as one, wide characters whole."""
    places = [
        n
        for n, (char, look, was, wore) in enumerate(zip(*new, chars, looks, strict=True))
        if char != was or (look is not wore and (char != " " or wore is None or blank(look) != blank(wore)))
    ]
    begin = places[0] if places else 0
    for here, following in pairwise([*places, len(chars) + GAP + 1]):
        if following - here > GAP:
            yield _whole(new[0], begin, here + 1)
            begin = following


def _whole(chars: list[str], begin: int, stop: int) -> tuple[int, int]:
    while chars[begin] == "":
        begin -= 1
    while stop < len(chars) and chars[stop] == "":
        stop += 1
    return begin, stop
