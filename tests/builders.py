"""Short ways to make what tests talk about: times, tracks, batches as the store writes them, a state to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from opstui.domain.boards import DEFAULT_BOARDS, Board
from opstui.domain.events import Batch, Event
from opstui.domain.model import Doc, add_up, plain, search_text
from opstui.metrics.track import Track

T0 = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
"""Tuesday 1 September 2026, 08:00 in Jakarta."""


def hour(n: float) -> datetime:
    """So many hours after T0."""
    return T0 + timedelta(hours=n)


def board_of(board_id: str) -> Board:
    """A default board."""
    return next(b for b in DEFAULT_BOARDS if b.id == board_id)


def track(*path: tuple[str, float], card: int = 1, due: date | None = None, **more: Any) -> Track:
    """A track through stages entered so many hours after T0: track(("new", 0), ("closed", 5))."""
    return Track(card, hour(path[0][1]), tuple((stage, hour(n)) for stage, n in path), due=due, **more)


class Tables:
    """A Reader over plain dictionaries: Tables(cards={1: {...}})."""

    def __init__(self, **tables: dict[int, Doc]) -> None:
        """Each table is a dictionary of documents by id."""
        self.tables = tables
        self.batches: list[Batch] = []

    def get(self, table: str, doc_id: int) -> Doc | None:
        return self.tables.get(table, {}).get(doc_id)

    def ids(self, table: str) -> Sequence[int]:
        return sorted(self.tables.get(table, {}))

    def items(self, table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        docs = sorted(self.tables.get(table, {}).items())
        return ((i, doc if fields is None else {f: v for f, v in doc.items() if f in fields}) for i, doc in docs)

    def lane(self, board: str, stage: str) -> Sequence[int]:
        docs = [d for d in self.tables.get("cards", {}).values() if (d["board"], d["stage"]) == (board, stage)]
        return [d["id"] for d in sorted(docs, key=lambda d: (d["rank"], d["id"])) if not d.get("archived")]

    def archived(self, *boards: str) -> Sequence[int]:
        docs = [d for d in self.tables.get("cards", {}).values() if d["board"] in boards and d.get("archived")]
        return [d["id"] for d in sorted(docs, key=lambda d: d.get("put_away", ""), reverse=True)]

    def lane_sums(self, board: str, stage: str) -> dict[str, int]:
        return add_up(self.tables["cards"][card] for card in self.lane(board, stage))

    def search(self, words: Sequence[str]) -> set[int]:
        texts = {i: search_text(doc) for i, doc in self.tables.get("cards", {}).items()}
        return {i for i, text in texts.items() if all(word in text for word in words)}

    def sums_of(self, cards: Iterable[int]) -> dict[str, int]:
        return add_up(self.tables["cards"][card] for card in cards)

    def stages(self, board: str) -> Sequence[str]:
        docs = self.tables.get("cards", {}).values()
        return sorted({d["stage"] for d in docs if d["board"] == board and not d.get("archived")})

    def find_external(self, source: str, external_id: str) -> int | None:
        wanted = (source, external_id)
        return next((i for i, d in self.items("cards") if (d.get("source"), d.get("external_id")) == wanted), None)

    def find_ref(self, ref: str) -> int | None:
        return next((i for i, d in self.items("cards") if d["ref"] == ref), None)

    def batch(self, n: int) -> Batch | None:
        return self.batches[n - 1] if 0 < n <= len(self.batches) else None


def card_doc(number: int, board: str = "orders", stage: str = "new", *, created: datetime = T0, **fields: Any) -> Doc:
    """A card's document. `entered` is `created` unless it is given as a time; other fields as documents hold them."""
    found = board_of(board)
    entered = fields.pop("entered", created)
    return {
        "id": number,
        "ref": f"{found.prefix}-{number:04d}",
        "kind": found.kind,
        "board": board,
        "stage": stage,
        "title": f"Card {number}",
        "created": plain(created),
        "entered": plain(entered),
        "rank": float(number),
        "version": 1,
        **fields,
    }


class Chronicle(Tables):
    """Writes batches as the store would, and keeps the documents they lead to. Each call is one batch: its number.

    Times are hours after T0; `written` is when the batch was written, if not when it happened.
    """

    def __init__(self, board: str = "orders") -> None:
        """Cards are made on this board."""
        super().__init__(cards={})
        self.board = board

    def write(
        self, *events: Event, changes: Sequence[Any] = (), via: str = "console", written: float | None = None
    ) -> int:
        at = hour(written) if written is not None else events[-1].at
        batch = Batch(n=len(self.batches) + 1, at=at, by=events[-1].by, via=via, events=events, changes=tuple(changes))
        self.batches.append(batch)
        return batch.n

    def event(self, kind: str, card: int, at: float, by: str = "rina", via: str = "console", **rest: Any) -> Event:
        return Event(kind=kind, table="cards", id=card, at=hour(at), by=by, via=via, **rest)

    def create(self, card: int, at: float, stage: str = "new", **fields: Any) -> int:
        doc = card_doc(card, self.board, stage, created=hour(at), **fields)
        self.tables["cards"][card] = doc
        data = {name: doc[name] for name in ("ref", "board", "stage", "title")}
        return self.write(self.event("created", card, at, data=data), changes=[("cards", card, (None, doc))])

    def change(
        self, kind: str, card: int, at: float, data: dict[str, Any] | None = None, *, by: str = "rina", **values: Any
    ) -> int:
        """An event of `kind` that sets these fields."""
        doc = self.tables["cards"][card]
        changed = {name: (doc.get(name), new) for name, new in values.items()}
        self.tables["cards"][card] = {k: v for k, v in {**doc, **values}.items() if v is not None}
        return self.write(self.event(kind, card, at, by, changed=changed, data=data or {}))

    def move(self, card: int, stage: str, at: float, data: dict[str, Any] | None = None, *, by: str = "rina") -> int:
        return self.change("moved", card, at, data, by=by, stage=stage, entered=plain(hour(at)))
