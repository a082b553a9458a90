"""What changes is taken in by the board screen: one's own changes, and others' soon after they are made.

A batch repaints only the lanes it touches; after too many of them everything is drawn anew. The clock of the screen is
here too: with the minutes the time in the header goes on, and with a new day what is late.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from opstui.store.protocol import StoreError
from opstui.ui.frame import show_header, show_place
from opstui.ui.live import News, Spaced, Watch

if TYPE_CHECKING:
    from opstui.domain.events import Batch
    from opstui.ui.screens.board import BoardScreen

MINUTE = 60
NUMBERS_EVERY = 10
"""Minutes after which the numbers are computed anew though nothing changed: a day may be over, and ages grow."""


class Changes:
    """Keeps a board screen as the workspace is."""

    def __init__(self, screen: BoardScreen) -> None:
        """Nothing is watched before `begin`."""
        self._screen = screen
        self._spaced: Spaced | None = None
        self._watch: Watch | None = None
        self._minutes = 0

    def begin(self) -> None:
        """Watch for what others do, from now on."""
        self._spaced = Spaced(self.take_in)
        store: Any = self._screen.session.workspace.store
        folder = getattr(store, "watch_path", None)
        if folder is not None:
            self._watch = Watch(folder, self._spaced.ask)
            loop = asyncio.get_running_loop()
            store.on_wait = lambda text: loop.call_soon_threadsafe(self._screen.say, text, "working")
        self._screen.set_interval(MINUTE, self.minute)

    def close(self) -> None:
        """Nothing goes on behind a closed screen."""
        if self._watch:
            self._watch.close()
        if self._spaced:
            self._spaced.close()

    def minute(self) -> None:
        """The clock goes on."""
        show_header(self._screen)
        if self._screen.desk.stale:
            self._screen.filtering.again()
        self._minutes += 1
        if self._minutes % NUMBERS_EVERY == 0:
            self._screen.numbers.ask(own=False)
        self._screen.breaching.look(again=self._minutes % NUMBERS_EVERY == 0)

    def take_in(self) -> bool:
        """Show what was done since the last time; says whether there was anything."""
        screen = self._screen
        try:
            batches = screen.session.news()
        except StoreError as damaged:
            screen.say(str(damaged), "refused")
            show_place(screen)
            return True
        if batches == []:
            return False
        screen.bulk.settle()
        self.tell_above(batches)
        if batches is None:
            self._draw_anew()
        else:
            self.repaint(batches)
        me = screen.session.actor.name
        screen.numbers.ask(own=batches is not None and any(batch.by == me for batch in batches))
        return True

    def tell_above(self, batches: list[Batch] | None) -> None:
        """What lies over the board shows what was changed too."""
        events = (event for batch in batches or () for event in batch.events)
        cards = frozenset(event.id for event in events if event.table == "cards")
        for screen in self._screen.app.screen_stack[1:]:
            screen.post_message(News(None if batches is None else cards))

    def _draw_anew(self) -> None:
        """There were too many to look at each."""
        screen = self._screen
        screen.timelines.forget()
        screen.desk.arranging.forget()
        if not screen.filtering.again():
            screen.show_board()
        screen.panes.show_card(screen.card_view.card)

    def repaint(self, batches: list[Batch]) -> None:
        """Draw what these batches touched."""
        screen = self._screen
        touched = screen.desk.touched(batches)
        screen.timelines.apply(batches)
        screen.board.forget(touched.cards)
        if screen.desk.arranging.field(screen.desk.board) is not None:
            screen.board.show(screen.desk.view(), screen.desk.face)
        else:
            for stage in touched.stages:
                if (lane := screen.desk.lane(stage)) is not None:
                    screen.board.refresh_lane(stage, lane)
        if screen.card_view.card in touched.cards:
            screen.panes.show_card(screen.card_view.card)
        show_header(screen)
        show_place(screen)
