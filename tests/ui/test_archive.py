"""The archive: newest first, searched as one types, read, and taken back after a question. No key deletes anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from builders import card_doc
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.commands import ArchiveCard, CreateCard
from opstui.domain.model import Actor
from opstui.formats import Formats
from opstui.projections.archive import archive_row
from opstui.ui.commands import COMMANDS
from opstui.ui.screens.archive import ArchiveScreen
from opstui.workspace import Workspace
from ui.page import NOON, RINA, Console, console, memory_workspace, orders


def shop(archived: Sequence[int] = (2, 4, 1), path: Path = Path("nowhere")) -> Workspace:
    """Five orders and a complaint; these were put away one after the other."""
    workspace = memory_workspace(*orders(5), CreateCard(board="feedback", title="Late parcel"), path=path)
    start = workspace.now()
    for n, card in enumerate(archived):
        workspace._now = lambda n=n: start.replace(minute=n + 1)  # type: ignore[misc]
        workspace.submit(RINA, ArchiveCard(card=card))
    return workspace


def archive(c: Console) -> ArchiveScreen:
    assert isinstance(c.app.screen, ArchiveScreen)
    return c.app.screen


async def listed(c: Console) -> list[str]:
    await c.rest()
    await c.until(lambda: all(work.is_finished for work in c.app.workers if work.node is archive(c)))
    await c.rest()
    return [c.workspace.card(card).ref for card in archive(c).list.cards]


async def test_what_was_put_away_last_is_on_top() -> None:
    async with console(shop()) as c:
        await c.press("A")
        assert await listed(c) == ["ORD-0001", "ORD-0004", "ORD-0002"]
        assert "Archive · Orders · 3 cards" in c.text
        assert "Toko 4 · Order 4" in c.text
        await c.press("escape")
        assert c.dialog == ""


async def test_tab_shows_all_boards() -> None:
    async with console(shop((2, 6, 1))) as c:
        await c.press("A")
        assert await listed(c) == ["ORD-0001", "ORD-0002"]
        await c.press("tab")
        assert await listed(c) == ["ORD-0001", "FDB-0001", "ORD-0002"]
        assert "Archive · all boards" in c.text


async def test_it_is_searched_as_one_types_with_words_and_filters() -> None:
    async with console(shop()) as c:
        await c.press("A", "slash")
        await c.type("toko 4")
        assert await listed(c) == ["ORD-0004"]
        await c.press("enter", "escape")
        assert len(await listed(c)) == 3
        await c.press("slash")
        await c.type("total:>150000")
        assert await listed(c) == ["ORD-0004", "ORD-0002"]
        await c.type(" colour:red")
        await listed(c)
        assert 'unknown key "colour"' in c.text


async def test_r_restores_without_a_question_and_u_takes_it_back() -> None:
    async with console(shop()) as c:
        await c.press("A")
        await listed(c)
        await c.press("r")
        assert await listed(c) == ["ORD-0004", "ORD-0002"]
        assert "restored ORD-0001 · u undo" in c.text
        await c.press("u")
        assert (await listed(c))[0] == "ORD-0001"
        assert "undone: restored ORD-0001" in c.text


async def test_several_are_marked_and_come_back_in_one_batch() -> None:
    workspace = shop()
    async with console(workspace) as c:
        seq = workspace.store.seq
        await c.press("A")
        await listed(c)
        await c.press("space", "j", "space")
        assert "✓ 2 marked" in c.text
        await c.press("r")
        assert await listed(c) == ["ORD-0004"]
        assert workspace.store.seq == seq + 1
        await c.press("escape", "u")
        assert "undone: restored 2 cards" in c.said


async def test_enter_reads_the_card_and_r_there_restores_it() -> None:
    async with console(shop()) as c:
        await c.press("A")
        await listed(c)
        await c.press("j", "enter")
        assert c.dialog == "CardReader"
        await c.until(lambda: "put away" in c.text)
        assert "ORD-0004" in c.text
        await c.press("r")
        assert await listed(c) == ["ORD-0001", "ORD-0002"]


async def test_who_may_not_is_told_why() -> None:
    async with console(shop(), actor=Actor("guest", "viewer")) as c:
        await c.press("A")
        await listed(c)
        await c.press("asterisk", "r")
        assert len(await listed(c)) == 3
        assert "may not archive order" in c.text
        assert len(archive(c).list.marks) == 3


async def test_what_others_put_away_appears_by_itself() -> None:
    workspace = shop()
    async with console(workspace) as c:
        await c.press("A", "end")
        await listed(c)
        workspace.submit(RINA, ArchiveCard(card=3))
        c.app.session._own += list(workspace.history(workspace.store.seq - 1))
        c.board.changes.take_in()
        assert len(await listed(c)) == 4


async def test_an_empty_archive_says_how_it_fills() -> None:
    async with console(memory_workspace(*orders(1))) as c:
        await c.press("A")
        assert await listed(c) == []
        assert "nothing was put away yet" in c.text
        assert c.text.splitlines()[-1].strip() == "tab all boards   esc back"
        await c.press("slash")
        await c.type("zzz")
        await c.until(lambda: "esc clears the search" in c.text)
        await c.press("escape")
        await c.press("r", "enter", "space", "asterisk", "q")
        assert c.dialog == ""


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40), (200, 60)])
async def test_every_size_gives_a_picture(size: tuple[int, int]) -> None:
    async with console(shop(), size=size) as c:
        await c.press("A")
        await listed(c)
        assert "ORD-0004" in c.text
        assert "esc back" in c.text
        assert all(len(line) <= size[0] for line in c.text.splitlines())


async def test_no_single_key_deletes_or_loses_a_card(tmp_path: Path) -> None:
    """Whatever key is struck on a board, or in the archive, the card is there afterwards."""
    keys = sorted({key for command in COMMANDS.values() for key in command.keys} - {"q", "ctrl+z"})
    mine = ["A", *(key for key in ("delete", "backspace", "x", "d", "r", "space", "asterisk") for _twice in "12")]
    async with console(shop(path=tmp_path), size=(30, 8)) as c:
        cards = c.workspace.state.ids("cards")
        for some in batched([*keys, "delete", "backspace"], 9):
            await c.strike(*(each for key in some for each in (key, *["escape"] * 4, "1")))
            await c.until(lambda: c.dialog == "" and not c.app.holding and not c.app.message_queue_size)
            assert {*c.workspace.state.ids("cards")} >= {*cards}, some
        await c.press(*mine, "escape", "escape", "escape")
        await c.until(lambda: c.dialog == "")
        assert {*c.workspace.state.ids("cards")} >= {*cards}
        assert {event.id for event in c.events() if event.table == "cards"} == {*c.workspace.state.ids("cards")}


def batched(keys: Sequence[str], count: int) -> list[Sequence[str]]:
    return [keys[n : n + count] for n in range(0, len(keys), count)]


def test_a_row_tells_what_people_look_for() -> None:
    formats = Formats("id", "IDR", ZoneInfo("Asia/Jakarta"))
    doc = card_doc(1, customer="Bu Ratna", title="2 x Toraja", total=240_000, currency="IDR", stage="stock")
    row = archive_row({**doc, "put_away": "2026-09-19T05:00:00Z"}, DEFAULT_BOARDS[0], formats, NOON.date())
    assert (row.title, row.stage) == ("Bu Ratna · 2 x Toraja", "Stock")
    gone = archive_row({**doc, "customer": "", "stage": "attic"}, None, formats, NOON.date())
    assert (gone.title, gone.stage) == ("2 x Toraja", "attic")
