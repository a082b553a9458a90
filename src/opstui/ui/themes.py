"""Themes are validated data: themes/*.toml -> Textual themes. A broken one is a warning that names the line, no crash.

The shipped files are trusted and only parsed. What users add is judged in `usertheme`, imported when there is something
to judge: Textual itself accepts a bad colour and dies later, when the theme is applied.
"""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from textual.theme import Theme

from opstui.config import resource
from opstui.domain.model import clean_line

BACKGROUNDS = ("background", "lane", "card", "panel")
TEXTS = (
    *("ink", "muted", "faint", "accent", "late", "blocked", "warn", "ok"),
    *(f"series-{n}" for n in range(1, 7)),
    *(f"tag-{n}" for n in range(1, 9)),
)
TOKENS = (*BACKGROUNDS, *TEXTS, "thumb", "line")
"""Every colour a theme may set; each is also a variable of the style sheets ($late, $series-1)."""
_HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI = ("default", *_HUES, *(f"bright_{hue}" for hue in _HUES))
"""The colours that a terminal chooses itself. A theme that uses one draws all its colours without converting them."""
SHIPPED = ("dark", "light", "high-contrast", "colour-blind", "terminal", "gayo", "toraja", "kintamani")
"""The themes that come with opstui, in the order in which they are offered; each is a file of its name."""
CONTRAST = 4.5
FEW_COLORS = "terminal"
"""The theme for terminals of 16 colours, where another one's colours would become any of the 16."""
_TEXTUAL = "ansi_"
"""What Textual puts before the names of ANSI."""


class Loaded(Struct, frozen=True):
    """The themes that can be used, and what is wrong with the others (or with a user's contrast), for people."""

    themes: tuple[Theme, ...]
    warnings: tuple[str, ...] = ()
    about: dict[str, str] = {}
    """Name -> what it is like, in a few words; not every user's theme says it."""


def theme_of(name: str, colors: dict[str, str], *, dark: bool) -> Theme:
    """A Textual theme of our tokens; what Textual's own widgets use follows from them."""
    ansi = any(color in ANSI for color in colors.values())
    c = {token: f"{_TEXTUAL}{color}" if color in ANSI else color for token, color in colors.items()}
    extra = {
        "text": c["ink"],
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
        variables={token: c[token] for token in TOKENS} | (_ANSI_EXTRA if ansi else extra),
        ansi=ansi,
    )


_ANSI_EXTRA = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "text": "ansi_default",
    "border": "ansi_bright_blue",
    "border-blurred": "ansi_bright_black",
    "scrollbar": "ansi_bright_black",
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
    "block-cursor-background": "ansi_bright_blue",
    "block-cursor-foreground": "ansi_black",
}
"""What Textual's own rules for such themes leave to chance."""


def colors_of(theme: Theme) -> dict[str, str]:
    """Our tokens of a theme, as Rich and theme files name them; one that is not ours has those of its darkness."""
    own = {name: color.removeprefix(_TEXTUAL) for name, color in theme.variables.items() if name in TOKENS}
    return own if len(own) == len(TOKENS) else shipped_colors(dark=theme.dark) | own


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@lru_cache(maxsize=2)
def shipped_colors(*, dark: bool) -> dict[str, str]:
    """The colours of the shipped dark or light theme: what a user's theme starts from unless it says otherwise."""
    colors: dict[str, str] = _read(resource("themes") / f"{'dark' if dark else 'light'}.toml")["colors"]
    return colors


def variable_defaults(*, dark: bool = True) -> dict[str, str]:
    """For `App.get_theme_variable_defaults`: our variables exist whatever theme is on."""
    return dict(shipped_colors(dark=dark))


def config_themes() -> Path:
    """Where a person keeps themes of their own, for all workspaces: $XDG_CONFIG_HOME/opstui/themes."""
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "opstui" / "themes"


def load_themes(*folders: Path, only: str = "") -> Loaded:
    """The shipped themes and those of the users' folders (a later one of the same name wins).

    Where no user has added any, `only` loads that shipped one alone: a start wears one theme, and eight cost 6 ms.
    """
    paths = [path for folder in folders for path in sorted(folder.glob("*.toml"))]
    found: dict[str, Theme] = {}
    about: dict[str, str] = {}
    for name in (only,) if only in SHIPPED and not paths else SHIPPED:
        raw = _read(resource("themes") / f"{name}.toml")
        found[name] = theme_of(name, raw["colors"], dark=raw["dark"])
        about[name] = raw["about"]
    warnings: list[str] = []
    for path in paths:
        from opstui.ui.usertheme import load_user_theme  # noqa: PLC0415 - most have none

        mine, said = load_user_theme(path, found)
        warnings += said
        if mine is not None:
            found[mine.theme.name] = mine.theme
            about[mine.theme.name] = mine.about
    return Loaded(tuple(found.values()), tuple(warnings), about)


def theme_names(*folders: Path) -> tuple[str, ...]:
    """What `load_themes` would find, by name, and users' themes that it would leave out: it is the one to say why."""
    own = (_name(path) for folder in folders for path in sorted(folder.glob("*.toml")))
    return tuple(dict.fromkeys((*SHIPPED, *own)))


def _name(path: Path) -> str:
    try:
        return clean_line(str(_read(path).get("name", path.stem)))
    except (OSError, ValueError):
        return clean_line(path.stem)


def _luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast of two #rrggbb colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def weak_pairs(colors: dict[str, str], least: float = CONTRAST) -> list[tuple[str, str, float]]:
    """(text, background, contrast) of all pairs that are hard to read; what the terminal chooses is not known."""
    pairs = (
        (text, ground, contrast(colors[text], colors[ground]))
        for text in TEXTS
        for ground in BACKGROUNDS
        if colors[text] not in ANSI and colors[ground] not in ANSI
    )
    return [pair for pair in pairs if pair[2] < least]
