"""The list of workspaces opened lately: newest first, only those that are there, and never a reason to fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opstui import faults
from opstui.recent import KEPT, recent, remember


def made(folder: Path) -> Path:
    (folder / "data").mkdir(parents=True)
    return folder


def names() -> list[str]:
    return [known.name for known in recent()]


def test_newest_first_each_once_and_only_those_that_are_there(tmp_path: Path) -> None:
    for n, name in enumerate(("a", "b", "a", "c")):
        remember(made(tmp_path / name) if not (tmp_path / name).exists() else tmp_path / name, name.upper(), f"{n}")
    assert names() == ["C", "A", "B"]
    (tmp_path / "a" / "data").rmdir()
    assert names() == ["C", "B"]


def test_of_sample_shops_the_newest_is_enough_and_the_list_ends(tmp_path: Path) -> None:
    for n in range(3):
        remember(made(tmp_path / f"opstui-demo-{n}" / "kopi"), f"demo {n}", "")
    assert names() == ["demo 2"]
    for n in range(KEPT + 5):
        remember(made(tmp_path / f"w{n}"), f"w{n}", "")
    assert len(recent()) == KEPT


@pytest.mark.parametrize("text", ["", "[", "{}", '[{"path": 3}]', "[" * 9000, "\xff"])
def test_a_list_that_cannot_be_read_is_no_list(tmp_path: Path, text: str) -> None:
    place = faults.log_path().with_name("recent.json")
    place.parent.mkdir(parents=True)
    place.write_bytes(text.encode("latin-1"))
    assert names() == []
    remember(made(tmp_path / "w"), "W", "now")
    assert names() == ["W"]
    assert json.loads(place.read_text("utf-8"))[0]["at"] == "now"


def test_where_it_cannot_be_written_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    remember(made(tmp_path / "w"), "W", "")
    remember(Path("/tmp/\udcff"), "no text", "")
    assert names() == []
