"""The list widget: where its lines are, what its columns show, and what keys and the mouse do."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from opstui.ui.widgets.entries import Column, Entry, Lines, Section, Span, widths
from opstui.ui.widgets.listing import Listing

HUNDRED_THOUSAND = 100_000


class Page(App[None]):
    """A list alone."""

    def __init__(self, sections: list[Section], rows: int = 1) -> None:
        super().__init__()
        self.asked: list[Hashable] = []
        self.heard: list[tuple[str, Hashable]] = []
        self.sections, self.rows = sections, rows

    def compose(self) -> ComposeResult:
        columns = (Column(lead=True), Column(8, right=True))
        yield Listing(self.entry, columns, rows=self.rows, empty="nothing here")

    def on_mount(self) -> None:
        self.rows_shown.show(self.sections)
        self.rows_shown.focus()

    @property
    def rows_shown(self) -> Listing:
        return self.query_one(Listing)

    def entry(self, key: Hashable) -> Entry:
        self.asked.append(key)
        return Entry(((Span(f"row {key}"),), (Span(f"{key} kg"),)), (Span(f"about {key}", "muted"),))

    def on_listing_pointed(self, event: Listing.Pointed) -> None:
        self.heard.append(("pointed", event.key))

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        self.heard.append(("chosen", event.key))

    @property
    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=6), st.integers(1, 2))
def test_every_entry_is_found_on_its_lines(shape: list[tuple[bool, int]], rows: int) -> None:
    number = iter(range(100))
    sections = [Section("t" if titled else "", [next(number) for _ in range(n)]) for titled, n in shape]
    lines = Lines(sections, rows)
    for index in range(lines.count):
        for line in range(rows):
            place = lines.at(lines.line_of(index) + line)
            assert place is not None
            assert place[1:] == (index, line)
        assert lines.index(lines.key(index)) == index
    assert lines.at(lines.height) is None
    assert lines.at(-1) is None


@pytest.mark.parametrize(
    ("room", "expected"),
    [(40, [10, 20, 6]), (24, [10, 12, 0]), (10, [10, 0, 0])],
)
def test_columns_share_the_room_and_the_least_wanted_go_first(room: int, expected: list[int]) -> None:
    assert widths((Column(10), Column(), Column(6, drop=1)), room) == expected


async def test_headings_rows_and_numbers_are_drawn() -> None:
    app = Page([Section("Late", [1, 2], "2 kg"), Section("Today", []), Section("Later", [33])])
    async with app.run_test(size=(30, 8)):
        assert app.text[:6] == [
            " Late  2                 2 kg",
            "▌row 1                   1 kg",
            " row 2                   2 kg",
            "",
            " Later  1",
            " row 33                 33 kg",
        ]


async def test_an_empty_list_says_so() -> None:
    app = Page([])
    async with app.run_test(size=(30, 8)) as pilot:
        await pilot.press("down", "enter", "end")
        assert app.text[0] == " nothing here"
        assert app.heard == []


async def test_only_what_is_on_screen_is_asked_for() -> None:
    app = Page([Section("", range(HUNDRED_THOUSAND))])
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.press("end")
        assert app.rows_shown.key == HUNDRED_THOUSAND - 1
        assert len(app.asked) < 50
        assert "99999" in app.text[-1]


async def test_keys_move_the_cursor_and_take_a_row() -> None:
    app = Page([Section("A", range(5)), Section("B", range(5, 30))])
    async with app.run_test(size=(30, 8)) as pilot:
        await pilot.press("j", "j", "k", "pagedown", "enter")
        await pilot.pause()
        assert app.rows_shown.key == 8
        assert app.heard[-1] == ("chosen", 8)
        await pilot.press("home")
        assert app.text[0].startswith(" A  5 ")


async def test_the_bar_stands_beside_the_first_line_of_a_row() -> None:
    app = Page([Section("A", [1, 2, 3])], rows=2)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.press("j")
        assert [line[:1] for line in app.text[:6]] == [" ", " ", " ", "▌", " ", " "]


async def test_the_mouse_points_and_takes() -> None:
    app = Page([Section("A", [1, 2, 3])], rows=2)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.click(Listing, offset=(3, 4))
        assert app.heard[-1] == ("pointed", 2)
        await pilot.double_click(Listing, offset=(3, 5))
        await pilot.pause()
        assert app.heard[-1] == ("chosen", 3)
        await pilot.click(Listing, offset=(3, 0))
        assert app.rows_shown.key == 3, "a heading is no row"


async def test_the_cursor_stays_on_its_key_when_the_rows_change() -> None:
    app = Page([Section("A", ["a", "b", "c"])])
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.press("j", "j")
        app.rows_shown.show([Section("A", ["x", "c", "d"])])
        assert app.text[2].startswith("▌row c")
        app.rows_shown.show([Section("A", ["x", "d"])])
        await pilot.pause()
        assert app.rows_shown.key == "d"
        assert app.heard[-1] == ("pointed", "d")


async def test_a_list_of_any_length_is_moved_about_in_and_ends_where_it_ends() -> None:
    app = Page([Section("", range(HUNDRED_THOUSAND))])
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert set(app.asked) <= set(range(10))
        last = HUNDRED_THOUSAND - 1
        for key, cursor in [("j", 1), ("down", 2), ("k", 1), ("pagedown", 10), ("end", last), ("j", last)]:
            await pilot.press(key)
            assert app.rows_shown.cursor == cursor
        assert len(set(app.asked)) < 60
        await pilot.press("pageup", "home", "k")
        assert app.rows_shown.cursor == 0


async def test_an_empty_list_takes_every_key() -> None:
    app = Page([Section("", range(3))])
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows_shown.show([])
        await pilot.press("j", "k", "end", "home", "pagedown", "enter")
        await pilot.pause()
        assert (app.rows_shown.count, app.rows_shown.cursor, app.rows_shown.key) == (0, 0, None)
        assert app.heard[-1] == ("pointed", None)
