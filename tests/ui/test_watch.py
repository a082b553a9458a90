"""What is heard of the journal folder: by inotify, by looking where there is none, and never too often."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from opstui.ui import live

BOTH = pytest.mark.parametrize("inotify", [True, False])
DEADLINE = 10.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "journal"
    made.mkdir()
    for n in (1, 2):
        (made / f"{n:08}.jsonl").write_bytes(b"{}\n")
    return made


class Heard:
    """How often something was told, and when."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def __call__(self) -> None:
        self.times.append(time.monotonic())

    async def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + DEADLINE
        while not true():
            assert time.monotonic() < end, "it was never told"
            await asyncio.sleep(0.005)

    async def more(self) -> None:
        """Until something is told from now on."""
        before = len(self.times)
        await self.until(lambda: len(self.times) > before)


@asynccontextmanager
async def watching(folder: Path, *, inotify: bool) -> AsyncIterator[tuple[live.Watch, Heard]]:
    heard = Heard()
    watch = live.Watch(folder, heard, inotify=inotify)
    try:
        yield watch, heard
    finally:
        watch.close()


def write(file: Path) -> None:
    with file.open("ab") as out:
        out.write(b"{}\n")


@BOTH
async def test_a_line_and_a_new_segment_are_heard_of(folder: Path, inotify: bool) -> None:
    async with watching(folder, inotify=inotify) as (watch, heard):
        assert watch.told == inotify
        for name in ("00000002.jsonl", "00000003.jsonl", "00000003.jsonl", "00000004.jsonl"):
            write(folder / name)
            await heard.more()


@BOTH
async def test_what_is_derived_wakes_nobody(folder: Path, inotify: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "NET", 0.01)
    monkeypatch.setattr(live, "POLL", 0.01)
    async with watching(folder, inotify=inotify) as (watch, heard):
        looked = count_of(monkeypatch, watch, "_look")
        for _turn in range(5):
            write(folder / "00000001.sum")
            await heard.until(lambda: len(looked) > 3)
            looked.clear()
        assert heard.times == []
        write(folder / "00000002.jsonl")
        await heard.more()


def count_of(monkeypatch: pytest.MonkeyPatch, watch: live.Watch, name: str) -> list[int]:
    """Calls of a method, as they come."""
    real, calls = getattr(watch, name), list[int]()

    def called() -> object:
        calls.append(1)
        return real()

    monkeypatch.setattr(watch, name, called)
    return calls


@BOTH
async def test_a_look_lists_the_folder_only_to_find_its_way(
    folder: Path, inotify: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watching(folder, inotify=inotify) as (watch, _heard):
        monkeypatch.setattr(live, "segments", None)
        before = watch._look()
        write(folder / "00000003.jsonl")
        assert before[0] == "00000002.jsonl"
        assert watch._look()[0] == "00000003.jsonl"


@pytest.mark.skipif(not Path("/proc/sys/fs/inotify").exists(), reason="needs inotify")
async def test_a_storm_wakes_the_console_seldom(folder: Path) -> None:
    async with watching(folder, inotify=True) as (watch, heard):
        begun = time.monotonic()
        for _line in range(300):
            write(folder / "00000002.jsonl")
            await asyncio.sleep(0)
        await heard.more()
        assert len(heard.times) <= (time.monotonic() - begun) / live.DEAF + 2
        assert watch.told


async def test_work_is_done_at_once_and_then_four_times_a_second_at_most() -> None:
    done: list[float] = []
    loop = asyncio.get_running_loop()

    def work() -> bool:
        done.append(loop.time())
        return True

    spaced = live.Spaced(work)
    begun = loop.time()
    while len(done) < 4:
        spaced.ask()
        await asyncio.sleep(0.005)
    spaced.close()
    assert done[0] - begun < live.SPACING / 2
    assert all(later - sooner >= live.SPACING * 0.99 for sooner, later in pairwise(done))


async def test_more_than_the_system_keeps_is_told_as_a_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with watching(folder, inotify=True) as (watch, heard):
        overflow = live._EVENT.pack(-1, live.IN_Q_OVERFLOW, 0, 0)
        monkeypatch.setattr("os.read", lambda _fd, _count: overflow)
        watch._told()
        assert len(heard.times) == 1
        assert watch.told


@pytest.mark.parametrize("away", [shutil.rmtree, lambda folder: folder.rename(folder.with_name("old"))])
async def test_a_folder_that_is_replaced_is_watched_again(
    folder: Path, away: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "POLL", 0.01)
    monkeypatch.setattr(live, "NET", 0.05)
    monkeypatch.setattr(live, "AGAIN", 3)
    async with watching(folder, inotify=True) as (watch, heard):
        away(folder)
        await heard.more()
        await heard.until(lambda: not watch.told)
        os.mkdir(folder)  # noqa: PTH102
        write(folder / "00000001.jsonl")
        await heard.more()
        await heard.until(lambda: watch.told)
        write(folder / "00000001.jsonl")
        await heard.more()


async def test_a_folder_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    async with watching(tmp_path / "none", inotify=True) as (watch, heard):
        assert not watch.told
        assert watch._look() == ("", 0, 0)
        assert heard.times == []


def _missing(_name: object, **_more: object) -> object:
    return SimpleNamespace()


def _no_instance_left(_name: object, **_more: object) -> object:
    return SimpleNamespace(inotify_init1=lambda _flags: -1)


def _no_watch_left(_name: object, **_more: object) -> object:
    def init(_flags: int) -> int:
        return os.open(os.devnull, os.O_RDONLY)

    return SimpleNamespace(inotify_init1=init, inotify_add_watch=lambda *_: -1)


def open_files() -> int:
    """How many files this process has open; 0 where that cannot be seen."""
    return len(list(Path("/proc/self/fd").glob("*")))


@pytest.mark.parametrize("libc", [_missing, _no_instance_left, _no_watch_left])
async def test_where_the_system_does_not_tell_one_looks(
    folder: Path, libc: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "POLL", 0.01)
    monkeypatch.setattr(live, "AGAIN", 5)
    before = open_files()
    with monkeypatch.context() as patched:
        patched.setattr("ctypes.CDLL", libc)
        async with watching(folder, inotify=True) as (watch, heard):
            assert not watch.told
            for name in ("00000002.jsonl", "00000003.jsonl"):
                write(folder / name)
                await heard.more()
            looked = count_of(monkeypatch, watch, "_look")
            await heard.until(lambda: len(looked) > 2 * live.AGAIN)
            assert not watch.told
            assert open_files() <= before + 1, "nothing leaks with every try"
            patched.undo()
            await heard.until(lambda: watch.told)
            write(folder / "00000003.jsonl")
            await heard.more()
