"""A screen as a small picture: SVG with a path for every ground and a text for every run of one look.

A tenth of what Textual's own export writes, names no host (that one fetches its fonts from a network), is the same each
time, and is drawn alike by browsers and by rsvg, which knows no `textLength` and eats blanks at the beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, TerminalTheme

if TYPE_CHECKING:
    from rich.segment import Segment

FONT = "DejaVu Sans Mono,Menlo,Consolas,monospace"
WIDE, HIGH = 10, 20
"""Of a cell. A font of 16.61 has letters as wide as a cell."""
SIZE, BASE = 16.61, 15
_BLOCKS = {"▐": (0.5, 0.5), "█": (0.0, 1.0)} | {sign: (0.0, n / 8) for n, sign in enumerate("▏▎▍▌▋▊▉", 1)}
"""Drawn as rectangles, so that no hairline is seen between two lines: where they begin and how wide they are."""
_LOWER = {sign: n / 8 for n, sign in enumerate("▁▂▃▄▅▆▇", 1)}
"""The same, from the foot of a cell: how high they are."""
Rows = Sequence[Sequence["Segment"]]
Stretch = tuple[float, int, float]
"""Cell, line, and how many cells wide."""


def svg(rows: Rows, width: int, *, theme: TerminalTheme = DEFAULT_TERMINAL_THEME) -> str:
    """The picture of lines of segments on a screen of `width` cells."""
    grounds: dict[str, dict[Stretch, int]] = {}
    blocks: dict[str, dict[Stretch, int]] = {}
    lower: dict[str, list[str]] = {}
    texts: dict[str, list[str]] = {}
    for y, row in enumerate(rows):
        x = 0
        for segment in row:
            ink, ground, rule = _look(segment.style or Style.null(), theme)
            _fill(grounds.setdefault(ground, {}), x, y, segment.cell_length)
            for at, text in _runs(segment.text):
                if text in _BLOCKS:
                    begin, wide = _BLOCKS[text]
                    _fill(blocks.setdefault(ink, {}), x + at + begin, y, wide)
                elif text in _LOWER:
                    high = _LOWER[text] * HIGH
                    lower.setdefault(ink, []).append(
                        f"M{(x + at) * WIDE} {(y + 1) * HIGH - high:g}h{WIDE}v{high:g}h-{WIDE}z"
                    )
                else:
                    texts.setdefault(f'fill="{ink}"{rule}', []).append(_text(x + at, y, text))
            x += segment.cell_length
    box = f'viewBox="0 0 {width * WIDE} {len(rows) * HIGH}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="{FONT}" font-size="{SIZE}">',
            "<style>text{white-space:pre}</style>",
            *(_shape(color, stretches) for color, stretches in (*grounds.items(), *blocks.items())),
            *(f'<path fill="{color}" d="{"".join(parts)}"/>' for color, parts in lower.items()),
            *(f"<g {look}>{''.join(words)}</g>" for look, words in texts.items()),
            "</svg>\n",
        )
    )


def _fill(stretches: dict[Stretch, int], x: float, y: int, width: float) -> None:
    """Another stretch of a colour: what stands to its left or above it grows. Stretches give how many lines high."""
    left = next(((a, t, w) for (a, t, w), high in stretches.items() if t == y and high == 1 and a + w == x), None)
    if left is not None:
        del stretches[left]
        x, width = left[0], left[2] + width
    above = next((at for at, high in stretches.items() if (at[0], at[2]) == (x, width) and at[1] + high == y), None)
    stretches[above or (x, y, width)] = y + 1 - (above[1] if above else y)


def _shape(color: str, stretches: dict[Stretch, int]) -> str:
    """All stretches of a colour as one path."""
    parts = (
        f"M{x * WIDE:g} {y * HIGH}h{width * WIDE:g}v{high * HIGH}h{-width * WIDE:g}z"
        for (x, y, width), high in stretches.items()
    )
    return f'<path fill="{color}" d="{"".join(parts)}"/>'


def _text(x: int, y: int, text: str) -> str:
    length = f' textLength="{cell_len(text) * WIDE}"' if len(text) > 1 or not text.isascii() else ""
    return f'<text x="{x * WIDE}" y="{y * HIGH + BASE}"{length}>{escape(text, quote=False)}</text>'


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """(cell, text) of what is to be seen: words with one blank between them are one run, and each block is its own."""
    start = at = 0
    run = ""
    for letter in text:
        wide = cell_len(letter)
        plain = letter not in _BLOCKS and letter not in _LOWER and wide == 1
        if run and (not plain or (letter == " " and run.endswith(" "))):
            yield from _ended(start, run)
            run = ""
        if not plain:
            yield at, letter
        elif run or letter != " ":
            start, run = (start, run + letter) if run else (at, letter)
        at += wide
    yield from _ended(start, run)


def _ended(start: int, run: str) -> Iterator[tuple[int, str]]:
    if run.strip():
        yield start, run.rstrip()


def _look(style: Style, theme: TerminalTheme) -> tuple[str, str, str]:
    """Ink, ground, and the rest of a style as attributes."""
    ink, ground = (_color(style, theme, ink=ink) for ink in (True, False))
    if style.reverse:
        ink, ground = ground, ink
    rules = {
        "bold": 'font-weight="bold"',
        "italic": 'font-style="italic"',
        "dim": 'opacity=".6"',
        "underline": 'text-decoration="underline"',
        "strike": 'text-decoration="line-through"',
    }
    return ink, ground, "".join(f" {rule}" for name, rule in rules.items() if getattr(style, name))


def _color(style: Style, theme: TerminalTheme, *, ink: bool) -> str:
    color = style.color if ink else style.bgcolor
    if color is None or color.is_default:
        return _hex(theme.foreground_color if ink else theme.background_color)
    return _hex(color.get_truecolor(theme, foreground=ink))


def _hex(color: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
