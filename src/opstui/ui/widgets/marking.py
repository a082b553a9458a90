"""The marks on a board: which cards a bulk action is about, and the ways to set them.

They are card ids and not places, so they outlive a filter, a move and what others do. A range follows the board as it
is read: down a lane, then on at the top of the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from textual.message import Message

from opstui.projections.board import BoardView, LaneView
from opstui.ui.widgets.paint import Painted


class Marking(Painted):
    """What a board knows of marks. The board itself has the `view`, the cursor, and draws the marks."""

    view: BoardView | None

    class Marked(Message):
        """Other cards are marked than before."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Nothing is marked."""
        super().__init__(id=id)
        self.selection: set[int] = set()
        """Cards marked for a bulk action; change it by `mark`, which draws and tells."""
        self.marks = 0
        """Grows whenever the selection changes."""
        self._anchor: int | None = None

    @property
    def cursor_card(self) -> int | None:
        """The card under the cursor."""
        raise NotImplementedError

    @property
    def cursor_stage(self) -> str:
        """The stage of the lane the cursor is in."""
        raise NotImplementedError

    def move_cursor(self, dx: int, dy: int) -> None:
        """Lanes to the right, cards down."""
        raise NotImplementedError

    def repaint_cards(self) -> None:
        """Marks changed; sends only what differs."""
        raise NotImplementedError

    def mark(self, cards: Iterable[int]) -> None:
        """Let exactly these cards be marked."""
        now = set(cards)
        if now != self.selection:
            self.selection = now
            self.marks += 1
            self.repaint_cards()
            self.post_message(self.Marked())

    def toggle_mark(self, *, go_on: bool = False) -> None:
        """Mark the card under the cursor, or take its mark away; `go_on` puts the cursor on the next one."""
        if (card := self.cursor_card) is not None:
            self._anchor = card
            self.mark(self.selection ^ {card})
            if go_on:
                self.move_cursor(0, 1)

    def mark_range(self) -> None:
        """Mark all from the card marked last to the cursor; where there is none, begin at the cursor."""
        if (card := self.cursor_card) is not None:
            self.mark(self.selection.union(self._between(self._anchor, card)))
            self._anchor = card

    def mark_lane(self) -> None:
        """Mark all cards shown in the cursor's lane; where all are marked, none."""
        lanes = self.view.lanes if self.view else ()
        self._mark_all([lane.ids for lane in lanes if lane.stage.id == self.cursor_stage])

    def mark_shown(self) -> list[LaneView]:
        """Mark all open cards that the filter lets through; from a done or dropped lane those too. Where all are, none.

        Gives the lanes whose cards were left out, for they may be far out of sight.
        """
        lanes = self.view.lanes if self.view else ()
        every = any(lane.stage.ends and lane.stage.id == self.cursor_stage for lane in lanes)
        wanted = [lane.ids for lane in lanes if every or not lane.stage.ends]
        if self.selection and all(self.selection.issuperset(ids) for ids in wanted):
            self.mark(self.selection.difference(*(lane.ids for lane in lanes)))
            return []
        self.mark(self.selection.union(*wanted))
        return [lane for lane in lanes if lane.ids and lane.stage.ends and not every]

    def clear_marks(self) -> None:
        """Mark nothing."""
        self._anchor = None
        self.mark(())

    def keep_marks(self, there: Collection[int]) -> None:
        """Drop the marks of cards that are not among these any more."""
        self.mark(self.selection.intersection(there))

    def _mark_all(self, lanes: Sequence[Sequence[int]]) -> None:
        if all(self.selection.issuperset(ids) for ids in lanes):
            self.mark(self.selection.difference(*lanes))
        else:
            self.mark(self.selection.union(*lanes))

    def _between(self, anchor: int | None, card: int) -> Iterator[int]:
        ends = {card if anchor is None or not self._shown(anchor) else anchor, card}
        inside = False
        for lane in self.view.lanes if self.view else ():
            if not inside and ends.isdisjoint(lane.ids):
                continue
            for shown in lane.ids:
                inside = inside or shown in ends
                if inside:
                    yield shown
                    ends.discard(shown)
                    if not ends:
                        return

    def _shown(self, card: int) -> bool:
        return any(card in lane.ids for lane in (self.view.lanes if self.view else ()))
