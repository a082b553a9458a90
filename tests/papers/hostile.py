"""Nasty texts, the same for the same seed: what breaks out of Markdown, YAML, Mermaid, HTML and terminals."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from opstui.domain.model import clean_line

SIGNS = "|`*_[]()<>#&~$!:@\\-+=.\"'{}%/;,^? \t\n\r0123456789abAB\u00e9\u4e2d\u202e\u200b\u200d\U0001f600\ufffe\x00\x1b"
PIECES = (
    "www.", "http://", "https://a.b/c", "mailto:", "xmpp:a@b", "a@b.co", "---", "...", "===", "- [ ] ", "* ", "+ ",
    "1. ", "2) ", "```", "~~~", "````\n", "<b>", "</td>", "<!--", "-->", "<script>alert(1)</script>", "<img src=x>",
    "<br>", "<details>", "&lt;", "&#124;", "&amp;", "![i](http://x.y/p.png)", "[a](javascript:x)", "[a]: http://b",
    "[a][b]", "[^1]", "[^1]: x", ":tada:", "$x$", "$$", "\\|", "\\", "| --- |", "|", "> ", "# ", "## x\n", "\n\n",
    "\r\n", "\u2028", "\u2029", "\x85", "\x1b[31m", "\x1b]8;;http://x\x07", "    x", "\ttab", "**b**", "__u__",
    "~~s~~",
    "``x``", "click", "title", "section", "dateFormat", "gantt", "%%",
    "%%{init: {}}%%", "end", ":crit, a, 1d", '"', "'",
    "bar [1]", "x-axis", "\nkey: value", "\n---\n", "!!python/object:x", "&a", "*a", "no", "null",
    "1e6", "0x1f", "2026-01-01",
    "{a: b}", "=1+1", "@rina", "GH-1", "#12", "\u202eabc\u202c", "\ufeff", "x" * 300, "\u00a0", "\u3000", "e\u0301",
)  # fmt: skip


def texts(number: int, seed: int) -> Iterator[str]:
    """So many texts of one to eight pieces: signs, pieces of syntax, any character at all."""
    dice = Random(seed)
    for _n in range(number):
        yield "".join(_piece(dice) for _m in range(dice.randint(1, 8)))


def visible_texts(number: int, seed: int) -> Iterator[str]:
    """Those of which something is left when they are cleaned."""
    return (text for text in texts(number, seed) if clean_line(text))


def _piece(dice: Random) -> str:
    match dice.random():
        case chance if chance < 0.5:
            return dice.choice(PIECES)
        case chance if chance < 0.9:
            return "".join(dice.choice(SIGNS) for _n in range(dice.randint(1, 6)))
        case _rare:
            return chr(dice.choice((dice.randrange(0x80), dice.randrange(0x3000), dice.randrange(0xE000, 0x110000))))
