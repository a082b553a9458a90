"""One widget draws all lanes of a board, whatever their number of cards.

A widget per card costs seconds at a thousand cards; here only the lines on screen exist. One-cell children at the lane
edges draw nothing but a gap: Textual cuts its updates there, so that a cursor key sends a few hundred bytes instead of
the line from the board's left edge (measured: 256 against 648).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.board import BoardView, Face, LaneView
from opstui.ui.glyphs import MARKS
from opstui.ui.widgets import empty, heads
from opstui.ui.widgets.faces import draw_face
from opstui.ui.widgets.lanes import Geometry, geometry, scroll, thumb, window
from opstui.ui.widgets.paint import Line, Painted

KEPT_FACES = 2000


class Cut(Painted):
    """A constant one-cell column: where a widget begins or ends, Textual can begin a partial update."""

    DEFAULT_CSS = "Cut { width: 1; height: 1fr; }"

    def render_lines(self, crop: Region) -> list[Strip]:
        """The gap between two lanes, the same on every line."""
        if 0 not in self._strips:
            self._strips[0] = self.filtered(Strip([Segment(" ", self.ink("ink"))], 1))
        return [self._strips[0]] * crop.height


class AtLaneEdges(Layout):
    """Puts the cuts into the last column of the lanes on screen; styles could do it too, a picture later."""

    name = "at_lane_edges"

    def arrange(
        self,
        parent: Widget,
        children: Sequence[Widget],
        size: Size,
        greedy: bool = True,  # noqa: FBT001, FBT002
    ) -> ArrangeResult:
        """One cut a lane; the others stay without a place."""
        del greedy
        lay = parent.lay_out(size) if isinstance(parent, Board) else geometry(*size, 1)
        return [
            WidgetPlacement(Region(x + width - 1, lay.head, 1, size.height - lay.head), NULL_OFFSET, NULL_SPACING, cut)
            for (x, width), cut in zip(lay.spans, children, strict=False)
        ]


class Board(Painted, can_focus=True):
    """Lanes of cards with a cursor. It is shown views and posts what people want; it knows no store and no keys.

    `show` a BoardView with a function that makes the face of a card; afterwards `refresh_lane` for lanes that changed
    and `forget` for cards that changed. The cursor stays on its card as long as that is in the same lane.
    """

    DEFAULT_CSS = "Board { width: 1fr; height: 1fr; }"

    @dataclass
    class CursorMoved(Message):
        """The cursor stands on another card (None: on an empty lane)."""

        card: int | None
        stage: str

    @dataclass
    class CardOpened(Message):
        """Someone wants to see a card."""

        card: int

    @dataclass
    class CardDropped(Message):
        """A card was dragged to a lane, above the card `before`, or to the lane's end."""

        card: int
        stage: str
        before: int | None

    def __init__(self, formats: Formats, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """An empty board; `formats` writes the lanes' sums."""
        super().__init__(id=id)
        self._edges = AtLaneEdges()
        self.formats = formats
        self.view: BoardView | None = None
        self.selection: set[int] = set()
        """Cards marked for a bulk action; call `repaint_cards` after changing it."""
        self.guide: Sequence[str] = (_("No cards yet"),)
        """What the first lane says when the whole board is empty: tell how to make a card."""
        self._faces: Callable[[int], Face] | None = None
        self._known: dict[int, Face] = {}
        self._drawn_faces: dict[tuple[int, int, bool, bool], list[Line]] = {}
        self._lane = 0
        self._row = 0
        self._height: int | None = None
        self._first = 0
        self._offsets: dict[str, int] = {}
        self._geometry = geometry(80, 24, 1)
        self._dragged: int | None = None

    @property
    def layout(self) -> Layout:
        """Instead of one of Textual's by name: those cannot know where lanes end."""
        return self._edges

    # ------------------------------------------------------------------------------------ what is shown

    def show(self, view: BoardView, faces: Callable[[int], Face]) -> None:
        """Show a board, or the same one filtered anew; the cursor stays on its card when that is still there."""
        card, stage = self.cursor_card, self.cursor_stage
        same = self.view is not None and self.view.board.id == view.board.id
        if not same:
            self._offsets, self._first, self.selection = {}, 0, set()
        if not same or faces != self._faces:
            self._known.clear()
            self._drawn_faces.clear()
        self.view, self._faces = view, faces
        self._measure()
        if not (same and self._find(card, stage)):
            self._to_first_card()
        self._settle()
        self.redraw()
        self._tell(card, stage)

    def refresh_lane(self, stage: str, lane: LaneView) -> None:
        """One lane changed; the others stay as they are on the terminal."""
        if self.view is None:
            return
        card, at = self.cursor_card, self.cursor_stage
        before = [known.stage.id for known in self.view.lanes]
        self.view = self.view.with_lane(lane)
        if [known.stage.id for known in self.view.lanes] != before:
            self._measure()
            self.redraw()
        if not self._find(card, at):
            self._lane = min(self._lane, len(self.view.lanes) - 1)
            self._row = max(0, min(self._row, len(self._ids(self._lane)) - 1))
        moved = self._settle()
        if moved:
            self.redraw()
        else:
            self.update_lines(range(self.size.height), self._on_screen(stage))
        self._tell(card, at)

    def forget(self, cards: Iterable[int]) -> None:
        """These cards changed: ask for their faces again when they are next drawn (`refresh_lane`, `repaint_cards`)."""
        gone = set(cards)
        for card in gone:
            self._known.pop(card, None)
        self._drawn_faces = {key: lines for key, lines in self._drawn_faces.items() if key[0] not in gone}

    def repaint_cards(self) -> None:
        """Faces or marks changed; sends only what differs."""
        self.update_lines(range(self._geometry.body, self.size.height))

    # ------------------------------------------------------------------------------------ the cursor

    @property
    def cursor_card(self) -> int | None:
        """The card under the cursor; None on an empty lane."""
        ids = self._ids(self._lane)
        return ids[self._row] if self._row < len(ids) else None

    @property
    def cursor_stage(self) -> str:
        """The stage of the lane the cursor is in."""
        return self.view.lanes[self._lane].stage.id if self.view and self.view.lanes else ""

    @property
    def cursor_row(self) -> int:
        """The cursor's place in its lane, from 0."""
        return self._row

    def move_cursor(self, dx: int, dy: int) -> None:
        """`dx` lanes to the right, keeping the height on screen even across short lanes; `dy` cards down."""
        if self.view is None:
            return
        lane = max(0, min(len(self.view.lanes) - 1, self._lane + dx))
        if lane == self._lane:
            self._go(lane, self._row + dy)
            return
        height = self._height if self._height is not None else self._row - self._offset(self._lane)
        self._go(lane, self._offset(lane) + height + dy)
        self._height = height + dy

    def move_page(self, pages: float) -> None:
        """Pages down (up when negative) in the lane; 0.5 is half a page."""
        self._go(self._lane, self._row + int(pages * self._geometry.page))

    def move_to_top(self) -> None:
        """To the lane's first card."""
        self._go(self._lane, 0)

    def move_to_bottom(self) -> None:
        """To the lane's last card."""
        self._go(self._lane, len(self._ids(self._lane)) - 1)

    def goto_card(self, card: int) -> bool:
        """Put the cursor on a card; False when it is not shown."""
        for lane in range(len(self.view.lanes) if self.view else 0):
            ids = self._ids(lane)
            if card in ids:
                self._go(lane, ids.index(card))
                return True
        return False

    def goto_lane(self, stage: str) -> bool:
        """Put the cursor into a lane, at the height it has; False when the lane is not shown."""
        lane = self._lane_of(stage)
        if lane is None:
            return False
        self.move_cursor(lane - self._lane, 0)
        return True

    def open_cursor(self) -> None:
        """Ask for the card under the cursor to be opened."""
        if (card := self.cursor_card) is not None:
            self.post_message(self.CardOpened(card))

    def toggle_mark(self) -> None:
        """Mark the card under the cursor for a bulk action, or take the mark away."""
        if (card := self.cursor_card) is not None:
            self.selection ^= {card}
            self.repaint_cards()

    def clear_marks(self) -> None:
        """Mark nothing."""
        self.selection = set()
        self.repaint_cards()

    def card_region(self, card: int) -> Region | None:
        """Where a card stands on the board, for overlays; None when it is not on screen."""
        for n, (x, width) in enumerate(self._geometry.spans):
            ids = self._ids(self._first + n)
            if card in ids:
                y = self._line_of(self._first + n, ids.index(card))
                return (
                    Region(x, y, width - 2, self._geometry.rows)
                    if self._geometry.body <= y < self.size.height
                    else None
                )
        return None

    # ------------------------------------------------------------------------------------ inside

    def _ids(self, lane: int) -> tuple[int, ...] | list[int]:
        if self.view is None or lane >= len(self.view.lanes):
            return ()
        return self.view.lanes[lane].ids  # type: ignore[return-value]

    def _lane_of(self, stage: str) -> int | None:
        lanes = self.view.lanes if self.view else ()
        return next((n for n, lane in enumerate(lanes) if lane.stage.id == stage), None)

    def _on_screen(self, stage: str) -> tuple[int, ...]:
        lane = self._lane_of(stage)
        return (lane - self._first,) if lane is not None and 0 <= lane - self._first < self.groups else ()

    def _offset(self, lane: int) -> int:
        return self._offsets.get(self.view.lanes[lane].stage.id, 0) if self.view else 0

    def _to_first_card(self) -> None:
        lanes = self.view.lanes if self.view else ()
        self._lane, self._row = next((n for n, lane in enumerate(lanes) if lane.ids), 0), 0

    def _find(self, card: int | None, stage: str) -> bool:
        """Put the cursor back on its card, if that is still in its lane."""
        lane = self._lane_of(stage)
        if lane is None:
            return False
        self._lane = lane
        ids = self._ids(lane)
        if card is not None and card in ids:
            self._row = ids.index(card)
            return True
        self._row = max(0, min(self._row, len(ids) - 1))
        return bool(ids)

    def _settle(self) -> bool:
        """Bring every lane's scrolling and the window of lanes in order; True when the window moved."""
        if self.view is None:
            return False
        for n, lane in enumerate(self.view.lanes):
            offset, count, page = self._offset(n), len(lane.ids), self._geometry.page
            row = self._row if n == self._lane else max(0, min(offset, count - page))
            self._offsets[lane.stage.id] = scroll(offset, page, count, row)
        first = window(self._first, len(self._geometry.spans), len(self.view.lanes), self._lane)
        moved, self._first = first != self._first, first
        return moved

    def _go(self, lane: int, row: int) -> None:
        card, stage, old = self.cursor_card, self.cursor_stage, (self._lane, self._row)
        self._lane, self._row, self._height = lane, max(0, min(row, len(self._ids(lane)) - 1)), None
        if (self._lane, self._row) == old or self.view is None:
            return
        offset = self._offset(lane)
        if self._settle():
            self.redraw()
        else:
            scrolled = self._offset(lane) != offset
            lines = (
                range(self.size.height) if scrolled else self._cursor_lines(*old) | self._cursor_lines(lane, self._row)
            )
            self.update_lines(sorted(lines), [n - self._first for n in {old[0], lane}])
        self._tell(card, stage)

    def _cursor_lines(self, lane: int, row: int) -> set[int]:
        if not self._ids(lane):
            return {self._geometry.head, *range(self._geometry.body, self._geometry.body + empty.LINES)}
        top = self._line_of(lane, row)
        return {top, top + 1}

    def _line_of(self, lane: int, row: int) -> int:
        return self._geometry.body + (row - self._offset(lane)) * self._geometry.step

    def _tell(self, card: int | None, stage: str) -> None:
        if (self.cursor_card, self.cursor_stage) != (card, stage):
            self.post_message(self.CursorMoved(self.cursor_card, self.cursor_stage))

    # ------------------------------------------------------------------------------------ drawing

    def compose(self) -> ComposeResult:
        """The cuts; those that are not needed get no place."""
        for _n in range(heads.MOST_LANES):
            yield Cut()

    def _measure(self) -> None:
        before, self._geometry = self._geometry, self.lay_out(self.size)
        if before != self._geometry:
            self._drawn_faces.clear()
            if (before.width, before.height) == self.size and self.children:
                self.children[0].refresh(layout=True)  # a widget's own refresh keeps where its children were put

    def lay_out(self, size: Size) -> Geometry:
        """Where the lanes stand on a board of that size."""
        return geometry(size.width, size.height, len(self.view.lanes) if self.view else 1)

    def resized(self) -> None:
        """Lay the lanes out anew."""
        self._measure()
        self._settle()

    def recolored(self) -> None:
        """Another theme, other faces."""
        self._drawn_faces.clear()

    @property
    def groups(self) -> int:
        """The lanes on screen."""
        return len(self._geometry.spans)

    def draw_group(self, y: int, group: int) -> Line:
        """One line of one lane."""
        g = self._geometry
        if self.view is None or self._first + group >= len(self.view.lanes):
            return [Segment(" " * g.spans[group][1], self.ink("ink"))]
        if y < g.head:
            return heads.rail(self.view, self._first, g, self.ink) if group == 0 else []
        lane = self.view.lanes[self._first + group]
        here = self._first + group == self._lane and not lane.ids
        if y < g.body:
            return heads.head(lane, y - g.head, g.spans[group][1], self.ink, self.formats, roomy=g.roomy, cursor=here)
        return self._body_line(lane, self._first + group, y - g.body, g.spans[group][1])

    def _body_line(self, lane: LaneView, number: int, y: int, width: int) -> Line:
        g, gap = self._geometry, Segment(" ", self.ink("ink"))
        ids, offset = lane.ids, self._offset(number)
        place, line = divmod(y, g.step)
        row = offset + place
        if row < len(ids) and line < g.rows:
            cursor = number == self._lane and row == self._row
            text = self._face_lines(ids[row], width - 2, cursor=cursor)[line]
        elif not ids and (said := self._empty(number, y, width - 4)):
            text = heads.empty(said, width - 2, self.ink, cursor=number == self._lane, first=y == 0)
        else:
            text = [Segment(" " * (width - 2), self.ink("ink", "lane"))]
        height = self._drawn_for.height - g.body
        bar = MARKS["thumb"] if y in thumb(offset, g.page, len(ids), height) else " "
        return [*text, Segment(bar, self.ink("thumb", "lane")), gap]

    def _empty(self, number: int, y: int, width: int) -> str:
        said = empty.words(self.view, number, self._lane, self.guide, width) if self.view and y < empty.LINES else []
        return said[y] if y < len(said) else " " * (number == self._lane and not y)

    def _face_lines(self, card: int, width: int, *, cursor: bool) -> list[Line]:
        key = (card, width, cursor, card in self.selection)
        lines = self._drawn_faces.get(key)
        if lines is None and self._faces is not None:
            if len(self._drawn_faces) > KEPT_FACES:
                self._drawn_faces.clear()
                self._known.clear()
            face = self._known.get(card) or self._faces(card)
            self._known[card] = face
            lines = draw_face(face, width, self.ink, roomy=self._geometry.roomy, cursor=cursor, marked=key[3])
            self._drawn_faces[key] = lines
        return lines or []

    # ------------------------------------------------------------------------------------ the mouse

    def _at(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """(lane, row) under the mouse; the row may lie behind the last card.

        Events of the cuts bubble with their own x.
        """
        g = self._geometry
        x, y = event.screen_x - self.region.x, event.screen_y - self.region.y
        group = g.lane_at(x)
        if group is None or self.view is None or self._first + group >= len(self.view.lanes):
            return None
        lane = self._first + group
        return lane, self._offset(lane) + max(0, y - g.body) // g.step

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click puts the cursor on a card and may begin a drag; a second one opens it."""
        place = self._at(event)
        if place is None:
            return
        self._go(*place)
        ids = self._ids(place[0])
        self._dragged = ids[place[1]] if place[1] < len(ids) else None
        if self._dragged is not None:
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A card let go over another lane was dropped there."""
        card, self._dragged = self._dragged, None
        self.release_mouse()
        place = self._at(event)
        if card is None or place is None or self.view is None or place[0] == self._lane_with(card):
            return
        ids = self._ids(place[0])
        before = ids[place[1]] if place[1] < len(ids) else None
        self.post_message(self.CardDropped(card, self.view.lanes[place[0]].stage.id, before))

    def _lane_with(self, card: int) -> int | None:
        lanes = self.view.lanes if self.view else ()
        return next((n for n, lane in enumerate(lanes) if card in lane.ids), None)

    def on_click(self, event: events.Click) -> None:
        """A double click opens the card."""
        if event.chain == 2:  # noqa: PLR2004
            self.open_cursor()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls the lane under it."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls the lane under it."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, cards: int) -> None:
        place = self._at(event)
        if place is None or self.view is None:
            return
        lane, page = place[0], self._geometry.page
        offset = max(0, min(self._offset(lane) + cards, len(self._ids(lane)) - page))
        if offset == self._offset(lane):
            return
        self._offsets[self.view.lanes[lane].stage.id] = offset
        if lane == self._lane:
            self._go(lane, max(offset, min(self._row, offset + page - 1)))
        self.update_lines(range(self._geometry.body, self.size.height), [lane - self._first])
