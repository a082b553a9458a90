"""How a cell looks, and the shortest words that turn one look into another.

Textual says every look whole and takes it back after every piece of text. Most neighbours differ in one colour, so a
terminal can be told with a fraction of that. Only what Textual writes is understood; the rest is for the caller to
pass on untouched.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""Attribute -> what ends it. Bold and dim end together."""
_ON_BLANKS = frozenset("4579")
"""Attributes that are seen where there is no letter: underline, blink (of it), reverse, strike."""
_INKS = frozenset(str(n) for n in (*range(30, 38), *range(90, 98)))
_PAPERS = frozenset(str(n) for n in (*range(40, 48), *range(100, 108)))
_MORE = {"5": 1, "2": 3}
"""Kind of a colour that is given by numbers -> how many follow."""


class Look(NamedTuple):
    """Attributes in the order they were given, and colours as they are written; an empty one is the terminal's own."""

    attributes: tuple[str, ...]
    ink: str
    paper: str


PLAIN = Look((), "", "")


@lru_cache(4096)
def look(words: str) -> Look | None:
    """The look that `1;38;2;255;0;0` gives to a plain terminal; None when it says anything that is not known here."""
    attributes, ink, paper = [], "", ""
    parts = iter(words.split(";"))
    for part in parts:
        if part in _OFF:
            attributes.append(part)
        elif part in _INKS:
            ink = part
        elif part in _PAPERS:
            paper = part
        elif part == "39":
            ink = ""
        elif part == "49":
            paper = ""
        elif part in ("38", "48") and (color := _color(part, parts)):
            ink, paper = (color, paper) if part == "38" else (ink, color)
        else:
            return None
    return Look(tuple(dict.fromkeys(attributes)), ink, paper)


def _color(which: str, parts: Iterator[str]) -> str:
    """`38;5;n` or `38;2;r;g;b`; empty when numbers are missing."""
    kind = next(parts, "")
    numbers = [next(parts, "") for _n in range(_MORE.get(kind, 0))]
    return ";".join((which, kind, *numbers)) if numbers and all(numbers) else ""


@lru_cache(4096)
def blank(wanted: Look) -> Look:
    """What is seen of a look where there is no letter: its background, unless it draws lines."""
    return wanted if _ON_BLANKS.intersection(wanted.attributes) else Look((), "", wanted.paper)


@lru_cache(4096)
def for_blank(now: Look, wanted: Look) -> Look:
    """The look nearest to `now` that shows a blank as `wanted` does: the ink may stay what it is."""
    if blank(now) == blank(wanted):
        return now
    lines = _ON_BLANKS.intersection(now.attributes + wanted.attributes)
    return wanted if lines else now._replace(paper=wanted.paper)


@lru_cache(8192)
def step(now: Look, then: Look) -> str:
    """The escape sequence from one look to another; empty when there is nothing to say."""
    if now == then:
        return ""
    if then == PLAIN:
        return "\x1b[m"
    gone = {_OFF[each]: None for each in now.attributes if each not in then.attributes}
    codes = [*gone, *(each for each in then.attributes if each not in now.attributes or _OFF[each] in gone)]
    codes += [then.ink or "39"] if then.ink != now.ink else []
    codes += [then.paper or "49"] if then.paper != now.paper else []
    anew = ("0", *then.attributes, *filter(None, (then.ink, then.paper)))
    return f"\x1b[{min(';'.join(codes), ';'.join(anew), key=len)}m"
