"""From field to field of a form, with a list of offers for the field one is in. What is typed is not judged here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from opstui.i18n import _
from opstui.ui.completion import Completion
from opstui.ui.ink import clip
from opstui.ui.screens.sheet import Sheet
from opstui.ui.widgets.form_line import LABEL, FormLine
from opstui.ui.widgets.key_line import Button, KeyLine
from opstui.ui.widgets.offer_list import OfferList

if TYPE_CHECKING:
    from textual.events import DescendantFocus, Key

    from opstui.ui.drafts import Typed
    from opstui.ui.rows import Row

SHOWN = 30
"""Cells of an offer in the last line."""
FEW = 3
"""Rows up to which the list stands under all of them; in a longer form it lies over the rows below its field."""


class Fields(Sheet[bool]):
    """A sheet of fields: `lines` are its rows, `offers` the list, `keys` the last line.

    `beneath`: the list has a place of its own, and lies over nothing. `alone`: there is but one row.

    Where there is but one row, what it can be completed with is offered before anything is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("tab", "go_on", show=False),
        Binding("ctrl+n", "offer(1)", show=False),
    ]

    def __init__(self, rows: Sequence[Row], left: Mapping[str, Typed], buttons: Sequence[Button]) -> None:
        """`left`: what was typed into rows when the console went away; `buttons` stand in the last line."""
        super().__init__()
        self.lines = [FormLine(row, left.get(row.name)) for row in rows]
        self.beneath, self.alone = len(rows) <= FEW, len(rows) == 1
        self.offers = OfferList()
        self.completion = Completion(self, self.offers, self._place, eager=self.alone)
        self.keys = KeyLine(*buttons)
        self._buttons = tuple(buttons)

    # ------------------------------------------------------------------ completing

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Another field."""
        line = next((line for line in self.lines if line.field is event.widget), None)
        if line is not None:
            self.completion.entered(line)

    def on_form_line_changed(self, event: FormLine.Changed) -> None:
        """A letter."""
        self.completion.typed(event.line)
        self.stay()

    def on_offer_list_clicked(self, event: OfferList.Clicked) -> None:
        """An offer was clicked."""
        if (line := self.here) is not None:
            self.completion.put(line, event.offer)
            line.field.focus()

    def on_offer_list_turned(self) -> None:
        """The last line says what the keys mean to the list."""
        self.keys.set(*self._meanings(), needed=1 if self.offers.shown and not self.alone else 2)

    def _meanings(self) -> tuple[Button, ...]:
        line, offer = self.here, self.offers.taken
        if line is None or not self.offers.shown:
            return self._buttons
        down, stays = Button("down", _("choose")), _("keep as it is")
        if offer is not None:
            take = Button("enter", _("take {offer}").format(offer=clip(offer.text, SHOWN)))
            return take, self._buttons[-1] if self.alone else Button("esc", stays, "cancel")
        away = Button("esc", _("no list"), "cancel")
        return (*self._buttons, down) if self.alone else (down, Button("enter", stays), self._buttons[0], away)

    def _place(self, line: FormLine) -> None:
        """Put the list under the row, or above it where there is no room; never over the keys if that can be."""
        field, last = line.field.region, self.keys.region.y
        below, above = last - field.bottom, field.y
        rows = self.offers.rows
        if self.beneath:
            left = 0 if line.has_class("-narrow") else LABEL
            self.offers.styles.margin = (0, 0, 0, left)
            self.offers.styles.height = max(1, min(rows, self.size.height - len(self.lines) - 3))
            return
        down = below >= rows or below >= above
        height = max(1, min(rows, below if down else above))
        self.offers.styles.height = height
        self.offers.styles.width = field.width
        self.offers.styles.offset = (field.x, field.bottom if down else field.y - height)

    @property
    def here(self) -> FormLine | None:
        """The row the cursor is in."""
        return next((line for line in self.lines if line.field is self.focused), None)

    def action_offer(self, by: int) -> None:
        """Ask for the list where it does not show; else its cursor."""
        line = self.here
        if line is not None and not self.completion.shown:
            self.completion.ask(line)
        else:
            self.completion.move(by)

    # ------------------------------------------------------------------ from field to field

    def action_step(self, by: int) -> None:
        """Down and up: in the list while there is one, else the next field."""
        if not self.completion.move(by):
            if by > 0:
                self.focus_next()
            else:
                self.focus_previous()

    def action_go_on(self) -> None:
        """Tab: what is chosen in the list, and on to the next field."""
        line = self.here
        if line is not None and (line.complete() or self.completion.unsure(line)):
            return
        if line is None or not self.completion.take(line) or not self._stays(line):
            self.focus_next()

    def on_input_submitted(self) -> None:
        """Enter: what is chosen in the list; on to the next field, or save."""
        line = self.here
        if line is not None and self.completion.unsure(line):
            return
        if line is None or not self.completion.take(line) or not self._stays(line):
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

    def action_save(self) -> None:
        """Enter in the last field."""
        raise NotImplementedError
