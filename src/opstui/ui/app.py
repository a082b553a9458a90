"""The console's application: one session on one workspace. Small on purpose: screens and verbs do the work.

Nothing heavy is imported here: pydantic, dateutil, Markdown and forms wait until somebody needs them.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from opstui.i18n import _
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
SWITCH = 0.0005
"""Seconds a thread may keep Python to itself: while the numbers are computed, a key waits for it several times over."""
THRESHOLD = (50_000, 20, 100)
"""Of the garbage collector: a full collection costs 20 ms or more, and a key must not wait for it."""


class OpsApp(Wardrobe, Typeahead):
    """The console on a workspace, for one person."""

    def __init__(self, workspace: Workspace, actor: Actor, greeting: str = "", **options: Any) -> None:
        """`greeting` is told when nothing more important is; `options` go to Textual."""
        super().__init__(**options)
        self.session = Session(workspace, actor)
        self._greeting = greeting
        kept, settings = self.session.kept, workspace.settings
        folders = (workspace.path / "themes", config_themes())
        dressed = self.dress((kept.now.theme, settings.theme), folders, settings.glyphs)
        self._commands, keys = load_keys(*key_files(workspace.path, actor.name))
        self.wear_keys(self._commands)
        self._warnings = [said for said in (workspace.caution, kept.warning, *dressed, *keys) if said]

    def get_default_screen(self) -> BoardScreen:
        """The board at once: no empty screen is made and drawn before it."""
        return BoardScreen(self.session, self._warnings, self._commands, self._greeting)

    def on_mount(self) -> None:
        """What a first picture does not need."""
        self.set_timer(SETTLED, _settle_memory)

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
