"""The terminal's driver: when it thins, and that neither odd bytes nor a lost terminal stop it."""

from __future__ import annotations

import io
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
from textual._xterm_parser import XTermParser
from textual.message import Message

from opstui.ui.app import OpsApp
from opstui.ui.driver import Terminal, _Forgiving, thin_wanted
from opstui.ui.keyboard import LONGEST, Keyboard
from ui.page import RINA, console, memory_workspace


@pytest.mark.parametrize(
    ("setting", "encoding", "wanted"),
    [
        (None, "utf-8", True),
        (None, "UTF8", True),
        (None, "latin-1", False),
        ("0", "utf-8", False),
        ("1", "utf-8", True),
    ],
)
def test_frames_are_thinned_unless_someone_or_the_encoding_is_against_it(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, encoding: str, wanted: bool
) -> None:
    if setting is not None:
        monkeypatch.setenv("OPSTUI_DIFF", setting)
    assert thin_wanted(encoding) is wanted


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(text)

    def flush(self) -> None:
        raise OSError


def test_words_to_a_terminal_that_is_gone_are_lost_and_nobody_is_told() -> None:
    there, gone = io.StringIO(), Gone()
    for file in (there, gone):
        forgiving = _Forgiving(file)
        forgiving.write("words")
        forgiving.flush()
    assert (there.getvalue(), _Forgiving(there).isatty()) == ("words", False)


class Line(Terminal):
    """The driver without a terminal: what it would write, and what it would hand to the app."""

    def __init__(self, app: OpsApp) -> None:
        super().__init__(app, mouse=True, size=(80, 24))
        self._thread = io.StringIO()
        self._writer_thread = self._thread  # type: ignore[assignment]
        self._line = None
        self.heard: list[Any] = []

    def process_message(self, message: Message) -> None:
        self.heard.append(message)

    @property
    def said(self) -> str:
        return self._thread.getvalue()


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    """A driver that says nothing to anybody."""
    monkeypatch.setenv("TERM", "xterm-256color")
    app = OpsApp(memory_workspace(), RINA)
    before = {which: signal.getsignal(which) for which in (signal.SIGTSTP, signal.SIGCONT)}
    yield Line(app)
    for which, handler in before.items():
        signal.signal(which, handler)
    app.session.close()


async def test_the_mouse_is_asked_for_drags_and_never_for_every_motion(line: Line) -> None:
    line._enable_mouse_support()
    line._disable_mouse_support()
    asked = ["1000h", "1002h", "1006h", "1000l", "1002l", "1006l"]
    assert line.said == "".join(f"\x1b[?{each}" for each in asked)


async def test_a_title_is_said_once_and_again_after_the_shell(line: Line) -> None:
    line.show_title("opstui · Orders\x1b]52;c;eA==\x07 · Kopi")
    line.show_title("opstui · Orders\x1b]52;c;eA==\x07 · Kopi")
    said = line.said
    assert said.count("\x1b") == 1
    assert said.endswith(" · Kopi\x07")


async def test_pastes_come_whole_and_too_long_ones_are_told(line: Line) -> None:
    keyboard, parser = Keyboard(), XTermParser()
    typed = b"j\x1b[200~L\x1b[A\x00X\r\ny\x1b[201~k"
    line._heard(keyboard.feed(typed), parser)
    line._heard(keyboard.feed(b"\x1b[200~" + b"x" * (LONGEST + 1) + b"\x1b[201~"), parser)
    key, pasted, other, too_much = line.heard
    assert (key.key, pasted.text, other.key, too_much.length) == ("j", "LX\ny", "k", LONGEST + 1)


async def test_a_drag_is_heard_as_press_motion_and_release(line: Line) -> None:
    line._heard(Keyboard().feed(b"\x1b[<0;5;6M\x1b[<32;7;8M\x1b[<0;7;8m\x1b[<65;1;1M"), XTermParser())
    assert [type(each).__name__ for each in line.heard] == ["MouseDown", "MouseMove", "MouseUp", "MouseScrollDown"]


async def test_a_paste_that_is_too_long_is_told_wherever_one_is() -> None:
    async with console(memory_workspace()) as page:
        page.app.post_message(Terminal.PastedTooMuch(LONGEST + 5))
        await page.rest()
        assert [str(LONGEST + 5) in note.message for note in page.app._notifications] == [True]
