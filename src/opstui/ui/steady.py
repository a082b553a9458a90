"""What the console and its start screen have in common as applications: both hold out whatever the terminal does.

A terminal cuts what it shows when its size changes, other programs write over it, it goes away; nothing may print onto
the screen, and a fault is one line after the terminal has been put right.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.events import Event, Paste, Print, Resize

from opstui import faults
from opstui.domain.model import clean
from opstui.store.protocol import StoreError
from opstui.ui.commands import COMMANDS, KeyCommand
from opstui.ui.driver import Terminal

RESIZED = 0.05
"""Seconds after a new size until everything is drawn once more; where nothing is different, nothing is sent."""
EVERYWHERE = {"suspend": "suspend_process", "redraw": "redraw"}
"""Commands that work wherever one is: in a form, in a text, under any dialog; with what the application calls them."""


class Steady(App[int]):
    """An application that holds out, on a terminal of ours."""

    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    TITLE = "opstui"

    def __init__(self, **options: Any) -> None:
        """`options` go to Textual."""
        super().__init__(**{"driver_class": Terminal, **options})
        self.wear_keys(COMMANDS)
        self.fault = ""
        """What went wrong, in a line; empty while nothing has."""

    def wear_keys(self, commands: Mapping[str, KeyCommand]) -> None:
        """Take the keys that these commands have, for those that work everywhere, from now on."""
        known, ours = self._bindings.key_to_bindings, EVERYWHERE.values()
        found = {key: [binding for binding in bound if binding.action not in ours] for key, bound in known.items()}
        for name, action in EVERYWHERE.items():
            for key in commands[name].keys:
                found[key] = [*found.get(key, ()), Binding(key, action, show=False, priority=True)]
        self._bindings.key_to_bindings = {key: bound for key, bound in found.items() if bound}

    def on_mount(self) -> None:
        """End when the terminal does; when the person is back from their shell, draw what they left."""
        self.app_resume_signal.subscribe(self, lambda _app: self.screen.refresh())
        for leave in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(leave, self.exit)

    def on_resize(self, _event: Resize) -> None:
        """A terminal cuts what it shows when its size changes; there and back is no change to Textual, so draw anew."""
        self._forget()
        if self._size is not None:
            self.set_timer(RESIZED, self.refresh)

    def action_redraw(self) -> None:
        """Draw everything anew: another program may have written over the screen.

        Textual's own `refresh(layout=True)` is no sign of that: it comes whenever a dialog is closed.
        """
        self._forget()
        self.refresh(layout=True)

    def _forget(self) -> None:
        if isinstance(self._driver, Terminal):
            self._driver.forget()

    async def on_event(self, event: Event) -> None:
        """A paste is text and nothing else: a field would hand what controls a terminal on to the terminal."""
        if isinstance(event, Paste):
            event.text = clean(event.text)
        await super().on_event(event)

    def on_print(self, event: Print) -> None:
        """Nothing may print onto the screen."""
        event.stop()

    def panic(self, *renderables: Any) -> None:
        """A fault of the thread that reads the keyboard, which comes as a picture of its trace."""
        self.fault = faults.record(RuntimeError("\n".join(map(_text_of, renderables))))
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Instead of a trace: one line, after the terminal has been put right. The trace goes to the log."""
        error = self._exception or RuntimeError("unknown fault")
        cause = getattr(error, "error", error)  # a worker's fault is wrapped
        self.fault = faults.record(cause)
        if isinstance(cause, StoreError):
            self.fault = clean(str(cause))
        self._close_messages_no_wait()


def _text_of(renderable: Any) -> str:
    from rich.console import Console  # noqa: PLC0415 - only for a fault

    console = Console(width=120, color_system=None)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()
