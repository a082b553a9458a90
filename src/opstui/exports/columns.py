"""Text in columns of a terminal: how wide it is, and cutting it to fit.

East Asian wide characters take two cells and combining marks none (Unicode TR 11); nothing else is needed here, so this
stays a dozen lines instead of a dependency. Text is cleaned on the way: no control character reaches a terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from opstui.domain.model import clean_line

WIDTH = 100


def width(text: str) -> int:
    """How many cells a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, cells: int) -> str:
    """A cleaned text in at most so many cells, with an ellipsis where it was cut."""
    text = clean_line(text)
    if width(text) <= cells:
        return text
    kept, used = [], 0
    for char in text:
        used += width(char)
        if used > cells - 1:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…" if cells > 0 else ""


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """A cleaned text in exactly so many cells."""
    text = cut(text, cells)
    blank = " " * (cells - width(text))
    return blank + text if right else text + blank


def columns(rows: Sequence[Sequence[str]], align: str, limit: int = WIDTH, *, flexible: int = 0) -> list[str]:
    """Rows in aligned columns two cells apart; column `flexible` gives way when they do not fit into `limit` cells.

    `align` has one letter per column: `r` sets it to the right. Columns that are empty throughout take no room.
    """
    if not rows:
        return []
    sizes = [max(width(clean_line(text)) for text in column) for column in zip(*rows, strict=True)]
    others = sum(size + 2 for n, size in enumerate(sizes) if size and n != flexible)
    sizes[flexible] = max(1, min(sizes[flexible], limit - others))
    lines = (
        "  ".join(
            fit(text, size, right=side == "r") for text, size, side in zip(row, sizes, align, strict=True) if size
        )
        for row in rows
    )
    return [cut_line(line, limit) for line in lines]


def cut_line(line: str, limit: int = WIDTH) -> str:
    """A line of columns, not cleaned again (its spaces align it), cut to the limit."""
    while width(line) > limit:
        line = line[:-1]
    return line.rstrip()
