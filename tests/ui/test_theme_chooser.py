"""Choosing a theme: seen while the cursor moves, kept on enter, gone on esc; by mouse as well, in any size."""

from __future__ import annotations

from pathlib import Path

import pytest

from opstui.ui.app import OpsApp
from opstui.ui.preferences import Kept
from opstui.ui.screens.theme import ThemeChooser, ThemeList
from opstui.ui.themes import SHIPPED
from ui.page import RINA, Console, console, memory_workspace, orders


def ground(page: Console) -> str:
    """The colour behind the first card of the board, as it was drawn."""
    strip = page.board.board._finish(page.board.board._geometry.body, page.board.board.size.width)
    return next(s.style.bgcolor.name for s in strip if s.style and s.style.bgcolor)


async def test_the_board_wears_what_the_cursor_points_at_and_enter_keeps_it(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path)) as page:
        await page.press("ctrl+t")
        assert page.dialog == "ThemeChooser"
        seen = []
        for _n in SHIPPED:
            seen.append((page.app.theme, ground(page)))
            await page.press("j")
        assert [name for name, _color in seen] == list(SHIPPED)
        assert len({color for _name, color in seen}) == len(SHIPPED)
        await page.press("k", "k", "enter")
        assert (page.dialog, page.app.theme, page.said) == ("", "gayo", "the theme is gayo from now on")
        assert page.board.session.kept.now.theme == "gayo"


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_esc_puts_the_old_one_back_and_keeps_nothing(tmp_path: Path, key: str) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path, theme="toraja")) as page:
        before = ground(page)
        await page.press("ctrl+t", "home", "j", key)
        assert (page.dialog, page.app.theme, ground(page)) == ("", "toraja", before)
    assert Kept(tmp_path, "rina").now.theme == ""


async def test_a_click_points_a_second_one_takes_and_the_wheel_moves() -> None:
    async with console(memory_workspace()) as page:
        await page.press("ctrl+t")
        chooser = page.app.screen
        assert isinstance(chooser, ThemeChooser)
        await page.pilot.click(ThemeList, offset=(5, 10))
        assert page.app.theme == "gayo"
        chooser._list.on_mouse_scroll_up()
        await page.rest()
        assert page.app.theme == "terminal"
        await page.pilot.click(ThemeList, offset=(5, 13), times=2)
        await page.rest()
        assert (page.dialog, page.app.theme) == ("", "toraja")


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (80, 24)])
async def test_in_any_size_the_theme_under_the_cursor_is_in_sight(size: tuple[int, int]) -> None:
    async with console(memory_workspace(), size=size) as page:
        await page.press("ctrl+t")
        for name in SHIPPED:
            assert name[: size[0] - 12] in page.text, page.text
            await page.press("j")


async def test_a_person_s_own_theme_is_among_them(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "kopi.toml").write_text('about = "as we like it"\n[colors]\naccent = "#ffcc88"\n')
    async with console(memory_workspace(path=tmp_path)) as page:
        await page.press("ctrl+t", "end")
        assert page.app.theme == "kopi"
        assert "as we like it" in page.text


async def test_what_is_wrong_with_one_is_told_in_full_where_one_chooses(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "kopi.toml").write_text('[colors]\nacent = "#ffcc88"\n')
    async with console(memory_workspace(path=tmp_path), size=(80, 24)) as page:
        assert "kopi.toml, line 2: acent is not known here; try accent" in page.said
        await page.press("ctrl+t", "end")
        assert page.app.theme == SHIPPED[-1]
        told = " ".join(line[38:].strip("│ ") for line in page.text.splitlines())
        assert "kopi.toml, line 2: acent is not known here; try accent; this theme is left out" in told


async def test_a_terminal_of_16_colours_keeps_its_own() -> None:
    app = OpsApp(memory_workspace(*orders(3), theme="gayo"), RINA)
    app.spare_colors()
    async with app.run_test(size=(100, 30)) as pilot:
        page = Console(app, pilot)
        await page.press("ctrl+t")
        assert (page.app.theme, page.dialog) == ("terminal", "")
        assert "16 colours" in page.said
        strips = page.app.screen._compositor.render_strips()
        used = {c.name for s in strips for seg in s if seg.style for c in (seg.style.color, seg.style.bgcolor) if c}
        assert not [name for name in used if name.startswith("#")]
    app.session.close()


@pytest.mark.parametrize("theme", ["light", "terminal"])
async def test_without_colour_no_screen_sends_a_colour(theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with console(memory_workspace(*orders(3), theme=theme)) as page:
        for keys in ((), ("enter",), ("n",), ("escape", "question_mark"), ("escape", "M"), ("escape", "slash")):
            await page.press(*keys)
            strips = page.app.screen._compositor.render_strips()
            styles = [segment.style for strip in strips for segment in strip if segment.style]
            assert not [style for style in styles if style.color or style.bgcolor], keys
            if keys == ("n",):
                assert any(style.reverse for style in styles), "the cursor of the text is seen"


async def test_without_colour_there_is_no_theme_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with console(memory_workspace()) as page:
        await page.press("ctrl+t")
        assert (page.dialog, page.said[:15]) == ("", "NO_COLOR is set")


async def test_enter_struck_twice_closes_nothing_but_the_chooser() -> None:
    async with console(memory_workspace(*orders(1))) as page:
        await page.press("ctrl+t")
        await page.strike("enter", "enter")
        assert page.app.screen is page.board or page.dialog == ""
