"""What the screens have in common that lay a list over the board: a title, the rows, and a line of keys at the foot.

The board's header stays in sight above them, and the board goes on behind: its screen tells them of news, so that what
others change appears in an open list too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.domain.model import Refused
from opstui.store.protocol import StoreError
from opstui.ui.ink import fullest
from opstui.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from textual.events import Click
    from textual.widget import Widget

    from opstui.ui.live import News
    from opstui.ui.widgets.entries import Section
    from opstui.ui.widgets.listing import Listing

Answer = TypeVar("Answer")


class ListScreen(Dialog[Answer]):
    """A list over the board. `keys` are wordings of its keys, the fullest first; the first that fits is shown.

    `bare` are those while there is no row: only what works then.
    """

    DEFAULT_CSS = """
    ListScreen { background: transparent;
        & > .sheet { width: 100%; height: 1fr; margin-top: 1; background: $panel; }
        & .top { height: 1; padding: 0 1; }
        & .title { width: 1fr; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & .note { width: auto; max-width: 60%; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & .top, & Listing { max-width: 150; }
        & Listing { margin-top: 1; }
        & .keys { height: 1; padding: 0 1; color: $muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys.-wrong { color: $late; }
    }
    """
    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 - declared so by Textual
    """It takes the whole width: there is nothing to be told from."""
    AUTO_FOCUS = "Listing"
    keys: Sequence[str] = ()
    bare: Sequence[str] = ()
    rows: Listing
    said = ""
    """What was told last."""

    def compose(self) -> ComposeResult:
        """Title and note, what is typed, the rows, the keys."""
        with Vertical(classes="sheet"):
            with Horizontal(classes="top"):
                yield Static("", classes="title", markup=False)
                yield Static("", classes="note", markup=False)
            yield from self.above()
            yield self.rows
            yield Static("", classes="keys", markup=False)

    def above(self) -> Sequence[Widget]:
        """What stands between the title and the rows."""
        return ()

    def on_mount(self) -> None:
        """Fill it."""
        self.fill()
        self.tell()

    def fill(self) -> None:
        """Show the rows as they are now."""
        raise NotImplementedError

    def on_news(self, event: News) -> None:
        """Something was changed."""
        self.news(event.cards)

    def news(self, cards: frozenset[int] | None) -> None:
        """Something changed in the workspace: these cards, or something else; None: too much to say what."""
        del cards
        self.fill()

    def on_resize(self) -> None:
        """The keys that fit."""
        if not self.query(".keys"):
            return
        self.tell()

    def on_click(self, event: Click) -> None:
        """A click beside the list, on the board's own header, goes back to the board."""
        if event.widget is self:
            self.dismiss(None)

    def head(self, title: str, note: str = "") -> None:
        """What the list is, and what is to be said of it."""
        self.query_one(".title", Static).update(Content(title))
        self.query_one(".note", Static).update(Content(note))

    def tell(self, text: str = "", *, wrong: bool = False) -> None:
        """What happened, at the foot; with nothing to tell, the keys."""
        self.said = text
        room = self.size.width - 2
        ways = self.wordings()
        keys = fullest(ways, room) or (ways[-1] if ways else "")
        foot = self.query_one(".keys", Static)
        foot.update(Content(text or keys))
        foot.set_class(wrong, "-wrong")

    def wordings(self) -> Sequence[str]:
        """The keys that mean something now."""
        return self.keys if self.rows.count else self.bare or self.keys

    def lay(self, sections: Sequence[Section], empty: str = "") -> None:
        """Other rows, and the keys that go with them; `empty` is what is said where there is none."""
        self.rows.show(sections, empty=empty)
        if not self.said:
            self.tell()

    async def attempt(self, step: Awaitable[str]) -> bool:
        """Do something and tell what came of it; whether it was done."""
        try:
            said = await step
        except (Refused, StoreError) as no:
            self.tell(str(no), wrong=True)
            return False
        self.fill()
        self.tell(said)
        return True
