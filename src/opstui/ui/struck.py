"""A key as it stands in a line of hints -> the key itself, so that a hint can be clicked as if its key were struck.

That works for every hint wherever it stands: whoever has the focus gets the key, whatever it means there.
"""

from __future__ import annotations

import re

from textual.events import Key
from textual.keys import _character_to_key

_WORDS = {
    "esc": "escape",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "del": "delete",
    "ins": "insert",
    "←": "left",
    "→": "right",
    "↑": "up",
    "↓": "down",
}
_HELD = re.compile(r"(?:(?:ctrl|alt|shift)\+)+")
_OR = re.compile(r"(?<=[^ ])/(?=[^ ])| ")
"""Between two keys of one hint: `H/L`, `j k`."""


def keys(shown: str) -> list[tuple[int, int, str]]:
    """(begin, end, Textual's name) of each key of a hint, in characters: `H/L` are two."""
    found, begin = [], 0
    for gap in [*_OR.finditer(shown), None]:
        end = gap.start() if gap else len(shown)
        if end > begin:
            found.append((begin, end, _name(shown[begin:end])))
        begin = gap.end() if gap else end
    return found


def _name(word: str) -> str:
    held = _HELD.match(word)
    before = held[0] if held else ""
    base = word[len(before) :]
    if word.startswith("⇧"):
        before, base = "shift+", word[1:]
    if word.startswith("^") and len(word) > 1:
        before, base = "ctrl+", word[1:]
    base = _WORDS.get(base, base)
    return before + (_character_to_key(base) if len(base) == 1 else base)


def strike(name: str) -> Key:
    """The event of a key of that name, with the character that it types if it types one."""
    typed = next((chr(n) for n in range(32, 127) if _character_to_key(chr(n)) == name), None)
    return Key(name, typed)
