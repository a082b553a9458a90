"""The one form of the console: a new card, all fields of a card, or a single answer.

What was typed is read when the person leaves the field, so the reason stands where the mistake is; the form stays open
until the change is really saved, so that a refusal never costs anyone their typing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from opstui.i18n import _
from opstui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from textual.events import Key
    from textual.widgets import TextArea

    from opstui.ui.rows import Row

Save = Callable[[dict[str, Any]], Awaitable[str]]
"""Saves the values of the touched rows; gives a reason when that was refused."""


_WIDTH = 74
"""Cells inside the sheet where the terminal is wide enough."""


class FormLine(Widget):
    """One row of the form: label, field, and under it how it was understood or what is wrong."""

    DEFAULT_CSS = """
    FormLine { height: auto; layout: grid; grid-size: 2; grid-columns: 15 1fr; grid-rows: auto;
        &.-long { grid-rows: 5 auto; }
        & > .label { color: $muted; height: 1; }
        & > .said { column-span: 2; height: auto; padding-left: 15; color: $muted; display: none; }
        & > .said.-shown { display: block; }
        & > .said.-wrong { color: $late; }
        & > Input, & > TextArea { background: $surface; }
        & > Input:focus, & > TextArea:focus { background: $lane; }
        & > TextArea { height: 5; border: none; padding: 0 1; }
    }
    """

    class Left(Message):
        """The person is done with this row."""

    def __init__(self, row: Row) -> None:
        """A line for the row."""
        super().__init__()
        self.row = row
        self.field = self._field()
        self.set_class(row.shape == "long", "-long")
        self._shown = ("", False)

    def _field(self) -> Input | Choice | TextArea:
        row = self.row
        if row.choices:
            return Choice(row.choices, row.text)
        if row.shape == "long":
            from textual.widgets import TextArea  # noqa: PLC0415 - 7 ms, only for long texts

            area = TextArea(row.text, compact=True, show_line_numbers=False, highlight_cursor_line=False)
            area.cursor_blink = False
            return area
        if row.complete:
            from opstui.ui.widgets.completing import Completing  # noqa: PLC0415 - only for paths

            return Completing(row.complete, row.text, row.hint)
        suggester = SuggestFromList(row.suggest, case_sensitive=False) if row.suggest else None
        field = Input(row.text, placeholder=row.hint, compact=True, suggester=suggester, select_on_focus=True)
        field.cursor_blink = False
        return field

    def compose(self) -> ComposeResult:
        """Label, field, echo."""
        yield Label(Content(self.row.label), classes="label")
        yield self.field
        yield Static("", classes="said", markup=False)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.text if hasattr(self.field, "text") else str(self.field.value)

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
        said = self.row.echo(self.text) if self.touched else ""
        self.say("" if said == self.text else said)

    def on_input_changed(self) -> None:
        """Echo as one types; complaints wait until the field is left."""
        try:
            self._echo()
        except ValueError:
            self.say("")

    def on_descendant_blur(self) -> None:
        """Judge the field when it is left."""
        if self.touched and self.is_attached and self.screen.is_current:
            self.check()


class Form(ModalScreen[bool]):
    """Ask for values; closes with True when they are saved, False when the person gave up."""

    AUTO_FOCUS = "Input, Choice, TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", _("cancel")),
        Binding("ctrl+s", "save", _("save")),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    Form { align: center middle; background: transparent;
        & > .sheet { width: 76; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & > .sheet.-airy { padding: 1 2; }
        & .title { text-style: bold; width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & .-airy .lines { margin: 1 0; }
        & .lines { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
        & .note { color: $muted; width: 1fr; height: auto; }
        & .keys { color: $muted; height: 1; }
        & .keys.-wrong { color: $late; height: auto; }
    }
    """

    def __init__(self, title: str, rows: Sequence[Row], save: Save, note: str = "") -> None:
        """A form; `note` is shown under the title, for example the names that could be typed."""
        super().__init__()
        self._title, self._save, self._note = title, save, note
        self._told = ""
        self.lines = [FormLine(row) for row in rows]
        self._saving = False
        self._asked: list[str] | None = None
        """What stood in the fields when esc was not taken at its word; None when it was not asked."""

    def compose(self) -> ComposeResult:
        """Title, note, rows, keys."""
        with Vertical(classes="sheet"):
            yield Label(Content(self._title), classes="title")
            if self._note:
                yield Static(Content(self._note), classes="note")
            with VerticalScroll(classes="lines", can_focus=False):
                yield from self.lines
            yield Static("", classes="keys", markup=False)

    @property
    def _keys(self) -> str:
        """Saving and giving up first; what else is worth saying where there is room for it."""
        room = min(_WIDTH, self.size.width - 2)
        both = _("ctrl+s save   esc cancel")
        ways = (f"{both}   {enter}" if (enter := self._enter) else both, both, _("^s save esc cancel"))
        return next((way for way in ways if cell_len(way) <= room), ways[-1])

    @property
    def _enter(self) -> str:
        last = self.lines[-1].row.shape == "long"
        if len(self.lines) > 1:
            return _("enter next, on the last saves")
        return "" if last else _("enter save")

    def on_mount(self) -> None:
        """Let no row be higher than the terminal: the rows scroll, title and keys stay."""
        self._tell()
        for line in self.lines:
            if isinstance(line.field, Choice):
                self.watch(line.field, "value", self._typed, init=False)

    def on_resize(self) -> None:
        """Keep title and keys on the screen."""
        self._tell(self._told)

    def _tell(self, wrong: str = "") -> None:
        """What is wrong, under the fields; or, when nothing is, the keys."""
        self._told = wrong
        keys = self.query_one(".keys", Static)
        keys.update(Content(wrong or self._keys))
        keys.set_class(bool(wrong), "-wrong")
        self._fit()

    def _fit(self) -> None:
        room = max(1, min(_WIDTH, self.size.width - 2))
        note = -(-cell_len(self._note) // room) if self._note else 0
        told = max(1, -(-cell_len(self._told) // room))
        cramped = self.size.height < note + told + 3
        for shown in self.query(".note"):
            shown.display = not cramped
        note = 0 if cramped else note
        fields = sum(5 if line.row.shape == "long" else 1 for line in self.lines)
        airy = self.size.height > fields + note + 10
        self.query_one(".sheet").set_class(airy, "-airy")
        self.query_one(".lines").styles.max_height = max(1, self.size.height - 1 - told - note - 4 * airy)

    def on_input_submitted(self) -> None:
        """Enter: on to the next field, or save."""
        self._next()

    def on_choice_taken(self) -> None:
        """A choice was made with its letter or enter."""
        self._next()

    def _next(self) -> None:
        if self.focused is self.lines[-1].field:
            self.action_save()
        else:
            self.focus_next()

    def on_key(self, event: Key) -> None:
        """Keys that no field wanted go nowhere: the board under the form must not hear them."""
        if event.is_printable:
            event.stop()

    def action_cancel(self) -> None:
        """Give up; nothing is changed. What was typed is not thrown away by one key: it has to be struck again."""
        texts = [line.text for line in self.lines]
        if self._asked != texts and any(line.touched for line in self.lines):
            self._asked = texts
            self._tell(_("not saved: esc again to give up"))
        else:
            self.dismiss(result=False)

    def _typed(self) -> None:
        """The person went on: they did not mean to give up."""
        if self._asked is not None and self._asked != [line.text for line in self.lines]:
            self._asked = None
            self._tell()

    def on_input_changed(self) -> None:
        """A line of text was changed."""
        self._typed()

    def on_text_area_changed(self) -> None:
        """A long text was changed."""
        self._typed()

    def action_save(self) -> None:
        """Read every row, then save; the first mistake gets the cursor."""
        wrong = [line for line in self.lines if not line.check()]
        if wrong:
            wrong[0].field.focus()
            return
        if not self._saving:
            self._saving, self._asked = True, None
            values = {
                line.row.name: line.row.read(line.text) for line in self.lines if line.touched or line.row.required
            }
            self.run_worker(self._send(values))

    async def _send(self, values: dict[str, Any]) -> None:
        reason = await self._save(values)
        self._saving = False
        if not reason:
            self.dismiss(result=True)
            return
        name, _colon, why = reason.partition(": ")
        line = next((line for line in self.lines if line.row.name == name), None)
        if line is not None:
            line.say(why, wrong=True)
            line.field.focus()
        else:
            self._tell(reason)
