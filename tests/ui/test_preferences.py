"""What a member chose is there next time; several sessions keep theirs, and a broken file costs a warning only."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from opstui.domain.model import Actor
from opstui.ui.preferences import FOLDER, Kept, Preferences
from ui.page import BUDI, RINA, console, memory_workspace, orders


def put(workspace: Path, text: str | bytes, member: str = "rina") -> Path:
    """A member's file."""
    path = workspace / FOLDER / f"{member}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def names(folder: Path) -> list[str]:
    """The files of a folder."""
    return sorted(path.name for path in folder.iterdir())


async def test_a_choice_is_there_next_time_and_is_nobody_else_s(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "rina")
    assert (kept.now, kept.warning) == (Preferences(), "")
    assert await kept.keep(theme="gayo") == ""
    assert await kept.keep(board="feedback", numbers=False) == ""
    assert Kept(tmp_path, "rina").now == Preferences(theme="gayo", board="feedback", numbers=False) == kept.now
    assert Kept(tmp_path, "budi").now == Preferences()
    assert names(tmp_path / FOLDER) == ["rina.json"]


async def test_what_was_chosen_already_is_not_written(tmp_path: Path) -> None:
    await Kept(tmp_path, "rina").keep(numbers=True)
    assert not (tmp_path / FOLDER).exists()


async def test_sessions_keep_what_each_of_them_chose(tmp_path: Path) -> None:
    one, two = Kept(tmp_path, "rina"), Kept(tmp_path, "rina")
    await one.keep(theme="gayo")
    await two.keep(board="feedback")
    await one.keep(numbers=False)
    assert Kept(tmp_path, "rina").now == Preferences(theme="gayo", board="feedback", numbers=False)


async def test_sessions_choose_for_their_own_board_and_lane_only(tmp_path: Path) -> None:
    await Kept(tmp_path, "rina").keep(sorts={"orders": {"new": "due", "stock": "age"}}, swimlanes={"orders": "owner"})
    one, two = Kept(tmp_path, "rina"), Kept(tmp_path, "rina")
    await one.keep(sorts={"orders": {"new": "due", "stock": "value-"}})
    await two.keep(sorts={"orders": {"stock": "age", "payment": "age"}, "feedback": {"inbox": "due"}})
    await two.keep(swimlanes={"orders": "owner", "feedback": "channel"})
    await one.keep(swimlanes={})
    now = Kept(tmp_path, "rina").now
    assert now.sorts == {"orders": {"stock": "value-", "payment": "age"}, "feedback": {"inbox": "due"}}
    assert now.swimlanes == {"feedback": "channel"}


async def test_choices_made_before_they_are_written_add_up(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "rina")
    kept.choose(figures={"orders": "total"})
    kept.choose(figures={"orders": "total", "campaigns": "budget"})
    kept.choose(figures={"campaigns": "budget"})
    assert await kept.keep() == ""
    assert Kept(tmp_path, "rina").now.figures == {"campaigns": "budget"}


def test_many_at_once_destroy_nothing(tmp_path: Path) -> None:
    """Sixteen sessions of one member write at one time; every reading of the file finds all of it."""
    put(tmp_path, '{"keys": {"open": "o"}}')
    sessions = [Kept(tmp_path, "rina") for _n in range(16)]

    def write(n: int) -> Preferences:
        choice = ({"theme": "gayo"}, {"board": "feedback"}, {"numbers": False}, {"theme": "toraja"})[n % 4]
        asyncio.run(sessions[n].keep(**choice))
        return Kept(tmp_path, "rina").now

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))
    last = Kept(tmp_path, "rina")
    assert (last.now.board, last.now.numbers, last.warning) == ("feedback", False, "")
    assert last.now.theme in ("gayo", "toraja")
    assert json.loads(last.path.read_text())["keys"] == {"open": "o"}, "what another version keeps stays"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"theme": 3}', b"\xff\xfe", "[" * 100_000, "null"])
async def test_a_broken_file_is_a_warning_and_the_next_choice_mends_it(tmp_path: Path, text: str | bytes) -> None:
    put(tmp_path, text)
    kept = Kept(tmp_path, "rina")
    assert kept.now == Preferences()
    assert kept.warning.startswith("preferences/rina.json is not used: ")
    await kept.keep(theme="gayo")
    assert (Kept(tmp_path, "rina").now, Kept(tmp_path, "rina").warning) == (Preferences(theme="gayo"), "")


