"""Export from within the console: what is before the person, never over a file unasked, and nothing half written."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path

import pytest

from opstui.domain.model import Actor
from opstui.ui import exporting, longwork
from opstui.ui.longwork import Progress
from ui.page import Console, console, memory_workspace, orders

VIEWER = Actor("siti", "viewer")


async def choose(page: Console, title: str) -> None:
    """To the form that asks for the file."""
    page.board.action_command("export")
    await page.until(lambda: page.dialog == "Picker")
    menu = page.app.screen.query_one("Menu")
    wanted = [item.title for item in menu.items].index(title)  # type: ignore[attr-defined]
    await page.press("home", *["j"] * wanted, "enter")


async def name(page: Console, text: str) -> None:
    """Name the file."""
    await page.until(lambda: page.dialog == "Form")
    await page.type(text)
    await page.press("enter")


async def test_the_cards_of_the_board_go_to_the_exports_folder_under_a_telling_name(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(3), path=tmp_path)) as page:
        await choose(page, "Cards of Orders")
        await page.press("enter")
        await page.until(lambda: "written to" in page.said)
        assert page.said == "Cards of Orders: written to exports/2026-09-21-orders.csv (1 kB)"
        with (tmp_path / "exports" / "2026-09-21-orders.csv").open(encoding="utf-8", newline="") as file:
            assert [row["id"] for row in csv.DictReader(file)] == ["ORD-0001", "ORD-0002", "ORD-0003"]


async def test_the_marked_cards_and_those_of_the_filter(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(12), path=tmp_path)) as page:
        page.board.board.selection = {2, 5}
        await choose(page, "The 2 marked cards")
        await name(page, "marked.json")
        await page.until(lambda: "written to marked.json" in page.said)
        told = json.loads((tmp_path / "marked.json").read_text("utf-8"))
        assert [card["id"] for card in told["cards"]] == ["ORD-0002", "ORD-0005"]
        await page.press("escape", "slash")
        await page.type("total:>1000000")
        await page.press("enter")
        await choose(page, "The 2 cards of the filter")
        await name(page, "filtered.json")
        await page.until(lambda: "written to filtered.json" in page.said)
        told = json.loads((tmp_path / "filtered.json").read_text("utf-8"))
        assert [card["id"] for card in told["cards"]] == ["ORD-0011", "ORD-0012"]


@pytest.mark.parametrize(
    ("what", "holds"),
    [
        ("Events of Orders", '"kind":"created"'),
        ("Figures of Orders", '"id":"wip"'),
        ("Today's tiles", '"id":"orders_in"'),
        ("Cards of all boards", '"id":"ORD-0001"'),
        ("Events of all boards", '"table":"members"'),
    ],
)
async def test_whatever_else_there_is(tmp_path: Path, what: str, holds: str) -> None:
    async with console(memory_workspace(*orders(1), path=tmp_path)) as page:
        await choose(page, what)
        await name(page, "x.json")
        await page.until(lambda: "written to x.json" in page.said)
        text = (tmp_path / "x.json").read_text("utf-8")
        json.loads(text)
        assert holds in text


async def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    there = tmp_path / "mine.csv"
    there.write_text("mine", "utf-8")
    async with console(memory_workspace(*orders(1), path=tmp_path)) as page:
        await choose(page, "Cards of Orders")
        await page.until(lambda: page.dialog == "Form")
        await page.type("mine.csv")
        assert "it is replaced only if you say so" in page.text
        await page.press("enter")
        await page.until(lambda: page.dialog == "Picker")
        await page.press("enter")
        await page.until(lambda: page.dialog == "Form")
        assert "not replaced" in page.text
        assert there.read_text("utf-8") == "mine"
        await page.press("enter")
        await page.until(lambda: page.dialog == "Picker")
        await page.press("r")
        await page.until(lambda: "written to mine.csv" in page.said)
        assert "ORD-0001" in there.read_text("utf-8")


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("data/x.csv", "belongs to the workspace itself"),
        ("x.xlsx", "end it in .csv"),
        ("nowhere/x.csv", "cannot be written"),
    ],
)
async def test_where_nothing_can_be_written_is_told_at_the_field(tmp_path: Path, named: str, reason: str) -> None:
    async with console(memory_workspace(*orders(1), path=tmp_path)) as page:
        await choose(page, "Cards of Orders")
        await name(page, named)
        await page.until(lambda: reason in page.text)
        assert page.dialog == "Form"
    assert not await asyncio.to_thread(lambda: list(tmp_path.glob("*.csv")))


async def test_one_that_is_stopped_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = longwork.long_work

    async def ending(ask: object, title: str, work: object, *rest: object) -> object:
        def watched(progress: Progress) -> object:
            progress.cancel()
            return work(progress)  # type: ignore[operator]

        return await original(ask, title, watched, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(exporting, "long_work", ending)
    async with console(memory_workspace(*orders(1), path=tmp_path)) as page:
        await choose(page, "Cards of Orders")
        await page.press("enter")
        await page.until(lambda: page.said == "stopped; no file was written")
        assert list((tmp_path / "exports").iterdir()) == []


async def test_who_has_no_right_on_a_board_gets_no_file_about_it(tmp_path: Path) -> None:
    async with console(memory_workspace(*orders(1), path=tmp_path), actor=VIEWER) as page:
        await choose(page, "Cards of Orders")
        await page.until(lambda: "siti (viewer) may not export order" in page.said)


async def test_a_served_console_writes_in_its_workspace_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTUI_SERVED", "1")
    (tmp_path / "w").mkdir()
    async with console(memory_workspace(*orders(1), path=tmp_path / "w")) as page:
        await choose(page, "Cards of Orders")
        await name(page, "../out.csv")
        await page.until(lambda: "in its workspace only" in page.text)
    assert not (tmp_path / "out.csv").exists()
