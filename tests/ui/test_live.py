"""What others do appears by itself, by inotify and without it, and a fault leaves one line."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from textual.worker import WorkerFailed

from opstui.domain.commands import CreateCard, EditCard, MoveCard
from opstui.faults import log_path
from opstui.store.protocol import StoreError
from opstui.ui import changes, live, session
from opstui.ui.app import OpsApp
from opstui.workspace import Workspace, create_workspace, open_workspace
from ui.page import BUDI, NOON, RINA, Console, console, memory_workspace, order, orders


def _workspaces(folder: Path) -> tuple[Workspace, Workspace]:
    mine = create_workspace(folder / "w", lambda: NOON, owner="rina", name="Kopi")
    mine.submit(RINA, *orders(3))
    return mine, open_workspace(folder / "w", lambda: NOON)


@pytest.mark.parametrize("inotify", [True, False])
async def test_what_one_console_moves_the_other_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inotify: bool
) -> None:
    monkeypatch.setattr(changes, "Watch", lambda folder, changed: live.Watch(folder, changed, inotify=inotify))
    one, other = _workspaces(tmp_path)
    async with console(one) as a, console(other) as b:
        await a.press("L")
        await b.until(lambda: b.board.board.view is not None and len(b.board.board.view.lanes[1].ids) == 1, within=2)
        assert "ORD-0001" in b.text
        assert b.cursor
        assert b.cursor.ref != "ORD-0001"
        await b.press("L")
        await a.until(lambda: a.board.board.view is not None and len(a.board.board.view.lanes[1].ids) == 2, within=2)
        assert len(a.events("moved")) == len(b.events("moved")) == 2
        assert a.cursor
        assert a.cursor.ref == "ORD-0001"


async def test_the_one_whose_change_is_one_too_many_compacts_and_the_others_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "COMPACT_AFTER", 3)
    one, other = _workspaces(tmp_path)
    one.checkpoint(0)
    async with console(one) as a, console(other) as b:
        for _turn in range(4):
            await a.press("L", "H")
        await a.until(lambda: one.store.tail() < 8)
        await a.press("L")
        await b.until(lambda: b.board.board.view is not None and len(b.board.board.view.lanes[1].ids) == 1, within=2)
        assert other.store.tail() < 8
        assert "ORD-0001" in b.text


async def test_many_changes_by_others_cost_few_repaints_and_the_cursor_keeps_its_card(tmp_path: Path) -> None:
    one, other = _workspaces(tmp_path)
    async with console(one) as a:
        await a.press("j", "j")
        seen = []
        repaint = a.board.changes.repaint
        a.board.changes.repaint = lambda batches: (seen.append(time.monotonic()), repaint(batches))  # type: ignore[method-assign,assignment,func-returns-value]
        for turn in range(20):
            other.submit(RINA, MoveCard(card=1, stage=("stock", "new")[turn % 2]))
            await asyncio.sleep(0)
        await a.until(lambda: a.workspace.store.seq == other.store.seq)
        assert all(later - sooner > live.SPACING * 0.9 for sooner, later in pairwise(seen))
        assert a.cursor
        assert a.cursor.ref == "ORD-0003"


async def test_what_others_do_on_another_board_repaints_the_tabs_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = _workspaces(tmp_path)
    async with console(one) as a:
        painted: list[str] = []
        for widget in (a.board.board, a.board.header, a.board.card_view, a.board.hint):
            monkeypatch.setattr(widget, "refresh", _noted(widget.refresh, type(widget).__name__, painted))
        other.submit(RINA, CreateCard(board="feedback", title="late again", fields={}))
        await a.until(lambda: a.workspace.store.seq == other.store.seq)
        await a.rest()
        assert ("Feedback", 1) in a.board.desk.counts()
        assert set(painted) == {"Header"}
        painted.clear()
        other.submit(RINA, EditCard(card=4, values={"title": "very late again"}))
        await a.until(lambda: a.workspace.store.seq == other.store.seq)
        await a.rest()
        assert painted == []
        other.submit(RINA, EditCard(card=2, values={"customer": "Bu Ratna"}))
        await a.until(lambda: a.workspace.store.seq == other.store.seq)
        await a.rest()
        assert set(painted) == {"Board"}


def _noted(refresh: Callable[..., Any], name: str, painted: list[str]) -> Callable[..., Any]:
    def noting(*given: Any, **more: Any) -> Any:
        painted.append(name)
        return refresh(*given, **more)

    return noting


async def test_too_many_batches_to_look_at_each_repaint_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    from opstui.ui import session

    monkeypatch.setattr(session, "TOO_FAR", 0)
    async with console(memory_workspace(*orders(3))) as c:
        await c.press("enter", "L")
        assert c.board.board.view
        assert len(c.board.board.view.lanes[1].ids) == 1


async def test_a_fault_shows_one_line_and_goes_to_the_log() -> None:
    app = OpsApp(memory_workspace(*orders(1)), RINA)

    async def sit() -> None:
        async with app.run_test() as pilot:
            page = Console(app, pilot)
            await page.rest()
            page.board.desk.counts = lambda: 1 // 0  # type: ignore[method-assign,assignment,return-value]
            await page.press("L")

    with pytest.raises(WorkerFailed):
        await sit()
    app.session.close()
    assert "nothing saved was lost" in app.fault
    assert "Traceback" not in app.fault
    assert "ZeroDivisionError" in log_path().read_text("utf-8")
    assert app.session.workspace.card(1).stage == "payment"


async def test_a_db_json_that_was_written_over_ends_the_session_with_the_way_out(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "shop", lambda: NOON, owner="rina")
    workspace.submit(RINA, *orders(2))
    workspace.checkpoint(0)
    app = OpsApp(workspace, RINA)

    async def sit() -> None:
        async with app.run_test() as pilot:
            page = Console(app, pilot)
            await page.rest()
            file = tmp_path / "shop" / "data" / "db.json"
            file.chmod(0o600)
            file.write_text("oops")
            await page.press("enter")

    with pytest.raises(StoreError):
        await sit()
    app.session.close()
    workspace.close()
    assert "nothing was lost. Leave, let `opstui doctor --rebuild` make it anew" in app.fault


async def test_a_workspace_that_is_deleted_meanwhile_is_told_and_the_screen_stays(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "shop", lambda: NOON, owner="rina")
    workspace.submit(RINA, *orders(2))
    async with console(workspace) as c:
        shutil.rmtree(tmp_path / "shop")
        await c.press("L")
        assert "was deleted meanwhile: nothing was changed" in c.said
        assert c.card("ORD-0001").stage == "new"
        await c.press("j")
        assert c.cursor
        assert c.cursor.ref == "ORD-0002"
        assert c.app.fault == ""
    workspace.close()


async def test_a_lane_beside_the_window_is_counted_anew_on_the_line_above_it() -> None:
    workspace = memory_workspace(*orders(3))
    async with console(workspace, size=(40, 10)) as page:
        await page.press("l")
        assert "New 3" in page.text
        workspace.submit(BUDI, order("One more"))
        page.app.session._own += list(workspace.history(workspace.store.seq - 1))
        page.board.changes.take_in()
        await page.rest()
        assert "New 4" in page.text
