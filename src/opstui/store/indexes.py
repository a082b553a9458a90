"""What is found fast: the cards of a stage in their order, and a card by its ref or its foreign identity.

Both are built when first asked for, and then follow every change. Ranks and ids lie in arrays: a lane of 100,000 is
1.6 MB, and handing out a copy that another thread may read in peace is one memcpy.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opstui.domain.model import Doc

Key = tuple[str, str]
"""Board and stage."""
Rows = tuple["array[float]", "array[int]"]
"""Ranks and ids, side by side, ascending."""


def place(doc: Doc | None) -> tuple[Key, float] | None:
    """Where a card stands: its lane and its rank there; None for what stands in no lane (archived, or no card)."""
    if doc is None or doc.get("archived"):
        return None
    board, stage, rank = doc.get("board"), doc.get("stage"), doc.get("rank")
    if not isinstance(board, str) or not isinstance(stage, str):
        return None
    return (board, stage), float(rank) if isinstance(rank, int | float) else 0.0


class Lanes:
    """(board, stage) -> ids by (rank, id). One that lies `over` another copies a lane when it first changes it."""

    def __init__(self, base: Lanes | None = None) -> None:
        self._rows: dict[Key, Rows] = {}
        self._base = base

    @classmethod
    def of(cls, cards: Iterable[tuple[int, Doc]]) -> Lanes:
        """The lanes of these cards."""
        found: dict[Key, list[tuple[float, int]]] = {}
        for doc_id, doc in cards:
            at = place(doc)
            if at is not None:
                found.setdefault(at[0], []).append((at[1], doc_id))
        lanes = cls()
        for key, pairs in found.items():
            pairs.sort()
            lanes._rows[key] = array("d", [r for r, _ in pairs]), array("q", [i for _, i in pairs])
        return lanes

    def ids(self, board: str, stage: str) -> array[int]:
        """The ids of a lane, as they change: copy them to keep them."""
        return self.find((board, stage))[1]

    def stages(self, board: str) -> list[str]:
        """The stages of a board that hold cards, by name."""
        keys = {*self._rows, *(self._base._rows if self._base else ())}  # noqa: SLF001 - one of our own kind
        return sorted(stage for name, stage in keys if name == board and self.ids(name, stage))

    def change(self, doc_id: int, before: Doc | None, after: Doc | None) -> None:
        """Follow a card from where it stood to where it stands."""
        old, new = place(before), place(after)
        if old == new:
            return
        if old is not None:
            ranks, ids = self._own(old[0])
            at = _position(ranks, ids, old[1], doc_id)
            del ranks[at], ids[at]
        if new is not None:
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

    def _own(self, key: Key) -> Rows:
        if key not in self._rows:
            ranks, ids = self.find(key)
            self._rows[key] = ranks[:], ids[:]
        return self._rows[key]


def _position(ranks: array[float], ids: array[int], rank: float, doc_id: int) -> int:
    at = bisect_left(ranks, rank)
    while at < len(ranks) and ranks[at] == rank and ids[at] < doc_id:
        at += 1
    return at


class Names:
    """Ref -> card, and (source, external id) -> card."""

    def __init__(self) -> None:
        self.refs: dict[str, int] = {}
        self.externals: dict[tuple[str, str], int] = {}

    @classmethod
    def of(cls, cards: Iterable[tuple[int, Doc]]) -> Names:
        """The names of these cards."""
        names = cls()
        for doc_id, doc in cards:
            names.change(doc_id, None, doc)
        return names

    def change(self, doc_id: int, before: Doc | None, after: Doc | None) -> None:
        """Follow a card whose names may have changed."""
        old, new = _names(before), _names(after)
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


def _names(doc: Doc | None) -> tuple[str, tuple[str, str]]:
    if doc is None:
        return "", ("", "")
    return doc.get("ref", ""), (doc.get("source", ""), doc.get("external_id", ""))
