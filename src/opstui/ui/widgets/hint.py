"""The last line: what was done just now, and the next useful keys, as many as fit.

A refusal tells the reason and the next step, so one that is longer than the line takes more of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events

from opstui.ui.glyphs import MARKS
from opstui.ui.ink import cells, clip, fullest
from opstui.ui.struck import keys, strike
from opstui.ui.widgets.paint import Line, Painted, Part, wide

GROUND = "panel"
TONES = {"done": ("ok", "marked"), "refused": ("warn", "late"), "working": ("accent", "mine")}
"""How a text is meant -> (colour, mark)."""
SEPARATOR = " · "
"""Between the parts of what stands."""
LEAST = 12
"""Cells below which what stands is left out."""
ENDS = 3
"""How many times the width of its right end a line has to be, so that all of that is there."""
LINES = 5
"""What a long refusal may take."""


class Hint(Painted):
    """One line of keys; `say` puts a text before them until `hush`."""

    DEFAULT_CSS = "Hint { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Nothing to tell yet."""
        super().__init__(id=id)
        self._keys: tuple[tuple[str, str], ...] = ()
        self._last: tuple[str, ...] = ()
        self._standing = ""
        self._said: tuple[str, str] = ("", "done")
        self._lines: tuple[str, ...] = ("",)
        self._places: dict[int, str] = {}
        """Column -> the key of the hint that begins there."""

    def show(self, keys: Sequence[tuple[str, str]], last: Sequence[str] = ("?",), standing: str = "") -> None:
        """(key, label), the most useful first; the keys `last` stand at the right end, the last of them always.

        `standing` stays before them.
        """
        if (tuple(keys), tuple(last), standing) != (self._keys, self._last, self._standing):
            self._keys, self._last, self._standing = tuple(keys), tuple(last), standing
            self.update_lines([len(self._lines) - 1])

    def say(self, text: str, tone: str = "done") -> None:
        """Tell something, before the keys. `tone` is done, refused or working."""
        self._said = (text, tone)
        marked = f" {MARKS[TONES.get(tone, TONES['done'])[1]]} {text}" if text else ""
        before = len(self._lines)
        self._lines = _wrapped(marked, self.size.width - _ROOM) if tone == "refused" and self.size.width else (marked,)
        if len(self._lines) != before:
            self.styles.height = len(self._lines)
            self.redraw()
        else:
            self.update_lines(range(before))

    def hush(self) -> None:
        """What was told has been read."""
        if self._said[0]:
            self.say("")

    @property
    def said(self) -> str:
        """What it tells just now."""
        return self._said[0]

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - there is one stretch
        """What was said; in the last line keys and help behind it."""
        width = self.size.width
        ground = self.ink("ink", GROUND)
        text = self._lines[y] if y < len(self._lines) else ""
        color = TONES.get(self._said[1], TONES["done"])[0]
        if y < len(self._lines) - 1:
            shown = clip(text, width)
            return [Segment(shown, self.ink(color, GROUND)), Segment(" " * (width - cells(shown)), ground)]
        ends = self._ends(text, width)
        last = [part for pair in ends for part in self._key(*pair)]
        room = width - wide(last) - 1
        parts: list[Part] = []
        self._places = {}
        for n, (key, _label) in enumerate(ends):
            self._places[width - wide([part for pair in ends[n:] for part in self._key(*pair)])] = key
        if text:
            parts.append((_squeezed(text, room - 1), self.ink(color, GROUND)))
            parts.append(("  ", ground))
        if self._standing and (left := room - wide(parts)) > LEAST:
            parts.append((self._stands(left), self.ink("accent", GROUND, bold=True)))
            parts.append(("  ", ground))
        for key, label in self._keys:
            pair = self._key(key, label)
            if (key, label) not in ends and wide(parts) + wide(pair) <= room:
                self._places[wide(parts)] = key
                parts += pair
        line = [Segment(t, style) for t, style in parts if t]
        space = width - sum(cells(segment.text) for segment in line) - wide(last)
        return [*line, Segment(" " * max(0, space), ground), *(Segment(t, style) for t, style in last)]

    def _ends(self, text: str, width: int) -> list[tuple[str, str]]:
        """What stands at the right end: only the last of it where there is little room beside what is told."""
        ends = [pair for last in self._last for pair in self._keys if pair[0] == last]
        taken = sum(wide(self._key(*pair)) for pair in ends)
        return ends if ENDS * taken <= width and cells(text) + taken + 1 < width else ends[-1:]

    def _stands(self, room: int) -> str:
        """What stands before the keys: without its last parts, where there is no room for them."""
        whole = f" {MARKS['marked']} {self._standing}"
        parts = whole.split(SEPARATOR)
        shorter = (SEPARATOR.join(parts[:n]) for n in range(len(parts), 0, -1))
        return fullest(shorter, room) or clip(whole, room)

    def on_click(self, event: events.Click) -> None:
        """A click on a hint strikes its key; of two keys the one under the mouse, and on their word the last.

        One on what is told puts that away: there is room for the hints again.
        """
        begin = max((x for x in self._places if x <= event.x), default=None)
        if event.y != len(self._lines) - 1 or begin is None:
            self.hush()
            return
        hint = self._places[begin]
        label = next(label for key, label in self._keys if key == hint)
        x = event.x - begin - 1
        if x < cells(hint) + cells(label) + 2 and (found := keys(hint)):
            name = next((name for _begin, end, name in found if x < end), found[-1][2])
            self.app.post_message(strike(name))

    def _key(self, key: str, label: str) -> list[Part]:
        return [(f" {key}", self.ink("accent", GROUND)), (f" {label} ", self.ink("muted", GROUND))]


def _squeezed(text: str, width: int) -> str:
    """At most so many cells, cut in the middle: the end says how to take it back, or names a file."""
    if cells(text) <= width:
        return text
    _head, separator, end = text.rpartition(SEPARATOR)
    end = separator + end
    if not separator or 2 * cells(end) > width:
        end = text[-(width // ENDS) :] if width >= ENDS else ""
        end = end if end.isascii() else ""
    return clip(text[: len(text) - len(end)], width - cells(end)) + end


_ROOM = 8
"""Cells left for the way to the help."""


def _wrapped(text: str, width: int) -> tuple[str, ...]:
    """The text in lines of so many cells, broken between words; the last one may be too long.

    What needs more than `LINES` is not looked at.
    """
    lines = [""]
    for word in text[: LINES * max(1, width)].split():
        longer = f"{lines[-1]} {word}"
        if cells(longer) <= width or not lines[-1] or len(lines) == LINES:
            lines[-1] = longer
        else:
            lines.append(f"   {word}")
    return tuple(lines)
