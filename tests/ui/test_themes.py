"""Shipped themes can be read; a user's broken one is a warning that names the line, never a crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from opstui.ui.themes import CONTRAST, TOKENS, contrast, load_themes, shipped_colors, weak_pairs
from opstui.ui.usertheme import load_user_theme
from ui.shop import BoardApp


@pytest.mark.parametrize("dark", [True, False])
def test_every_text_on_every_background_keeps_its_contrast(dark: bool) -> None:
    colors = shipped_colors(dark=dark)
    assert sorted(colors) == sorted(TOKENS)
    assert weak_pairs(colors) == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#777777", "#ffffff") < CONTRAST


def test_shipped_themes_come_without_pydantic() -> None:
    code = "import sys; from opstui.ui.themes import load_themes; t = [x.name for x in load_themes().themes]"
    code += "; print(t, 'pydantic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['dark', 'light'] False"


def test_a_user_theme_starts_from_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "kopi.toml").write_text('name = "kopi"\n[colors]\naccent = "#e0b050"\n')
    loaded = load_themes(tmp_path)
    theme = next(t for t in loaded.themes if t.name == "kopi")
    assert loaded.warnings == ()
    assert (theme.accent, theme.background) == ("#e0b050", shipped_colors(dark=True)["background"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = \n", ("line 1", "Invalid value")),
        ('name = "x"\n[colors\n', ("line 2",)),
        ('name = "x"\n\n[', ("line 3",)),
        ('name = "x"\n[colors]\nacent = "#ffffff"\n', ("line 3", "acent")),
        ('name = "x"\n[colors]\n\naccent = "red"\n', ("line 4", "accent", "#1b2129")),
        ('name = "x"\ndark = "yes"\n', ("line 2", "dark")),
        ('name = "no spaces here"\n', ("line 1", "name")),
        ("color = 3\n", ("line 1", "color")),
        ("colors = 3\n", ("line 1", "colors")),
    ],
)
def test_a_broken_theme_is_left_out_with_a_reason(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "kopi.toml"
    path.write_text(text)
    theme, warnings = load_user_theme(path)
    assert theme is None
    assert warnings[0].startswith(f"kopi.toml, {words[0]}: "), warnings
    assert all(word in warnings[0] for word in words), warnings


def test_bytes_that_are_no_text_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    assert "bad.toml" in load_themes(tmp_path).warnings[0]


def test_a_weak_contrast_is_told_but_used(tmp_path: Path) -> None:
    path = tmp_path / "faint.toml"
    path.write_text('[colors]\nink = "#333333"\n')
    theme, warnings = load_user_theme(path)
    assert theme is not None
    assert "line 2" in warnings[0]
    assert "ink on background" in warnings[0]


async def test_switching_themes_repaints_in_the_other_colours() -> None:
    app = BoardApp()
    async with app.run_test(size=(100, 30)) as pilot:
        app.theme = "light"
        await pilot.pause()
        styles = {s.style.bgcolor.name for s in app.board._finish(6, 100) if s.style and s.style.bgcolor}
    assert "#ffffff" in styles
    assert "#1b2129" not in styles
