"""Events -> tracks, batch by batch: the one place where history becomes something the flow formulas can read.

A card's history is a list of dated steps. Undo removes the step it takes back and redo puts that very step back, with
its own time, so that a slip of the finger never counts as work. The time of a step is the event's, not the batch's: an
import tells in one batch what took months, and steps may arrive out of order.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Container, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal

from opstui.domain.boards import Board
from opstui.domain.events import Batch, Event
from opstui.domain.model import Doc
from opstui.metrics.track import CategoryOf, Passage, Span, Track, passage

_Sort = Literal["stage", "due", "blocked", "archived"]
_Step = tuple[datetime, int, _Sort, Any, int]
"""(at, place in the history, what changed, its new value, batch). Sorts by (at, place)."""


def categories(board: Board) -> CategoryOf:
    """The board's stage categories as a quick look-up; a stage that is gone counts as active."""
    known = {stage.id: stage.category for stage in board.stages}
    return lambda stage: known.get(stage, "active")


def latest(track: Track) -> datetime:
    """The last moment that a track tells of."""
    ends = [end for span in track.blocked for end in span if end is not None]
    return max([track.path[-1][1], *ends, *([track.archived] if track.archived else [])])


class _Life:
    """One card while history is folded. `taken` holds the steps an undo took back, by the batch that did."""

    __slots__ = ("board", "born", "created", "hidden", "passage", "stage", "steps", "taken", "track")

    def __init__(self, event: Event, batch: int) -> None:
        self.board: str = event.data["board"]
        self.stage: str = event.data["stage"]
        self.created = event.at
        self.born = batch
        self.hidden = False
        self.steps: list[_Step] = []
        self.taken: dict[int, list[_Step]] | None = None
        self.track: Track | None = None
        self.passage: Passage | None = None

    def add(self, step: _Step) -> None:
        if self.steps and step[0] < self.steps[-1][0]:
            insort(self.steps, step, key=lambda known: known[:2])
        else:
            self.steps.append(step)

    def take_back(self, batch: int, sort: _Sort, *, by: int) -> bool:
        """Remove what that batch did to `sort`; False when it did nothing of that sort."""
        gone = [step for step in self.steps if step[4] == batch and step[2] == sort]
        if gone:
            self.steps = [step for step in self.steps if step not in gone]
            self.taken = {**(self.taken or {}), by: [*(self.taken or {}).get(by, ()), *gone]}
        return bool(gone)

    def put_back(self, batch: int, sort: _Sort, *, by: int) -> bool:
        """Put back what the undo in that batch took, now as a step of batch `by`."""
        gone = [step for step in (self.taken or {}).get(batch, ()) if step[2] == sort]
        for at, place, _sort, value, _batch in gone:
            self.add((at, place, sort, value, by))
        return bool(gone)

    def as_track(self, card: int) -> Track:
        """What the steps amount to."""
        path, dues, blocks, archived = [(self.stage, self.created)], [], [], None
        for at, _place, sort, value, _batch in self.steps:
            if sort == "stage":
                path.append((value, max(at, self.created)))
            elif sort == "due":
                dues.append((at, value))
            elif sort == "blocked":
                blocks.append((at, value))
            else:
                archived = at if value else None
        return Track(
            card=card,
            created=self.created,
            path=tuple(path),
            blocked=_spans(blocks),
            due=dues[-1][1] if dues else None,
            dues=tuple(dues) if len(dues) > 1 else (),
            archived=archived,
        )


