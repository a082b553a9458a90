"""The line in which a filter is typed; every letter narrows the board, and a mistake is told beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from opstui.i18n import _


class _Query(Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False),
        Binding("down,enter", "keep", show=False),
    ]

    def action_give_up(self) -> None:
        self.value = ""
        self.post_message(FilterLine.Left(clear=True))

    def action_keep(self) -> None:
        self.post_message(FilterLine.Left(clear=False))


class FilterLine(Horizontal):
    """`/` opens it; enter keeps the filter and goes back to the board, esc clears it."""

    DEFAULT_CSS = """
    FilterLine { height: 1; background: $panel; color: $ink;
        & > #slash { width: auto; color: $accent; padding: 0 1; }
        & > _Query { width: 1fr; background: $panel; padding: 0; }
        & > _Query:focus { background: $panel; }
        & > #told { width: auto; max-width: 60%; color: $muted; padding: 0 1; }
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

    def compose(self) -> ComposeResult:
        """Mark, query, what it finds."""
        yield Static("/", id="slash", markup=False)
        query = _Query(
            compact=True, placeholder=_("words, owner:me, is:late, due:this-week, tag:vip"), select_on_focus=False
        )
        query.cursor_blink = False
        yield query
        yield Static("", id="told", markup=False)

    def begin(self, query: str) -> None:
        """Show a filter and let it be typed on."""
        field = self.query_one(_Query)
        with self.prevent(Input.Changed):
            field.value = query
        field.cursor_position = len(query)
        field.focus()

    def put(self, query: str) -> None:
        """Show a filter that was not typed here."""
        with self.prevent(Input.Changed):
            self.query_one(_Query).value = query

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """What it finds, or why it cannot be read."""
        told = self.query_one("#told", Static)
        told.set_class(wrong, "-wrong")
        told.update(Content(text))

    def on_input_changed(self, event: Input.Changed) -> None:
        """A letter."""
        event.stop()
        self.post_message(self.Typed(event.value))
