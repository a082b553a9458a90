"""From twenty columns by five lines to three hundred by a hundred: begun there, and gone through with anything open."""

from __future__ import annotations

import pytest

from opstui.ui.screens.form import Form
from ui.page import Console, console, memory_workspace, order, orders

SIZES = [(20, 5), (40, 10), (119, 30), (300, 100)]
WAY = [(20, 5), (300, 100), (40, 10), (20, 60), (200, 5)]
TITLES = ("漢字のお客様、ありがとう", "👩‍👩‍👧 family box 🙂", "ไทย กาแฟ", "شحنة متأخرة", "plain")
OPEN = {
    "the board": (),
    "a card": ("enter",),
    "a card, read": ("enter", "enter"),
    "a filter": ("slash", "o"),
    "the numbers": ("p",),
    "a form": ("n",),
    "one field": ("d",),
    "the long form": ("e",),
    "a comment": ("c",),
    "help": ("question_mark",),
    "themes": ("ctrl+t",),
}


def workspace() -> object:
    return memory_workspace(*[order(title, customer=title, total=1000) for title in TITLES], *orders(20))


def whole(page: Console) -> None:
    """As many lines as the screen has, none longer; what stands on top of the board is inside of it."""
    screen = page.app.screen
    strips = screen._compositor.render_strips()
    assert len(strips) == screen.size.height
    assert {strip.cell_length for strip in strips} <= {screen.size.width}
    assert page.app.focused is None or screen.region.overlaps(page.app.focused.region) or page.dialog == ""
    for sheet in screen.query(".sheet"):
        assert screen.region.contains_region(sheet.region), f"{sheet.region} is not inside {screen.region}"


@pytest.mark.parametrize("size", SIZES)
async def test_it_begins_at_any_size(size: tuple[int, int]) -> None:
    async with console(workspace(), size=size) as page:  # type: ignore[arg-type]
        whole(page)
        await page.press("j", "l", "h", "L", "u")
        whole(page)
        assert page.cursor


@pytest.mark.parametrize("what", OPEN)
async def test_it_goes_through_all_sizes_with_anything_open(what: str) -> None:
    async with console(workspace(), size=(80, 24)) as page:  # type: ignore[arg-type]
        await page.press(*OPEN[what])
        kind = page.dialog
        for size in WAY:
            await page.pilot.resize_terminal(*size)
            await page.rest()
            whole(page)
            assert page.dialog == kind
        await page.press("escape")
        await page.press("escape")
        whole(page)


@pytest.mark.parametrize("keys", [("n",), ("e",)])
async def test_what_was_typed_and_the_field_it_is_typed_in_survive_every_size(keys: tuple[str, ...]) -> None:
    async with console(workspace(), size=(80, 24)) as page:  # type: ignore[arg-type]
        await page.press(*keys)
        await page.press("end")
        await page.type("Beans")
        await page.press("tab", "tab")
        form = page.app.screen
        assert isinstance(form, Form)
        focused = page.app.focused
        texts = [line.text for line in form.lines]
        for size in WAY:
            await page.pilot.resize_terminal(*size)
            await page.rest()
            assert [line.text for line in form.lines] == texts
            assert page.app.focused is focused
        assert any("Beans" in text for text in texts)
        await page.type("7")
        assert form.lines[2].field is focused
        assert form.lines[2].text.endswith("7")