@pytest.mark.parametrize("member", ["../../rina", "a/b", "..", "rina w.", "日本"])
async def test_a_name_is_a_file_of_its_own_in_the_folder(tmp_path: Path, member: str) -> None:
    workspace = tmp_path / "shop"
    workspace.mkdir()
    await Kept(workspace, member).keep(theme="gayo")
    assert Kept(workspace, member).now.theme == "gayo"
    assert names(tmp_path) == ["shop"]
    assert len(names(workspace / FOLDER)) == 1


async def test_what_cannot_be_kept_is_said_once(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file in the way")
    kept = Kept(tmp_path, "rina")
    assert "not a directory" in kept.warning.lower()
    assert (await kept.keep(theme="gayo")).startswith("your choice is not kept: ")
    assert await kept.keep(theme="toraja") == ""
    assert kept.now.theme == "toraja"


async def test_the_console_opens_as_it_was_left(tmp_path: Path) -> None:
    for actor in (RINA, BUDI):
        workspace = memory_workspace(*orders(3), path=tmp_path)
        async with console(workspace, actor=actor) as page:
            first = (page.app.theme, page.board.desk.board.id, page.board.has_class("-numbers"))
            assert first == ("dark", "orders", True)
            await page.press("3", "p", "ctrl+t", "j", "j", "enter")
    async with console(memory_workspace(*orders(3), path=tmp_path)) as page:
        again = (page.app.theme, page.board.desk.board.id, page.board.has_class("-numbers"))
    assert again == ("high-contrast", "feedback", False)


@pytest.mark.parametrize(
    ("text", "told", "theme"),
    [
        ('{"theme": "gone", "board": "gone"}', "there is no theme gone", "light"),
        ("{", "preferences/rina.json is not used", "light"),
        ('{"theme": "gayo"}', "", "gayo"),
    ],
)
async def test_what_is_gone_or_broken_leaves_what_the_workspace_says(
    tmp_path: Path, text: str, told: str, theme: str
) -> None:
    put(tmp_path, text)
    async with console(memory_workspace(path=tmp_path, theme="light")) as page:
        assert page.app.theme == theme
        assert page.board.desk.board.id == "orders"
        assert told in page.said


async def test_a_workspace_that_is_no_folder_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with console(memory_workspace(), actor=Actor("rina", "owner")) as page:
        await page.press("3")
        assert page.said == ""
    assert names(tmp_path) == []


async def test_a_choice_counts_before_it_is_written(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "rina")
    kept.choose(faces="list", sorts={"orders": {"new": "-due"}})
    assert kept.now.faces == "list"
    assert not (tmp_path / FOLDER).exists()
    assert await kept.keep() == ""
    written = Kept(tmp_path, "rina").now
    assert (written.faces, written.sorts) == ("list", {"orders": {"new": "-due"}})
    before = (tmp_path / FOLDER / "rina.json").stat().st_mtime_ns
    assert await kept.keep() == ""
    assert (tmp_path / FOLDER / "rina.json").stat().st_mtime_ns == before


async def test_two_sittings_of_a_member_do_not_take_each_other_s_choices_back(tmp_path: Path) -> None:
    one, other = Kept(tmp_path, "rina"), Kept(tmp_path, "rina")
    assert await one.keep(faces="list") == ""
    assert await other.keep(faces="roomy") == ""
    assert await one.keep(numbers=False) == ""
    written = Kept(tmp_path, "rina").now
    assert (written.faces, written.numbers) == ("roomy", False)


async def test_what_could_not_be_kept_is_kept_with_the_next_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(tmp_path, "rina")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("opstui.ui.preferences.rewrite", full)
        assert "No space left" in await kept.keep(faces="list")
    assert await kept.keep(numbers=False) == ""
    written = Kept(tmp_path, "rina").now
    assert (written.faces, written.numbers) == ("list", False)


@pytest.mark.parametrize("bad", ['"filters": 5', '"sorts": [1]', '"theme": 7', '"filters": [{"name": 1}]'])
async def test_one_field_that_is_wrong_costs_no_other_and_is_mended_by_the_next_choice(
    tmp_path: Path, bad: str
) -> None:
    put(tmp_path, f'{{{bad}, "faces": "list", "of_another_version": 1}}')
    kept = Kept(tmp_path, "rina")
    assert "a part of preferences/rina.json is not used" in kept.warning
    assert kept.now.faces == "list"
    assert await kept.keep(numbers=False) == ""
    healed = Kept(tmp_path, "rina")
    assert healed.warning == ""
    assert (healed.now.faces, healed.now.numbers) == ("list", False)
    assert "of_another_version" in healed.path.read_text("utf-8")
