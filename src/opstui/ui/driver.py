"""The terminal as the console drives it: nothing odd leaves the session hanging, and the line to it stays thin.

Textual's documented door is used (`App(driver_class=...)`), and public methods of its driver; the parser of keys alone
is taken from where Textual keeps it, because pastes must not come near it. What is written goes through `ThinLine`,
unless `OPSTUI_DIFF=0` says no or the terminal is not written to in UTF-8, where nobody knows what a character becomes.

The mouse tells of presses, the wheel, and of motion while a button is down; Textual asks for every motion, which is a
stream of bytes for nothing from all who only move their hand.
"""

from __future__ import annotations

import os
import selectors
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Paste
from textual.message import Message
from textual.messages import ExitApp

from opstui.ui.escapes import GIVE_TITLE_BACK, KEEP_TITLE, has_title, title
from opstui.ui.keyboard import LONGEST, Keyboard, Keys, Pasted
from opstui.ui.thin_line import ThinLine

if TYPE_CHECKING:
    from textual.app import App


MOUSE = {"\x1b[?1003h": "\x1b[?1002h", "\x1b[?1003l": "\x1b[?1002l", "\x1b[?1015h": "", "\x1b[?1015l": ""}
"""What Textual says about the mouse -> what is said: only motion with a button down, and one way to write numbers."""
READ = 65536
"""Bytes that are read at once."""


class _Forgiving:
    """What is written to: once the terminal is gone, words to it are lost, and nobody waits for them to be taken."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class Terminal(LinuxDriver):
    """The terminal as Textual drives it, but that neither odd bytes (a paste) nor its end leave the session hanging."""

    class PastedTooMuch(Message):
        """A paste was too long to be taken: so many characters."""

        def __init__(self, length: int) -> None:
            """Of so many characters."""
            super().__init__()
            self.length = length

    def __init__(self, app: App[Any], **options: Any) -> None:
        """As Textual makes it."""
        super().__init__(app, **options)
        self._file: Any = _Forgiving(self._file)
        self._line = ThinLine() if thin_wanted(self._file.encoding) else None
        self._titled = has_title(os.environ)
        self._title = ""

    def write(self, data: str) -> None:
        """Send what Textual wants sent, or as little as comes to the same."""
        data = MOUSE.get(data, data)
        words = self._line.thin(data, self._app.size) if self._line else data
        if words:
            super().write(words)

    def forget(self) -> None:
        """The next frame is sent whole: something else may have drawn on the terminal."""
        if self._line:
            self._line.forget()

    def show_title(self, text: str) -> None:
        """The title of the terminal's window or tab from now on, where there is one."""
        if text != self._title:
            self._title = text
            self._say_title()

    def _say_title(self) -> None:
        if self._titled and self._title and self._writer_thread is not None:
            self.tell(title(self._title))

    def tell(self, words: str) -> None:
        """Say something that changes no cell and does not move the cursor: it goes beside the thin line."""
        super().write(words)

    def start_application_mode(self) -> None:
        """At the start, and when the person is back from their shell."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._titled and self._writer_thread is not None:
            self.tell(KEEP_TITLE)
            self._say_title()

    def stop_application_mode(self) -> None:
        """At the end, and when the person goes to their shell."""
        if self._titled and self._writer_thread is not None:
            self.tell(GIVE_TITLE_BACK)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read until the end: keys and the mouse through Textual's parser, pastes whole and harmless beside it."""
        parser, keyboard = XTermParser(self._debug), Keyboard()
        with selectors.SelectSelector() as ready:
            ready.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if ready.select(0.1):
                    data = self._read()
                    if not data:
                        self.process_message(ExitApp())
                        return
                    self._heard(keyboard.feed(data), parser)
                for late in parser.tick():
                    self.process_message(late)

    def _read(self) -> bytes:
        """What has come; nothing when the terminal is gone."""
        try:
            return os.read(self.fileno, READ)
        except OSError:
            return b""

    def _heard(self, pieces: Iterable[Keys | Pasted], parser: XTermParser) -> None:
        for piece in pieces:
            if isinstance(piece, Keys):
                for message in parser.feed(piece.text):
                    self.process_message(message)
            elif piece.length > LONGEST:
                self.process_message(self.PastedTooMuch(piece.length))
            else:
                self.process_message(Paste(piece.text))


def thin_wanted(encoding: str) -> bool:
    """Whether frames are to be thinned, on a terminal that is written to in `encoding`."""
    return os.environ.get("OPSTUI_DIFF") != "0" and encoding.lower().replace("-", "") == "utf8"
