"""The line in which a filter is typed; every letter narrows the board, and a mistake is told beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from opstui.i18n import _
from opstui.ui.ink import cells
from opstui.ui.widgets.text_line import Line

if TYPE_CHECKING:
    from opstui.projections.filter_offers import Offer

Complete = Callable[[str], "Offer"]
"""What may come next in a query."""
LEAST = 12
"""Cells that what is typed, and what is told of it, have at least."""
KEPT = 50
"""Filters remembered for the up key."""


class _Ghost(Suggester):
    """Shows the first of what may come next, faintly, behind what is typed."""

    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return next((whole for whole in self._complete(value).wholes if whole.startswith(value)), None)


class _Query(Line):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False),
        Binding("down,enter", "keep", show=False),
        Binding("tab", "complete(1)", show=False),
        Binding("shift+tab", "complete(-1)", show=False),
        Binding("up", "earlier", show=False),
    ]
    complete: Complete
    _round: tuple[str, ...] = ()
    """What tab goes round."""

    def action_give_up(self) -> None:
        self.value = ""
        self.post_message(FilterLine.Left(clear=True))

    def action_keep(self) -> None:
        self.post_message(FilterLine.Left(clear=False))

    def action_complete(self, by: int) -> None:
        """The next of what may come here; again for the one after it."""
        if self.value not in self._round:
            wholes = self.complete(self.value).wholes
            self._round = wholes if wholes[:1] == (self.value,) else (self.value, *wholes)
            at = 0 if by > 0 else len(self._round)
        else:
            at = self._round.index(self.value)
        if len(self._round) > 1:
            self.value = self._round[(at + by) % len(self._round)]
            self.cursor_position = len(self.value)

    def action_earlier(self) -> None:
        """A filter from before, older with each key."""
        self.post_message(FilterLine.Earlier())


def whole_words(text: str, room: int) -> str:
    """As many words of a text as there is room for, and a mark where some are left out; at least two."""
    words = text.split()
    while len(words) > 2 and cells(" ".join(words)) > room:  # noqa: PLR2004 - one says nothing
        words = [*words[: -2 if words[-1] == "…" else -1], "…"]
    return " ".join(words).replace(", …", " …")


class FilterLine(Horizontal):
    """`/` opens it; enter keeps the filter and goes back to the board, esc clears it."""

    DEFAULT_CSS = """
    FilterLine { height: 1; background: $panel; color: $ink;
        & > #slash { width: auto; color: $accent; padding: 0 1; }
        & > _Query { width: 1fr; background: $panel; padding: 0; }
        & > _Query:focus { background: $panel; background-tint: $foreground 0%; }
        & > #told { width: auto; max-width: 60%; color: $muted; padding: 0 1; }
        & > #told { text-wrap: nowrap; text-overflow: ellipsis; }
        & > #told.-wrong { color: $late; }
    }
    """

    @dataclass
    class Typed(Message):
        """The filter as it now reads."""

        query: str

    @dataclass
    class Left(Message):
        """The person is done with it; `clear` when the filter is to go."""

        clear: bool

    class Earlier(Message):
        """A filter from before is wanted."""

    def __init__(self, complete: Complete) -> None:
        """`complete` says what may come next."""
        super().__init__()
        self._complete = complete
        self._told = "", False
        self._before: list[str] = []
        """Filters that were kept, newest last."""

    def compose(self) -> ComposeResult:
        """Mark, query, what it finds."""
        yield Static("/", id="slash", markup=False)
        query = _Query(
            compact=True,
            placeholder=_("words, owner:me, is:late, due:this-week, tag:vip"),
            select_on_focus=False,
            suggester=_Ghost(self._complete),
        )
        query.complete = self._complete
        query.cursor_blink = False
        yield query
        yield Static("", id="told", markup=False)

    @property
    def text(self) -> str:
        """What stands in it."""
        return str(self.query_one(_Query).value)

    def begin(self, query: str) -> None:
        """Show a filter and let it be typed on."""
        field = self.query_one(_Query)
        with self.prevent(Input.Changed):
            field.value = query
        field.cursor_position = len(query)
        field.focus()

    def remember(self, query: str) -> None:
        """This one was of use: the up key brings it back."""
        query = query.strip()
        if query:
            self._before = [*(q for q in self._before if q != query), query][-KEPT:]

    def on_filter_line_earlier(self, event: Earlier) -> None:
        """The one before what stands there; before the oldest comes the newest."""
        event.stop()
        field = self.query_one(_Query)
        if self._before:
            at = self._before.index(field.value) if field.value in self._before else 0
            field.value = self._before[at - 1]
            field.cursor_position = len(field.value)

    def put(self, query: str) -> None:
        """Show a filter that was not typed here."""
        with self.prevent(Input.Changed):
            self.query_one(_Query).value = query

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """What it finds, or why it cannot be read."""
        self._told = text, wrong
        told = self.query_one("#told", Static)
        told.set_class(wrong, "-wrong")
        room = self.size.width - 3 - max(LEAST, cells(self.query_one(_Query).value) + 1)
        told.styles.max_width = max(LEAST, room) if wrong else None
        told.update(Content(whole_words(text, room - 2) if wrong else text))

    def on_resize(self) -> None:
        """As much of a reason as there is room for."""
        if self._told[1]:
            self.tell(self._told[0], wrong=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """A letter."""
        event.stop()
        self.post_message(self.Typed(event.value))
