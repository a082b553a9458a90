"""The doctor, db.json made anew, and backups from within the console, on a workspace on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from opstui.domain.commands import CreateCard
from opstui.store.backup import back_up
from opstui.store.doctor import examine, rebuild
from opstui.ui import checking, longwork
from opstui.ui.longwork import Cancelled, Progress
from opstui.workspace import Workspace, create_workspace, open_workspace
from ui.page import NOON, RINA, Console, console


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """A workspace with three cards."""
    workspace = create_workspace(tmp_path / "shop", lambda: NOON, owner="rina", name="Kopi")
    workspace.submit(RINA, *(CreateCard(board="orders", title=f"Order {n}") for n in range(3)))
    return workspace


async def ask(page: Console, command: str, dialog: str) -> None:
    """Give a command that has no key, and wait for its first dialog."""
    page.board.action_command(command)
    await page.until(lambda: page.dialog == dialog)
    await page.rest()


async def test_the_doctor_says_that_all_is_well_and_what_there_is(shop: Workspace) -> None:
    async with console(shop) as page:
        await ask(page, "doctor", "Report")
        assert "The workspace is sound" in page.text
        assert "It holds 3 cards (orders 3)" in page.text
        await page.press("escape")
        assert page.dialog == ""


async def test_the_doctor_names_place_reason_and_next_step(shop: Workspace) -> None:
    db = shop.path / "data" / "db.json"
    shop.checkpoint(0)
    await asyncio.to_thread(lambda: db.write_text(db.read_text("utf-8").replace("Order 1", "Order 9"), "utf-8"))
    async with console(shop) as page:
        await ask(page, "doctor", "Report")
        assert "The workspace is not sound" in page.text
        assert "ERROR data/db.json" in page.text
        assert "-> `opstui doctor --rebuild`" in page.text
        await page.press("q")
        await ask(page, "rebuild", "Picker")
        await page.press("r")
        await page.until(lambda: page.said.startswith("made data/db.json anew"))
        assert "the one before is kept as data/db.json.old-1" in page.said
    assert examine(shop.path, NOON).sound


async def test_rebuilding_is_left_alone_unless_it_is_chosen(shop: Workspace) -> None:
    async with console(shop) as page:
        await ask(page, "rebuild", "Picker")
        await page.press("enter")
        await page.rest()
        assert page.dialog == ""
    assert not (shop.path / "data" / "db.json.old-1").exists()


async def test_a_backup_is_made_and_looked_through(shop: Workspace, tmp_path: Path) -> None:
    async with console(shop) as page:
        await ask(page, "backup", "Form")
        assert "shop-backup-2026-09-21" in page.text
        await page.press("enter")
        await page.until(lambda: page.said.startswith("backed up to"))
        assert "3 cards (orders 3)" in page.said
    copy = open_workspace(tmp_path / "shop-backup-2026-09-21", lambda: NOON)
    assert len(list(copy.state.items("cards"))) == 3
    copy.close()


async def test_a_folder_that_will_not_do_is_told_at_its_field(shop: Workspace) -> None:
    async with console(shop) as page:
        await ask(page, "backup", "Form")
        await page.type(str(shop.path / "inside"))
        await page.press("enter")
        await page.until(lambda: "lies in the workspace" in page.text)
        assert page.dialog == "Form"


async def test_a_served_console_makes_no_backups(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTUI_SERVED", "1")
    async with console(shop) as page:
        page.board.action_command("backup")
        await page.until(lambda: "whoever keeps the server makes backups" in page.said)


@pytest.mark.parametrize(
    ("command", "keys", "said"), [("doctor", "", "nothing was changed"), ("rebuild", "r", "as it")]
)
async def test_stopped_nothing_is_changed(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, command: str, keys: str, said: str
) -> None:
    original = longwork.long_work

    async def ending(wait: object, title: str, work: Callable[[Progress], object], *rest: object) -> object:
        def watched(progress: Progress) -> object:
            progress.cancel()
            return work(progress)

        return await original(wait, title, watched, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "long_work", ending)
    async with console(shop) as page:
        page.board.action_command(command)
        await page.rest()
        await page.press(*keys)
        await page.until(lambda: page.said.startswith("stopped"))
        assert said in page.said
    assert examine(shop.path, NOON).sound


@pytest.mark.parametrize(
    ("command", "dialog", "seen"),
    [
        ("rebuild", "Picker", ("Leave it", "j k move")),
        ("import", "Picker", ("Olist", "j k move")),
        ("backup", "Form", ("New folder", "esc")),
        ("doctor", "Report", ("Nothing", "j k scroll")),
    ],
)
async def test_in_the_smallest_terminal_what_is_asked_and_the_keys_are_in_sight(
    shop: Workspace, command: str, dialog: str, seen: tuple[str, ...]
) -> None:
    async with console(shop, size=(20, 5)) as page:
        await ask(page, command, dialog)
        for words in seen:
            assert words in page.text, page.text
        await page.pilot.resize_terminal(80, 24)
        await page.rest()
        for words in seen:
            assert words in page.text, page.text


class Enough(Exception):  # noqa: N818
    """Whoever watches wants no more."""


@pytest.mark.parametrize("steps", range(5))
def test_wherever_it_is_ended_a_backup_leaves_nothing_and_the_workspace_opens(
    shop: Workspace, tmp_path: Path, steps: int
) -> None:
    left = [steps]

    def progress(_done: int, _total: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Enough

    copy = tmp_path / "copy"
    try:
        back_up(shop.store, shop.path, copy, progress)
    except Enough:
        assert not copy.exists()
    else:
        assert left[0] >= 0
    left[0] = steps
    with suppress(Enough):
        rebuild(shop.path, progress)
    shop.close()
    again = open_workspace(shop.path, lambda: NOON)
    assert len(list(again.state.items("cards"))) == 3
    again.close()
    assert examine(shop.path, NOON).sound
    assert not issubclass(Cancelled, OSError)  # else the store would take it for a failing disk
