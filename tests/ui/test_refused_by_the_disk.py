"""What the disk refuses leaves the board as it was; the hint line says what happened and what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from opstui.store import lock
from opstui.store import syscalls as fs
from opstui.workspace import Workspace, create_workspace
from ui.page import NOON, RINA, console, orders


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    made = create_workspace(tmp_path / "shop", lambda: NOON, owner="rina")
    made.submit(RINA, *orders(2))
    yield made
    made.close()


def refusing(code: int) -> object:
    def call(*_args: object) -> int:
        raise OSError(code, os.strerror(code))

    return call


DISKS = [
    (errno.ENOSPC, "disk full: nothing was changed. Make room where data/journal is, then do it again"),
    (errno.EIO, "the disk refused (Input/output error): nothing was changed. Check the disk"),
    (errno.EROFS, "the disk refused (Read-only file system): nothing was changed."),
]


@pytest.mark.parametrize(("code", "says"), DISKS, ids=[errno.errorcode[code] for code, _says in DISKS])
async def test_what_the_disk_refuses(shop: Workspace, monkeypatch: pytest.MonkeyPatch, code: int, says: str) -> None:
    async with console(shop, size=(240, 40)) as c:
        monkeypatch.setattr(fs, "write", refusing(code))
        await c.press("L")
        assert says in c.said
        assert " ".join(says.split()[:4]) in c.text, "on the hint line"
        assert [c.card(ref).stage for ref in ("ORD-0001", "ORD-0002")] == ["new", "new"]
        assert c.board.board.view
        assert [len(lane.ids) for lane in c.board.board.view.lanes][:2] == [2, 0]
        assert c.events("moved") == []
        assert c.cursor
        assert c.cursor.ref == "ORD-0001"
        monkeypatch.undo()
        await c.press("L")
        assert c.card("ORD-0001").stage == "payment"
        assert c.app.fault == ""


async def test_an_undo_that_the_disk_refused_is_the_next_one_again(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(shop, size=(240, 40)) as c:
        await c.press("L", "n")
        await c.type("Another")
        await c.press("ctrl+o")
        with monkeypatch.context() as patch:
            patch.setattr(fs, "write", refusing(errno.ENOSPC))
            await c.press("u")
            assert "disk full: nothing was changed" in c.said
        await c.press("u")
        assert c.card("ORD-0003").archived
        await c.press("u")
        assert c.card("ORD-0001").stage == "new"
        with monkeypatch.context() as patch:
            patch.setattr(fs, "write", refusing(errno.ENOSPC))
            await c.press("ctrl+r")
        await c.press("ctrl+r")
        assert c.card("ORD-0001").stage == "payment"


async def test_a_sync_that_failed_leaves_the_change_in_doubt_and_ends_all_writing(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(shop, size=(240, 40)) as c:
        monkeypatch.setattr(fs, "fdatasync", refusing(errno.EIO))
        await c.press("L")
        assert "whether the last change was kept is not sure. Nothing more is written. Check the disk" in c.said
        monkeypatch.undo()
        before = c.events()
        await c.press("j", "L")
        assert "Nothing more is written" in c.said
        assert c.events() == before
        assert c.card("ORD-0002").stage == "new"
        assert c.app.fault == ""


async def test_a_lock_that_somebody_holds(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.05)
    monkeypatch.setattr(lock, "GIVE_UP_AFTER", 0.3)
    told: list[str] = []
    async with console(shop) as c:
        on_wait = shop.store.on_wait  # type: ignore[attr-defined]
        shop.store.on_wait = lambda text: (told.append(text), on_wait(text))  # type: ignore[attr-defined,func-returns-value]
        fd = os.open(shop.path / "data" / "lock", os.O_RDWR)
        flock(fd, LOCK_EX)
        await c.press("L")
        assert any(text.startswith("waiting for rina (user ") and "pid" in text for text in told), told
        assert "does not let go; nothing was changed" in c.said
        assert c.card("ORD-0001").stage == "new"
        os.close(fd)
        await c.press("L")
        assert c.card("ORD-0001").stage == "payment"


async def test_a_lock_that_was_deleted_is_no_fault(shop: Workspace) -> None:
    async with console(shop) as c:
        (shop.path / "data" / "lock").unlink()
        await c.press("L")
        assert c.card("ORD-0001").stage == "payment"
