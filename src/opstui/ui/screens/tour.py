"""The guided tour on the real board: it tells one thing at a time, and goes on when that was done, or with enter.

It lies over the last lines and hears of the commands that are carried out. It changes nothing itself, but what the
person tries is done: it is their own board. A card or the numbers that were opened over it are closed when it goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from opstui.i18n import _
from opstui.ui.glyphs import MARKS
from opstui.ui.tour import STEPS, told

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen


class TourCard(Static):
    """What the tour tells, above the hint line. A click goes on."""

    class Clicked(Message):
        """A click."""

    DEFAULT_CSS = """
    TourCard { layer: over; dock: bottom; margin-bottom: 1; height: auto; padding: 0 1;
        background: $surface; color: $ink; }
    """

    def on_click(self) -> None:
        """As good as enter."""
        self.post_message(self.Clicked())


class Tour:
    """A tour under way on a board screen."""

    def __init__(self, screen: BoardScreen) -> None:
        """Begin with the first step."""
        self._screen = screen
        self._card = TourCard(markup=False)
        self.step = 0
        screen.mount(self._card)
        self._tell()

    def _tell(self) -> None:
        step = STEPS[self.step]
        head = _("{title}  {n} of {steps}").format(title=step.title, n=self.step + 1, steps=len(STEPS))
        keys = _("enter goes on   esc ends the tour")
        bar = (f"{MARKS['cursor']} ", "$accent")
        self._card.update(
            Content.assemble(
                bar, (head, "bold $accent"), (f"   {keys}", "$muted"), "\n", bar, told(step, self._screen.commands)
            )
        )

    def takes(self, name: str) -> bool:
        """Whether a command is meant for the tour: enter goes on, esc ends it where it would close nothing else."""
        if name == "close" and not self._closes():
            self.end()
            return True
        if name == "open" and not self._opens():
            self.go_on()
            return True
        return False

    def _opens(self) -> bool:
        """Whether enter is for the card under the cursor: where opening one is what is told, and none is open."""
        return STEPS[self.step].done == ("close",) and not self._screen.panes.card_open and self._screen.place().card

    def _closes(self) -> bool:
        screen = self._screen
        panes = screen.panes
        return panes.covered or panes.card_open or bool(screen.desk.query or screen.board.selection)

    def done(self, name: str) -> None:
        """A command was carried out."""
        if name in STEPS[self.step].done:
            self.go_on()

    def go_on(self) -> None:
        """The next step, or the end; what was opened for this one is closed."""
        panes = self._screen.panes
        if panes.card_open:
            panes.close_card()
        self.step += 1
        if self.step < len(STEPS):
            self._tell()
        else:
            self.end()

    def end(self) -> None:
        """It was seen, or is enough: it is not offered again."""
        screen = self._screen
        screen.panes.uncover()
        screen.tour = None
        self._card.remove()
        key = screen.key("help")
        screen.say(_("that was the tour; {key} and then t begins it again").format(key=key))
        screen.run_worker(screen.keep(toured=True))
