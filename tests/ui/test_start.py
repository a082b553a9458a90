"""The start screen: every way to a workspace, by key and by mouse, in any size; and what stands in its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from opstui.demo import build_demo
from opstui.recent import Recent
from opstui.ui.longwork import Progress
from opstui.ui.screens.start import ago, short
from opstui.ui.start import Offer, StartApp
from opstui.ui.surroundings import currency_of, zone_here
from opstui.ui.widgets.menu import Menu
from opstui.ui.workspace_form import folder_for
from opstui.workspace import Workspace, create_workspace, open_workspace

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)


class Page:
    """The start screen as tests speak of it."""

    def __init__(self, app: StartApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def until(self, true: Any) -> None:
        for _n in range(2000):
            if true():
                return
            await asyncio.sleep(0.005)
        raise AssertionError(self.text)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    @property
    def chosen(self) -> Workspace:
        assert self.app.chosen
        return self.app.chosen[0]


def offer(folder: Path, *known: Recent, named: bool = False) -> Offer:
    def demo(progress: Progress) -> Workspace:
        del progress
        return build_demo(folder.parent / "demo", now=lambda: NOW, owner="rina")

    def make(path: Path, values: dict[str, str]) -> Workspace:
        return create_workspace(path, lambda: NOW, owner="rina", **values)

    return Offer(
        folder=folder,
        named=named,
        recent=known,
        now=NOW,
        open=lambda path: open_workspace(path, lambda: NOW),
        demo=demo,
        make=make,
    )


@asynccontextmanager
async def started(offered: Offer, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Page]:
    app = StartApp(offered)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Page(app, pilot)
    if app.chosen:
        app.chosen[0].close()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder somebody starts in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def known(tmp_path: Path) -> Recent:
    """A workspace that was opened lately."""
    create_workspace(tmp_path / "kopi", lambda: NOW, owner="rina", name="Kopi Lereng").close()
    return Recent(str(tmp_path / "kopi"), "Kopi Lereng", "2026-11-26T10:00:00+00:00")


async def test_a_known_workspace_is_opened_by_enter_or_its_digit(here: Path, known: Recent) -> None:
    for key in ("enter", "1"):
        async with started(offer(here, known)) as page:
            assert "Kopi Lereng" in page.text
            assert "yesterday" in page.text
            await page.press(key)
            await page.until(lambda page=page: page.app.chosen)
            assert page.chosen.settings.name == "Kopi Lereng"


async def test_one_that_cannot_be_opened_is_told_and_the_offer_stands(here: Path, known: Recent) -> None:
    (Path(known.path) / "opstui.toml").write_text("currency = 3\n", "utf-8")
    async with started(offer(here, known)) as page:
        await page.press("1")
        await page.until(lambda: "opstui.toml, line 1" in page.text)
        assert page.app.chosen is None
        assert "Look at a sample shop" in page.text


async def test_the_sample_shop_says_where_it_lies(here: Path) -> None:
    async with started(offer(here)) as page:
        await page.press("d")
        await page.until(lambda: page.app.chosen)
        assert page.app.chosen
        assert page.app.chosen[1] == f"sample shop, in {page.chosen.path}"
        assert len(list(page.chosen.state.items("cards"))) > 100


async def test_a_workspace_is_made_with_what_was_typed(here: Path) -> None:
    async with started(offer(here)) as page:
        await page.press("m")
        await page.until(lambda: "Make a workspace" in page.text and "Currency" in page.text)
        await page.press(*"Toko", "enter", "enter")
        await page.press(*"usd")
        assert "US Dollar" in page.text
        await page.press("ctrl+s")
        await page.until(lambda: page.app.chosen)
        settings = page.chosen.settings
        assert (settings.name, settings.currency, settings.timezone) == ("Toko", "USD", "Asia/Jakarta")
        assert str(page.chosen.path) == str(here)
        assert page.chosen.member("rina").role == "owner"


async def test_what_is_pasted_here_is_text_and_nothing_else(here: Path) -> None:
    async with started(offer(here)) as page:
        await page.press("m")
        await page.until(lambda: "Make a workspace" in page.text and "Currency" in page.text)
        page.app.post_message(Paste("Toko\x1b[31m\x07 Damai"))
        await page.until(lambda: "Damai" in page.text)
        assert not {"\x1b", "\x07"} & set(page.app.screen.focused.value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("row", "typed", "reason"),
    [
        (1, "full", "is not an empty folder"),
        (1, "full/file", "this is a file"),
        (2, "rupiah", "is no ISO 4217 code"),
        (3, "Mars/Base", "is no time zone"),
    ],
)
async def test_what_init_refuses_is_told_at_the_field(here: Path, row: int, typed: str, reason: str) -> None:
    (here / "full").mkdir()
    (here / "full" / "file").write_text("mine")
    async with started(offer(here)) as page:
        await page.press("m")
        await page.until(lambda: "Currency" in page.text)
        await page.press(*["down"] * row)
        await page.press(*({"/": "slash"}.get(letter, letter) for letter in typed))
        await page.press("ctrl+s")
        await page.until(lambda: reason in page.text)
        assert page.app.chosen is None
    assert (here / "full" / "file").read_text() == "mine"


async def test_a_folder_that_was_named_is_where_one_is_made(here: Path, known: Recent) -> None:
    async with started(offer(here / "shop", known, named=True)) as page:
        assert "There is no workspace in" in page.text
        await page.press("enter")
        await page.until(lambda: "Currency" in page.text)
        await page.press("ctrl+s")
        await page.until(lambda: page.app.chosen)
        assert page.chosen.path == here / "shop"
        assert page.chosen.settings.name == "shop"


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c"])
async def test_leaving_chooses_nothing(here: Path, key: str) -> None:
    async with started(offer(here)) as page:
        await page.press(key)
        assert page.app.chosen is None
        assert not page.app.is_running or page.app._exit


async def test_the_mouse_points_and_takes(here: Path, known: Recent) -> None:
    async with started(offer(here, known)) as page:
        menu = page.app.screen.query_one(Menu)
        line = next(y for y, (n, _line) in enumerate(menu._lines(menu.size.width)) if n == 2)
        await page.pilot.click(Menu, offset=(8, line))
        assert menu.item.id == "make"
        await page.pilot.click(Menu, offset=(8, 0), times=2)
        await page.until(lambda: page.app.chosen)
        assert page.chosen.settings.name == "Kopi Lereng"


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (80, 24), (300, 100)])
async def test_in_any_size_the_entry_under_the_cursor_is_in_sight(
    here: Path, known: Recent, size: tuple[int, int]
) -> None:
    async with started(offer(here, known), size) as page:
        for title in ("Kopi Lereng", "Look at", "Make a", "Quit"):
            assert title in page.text
            await page.press("j")
        await page.pilot.resize_terminal(80, 24)
        await page.pilot.pause()
        assert "Quit" in page.text


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-27T02:00:00+00:00", "today"),
        ("2026-11-26T23:00:00+00:00", "yesterday"),
        ("2026-11-02T23:00:00+00:00", "25 days ago"),
        ("2030-01-01T00:00:00+00:00", ""),
        ("soon", ""),
    ],
)
def test_how_long_ago(at: str, told: str) -> None:
    assert ago(at, NOW) == told


def test_a_path_as_people_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/rina")
    assert [short(Path(p)) for p in ("/home/rina/kopi", "/home/rina", "/home/rinaldi/x", "/srv")] == [
        "~/kopi", "~", "/home/rinaldi/x", "/srv",
    ]  # fmt: skip


def test_the_folder_to_offer(tmp_path: Path) -> None:
    assert folder_for(tmp_path, named=False) == tmp_path
    (tmp_path / "shop").mkdir()
    assert folder_for(tmp_path, named=False) == tmp_path / "shop-2"
    assert folder_for(tmp_path, named=True) == tmp_path
    assert folder_for(tmp_path / "gone", named=False) == tmp_path / "gone"


@pytest.mark.parametrize(
    ("environ", "link", "zone"),
    [
        ({"TZ": "Europe/Berlin"}, "/nowhere", "Europe/Berlin"),
        ({"TZ": ":Asia/Makassar"}, "/nowhere", "Asia/Makassar"),
        ({"TZ": "UTC"}, "/nowhere", "Asia/Jakarta"),
        ({"TZ": "nonsense"}, "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ({}, "/nowhere", "Asia/Jakarta"),
    ],
)
def test_the_zone_of_the_computer(environ: dict[str, str], link: str, zone: str) -> None:
    assert zone_here(environ, link) == zone


@pytest.mark.parametrize(
    ("zone", "currency"), [("Asia/Jakarta", "IDR"), ("Europe/Berlin", "EUR"), ("America/New_York", "USD"), ("x", "IDR")]
)
def test_the_currency_of_a_zone(zone: str, currency: str) -> None:
    assert currency_of(zone) == currency
