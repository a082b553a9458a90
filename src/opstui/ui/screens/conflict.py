"""Two people changed one field: both texts are shown, and a person decides. Nothing is overwritten before that."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, Static

from opstui.i18n import _
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.key_line import Button, KeyLine

Verdict = Literal["theirs", "mine", "merge", "cancel"]
BESIDE = 100
"""Columns from which long texts stand side by side."""
LOW = 14
"""Lines below which nothing is left empty."""
AIRY = 24
"""Lines from which there is air around them."""
LINES = 8
"""Lines of the dialog that are not theirs or mine."""


class ConflictDialog(Dialog[Verdict]):
    """Theirs and mine, side by side or below each other; answers which is to stand, or both as one."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "choose('theirs')", _("keep theirs")),
        Binding("m", "choose('mine')", _("take mine")),
        Binding("b", "choose('merge')", _("both")),
        Binding("escape", "choose('cancel')", _("cancel")),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]
    DEFAULT_CSS = """
    ConflictDialog { align: center middle; background: $background;
        & > .sheet { width: 76; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & > .sheet.-airy { padding: 1 2; }
        & .title { text-style: bold; width: 1fr; height: auto; max-height: 2; }
        & .both {
            height: auto; layout: grid; grid-size: 1; grid-rows: auto; grid-gutter: 0 2;
            overflow-y: auto; scrollbar-size-vertical: 1;
        }
        & .whose { color: $muted; height: 1; margin-top: 1; width: 1fr; }
        &.-low .whose { margin-top: 0; }
        & .side { height: auto; }
        & .value { height: auto; background: $surface; padding: 0 1; scrollbar-size-vertical: 1; }
        & KeyLine { margin-top: 1; }
        &.-low KeyLine { margin-top: 0; }
        &.-beside > .sheet { width: 90%; max-width: 140; }
        &.-beside .both { grid-size: 2; }
    }
    """

    def __init__(self, title: str, theirs: str, mine: str, *, merge: bool = False) -> None:
        """Both as people read them. `merge`: whether the two can be made one."""
        super().__init__()
        self._title, self._theirs, self._mine, self._merge = title, theirs, mine, merge
        buttons = [
            Button("t", _("theirs"), "choose('theirs')"),
            Button("m", _("mine"), "choose('mine')"),
            Button("esc", _("back"), "choose('cancel')"),
        ]
        if merge:
            buttons.insert(2, Button("b", _("both"), "choose('merge')"))
        self._keys = KeyLine(*buttons, needed=len(buttons))

    def compose(self) -> ComposeResult:
        """Title, theirs, mine, keys."""
        with Vertical(classes="sheet"):
            yield Label(Content(self._title), classes="title")
            with Container(classes="both"):
                yield from self._side("theirs", _("theirs, saved meanwhile"), self._theirs)
                yield from self._side("mine", _("mine, not saved"), self._mine)
            yield self._keys

    @staticmethod
    def _side(name: str, whose: str, text: str) -> ComposeResult:
        with Vertical(classes="side"):
            yield Label(Content(whose), classes="whose")
            with VerticalScroll(classes="value", can_focus=False):
                yield Static(Content(text or _("(empty)")), id=name)

    def on_resize(self) -> None:
        """Long texts side by side where there is room; never higher than the terminal."""
        width, height = self.size
        long = "\n" in self._theirs + self._mine or len(self._theirs) + len(self._mine) > 2 * width
        beside = long and width >= BESIDE
        self.set_class(beside, "-beside")
        self.set_class(height < LOW, "-low")
        airy = height >= AIRY
        self.query_one(".sheet").set_class(airy, "-airy")
        self.query_one(".both").styles.max_height = max(1, height - (3 if height < LOW else 4) - 2 * airy)
        room = max(1, height - LINES - 2 * airy)
        for value in self.query(".value"):
            value.styles.max_height = room if beside else max(1, room // 2)

    def action_scroll(self, by: int) -> None:
        """Both texts at once: they are compared."""
        for value in (*self.query(VerticalScroll), self.query_one(".both")):
            value.scroll_relative(y=by, animate=False)

    def action_choose(self, verdict: Verdict) -> None:
        """Close with the verdict."""
        if verdict != "merge" or self._merge:
            self.dismiss(verdict)
