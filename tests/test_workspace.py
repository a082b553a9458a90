"""A workspace is made whole or not at all, whatever happens on the way."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import T0
from opstui import config
from opstui.config import Malformed
from opstui.domain.commands import CreateCard
from opstui.domain.model import Actor, Refused
from opstui.store import create_store
from opstui.store import syscalls as fs
from opstui.store.protocol import Damaged, StoreError
from opstui.workspace import Workspace, create_workspace, find_workspace, open_workspace

WRITING = ["open_file", "mkdir", "replace", "write", "pwrite", "fdatasync", "fsync_folder"]


def make(path: Path, **more: str) -> Workspace:
    return create_workspace(path, lambda: T0, owner="rina", **{"name": "Toko", **more})


def assert_whole(workspace: Workspace) -> None:
    assert workspace.member("rina") == Actor("rina", "owner")
    assert workspace.settings.name == "Toko"
    assert sorted(p.name for p in workspace.path.iterdir()) == ["data", "opstui.toml"]
    assert sorted(p.name for p in (workspace.path / "data").iterdir()) == ["db.json", "journal", "lock"]
    assert workspace.submit(Actor("rina", "owner"), CreateCard(board="orders", title="first")).batch == 2


def at_call(monkeypatch: pytest.MonkeyPatch, number: int, happens: Callable[[], None]) -> list[str]:
    """Let something happen instead of the store's so-manieth call; returns the list of calls as it grows."""
    calls: list[str] = []

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            calls.append(name)
            if len(calls) == number:
                happens()
            return real(*args)

        return call

    for name in WRITING:
        monkeypatch.setattr(fs, name, wrapped(name, getattr(fs, name)))
    return calls


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("folder", ["w", "deep/er/w", "there"])
def test_a_workspace_is_made_with_its_owner(tmp_path: Path, folder: str) -> None:
    (tmp_path / "there").mkdir()
    assert_whole(make(tmp_path / folder))


def killed_at(path: Path, number: int) -> bool:
    """Make a workspace in a process that is killed at that call; False when it was done before."""
    pid = os.fork()
    if pid == 0:
        with pytest.MonkeyPatch.context() as patch:
            at_call(patch, number, lambda: os._exit(9))
            try:
                make(path)
            finally:
                os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


@pytest.mark.parametrize("there", [False, True])
def test_wherever_it_is_killed_it_can_be_made_again(tmp_path: Path, there: bool) -> None:
    number, whole = 0, 0
    while True:
        number += 1
        path = tmp_path / str(number)
        if there:
            path.mkdir()
        if not killed_at(path, number):
            break
        if path.exists() and (path / "data").exists():
            whole += 1
            assert open_workspace(path, lambda: T0).member("rina").role == "owner"
            shutil.rmtree(path)
            continue
        if path.exists():
            with pytest.raises(StoreError, match="opstui init"):
                open_workspace(path, lambda: T0)
        workspace = make(path)
        assert_whole(workspace)
        workspace.close()
    assert number > 30
    assert whole < 10


def test_whatever_the_disk_refuses_nothing_is_left(tmp_path: Path) -> None:
    number, whole = 0, 0
    while True:
        number += 1
        with pytest.MonkeyPatch.context() as patch:
            calls = at_call(patch, number, full)
            try:
                make(tmp_path / "deep" / "w").close()
            except StoreError as told:
                assert str(told).startswith(f"{tmp_path}/deep/w")  # noqa: PT017 - when it fails is what is counted
                assert "(No space left on device); nothing was " in str(told)  # noqa: PT017
                assert ".opstui-init" not in str(told)  # noqa: PT017
        if len(calls) < number:
            break
        made = sorted(p.name for p in (tmp_path / "deep" / "w").glob("*"))
        assert made == ["data", "opstui.toml"] or not list(tmp_path.iterdir()), (number, calls)
        whole += bool(made)
        shutil.rmtree(tmp_path / "deep", ignore_errors=True)
    assert number > 30
    assert whole < 7, "only opening it, once it is made, fails without taking it back"


@pytest.mark.parametrize("wrong", [{"currency": "dollars"}, {"timezone": "Mars/Olympus"}, {"owner": "two words"}])
def test_values_that_will_not_do_leave_nothing(tmp_path: Path, wrong: dict[str, str]) -> None:
    (tmp_path / "there").mkdir()
    for folder in ("new", "there"):
        with pytest.raises((Malformed, Refused)):
            create_workspace(tmp_path / folder, lambda: T0, **{"owner": "rina", **wrong})
    assert [p.name for p in tmp_path.rglob("*")] == ["there"]


def half_made(path: Path) -> None:
    """What an interrupted init left before it was all or nothing."""
    path.mkdir()
    config.write(path, name="Toko", currency="IDR", timezone="Asia/Jakarta", locale="en")
    create_store(path)


@pytest.mark.parametrize("missing", ["", "opstui.toml", "data/db.json", "data/journal/00000001.jsonl", "data/lock"])
def test_a_half_made_folder_is_taken_over(tmp_path: Path, missing: str) -> None:
    half_made(tmp_path / "w")
    if missing:
        (tmp_path / "w" / missing).unlink()
    assert_whole(make(tmp_path / "w"))


def test_settings_that_were_cut_off_are_written_again(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "opstui.toml").touch()
    assert_whole(make(tmp_path / "w"))


def test_settings_of_ones_own_are_not_overwritten(tmp_path: Path) -> None:
    half_made(tmp_path / "w")
    (tmp_path / "w" / "opstui.toml").write_text('name = "Mine"\n')
    with pytest.raises(Refused, match="says something else; move it away"):
        make(tmp_path / "w")
    assert (tmp_path / "w" / "opstui.toml").read_text() == 'name = "Mine"\n'
    assert sorted(p.name for p in (tmp_path / "w").iterdir()) == ["data", "opstui.toml"]


@pytest.mark.parametrize("name", ["note", "data/note", "data/journal/note", "data/journal/00000002.jsonl"])
def test_a_folder_that_holds_anything_else_is_refused(tmp_path: Path, name: str) -> None:
    half_made(tmp_path / "w")
    (tmp_path / "w" / name).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refused, match="not an empty folder"):
        make(tmp_path / "w")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("lost", ["", "data/db.json", "data/journal"])
def test_a_workspace_in_use_is_never_taken_over(tmp_path: Path, lost: str) -> None:
    workspace = make(tmp_path / "w")
    workspace.store.backup(tmp_path / "b")
    shutil.copyfile(tmp_path / "b" / "data" / "db.json", tmp_path / "w" / "data" / "db.json")
    if lost:
        gone = tmp_path / "w" / lost
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    with pytest.raises(Refused, match="not an empty folder"):
        make(tmp_path / "w")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "w").touch()
    with pytest.raises(Refused, match="not an empty folder"):
        make(tmp_path / "w")
    with pytest.raises(StoreError, match="nothing was made"):
        make(tmp_path / "w" / "below")


def test_two_do_not_make_one_workspace(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    with pytest.raises(Refused, match="somebody is making"):
        make(tmp_path)
    os.close(fd)
    assert_whole(make(tmp_path))


def test_a_workspace_that_lost_its_journal_is_found_and_says_so(tmp_path: Path) -> None:
    make(tmp_path / "w").close()
    (tmp_path / "w" / "below").mkdir()
    shutil.rmtree(tmp_path / "w" / "data" / "journal")
    found = find_workspace(tmp_path / "w" / "below")
    assert found == tmp_path / "w"
    with pytest.raises(Damaged, match="lost its journal"):
        open_workspace(found, lambda: T0)
