"""What decide and the projections may ask of the state: nothing but reads, so that both stay pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from opstui.domain.events import Batch
from opstui.domain.model import Doc


class Reader(Protocol):
    """The state as decide and the projections read it. Documents are not to be changed in place."""

    def get(self, table: str, doc_id: int) -> Doc | None:
        """One document, or None."""

    def ids(self, table: str) -> Sequence[int]:
        """The ids of a table's documents, ascending."""

    def items(self, table: str, fields: frozenset[str] | None = None) -> Iterator[tuple[int, Doc]]:
        """Every document of a table, by id; where only some `fields` are asked for, others may miss."""

    def lane(self, board: str, stage: str) -> Sequence[int]:
        """The ids of a stage's cards (archived ones left out) by (rank, id)."""

    def archived(self, *boards: str) -> Sequence[int]:
        """The ids of these boards' cards in the archive, those put away last first."""

    def lane_sums(self, board: str, stage: str) -> Mapping[str, int]:
        """What a stage's cards are worth together (archived ones left out): currency -> minor units."""

    def search(self, words: Sequence[str]) -> AbstractSet[int]:
        """The cards in whose text (casefolded: see `search_text`) all these words stand; archived ones too."""

    def sums_of(self, cards: Iterable[int]) -> Mapping[str, int]:
        """What these cards are worth together: currency -> minor units."""

    def stages(self, board: str) -> Sequence[str]:
        """The stage ids of a board that hold cards (archived ones left out), known to its settings or not, by name."""

    def find_external(self, source: str, external_id: str) -> int | None:
        """The card imported under this identity."""

    def find_ref(self, ref: str) -> int | None:
        """The card of this ref (ORD-0042), archived ones too."""

    def batch(self, n: int) -> Batch | None:
        """Batch n of the history."""


class State(Reader, Protocol):
    """The state inside a transaction, which also hands out numbers."""

    def next_id(self, sequence: str) -> int:
        """The next number of a sequence (a table's name, or a ref prefix): 1, 2, 3 ... never handed out twice."""
