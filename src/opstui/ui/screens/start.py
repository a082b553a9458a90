"""Where no workspace is: open one that is known, look at a sample shop, make one, or leave."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from opstui.config import Malformed
from opstui.domain.model import Refused, clean_line
from opstui.i18n import _, ngettext
from opstui.store.protocol import StoreError
from opstui.ui.glyphs import MARKS
from opstui.ui.widgets.menu import Item, Menu

if TYPE_CHECKING:
    from opstui.ui.start import Offer
    from opstui.workspace import Workspace

SHOWN = 9
"""Workspaces that are offered: each has a digit."""
LOW = 14
"""Lines of a terminal in which there is no room for air."""


class StartScreen(Screen[None]):
    """Offers ways to a workspace; the application takes them."""

    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c,ctrl+q", "app.quit", _("quit")),
        Binding("ctrl+z", "app.suspend_process", show=False),
        Binding("ctrl+l", "redraw", show=False),
    ]
    DEFAULT_CSS = """
    StartScreen { align: center middle; background: $background; color: $ink; overflow: hidden;
        & > .sheet { width: 74; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; }
        & .mark, & .why, & .keys { padding: 0; height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        & .why { color: $muted; }
        & .told { padding: 0 2; height: auto; max-height: 5; color: $warn; display: none; }
        & .told.-shown { display: block; }
        & .keys { color: $muted; }
        & Menu { margin: 1 0; }
        & .-low Menu { margin: 0; }
    }
    """

    @dataclass
    class Opened(Message):
        """A workspace that is known is to be opened."""

        path: Path

    class Demo(Message):
        """The sample shop is wanted."""

    @dataclass
    class Made(Message):
        """A workspace was made."""

        workspace: Workspace

    def __init__(self, offer: Offer) -> None:
        """With what there is to offer."""
        super().__init__()
        self._offer = offer
        first = "make" if offer.named else ""
        self._menu = Menu(list(items_of(offer)), self._take, first, ground="background")
        self._told = ""

    def compose(self) -> ComposeResult:
        """The name, why one is here, the ways on."""
        with Vertical(classes="sheet"):
            mark = ("  opstui", "bold $accent")
            yield Static(Content.assemble(mark, ("   " + _("boards, figures and lessons"), "$muted")), classes="mark")
            yield Static(Content(f"  {self._why()}"), classes="why")
            yield self._menu
            yield Static("", classes="told", markup=False)
            yield Static(Content("  " + _("j k move   enter choose   q quit")), classes="keys")

    def _why(self) -> str:
        if self._offer.named:
            return _("There is no workspace in {path} yet.").format(path=short(self._offer.folder))
        return _("There is no workspace here. Where to?")

    def on_resize(self) -> None:
        """No air where there is no room for it; the cursor stays in sight."""
        self._fit()

    def _fit(self) -> None:
        height, low = self.size.height, self.size.height < LOW
        self.query_one(".sheet").set_class(low, "-low")
        told = self.query_one(".told").size.height if self._told else 0
        self._menu.styles.max_height = max(1, height - 3 - told - (0 if low else 2))

    def tell(self, reason: str) -> None:
        """Why something did not work."""
        self._told = reason
        told = self.query_one(".told", Static)
        told.update(Content(f"{MARKS['late']} {reason}" if reason else ""))
        told.set_class(bool(reason), "-shown")
        self.call_after_refresh(self._fit)

    def action_redraw(self) -> None:
        """Another program wrote over the screen."""
        self.app.refresh(layout=True)

    def _take(self, way: str) -> None:
        """A way was chosen."""
        self.tell("")
        match way:
            case "demo":
                self.post_message(self.Demo())
            case "make":
                self.run_worker(self._make())
            case "quit":
                self.app.exit(0)
            case path:
                self.post_message(self.Opened(Path(path)))

    async def _make(self) -> None:
        """Ask what a new workspace is like until there is one, or the person gives up."""
        from opstui.ui.screens.form import Form  # noqa: PLC0415 - only for who makes one
        from opstui.ui.workspace_form import rows_of  # noqa: PLC0415

        made: list[Workspace] = []

        async def save(values: dict[str, Any]) -> str:
            folder = values.pop("folder")
            try:
                made.append(await asyncio.to_thread(self._offer.make, folder, {"name": "", **values}))
            except (Refused, StoreError, Malformed) as no:
                return f"folder: {no}"
            return ""

        await self.app.push_screen_wait(Form(_("Make a workspace"), rows_of(self._offer), save, deed=_("make it")))
        if made:
            self.post_message(self.Made(made[0]))


def items_of(offer: Offer) -> Iterator[Item]:
    """The ways on: workspaces that are known, then the others."""
    for n, known in enumerate(offer.recent[:SHOWN], 1):
        path = short(Path(clean_line(known.path)))
        when = ago(known.at, offer.now)
        about = f"{path} · {when}" if when else path
        yield Item(known.path, clean_line(known.name) or path, about, key=str(n))
    yield Item("demo", _("Look at a sample shop"), _("a fresh copy; try anything"), key="d", apart=True)
    where = short(offer.folder) if offer.named else _("here or in another folder")
    yield Item("make", _("Make a workspace"), where, key="m")
    yield Item("quit", _("Quit"), key="q")


def short(path: Path) -> str:
    """A path as people write it: their own folder is ~."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    text = clean_line(str(path))
    return "~" + text.removeprefix(home) if home != "/" and (text + "/").startswith(home + "/") else text


def ago(at: str, now: datetime) -> str:
    """How long ago that was, in days; nothing when it cannot be told."""
    try:
        days = (now.date() - datetime.fromisoformat(at).astimezone(now.tzinfo).date()).days
    except ValueError:
        return ""
    if days < 0:
        return ""
    return (_("today"), _("yesterday"))[days] if days < 2 else ngettext("{n} day ago", "{n} days ago", days)  # noqa: PLR2004