def _spans(blocks: list[tuple[datetime, bool]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    since: datetime | None = None
    for at, on in blocks:
        if on and since is None:
            since = at
        elif not on and since is not None:
            spans.append((since, at))
            since = None
    return (*spans, (since, None)) if since else tuple(spans)


class Flows:
    """The tracks of all cards, kept up to date by `apply`. What did not change is not computed again.

    Cards whose creation was undone are left out. Dropped cards have a track but no passage.
    """

    def __init__(self, boards: Iterable[Board]) -> None:
        """The boards say which stages are queue, active, done or dropped."""
        self._categories = {board.id: categories(board) for board in boards}
        self._lives: dict[int, _Life] = {}
        self._boards: dict[str, list[int]] = {}
        self._place = 0

    def apply(self, batch: Batch, cards: Container[int] | None = None) -> None:
        """Take in one batch, or what it tells of these cards; batches come in the order of their numbers."""
        born: dict[int, Doc] | None = None
        for event in batch.events:
            if event.table != "cards" or (cards is not None and event.id not in cards):
                continue
            self._place += 1
            if event.kind == "created":
                born = _born(batch) if born is None else born
                self._create(event, batch.n, born.get(event.id, {}))
            elif (sort := _SORTS.get(event.kind)) and (life := self._lives.get(event.id)):
                if sort == "due" and "due" not in event.changed:
                    continue
                self._step(life, event, sort, batch.n)

    def fold(self, batches: Iterable[Batch], cards: Container[int] | None = None) -> Flows:
        """Take in many batches, or what they tell of these cards; returns itself."""
        for batch in batches:
            self.apply(batch, cards)
        return self

    def track(self, card: int) -> Track | None:
        """The track of one card; None when it never was, or its creation was undone."""
        life = self._lives.get(card)
        if life is None or life.hidden:
            return None
        if life.track is None:
            life.track = life.as_track(card)
        return life.track

    def tracks(self, board: str) -> Iterator[Track]:
        """The tracks of a board's cards, by id of creation."""
        for card in self._boards.get(board, ()):
            track = self.track(card)
            if track is not None:
                yield track

    def passages(self, board: str) -> list[Passage]:
        """The passages of a board's cards, dropped ones left out."""
        if board not in self._categories:
            return []
        every = (self.passage(card) for card in self._boards.get(board, ()))
        return [found for found in every if found is not None]

    def passage(self, card: int) -> Passage | None:
        """The passage of one card; None for one that was dropped, never was, or is on a board that is not there."""
        life = self._lives.get(card)
        category = self._categories.get(life.board) if life else None
        if life is None or category is None:
            return None
        if life.passage is None or life.track is None:
            track = self.track(card)
            life.passage = passage(track, category) if track else None
        return life.passage

    def _create(self, event: Event, batch: int, doc: Doc) -> None:
        life = self._lives[event.id] = _Life(event, batch)
        self._boards.setdefault(life.board, []).append(event.id)
        if doc.get("due"):
            life.steps.append((event.at, self._place, "due", date.fromisoformat(doc["due"]), batch))

    def _step(self, life: _Life, event: Event, sort: _Sort, batch: int) -> None:
        life.track = life.passage = None
        if sort == "archived":
            life.hidden = event.kind == "archived" and _unmakes(event, life.born)
        if "undoes" in event.data and life.take_back(event.data["undoes"], sort, by=batch):
            return
        if "redoes" in event.data and life.put_back(event.data["redoes"], sort, by=batch):
            return
        if sort == "due":
            self._due(life, event, batch)
        else:
            value = event.changed["stage"][1] if sort == "stage" else event.kind in ("blocked", "archived")
            life.add((event.at, self._place, sort, value, batch))

    def _due(self, life: _Life, event: Event, batch: int) -> None:
        """A new card's document shows how its batch left it: a due day changed in that batch is mended here."""
        before, after = event.changed["due"]
        dues = [number for number, step in enumerate(life.steps) if step[2] == "due"]
        if batch == life.born and len(dues) == 1:
            at, place, *_rest = life.steps[dues[0]]
            life.steps[dues[0]] = (at, place, "due", date.fromisoformat(before) if before else None, batch)
        life.add((event.at, self._place, "due", date.fromisoformat(after) if after else None, batch))


def _unmakes(event: Event, born: int) -> bool:
    """Whether it takes back the making of a card, at once or by taking back that it was made again.

    Journals from before the field `unmade` tell it by the batch alone.
    """
    return bool(event.changed.get("unmade", (None, None))[1]) or event.data.get("undoes") == born


_SORTS: dict[str, _Sort] = {
    "moved": "stage",
    "edited": "due",
    "blocked": "blocked",
    "unblocked": "blocked",
    "archived": "archived",
    "restored": "archived",
}


STEPS = frozenset({"created", "edited.due", *(kind for kind in _SORTS if kind != "edited")})
"""The kinds of event that a track is made of, as a store's `events_of` names them."""


def _born(batch: Batch) -> dict[int, Doc]:
    """The card documents a batch brought into being, by id."""
    return {
        number: patch[1]
        for table, number, patch in batch.changes
        if table == "cards" and not isinstance(patch, dict) and patch[0] is None
    }
