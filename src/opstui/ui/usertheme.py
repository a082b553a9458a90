"""A theme that a person wrote: read, judged, and used or left out with a reason that says file, line, key and remedy.

It may be as short as one colour: what it leaves out is that of the theme it is `based_on`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from opstui.domain.model import clean_line
from opstui.i18n import _
from opstui.ui.themes import ANSI, CONTRAST, TOKENS, colors_of, theme_of, weak_pairs
from opstui.ui.tomlfile import TomlFile, Unreadable, read_toml

if TYPE_CHECKING:
    from textual.theme import Theme

KEYS = ("name", "about", "based_on", "dark", "colors")
_NAME = r"^[\w-]{1,40}$"
_COLOR = rf"^(#[0-9a-fA-F]{{6}}|{'|'.join(ANSI)})$"
_SHOWN = 30


class Mine(Struct, frozen=True):
    """A user's theme, and what it says of itself."""

    theme: Theme
    about: str


def load_user_theme(path: Path, known: Mapping[str, Theme]) -> tuple[Mine | None, list[str]]:
    """One user's theme and what is to be said about it; `known` are the themes it may be based on, by name."""
    try:
        file = read_toml(path)
    except Unreadable as error:
        return None, [_("{what}; this theme is left out").format(what=error)]
    raw = file.raw
    problems = [*_problems(raw), *_baseless(raw, known)]
    if problems:
        first = dict(reversed(problems))  # a key that is not known has a value that is not either
        return None, [_left_out(file, key, what) for key, what in reversed(first.items())]
    base = known[raw.get("based_on", "dark" if raw.get("dark", True) else "light")]
    colors = colors_of(base) | raw.get("colors", {})
    weak = [
        _("{file}, line {line}: {text} on {ground} has a contrast of {ratio:.1f}; it should be {least}").format(
            file=path.name, line=file.line_of(front, ground), text=front, ground=ground, ratio=ratio, least=CONTRAST
        )
        for front, ground, ratio in weak_pairs(colors)
    ]
    theme = theme_of(raw.get("name", path.stem), colors, dark=raw.get("dark", base.dark))
    return Mine(theme, clean_line(raw.get("about", ""))), weak[:1]


def _left_out(file: TomlFile, key: str, what: str) -> str:
    """A warning that begins with the place: a narrow terminal cuts the end."""
    return _("{file}, line {line}: {what}; this theme is left out").format(
        file=file.path.name, line=file.line_of(key), what=what
    )


def _baseless(raw: dict[str, Any], known: Mapping[str, Theme]) -> Iterator[tuple[str, str]]:
    base = raw.get("based_on")
    if isinstance(base, str) and base not in known:
        yield (
            "based_on",
            _("based_on: there is no theme {name}; themes: {names}").format(
                name=clean_line(base)[:_SHOWN], names=", ".join(known)
            ),
        )


def _problems(raw: dict[str, Any]) -> list[tuple[str, str]]:
    """(key, what is wrong) of a user's file."""
    from typing import Annotated, Literal  # noqa: PLC0415 - together with pydantic

    from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError  # noqa: PLC0415 - 75 ms when unused

    color = Annotated[str, StringConstraints(pattern=_COLOR)]

    class ThemeFile(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)

        name: Annotated[str, StringConstraints(pattern=_NAME)] = "unnamed"
        about: Annotated[str, StringConstraints(max_length=80)] = ""
        based_on: str = "dark"
        dark: bool = True
        colors: dict[Literal[TOKENS], color] = {}  # type: ignore[valid-type]

    try:
        ThemeFile.model_validate(raw)
    except ValidationError as error:
        return [_worded(e["loc"], e["type"]) for e in error.errors(include_url=False, include_input=False)]
    return []


def _worded(loc: tuple[int | str, ...], sort: str) -> tuple[str, str]:
    """(key, what is allowed there)."""
    key = str(loc[1] if len(loc) > 1 else loc[0])
    shown = clean_line(key)[:_SHOWN]
    if sort in {"literal_error", "extra_forbidden"}:
        allowed = TOKENS if sort == "literal_error" else KEYS
        near = difflib.get_close_matches(key, allowed, n=1) or allowed
        said = _("{key} is not known here; try {near}") if len(near) == 1 else _("{key} is not known here: {near}")
        return key, said.format(key=shown, near=", ".join(near))
    allowed_here = {
        "name": _("name is up to 40 letters, digits, - and _"),
        "about": _("about is a text of up to 80 letters"),
        "based_on": _("based_on is the name of a theme"),
        "dark": _("dark is true or false"),
    }
    if len(loc) == 1:
        return key, allowed_here.get(key, _("colors is a table of colours: [colors] and then lines like ink"))
    return key, _('{key} is no colour; try "#1b2129", or one of the terminal: bright_blue').format(key=shown)
