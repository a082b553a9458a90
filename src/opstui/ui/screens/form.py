"""The one form of the console: a new card, all fields of a card, or a single answer.

What was typed is read when the person leaves the field, so the reason stands where the mistake is; the form stays open
until the change is really saved, so that a refusal never costs anyone their typing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, Static

from opstui.i18n import _
from opstui.ui.completion import Completion
from opstui.ui.drafts import Draft, Typed
from opstui.ui.ink import cells
from opstui.ui.screens.sheet import Sheet
from opstui.ui.widgets.form_line import LABEL, FormLine
from opstui.ui.widgets.key_line import Button, KeyLine
from opstui.ui.widgets.offer_list import OfferList

if TYPE_CHECKING:
    from textual.events import DescendantFocus, Key

    from opstui.ui.rows import Row

Save = Callable[[dict[str, Any]], Awaitable[str]]
"""Saves the values of the touched rows; gives a reason when that was refused."""


_WIDTH = 74
"""Cells inside the sheet where the terminal is wide enough."""
_AROUND = 10
"""Lines that a roomy sheet needs besides its fields."""
_FEW = 3
"""Rows up to which the list stands under all of them; in a longer form it lies over the rows below its field."""
_ALONE = 8
"""Lines of the terminal that a text alone in its form leaves to others."""


class Form(Sheet[bool]):
    """Ask for values; closes with True when they are saved, False when the person gave up."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", _("cancel")),
        Binding("ctrl+o,f2,ctrl+s", "save", _("save")),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("tab", "go_on", show=False, priority=True),
        Binding("ctrl+n", "offer(1)", show=False),
    ]
    DEFAULT_CSS = """
    Form {
        & .-airy .lines { margin-top: 1; }
        & .-airy > KeyLine { margin-top: 1; }
        & .-airy .section { margin-top: 1; }
        & .lines { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
        & .section { color: $muted; text-style: bold; height: 1; width: 1fr; text-wrap: nowrap; }
        & .note { color: $muted; width: 1fr; height: auto; }
    }
    """

    def __init__(self, title: str, rows: Sequence[Row], save: Save, note: str = "", draft: Draft | None = None) -> None:
        """A form; `note` is shown under the title. A `draft` is what was typed when the console went away."""
        super().__init__()
        self._title, self._save, self._note, self._draft = title, save, note, draft
        left = draft.texts if draft else {}
        if left and not note:
            self._note = _("what you typed here before the console ended; esc twice forgets it")
        self.lines = [FormLine(row, left.get(row.name)) for row in rows]
        self._alone = len(rows) == 1
        self._beneath = len(rows) <= _FEW
        self._offers = OfferList()
        self._completion = Completion(self, self._offers, self._place, eager=self._alone)
        self._keys = KeyLine(*self._buttons())
        self._saving = False
        self._asked: list[str] | None = None
        """What stood in the fields when esc was not taken at its word; None when it was not asked."""

    def compose(self) -> ComposeResult:
        """Title, note, rows under the titles of their groups, keys. The list stands under a row that is alone."""
        with Vertical(classes="sheet"):
            yield Label(Content(self._title), classes="title")
            if self._note:
                yield Static(Content(self._note), classes="note")
            with VerticalScroll(classes="lines", can_focus=False):
                for line in self.lines:
                    if line.row.section:
                        yield Label(Content(line.row.section), classes="section")
                    yield line
            if self._beneath:
                yield self._offers
            yield self._keys
        if not self._beneath:
            self._offers.add_class("-over")
            yield self._offers

    def _buttons(self) -> tuple[Button, ...]:
        """Saving and giving up first; what else is worth saying where there is room for it."""
        save, cancel = Button("ctrl+o", _("save"), "save"), Button("esc", _("cancel"), "cancel")
        if not self._alone:
            return save, cancel, Button("enter", _("next, on the last saves"))
        if self.lines[0].tall:
            return save, cancel, Button("enter", _("new line"))
        return Button("enter", _("save"), "save"), cancel

    def on_mount(self) -> None:
        """Let no row be higher than the terminal: the rows scroll, title and keys stay."""
        self._fit()
        first = next((line for line in self.lines if line.row.first), self.lines[0])
        self.set_focus(first.field)

    def on_resize(self) -> None:
        """Keep title and keys on the screen, and the field one is in."""
        self._fit()
        self.center()
        self._completion.hide()
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def _tell(self, wrong: str = "") -> None:
        """What is wrong, in place of the keys; or, when nothing is, the keys."""
        self._keys.tell(wrong)
        self._fit()

    def _fit(self) -> None:
        height, room = self.size.height, max(1, min(_WIDTH, self.size.width - 2))
        told = max(1, -(-cells(self._keys.told) // room))
        note = -(-cells(self._note) // room) if self._note else 0
        cramped = height < note + told + 3
        for shown in self.query(".note"):
            shown.display = not cramped
        note = 0 if cramped else note
        sections = sum(2 for line in self.lines if line.row.section)
        airy = height > sum(line.lowest for line in self.lines) + sections + note + _AROUND
        self.query_one(".sheet").set_class(airy, "-airy")
        self.query_one(".lines").styles.max_height = max(1, height - 1 - told - note - 4 * airy)
        for line in self.lines:
            line.fit(height - _ALONE - note if self._alone else height // 3, self.size.width)

        self.stay()

    # ------------------------------------------------------------------ completing

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Another field."""
        line = next((line for line in self.lines if line.field is event.widget), None)
        if line is not None:
            self._completion.entered(line)

    def on_form_line_changed(self, event: FormLine.Changed) -> None:
        """A field was changed: the person did not mean to give up."""
        if self._asked is not None and self._asked != [line.text for line in self.lines]:
            self._asked = None
            self._tell()
        self._completion.typed(event.line)
        self.stay()

    def on_offer_list_clicked(self, event: OfferList.Clicked) -> None:
        """An offer was clicked."""
        if (line := self._here) is not None:
            self._completion.put(line, event.offer)
            line.field.focus()

    def _place(self, line: FormLine) -> None:
        """Put the list under the row, or above it where there is no room; never over the keys if that can be."""
        field, last = line.field.region, self._keys.region.y
        below, above = last - field.bottom, field.y
        rows = self._offers.rows
        if self._beneath:
            left = 0 if line.has_class("-narrow") else LABEL
            self._offers.styles.margin = (0, 0, 0, left)
            self._offers.styles.height = max(1, min(rows, self.size.height - len(self.lines) - 3))
            return
        down = below >= rows or below >= above
        height = max(1, min(rows, below if down else above))
        self._offers.styles.height = height
        self._offers.styles.width = field.width
        self._offers.styles.offset = (field.x, field.bottom if down else field.y - height)

    @property
    def _here(self) -> FormLine | None:
        """The row the cursor is in."""
        return next((line for line in self.lines if line.field is self.focused), None)

    def action_offer(self, by: int) -> None:
        """Ask for the list where it does not show; else its cursor."""
        line = self._here
        if line is not None and not self._completion.shown:
            self._completion.ask(line)
        else:
            self._completion.move(by)

    # ------------------------------------------------------------------ from field to field

    def action_step(self, by: int) -> None:
        """Down and up: in the list while there is one, else the next field."""
        if not self._completion.move(by):
            if by > 0:
                self.focus_next()
            else:
                self.focus_previous()

    def action_go_on(self) -> None:
        """Tab: what is chosen in the list, and on to the next field."""
        line = self._here
        if line is None or not self._completion.take(line) or not self._stays(line):
            self.focus_next()

    def on_input_submitted(self) -> None:
        """Enter: what is chosen in the list; on to the next field, or save."""
        line = self._here
        if line is None or not self._completion.take(line) or not self._stays(line):
            self._next()

    @staticmethod
    def _stays(line: FormLine) -> bool:
        """Whether another word may follow in this field."""
        return line.row.source is not None and line.row.source.listed

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

    # ------------------------------------------------------------------ leaving

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that leaving would lose."""
        return any(line.touched for line in self.lines)

    def action_cancel(self) -> None:
        """Give up; nothing is changed. What was typed is not thrown away by one key: it has to be struck again."""
        if self._completion.shown and not self._alone:
            self._completion.pass_by()
            return
        texts = [line.text for line in self.lines]
        if self._asked != texts and self.unsaved:
            self._asked = texts
            self._completion.pass_by()
            self._tell(_("not saved: esc again to give up"))
        else:
            self._close(saved=False)

    def leave_behind(self) -> None:
        """The console ends: keep what was typed for the next time."""
        if self._draft and self.unsaved and not self._saving:
            self._draft.keep({line.row.name: Typed(line.row.text, line.text) for line in self.lines if line.touched})

    def _close(self, *, saved: bool) -> None:
        if self._draft:
            self._draft.drop()
        self.dismiss(saved)

    def action_save(self) -> None:
        """Read every row, then save; the first mistake gets the cursor."""
        if (here := self._here) is not None:
            self._completion.take(here)
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
            self._close(saved=True)
            return
        name, _colon, why = reason.partition(": ")
        line = next((line for line in self.lines if line.row.name == name), None)
        if line is not None:
            line.say(why, wrong=True)
            line.field.focus()
        else:
            self._tell(reason)
