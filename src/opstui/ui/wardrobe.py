"""What the console wears: which theme, and whether its signs are Unicode or ASCII. Put on before anything is styled.

A start loads the one theme it wears; the others are loaded when somebody chooses. A terminal of 16 colours gets the
theme of its own colours: any other would be rounded to the nearest of 16, a text and its ground perhaps to the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from textual.app import App
from textual.filter import LineFilter, Monochrome, NoColor

from opstui.domain.model import clean_line
from opstui.i18n import _
from opstui.ui.colorless import COLORLESS
from opstui.ui.glyphs import AsciiOnly, wants_ascii
from opstui.ui.themes import FEW_COLORS, Loaded, load_themes, theme_names, variable_defaults


class Wardrobe(App[int]):
    """An application in one of our themes."""

    DEFAULT_CSS = """
    .sheet:ansi { outline-left: solid $line; outline-right: solid $line; }
    """
    """Where the terminal chooses the colours all grounds are one: a rule tells a dialog from what is under it."""

    _folders: tuple[Path, ...] = ()
    _signs: tuple[LineFilter, ...] = ()
    few_colors = False
    """The terminal has 16 colours and keeps its own, or none are wanted."""

    def dress(self, names: Sequence[str], folders: Sequence[Path], glyphs: str = "auto") -> list[str]:
        """Put on the first of the named themes that there is; gives what is to be said about the themes.

        Doing it before anything is styled matters: changing it later styles everything a second time.
        """
        self._folders = tuple(folders)
        self._signs = (AsciiOnly(),) if wants_ascii(glyphs, os.environ) else ()
        wanted = [name for name in names if name] or ["dark"]
        loaded = load_themes(*folders, only=wanted[0])
        known = self._hang(loaded)
        self.theme = next((name for name in wanted if name in known), "dark")
        missing = [name for name in wanted[: wanted.index(self.theme) if self.theme in wanted else None] if name]
        there = self.theme_names()
        told = [
            _("there is no theme {name}; themes: {names}").format(name=clean_line(name), names=", ".join(known))
            for name in missing
            if name not in there  # what is wrong with that one has been told
        ]
        if self.no_color:
            self.spare_colors()
        return [*_in_short(loaded.warnings), *told]

    def _hang(self, loaded: Loaded) -> list[str]:
        for theme in loaded.themes:
            self.register_theme(theme)
        return [theme.name for theme in loaded.themes]

    def all_themes(self) -> Loaded:
        """Every theme that can be worn, ready to be put on."""
        loaded = load_themes(*self._folders)
        self._hang(loaded)
        return loaded

    def theme_names(self) -> tuple[str, ...]:
        """What the themes are called, without loading them."""
        return theme_names(*self._folders)

    def spare_colors(self) -> None:
        """The terminal has 16 colours, or none are wanted: wear its own, unless the theme is made of them already."""
        self.few_colors = True
        if not self.current_theme.ansi:
            self._hang(load_themes(only=FEW_COLORS))
            self.theme = FEW_COLORS

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colour tokens, whatever theme is on."""
        return variable_defaults()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and ours for ASCII and for no colours at all, where Textual would make greys."""
        found = super().get_line_filters()
        if self.no_color:
            found = [COLORLESS if isinstance(known, Monochrome | NoColor) else known for known in found]
        return [*found, *self._signs]


def _in_short(warnings: Sequence[str]) -> list[str]:
    """The first, and how many more there are: all of them are told where one chooses."""
    if len(warnings) <= 1:
        return list(warnings)
    return [_("{first}; {n} more: see the list of themes").format(first=warnings[0], n=len(warnings) - 1)]
