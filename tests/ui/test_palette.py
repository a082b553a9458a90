"""The palette: what it offers, how that is found, and that it does what the key would do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from opstui.domain.commands import CreateCard, SaveFilter
from opstui.ui.commands import COMMANDS, Place
from opstui.ui.palette import Offer, arrange, command_offers, entry_of
from opstui.ui.preferences import Kept, OwnFilter
from opstui.ui.screens import destinations
from opstui.ui.screens.palette import Palette
from ui.page import Console, console, memory_workspace, orders


def offers(place: Place | None = None) -> list[Offer]:
    return list(command_offers(place or Place(card=True), COMMANDS, lambda _name: None))


def found(query: str, place: Place | None = None) -> list[object]:
    [section] = arrange(query, offers(place))
    return list(section.keys)


def test_without_a_query_every_command_is_there_once_moving_about_last() -> None:
    keys = [key for section in arrange("", offers()) for key in section.keys]
    assert sorted(map(str, keys)) == sorted(COMMANDS)
    assert [section.title for section in arrange("", offers())][-1] == "Move about"


def test_what_was_used_last_comes_first_if_it_is_still_there() -> None:
    first, *_rest = arrange("", offers(), ["gone", "tags", "due"])
    assert (first.title, list(first.keys)) == ("Used last", ["tags", "due"])
    keys = [key for section in arrange("", offers(), ["tags"]) for key in section.keys]
    assert keys.count("tags") == 1


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("tg", "tags"),
        ("assign", "assign"),
        ("asn", "assign"),
        ("pstm", "postmortem"),
        ("/", "filter"),
        ("?", "help"),
        ("ctrl+t", "theme"),
        ("H", "stage_left"),
        ("put away", "archive"),
        ("besok", "due"),
        ("shell", "suspend"),
    ],
)
def test_a_few_letters_a_key_or_a_word_of_the_help_find_it(query: str, first: str) -> None:
    assert found(query)[0] == first


def test_letters_that_are_in_no_name_find_nothing() -> None:
    assert found("zzqq") == []


def test_a_row_shows_key_name_and_what_it_does_or_why_not() -> None:
    by_id = {offer.id: offer for offer in offers(Place(card=True, first_stage=True))}
    key, label, what = entry_of(by_id["tags"], "tg").cells
    assert "".join(span.text for span in key) == "t"
    assert [(span.text, span.bold) for span in label] == [("t", True), ("a", False), ("g", True), ("s", False)]
    assert what[0].text == COMMANDS["tags"].help
    assert entry_of(by_id["stage_left"], "").cells[2][0].text == "not now: it is in the first stage"


# ------------------------------------------------------------------ on the console


async def opened(page: Console, query: str = "") -> Palette:
    await page.press("ctrl+p")
    palette = page.app.screen
    assert isinstance(palette, Palette)
    await page.type(query)
    return palette


def cursor(page: Console) -> str:
    """The ref of the card under the cursor."""
    return page.cursor.ref if page.cursor else ""


async def test_it_does_what_the_key_would_do_and_remembers_it(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(2), path=tmp_path)) as page:
        await opened(page, "archive\n")
        assert page.dialog == ""
        assert page.card("ORD-0001").archived
        await opened(page)
        assert page.text.index("Used last") < page.text.index("archive") < page.text.index("The card")
    assert Kept(tmp_path, "rina").now.recent == ("archive",)


async def test_every_command_is_reached_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    async with console(memory_workspace(*orders(2))) as page:
        with monkeypatch.context() as patch:
            patch.setattr(page.board, "action_command", done.append)
            patch.setattr(page.board.turning, "to", lambda number: done.append(f"board_{number + 1}"))
            by_id = {offer.id: offer for offer in destinations.offers(page.board)}
            for name in COMMANDS:
                by_id[name].go()
        assert done == list(COMMANDS)


async def test_one_that_cannot_be_had_says_why_and_the_palette_stays() -> None:
    async with console(memory_workspace(*orders(1))) as page:
        await opened(page, "stage back\n")
        assert page.dialog == "Palette"
        assert "! stage back: it is in the first stage" in page.text
        await page.press("backspace", "escape")
        assert (page.dialog, page.events("moved")) == ("", [])


async def test_a_dialog_begun_from_it_gets_the_keys_typed_after_it() -> None:
    async with console(memory_workspace(*orders(1))) as page:
        await page.strike("ctrl+p", *"new", "enter", *"Toko")
        await page.until(lambda: page.dialog == "Form")
        await page.until(lambda: re.search("Title +Toko", page.text))
        assert page.events("created")[-1].data["title"] == "Order 1"


async def test_up_and_down_wheel_and_click(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path)) as page:
        palette = await opened(page, "card")
        first = palette.list.key
        await page.press("down", "ctrl+n")
        third = palette.list.key
        await page.press("up", "ctrl+p")
        assert (palette.list.key, palette.list.cursor) == (first, 0)
        palette.list.on_mouse_scroll_down()
        palette.list.on_mouse_scroll_down()
        assert palette.list.key == third
        await page.press("escape")
        await opened(page, "feedback")
        await page.pilot.click("_Offers", offset=(12, 0))
        await page.rest()
        assert (page.dialog, page.board.desk.board.id) == ("", "feedback")


async def test_a_lane_a_board_and_a_card_by_its_number_are_places_to_go() -> None:
    workspace = memory_workspace(*orders(3), CreateCard(board="feedback", title="Late parcel"))
    async with console(workspace, size=(80, 24)) as page:
        await page.press("enter")
        await opened(page, "shipping\n")
        assert page.board.board.cursor_stage == "shipping"
        assert not page.board.has_class("-card")
        await opened(page, "2\n")
        assert cursor(page) == "ORD-0002"
        await opened(page, "fdb-0001")
        assert "Late parcel" in page.text
        await page.press("enter")
        assert cursor(page) == "FDB-0001"


async def test_saved_filters_are_places_to_go_and_those_that_mean_nothing_say_so(tmp_path: Path) -> None:
    shared = SaveFilter(name="toko three", query="toko 3", board="orders")
    stale = SaveFilter(name="attic", query="stage:attic", board="orders")
    async with console(memory_workspace(*orders(3), shared, stale, path=tmp_path), size=(80, 24)) as page:
        await page.board.session.kept.keep(filters=(OwnFilter("second", "toko 2", "orders"),))
        await page.press("2", "enter")
        await opened(page, "toko thr\n")
        assert (page.board.desk.board.id, page.board.desk.query) == ("orders", "toko 3")
        await opened(page, "second\n")
        assert (page.board.desk.query, page.board.desk.title) == ("toko 2", "second")
        await opened(page, "attic\n")
        assert (page.dialog, page.board.desk.query) == ("Palette", "toko 2")
        assert "! attic: " in page.text
        await page.press("escape")
        await opened(page)
        assert "Used last" in page.text, "by names that last: they are found again"
        assert page.text.index("second") < page.text.index("toko three")


async def test_a_theme_is_put_on_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "kopi.toml").write_text('[colors]\naccent = "#ffcc88"\n')
    (tmp_path / "themes" / "torn.toml").write_text("[colors]\nacent = 3\n")
    async with console(memory_workspace(path=tmp_path)) as page:
        for name in ("gayo", "kopi"):
            await opened(page, f"{name}\n")
            assert (page.app.theme, page.said) == (name, f"the theme is {name} from now on")
            assert Kept(tmp_path, "rina").now.theme == name
        await opened(page, "torn\n")
        assert page.app.theme == "kopi"
        assert "torn.toml, line 2: acent is not known here" in page.said


async def test_a_terminal_of_16_colours_offers_no_other_theme() -> None:
    async with console(memory_workspace()) as page:
        page.app.spare_colors()
        await opened(page, "gayo\n")
        assert "this terminal has 16 colours" in page.text
        assert page.app.theme == "terminal"


async def test_another_area_adds_its_places_by_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []

    def saved(screen: object) -> list[Offer]:
        return [Offer(id="filter:vip", label="VIPs", what="tag:vip", group="Filters", go=lambda: went.append("vip"))]

    monkeypatch.setattr(destinations, "KINDS", (*destinations.KINDS, saved))
    async with console(memory_workspace()) as page:
        await opened(page, "vips\n")
        assert went == ["vip"]


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (80, 24), (200, 60)])
async def test_it_can_be_used_at_any_size(size: tuple[int, int]) -> None:
    async with console(memory_workspace(*orders(2)), size=size) as page:
        await opened(page, "x")
        assert "archive"[: size[0] - 14] in page.text
        await page.press("escape")
        assert page.dialog == ""


async def test_hostile_titles_are_plain_text() -> None:
    async with console(memory_workspace(CreateCard(board="orders", title="[red]x[/] \x1b[31m"))) as page:
        await opened(page, "1")
        assert "[red]x[/]" in page.text


@pytest.mark.parametrize("keys", [["ctrl+p"], ["question_mark"], ["ctrl+p", *"keys", "enter"]])
async def test_a_click_beside_it_closes_it(keys: list[str]) -> None:
    async with console(memory_workspace(*orders(2)), size=(140, 60)) as page:
        await page.press(*keys)
        assert page.dialog
        await page.pilot.click(offset=(2, 57))
        await page.rest()
        assert page.dialog == ""
