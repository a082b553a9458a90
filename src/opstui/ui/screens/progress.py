"""A work that takes long: what it is, how far it is, and the way out. It closes by itself when the work is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.longwork import Progress, bar, figures
from opstui.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    import asyncio

    from opstui.formats import Formats

EVERY = 0.2
"""Seconds between two looks at how far it is."""
LOW = 8
"""Lines of a terminal from which there is air around what it says."""


class ProgressScreen(Dialog[None]):
    """Watches a task; esc asks it to end."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", _("stop"))]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-wide")]  # noqa: RUF012 - declared so by Textual
    """It is narrower than others, which take the whole width up to there."""
    DEFAULT_CSS = """
    ProgressScreen { align: center middle; background: transparent;
        & > .sheet { width: 64; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1 2; }
        & .title { text-style: bold; height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        & .bar, & .figures { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        & .figures { color: $muted; }
        & .keys { height: auto; width: 1fr; color: $muted; margin-top: 1; }
        & > .sheet.-low { padding: 0 1; }
        & .-low .keys { margin-top: 0; }
    }
    """

    def __init__(
        self, title: str, progress: Progress, task: asyncio.Future[Any], formats: Formats, note: str = ""
    ) -> None:
        """Watch `task`, which tells `progress` how far it is."""
        super().__init__()
        self._title, self._progress, self._work = title, progress, task
        self._formats, self._note = formats, note
        self._head, self._bar, self._figures, self._keys = (
            Static("", classes=name, markup=False) for name in ("title", "bar", "figures", "keys")
        )
        self._keys.update(Content(self._ways_out))  # as high as they are, from the first picture on

    def compose(self) -> ComposeResult:
        """What, bar, figures, the way out."""
        with Vertical(classes=f"sheet {'-low' if self.app.size.height < LOW else '-airy'}"):
            yield from (self._head, self._bar, self._figures, self._keys)

    def on_mount(self) -> None:
        """Look now and then; leave with the work."""
        self.look()
        self.set_interval(EVERY, self.look)
        self._work.add_done_callback(self._over)

    def _over(self, _task: asyncio.Future[Any]) -> None:
        if self.is_attached and self.is_active:
            self.dismiss()

    def on_unmount(self) -> None:
        """Nobody watches any more: the program ends, or the work did."""
        self._progress.cancel()

    def on_resize(self) -> None:
        """Another width, another bar."""
        low = self.size.height < LOW
        self.query_one(".sheet").set_class(low, "-low").set_class(not low, "-airy")
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Show how far it is. Leave, if the work ended while something else lay over this."""
        if not self.is_attached:
            return
        if self._work.done():
            self.dismiss()
            return
        progress = self._progress
        self._head.update(Content(progress.label or self._title))
        done, left = bar(progress.done, progress.total, self._bar.size.width)
        self._bar.update(Content.assemble((done, "$accent"), (left, "$faint")))
        told = figures(progress.done, progress.total, time.monotonic() - progress.since, self._formats)
        self._figures.update(Content(told))
        self._keys.update(Content(self._ways_out))

    @property
    def _ways_out(self) -> str:
        if self._progress.final:
            return _("almost done; this part is not stopped")
        if self._progress.cancelled:
            return _("stopping ...")
        return _("esc stop: {note}").format(note=self._note) if self._note else _("esc stop")

    def action_cancel(self) -> None:
        """End it at its next step."""
        if not self._progress.final:
            self._progress.cancel()
            self.look()

    def on_click(self) -> None:
        """The way out, clicked."""
        if self._keys.has_pseudo_class("hover"):
            self.action_cancel()
