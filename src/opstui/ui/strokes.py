"""What a frame changes on the terminal, put into the fewest words: a colour costs twenty bytes, a jump six.

A small change is said in the order one reads. In a large one the same few looks come again on every line, so all that
wears one look is said together, wherever it stands; whichever of the two is shorter is sent. No two strokes of a frame
share a cell, so their order cannot be seen afterwards. Text that no one knows the width of is the exception: it stays
between what came before it and what came after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from opstui.ui.looks import PLAIN, Look, for_blank, step

MANY = 24
"""Strokes from which it is worth to look for the shorter order."""
Place = tuple[int, int]
"""Column and line, from 0."""


class Stroke(NamedTuple):
    """Cells beside each other in one look. `width` 0: words that are passed on as they are."""

    x: int
    y: int
    text: str
    look: Look
    width: int


class Strokes:
    """The strokes of one frame, as they come."""

    def __init__(self) -> None:
        """None yet."""
        self._all: list[Stroke] = []

    def put(self, at: Place, chars: Sequence[str], looks: Iterable[Look]) -> None:
        """Cells from a place to the right; the second cell of a wide character is an empty text."""
        x, y = at
        stop = 0
        for wanted, same in groupby(looks):
            begin, stop = stop, stop + sum(1 for _cell in same)
            self._add(Stroke(x + begin, y, "".join(chars[begin:stop]), wanted, stop - begin))

    def pass_on(self, at: Place, words: str) -> None:
        """Words of which nobody knows what they become, said as they are."""
        self._all.append(Stroke(*at, words, PLAIN, 0))

    def _add(self, new: Stroke) -> None:
        """Blanks join their neighbour where they look the same in its colours: one jump less."""
        last = self._all[-1] if self._all else None
        if last and last.width and last.y == new.y and last.x + last.width == new.x:
            for blanks, worn in ((new, last.look), (last, new.look)):
                if not blanks.text.strip(" ") and for_blank(worn, blanks.look) == worn:
                    self._all[-1] = Stroke(last.x, last.y, last.text + new.text, worn, last.width + new.width)
                    return
        self._all.append(new)

    def words(self, begin: Place | None, end: Place) -> str:
        """What to send to a terminal whose cursor stands at `begin` (None: nobody knows), and is to end at `end`."""
        spoken = _spoken(self._all, begin, end)
        return min(spoken, _spoken(_by_look(self._all), begin, end), key=len) if len(self._all) > MANY else spoken


def _by_look(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Look by look, and in each as one reads. What is passed on all wears one look; nothing changes sides with it."""
    sections = groupby(strokes, key=lambda stroke: stroke.width > 0)
    return [stroke for _known, section in sections for stroke in sorted(section, key=_worn)]


def _worn(stroke: Stroke) -> tuple[str, tuple[str, ...], str]:
    return stroke.look.paper, stroke.look.attributes, stroke.look.ink


def _spoken(strokes: Iterable[Stroke], at: Place | None, end: Place) -> str:
    words: list[str] = []
    look = PLAIN
    for stroke in strokes:
        wanted = stroke.look if stroke.text.strip(" ") else for_blank(look, stroke.look)
        words += (_jump(at, (stroke.x, stroke.y)), step(look, wanted), stroke.text)
        look = wanted
        at = (stroke.x + stroke.width, stroke.y) if stroke.width else None
    return "".join((*words, step(look, PLAIN), _jump(at, end)))


def _jump(at: Place | None, to: Place) -> str:
    if at == to:
        return ""
    x, y = to
    return f"\x1b[{x + 1}G" if at is not None and at[1] == y else f"\x1b[{y + 1};{x + 1}H"
