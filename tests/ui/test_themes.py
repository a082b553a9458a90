"""Shipped themes can be read, in every number of colours; a start loads only the one it wears."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from textual.theme import BUILTIN_THEMES

from opstui.config import TEMPLATE, resource
from opstui.ui.ink import Ink
from opstui.ui.themes import (
    ANSI,
    CONTRAST,
    SHIPPED,
    TEXTS,
    TOKENS,
    colors_of,
    contrast,
    load_themes,
    shipped_colors,
    theme_names,
    weak_pairs,
)
from ui.shop import BoardApp

THEMES = {theme.name: colors_of(theme) for theme in load_themes().themes}
LEAST = {"high-contrast": 7.0}
PALETTES = {  # black, red, magenta, bright red, bright blue, white of terminals as they come
    "xterm": ("#000000", "#cd0000", "#cd00cd", "#ff0000", "#5c5cff", "#ffffff"),
    "linux": ("#000000", "#aa0000", "#aa00aa", "#ff5555", "#5555ff", "#ffffff"),
    "gnome": ("#000000", "#cc0000", "#75507b", "#ef2929", "#729fcf", "#ffffff"),
    "windows": ("#0c0c0c", "#c50f1f", "#881798", "#e74856", "#3b78ff", "#f2f2f2"),
    "macos": ("#000000", "#c23621", "#d338d3", "#fc391f", "#5833ff", "#ffffff"),
    "iterm": ("#000000", "#c91b00", "#ca30c7", "#ff6e67", "#6871ff", "#ffffff"),
}
ON_BOTH_GROUNDS = 2.4
"""No colour of 16 is far from black and from white; these are read on both, and every state is a word too."""


def in_256(color: str) -> str:
    """The colour as a terminal of 256 colours gets it."""
    red, green, blue = Color.parse(color).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_the_files_are_those_that_are_offered_and_every_one_is_whole() -> None:
    files = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in resource("themes").glob("*.toml")}
    assert sorted(files) == sorted(SHIPPED) == sorted(THEMES)
    for name, raw in files.items():
        assert raw["name"] == name
        assert sorted(raw["colors"]) == sorted(TOKENS)
        assert 0 < len(raw["about"]) <= 38, "the chooser has that much room"
        assert name in TEMPLATE


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "terminal"])
def test_every_text_on_every_background_keeps_its_contrast(name: str) -> None:
    colors = THEMES[name]
    assert weak_pairs(colors, LEAST.get(name, CONTRAST)) == []
    assert weak_pairs({token: in_256(color) for token, color in colors.items()}) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_series_and_tags_differ_from_each_other_and_from_the_grounds(name: str) -> None:
    colors = THEMES[name]
    series = [colors[f"series-{n}"] for n in range(1, 7)]
    assert len(set(series)) == len(series)
    if name != "terminal":  # sixteen colours, of which few are read on any ground
        assert len({colors[f"tag-{n}"] for n in range(1, 9)}) == 8
        assert len({colors[ground] for ground in ("background", "card")}) == 2


@pytest.mark.parametrize("palette", PALETTES)
def test_the_terminals_own_colours_are_read_on_a_light_and_on_a_dark_ground(palette: str) -> None:
    black, red, magenta, bright_red, bright_blue, white = PALETTES[palette]
    known = {"red": red, "magenta": magenta, "bright_red": bright_red, "bright_blue": bright_blue}
    used = {THEMES["terminal"][token] for token in TEXTS if not token.startswith("series")} - {"default"}
    assert used == set(known)
    for name in used:
        assert min(contrast(known[name], ground) for ground in (black, white)) >= ON_BOTH_GROUNDS, name


def test_the_terminal_s_theme_is_made_of_its_names_only_and_drawn_without_converting() -> None:
    assert set(THEMES["terminal"].values()) <= set(ANSI)
    theme = load_themes(only="terminal").themes[0]
    assert theme.ansi
    assert not any(theme.ansi for theme in load_themes().themes if theme.name != "terminal")
    ink = Ink(theme)
    assert (ink("late").color or Color.default()).name == "red"
    assert (ink("faint").dim, ink("faint", bold=True).dim, ink("muted").dim) == (True, None, None)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#777777", "#ffffff") < CONTRAST


def test_a_start_loads_one_shipped_theme_and_no_pydantic() -> None:
    code = "import sys; from opstui.ui.themes import load_themes; t = [x.name for x in load_themes(only='gayo').themes]"
    code += "; print(t, 'pydantic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['gayo'] False"


def test_a_name_that_is_not_shipped_or_a_user_s_file_loads_all(tmp_path: Path) -> None:
    assert len(load_themes(only="nobody").themes) == len(SHIPPED)
    (tmp_path / "kopi.toml").write_text("")
    assert len(load_themes(tmp_path, only="gayo").themes) == len(SHIPPED) + 1


def test_names_are_those_of_what_is_loaded_without_loading_it(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "kopi"\n')
    (tmp_path / "gayo.toml").write_text("about = 'mine'\n")
    loaded = [theme.name for theme in load_themes(tmp_path).themes]
    assert list(theme_names(tmp_path)) == loaded == [*SHIPPED, "kopi"]
    (tmp_path / "torn.toml").write_bytes(b"\xff[")
    assert theme_names(tmp_path)[-1] == "torn"


def test_a_theme_that_is_not_ours_borrows_the_colours_of_its_darkness() -> None:
    assert colors_of(BUILTIN_THEMES["nord"])["late"] == shipped_colors(dark=True)["late"]
    assert colors_of(BUILTIN_THEMES["textual-light"])["card"] == shipped_colors(dark=False)["card"]


async def test_switching_themes_repaints_in_the_other_colours() -> None:
    app = BoardApp()
    async with app.run_test(size=(100, 30)) as pilot:
        app.theme = "light"
        await pilot.pause()
        styles = {s.style.bgcolor.name for s in app.board._finish(6, 100) if s.style and s.style.bgcolor}
    assert "#ffffff" in styles
    assert "#1b2129" not in styles
