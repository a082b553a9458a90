"""One row of a form: label, field, and under it how it was understood or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from opstui.i18n import _
from opstui.ui.widgets.choice import Choice
from opstui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from opstui.ui.drafts import Typed
    from opstui.ui.rows import Row
    from opstui.ui.widgets.text_box import TextBox

LOWEST = {"long": 3, "list": 2}
"""Shape -> rows that a field of several lines has at least."""
LABEL = 16
"""Cells of the label."""
NARROW = 30
"""Columns below which there is no room beside a label."""


class FormLine(Widget):
    """A row of the form. `text` is what stands in the field, `touched` whether the person changed it."""

    DEFAULT_CSS = """
    FormLine { height: auto; layout: grid; grid-size: 2; grid-columns: 16 1fr; grid-rows: auto;
        & > .label { color: $muted; height: 1; width: 15; text-wrap: nowrap; text-overflow: ellipsis; }
        &:focus-within > .label { color: $text; text-style: bold; }
        & > Choice { offset-x: -1; background: $panel; }
        & > Choice:focus { background: $lane; }
        &:ansi .text-area--placeholder { text-style: dim; }
        &.-narrow > Choice { offset-x: 0; }
        & > .said { column-span: 2; height: auto; padding-left: 16; color: $muted; display: none; }
        & > .said.-shown { display: block; }
        & > .said.-wrong { color: $late; }
        & > Input, & > TextArea { background: $surface; }
        & > Input:focus, & > TextArea:focus { background: $lane; background-tint: $foreground 0%; }
        & .text-area--placeholder { color: $text-disabled; }
        & > TextArea { border: none; padding: 0; scrollbar-size-vertical: 1; }
        &.-narrow { grid-size: 1; grid-columns: 1fr; }
        &.-narrow > .said { column-span: 1; padding-left: 1; }
    }
    """

    class Changed(Message):
        """The text of the field is another one."""

        def __init__(self, line: FormLine) -> None:
            """Which row it is."""
            super().__init__()
            self.line = line

    def __init__(self, row: Row, left: Typed | None = None) -> None:
        """A line for the row; it begins with what was `left` in it the last time."""
        super().__init__()
        self.row = row
        self._left = left
        self.field = self._field(left.text if left else row.text)
        self._shown = ("", False)
        self._remark = ""

    @property
    def tall(self) -> bool:
        """Whether the field has several lines."""
        return self.row.shape in LOWEST

    def _field(self, text: str) -> Input | Choice | TextBox:
        row = self.row
        if row.choices:
            return Choice(row.choices, text)
        if self.tall:
            from opstui.ui.widgets.text_box import TextBox  # noqa: PLC0415 - 7 ms, only for long texts

            return TextBox(text, lowest=LOWEST[row.shape], placeholder=row.hint)
        if row.complete:
            from opstui.ui.widgets.completing import Completing  # noqa: PLC0415 - only for paths

            return Completing(row.complete, text, row.hint)
        field = TextLine(text, placeholder=row.hint, compact=True, select_on_focus=not row.grows)
        field.cursor_blink = False
        return field

    def complete(self) -> bool:
        """Take what the text would become; False where there is no more to take."""
        found = self.row.complete(self.text) if self.row.complete and self.text else ""
        if not found or found == self.text or not isinstance(self.field, Input):
            return False
        self.field.value = found
        self.field.cursor_position = len(found)
        return True

    def compose(self) -> ComposeResult:
        """Label, field, echo."""
        yield Label(Content(self.row.label), classes="label")
        yield self.field
        yield Static("", classes="said", markup=False)

    def on_mount(self) -> None:
        """A choice tells of itself by its value; what was typed before (a draft) is read at once."""
        if isinstance(self.field, Choice):
            self.watch(self.field, "value", self._typed, init=False)
        self.fit()
        if self.touched:
            self.on_input_changed()

    def fit(self, highest: int = 0, width: int = 0) -> None:
        """Give a field of several lines its height: that of its text, up to `highest` rows.

        Where the terminal is `width` cells and that is narrow, the label stands above the field.
        """
        if width:
            self.set_class(width < NARROW, "-narrow")
        if self.tall:
            rows = self.field.fit(highest)  # type: ignore[union-attr]
            self.styles.grid_rows = f"1 {rows} auto" if self.has_class("-narrow") else f"{rows} auto"

    @property
    def lowest(self) -> int:
        """Rows it takes at least."""
        return LOWEST.get(self.row.shape, 1)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.text if hasattr(self.field, "text") else str(self.field.value)

    def put(self, text: str) -> None:
        """Have this stand in the field, with the cursor behind it."""
        if isinstance(self.field, Input):
            self.field.value = text
            self.field.cursor_position = len(text)
        elif isinstance(self.field, Choice):
            self.field.value = text
        else:
            self.field.text = text

    @property
    def touched(self) -> bool:
        """Whether the person changed it."""
        return self.text != self.row.text

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show an echo or a reason under the field; nothing when empty."""
        if (text, wrong) == self._shown:
            return
        self._shown = (text, wrong)
        said = self.query_one(".said", Static)
        said.update(Content(text))
        said.set_class(bool(text), "-shown")
        said.set_class(wrong, "-wrong")

    def check(self) -> bool:
        """Read the field; a mistake is shown under it."""
        if self.row.required and not self.text.strip():
            self.say(_("this one is needed"), wrong=True)
            return False
        try:
            if self.text.strip() or self.row.shape != "text":
                self.row.read(self.text)
            self._echo()
        except ValueError as wrong:
            self.say(str(wrong), wrong=True)
            return False
        return True

    def _echo(self) -> None:
        if self._left and self.text == self._left.text and self._left.before != self.row.text:
            there = self.row.text or _("nothing")
            self.say(_("changed meanwhile; there stands: {text}").format(text=there), wrong=True)
            return
        said = self.row.echo(self.text) if self.touched else ""
        self.say(" · ".join(part for part in (said, self._remark) if part and part != self.text))

    def remark(self, text: str) -> None:
        """Something that is said of the field besides how it is understood; "" for nothing."""
        if text != self._remark:
            self._remark = text
            self.on_input_changed()

    def on_input_changed(self) -> None:
        """Echo as one types; complaints wait until the field is left, and doubts while there is something to take."""
        try:
            if self._begun:
                self.say("")
            else:
                self._echo()
        except ValueError:
            self.say("")
        self._typed()

    def on_text_area_changed(self) -> None:
        """The same for a text; it may need another row."""
        self.fit()
        self.on_input_changed()

    @property
    def _begun(self) -> bool:
        """Whether what is typed is on the way to one of the few things that can be meant here."""
        source, text = self.row.source, self.text.strip()
        return bool(source and source.closed and not source.slow and text and self.touched and source.find(text))

    def _typed(self) -> None:
        self.post_message(self.Changed(self))

    def on_descendant_blur(self) -> None:
        """Judge the field when it is left."""
        if self.touched and self.is_attached and self.screen.is_current:
            self.check()

    def on_click(self) -> None:
        """A click anywhere in the row goes into its field."""
        self.field.focus()
