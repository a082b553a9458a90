"""The terminal as the console drives it: nothing odd leaves the session hanging, and the line to it stays thin.

Only Textual's documented door is used (`App(driver_class=...)`); what is written goes through `ThinLine`, unless
`OPSTUI_DIFF=0` says no or the terminal is not written to in UTF-8, where nobody knows what a character becomes.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from opstui.ui.thin_line import ThinLine

if TYPE_CHECKING:
    from textual.app import App


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

    def __init__(self, app: App[Any], **options: Any) -> None:
        """As Textual makes it."""
        super().__init__(app, **options)
        self._file: Any = _Forgiving(self._file)
        self._line = ThinLine() if thin_wanted(self._file.encoding) else None

    def write(self, data: str) -> None:
        """Send what Textual wants sent, or as little as comes to the same."""
        words = self._line.thin(data, self._app.size) if self._line else data
        if words:
            super().write(words)

    def forget(self) -> None:
        """The next frame is sent whole: something else may have drawn on the terminal."""
        if self._line:
            self._line.forget()

    def run_input_thread(self) -> None:
        """Read keys until the end; what cannot be read is left out."""
        while True:
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
            return


def thin_wanted(encoding: str) -> bool:
    """Whether frames are to be thinned, on a terminal that is written to in `encoding`."""
    return os.environ.get("OPSTUI_DIFF") != "0" and encoding.lower().replace("-", "") == "utf8"
