"""One widget draws all lanes of a board, whatever their number of cards.

A widget per card costs seconds at a thousand cards; here only the lines on screen exist. Where lanes stand, `lanes`
knows; where cards stand in them and how they scroll, `stacks`; what the cursor does, `board_cursor`; what the mouse
does, `board_mouse`, on top of `board_scroll`, `board_target` and `board_carry`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.layout import Layout

from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.board import BoardView, Face, LaneView
from opstui.ui.glyphs import MARKS
from opstui.ui.widgets import empty, heads
from opstui.ui.widgets.bands import Bands
from opstui.ui.widgets.board_mouse import BoardMouse
from opstui.ui.widgets.edges import AtLaneEdges, Cut
from opstui.ui.widgets.faces import COMPACT, DENSITIES, Lines, draw_face, face_lines
from opstui.ui.widgets.lanes import Geometry, geometry, roomy
from opstui.ui.widgets.paint import Line, lettered, worded
from opstui.ui.widgets.stacks import Columns

KEPT_FACES = 2000


class Board(BoardMouse, can_focus=True):
    """Lanes of cards with a cursor. It is shown views and posts what people want; it knows no store and no keys.

    `show` a BoardView with a function that makes the face of a card; afterwards `refresh_lane` for lanes that changed
    and `forget` for cards that changed. The cursor stays on its card as long as that is in the same lane.
    """

    DEFAULT_CSS = "Board { width: 1fr; height: 1fr; }"

    def __init__(self, formats: Formats, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """An empty board; `formats` writes the lanes' sums."""
        super().__init__(id=id)
        self._edges = AtLaneEdges(self.lay_out)
        self.formats = formats
        self.guide: Sequence[str] = (_("No cards yet"),)
        """What the first lane says when the whole board is empty: tell how to make a card."""
        self._faces: Callable[[int], Face] | None = None
        self._known: dict[int, Face] = {}
        self._drawn_faces: dict[tuple[int, int, bool, bool], list[Line]] = {}
        self._density, self._extra = "", False
        self._parts: Collection[str] | None = None
        self._lines: Lines = COMPACT
        self.grab: Callable[[events.Key], bool] | None = None
        """Asked about every key first; True when the key was meant for it."""
        self._letters: tuple[Mapping[int, str], Mapping[str, str]] = ({}, {})

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
            self.clear_marks()
            self._columns, self._bands, self._first = Columns(), Bands(), 0
        if not same or faces != self._faces:
            self.forget_faces()
        self.view, self._faces = view, faces
        self._measure()
        if not (same and self._find(card, stage)):
            self._to_first_card()
        self._settle()
        self.redraw()
        self.drag_on()
        self._tell(card, stage)

    def refresh_lane(self, stage: str, lane: LaneView) -> None:
        """One lane changed; the others stay as they are on the terminal. A board of bands has to be shown anew."""
        if self.view is None:
            return
        card, at = self.cursor_card, self.cursor_stage
        before = [known.stage.id for known in self.view.lanes]
        self.view = self.view.with_lane(lane)
        self._measure()
        if [known.stage.id for known in self.view.lanes] != before:
            self.redraw()
        if not self._find(card, at):
            self._lane = min(self._lane, len(self.view.lanes) - 1)
            self._row = max(0, min(self._row, self._stacks.count(self._lane) - 1))
        moved = self._settle()
        if moved:
            self.redraw()
        else:
            groups = self._on_screen(stage)
            self.update_lines(range(self.size.height if groups else self._geometry.head), groups or (0,))
        self.drag_on()
        self._tell(card, at)

    def forget(self, cards: Iterable[int]) -> None:
        """These cards changed: ask for their faces again when they are next drawn (`refresh_lane`, `repaint_cards`)."""
        gone = set(cards)
        for card in gone:
            self._known.pop(card, None)
        self._drawn_faces = {key: lines for key, lines in self._drawn_faces.items() if key[0] not in gone}

    def forget_faces(self) -> None:
        """Every card may look different: ask for all faces again when they are next drawn."""
        self._known.clear()
        self._drawn_faces.clear()

    def repaint_cards(self) -> None:
        """Faces or marks changed; sends only what differs."""
        self.update_lines(range(self._geometry.body, self.size.height))

    def put_letters(self, cards: Mapping[int, str], stages: Mapping[str, str]) -> None:
        """Draw letters over the first cells of these cards and lane heads, for jumping to them."""
        if self._letters != (cards, stages):
            self._letters = (cards, stages)
            self.update_lines(range(self.size.height))

    def in_sight(self) -> tuple[list[int], list[str]]:
        """The cards on screen, lane by lane, and the stages of the lanes."""
        lanes = self.view.lanes[self._first : self._first + self.groups] if self.view else ()
        cards: list[int] = []
        for number in range(self._first, self._first + len(lanes)):
            spots = (self._stacks.at(number, y) for y in range(self.size.height - self._geometry.body))
            tops = (self._stacks.card(number, spot.row) for spot in spots if spot.row >= 0 and not spot.line)
            cards += [card for card in tops if card is not None]
        return cards, [lane.stage.id for lane in lanes]

    def on_key(self, event: events.Key) -> None:
        """A key that is grabbed is no command."""
        if self.grab is not None and self.grab(event):
            event.stop()

    def look(self, density: str, parts: Collection[str] | None = None, *, extra: bool = False) -> None:
        """How faces are drawn from now on: one of `DENSITIES`, else what there is room for; see `face_lines`."""
        density = density if density in DENSITIES else ""
        if (density, parts, extra) == (self._density, self._parts, self._extra):
            return
        self._density, self._parts, self._extra = density, parts, extra
        self.forget_faces()
        self.resized()
        self.redraw()

    def card_region(self, card: int) -> Region | None:
        """Where a card stands on the board, for overlays; None when it is not on screen."""
        for n, (x, width) in enumerate(self._geometry.spans):
            lane = self._first + n
            row = self._stacks.row_of(lane, card) if self.view and lane < len(self.view.lanes) else None
            if row is not None and self._stacks.card(lane, row) == card:
                y = self._line_of(lane, row)
                on_screen = self._geometry.body <= y < self.size.height
                return Region(x, y, width - 2, self._geometry.rows) if on_screen else None
        return None

    def _ids(self, lane: int) -> tuple[int, ...] | list[int]:
        if self.view is None or lane >= len(self.view.lanes):
            return ()
        return self.view.lanes[lane].ids  # type: ignore[return-value]

    def _on_screen(self, stage: str) -> tuple[int, ...]:
        lane = self._lane_of(stage)
        return (lane - self._first,) if lane is not None and 0 <= lane - self._first < self.groups else ()

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
        if self.view:
            self._stacks.take(self.view, self._geometry)

    def lay_out(self, size: Size) -> Geometry:
        """Where the lanes stand on a board of that size."""
        density = self._density or ("roomy" if roomy(*size) else "compact")
        self._lines = face_lines(density, self._parts, extra=self._extra)
        return geometry(size.width, size.height, len(self.view.lanes) if self.view else 1, len(self._lines))

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
        width = g.spans[group][1]
        if y < g.body:
            letters = self._letters[1].get(lane.stage.id, "") if y == g.head else ""
            room = width - len(worded(letters))
            line = heads.head(lane, y - g.head, room, self.ink, self.formats, roomy=g.roomy, cursor=here)
            line = lettered(line, letters, self.ink, over=False)
        else:
            line = self._body_line(lane, self._first + group, y - g.body, width)
        return self.marked(y, self._first + group, width, line)

    def _body_line(self, lane: LaneView, number: int, y: int, width: int) -> Line:
        gap, spot = Segment(" ", self.ink("ink")), self._stacks.at(number, y)
        if spot.band >= 0:
            header = self._band_header(number, spot.band, width - 2, first=y == 0)
            return [*header, gap, gap]
        card = self._stacks.card(number, spot.row) if spot.row >= 0 else None
        cursor = number == self._lane and spot.row == self._row
        if card is not None:
            text = self._face_lines(card, width - 2, cursor=cursor)[spot.line]
            text = lettered(text, "" if spot.line else self._letters[0].get(card, ""), self.ink)
        elif spot.row < 0 and not lane.ids and (said := self._empty(number, y, width - 4)):
            text = heads.empty(said, width - 2, self.ink, cursor=number == self._lane, first=y == 0)
        elif cursor and spot.line == 0:
            text = heads.empty(_("empty"), width - 2, self.ink, cursor=True)
        else:
            text = [Segment(" " * (width - 2), self.ink("ink", "lane"))]
        return [*text, *self._bar(number, y), gap]

    def _bar(self, number: int, y: int) -> Line:
        """The scrollbar's cell."""
        return [Segment(MARKS["thumb"] if self._stacks.thumb(number, y) else " ", self.ink("thumb", "lane"))]

    def _band_header(self, number: int, band: int, width: int, *, first: bool) -> Line:
        assert self.view is not None
        here = number == self._lane and band == self._bands.band(number, self._row)
        cursor = here and self._bands.folded(number, self._row)
        place = _("{n} of {count}").format(n=band + 1, count=len(self.view.bands)) if first else ""
        if number == self._first:
            return heads.band_name(
                self.view.bands[band], self._bands.cards(number, band), width, self.ink, self.formats, cursor=cursor
            )
        last = number == self._first + self.groups - 1
        count = self._bands.cards(number, band)
        return heads.band_count(count, width, self.ink, cursor=cursor, place=place if last else "")

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
            lines = draw_face(face, width, self.ink, lines=self._lines, cursor=cursor, marked=key[3])
            self._drawn_faces[key] = lines
        return self.as_carried(card, lines or [])
