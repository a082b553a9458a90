"""A short list to choose from: by letter, by cursor, by mouse; one or many."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App

from opstui.ui.screens.chooser import Chooser, Chosen
from opstui.ui.themes import load_themes, variable_defaults
from opstui.ui.widgets.option_list import Option, OptionList, letters

FRUIT = [
    Option("", "Fruit"),
    Option("apple", "apple", "red"),
    Option("apricot", "apricot", on=True),
    Option("kiwi", "kiwi"),
]
MANY = [
    Option("a", "apple", on=True),
    Option("b", "banana"),
    Option("", "One of"),
    Option("x", "x-ray", on=True, group="g"),
    Option("y", "yankee", group="g"),
]


class ChooserApp(App[None]):
    """A chooser on nothing."""

    def __init__(self, options: list[Option], **more: Any) -> None:
        super().__init__()
        for known in load_themes().themes:
            self.register_theme(known)
        self.theme = "dark"
        self.chooser = Chooser("Choose", options, **more)
        self.chosen: list[Chosen | None] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults()

    def on_mount(self) -> None:
        self.push_screen(self.chooser, self.chosen.append)

    @property
    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([Option("1", "due"), Option("2", "date"), Option("3", "dua")], ["d", "a", "u"]),
        ([Option("1", "jk"), Option("2", "jk")], ["a", "b"]),
        ([Option("", "Title"), Option("1", "by hand", letter="h"), Option("2", "hour")], ["", "h", "o"]),
        ([Option("1", "日本")], ["a"]),
        ([Option(str(n), "x") for n in range(40)][-1:], ["x"]),
    ],
)
def test_every_option_has_a_letter_of_its_own(options: list[Option], found: list[str]) -> None:
    assert letters(options) == found


def test_letters_that_have_run_out_are_none() -> None:
    found = letters(Option(str(n), f"x{n}") for n in range(50))
    assert len({letter for letter in found if letter}) == len([letter for letter in found if letter])
    assert found[-1] == ""
    assert not set("jkq") & set(found)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["enter"], Chosen(("apricot",))),
        (["k", "enter"], Chosen(("apple",))),
        (["home", "enter"], Chosen(("apple",))),
        (["end", "space"], Chosen(("kiwi",))),
        (["p"], Chosen(("apricot",))),
        (["P"], Chosen(("apricot",), capital=True)),
        (["i"], Chosen(("kiwi",))),
        (["escape"], None),
        (["q"], None),
        (["z", "comma", "down", "down", "down", "enter"], Chosen(("kiwi",))),
    ],
)
async def test_one_is_chosen_by_keys(keys: list[str], chosen: Chosen | None) -> None:
    app = ChooserApp(FRUIT, capital="all of them")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "✓ p  apricot" in app.text
        assert "a  apple    red" in app.text
        await pilot.press(*keys)
        await pilot.pause()
        assert app.chosen == [chosen]


async def test_a_click_chooses_and_a_title_is_nothing_to_choose() -> None:
    app = ChooserApp(FRUIT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(OptionList, offset=(5, 0))
        await pilot.pause()
        assert app.chosen == []
        await pilot.click(OptionList, offset=(5, 3))
        await pilot.pause()
        assert app.chosen == [Chosen(("kiwi",))]


async def test_a_click_beside_it_leaves_it() -> None:
    app = ChooserApp(FRUIT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(offset=(2, 20))
        await pilot.pause()
        assert app.chosen == [None]


async def test_the_cursor_begins_where_it_is_told_whatever_is_chosen() -> None:
    app = ChooserApp(FRUIT, cursor="kiwi")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert app.chosen == [Chosen(("kiwi",))]


async def test_many_are_chosen_and_of_a_group_one() -> None:
    app = ChooserApp(MANY, many=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", "b", "y")
        await pilot.pause()
        assert "● y  yankee" in app.text
        assert "  a  apple" in app.text
        await pilot.click(OptionList, offset=(5, 0))
        await pilot.press("y", "enter")
        await pilot.pause()
        assert app.chosen == [Chosen(("a", "b", "y"))]


@pytest.mark.parametrize("size", [(20, 5), (40, 8), (300, 100)])
async def test_a_long_list_scrolls_on_a_small_terminal(size: tuple[int, int]) -> None:
    app = ChooserApp([Option(str(n), f"number {n}") for n in range(30)])
    async with app.run_test(size=size) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert "▌" in app.text
        assert "number 29" in app.text
        await pilot.press("enter")
        await pilot.pause()
        assert app.chosen == [Chosen(("29",))]
