"""What one session has before it: which board, through which filter, and what a batch of changes touches there.

No widget and no key in here: the board screen asks, and draws the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from opstui.domain.boards import with_strays
from opstui.domain.filters import saved_queries
from opstui.domain.model import Card
from opstui.formats import Formats, today_in
from opstui.i18n import _
from opstui.projections.board import BoardView, Face, LaneView, face
from opstui.projections.detail import DetailView, detail_view
from opstui.ui.arranging import Arranging
from opstui.ui.commands import Place

if TYPE_CHECKING:
    from opstui.domain.boards import Board
    from opstui.domain.events import Batch
    from opstui.projections.board import Filter
    from opstui.projections.filter_offers import Offer
    from opstui.projections.search import Search
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
        self.title = ""
        """The name of the filter, if a saved one was chosen."""
        self._day = self.today
        self.sought = ""
        """What was found everywhere last."""
        self.search: Search | None = None
        """The cards that the filter lets through, as far as they have been found; whoever narrows sets it going."""
        self.formats = Formats(settings.locale, settings.currency, settings.zone)
        self.arranging = Arranging(self.workspace, session.kept)

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
        from opstui.projections.search import Search  # noqa: PLC0415 - no filter, no cost

        keep, search = self.read(query, self.board), None
        if query.strip():
            shown = self.arranging.view(self.board, None)
            search = Search(self.workspace.state, keep, [lane.ids for lane in shown.lanes])
        self.search = search
        self.query, self._day = query, self.today

    @property
    def stale(self) -> bool:
        """Whether the filter was read on another day: what is late or due today may have changed since."""
        return self.search is not None and self._day != self.today

    def read(self, query: str, *boards: Board) -> Filter:
        """What a query means on a board, or on several.

        Raises:
            Refused: it is no query, with the reason.
        """
        from opstui.projections.filter import FilterContext, parse  # noqa: PLC0415 - no filter, no cost

        known = tuple(with_strays(board, self.workspace.state.stages(board.id)) for board in boards)
        zone, me = self.workspace.settings.zone, self.session.actor.name
        saved = self._saved() if "@" in query else {}
        context = FilterContext(
            today=self.today,
            zone=zone,
            me=me,
            boards=known,
            now=self.now,
            saved=saved,
            was=self.workspace.was,
            bought=self.workspace.bought,
            counted=self.workspace.counted,
        )
        return parse(query, context)

    def _saved(self) -> dict[str, str]:
        """What `@name` stands for: shared filters, and before them the member's own."""
        own = {saved.name: saved.query for saved in self.session.kept.now.filters}
        return saved_queries(self.workspace.state) | own

    def offer(self, query: str) -> Offer:
        """What may come next in a filter that is being typed on this board."""
        from opstui.projections.filter import FilterContext  # noqa: PLC0415 - no filter, no cost
        from opstui.projections.filter_offers import offer  # noqa: PLC0415

        context = FilterContext(today=self.today, zone=self.workspace.settings.zone, me="me", boards=(self.board,))
        members = (str(doc["name"]) for _id, doc in self.workspace.state.items("members"))
        saved = sorted(self._saved()) if "@" in query else ()
        return offer(query, context, sorted(members), saved=saved)

    def turn_to(self, board: Board) -> None:
        """Another board; its filter starts empty."""
        self.board, self.query, self.title, self.search = board, "", "", None

    def view(self) -> BoardView:
        """The whole board, in the order and the swimlanes that were chosen for it."""
        return self.arranging.view(self.board, self.search)

    def view_aside(self) -> BoardView:
        """The same, made in a thread: nothing is begun there that the loop would have to know of."""
        return self.arranging.view(self.board, self.search, aside=True)

    def lane(self, stage_id: str) -> LaneView | None:
        """One lane of it, of a stage that the settings no longer have too."""
        stage = with_strays(self.board, (stage_id,)).stage(stage_id)
        return self.arranging.lane(self.board, stage, self.search) if stage else None

    @property
    def shown(self) -> tuple[str, ...] | None:
        """What stands on the faces of this board's cards; None for the usual."""
        return self.session.kept.now.shown.get(self.board.id)

    def face(self, card: int) -> Face:
        """A card as its board shows it."""
        found, shown = self.workspace.card(card), self.shown
        drawn = face(
            found,
            board=self.workspace.settings.board(found.board) or self.board,
            today=self.today,
            now=self.now,
            me=self.session.actor.name,
            formats=self.formats,
        )
        if shown is None:
            return drawn
        from opstui.projections.parts import with_parts  # noqa: PLC0415 - the usual face, no cost

        return with_parts(drawn, found, shown, self.formats, self.today)

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
        """What these batches changed; arranged lanes and the filter are brought up to date with it."""
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
        self.arranging.changed(cards)
        if self.search is not None:
            self.search.again(cards)
        return Touched(frozenset(cards), frozenset(stages), frozenset(boards))

    def place(self, card: Card | None, *, where: str = "board", selected: int = 0, among: Sequence[int] = ()) -> Place:
        """Where the cursor is, and how many cards are marked, for the command table.

        `among` are the cards above and below it where that is not the whole lane (in a swimlane).
        """
        done, undone = self.session.steps.done, self.session.steps.undone
        facts = {
            "undo": done[-1].said if done else _("what is being done") if self.session.busy else "",
            "redo": undone[-1].said if undone else "",
            "filtered": bool(self.query),
            "selected": selected,
            "swimlanes": self.arranging.field(self.board) is not None,
        }
        board = self.workspace.settings.board(card.board) if card else None
        if card is None or board is None:
            empty = not self.workspace.state.stages(self.board.id)
            return Place(where="card" if where == "card" else "board", empty=empty, **facts)  # type: ignore[arg-type]
        lane: Sequence[int] = among or self.workspace.state.lane(card.board, card.stage)
        sort = self.arranging.sort(board, card.stage)
        return Place(
            where="card" if where == "card" else "board",
            card=True,
            blocked=card.blocker is not None,
            first_stage=board.beside(card.stage, -1) is None,
            last_stage=board.beside(card.stage, 1) is None,
            dropped=board.dropped is None or board.category(card.stage) == "dropped",
            top=bool(lane) and lane[0] == card.id,
            bottom=bool(lane) and lane[-1] == card.id,
            sorted=sort.label if sort else "",
            ended=board.ends(card.stage),
            campaign=board.kind == "campaign",
            **facts,  # type: ignore[arg-type]
        )
