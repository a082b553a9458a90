"""A session's arrangements: made in a thread when they are large, and right whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from opstui.domain.commands import ArchiveCard, EditCard, MoveCard
from opstui.ui import arranging
from opstui.ui.arranging import Arranging
from opstui.ui.preferences import Kept
from opstui.workspace import Workspace
from ui.page import RINA, memory_workspace, order


def four() -> Workspace:
    return memory_workspace(*(order(f"Order {n}", customer=f"C{n}", owner="rina", total=n * 100) for n in range(1, 5)))


class Sitting:
    """Arrangements whose thread begins when the test says so."""

    def __init__(self, path: Path, workspace: Workspace, **choices: Any) -> None:
        self.workspace = workspace
        self.kept = Kept(path, "rina")
        self.kept.choose(**choices)
        self.begun: list[Coroutine[Any, Any, None]] = []
        self.shown = 0
        self.arranging = Arranging(self.workspace, self.kept)
        self.arranging.begin(self.begun.append, self.show)

    def show(self) -> None:
        self.shown += 1

    @property
    def board(self) -> Any:
        return self.arranging.view(self.workspace.settings.boards[0], None)

    @property
    def new(self) -> list[int]:
        """The first lane as it would be shown."""
        return list(self.board.lanes[0].ids)

    def change(self, *commands: Any) -> None:
        """Someone did this, and the session hears of it."""
        receipt = self.workspace.submit(RINA, *commands)
        self.arranging.changed(event.id for event in receipt.events)


BY_VALUE = {"sorts": {"orders": {"new": "-value"}}}


async def test_what_changes_while_a_thread_arranges_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arranging, "AT_ONCE", 1)
    sitting = Sitting(tmp_path, four(), **BY_VALUE)
    assert sitting.new == [1, 2, 3, 4]
    assert sitting.board.lanes[0].pending
    assert len(sitting.begun) == 1
    sitting.change(EditCard(card=1, values={"total": 900}), MoveCard(card=3, stage="payment"))
    await sitting.begun.pop()
    assert sitting.shown == 1
    assert sitting.new == [1, 4, 2]
    assert not sitting.board.lanes[0].pending
    sitting.change(ArchiveCard(card=4))
    assert sitting.new == [1, 2]


async def test_another_choice_meanwhile_is_made_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranging, "AT_ONCE", 1)
    sitting = Sitting(tmp_path, four(), **BY_VALUE)
    assert sitting.new == [1, 2, 3, 4]
    sitting.kept.choose(sorts={"orders": {"new": "-customer"}})
    await sitting.begun.pop()
    assert sitting.new == [1, 2, 3, 4]
    sitting.kept.choose(sorts={"orders": {"new": "customer"}})
    await sitting.begun.pop()
    assert sitting.new == [1, 2, 3, 4]
    await sitting.begun.pop()
    assert sitting.new == [1, 2, 3, 4]
    assert sitting.begun == []


async def test_a_thread_that_fails_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranging, "AT_ONCE", 1)
    sitting = Sitting(tmp_path, four(), **BY_VALUE)
    assert sitting.new == [1, 2, 3, 4]
    with monkeypatch.context() as broken:
        broken.setattr(sitting.workspace.state, "get", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await sitting.begun.pop()
    assert sitting.new == [1, 2, 3, 4]
    await sitting.begun.pop()
    assert sitting.new == [4, 3, 2, 1]


def test_very_many_changes_at_once_are_not_looked_at_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = Sitting(tmp_path, four(), **BY_VALUE)
    assert sitting.new == [4, 3, 2, 1]
    monkeypatch.setattr(arranging, "AT_ONCE", 1)
    sitting.change(*(EditCard(card=n, values={"total": 10 - n}) for n in (1, 2, 3, 4)))
    assert sitting.board.lanes[0].pending
    for waiting in sitting.begun:
        waiting.close()


def test_a_lane_by_hand_costs_no_arrangement(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path, four())
    assert sitting.new == [1, 2, 3, 4]
    assert sitting.arranging._known == {}


def test_swimlanes_need_every_lane(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path, four(), swimlanes={"orders": "owner"})
    sitting.change(EditCard(card=2, values={"owner": "budi"}))
    assert [(band.value, band.count) for band in sitting.board.bands] == [("budi", 1), ("rina", 3)]
    sitting.kept.choose(folded={"orders/owner": ("rina",)})
    assert [band.folded for band in sitting.board.bands] == [False, True]
