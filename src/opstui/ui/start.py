"""The console before there is a workspace: a small application that ends with one, or with nothing.

What opens, makes or copies a workspace is handed in, so this knows screens only. The console itself is another
application: it begins when this one has ended, on the workspace that was chosen.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct

os.environ.setdefault("ESCDELAY", "25")  # as in the console
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from textual.events import Print, Resize

from opstui import faults
from opstui.config import Malformed
from opstui.domain.model import Refused, clean
from opstui.formats import Formats
from opstui.i18n import _
from opstui.recent import Recent
from opstui.store.protocol import StoreError
from opstui.ui.driver import Terminal
from opstui.ui.longwork import Cancelled, Progress, long_work
from opstui.ui.screens.start import StartScreen, short
from opstui.ui.surroundings import zone_here
from opstui.ui.themes import config_themes
from opstui.ui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from opstui.workspace import Workspace


RESIZED = 0.05
"""Seconds until a new size has settled."""


class Offer(Struct, frozen=True, kw_only=True):
    """What can be offered, and the means to do it. One was looked for in `folder`, which somebody `named` or not."""

    folder: Path
    named: bool
    recent: tuple[Recent, ...]
    now: datetime
    open: Callable[[Path], Workspace]
    demo: Callable[[Progress], Workspace]
    make: Callable[[Path, dict[str, str]], Workspace]


Chosen = tuple["Workspace", str]
"""A workspace that is open, and what to tell first."""


class StartApp(Wardrobe):
    """Ends with `chosen`, or without."""

    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    TITLE = "opstui"

    def __init__(self, offer: Offer, **options: Any) -> None:
        """`options` go to Textual."""
        super().__init__(**{"driver_class": Terminal, **options})
        self.offer = offer
        self.chosen: Chosen | None = None
        self.fault = ""
        self.dress((), (config_themes(),))

    def get_default_screen(self) -> StartScreen:
        """The one screen."""
        return StartScreen(self.offer)

    def on_mount(self) -> None:
        """End when the terminal does."""
        for leave in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(leave, self.exit)

    def refresh(self, *, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """With `layout`, draw everything anew: another program may have written over the screen."""
        if layout:
            self._forget()
        return super().refresh(repaint=repaint, layout=layout, recompose=recompose)

    def on_resize(self, _event: Resize) -> None:
        """A terminal cuts what it shows when its size changes: it is drawn whole once more, as in the console."""
        self._forget()
        if self._size is not None:
            self.set_timer(RESIZED, self.refresh)

    def _forget(self) -> None:
        if isinstance(self._driver, Terminal):
            self._driver.forget()

    def on_print(self, event: Print) -> None:
        """Nothing may print onto the screen."""
        event.stop()

    def _fatal_error(self) -> None:
        """Instead of a trace: one line, after the terminal has been put right."""
        cause = self._exception or RuntimeError("unknown fault")
        self.fault = faults.record(getattr(cause, "error", cause))
        self._close_messages_no_wait()

    async def on_start_screen_opened(self, event: StartScreen.Opened) -> None:
        """A workspace that is known."""
        self._go(lambda _progress: self.offer.open(event.path), _("Opening {path}").format(path=event.path), "")

    async def on_start_screen_demo(self) -> None:
        """The sample shop."""
        told = _("sample shop, in {path}")
        self._go(self.offer.demo, _("Making a sample shop"), told)

    def on_start_screen_made(self, event: StartScreen.Made) -> None:
        """One that was just made."""
        told = _("made, and yours: {path}").format(path=short(event.workspace.path))
        self.finish(event.workspace, told)

    def _go(self, work: Callable[[Progress], Workspace], title: str, told: str) -> None:
        self.run_worker(self._carry_out(work, title, told), exclusive=True)

    async def _carry_out(self, work: Callable[[Progress], Workspace], title: str, told: str) -> None:
        formats = Formats("en", "IDR", self._zone)
        try:
            workspace = await long_work(self.push_screen_wait, title, work, formats)
        except (Refused, StoreError, Malformed) as no:
            self.tell(str(no))
            return
        except Cancelled:
            self.tell(_("stopped"))
            return
        self.finish(workspace, told.format(path=workspace.path))

    @property
    def _zone(self) -> ZoneInfo:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - only where something takes long

        return ZoneInfo(zone_here(os.environ))

    def tell(self, reason: str) -> None:
        """Why that did not work; the offer stands."""
        if isinstance(self.screen, StartScreen):
            self.screen.tell(clean(reason))

    def finish(self, workspace: Workspace, told: str) -> None:
        """Leave with a workspace."""
        self.chosen = workspace, told
        self.exit(0)


def choose(offer: Offer) -> tuple[Chosen | None, int]:
    """Show the start screen until a workspace is chosen, or none; then the exit code counts."""
    app = StartApp(offer)
    if app.console.color_system == "standard":
        app.spare_colors()
    app.run()
    if app.fault:
        sys.stderr.write(f"{app.fault}\n")
        return None, 3
    return app.chosen, 0
