"""What a person would see: pyte, told apart from what it would mis-draw, and asked what really changed.

A chunk that repeats what is there already, or only hides and shows the cursor, is no change.
"""

from __future__ import annotations

import re

import pyte

_FOREIGN = re.compile(
    rb"\x1b\[[<>=][0-9;:]*[A-Za-z]|\x1b\[[?0-9;]*\$[a-z]|\x1b\[\?[0-9;]*[un]|\x1b\[[0-9;]*[ !\"'][A-Za-z]"
    rb"|\x1b[P_^X].*?(?:\x1b\\|\x07)|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)",
    re.DOTALL,
)
"""Sequences pyte does not know and would print."""
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:?<>=!\"' $]*|[P_^X\]][^\x07]*|)$", re.DOTALL)


_BLANK = pyte.screens.Char(" ")


def _seen(cell: pyte.screens.Char) -> pyte.screens.Char:
    """What is seen of a cell: of a blank its ground only, whatever ink it would be written with."""
    if cell.data != " " or cell.reverse or cell.underscore or cell.strikethrough:
        return cell
    return _BLANK._replace(bg=cell.bg)


class Emulator:
    """A screen of `columns` by `rows` that is fed with a program's output."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._seen: dict[int, tuple[object, ...]] = {}
        self._held = b""

    def feed(self, chunk: bytes) -> bool:
        """Draw a chunk; whether any cell is different now."""
        data = self._held + chunk
        unfinished = _UNFINISHED.search(data, max(0, len(data) - 4096))
        self._held = data[unfinished.start() :] if unfinished else b""
        self._screen.dirty.clear()
        self._stream.feed(_FOREIGN.sub(b"", data[: len(data) - len(self._held)]))
        changed = False
        for y in self._screen.dirty:
            line = self._screen.buffer[y]
            cells = tuple(_seen(line[x]) for x in range(self._screen.columns))
            if y < self._screen.lines and self._seen.get(y) != cells:
                self._seen[y] = cells
                changed = True
        return changed

    @property
    def picture(self) -> int:
        """A number for every cell and its colours, but for those of the first and the last line."""
        lines = range(1, self._screen.lines - 1)
        return hash(tuple((y, self._seen.get(y)) for y in lines))

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self._screen.display)
