"""Text as the cells of a terminal, where every terminal agrees; where they do not, it says so.

Nobody knows how wide a terminal draws an emoji of five code points, a letter with marks or text from right to left.
Such text is not taken apart: whoever asks sends it as it is and counts on nothing to the right of it.
"""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len

from opstui.ui.looks import PLAIN, Look, look

_PIECE = re.compile(r"\x1b\[([\d;]+)m([^\x00-\x1f\x7f-\x9f]*)\x1b\[0m|([^\x00-\x1f\x7f-\x9f]+)")
_AROUND = len("\x1b[m\x1b[0m")
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_PICTURES = 0x1F000
"""From here on symbols are pictures, as the wide ones before are, and terminals go their own ways."""
_APART = ("Lo", "So", "Co")
"""Of the uncertain characters, those that at least begin a cell of their own."""
WIDE = 2


Cells = tuple[list[str], list[Look]]
"""Characters and looks, cell by cell; the second cell of a wide character is an empty text."""


class _Widths(dict[str, int]):
    """Character -> cells it takes: 1 or 2 where all terminals agree, else 0. Filled as characters are met."""

    def __missing__(self, char: str) -> int:
        width = self[char] = _width(char)
        return width


def _width(char: str) -> int:
    kind = unicodedata.category(char)
    if kind[0] in "CM" or kind in ("Zl", "Zp") or unicodedata.bidirectional(char) in _RIGHT_TO_LEFT:
        return 0
    width = WIDE if unicodedata.east_asian_width(char) in "WF" else 1
    picture = ord(char) >= _PICTURES or width == WIDE
    return 0 if cell_len(char) != width or (picture and kind in ("So", "Sk")) else width


WIDTHS = _Widths()


def _clings(char: str) -> bool:
    """Whether it may join what stands to the left of it, be that another run's."""
    return not WIDTHS[char] and (not cell_len(char) or unicodedata.category(char) not in _APART)


def cells(words: str) -> Cells | str | None:
    """The cells of a run of Textual's output; the words themselves where cells are uncertain; None: no such run."""
    chars: list[str] = []
    looks: list[Look] = []
    understood, certain = 0, True
    for sgr, text, plain in _PIECE.findall(words):
        worn = look(sgr) if sgr else PLAIN
        if worn is None:
            return None
        understood += len(sgr) + _AROUND + len(text) if sgr else len(plain)
        letters = _letters(text or plain)
        if letters is None and not chars and certain and _clings((text or plain)[0]):
            return None
        if letters is None:
            certain = False
        else:
            chars += letters
            looks += [worn] * len(letters)
    if understood != len(words):
        return None
    return (chars, looks) if certain else words


def _letters(text: str) -> str | list[str] | None:
    """A text cell by cell; None when it cannot be told which cells it takes."""
    if text.isascii():
        return text
    widths = [WIDTHS[char] for char in text]
    if 0 in widths:
        return None
    if WIDE not in widths:
        return text
    return [cell for char, width in zip(text, widths, strict=True) for cell in (char, "")[:width]]
