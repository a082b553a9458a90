"""`opstui` where no workspace is: at a terminal a way to one is offered, in a pipe and on a server the error stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from opstui import cli
from opstui.cli.session import NoWorkspace, Session
from opstui.recent import recent
from opstui.ui import app as app_module
from opstui.ui import start as start_screen
from opstui.ui.longwork import Progress
from opstui.workspace import Workspace


class Terminal:
    """What the start screen and the console are asked, and what a person answers."""

    def __init__(self) -> None:
        self.offers: list[Any] = []
        self.opened: list[tuple[Path, str]] = []
        self.answer: Any = lambda _offer: None

    def choose(self, offer: Any) -> tuple[Any, int]:
        self.offers.append(offer)
        return self.answer(offer), 0

    def run_console(self, workspace: Workspace, _actor: object, greeting: str = "") -> int:
        self.opened.append((workspace.path, greeting))
        return 0


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    """A person at a terminal, in an empty folder."""
    seat = Terminal()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "at_console", lambda: True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(start_screen, "choose", seat.choose)
    monkeypatch.setattr(app_module, "run_console", seat.run_console)
    return seat


def test_without_a_workspace_the_start_screen_comes_and_leaving_it_is_no_failure(
    terminal: Terminal, tmp_path: Path
) -> None:
    assert cli.run([]) == 0
    (offer,) = terminal.offers
    assert (offer.folder, offer.named, offer.recent) == (tmp_path, False, ())
    assert terminal.opened == []


@pytest.mark.parametrize("name", ["new/deep", "bare"])
def test_a_folder_that_was_named_and_holds_none_is_offered(terminal: Terminal, tmp_path: Path, name: str) -> None:
    (tmp_path / "bare").mkdir()
    assert cli.run(["-w", str(tmp_path / name)]) == 0
    (offer,) = terminal.offers
    assert (offer.folder, offer.named) == (tmp_path / name, True)


def test_what_was_made_there_is_opened_and_remembered(terminal: Terminal, tmp_path: Path) -> None:
    terminal.answer = lambda offer: (offer.make(Path("shop"), {"name": "Kopi"}), "made it")
    assert cli.run([]) == 0
    assert terminal.opened == [(tmp_path / "shop", "made it")]
    assert [(known.path, known.name) for known in recent()] == [(str(tmp_path / "shop"), "Kopi")]
    assert cli.run(["-w", "shop"]) == 0
    assert len(terminal.offers) == 1
    assert len(recent()) == 1


def test_the_sample_shop_lies_in_a_folder_of_its_own_and_stays(terminal: Terminal) -> None:
    terminal.answer = lambda offer: (offer.demo(Progress()), "")
    assert cli.run([]) == 0
    (path, _greeting) = terminal.opened[0]
    assert (path / "data" / "journal").is_dir()
    assert [known.path for known in recent()] == [str(path.resolve())]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [((), 1, "no workspace here"), (("-w", "gone"), 1, "there is no folder"), (("-w", "bare"), 3, "not a workspace")],
)
def test_on_a_server_nothing_is_offered_and_nothing_kept(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    Path("bare").mkdir()
    monkeypatch.setenv("OPSTUI_SERVED", "1")
    assert cli.run(list(words)) == code
    assert said in capsys.readouterr().err
    assert terminal.offers == []
    assert cli.run(["init", "w"]) == 0
    assert cli.run(["-w", "w"]) == 0
    assert (len(terminal.opened), recent()) == (1, [])


def test_in_a_pipe_it_is_said_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run([]) == 2
    assert "the console needs a terminal" in capsys.readouterr().err
    assert cli.run(["board", "orders"]) == 1
    assert "no workspace here; try `opstui demo`" in capsys.readouterr().err


def test_a_damaged_one_is_told_and_not_offered_to_be_made_anew(
    terminal: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "w" / "data").mkdir(parents=True)
    assert cli.run(["-w", "w"]) == 3
    assert "is not a workspace" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert cli.run(["-w", "file"]) == 1
    assert terminal.offers == []


def test_missing_says_where_one_could_be_made(tmp_path: Path) -> None:
    none = Session(tmp_path / "x").missing()
    assert isinstance(none, NoWorkspace)
    assert none.folder == tmp_path / "x"
