"""The console before there is a workspace: a small application that ends with one, or with nothing.

What opens, makes or copies a workspace is handed in, so this knows screens only. The console itself is another
application: it begins when this one has ended, on the workspace that was chosen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from opstui.config import Malformed
from opstui.domain.model import Refused, clean
from opstui.formats import Formats
from opstui.i18n import _
from opstui.recent import Recent
from opstui.store.protocol import StoreError
from opstui.ui.keymap import FILE, load_keys
from opstui.ui.longwork import Cancelled, Progress, long_work
from opstui.ui.screens.start import StartScreen, short
from opstui.ui.surroundings import zone_here
from opstui.ui.themes import config_themes
from opstui.ui.typeahead import Typeahead
from opstui.ui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from opstui.workspace import Workspace


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


class StartApp(Wardrobe, Typeahead):
    """Ends with `chosen`, or without."""

    def __init__(self, offer: Offer, **options: Any) -> None:
        """`options` go to Textual."""
        super().__init__(**options)
        self.offer = offer
        self.chosen: Chosen | None = None
        self.dress((), (config_themes(),))
        commands, _said = load_keys(config_themes().parent / FILE)  # what is wrong with it the console tells
        self.wear_keys(commands)

    def get_default_screen(self) -> StartScreen:
        """The one screen."""
        return StartScreen(self.offer)

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
