"""Header, hints and numbers: what they say at which width, and what a click or Enter asks for."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.events import Key
from textual.geometry import Region

from opstui.domain.model import Money
from opstui.projections.pane import FlowLines
from opstui.projections.tiles import Tile
from opstui.ui.struck import keys, strike
from opstui.ui.themes import variable_defaults
from opstui.ui.widgets.header import Header
from opstui.ui.widgets.hint import Hint
from opstui.ui.widgets.kpi_lines import (
    campaign_rows,
    change_word,
    flow_rows,
    spark_words,
    target_text,
    tile_rows,
    value_text,
)
from opstui.ui.widgets.kpi_pane import KpiPane
from opstui.ui.widgets.kpi_strip import KpiStrip
from opstui.ui.widgets.paint import Painted
from ui.console import CAMPAIGNS, FLOW, KEYS, TILES
from ui.shop import JAKARTA

TABS = [("Orders", 46), ("Campaigns", 8), ("Feedback", 23), ("Actions", 5)]


class One(App[None]):
    """One widget."""

    def __init__(self, widget: Painted) -> None:
        super().__init__()
        self.widget = widget
        self.said: list[Any] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults()

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_header_tab_chosen(self, message: Header.TabChosen) -> None:
        self.said.append(message.number)

    def on_kpi_pane_tile_opened(self, message: KpiPane.TileOpened) -> None:
        self.said.append((message.board, message.query))


def line(widget: Painted, y: int = 0) -> str:
    return widget.render_lines(Region(0, y, widget.size.width, 1))[0].text


@pytest.mark.parametrize(
    ("width", "begin", "end"),
    [
        (120, " Kopi Lereng     1 Orders 46  2 Campaigns 8 ", " rina · ops lead   Mon 14:07 "),
        (86, " Kopi Lereng  1 Orders 46  2 Campaigns 8  3 Feedback 23  4 Actions 5 ", "  Mon 14:07 "),
        (80, " Kopi Lereng  1 Orders 46 ", " Actions 5  Mon 14:07 "),
        (70, " 1 Orders 46  2 Campaigns 8  3 Feedback 23  4 Actions 5 ", " Mon 14:07 "),
        (62, " Kopi Lereng   1 Orders 46  2 8  3 23  4 5 ", " rina   Mon 14:07 "),
        (40, " 1 Orders 46  2 8  3 23  4 5 ", " Mon 14:07 "),
    ],
)
async def test_the_header_says_what_fits_in_whole_words(width: int, begin: str, end: str) -> None:
    header = Header()
    async with One(header).run_test(size=(width, 3)) as pilot:
        header.show("Kopi Lereng", TABS, 0, "rina · ops lead", "Mon 14:07")
        await pilot.pause()
        assert line(header).startswith(begin)
        assert line(header).endswith(end)
        assert len(line(header)) == width


async def test_a_minute_that_passes_sends_the_clock_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    header = Header()
    async with One(header).run_test(size=(120, 3)) as pilot:
        header.show("Kopi Lereng", TABS, 0, "rina · ops lead", "Mon 14:07")
        await pilot.pause()
        seen: list[Region] = []
        monkeypatch.setattr(header, "refresh", lambda *regions, **_more: seen.extend(regions))
        header.show("Kopi Lereng", TABS, 0, "rina · ops lead", "Mon 14:08")
        assert [(r.height, r.width <= 12) for r in seen] == [(1, True)]
        header.show("Kopi Lereng", TABS, 0, "rina · ops lead", "Mon 14:08")
        assert len(seen) == 1


async def test_a_click_on_a_tab_chooses_it() -> None:
    app = One(Header())
    async with app.run_test(size=(120, 3)) as pilot:
        header = app.query_one(Header)
        header.show("Kopi Lereng", TABS, 0, "rina", "Mon 14:07")
        await pilot.click(Header, offset=(line(header).index("Feedback"), 0))
        await pilot.click(Header, offset=(100, 0))
        await pilot.pause()
        assert app.said == [2]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (60, " H/L move  enter open  n new  / filter  a assign    ? help "),
        (31, " H/L move  enter open  ? help "),
        (10, "   ? help "),
    ],
)
async def test_hints_are_whole_and_help_always_has_room(width: int, shown: str) -> None:
    hint = Hint()
    async with One(hint).run_test(size=(width, 3)) as pilot:
        hint.show(KEYS)
        await pilot.pause()
        assert " ".join(line(hint).split()) == " ".join(shown.split())
        assert line(hint).endswith(" ? help ")


async def test_what_is_too_long_is_cut_in_the_middle_and_keeps_its_end() -> None:
    hint = Hint()
    async with One(hint).run_test(size=(60, 3)) as pilot:
        for told, end in (
            (f"created ORD-0061 {'a very long title ' * 4} · u undo", "… · u undo"),
            ("post-mortem of CMP-0008 written to exports/2026-11-27-campaign-pm-CMP-0008.md", "pm-CMP-0008.md"),
        ):
            hint.say(told)
            await pilot.pause()
            shown = line(hint).removesuffix("? help ").rstrip()
            assert shown.startswith(f" ✓ {told[:20]}")
            assert shown.endswith(end)


async def test_what_was_done_is_told_until_it_is_hushed() -> None:
    hint = Hint()
    async with One(hint).run_test(size=(60, 3)) as pilot:
        hint.show(KEYS)
        hint.say("moved [b]ORD-0298[/b] to Stock")
        await pilot.pause()
        assert line(hint).startswith(" ✓ moved [b]ORD-0298[/b] to Stock ")
        assert line(hint).endswith("? help ")
        hint.say("a reason that is much too long for a line of sixty cells, really", "refused")
        await pilot.pause()
        assert line(hint).startswith(" ! a reason that is much too long for a line of")
        assert hint.size.height == 2, "a refusal is told whole"
        hint.hush()
        await pilot.pause()
        assert hint.size.height == 1
        assert (hint.said, line(hint)[:9]) == ("", " H/L move")


# --------------------------------------------------------------------------------------- numbers


def tile(**fields: Any) -> Tile:
    return Tile(**{"id": "delayed", "label": "Delayed", "value": 7, "unit": "cards", "board": "orders", **fields})


@pytest.mark.parametrize(
    ("fields", "value", "change", "tone"),
    [
        ({}, "7", "      ", "faint"),
        ({"change": 3, "better": "down"}, "7", " △   3", "warn"),
        ({"change": -3, "better": "down"}, "7", " ▼   3", "ok"),
        ({"change": 0}, "7", "      ", "faint"),
        ({"value": None}, "n/a", "      ", "faint"),
        ({"value": 12_345}, "12.345", "      ", "faint"),
        ({"value": Money(3_100_000, "IDR"), "unit": "money", "change": 0.08}, "Rp 3,1 jt", " ▲  8%", "ok"),
        ({"value": Money(103_800_000, "IDR"), "unit": "money", "change": -0.5}, "103,8 jt", " ▽ 50%", "warn"),
    ],
)
def test_a_tile_says_its_value_and_change(fields: dict[str, Any], value: str, change: str, tone: str) -> None:
    assert value_text(tile(**fields), JAKARTA) == value
    assert change_word(tile(**fields), JAKARTA) == (change, tone)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, ""),
        ({"target": 3, "better": "down"}, "target ≤ 3"),
        ({"target": 3}, "target ≥ 3"),
        ({"target": 2_500_000, "unit": "money"}, "target ≥ 2,5 jt"),
    ],
)
def test_targets(fields: dict[str, Any], text: str) -> None:
    assert target_text(tile(**fields), JAKARTA) == text


@pytest.mark.parametrize(
    ("values", "bars"),
    [((), ""), ((0, 0), "▁▁"), ((0, 5, 10), "▁▄█"), ((-1, 2), "▁█"), ((1, 1), "██")],
)
def test_spark_lines_begin_at_nought(values: tuple[float, ...], bars: str) -> None:
    assert "".join(text for text, _color in spark_words(values)) == bars


FLOW_QUERIES = ("board:orders done:30d", "board:orders due:2026-08-23..2026-09-20 -is:dropped")
"""Behind the lead time and behind the rate on time."""


def test_rows_of_the_pane_lead_to_cards() -> None:
    rows = [*tile_rows(TILES, JAKARTA, spaced=False), *flow_rows(FLOW, JAKARTA), *campaign_rows(CAMPAIGNS, JAKARTA)]
    queries = [row.query for row in rows if row.query]
    slow = ("board:orders was:stock@2026-08-23..2026-09-21", "stage:stock")
    assert queries == [*(t.query for t in TILES), *FLOW_QUERIES, *slow, "ref:CMP-0001", "ref:CMP-0002"]
    said = "\n".join("".join(text for text, _color in row.left) for row in rows)
    for words in (
        "target ≤ 3",
        "SKU-12 SKU-31",
        "p50 2,1 d",
        "91%",
        "40% of",
        "5 cards there now  Rp 2,2 jt",
        "30 cards; more come in than go out",
        "go by its SOP stock check: put a second pair",
        "ROAS 3,3",
    ):
        assert words in said


def test_nothing_known_is_not_available_rather_than_nought() -> None:
    known = {"done": 0, "promised": 0, "on_time_state": "plain"}
    unknown = dict.fromkeys(("lead_p50", "lead_p85", "on_time", "on_time_target", "slowest"))
    nothing = FlowLines(**known, **unknown)  # type: ignore[arg-type]
    said = ["".join(text for text, _color in row.left) for row in flow_rows(nothing, JAKARTA)]
    assert [row.count("n/a") for row in said] == [2, 1]


async def test_enter_on_a_number_asks_for_its_cards() -> None:
    app = One(KpiPane(JAKARTA))
    async with app.run_test(size=(60, 40)) as pilot:
        pane = app.query_one(KpiPane)
        pane.show(TILES, FLOW, CAMPAIGNS)
        pane.focus()
        await pilot.press("enter", "j", "j", "enter", "end", "enter", "home", "k", "enter")
        await pilot.pause()
        assert [query for _board, query in app.said] == ["created:today", "is:late", "ref:CMP-0002", "created:today"]
        assert line(pane, 2).startswith("▌ Orders in")
        await pilot.click(KpiPane, offset=(5, 4))
        assert app.said[-1] == ("orders", "done:today")


async def test_numbers_without_cards_behind_them_cannot_be_opened() -> None:
    app = One(KpiPane(JAKARTA))
    async with app.run_test(size=(60, 20)) as pilot:
        pane = app.query_one(KpiPane)
        pane.show((tile(query=""),), None, ())
        pane.focus()
        await pilot.press("enter", "j", "enter")
        assert app.said == []
        assert pane.cursor_row is None


@pytest.mark.parametrize("height", [1, 10, 20, 60])
async def test_the_pane_has_lines_of_its_width_at_any_height(height: int) -> None:
    pane = KpiPane(JAKARTA)
    async with One(pane).run_test(size=(60, height)) as pilot:
        pane.show(TILES, FLOW, CAMPAIGNS)
        await pilot.pause()
        for y in range(height):
            assert len(line(pane, y)) == 40
            assert "…" not in line(pane, y)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, " in 18 ▲2   done 11 ▽2   ‼late 7 △3   !stock 3   tickets 14 ▼4   shopee 3,1 jt ▲8%"),
        (80, " in 18 ▲2  done 11 ▽2  ‼late 7 △3  !stock 3  tickets 14 ▼4  shopee 3,1 jt ▲8%"),
        (30, " in 18 ▲2  done 11 ▽2"),
    ],
)
async def test_the_strip_leaves_out_what_does_not_fit(width: int, shown: str) -> None:
    strip = KpiStrip(JAKARTA)
    async with One(strip).run_test(size=(width, 3)) as pilot:
        strip.show(TILES)
        await pilot.pause()
        assert line(strip).rstrip() == shown


async def test_a_click_on_a_number_of_the_strip_asks_for_its_cards() -> None:
    app = One(KpiStrip(JAKARTA))
    async with app.run_test(size=(100, 3)) as pilot:
        strip = app.query_one(KpiStrip)
        strip.show(TILES)
        await pilot.pause()
        shown = line(strip)
        for word in ("in 18", "stock", "3,1 jt"):
            await pilot.click(KpiStrip, offset=(shown.index(word), 0))
        await pilot.click(KpiStrip, offset=(98, 0))
        await pilot.pause()
        assert app.said == [("orders", "created:today"), ("orders", "sku:A"), ("orders", "channel:shopee")]


@pytest.mark.parametrize(
    ("word", "into", "key"),
    [
        ("H/L move", 0, "H"),
        ("H/L move", 2, "L"),
        ("H/L move", 5, "L"),
        ("enter open", 1, "enter"),
        ("/ filter", 0, "slash"),
        ("n new", 3, "n"),
        ("? help", 0, "question_mark"),
        ("? help", 3, "question_mark"),
    ],
)
async def test_a_click_on_a_hint_strikes_its_key(word: str, into: int, key: str) -> None:
    struck: list[str] = []

    class Keys(One):
        def on_key(self, event: Key) -> None:
            struck.append(event.key)

    hint = Hint()
    async with Keys(hint).run_test(size=(60, 3)) as pilot:
        hint.show(KEYS)
        hint.say("done")
        await pilot.pause()
        await pilot.click(Hint, offset=(line(hint).index(word) + into, 0))
        await pilot.pause()
        assert struck == [key]
        await pilot.click(Hint, offset=(1, 0))
        await pilot.pause()
        assert struck == [key], "what was told is no key"


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("H/L", ["H", "L"]),
        ("/", ["slash"]),
        ("j k", ["j", "k"]),
        ("↑ ↓", ["up", "down"]),
        ("⇧←", ["shift+left"]),
        ("ctrl+r", ["ctrl+r"]),
        ("^s", ["ctrl+s"]),
        ("^", ["circumflex_accent"]),
        ("f1", ["f1"]),
        ("esc", ["escape"]),
        ("@", ["at"]),
        ("!", ["exclamation_mark"]),
        ("", []),
    ],
)
def test_what_a_hint_shows_is_a_key(shown: str, names: list[str]) -> None:
    assert [name for _begin, _end, name in keys(shown)] == names


@pytest.mark.parametrize(
    ("name", "typed"), [("slash", "/"), ("n", "n"), ("H", "H"), ("escape", None), ("ctrl+r", None)]
)
def test_a_key_that_is_struck_types_what_it_says(name: str, typed: str | None) -> None:
    assert strike(name).character == typed
