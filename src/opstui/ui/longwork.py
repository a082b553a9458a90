"""Work that takes longer than a key may: done in a thread, watched from the loop, ended where it is fit to end.

The work is any function of a `Progress`, which it calls with (done, total) now and then. Cancelling raises `Cancelled`
at the next such call, so whoever does the work decides where that leaves nothing half done. A dialog appears only when
it takes long enough to be read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from opstui.i18n import _

if TYPE_CHECKING:
    from textual.screen import Screen

    from opstui.formats import Formats

T = TypeVar("T")
Ask = Callable[["Screen[Any]"], Awaitable[Any]]
"""Shows a dialog and waits for its answer."""
PATIENCE = 0.3
"""Seconds without a dialog."""


class Cancelled(Exception):  # noqa: N818 - it says what is the case
    """The person ended the work, and it ended."""


class Progress:
    """How far a work is. The worker calls it; whoever watches reads it, and may `cancel`."""

    def __init__(self, label: str = "") -> None:
        """Nothing is done, and of how much is not known."""
        self.cancelled = False
        self.final = False
        self.begin(label)

    def begin(self, label: str, *, final: bool = False) -> None:
        """A part of the work begins; a final one cannot be cancelled any more.

        Raises:
            Cancelled: the person does not want it any more.
        """
        if self.cancelled:
            raise Cancelled
        self.label, self.final = label, final
        self.done = self.total = 0
        self.since = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """So much of so much is done.

        Raises:
            Cancelled: the person wants no more.
        """
        self.done, self.total = done, total
        if self.cancelled and not self.final:
            raise Cancelled

    def cancel(self) -> None:
        """Have it end at its next step."""
        self.cancelled = True


async def long_work(ask: Ask, title: str, work: Callable[[Progress], T], formats: Formats, note: str = "") -> T:
    """Do the work in a thread and give what it gives; `note` says what cancelling leaves behind.

    Raises:
        Cancelled: the person ended it.
        Exception: whatever the work raises.
    """
    progress = Progress(title)
    task = asyncio.ensure_future(asyncio.to_thread(work, progress))
    task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody may wait for it any more
    try:
        done, _running = await asyncio.wait({task}, timeout=PATIENCE)
        if not done:
            from opstui.ui.screens.progress import ProgressScreen  # noqa: PLC0415 - only for what takes long

            await ask(ProgressScreen(title, progress, task, formats, note))
        return await task
    finally:
        progress.cancel()


def figures(done: int, total: int, seconds: float, formats: Formats) -> str:
    """How far it is, how fast, and how long it will still take: as much of that as is known."""
    if not total:
        return _("working ...")
    parts = [
        _("{done} of {total}").format(done=formats.number(done), total=formats.number(total)),
        formats.percent(done / total),
    ]
    if done and seconds >= 1:
        parts.append(_("{n} a second").format(n=formats.number(round(done / seconds))))
        left = round((total - done) * seconds / done)
        parts.append(_("about {n} s left").format(n=formats.number(left)) if left else "")
    return "   ".join(part for part in parts if part)


def bar(done: int, total: int, width: int) -> tuple[str, str]:
    """The bar in two parts, what is done and what is left, together `width` cells."""
    full = min(width, width * done // total) if total else 0
    return "━" * full, "─" * (width - full)
