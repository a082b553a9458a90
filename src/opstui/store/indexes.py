"""What is found fast: the cards of a stage in their order, their worth, and a card by its ref or foreign identity.

Each comes in layers: what a snapshot's index file holds, over it what changed since, over that what a transaction did.
A layer copies a lane when it first changes it. Ranks and ids lie in arrays: a lane of 100,000 is 1.6 MB, and handing
out a copy that another thread may read in peace is one memcpy.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import TYPE_CHECKING

from opstui.domain.model import WORTH, worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableSequence, Sequence

    from opstui.domain.model import Doc

INDEXED = frozenset({"board", "stage", "rank", "archived", "kind", "currency", *WORTH.values()}) | frozenset(
    {"ref", "source", "external_id", "put_away", "entered"}
)
"""The fields of a card that lanes, sums and names are made of."""
ARCHIVE = "\x1farchive"
"""Stands for the stage of a board's archived cards: no stage has this id."""
Key = tuple[str, str]
"""Board and stage."""
Rows = tuple["Sequence[float]", "Sequence[int]"]
"""Ranks and ids, side by side, ascending: arrays of d and q, or such bytes of an index file."""
Place = tuple[Key, float, str, int]
"""Lane, rank, and what the card is worth: currency and amount."""


def place(doc: Doc | None) -> Place | None:
    """Where a card stands, its rank there, and its worth; None for what stands in no lane.

    Archived cards stand in a lane of their own, the one put away last on top, and are worth nothing there.
    """
    if doc is None:
        return None
    board, stage, rank = doc.get("board"), doc.get("stage"), doc.get("rank")
    if not isinstance(board, str) or not isinstance(stage, str):
        return None
    if doc.get("archived"):
        return (board, ARCHIVE), -_seconds(doc.get("put_away") or doc.get("entered")), "", 0
    return (board, stage), float(rank) if isinstance(rank, int | float) else 0.0, *worth(doc)


def _seconds(time: object) -> float:
    try:
        return datetime.fromisoformat(time).timestamp() if isinstance(time, str) else 0.0
    except (ValueError, OverflowError):
        return 0.0


