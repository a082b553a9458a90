"""Words for the terminal beside its screen: its title, its clipboard. Pure text; what people wrote goes in harmless.

The clipboard is only ever written to. tmux and screen keep such words to themselves unless they are wrapped.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from opstui.domain.model import clean_line

KEEP_TITLE, GIVE_TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"
"""The title that was there is put on the terminal's pile, and taken from it again."""
TITLE = 120
"""Characters of a title: a tab shows fewer."""
COPIED = 50_000
"""Bytes that terminals take for their clipboard; some stop at 75,000 of base64."""
_PIECE = 250
"""What screen takes in one wrapping."""
_WITHOUT_TITLE = ("linux", "dumb", "unknown", "vt100", "vt220")


def has_title(environ: Mapping[str, str]) -> bool:
    """Whether the terminal has a title to be set; a plain console draws the words instead."""
    term = environ.get("TERM", "")
    return bool(term) and term not in _WITHOUT_TITLE


def title(text: str) -> str:
    """Words that set the terminal's title."""
    return f"\x1b]2;{clean_line(text)[:TITLE]}\x07"


def copy(text: str, environ: Mapping[str, str]) -> str:
    """Words that put a text into the clipboard of the person's own terminal, also through tmux or screen; or nothing.

    Raises:
        ValueError: the text is longer than terminals take.
    """
    data = text.encode("utf-8", "replace")
    if len(data) > COPIED:
        raise ValueError(len(data))
    words = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    if environ.get("TMUX") or environ.get("TERM", "").startswith("tmux"):
        twice = words.replace("\x1b", "\x1b\x1b")
        return f"{words}\x1bPtmux;{twice}\x1b\\"
    if environ.get("STY"):
        return "".join(f"\x1bP{words[n : n + _PIECE]}\x1b\\" for n in range(0, len(words), _PIECE))
    return words
