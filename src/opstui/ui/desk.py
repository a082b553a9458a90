"""What one session has before it: which board, through which filter, and what a batch of changes touches there.

No widget and no key in here: the board screen asks, and draws the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.domain.boards import with_strays
from opstui.domain.model import Card, Doc
from opstui.formats import Formats, today_in
from opstui.projections.board import BoardView, Face, LaneView, board_view, face, lane_view
from opstui.projections.detail import DetailView, detail_view
from opstui.ui.commands import Place

if TYPE_CHECKING:
    from opstui.domain.boards import Board
    from opstui.domain.events import Batch
    from opstui.ui.session import Session


class Touched(Struct, frozen=True):
    """What a number of batches changed: cards of any board, and stages of the board on show."""

    cards: frozenset[int]
    stages: frozenset[str]
    boards: frozenset[str]


class Desk:
    """One session's view of the workspace."""

    def __init__(self, session: Session) -> None:
        """Begin at the first board, without a filter."""
        self.session, self.workspace = session, session.workspace
        settings = self.workspace.settings
        self.board: Board = settings.boards[0]
        self.query = ""
        self.predicate: Callable[[Doc], bool] | None = None
        self.formats = Formats(settings.locale, settings.currency, settings.zone)

    @property
    def now(self) -> datetime:
        """This moment."""
        return self.workspace.now()

    @property
    def today(self) -> date:
        """The day in the workspace zone."""
        return today_in(self.now, self.workspace.settings.zone)

    def narrow(self, query: str) -> None:
        """Filter by a query from now on; "" shows everything.

        Raises:
            Refused: it is no query, with the reason; the filter stays as it was.
        """
        from opstui.projections.filter import FilterContext, parse  # noqa: PLC0415 - no filter, no cost

        settings = self.workspace.settings
        board = with_strays(self.board, self.workspace.state.stages(self.board.id))
        context = FilterContext(
            today=self.today, zone=settings.zone, me=self.session.actor.name, board=board, now=self.now
        )
        self.predicate = parse(query, context) if query.strip() else None
        self.query = query

    def turn_to(self, board: Board) -> None:
        """Another board; its filter starts empty."""
        self.board, self.query, self.predicate = board, "", None

    def view(self) -> BoardView:
        """The whole board."""
        return board_view(self.workspace.state, self.board, self.predicate)

    def lane(self, stage_id: str) -> LaneView | None:
        """One lane of it, of a stage that the settings no longer have too."""
        stage = with_strays(self.board, (stage_id,)).stage(stage_id)
        return lane_view(self.workspace.state, self.board, stage, self.predicate) if stage else None

    def face(self, card: int) -> Face:
        """A card as the board shows it."""
        now = self.now
        return face(
            self.workspace.card(card),
            board=self.board,
            today=self.today,
            now=now,
            me=self.session.actor.name,
            formats=self.formats,
        )

    def card(self, card: int | None) -> Card | None:
        """The card of that id, if there is one."""
        known = card is not None and self.workspace.state.get("cards", card) is not None
        return self.workspace.card(card) if known and card is not None else None

    def detail(self, card_id: int | None) -> DetailView | None:
        """An open card, of whatever board."""
        card = self.card(card_id)
        board = self.workspace.settings.board(card.board) if card else None
        if card is None or board is None:
            return None
        return detail_view(
            card, board=board, reader=self.workspace.state, today=self.today, now=self.now, formats=self.formats
        )

    def counts(self) -> list[tuple[str, int]]:
        """(board name, cards that are not done or dropped) for the tabs."""
        state = self.workspace.state
        return [
            (
                board.name,
                sum(
                    len(state.lane(board.id, stage))
                    for stage in state.stages(board.id)
                    if board.category(stage) in ("queue", "active")
                ),
            )
            for board in self.workspace.settings.boards
        ]

    def touched(self, batches: Iterable[Batch]) -> Touched:
        """What these batches changed."""
        cards: set[int] = set()
        stages: set[str] = set()
        boards: set[str] = set()
        get = self.workspace.state.get
        for event in (event for batch in batches for event in batch.events if event.table == "cards"):
            cards.add(event.id)
            doc = get("cards", event.id)
            if doc is not None:
                boards.add(doc["board"])
                if doc["board"] == self.board.id:
                    stages |= {doc["stage"], *(s for s in event.changed.get("stage", ()) if s)}
        return Touched(frozenset(cards), frozenset(stages), frozenset(boards))

    def place(self, card: Card | None, *, where: str = "board", selected: int = 0) -> Place:
        """Where the cursor is, and how many cards are marked, for the command table."""
        done, undone = self.session.done, self.session.undone
        facts = {
            "undo": done[-1].said if done else "",
            "redo": undone[-1].said if undone else "",
            "filtered": bool(self.query),
            "selected": selected,
        }
        board = self.workspace.settings.board(card.board) if card else None
        if card is None or board is None:
            empty = not any(
                self.workspace.state.lane(self.board.id, s) for s in self.workspace.state.stages(self.board.id)
            )
            return Place(where="card" if where == "card" else "board", empty=empty, **facts)  # type: ignore[arg-type]
        lane: Sequence[int] = self.workspace.state.lane(card.board, card.stage)
        return Place(
            where="card" if where == "card" else "board",
            card=True,
            blocked=card.blocker is not None,
            first_stage=board.beside(card.stage, -1) is None,
            last_stage=board.beside(card.stage, 1) is None,
            dropped=board.dropped is None or board.category(card.stage) == "dropped",
            top=bool(lane) and lane[0] == card.id,
            bottom=bool(lane) and lane[-1] == card.id,
            ended=board.category(card.stage) in ("done", "dropped"),
            **facts,  # type: ignore[arg-type]
        )