class Lanes:
    """(board, stage) -> ids by (rank, id), and sums by currency; over the lanes of the layer below, if there is one."""

    def __init__(self, base: Lanes | None = None) -> None:
        self._rows: dict[Key, Rows] = {}
        self._sums: dict[Key, dict[str, int]] = {}
        self._base = base

    @classmethod
    def of(cls, cards: Iterable[tuple[int, Doc]]) -> Lanes:
        """The lanes of these cards."""
        found: dict[Key, list[tuple[float, int]]] = {}
        lanes = cls()
        for doc_id, doc in cards:
            if (at := place(doc)) is not None:
                found.setdefault(at[0], []).append((at[1], doc_id))
                lanes._add(at, 1)
        for key, pairs in found.items():
            pairs.sort()
            lanes.put(key, (array("d", [r for r, _ in pairs]), array("q", [i for _, i in pairs])))
        return lanes

    def put(self, key: Key, rows: Rows, sums: dict[str, int] | None = None) -> None:
        """A lane as it was written down."""
        self._rows[key] = rows
        if sums is not None:
            self._sums[key] = sums

    def ids(self, board: str, stage: str) -> Sequence[int]:
        """The ids of a lane, as they change: copy them to keep them."""
        return self.find((board, stage))[1]

    def copy(self, board: str, stage: str) -> array[int]:
        """The ids of a lane, which stay as they are."""
        return array("q", bytes(self.find((board, stage))[1]))

    def sums(self, board: str, stage: str) -> Mapping[str, int]:
        """What the cards of a lane are worth together, by currency, in minor units."""
        return self._worth((board, stage))

    def keys(self) -> set[Key]:
        """The lanes that hold cards, or once did."""
        return self._rows.keys() | (self._base.keys() if self._base else set())

    def stages(self, board: str) -> list[str]:
        """The stages of a board that hold cards, by name."""
        return sorted(
            stage for name, stage in self.keys() if name == board and stage != ARCHIVE and len(self.ids(name, stage))
        )

    def archived(self, boards: Sequence[str]) -> Sequence[int]:
        """The ids of these boards' archived cards, the one put away last first."""
        if len(boards) == 1:
            return self.copy(boards[0], ARCHIVE)
        rows = [self.find((board, ARCHIVE)) for board in boards]
        return [i for _when, i in sorted(pair for ranks, ids in rows for pair in zip(ranks, ids, strict=True))]

    def change(self, doc_id: int, before: Doc | None, after: Doc | None) -> None:
        """Follow a card from where it stood to where it stands."""
        old, new = place(before), place(after)
        if old == new:
            return
        stays = old is not None and new is not None and old[:2] == new[:2]
        if old is not None:
            self._add(old, -1)
            if not stays:
                ranks, ids = self._own(old[0])
                at = _position(ranks, ids, old[1], doc_id)
                del ranks[at], ids[at]
        if new is not None:
            self._add(new, 1)
            if not stays:
                ranks, ids = self._own(new[0])
                at = _position(ranks, ids, new[1], doc_id)
                ranks.insert(at, new[1])
                ids.insert(at, doc_id)

    def find(self, key: Key) -> Rows:
        """Ranks and ids of a lane, as they change."""
        rows = self._rows.get(key)
        if rows is None:
            rows = self._base.find(key) if self._base else (array("d"), array("q"))
        return rows

    def _worth(self, key: Key) -> dict[str, int]:
        sums = self._sums.get(key)
        if sums is None:
            sums = self._base._worth(key) if self._base else {}  # noqa: SLF001 - one of our own kind
        return sums

    def _add(self, at: Place, sign: int) -> None:
        key, _rank, currency, amount = at
        if amount:
            sums = dict(self._worth(key))
            sums[currency] = sums.get(currency, 0) + sign * amount
            self._sums[key] = sums

    def _own(self, key: Key) -> tuple[MutableSequence[float], MutableSequence[int]]:
        rows = self._rows.get(key)
        if rows is None or not isinstance(rows[0], array):
            ranks, ids = self.find(key)
            rows = array("d", bytes(ranks)), array("q", bytes(ids))  # type: ignore[arg-type]
            self._rows[key] = rows
        return rows  # type: ignore[return-value]


def _position(ranks: Sequence[float], ids: Sequence[int], rank: float, doc_id: int) -> int:
    """Where a card stands or belongs. Thousands may have one rank: those that were archived at one moment."""
    first = bisect_left(ranks, rank)
    return bisect_left(ids, doc_id, first, bisect_right(ranks, rank, first))


class Names:
    """Ref -> card, and (source, external id) -> card: what changed, over what a snapshot's index file holds."""

    def __init__(self) -> None:
        self.refs: dict[str, int] = {}
        self.externals: dict[tuple[str, str], int] = {}

    def change(self, doc_id: int, before: Doc | None, after: Doc | None) -> None:
        """Follow a card whose names may have changed."""
        old, new = names_of(before), names_of(after)
        if before is not None and old == new:
            return
        if self.refs.get(old[0]) == doc_id:
            del self.refs[old[0]]
        if self.externals.get(old[1]) == doc_id:
            del self.externals[old[1]]
        if new[0]:
            self.refs[new[0]] = doc_id
        if new[1][1]:
            self.externals[new[1]] = doc_id


_NAMES = ("ref", "source", "external_id")


def names_of(doc: Doc | None) -> tuple[str, tuple[str, str]]:
    """A card's ref, and its foreign identity; empty texts where it has none."""
    if doc is None:
        return "", ("", "")
    ref, source, external = (text if isinstance(text := doc.get(name), str) else "" for name in _NAMES)
    return ref, (source, external)
