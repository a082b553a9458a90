"""What was typed when the console ends comes back in the form it was typed into, for the one who typed it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opstui.domain.commands import EditCard
from opstui.ui.drafts import Draft, Typed
from opstui.workspace import Workspace
from ui.page import BUDI, RINA, console, memory_workspace, orders


async def hang_up(workspace: Workspace, key: str, text: str) -> None:
    """Type a text into a form, and have the line break."""
    async with console(workspace) as c:
        await c.press(key)
        await c.type(text)
        c.app.exit()


async def test_a_comment_survives_a_broken_line(tmp_path: Path) -> None:
    workspace = memory_workspace(*orders(2), path=tmp_path)
    await hang_up(workspace, "c", "first\nsecond")
    async with console(workspace) as c:
        await c.press("j", "c")
        assert "second" not in c.text
        await c.press("escape", "k", "c")
        assert "before the console ended" in c.text
        await c.press("ctrl+o")
        assert c.events("commented")[0].data["text"] == "first\nsecond"
        await c.press("c")
        assert "second" not in c.text


async def test_a_draft_is_its_writers_and_goes_when_it_is_given_up(tmp_path: Path) -> None:
    workspace = memory_workspace(*orders(1), path=tmp_path)
    await hang_up(workspace, "n", "Bu Ratna")
    async with console(workspace, actor=BUDI) as c:
        await c.press("n")
        assert "Bu Ratna" not in c.text
    async with console(workspace, actor=RINA) as c:
        await c.press("n")
        assert "Bu Ratna" in c.text
        await c.press("escape")
        assert "esc again" in c.text
        await c.press("escape", "n")
        assert "Bu Ratna" not in c.text


async def test_what_was_changed_meanwhile_is_told_at_the_field(tmp_path: Path) -> None:
    workspace = memory_workspace(*orders(1), path=tmp_path)
    await hang_up(workspace, "d", "fri")
    workspace.submit(BUDI, EditCard(card=1, values={"due": "2026-10-01"}))
    async with console(workspace) as c:
        await c.press("d")
        assert "changed meanwhile; there stands: 2026-10-01" in c.text


async def test_nothing_typed_leaves_nothing(tmp_path: Path) -> None:
    workspace = memory_workspace(*orders(1), path=tmp_path)
    await hang_up(workspace, "e", "")
    assert Draft(tmp_path, "rina", "edit-1").texts == {}


@pytest.mark.parametrize("found", [b"", b"[", b"[1]", b'{"a": 1}', b"\xff", b'{"text": {"before": 1}}'])
def test_a_draft_that_cannot_be_read_is_none(tmp_path: Path, found: bytes) -> None:
    path = tmp_path / "preferences" / "drafts" / "rina" / "edit-1.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(found)
    assert Draft(tmp_path, "rina", "edit-1").texts == {}


def test_where_nothing_can_be_written_nothing_is_and_nobody_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "preferences").write_text("in the way")
    assert not Draft(tmp_path, "rina", "x").keep({"text": Typed("", "a")})
    assert not Draft(tmp_path / "gone", "rina", "x").keep({"text": Typed("", "a")})


@given(st.text(min_size=1, max_size=20), st.dictionaries(st.text(max_size=5), st.builds(Typed, st.text(), st.text())))
def test_there_and_back(tmp_path_factory: pytest.TempPathFactory, member: str, texts: dict[str, Typed]) -> None:
    folder = tmp_path_factory.mktemp("drafts")
    assert Draft(folder, member, "edit-1").keep(texts)
    assert Draft(folder, member, "edit-1").texts == texts


def a_dead_process() -> int:
    """The number of a process that was and is no more."""
    done = subprocess.Popen(["true"])
    done.wait()
    return done.pid


def test_what_a_killed_console_had_open_is_its_draft_and_what_an_open_one_has_is_not(tmp_path: Path) -> None:
    typed = {"text": Typed("", "half a")}
    here = Draft(tmp_path, "rina", "new-orders")
    assert here.keep(typed, ended=False)
    assert Draft(tmp_path, "rina", "new-orders").texts == {}
    (folder,) = (tmp_path / "preferences" / "drafts").iterdir()
    (file,) = folder.iterdir()
    file.rename(folder / f"new-orders.{a_dead_process()}.json")
    found = Draft(tmp_path, "rina", "new-orders")
    assert found.texts == typed
    assert Draft(tmp_path, "rina", "new").texts == {}
    found.drop()
    assert not found.keep(typed, ended=False)
    assert list(folder.iterdir()) == []


async def test_what_is_typed_is_on_the_disk_before_anybody_kills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opstui.ui.screens.form._KEPT", 0.001)
    async with console(memory_workspace(*orders(1), path=tmp_path)) as c:
        await c.press("c")
        await c.type("half a")
        folder = tmp_path / "preferences" / "drafts" / "rina"
        await c.until(lambda: any("half a" in file.read_text() for file in folder.glob("*.json")))
        await c.press("escape", "escape")
        await c.until(lambda: not list(folder.iterdir()))
