"""What the last bulk action came to, card by card: the refused ones first, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from opstui.domain.model import Doc
from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.ink import Ink
from opstui.ui.screens.dialog import Dialog
from opstui.ui.widgets.long_list import GROUND, LongList
from opstui.ui.widgets.paint import Part

if TYPE_CHECKING:
    from opstui.ui.each import Outcome


class ResultScreen(Dialog[int]):
    """Gives the card whose row was taken, to go to it; 0 when the person closed the list."""

    AUTO_FOCUS = "LongList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", _("close")),
        Binding("enter", "take", _("go to the card")),
    ]
    DEFAULT_CSS = """
    ResultScreen { align: center middle; background: transparent;
        & > .sheet { width: 100; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 0 1; }
        & .title { text-style: bold; height: auto; max-height: 3; }
        & .why { color: $late; height: 2; }
        & .keys { color: $muted; height: 1; }
        & LongList { max-height: 1fr; }
    }
    """

    def __init__(self, outcome: Outcome, card: Callable[[int], Doc | None]) -> None:
        """`card` gives a card's document by its id."""
        super().__init__()
        counts = _("{done} done, {refused} refused").format(done=len(outcome.done), refused=len(outcome.refused))
        self._title, self._card = f"{outcome.told.partition(' · ')[0]} · {counts}", card
        self._rows = [*outcome.refused, *((done, "") for done in outcome.done)]
        self._list = LongList(self._reads)

    def compose(self) -> ComposeResult:
        """What was told, the cards, keys."""
        with Vertical(classes="sheet"):
            yield Static(Content(self._title), classes="title")
            yield self._list
            yield Static("", classes="why", markup=False)
            yield Static(Content(_("enter go to the card   esc close   refused cards stay marked")), classes="keys")

    def on_mount(self) -> None:
        """As high as the cards need, or as there is room for."""
        self._list.styles.height = len(self._rows)
        self._list.show(len(self._rows))

    def _reads(self, n: int, ink: Ink, here: bool) -> tuple[list[Part], list[Part]]:  # noqa: FBT001
        card, why = self._rows[n]
        doc = self._card(card) or {}
        name = doc.get("customer") or doc.get("title") or ""
        mark: Part = (f"{MARKS['bad']} ", ink("late", GROUND)) if why else (f"{MARKS['good']} ", ink("ok", GROUND))
        ref: Part = (f"{doc.get('ref', '?')}  ", ink("accent" if here else "muted", GROUND, bold=here))
        if why:
            return [mark, ref, (why, ink("ink", GROUND))], []
        return [mark, ref, (name, ink("ink", GROUND))], [(_("done"), ink("faint", GROUND))]

    def on_long_list_pointed(self) -> None:
        """The whole reason: a row has room for its beginning."""
        why = self._rows[self._list.cursor][1] if self._rows else ""
        self.query_one(".why", Static).update(Content(why))

    def on_long_list_taken(self) -> None:
        """A double click."""
        self.action_take()

    def action_take(self) -> None:
        """Go to the card under the cursor."""
        self.dismiss(self._rows[self._list.cursor][0] if self._rows else 0)

    def action_close(self) -> None:
        """Back."""
        self.dismiss(0)
