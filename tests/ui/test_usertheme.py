"""A theme of a person's own: short, based on another, and when it is broken a reason that names the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from opstui.ui.themes import colors_of, config_themes, load_themes, shipped_colors
from opstui.ui.usertheme import load_user_theme

KNOWN = {theme.name: theme for theme in load_themes().themes}


def test_it_starts_from_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "kopi.toml").write_text('name = "kopi"\n[colors]\naccent = "#e0b050"\n')
    loaded = load_themes(tmp_path)
    theme = next(t for t in loaded.themes if t.name == "kopi")
    assert loaded.warnings == ()
    assert (theme.accent, theme.background) == ("#e0b050", shipped_colors(dark=True)["background"])


@pytest.mark.parametrize(
    ("text", "dark", "like"),
    [
        ("", True, "dark"),
        ("dark = false\n", False, "light"),
        ('based_on = "gayo"\n', True, "gayo"),
        ('based_on = "kintamani"\n', False, "kintamani"),
        ('based_on = "terminal"\n', True, "terminal"),
    ],
)
def test_what_it_leaves_out_is_that_of_the_theme_it_is_based_on(
    tmp_path: Path, text: str, dark: bool, like: str
) -> None:
    path = tmp_path / "kopi.toml"
    path.write_text(text)
    mine, warnings = load_user_theme(path, KNOWN)
    assert mine is not None
    assert (mine.theme.name, mine.theme.dark, warnings) == ("kopi", dark, [])
    assert colors_of(mine.theme) == colors_of(KNOWN[like])


def test_the_same_name_overrides_and_a_person_s_folder_comes_last(tmp_path: Path) -> None:
    shop, home = tmp_path / "shop", tmp_path / "home"
    for folder, accent in ((shop, "#aaffaa"), (home, "#ffaaaa")):
        folder.mkdir()
        (folder / "mine.toml").write_text(f'name = "gayo"\nabout = "{accent}"\n[colors]\naccent = "{accent}"\n')
    loaded = load_themes(shop, home, only="gayo")
    [theme] = [theme for theme in loaded.themes if theme.name == "gayo"]
    assert (theme.accent, loaded.about["gayo"]) == ("#ffaaaa", "#ffaaaa")


def test_one_may_be_based_on_another_that_was_read_before(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[colors]\naccent = "#aaffaa"\n')
    (tmp_path / "b.toml").write_text('based_on = "a"\n[colors]\nok = "#ffffff"\n')
    themes = {theme.name: theme for theme in load_themes(tmp_path).themes}
    assert (themes["b"].accent, themes["b"].success) == ("#aaffaa", "#ffffff")


def test_the_folder_of_a_person(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_themes() == tmp_path / "opstui" / "themes"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_themes() == tmp_path / ".config" / "opstui" / "themes"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = \n", ("line 1", "Invalid value")),
        ('name = "x"\n[colors\n', ("line 2",)),
        ('name = "x"\n\n[', ("line 3",)),
        ('name = "x"\n[colors]\nacent = "#ffffff"\n', ("line 3", "acent", "try accent")),
        ('name = "x"\n[colors]\nzzz = "#ffffff"\n', ("line 3", "zzz", "series-6")),
        ('name = "x"\n[colors]\n\naccent = "rosy"\n', ("line 4", "accent", "#1b2129", "bright_blue")),
        ('name = "x"\n[colors]\n\naccent = 7\n', ("line 4", "accent", "#1b2129")),
        ('name = "x"\ndark = "yes"\n', ("line 2", "dark is true or false")),
        ('name = "no spaces here"\n', ("line 1", "name is up to 40 letters")),
        (f'about = "{"x" * 81}"\n', ("line 1", "about is a text")),
        ('name = "x"\nbased_on = "solar"\n', ("line 2", "no theme solar", "toraja")),
        ("based_on = 3\n", ("line 1", "based_on is the name of a theme")),
        ("color = 3\n", ("line 1", "color", "try colors")),
        ("colors = 3\n", ("line 1", "colors is a table")),
    ],
)
def test_a_broken_theme_is_left_out_with_a_reason(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "kopi.toml"
    path.write_text(text)
    mine, warnings = load_user_theme(path, KNOWN)
    assert mine is None
    assert warnings[0].startswith(f"kopi.toml, {words[0]}: "), warnings
    assert all(word in warnings[0] for word in words), warnings


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "worse.toml").mkdir()
    said = load_themes(tmp_path).warnings
    assert [text.split(":")[0] for text in said] == ["bad.toml", "worse.toml"]
    assert "UTF-8" in said[0]


def test_a_weak_contrast_is_told_but_used(tmp_path: Path) -> None:
    path = tmp_path / "faint.toml"
    path.write_text('[colors]\nink = "#333333"\n')
    mine, warnings = load_user_theme(path, KNOWN)
    assert mine is not None
    assert [text.split(":")[0] for text in warnings] == ["faint.toml, line 2"]
    assert "ink on background" in warnings[0]


def test_one_mistake_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "kopi.toml"
    path.write_text('[colors]\nacent = "#zz"\n')
    assert load_user_theme(path, KNOWN)[1] == [
        "kopi.toml, line 2: acent is not known here; try accent; this theme is left out"
    ]
