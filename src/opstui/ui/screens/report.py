"""A report to read, before something is done or after: it scrolls, and enter goes on where there is something next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from opstui.domain.model import clean
from opstui.i18n import _
from opstui.ui.screens.dialog import Dialog

MOST = 2000
"""Lines that are shown."""
WIDTH, LOW = 96, 12
"""Cells of the sheet, and lines of a terminal in which there is no room for air."""
Line = tuple[str, str]
"""A text and its style, "" for none."""


def hanging(text: str, style: str, width: int) -> Iterator[Content]:
    """A line wrapped to a width, what is carried over standing deeper than its beginning."""
    stripped = text.lstrip(" ")
    indent = min(len(text) - len(stripped), width // 2)
    for n, part in enumerate(Content(stripped).wrap(max(4, width - indent - 2)) or [Content("")]):
        line = Content(" " * (indent + 2 * bool(n))) + part
        yield line.stylize(style) if style else line


class Report(Dialog[bool]):
    """Gives True when the person goes on with what `go_on` names; without that there is only a way back."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", _("back")),
        Binding("enter", "go_on", _("go on")),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]
    DEFAULT_CSS = """
    Report { align: center middle; background: transparent;
        & > .sheet { width: 96; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1; }
        & > .sheet.-low { padding: 0; }
        &.-wide > .sheet.-airy { padding: 0; }
        & .title { text-style: bold; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & .keys { color: $muted; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & VerticalScroll { height: auto; max-height: 1fr; padding: 0 1; margin: 1 0; scrollbar-size-vertical: 1; }
        & .-low VerticalScroll { margin: 0; }
        & .body { height: auto; }
    }
    """

    def __init__(self, title: str, lines: Sequence[Line], go_on: str = "") -> None:
        """`lines` may come from people and files: nothing in them steers the terminal."""
        super().__init__()
        self._title, self._go_on = title, go_on
        self._lines = [(clean(text), style) for text, style in lines[:MOST]]
        if len(lines) > MOST:
            self._lines.append((_("and {n} more lines").format(n=len(lines) - MOST), "$muted"))
        self._fitted = 0

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        keys = _("enter {what}   esc back").format(what=self._go_on) if self._go_on else _("j k scroll   esc back")
        with Vertical(classes="sheet"):
            yield Static(Content(self._title), classes="title")
            with VerticalScroll():
                yield Static("", classes="body", markup=False)
            yield Static(Content(keys), classes="keys")

    def on_resize(self) -> None:
        """Lay the lines out anew; no air where there is no room for it, and title and keys always."""
        low = self.size.height < LOW
        self.query_one(".sheet").set_class(low, "-low").set_class(not low, "-airy")
        self.query_one(VerticalScroll).styles.max_height = max(1, self.size.height - (2 if low else 6))
        width = max(8, min(WIDTH, self.size.width) - 5)
        if width != self._fitted:
            self._fitted = width
            laid = (line for text, style in self._lines for line in hanging(text, style, width))
            self.query_one(".body", Static).update(Content("\n").join(laid))

    def action_back(self) -> None:
        """It has been read."""
        self.dismiss(result=False)

    def action_go_on(self) -> None:
        """Go on, if there is something to go on to; else it has been read."""
        self.dismiss(bool(self._go_on))

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def on_click(self) -> None:
        """The key line, clicked, is its first key."""
        if self._go_on and self.query_one(".keys").has_pseudo_class("hover"):
            self.action_go_on()
