"""What keys are called: as people write them ("?", "esc", "ctrl+k"), as Textual knows them, and as they are shown.

People write what is printed on the key. A name that no terminal could send is refused with the reason, so that nobody
waits for a key that never comes.
"""

from __future__ import annotations

from collections.abc import Sequence

from opstui.i18n import _

_SIGNS = {
    "!": "exclamation_mark",
    '"': "quotation_mark",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "'": "apostrophe",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "*": "asterisk",
    "+": "plus",
    ",": "comma",
    "-": "minus",
    ".": "full_stop",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less_than_sign",
    "=": "equals_sign",
    ">": "greater_than_sign",
    "?": "question_mark",
    "@": "at",
    "[": "left_square_bracket",
    "\\": "backslash",
    "]": "right_square_bracket",
    "^": "circumflex_accent",
    "_": "underscore",
    "`": "grave_accent",
    "{": "left_curly_bracket",
    "|": "vertical_line",
    "}": "right_curly_bracket",
    "~": "tilde",
    " ": "space",
}
_NAMED = (
    *("enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"),
    *("up", "down", "left", "right"),
    *(f"f{n}" for n in range(1, 25)),
)
_ALSO = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "return": "enter", "del": "delete", "ins": "insert"}
_SHOWN = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "left": "←", "right": "→", "up": "↑", "down": "↓"}
_SHOWN |= {name: sign for sign, name in _SIGNS.items() if sign != " "}
_ROOM = 8
"""Cells for the keys on the help page."""
_MODIFIERS = ("ctrl", "alt", "shift")
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}
"""What a terminal sends for these is what it sends for those."""


def doubt(key: str) -> str:
    """Why a key may not be the console's to have; empty for most."""
    if key in ("ctrl+s", "ctrl+q"):
        return _("{key} may stop your terminal").format(key=key)
    if key in ("ctrl+a", "ctrl+b"):
        return _("{key} belongs to screen or tmux").format(key=key)
    if key in ("ctrl+z", "ctrl+c"):
        return _("{key} is what other programs are stopped with").format(key=key)
    return ""


def key_of(text: str) -> str:
    """The key as Textual calls it.

    Raises:
        ValueError: there is no such key, or no terminal sends it; with the reason and the nearest name.
    """
    *held, base = _parts(text)
    wrong = [name for name in held if name not in _MODIFIERS]
    if wrong:
        raise ValueError(_("{name} is none of ctrl, alt, shift").format(name=wrong[0]))
    base = _base(base, text)
    if "shift" in held and len(base) == 1:
        held.remove("shift")
        base = base.upper()
    if "ctrl" in held and len(base) == 1:
        base = base.lower()
    key = "+".join([*(name for name in _MODIFIERS if name in held), base])
    if key in _SAME:
        raise ValueError(_("a terminal sends {other} for {key}").format(other=_SAME[key], key=text))
    return key


def _parts(text: str) -> list[str]:
    """ctrl+k -> ctrl, k. The plus key itself is written + or ctrl++."""
    if len(text) <= 1:
        return [text]
    held, plus, base = text[:-1].rpartition("+") if text.endswith("++") else text.rpartition("+")
    names = [name.strip().lower() for name in held.split("+")] if plus else []
    return [*names, "+" if text.endswith("++") else base.strip()]


def _base(name: str, text: str) -> str:
    if len(name) == 1:
        if name.isprintable():
            return _SIGNS.get(name, name)
    elif name in _SIGNS.values():
        return name
    else:
        lower = _ALSO.get(name.lower(), name.lower())
        if lower in _NAMED:
            return lower
    import difflib  # noqa: PLC0415 - only where something is wrong

    near = difflib.get_close_matches(name.lower(), (*_NAMED, *_ALSO), n=1)
    said = _("there is no key {key}; try {near}") if near else _("there is no key {key}; write f5, ctrl+k, ? or esc")
    raise ValueError(said.format(key=text[:20] or '""', near="".join(near)))


def shown(key: str) -> str:
    """A key as people read it: `?`, `esc`, `⇧←`, `ctrl+k`."""
    *held, base = key.split("+")
    base = _SHOWN.get(base, base)
    if held == ["shift"] and base in "←→↑↓":
        return f"⇧{base}"
    return "+".join([*held, base])


def all_shown(keys: Sequence[str]) -> str:
    """The keys of a command as people read them; a second one where both are short."""
    names = [shown(key) for key in keys[:2]]
    both = " ".join(names)
    return both if len(both) <= _ROOM else names[0]


def written(key: str) -> str:
    """A key as people write it in a file: "?", "esc", "shift+left"."""
    *held, base = key.split("+")
    signs = {name: sign for sign, name in _SIGNS.items() if sign != " "}
    return "+".join([*held, signs.get(base, {"escape": "esc"}.get(base, base))])
