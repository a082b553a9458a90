"""The cursor of the board: where it stands, how it goes, and what of the picture that changes.

It is a lane and a row of it. What rows are, `stacks` knows; that a card keeps the cursor while lanes change around it,
and that a step sends two lines of one lane and no more, is said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.message import Message

from opstui.projections.board import BoardView
from opstui.ui.widgets import empty
from opstui.ui.widgets.bands import Bands
from opstui.ui.widgets.lanes import geometry, window
from opstui.ui.widgets.paint import Painted
from opstui.ui.widgets.stacks import Columns, Level, Stacks


class BoardCursor(Painted):
    """A widget of lanes with a cursor in them."""

    @dataclass
    class CursorMoved(Message, namespace="board"):
        """The cursor stands on another card (None: on an empty lane)."""

        card: int | None
        stage: str

    @dataclass
    class CardOpened(Message, namespace="board"):
        """Someone wants to see a card."""

        card: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """On no board yet."""
        super().__init__(id=id)
        self.view: BoardView | None = None
        self._lane = self._row = self._first = 0
        self._level: Level | None = None
        """The height that the cursor keeps across lanes that are too short for it."""
        self._geometry = geometry(80, 24, 1)
        self._columns, self._bands = Columns(), Bands()

    @property
    def _stacks(self) -> Stacks:
        return self._bands if self.view and self.view.bands else self._columns

    # ------------------------------------------------------------------------------------ where it stands

    @property
    def cursor_card(self) -> int | None:
        """The card under the cursor; None on an empty lane, an empty place, or a closed band."""
        return self._stacks.card(self._lane, self._row)

    @property
    def cursor_stage(self) -> str:
        """The stage of the lane the cursor is in."""
        return self.view.lanes[self._lane].stage.id if self.view and self.view.lanes else ""

    @property
    def cursor_row(self) -> int:
        """The cursor's place in its lane, from 0."""
        return self._row

    @property
    def cursor_band(self) -> str | None:
        """The value of the band the cursor is in; None when the board is not cut into bands."""
        return self.view.bands[self._bands.band(self._lane, self._row)].value if self.view and self.view.bands else None

    @property
    def cursor_among(self) -> Sequence[int]:
        """The cards that stand above and below the cursor's: those of its lane, of its band only if there are bands."""
        return self._stacks.beside(self._lane, self._row)

    # ------------------------------------------------------------------------------------ where it goes

    def move_cursor(self, dx: int, dy: int) -> None:
        """`dx` lanes to the right, keeping the height on screen even across short lanes; `dy` cards down."""
        if self.view is not None:
            lane, row, level = self._after(dx, dy)
            self._go(lane, row)
            self._level = level

    def stride(self, steps: Iterable[tuple[int, int]]) -> None:
        """Many steps as one: as `move_cursor` for each of (dx, dy), but drawn and told when the last is done."""
        if self.view is None:
            return
        card, stage, old = self.cursor_card, self.cursor_stage, (self._lane, self._row)
        offset, shared, beside = self._stacks.offset(old[0]), self._stacks.shared(), False
        for dx, dy in steps:
            self._lane, self._row, self._level = self._after(dx, dy)
            beside |= self._settle() or dx != 0
        if (self._lane, self._row) != old:
            if beside:
                self.redraw()
            else:
                self._draw_step(old, offset, shared)
            self._tell(card, stage)

    def _after(self, dx: int, dy: int) -> tuple[int, int, Level | None]:
        """Lane and row a step from here, and the height that the cursor keeps."""
        lanes = self.view.lanes if self.view else ()
        lane = max(0, min(len(lanes) - 1, self._lane + dx))
        if lane == self._lane:
            return lane, max(0, min(self._stacks.down(lane, self._row, dy), self._stacks.count(lane) - 1)), None
        level = self._level if self._level is not None else self._stacks.level(self._lane, self._row)
        return lane, max(0, min(self._stacks.at_level(lane, level), self._stacks.count(lane) - 1)), level

    def move_page(self, pages: float) -> None:
        """Pages down (up when negative) in the lane; 0.5 is half a page."""
        self._go(self._lane, self._stacks.down(self._lane, self._row, int(pages * self._geometry.page)))

    def move_to_top(self) -> None:
        """To the lane's first card."""
        self._go(self._lane, self._stacks.down(self._lane, 0, 0))

    def move_to_bottom(self) -> None:
        """To the lane's last card."""
        self._go(self._lane, self._stacks.count(self._lane) - 1)

    def goto_card(self, card: int) -> bool:
        """Put the cursor on a card (or on the closed band it is in); False when it is not shown."""
        for lane in range(len(self.view.lanes) if self.view else 0):
            if (row := self._stacks.row_of(lane, card)) is not None:
                self._go(lane, row)
                return True
        return False

    def goto_lane(self, stage: str) -> bool:
        """Put the cursor into a lane, at the height it has; False when the lane is not shown."""
        lane = self._lane_of(stage)
        if lane is None:
            return False
        self.move_cursor(lane - self._lane, 0)
        return True

    def goto_band(self, by: int) -> bool:
        """To the start of the next band (-1: the one before) in this lane; False when there is none."""
        if self.view is None or not self.view.bands:
            return False
        band = self._bands.band(self._lane, self._row) + by
        if 0 <= band < self._bands.number:
            self._go(self._lane, self._bands.row_in(self._lane, band))
            return True
        return False

    def open_cursor(self) -> None:
        """Ask for the card under the cursor to be opened."""
        if (card := self.cursor_card) is not None:
            self.post_message(self.CardOpened(card))

    def _lane_of(self, stage: str) -> int | None:
        lanes = self.view.lanes if self.view else ()
        return next((n for n, lane in enumerate(lanes) if lane.stage.id == stage), None)

    def _to_first_card(self) -> None:
        lanes = self.view.lanes if self.view else ()
        self._lane = next((n for n, lane in enumerate(lanes) if lane.ids), 0)
        self._row = self._stacks.down(self._lane, 0, 0)

    def _find(self, card: int | None, stage: str) -> bool:
        """Put the cursor back on its card, if that is still in its lane."""
        lane = self._lane_of(stage)
        if lane is None:
            return False
        self._lane = lane
        row = self._stacks.row_of(lane, card) if card is not None else None
        self._row = row if row is not None else max(0, min(self._row, self._stacks.count(lane) - 1))
        return row is not None or self._stacks.count(lane) > 0

    def _settle(self) -> bool:
        """Bring every lane's scrolling and the window of lanes in order; True when the window moved."""
        if self.view is None:
            return False
        self._stacks.settle(self._lane, self._row)
        first = window(self._first, len(self._geometry.spans), len(self.view.lanes), self._lane)
        moved, self._first = first != self._first, first
        return moved

    def _go(self, lane: int, row: int) -> None:
        card, stage, old = self.cursor_card, self.cursor_stage, (self._lane, self._row)
        self._lane, self._row, self._level = lane, max(0, min(row, self._stacks.count(lane) - 1)), None
        if (self._lane, self._row) == old or self.view is None:
            return
        offset, shared = self._stacks.offset(lane), self._stacks.shared()
        if self._settle():
            self.redraw()
        else:
            self._draw_step(old, offset, shared)
        self._tell(card, stage)

    def _draw_step(self, old: tuple[int, int], offset: object, shared: object) -> None:
        """Draw what a step from there changed; `offset` and `shared` are how its lane and all of them stood before."""
        lane = self._lane
        if (self._stacks.offset(lane), self._stacks.shared()) == (offset, shared):
            lines = self._cursor_lines(*old) | self._cursor_lines(lane, self._row)
            self.update_lines(sorted(lines), [n - self._first for n in {old[0], lane}])
        else:
            self._scrolled({old[0], lane}, every=self._stacks.shared() != shared)

    def _scrolled(self, lanes: set[int], *, every: bool) -> None:
        """Draw these lanes again, or all."""
        groups = range(self.groups) if every else [n - self._first for n in lanes]
        self.update_lines(range(self.size.height), groups)

    def _cursor_lines(self, lane: int, row: int) -> set[int]:
        """The lines on which the cursor shows: a card's first two; the header's of a lane or a band without any."""
        top = self._line_of(lane, row)
        if self._stacks.card(lane, row) is None:
            return {self._geometry.head, top, *range(self._geometry.body, self._geometry.body + empty.LINES)}
        return {top, top + 1}

    def _line_of(self, lane: int, row: int) -> int:
        """The line of the widget where a row begins."""
        return self._geometry.body + (self._stacks.y(lane, row) if self._stacks.count(lane) else 0)

    def _tell(self, card: int | None, stage: str) -> None:
        if (self.cursor_card, self.cursor_stage) != (card, stage):
            self.post_message(self.CursorMoved(self.cursor_card, self.cursor_stage))
