"""The small list by the field one types in: what could be meant, with the letters that matched.

It never has the focus: the field keeps it, and the form moves the cursor here. Only the row under the cursor is taken,
so that typing something new needs no extra key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.message import Message

from opstui.ui.glyphs import MARKS
from opstui.ui.offers import Offer
from opstui.ui.widgets.paint import Line, Painted, Part, row

MOST = 6
"""Rows of the list; the cursor scrolls it."""
GROUND = "lane"


class OfferList(Painted):
    """A list without focus. `show` it offers, `move` the cursor, `taken` is the offer under it."""

    DEFAULT_CSS = """
    OfferList { height: 1; width: 1fr; display: none;
        &.-shown { display: block; }
        &.-over { overlay: screen; position: absolute; }
    }
    """

    @dataclass
    class Clicked(Message):
        """A row was clicked."""

        offer: Offer

    class Turned(Message):
        """Something else is offered, or chosen."""

    def __init__(self) -> None:
        """Nothing to offer yet."""
        super().__init__()
        self.offers: tuple[Offer, ...] = ()
        self.cursor = -1

    def show(self, offers: Sequence[Offer], cursor: int = -1) -> None:
        """Other offers; `cursor` -1 stands on none."""
        if (self.offers, self.cursor) != (tuple(offers), cursor):
            self.post_message(self.Turned())
        self.offers, self.cursor = tuple(offers), cursor
        self.styles.height = max(1, min(MOST, len(self.offers)))
        self.set_class(bool(self.offers), "-shown")
        self.redraw()

    @property
    def shown(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.offers)

    @property
    def rows(self) -> int:
        """How many rows it wants."""
        return min(MOST, len(self.offers))

    @property
    def taken(self) -> Offer | None:
        """The offer under the cursor."""
        return self.offers[self.cursor] if 0 <= self.cursor < len(self.offers) else None

    def move(self, by: int) -> None:
        """The cursor up or down; above the first row it stands on none."""
        to = max(-1, min(len(self.offers) - 1, self.cursor + by))
        if to != self.cursor:
            self.cursor = to
            self.update_lines(range(self.size.height))
            self.post_message(self.Turned())

    @property
    def _first(self) -> int:
        height = max(1, self.size.height)
        return max(0, min(self.cursor - height // 2, len(self.offers) - height))

    def draw_group(self, y: int, group: int) -> Line:  # noqa: ARG002 - a line is one stretch
        """One offer."""
        width, blank = self.size.width, self.ink("ink", GROUND)
        at = self._first + y
        if at >= len(self.offers) or width < 3:  # noqa: PLR2004 - the bar and a cell on each side
            return [Segment(" " * width, blank)]
        offer, here = self.offers[at], at == self.cursor
        bar = Segment(MARKS["cursor"] if here else " ", self.ink("accent", GROUND))
        left: list[Part] = [*self._letters(offer, here=here)]
        if offer.about:
            left.append((f"  {offer.about}", self.ink("ink" if here else "muted", GROUND)))
        right = [(offer.note, self.ink("muted", GROUND))] if offer.note else []
        return [bar, *row(left, right, width - 2, blank), Segment(" ", blank)]

    def _letters(self, offer: Offer, *, here: bool) -> list[Part]:
        """The text in stretches; the letters that matched are bold and in the accent colour."""
        plain, marked = self.ink("ink", GROUND, bold=here), self.ink("accent", GROUND, bold=True)
        parts: list[Part] = []
        for at, letter in enumerate(offer.text):
            style = marked if at in offer.places else plain
            if parts and parts[-1][1] == style:
                parts[-1] = (parts[-1][0] + letter, style)
            else:
                parts.append((letter, style))
        return parts

    def on_click(self, event: events.Click) -> None:
        """Take that one."""
        event.stop()
        at = self._first + event.y
        if at < len(self.offers):
            self.post_message(self.Clicked(self.offers[at]))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.move(-1)
