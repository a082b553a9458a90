"""db.json is written by another process after the console has been left."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from opstui.cli import tidying
from opstui.domain.commands import CreateCard
from opstui.domain.model import Actor
from opstui.workspace import create_workspace


def test_only_a_workspace_that_lags_is_tidied_and_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr("subprocess.Popen", lambda words, **_how: asked.append(words))
    workspace = create_workspace(
        tmp_path / "shop", lambda: datetime.now(UTC), owner="rina", name="", currency="IDR", timezone="UTC", locale="en"
    )
    tidying.tidy_later(workspace)
    assert asked == []
    for _n in range(3):
        workspace.submit(Actor("rina", "owner"), CreateCard(board="orders", title="x"))
    monkeypatch.setattr(workspace, "lags", lambda: True)
    tidying.tidy_later(workspace)
    assert asked[0][1:] == ["-m", "opstui.cli.tidying", str(tmp_path / "shop")]
    assert workspace.store.tail() == 5 - 1
    workspace.close()
    tidying.tidy(tmp_path / "shop")
