"""Two terminals to draw on: pyte, and a small strict one that knows what the console needs and refuses the rest.

The small one can be told to take other widths than everybody expects for the characters that terminals disagree
about: whatever it makes of stock output, it has to make of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from rich.cells import cell_len

from bench.emulator import Emulator
from opstui.ui.cells import WIDTHS

_TOKEN = re.compile(
    r"\x1b\[(?P<goto>\d+;\d+)H|\x1b\[(?P<column>\d+)G|\x1b\[(?P<sgr>[\d;]*)m|\x1b\[\?(?P<mode>\d+)(?:[hl]|\$p)"
    r"|(?P<clear>\x1b\[2J)|(?P<idle>\x1b\[[<>=][\d;]*u|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x07\x0f])"
    r"|(?P<control>[\n\r\t\x08])|(?P<run>[ -~]+)|(?P<char>[^\x00-\x1f\x7f-\x9f])",
    re.DOTALL,
)
_ENDS = {"22": ("1", "2"), "23": ("3",), "24": ("4",), "25": ("5",), "27": ("7",), "28": ("8",), "29": ("9",)}
Cell = tuple[str, frozenset[str], str, str]
BARE: Cell = (" ", frozenset(), "", "")


class Glass:
    """A screen without wrapping. `width_of` says how many cells a character takes: 0 joins the one before."""

    def __init__(self, columns: int, lines: int, width_of: Callable[[str], int] = cell_len) -> None:
        self.columns, self.lines, self.width_of = columns, lines, width_of
        self.cells: dict[tuple[int, int], Cell] = {}
        self.x = self.y = 0
        self.attributes: frozenset[str] = frozenset()
        self.ink = self.paper = ""

    def feed(self, data: str) -> None:
        place = 0
        while place < len(data):
            token = _TOKEN.match(data, place)
            assert token, f"no terminal is sent {data[place : place + 20]!r}"
            kind = str(token.lastgroup)
            getattr(self, f"_{kind}")(token[kind])
            place = token.end()

    def resize(self, columns: int, lines: int) -> None:
        self.columns, self.lines = columns, lines
        self.cells = {(x, y): cell for (x, y), cell in self.cells.items() if x < columns and y < lines}
        self.x, self.y = min(self.x, columns - 1), min(self.y, lines - 1)

    @property
    def raw(self) -> object:
        """What is on it; where this is the same, so is what is seen."""
        return self.cells, self.x, self.y

    def seen(self) -> dict[tuple[int, int], Cell]:
        """What can be told apart by looking, and where the cursor is."""
        at = (min(self.x, self.columns - 1), self.y)
        return {at: BARE, **{(x, -1 - y): seen for (x, y), cell in self.cells.items() if (seen := _seen(cell)) != BARE}}

    def _goto(self, place: str) -> None:
        line, column = place.split(";")
        self.y, self.x = min(int(line), self.lines) - 1, min(int(column), self.columns) - 1

    def _column(self, column: str) -> None:
        self.x = min(int(column), self.columns) - 1

    def _mode(self, mode: str) -> None:
        if mode == "1049":
            self.cells.clear()

    def _clear(self, _all: str) -> None:
        self.cells.clear()

    def _idle(self, _said: str) -> None:
        """Nothing to be seen."""

    def _control(self, char: str) -> None:
        if char == "\n":  # the tty makes a carriage return of it, too
            self.x, self.y = 0, min(self.y + 1, self.lines - 1)
        else:
            self.x = {"\r": 0, "\t": min(self.x // 8 * 8 + 8, self.columns - 1), "\x08": max(0, self.x - 1)}[char]

    def _sgr(self, words: str) -> None:
        codes = iter(words.split(";"))
        for code in codes:
            if code in ("38", "48"):
                kind = next(codes)
                color = ";".join((code, kind, *(next(codes) for _n in range(3 if kind == "2" else 1))))
            else:
                color = code
            if code in ("", "0"):
                self.attributes, self.ink, self.paper = frozenset(), "", ""
            elif code in _ENDS:
                self.attributes -= {*_ENDS[code]}
            elif len(code) == 1:
                self.attributes |= {code}
            elif code[-2] in "39":
                self.ink = color if code != "39" else ""
            else:
                self.paper = color if code != "49" else ""

    def _run(self, text: str) -> None:
        """Letters of one cell each, all at once."""
        if self.x + len(text) > self.columns:
            for char in text:
                self._char(char)
            return
        end = self.x + len(text)
        self._cut(self.x)
        self._cut(end - 1)
        for x, char in enumerate(text, self.x):
            self.cells[x, self.y] = (char, self.attributes, self.ink, self.paper)
        self.x = end

    def _char(self, char: str) -> None:
        width = self.width_of(char)
        if not width:
            before = self.cells.get((self.x - 1, self.y), BARE)
            self.cells[self.x - 1, self.y] = (before[0] + char, *before[1:])
            return
        self.x = min(self.x, self.columns - width)
        for x in range(self.x, self.x + width):
            self._cut(x)
            self.cells[x, self.y] = (char if x == self.x else "", self.attributes, self.ink, self.paper)
        self.x += width

    def _cut(self, x: int) -> None:
        """Half a character is none."""
        for here, there in ((x, x - 1), (x + 1, x + 1)):
            if self.cells.get((here, self.y), BARE)[0] == "" and (there, self.y) in self.cells:
                self.cells[there, self.y] = (" ", *self.cells[there, self.y][1:])


def _seen(cell: Cell) -> Cell:
    char, attributes, _ink, paper = cell
    return cell if char != " " or attributes & {"4", "5", "7", "9"} else (char, frozenset(), "", paper)


class Pyte:
    """pyte, asked the same."""

    def __init__(self, columns: int, lines: int) -> None:
        self._emulator = Emulator(columns, lines)
        self._screen = self._emulator._screen
        self._screen.reset_mode(7, private=True)  # the driver switches wrapping off before it draws

    def feed(self, data: str) -> None:
        if "\x1b[?1049" in data:  # it has one screen only
            self._screen.erase_in_display(2)
        self._emulator.feed(data.replace("\n", "\r\n").encode("utf-8", "backslashreplace"))

    def resize(self, columns: int, lines: int) -> None:
        self._screen.resize(lines, columns)

    @property
    def raw(self) -> object:
        """What is on it; where this is the same, so is what is seen."""
        screen = self._screen
        return screen.buffer, screen.cursor.x, screen.cursor.y, screen.columns, screen.lines

    def seen(self) -> dict[tuple[int, int], Any]:
        screen = self._screen
        found: dict[tuple[int, int], Any] = {(min(screen.cursor.x, screen.columns - 1), screen.cursor.y): None}
        for y in range(screen.lines):
            for x in range(screen.columns):
                cell = screen.buffer[y][x]
                drawn = cell.data != " " or cell.reverse or cell.underscore or cell.strikethrough
                look = cell if drawn else (cell.data, cell.bg)
                if look != (" ", "default"):
                    found[x, -1 - y] = look
        return found


class Pair:
    """The same kind of terminal twice: for what Textual wants sent, and for what is sent."""

    def __init__(self, stock: Glass | Pyte, thin: Glass | Pyte) -> None:
        self.stock, self.thin = stock, thin

    def feed(self, stock: str, thin: str) -> None:
        self.stock.feed(stock)
        self.thin.feed(thin)

    def resize(self, columns: int, lines: int) -> None:
        self.stock.resize(columns, lines)
        self.thin.resize(columns, lines)

    def differences(self) -> list[tuple[tuple[int, int], Any, Any]]:
        """Place, stock, ours."""
        if self.stock.raw == self.thin.raw:
            return []
        stock, thin = self.stock.seen(), self.thin.seen()
        return sorted(
            (at, stock.get(at), thin.get(at)) for at in stock.keys() | thin.keys() if stock.get(at) != thin.get(at)
        )


def pairs(columns: int, lines: int) -> list[Pair]:
    """Every kind of terminal."""
    kinds: list[Callable[[], Glass | Pyte]] = [
        lambda: Pyte(columns, lines),
        lambda: Glass(columns, lines),
        lambda: Glass(columns, lines, odd),
    ]
    return [Pair(kind(), kind()) for kind in kinds]


def odd(char: str) -> int:
    """Widths of a terminal that is of another opinion wherever one can be."""
    if certain := WIDTHS[char]:
        return certain
    alone = cell_len(char) and unicodedata.category(char) in ("Lo", "So", "Co")
    return 1 + ord(char) % 2 if alone else ord(char) % 3
