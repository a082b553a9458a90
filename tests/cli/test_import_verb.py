"""What an import says when it is stopped, and about files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from opstui import cli
from opstui.imports import load
from opstui.workspace import Workspace


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five cards beside a fresh workspace, taken in two at a time."""
    assert cli.run(["init", str(tmp_path / "W")]) == 0
    monkeypatch.setenv("OPSTUI_WORKSPACE", str(tmp_path / "W"))
    monkeypatch.setattr(load.carry_out, "__defaults__", (None, 2))
    path = tmp_path / "cards.csv"
    path.write_text("board,title\n" + "".join(f"orders,card {n}\n" for n in range(5)))
    return path


def interrupted_at(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    submit, calls = Workspace.submit, iter(range(1, 9))

    def stopped(self: Workspace, *asked: Any, **how: Any) -> Any:
        if next(calls) == call:
            raise KeyboardInterrupt
        return submit(self, *asked, **how)

    monkeypatch.setattr(Workspace, "submit", stopped)


def test_an_import_that_is_stopped_says_how_much_is_here_and_goes_on_when_run_again(
    table: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        interrupted_at(patched, 2)
        assert cli.run(["import", "cards", str(table)]) == 130
    said = capsys.readouterr()
    assert "Interrupted: 2 records are here" in said.err
    assert "not added twice" in said.err
    assert said.out == ""
    assert cli.run(["import", "cards", str(table)]) == 0
    assert "3 created, 0 updated, 2 unchanged" in capsys.readouterr().err


def test_stopping_while_it_reads_changes_nothing(
    table: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_path: Path) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "read_bytes", stopped)
    assert cli.run(["import", "cards", str(table)]) == 130
    assert "nothing was changed" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["cards", "olist", "meta-ads"])
def test_a_name_longer_than_names_can_be_is_refused(table: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["import", form, str(table.parent / ("x" * 5000))]) == 1
    said = capsys.readouterr().err
    assert "xxx" in said
    assert "fault" not in said
