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
from opstui.ui.drafts import Draft, Typed
from opstui.ui.following import Following
from opstui.ui.ink import cells
from opstui.ui.readers import READERS
from opstui.ui.screens.fields import Fields
from opstui.ui.widgets.form_line import LOWEST, FormLine
from opstui.ui.widgets.key_line import Button

if TYPE_CHECKING:
    from textual.timer import Timer

    from opstui.ui.rows import Row

Save = Callable[[dict[str, Any]], Awaitable[str]]
"""Saves the values of the touched rows; gives a reason when that was refused."""


_WIDTH = 74
"""Cells inside the sheet where the terminal is wide enough."""
_KEPT = 2.0
"""Seconds of typing that a kill may cost."""
_AROUND = 10
"""Lines that a roomy sheet needs besides its fields."""
_ALONE = 8
"""Lines of the terminal that a text alone in its form leaves to others."""


def _buttons(rows: Sequence[Row], deed: str) -> tuple[Button, ...]:
    """Saving and giving up first; what else is worth saying where there is room for it."""
    save, cancel = Button("ctrl+o", deed or _("save"), "save"), Button("esc", _("cancel"), "cancel")
    if len(rows) > 1:
        return save, cancel, Button("enter", _("next field") if deed else _("next, on the last saves"))
    if rows[0].shape in LOWEST:
        return save, cancel, Button("enter", _("new line"))
    return Button("enter", deed or _("save"), "save"), cancel


class Form(Fields):
    """Ask for values; closes with True when they are saved, False when the person gave up."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", _("cancel")),
        Binding("ctrl+o,f2,ctrl+s", "save", _("save")),
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

    def __init__(
        self, title: str, rows: Sequence[Row], save: Save, note: str = "", draft: Draft | None = None, *, deed: str = ""
    ) -> None:
        """A form; `note` is shown under the title. A `draft` is what was typed when the console went away.

        `deed` is what it does in a word, where that is not saving.
        """
        left = draft.texts if draft else {}
        super().__init__(rows, left, _buttons(rows, deed))
        self._title, self._save, self._note, self._draft = title, save, note, draft
        if left and not note:
            self._note = _("what you typed here before the console ended; esc twice forgets it")
        self._following = Following(self.lines)
        self._saving = False
        self._keeping: Timer | None = None
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
            if self.beneath:
                yield self.offers
            yield self.keys
        if not self.beneath:
            self.offers.add_class("-over")
            yield self.offers

    def on_mount(self) -> None:
        """Let no row be higher than the terminal: the rows scroll, title and keys stay."""
        self._fit()
        self._following.begin()
        first = next((line for line in self.lines if line.row.first), self.lines[0])
        self.set_focus(first.field)  # at once: the keys that were held come next

    def on_resize(self) -> None:
        """Keep title and keys on the screen, and the field one is in."""
        self._fit()
        self.center()
        self.completion.hide()
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def _tell(self, wrong: str = "") -> None:
        """What is wrong, in place of the keys; or, when nothing is, the keys."""
        self.keys.tell(wrong)
        self._fit()

    def _fit(self) -> None:
        height, room = self.size.height, max(1, min(_WIDTH, self.size.width - 2))
        told = max(1, -(-cells(self.keys.told) // room))
        note = -(-cells(self._note) // room) if self._note else 0
        cramped = height < note + told + 3
        for shown in self.query(".note"):
            shown.display = not cramped
        note = 0 if cramped else note
        sections = sum(2 for line in self.lines if line.row.section)
        airy = height > sum(line.lowest for line in self.lines) + sections + note + _AROUND
        self.query(".sheet").set_class(airy, "-airy")
        for lines in self.query(".lines"):
            lines.styles.max_height = max(1, height - 1 - told - note - 4 * airy)
        for line in self.lines:
            line.fit(height - _ALONE - note if self.alone else height // 3, self.size.width)

        self.stay()

    # ------------------------------------------------------------------ leaving

    def on_form_line_changed(self, event: FormLine.Changed) -> None:
        """A field was changed: the person did not mean to give up. Others may follow from it."""
        self._following.changed(event.line)
        if self._draft and self._keeping is None:
            self._keeping = self.set_timer(_KEPT, self._keep_typed)
        if self._asked is not None and self._asked != [line.text for line in self.lines]:
            self._asked = None
            self._tell()

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that leaving would lose."""
        return any(line.touched for line in self.lines)

    def action_cancel(self) -> None:
        """Give up; nothing is changed. What was typed is not thrown away by one key: it has to be struck again."""
        if self.completion.shown and not self.alone:
            self.completion.pass_by()
            return
        texts = [line.text for line in self.lines]
        if self._asked != texts and self.unsaved:
            self._asked = texts
            self.completion.pass_by()
            self._tell(_("not saved: esc again to give up"))
        else:
            self._close(saved=False)

    def leave_behind(self) -> None:
        """The console ends: keep what was typed for the next time."""
        if self._draft and self.unsaved and not self._saving:
            self._draft.keep(self._typed())

    def _typed(self) -> dict[str, Typed]:
        return {line.row.name: Typed(line.row.text, line.text) for line in self.lines if line.touched}

    def _keep_typed(self) -> None:
        """A kill asks nobody: what was typed some seconds ago is on the disk, written where no key waits for it."""
        self._keeping = None
        if self._draft:
            READERS.submit(self._draft.keep, self._typed(), ended=False)

    def _close(self, *, saved: bool) -> None:
        if self._draft:
            self._draft.drop()
        self.dismiss(saved)

    def action_save(self) -> None:
        """Read every row, then save; the first mistake gets the cursor."""
        if (here := self.here) is not None:
            if self.completion.unsure(here):
                return
            self.completion.take(here)
        wrong = [line for line in self.lines if not line.check()]
        if wrong:
            self._show(wrong[0])
            return
        if not self._saving:
            self._saving, self._asked = True, None
            values = {
                line.row.name: line.row.read(line.text) for line in self.lines if line.touched or line.row.required
            }
            self.let_wait()
            self.run_worker(self._send(values))

    def _show(self, line: FormLine) -> None:
        """Go there, and see what is said beneath it."""
        line.field.focus()
        self.call_after_refresh(line.scroll_visible, animate=False)

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
            self._show(line)
        else:
            self._tell(reason)
        await self.take_keys()
