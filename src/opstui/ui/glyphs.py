"""Every sign of ours that is not ASCII, with its ASCII twin: one table, so that none is forgotten and none differs.

Widgets write the signs of `MARKS` and words with signs of this table; in ASCII mode a line filter gives each its twin
when the line is finished. So no widget knows of the mode, the layout cannot differ (a twin is as wide as its sign), and
what Textual draws itself (borders, scrollbars) is covered too. Letters that people typed are not touched, but for the
few signs they share with us (× → …).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color

MARKS = {
    "late": "!",
    "blocked": "▪",
    "mine": "●",
    "sensitive": "◆",
    "recurring": "↻",
    "starred": "★",
    "marked": "✓",
    "open": "·",
    "high": "↑",
    "urgent": "⇈",
    "low": "↓",
    "normal": "",
    "up": "▲",
    "down": "▼",
    "worse up": "△",
    "worse down": "▽",
    "good": "✓",
    "warn": "!",
    "bad": "‼",
    "stale": "~",
    "plain": "",
    "cursor": "▌",
    "thumb": "▐",
    "before": "‹",
    "after": "›",
    "others": "○",
    "swatch": "■",
    "rising": "↑",
    "falling": "↓",
    "pending": "…",
    "unfolded": "▾",
    "folded": "▸",
    "target": "▶",
    "insertion": "━",
    "lifted": "░",
}
"""State -> its mark. No two states that can stand in one place share one."""
BARS = "▁▂▃▄▅▆▇█"
"""Eighths of a cell, for charts."""

_PAIRS = r"""
states and swatches      ▪# ●* ★* ◆$ ↻@ ✓+ ✔+ ✗x ✕x ○o ■# ▲^ ▼v △+ ▽- ☐- ☑+ ⚠! ‼X
bars, from low to high   ▁_ ▂. ▃, ▄- ▅= ▆+ ▇* █#
shades and ticks         ░. ▒: ▓% ▔- ▕| •* ◦o ◇o □o ▫o
cursor, thumb, blocks    ▌| ▐: ▏| ▎| ▍| ▋| ▊| ▉# ▀- ▖. ▗. ▘' ▝' ▙# ▛# ▜# ▟# ▚# ▞#
arrows                   ←< →> ↑^ ↓v ⇈A ⇧^ ‹< ›> «< »> ↵< ▸> ▾v ◀< ▶> ↕| ↔- ⌄v ⌃^
signs in words           …. ·- ×x –- —- −- ≤< ≥> ±~ ≈~ “" ”" ‘' ’' Σ+ Δd
lines                    ─- ━- ═- ╌- ╍- ┄- ┅- ┈- ┉- ╴- ╶- ╸- ╺- │| ┃| ║| ╎| ╏| ┆| ┇| ┊| ┋| ╵| ╷| ╹| ╻|
corners                  ┌+ ┐+ └+ ┘+ ├+ ┤+ ┬+ ┴+ ┼+ ╭+ ╮+ ╯+ ╰+ ┏+ ┓+ ┗+ ┛+ ┣+ ┫+ ┳+ ┻+ ╋+ ╔+ ╗+ ╚+ ╝+ ╠+ ╣+ ╦+ ╩+ ╬+
"""
_BLANKS = "\u00a0\u202f\u2009"
"""Numbers are written with them."""
TWINS = {pair[0]: pair[1] for pair in _PAIRS.split() if not pair[0].isascii()} | dict.fromkeys(_BLANKS, " ")
"""Sign -> what stands for it where only ASCII can be drawn."""
_TABLE = str.maketrans(TWINS)


def ascii_twin(text: str) -> str:
    """The text with the twins of our signs; as wide as it was."""
    return text if text.isascii() else text.translate(_TABLE)


class AsciiOnly(LineFilter):
    """Gives every sign of ours its twin, on finished lines."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's shape
        """The same segments, in ASCII."""
        return [Segment(ascii_twin(text), style, control) for text, style, control in segments]


def wants_ascii(setting: str, environ: Mapping[str, str]) -> bool:
    """Whether to draw ASCII: what OPSTUI_GLYPHS or else the setting says; else where the locale is not UTF-8.

    Without any locale set (a bare ssh login) nothing is known, and terminals draw UTF-8 nowadays. Python itself sets
    LC_CTYPE to C.UTF-8 when LANG is C, so that is no answer of the person's.
    """
    chosen = environ.get("OPSTUI_GLYPHS", "").strip().lower()
    said = chosen if chosen in ("ascii", "unicode") else setting
    if said != "auto":
        return said == "ascii"
    lang = environ.get("LANG", "")
    ctype = environ.get("LC_CTYPE", "")
    if lang in ("C", "POSIX") and ctype in ("C.UTF-8", "C.utf8", "UTF-8"):
        ctype = ""
    locale = environ.get("LC_ALL") or ctype or lang
    return bool(locale) and "UTF8" not in locale.upper().replace("-", "")
