"""What a terminal sends, told apart into keys and pastes before anything reads keys out of it.

A paste may hold anything: escape sequences that Textual's parser would take for keys (on a board those are commands),
bytes that are no UTF-8, a megabyte of text that it would look at letter by letter. So pastes are cut out here, made
harmless, and handed on whole. Pure: bytes in, pieces out, whatever way they were cut up on the line.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator

from msgspec import Struct

BEGIN, END = "\x1b[200~", "\x1b[201~"
LONGEST = 200_000
"""Characters of a paste. What is longer was hardly meant for a field, and drawing it would keep everybody waiting."""
_ODD = chr(0xFFFD)
"""What bytes that are no UTF-8 become."""
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Keys(Struct, frozen=True):
    """What keys and the mouse send, for the parser."""

    text: str


class Pasted(Struct, frozen=True):
    """A whole paste without anything that a terminal would obey; no text where its `length` is more than LONGEST."""

    text: str
    length: int


class Keyboard:
    """Bytes of one terminal, in their order."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._kept = ""
        self._escape = False
        self._paste: _Paste | None = None

    def feed(self, data: bytes) -> Iterator[Keys | Pasted]:
        """The pieces that are complete now. Keys are not held back, but for two that may begin a paste."""
        text, self._kept = self._kept + self._decode(data), ""
        if self._escape and text.startswith(BEGIN[1:]):
            text = BEGIN + text.removeprefix(BEGIN[1:])
            yield Keys(BEGIN[1:] + END)  # the parser has its escape already: let it see an empty paste
        while text:
            sign = BEGIN if self._paste is None else END
            before, found, text = text.partition(sign)
            if not found:
                before, self._kept = _split(before, sign)
            yield from self._piece(before)
            if found:
                yield from self._turn()

    def _piece(self, text: str) -> Iterator[Keys]:
        self._escape = False
        if self._paste is not None:
            self._paste.take(text)
        elif keys := text.replace(_ODD, ""):
            self._escape = keys.endswith(BEGIN[0])
            yield Keys(keys)

    def _turn(self) -> Iterator[Pasted]:
        """A paste begins or ends."""
        if self._paste is None:
            self._paste = _Paste()
        else:
            pasted, self._paste = self._paste.whole(), None
            yield pasted


class _Paste:
    """What has come of a paste; beyond the longest that is taken it is only counted."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def take(self, text: str) -> None:
        self._length += len(text)
        if self._length <= LONGEST:
            self._parts.append(text)
        else:
            self._parts.clear()

    def whole(self) -> Pasted:
        return Pasted(harmless("".join(self._parts)), self._length)


def _split(text: str, sign: str) -> tuple[str, str]:
    """What is certain, and the end of it that may be the beginning of the sign. A lone escape is the escape key."""
    shortest = 1 if sign == END else 2
    ends = (n for n in range(len(sign) - 1, shortest - 1, -1) if text.endswith(sign[:n]))
    cut = len(text) - next(ends, 0)
    return text[:cut], text[cut:]


def harmless(text: str) -> str:
    """A pasted text with its lines and tabs, and without sequences and controls."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _SEQUENCE.sub("", lines))
