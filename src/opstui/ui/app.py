"""The console's application: one session on one workspace. Small on purpose: screens and verbs do the work.

Nothing heavy is imported here: pydantic, dateutil, Markdown and forms wait until somebody needs them.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from typing import TYPE_CHECKING, Any, ClassVar

os.environ.setdefault("ESCDELAY", "25")  # Textual reads it at import; its 100 ms make the escape key feel broken
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")  # else the mouse tells of every pixel of a drag, not of every cell

from textual.binding import Binding, BindingType
from textual.events import Event, Paste, Print, Resize

from opstui import faults
from opstui.domain.model import clean
from opstui.i18n import _
from opstui.store.protocol import StoreError
from opstui.ui.commands import COMMANDS
from opstui.ui.driver import Terminal
from opstui.ui.glyphs import ascii_twin
from opstui.ui.keyboard import LONGEST
from opstui.ui.keymap import key_files, load_keys
from opstui.ui.screens.board import BoardScreen
from opstui.ui.session import Session
from opstui.ui.themes import config_themes
from opstui.ui.typeahead import Typeahead
from opstui.ui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from opstui.domain.model import Actor
    from opstui.workspace import Workspace

SETTLED = 1.0
"""Seconds until the first pictures and numbers are surely there."""
RESIZED = 0.05
"""Seconds after a new size until everything is drawn once more; where nothing is different, nothing is sent."""
SWITCH = 0.0005
"""Seconds a thread may keep Python to itself: while the numbers are computed, a key waits for it several times over."""
THRESHOLD = (50_000, 20, 100)
"""Of the garbage collector: a full collection costs 20 ms or more, and a key must not wait for it."""


class OpsApp(Wardrobe, Typeahead):
    """The console on a workspace, for one person."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(COMMANDS["suspend"].keys), "suspend_process", show=False, priority=True),
        Binding(",".join(COMMANDS["redraw"].keys), "redraw", show=False, priority=True),
    ]
    """What has to work wherever one is: in a form, in a text, under any dialog."""
    ENABLE_COMMAND_PALETTE = False
    TITLE = "opstui"

    def __init__(self, workspace: Workspace, actor: Actor, greeting: str = "", **options: Any) -> None:
        """`greeting` is told when nothing more important is; `options` go to Textual."""
        super().__init__(**{"driver_class": Terminal, **options})
        self.session = Session(workspace, actor)
        self.fault, self._greeting = "", greeting
        kept, settings = self.session.kept, workspace.settings
        folders = (workspace.path / "themes", config_themes())
        dressed = self.dress((kept.now.theme, settings.theme), folders, settings.glyphs)
        self._commands, keys = load_keys(*key_files(workspace.path, actor.name))
        self._warnings = [said for said in (workspace.caution, kept.warning, *dressed, *keys) if said]

    def get_default_screen(self) -> BoardScreen:
        """The board at once: no empty screen is made and drawn before it."""
        return BoardScreen(self.session, self._warnings, self._commands, self._greeting)

    def on_mount(self) -> None:
        """What a first picture does not need."""
        self.app_resume_signal.subscribe(self, lambda _app: self.screen.refresh())
        for leave in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(leave, self.exit)
        self.set_timer(SETTLED, _settle_memory)

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

    def copy_to_clipboard(self, text: str) -> None:
        """What is copied in a field or marked with the mouse: kept for ctrl+v here, and given to the terminal."""
        from opstui.ui.copying import to_clipboard  # noqa: PLC0415 - not needed for the first picture

        self._clipboard = text
        self.run_worker(to_clipboard(self, text))

    def watch_title(self, title: str) -> None:
        """What the app is called, the window or tab of the terminal is."""
        if isinstance(self._driver, Terminal):
            self._driver.show_title(ascii_twin(title) if self._signs else title)

    def on_terminal_pasted_too_much(self, event: Terminal.PastedTooMuch) -> None:
        """Nothing of it was taken: half a text would be worse."""
        said = _("nothing was pasted: {n} characters are too many, {most} at once can be taken")
        self.notify(said.format(n=event.length, most=LONGEST), severity="warning", markup=False)

    def exit(self, *args: Any, **more: Any) -> None:
        """Leave. What stands unsaved in a form is kept for the next time: a line may have broken."""
        for screen in self.screen_stack:
            if leave_behind := getattr(screen, "leave_behind", None):
                leave_behind()
        super().exit(*args, **more)

    async def action_quit(self) -> None:
        """Ctrl+q, from wherever one is; not over what is typed and not saved."""
        if getattr(self.screen, "unsaved", False):
            await self.screen.run_action("cancel")
        else:
            self.exit(0)

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


def _settle_memory() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLD)


def run_console(workspace: Workspace, actor: Actor, greeting: str = "") -> int:
    """Open the console and stay until the person leaves. Exit code 0, or 3 after a fault.

    `greeting` is told first.
    """
    import sys  # noqa: PLC0415

    sys.setswitchinterval(SWITCH)
    app = OpsApp(workspace, actor, greeting)
    if app.console.color_system == "standard":
        app.spare_colors()
    try:
        app.run()
    finally:
        app.session.close()
    if app.fault:
        sys.stderr.write(f"{app.fault}\n")
        return 3
    return 0
