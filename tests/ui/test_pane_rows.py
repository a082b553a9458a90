"""The pane put together: groups with headings, as roomy as there is room for; its foot, its scrolling, its order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.pilot import Pilot

from opstui.domain.model import Actor
from opstui.projections.pane_groups import GROUPS, USUAL
from opstui.ui.preferences import Kept
from opstui.ui.widgets.kpi_pane import KpiPane, Page
from opstui.ui.widgets.pane_rows import Shown, arranged, heading
from ui.console import CAMPAIGNS, FLOW, TILES
from ui.page import RINA, console, memory_workspace, orders
from ui.shop import JAKARTA
from ui.test_lines_of_console import One, line

SHOWN = Shown(TILES, FLOW, CAMPAIGNS, USUAL)
TITLES = ["Today", "Feedback", "Orders, 30 days", "Campaigns live"]
NAMES = ("flow", "campaigns", "service", "stock", "customers")
PAGES = tuple(Page(str(n), name, f"page_{name}") for n, name in enumerate(NAMES, 5))


def rows_of(height: int, shown: Shown = SHOWN, width: int = 38) -> list[str]:
    return ["".join(text for text, _color in row.left) for row in arranged(shown, JAKARTA, width, height)]


def titles(rows: list[str]) -> list[str]:
    return [row.partition(" ─")[0] for row in rows if "─" in row]


@pytest.mark.parametrize(
    ("height", "blanks", "headings"),
    [(60, True, True), (30, True, True), (27, True, True), (26, False, True), (24, False, True), (23, False, False)],
)
def test_air_goes_first_and_headings_last(height: int, blanks: bool, headings: bool) -> None:
    rows = rows_of(height)
    assert len(rows) <= height
    assert titles(rows) == (TITLES if headings else [])
    assert any(not row.strip() for row in rows) is blanks


@given(st.permutations(GROUPS), st.integers(1, 70), st.integers(10, 60))
def test_every_number_is_there_in_any_order_and_room(order: list[str], height: int, width: int) -> None:
    shown = replace(SHOWN, order=tuple(order))
    rows = arranged(shown, JAKARTA, width, height)
    usual = arranged(SHOWN, JAKARTA, width, height)
    assert sorted(row.query for row in rows if row.query) == sorted(row.query for row in usual if row.query)
    assert len(rows) <= height or not any(row.title for row in rows)


def test_headings_are_as_wide_as_the_room() -> None:
    for width in (0, 1, 2, 5, 38):
        words = "".join(text for text, _color in heading("Campaigns", width).left)
        assert len(words) <= width


def test_the_order_of_the_groups() -> None:
    shown = replace(SHOWN, order=("campaigns", "orders", "feedback", "owner"))
    assert titles(rows_of(60, shown)) == ["Campaigns live", "Orders, 30 days", "Feedback", "Today"]


def test_what_there_is_not_is_told() -> None:
    assert "counting the cards ..." in rows_of(40, Shown())
    nothing = tuple(replace(tile, value=0) for tile in TILES)
    said = rows_of(40, Shown(nothing, replace(FLOW, lead_p50=None, slowest=None), (), USUAL))
    assert "none just now" in said
    assert said[-1] == "Figures come with the first cards."


def test_a_stage_with_a_long_name_keeps_the_share_of_the_time() -> None:
    assert FLOW.slowest is not None
    for name in ("Stock", "Processing", "Wholesale and export"):
        shown = replace(SHOWN, flow=replace(FLOW, slowest=replace(FLOW.slowest, name=name)))
        said = " ".join(" ".join(rows_of(60, shown)).split())
        assert name in said
        assert "40% of the time" in said
        assert all(len(row) <= 38 for row in rows_of(60, shown))


def test_a_campaign_whose_figures_are_late_says_so_with_a_sign() -> None:
    late = replace(CAMPAIGNS[0], stale="last figures 3 days ago", ctr_fell=True)
    (row,) = [row for row in arranged(replace(SHOWN, campaigns=(late,)), JAKARTA, 38, 60) if row.state == "stale"]
    assert row.query == "ref:CMP-0001"
    assert not row.right[0][0], "what old figures say of the click rate is no news"
    assert "  last figures 3 days ago" in rows_of(60, replace(SHOWN, campaigns=(late,)))


async def shown_in(pilot: Pilot[None], pane: KpiPane) -> list[str]:
    await pilot.pause()
    return [line(pane, y) for y in range(pane.size.height)]


async def test_a_low_pane_scrolls_with_the_cursor_and_keeps_its_foot() -> None:
    app = One(KpiPane(JAKARTA))
    async with app.run_test(size=(60, 9)) as pilot:
        pane = app.query_one(KpiPane)
        pane.show_pages(PAGES)
        pane.show(TILES, FLOW, CAMPAIGNS)
        pane.focus()
        seen = []
        for _step in range(14):
            shown = await shown_in(pilot, pane)
            here = next(text for text in shown if text.startswith("▌"))
            seen.append(here.split()[1])
            assert " ".join(" ".join(shown[-2:]).split()) == "5 flow 6 campaigns 7 service 8 stock 9 customers"
            await pilot.press("j")
        assert seen[:2] == ["Orders", "Done"]
        assert "ROAS 5,1" in "\n".join(await shown_in(pilot, pane)), "the last line of the last number too"
        await pilot.press("home")
        assert (await shown_in(pilot, pane))[0].startswith("▌ Orders in")


@pytest.mark.parametrize(
    ("word", "command"), [("5 flow", "page_flow"), ("9", "page_customers"), ("service", "page_service")]
)
async def test_a_click_on_the_foot_opens_a_page(word: str, command: str) -> None:
    class Pages(One):
        def on_kpi_pane_page_chosen(self, message: KpiPane.PageChosen) -> None:
            self.said.append(message.command)

    app = Pages(KpiPane(JAKARTA))
    async with app.run_test(size=(60, 40)) as pilot:
        pane = app.query_one(KpiPane)
        pane.show_pages(PAGES)
        pane.show(TILES, FLOW, CAMPAIGNS)
        await pilot.pause()
        y = next(y for y in (38, 39) if word in line(pane, y))
        await pilot.click(KpiPane, offset=(line(pane, y).index(word), y))
        await pilot.click(KpiPane, offset=(39, y))
        await pilot.pause()
        assert app.said == [command]


@pytest.mark.parametrize(
    ("width", "height", "lines"),
    [(78, 20, 1), (40, 20, 2), (24, 20, 3), (10, 20, 0), (40, 7, 0), (78, 3, 0), (78, 4, 1)],
)
async def test_the_foot_has_the_lines_that_its_pages_need(width: int, height: int, lines: int) -> None:
    pane = KpiPane(JAKARTA)
    async with One(pane).run_test(size=(100, height)) as pilot:
        pane.styles.width = width
        await pilot.pause()
        pane.show_pages(PAGES)
        pane.show(TILES, FLOW, CAMPAIGNS)
        await pilot.pause()
        shown = [line(pane, y) for y in range(height)]
        named = [text for text in shown if any(page.words in text for page in PAGES)]
        assert (len(named), shown[height - lines :]) == (lines, named)
        assert sum(page.words in "\n".join(named) for page in PAGES) == (len(PAGES) if lines else 0)


# --------------------------------------------------------------------------------------- in the console


def first_heading(text: str) -> str:
    return next((title for line in text.splitlines() for title in TITLES if f"{title} ─" in line), "")


async def test_a_member_chooses_what_comes_first_and_it_is_kept(tmp_path: Path) -> None:
    workspace = memory_workspace(*orders(3), path=tmp_path)
    async with console(workspace) as c:
        await c.until(lambda: first_heading(c.text) == "Today")
        await c.press("P")
        assert c.dialog == "Chooser"
        await c.press("c")
        assert (c.dialog, c.said) == ("", "numbers: campaigns first")
        assert first_heading(c.text) == "Campaigns live"
        await c.press("P", "o")
        assert first_heading(c.text) == "Orders, 30 days"
        assert Kept(tmp_path, "rina").now.groups == ("orders", "campaigns")
        await c.press("P", "escape")
        assert first_heading(c.text) == "Orders, 30 days"
    async with console(workspace) as c:
        await c.until(lambda: first_heading(c.text) == "Orders, 30 days")
        await c.press("P", "a")
        assert (first_heading(c.text), c.said) == ("Today", "numbers: as usual")


@pytest.mark.parametrize(("actor", "first"), [(RINA, "Today"), (Actor("budi", "content"), "Campaigns live")])
async def test_each_role_begins_with_its_own_group(actor: Actor, first: str) -> None:
    async with console(memory_workspace(*orders(3)), actor=actor) as c:
        await c.until(lambda: first_heading(c.text) == first)


async def test_the_foot_of_the_pane_leads_to_the_pages() -> None:
    async with console(memory_workspace(*orders(3))) as c:
        await c.until(lambda: "5 flow   6 campaigns   7 service" in c.text)
        y = next(n for n, text in enumerate(c.text.splitlines()) if "7 service" in text)
        await c.pilot.click(offset=(c.text.splitlines()[y].index("7 service"), y))
        await c.rest()
        assert c.dialog == "FiguresScreen"
        assert "[7 Service]" in c.text
