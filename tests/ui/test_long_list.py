"""A list of any length asks only for the rows on screen; a stage is found by its letters."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from opstui.ui.ink import Ink
from opstui.ui.screens.stages import score
from opstui.ui.widgets.long_list import LongList
from opstui.ui.widgets.paint import Part


class Holder(App[None]):
    """An app with nothing but a list of 100,000 rows."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.taken: list[int] = []
        self.list = LongList(self._reads, "nothing here")

    def compose(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        self.list.show(100_000)
        self.list.focus()

    def on_long_list_taken(self) -> None:
        self.taken.append(self.list.cursor)

    def _reads(self, n: int, ink: Ink, here: bool) -> tuple[list[Part], list[Part]]:
        self.asked.append(n)
        return [(f"row {n}", ink("accent" if here else "ink", "panel"))], []


async def test_keys_and_wheel_move_and_only_rows_on_screen_are_read() -> None:
    app = Holder()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert set(app.asked) <= set(range(10))
        for key, cursor in [("j", 1), ("down", 2), ("k", 1), ("pagedown", 10), ("end", 99_999), ("j", 99_999)]:
            await pilot.press(key)
            assert app.list.cursor == cursor
        assert len(set(app.asked)) < 60
        await pilot.press("pageup", "home", "k")
        assert app.list.cursor == 0


async def test_a_click_points_and_a_second_one_takes() -> None:
    app = Holder()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.click(app.list, offset=(5, 3))
        assert (app.list.cursor, app.taken) == (3, [])
        await pilot.click(app.list, offset=(5, 4), times=2)
        assert (app.list.cursor, app.taken) == (4, [4])


async def test_an_empty_list_says_so_and_takes_every_key() -> None:
    app = Holder()
    async with app.run_test(size=(40, 10)) as pilot:
        app.list.show(0)
        await pilot.press("j", "k", "end", "home", "pagedown")
        assert (app.list.count, app.list.cursor) == (0, 0)
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "nothing here" in text


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("sto", "Stock", 0),
        ("", "Stock", 0),
        ("prog", "In progress", 1),
        ("mor", "Post-mortem", 1),
        ("ock", "Stock", 2),
        ("sk", "Stock", 3),
        ("s k", "Stock", 3),
        ("ks", "Stock", None),
        ("STO", "stock", 0),
    ],
)
def test_how_well_letters_fit_a_stage(typed: str, name: str, expected: int | None) -> None:
    assert score(typed, name) == expected
