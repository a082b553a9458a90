"""Themes are validated data: themes/*.toml -> Textual themes. A broken one is a warning that names the line, no crash.

The shipped files are trusted and only parsed. What users add is judged by pydantic, imported when there is something
to judge: Textual itself accepts a bad colour and dies later, when the theme is applied.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from textual.theme import Theme

from opstui.config import resource
from opstui.i18n import _

BACKGROUNDS = ("background", "lane", "card", "panel")
TEXTS = (
    *("ink", "muted", "faint", "accent", "late", "blocked", "warn", "ok"),
    *(f"series-{n}" for n in range(1, 7)),
    *(f"tag-{n}" for n in range(1, 9)),
)
TOKENS = (*BACKGROUNDS, *TEXTS, "thumb", "line")
"""Every colour a theme may set; each is also a variable of the style sheets ($late, $series-1)."""
CONTRAST = 4.5
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Loaded(Struct, frozen=True):
    """The themes that can be used, and what is wrong with the others (or with a user's contrast), for people."""

    themes: tuple[Theme, ...]
    warnings: tuple[str, ...] = ()


def theme_of(name: str, colors: dict[str, str], *, dark: bool) -> Theme:
    """A Textual theme of our tokens; what Textual's own widgets use follows from them."""
    c = colors
    extra = {
        "text-muted": c["muted"],
        "text-disabled": c["faint"],
        "border": c["accent"],
        "border-blurred": c["line"],
        "scrollbar": c["thumb"],
        "scrollbar-hover": c["faint"],
        "scrollbar-active": c["accent"],
        "scrollbar-background": c["background"],
        "scrollbar-corner-color": c["background"],
        "link-color": c["accent"],
        "block-cursor-background": c["accent"],
        "block-cursor-foreground": c["background"],
        "block-cursor-text-style": "none",
        "input-selection-background": c["thumb"],
    }
    return Theme(
        name=name,
        dark=dark,
        primary=c["accent"],
        secondary=c["series-2"],
        accent=c["accent"],
        warning=c["warn"],
        error=c["late"],
        success=c["ok"],
        foreground=c["ink"],
        background=c["background"],
        surface=c["card"],
        panel=c["panel"],
        variables={token: c[token] for token in TOKENS} | extra,
    )


@lru_cache(maxsize=2)
def shipped_colors(*, dark: bool) -> dict[str, str]:
    """The colours of the shipped dark or light theme: what a user's theme starts from."""
    text = (resource("themes") / f"{'dark' if dark else 'light'}.toml").read_text("utf-8")
    colors: dict[str, str] = tomllib.loads(text)["colors"]
    return colors


def variable_defaults(*, dark: bool = True) -> dict[str, str]:
    """For `App.get_theme_variable_defaults`: our variables exist whatever theme is on."""
    return dict(shipped_colors(dark=dark))


def load_themes(*folders: Path) -> Loaded:
    """The shipped themes and those of the users' folders (a later one of the same name wins)."""
    found: dict[str, Theme] = {}
    for path in sorted(resource("themes").glob("*.toml")):
        raw = tomllib.loads(path.read_text("utf-8"))
        found[raw["name"]] = theme_of(raw["name"], raw["colors"], dark=raw["dark"])
    warnings: list[str] = []
    for path in (p for folder in folders for p in sorted(folder.glob("*.toml"))):
        theme, said = load_user_theme(path)
        warnings += said
        if theme is not None:
            found[theme.name] = theme
    return Loaded(tuple(found.values()), tuple(warnings))


def load_user_theme(path: Path) -> tuple[Theme | None, list[str]]:
    """One user's theme; tokens it leaves out are those of the shipped theme of its darkness."""
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_left_out(path, _line_told(str(error), text), _AT.sub("", str(error)))]
    except (OSError, UnicodeDecodeError) as error:
        return None, [_("{file}: {why}; this theme is left out").format(file=path.name, why=error)]
    problems = _problems(raw)
    if problems:
        return None, [_left_out(path, _line_of(text, key), what) for key, what in problems]
    dark = raw.get("dark", True)
    colors = shipped_colors(dark=dark) | raw.get("colors", {})
    weak = [
        _("{file}, line {line}: {text} on {ground} has a contrast of {ratio:.1f}, below {least}").format(
            file=path.name, line=_line_of(text, f), text=f, ground=b, ratio=ratio, least=CONTRAST
        )
        for f, b, ratio in weak_pairs(colors)
    ]
    return theme_of(raw.get("name", path.stem), colors, dark=dark), weak


def _left_out(path: Path, line: int, what: str) -> str:
    """A warning that begins with the place: a narrow terminal cuts the end."""
    return _("{file}, line {line}: {what}; this theme is left out").format(file=path.name, line=line, what=what)


def _line_told(error: str, text: str) -> int:
    """The line that the parser names; without one it ran into the end of the text."""
    found = _AT.search(error)
    return int(found[1]) if found and found[1] else max(1, len(text.splitlines()))


def _problems(raw: dict[str, Any]) -> list[tuple[str, str]]:
    """(key, what is wrong) of a user's file."""
    from typing import Annotated, Literal  # noqa: PLC0415 - together with pydantic

    from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError  # noqa: PLC0415 - 75 ms when unused

    color = Annotated[str, StringConstraints(pattern=f"^{_HEX.pattern}$")]

    class ThemeFile(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)

        name: Annotated[str, StringConstraints(pattern=r"^[\w-]{1,40}$")] = "unnamed"
        dark: bool = True
        colors: dict[Literal[TOKENS], color] = {}  # type: ignore[valid-type]

    try:
        ThemeFile.model_validate(raw)
    except ValidationError as error:
        return [_worded(e["loc"], e["type"], e["msg"]) for e in error.errors(include_url=False, include_input=False)]
    return []


def _worded(loc: tuple[int | str, ...], sort: str, message: str) -> tuple[str, str]:
    key = str(loc[1] if len(loc) > 1 else loc[0])
    if sort in {"literal_error", "extra_forbidden"}:
        return key, _("{key} is not a colour opstui knows").format(key=key)
    if sort == "string_pattern_mismatch":
        return key, _("{key} should look like #1b2129").format(key=key)
    return key, f"{key}: {message}"


def _line_of(text: str, key: str) -> int:
    """The line a key stands on (1 when it cannot be told)."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf'\s*\[?"?{re.escape(key)}"?\s*[=\]]', line):
            return number
    return 1


def _luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast of two #rrggbb colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def weak_pairs(colors: dict[str, str]) -> list[tuple[str, str, float]]:
    """(text, background, contrast) of all pairs that are hard to read."""
    pairs = ((text, ground, contrast(colors[text], colors[ground])) for text in TEXTS for ground in BACKGROUNDS)
    return [pair for pair in pairs if pair[2] < CONTRAST]
