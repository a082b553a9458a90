"""Import from within the console: seen before it is done, ended without loss, and nothing goes past the one door."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from opstui.domain.commands import EditCard
from opstui.imports.load import carry_out
from opstui.ui import importing, longwork
from opstui.ui.longwork import Progress
from opstui.ui.screens.report import hanging
from ui.page import BUDI, Console, console, memory_workspace, orders

CARDS = "board,title,total,due\norders,Kopi Gayo,120000,2026-09-30\norders,Toraja,90000,soon\nfeedback,Late parcel,,\n"


@pytest.fixture
def csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of three rows, one of them wrong, in the folder that the console was started in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my cards.csv"
    path.write_text(CARDS, "utf-8")
    return path


async def to_file(page: Console) -> None:
    """To the form that asks for the file of the format `cards`."""
    page.board.action_command("import")
    await page.until(lambda: page.dialog == "Picker")
    await page.press("end", "enter")
    await page.until(lambda: page.dialog == "Form")


async def read(page: Console, text: str) -> None:
    """Name a file and go on to the report."""
    await page.type(text)
    await page.press("enter")
    await page.until(lambda: page.dialog == "Report")


async def test_it_says_what_would_happen_and_enter_does_it(csv: Path) -> None:
    async with console(memory_workspace()) as page:
        await to_file(page)
        await page.type("my")
        assert "my cards.csv" in page.text
        await page.press("tab")
        await page.press("enter")
        await page.until(lambda: "rows read" in page.text)
        shown = page.text
        assert "3 rows read, 2 cards" in shown
        assert "Refused rows: 1" in shown
        assert "my cards.csv, line 3: refused: due: not a day" in shown
        assert "enter import 2 records" in shown
        assert page.events("created") == []
        await page.press("enter")
        await page.until(lambda: page.said.startswith("imported"))
        report = "exports/2026-09-21-import-my-cards-csv.txt"
        assert page.said == f"imported my cards.csv: 2 created, 1 row refused · rows in {report}"
        assert "my cards.csv, line 3: refused: due: not a day" in (page.workspace.path / report).read_text("utf-8")
        created = [batch for batch in page.workspace.history() if any(e.kind == "created" for e in batch.events)]
        assert [(batch.by, batch.via) for batch in created] == [("rina", "import")]
        assert "Kopi Gayo" in page.text


async def test_esc_at_the_report_changes_nothing_and_a_second_time_nothing_is_new(csv: Path) -> None:
    async with console(memory_workspace()) as page:
        await to_file(page)
        await read(page, csv.name)
        await page.press("escape")
        await page.rest()
        assert (page.dialog, page.events("created")) == ("", [])
        for told in (": 2 created, 1 row refused", ": 2 unchanged, 1 row refused"):
            await to_file(page)
            await read(page, csv.name)
            await page.press("enter")
            await page.until(lambda told=told: told in page.said)  # type: ignore[misc]
        assert len(page.events("created")) == 2


@pytest.mark.parametrize(
    ("named", "reason"),
    [("nothing.csv", "is not there"), ("wrong.csv", "is of another kind"), (".", "is a folder")],
)
async def test_what_cannot_be_read_is_told_at_the_field(csv: Path, named: str, reason: str) -> None:
    csv.with_name("wrong.csv").write_text("a,b\n1,2\n", "utf-8")
    async with console(memory_workspace(), size=(100, 30)) as page:
        await to_file(page)
        await page.type(named)
        await page.press("enter")
        await page.until(lambda: reason in page.text)
        assert page.dialog == "Form"


async def test_who_may_not_import_is_told_before_anything_is_shown(csv: Path) -> None:
    async with console(memory_workspace(), actor=BUDI) as page:
        await to_file(page)
        await page.type(csv.name)
        await page.press("enter")
        await page.until(lambda: "budi (cs) may not" in page.text)
        assert page.dialog == "Form"


async def test_an_import_is_ended_between_two_chunks_and_says_how_far_it_came(
    csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(csv.write_text, "board,title\n" + "".join(f"orders,Order {n}\n" for n in range(1200)))
    told: list[Progress] = []
    original = longwork.long_work

    async def ending(ask: object, title: str, work: object, *rest: object) -> object:
        def watched(progress: Progress) -> object:
            told.append(progress)
            if title.startswith("Importing"):
                progress.cancel()
            return work(progress)  # type: ignore[operator]

        return await original(ask, title, watched, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "long_work", ending)
    async with console(memory_workspace()) as page:
        await to_file(page)
        await read(page, csv.name)
        await page.press("enter")
        await page.until(lambda: page.said.startswith("stopped"))
        assert page.said == "stopped; 500 of 1,200 records are here. Import it again to take in the rest"
        assert len(page.events("created")) == 500
        monkeypatch.setattr(importing, "long_work", original)
        await to_file(page)
        await read(page, csv.name)
        await page.press("enter")
        await page.until(lambda: "700 created" in page.said)
        assert len(page.events("created")) == 1200


async def test_keys_struck_before_the_first_list_is_there_are_meant_for_it(csv: Path) -> None:
    async with console(memory_workspace(*orders(1))) as page:
        page.board.action_command("import")
        await page.strike("end", "enter")
        await page.until(lambda: page.dialog == "Form")
        assert "Cards for any board" in page.text
        assert page.events("moved") == []


def test_a_report_hangs_what_it_carries_over() -> None:
    lines = [line.plain for line in hanging("  a place: a reason that is long", "", 20)]
    assert lines == ["  a place: a", "    reason that is", "    long"]


async def test_keys_struck_faster_than_dialogs_come_and_go_are_meant_for_the_next(csv: Path) -> None:
    """A second enter used to close the board below the list, and letters were commands of the board."""
    async with console(memory_workspace(*orders(2))) as page:
        page.board.action_command("import")
        await page.until(lambda: page.dialog == "Picker")
        await page.strike("end", "enter", *"my", "tab", "enter")
        await page.until(lambda: page.dialog == "Report")
        await page.strike("enter")
        await page.until(lambda: page.said.startswith("imported"))
        assert page.dialog == ""
        assert [e.kind for e in page.events("blocked")] == []


async def test_an_import_is_one_step_that_undo_takes_back_and_redo_does_again(
    csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "carry_out", partial(carry_out, chunk=1))  # a batch for each record
    async with console(memory_workspace(*orders(1))) as page:
        await to_file(page)
        await read(page, csv.name)
        await page.press("enter")
        await page.until(lambda: page.said.startswith("imported"))
        await page.press("u")
        assert "undone: imported my cards.csv (2 cards are in the archive now)" in page.said
        assert [doc.get("archived") for _id, doc in page.workspace.state.items("cards")] == [None, True, True]
        await page.press("ctrl+r")
        assert page.said.startswith("done again: imported my cards.csv")
        assert len(page.workspace.state.lane("orders", "new")) == 2


async def test_a_card_of_an_import_that_was_worked_on_stays(csv: Path) -> None:
    async with console(memory_workspace()) as page:
        await to_file(page)
        await read(page, csv.name)
        await page.press("enter")
        await page.until(lambda: page.said.startswith("imported"))
        page.workspace.submit(BUDI, EditCard(card=1, values={"title": "Gayo, called"}))
        await page.press("u")
        assert page.said.startswith("undone but for 1 of 2 (enter says why): imported my cards.csv (1 card is in the")
        assert [doc.get("archived") for _id, doc in page.workspace.state.items("cards")] == [None, True]
