"""The command line, called as a script calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.calls import Answer, Opstui
from opstui import cli


@pytest.fixture
def opstui(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Opstui:
    """Call the command line in a workspace of its own."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Answer:
        code = cli.run(list(words))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    assert call("init", "W").code == 0
    monkeypatch.setenv("OPSTUI_WORKSPACE", str(tmp_path / "W"))
    return call
