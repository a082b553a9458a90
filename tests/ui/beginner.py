"""Whatever people do before there is a workspace: the player on the start screen, whose every way is a real one."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from opstui.recent import Recent
from opstui.ui.longwork import Progress
from opstui.ui.start import Offer, StartApp
from opstui.workspace import Workspace, create_workspace, open_workspace
from ui.anything import Player, Step, at_work, template
from ui.page import NOON
from ui.test_same_picture import Recording


class RecordedStart(Recording, StartApp):
    """The start screen on a recorder. It goes on when a workspace was chosen, so that there may be more of them."""

    chosen_ones: list[Workspace]

    def finish(self, workspace: Workspace, told: str) -> None:
        """Remember it."""
        del told
        self.chosen_ones.append(workspace)


class Beginner(Player):
    """Does steps on the start screen, and looks."""

    def __init__(self, app: RecordedStart, pilot: Pilot[Any]) -> None:
        """Without a session."""
        self.app, self.pilot = app, pilot  # type: ignore[assignment]

    async def rest(self) -> None:
        """Until everything is drawn."""
        await self.pilot.pause()
        await self.pilot.pause()

    @property
    def dialog(self) -> str:
        """What is on top."""
        return type(self.app.screen).__name__

    async def _other(self, number: int) -> None:
        """There is nobody else."""

    def _look_at_the_state(self, drawn: str, after: str) -> None:
        """There is none."""

    async def make(self, name: str) -> Workspace:
        """A workspace, from wherever one is."""
        made: list[Workspace] = self.app.chosen_ones  # type: ignore[attr-defined]
        for _turn in range(20):
            if self.dialog == "StartScreen":
                break
            await self.strike("y" if self.dialog == "Confirm" else "escape")
            await asyncio.sleep(0.02)
        before = len(made)
        await self.strike("m")
        await self.until(lambda: self.dialog == "Form")
        await self.strike(*name, "ctrl+s")
        await self.until(lambda: len(made) > before)
        return made[-1]


@asynccontextmanager
async def beginner(folder: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Beginner]:
    """At the start screen; all it makes lies in the folder."""
    shutil.copytree(template(), folder / "shop")

    def demo(progress: Progress) -> Workspace:
        progress(1, 2)
        return open_workspace(Path(shutil.copytree(template(), tempfile.mkdtemp(dir=folder) + "/demo")), lambda: NOON)

    def make(path: Path, values: dict[str, str]) -> Workspace:
        inside = path if path.is_relative_to(folder) else folder / path.name
        return create_workspace(inside, lambda: NOON, owner="rina", **values)

    known = (
        Recent(str(folder / "shop"), "Kopi Lereng", "2026-09-20T10:00:00+00:00"),
        Recent(str(folder / "gone"), "a [b]shop[/b] 漢字 \x1b[31m", "soon"),
    )
    offer = Offer(
        folder=folder / "new",
        named=False,
        recent=known,
        now=NOON,
        open=lambda path: open_workspace(path, lambda: NOON),
        demo=demo,
        make=make,
    )
    app = RecordedStart(offer)
    app.chosen_ones = []
    app.exit = lambda *_a, **_k: None  # type: ignore[method-assign]
    try:
        async with app.run_test(size=size) as pilot:
            page = Beginner(app, pilot)
            await page.begin(size)
            yield page
    finally:
        for workspace in app.chosen_ones:
            workspace.close()


async def from_the_start(first: Sequence[Step], then: Sequence[Step], *, thorough: bool) -> None:
    """Steps before there is a workspace, one is made, and steps in that."""
    with tempfile.TemporaryDirectory(prefix="opstui-start-") as scratch, pytest.MonkeyPatch.context() as patch:
        async with beginner(Path(scratch)) as page:
            await page.do(first, thorough=thorough)
            made = await page.make("Toko")
            path = made.path
        async with at_work(path, patch, (80, 24)) as console:
            await console.do(then, thorough=thorough)
            await console.settle_accounts()
