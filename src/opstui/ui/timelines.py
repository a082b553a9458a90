"""The timelines of the cards that were opened: read from history once, in a thread, then kept up to date.

History may be long, so opening a card shows everything else at once and its timeline as soon as it is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from opstui.domain.breaches import VIA
from opstui.formats import Formats, today_in
from opstui.projections.evidence import Fact
from opstui.projections.timeline import TimelineRow, card_events, timeline

if TYPE_CHECKING:
    from opstui.domain.events import Batch
    from opstui.workspace import Workspace

KEPT = 20
Line = tuple[str, str, str, bool]
"""When, who, what, and whether a person says it (a comment)."""


class Timelines:
    """Timelines by card, for the cards opened last."""

    def __init__(self, workspace: Workspace, formats: Formats) -> None:
        """Nothing is read yet."""
        self._workspace, self._formats = workspace, formats
        self._facts: dict[int, tuple[Fact, ...]] = {}
        self._missed: dict[int, list[Batch]] = {}

    def known(self, card: int | None) -> Sequence[Line] | None:
        """A timeline, newest first; None when it has to be read first."""
        facts = self._facts.get(card) if card is not None else None
        doc = self._workspace.state.get("cards", card) if card is not None else None
        board = self._workspace.settings.board(doc["board"]) if doc else None
        if facts is None or board is None:
            return None
        state, today = self._workspace.state, today_in(self._workspace.now(), self._workspace.settings.zone)
        rows = timeline(
            facts,
            board,
            comments=self._comment,
            refs=lambda other: (state.get("cards", other) or {}).get("ref", "?"),
            newest_first=True,
        )
        return [(self._formats.moment(row.at, today), _who(row), row.text, row.mark == "comment") for row in rows]

    def _comment(self, number: int) -> str | None:
        doc = self._workspace.state.get("comments", number)
        return None if doc is None or doc.get("withdrawn") else str(doc["text"])

    async def read(self, card: int) -> None:
        """Read a card's timeline from history; afterwards it is known."""
        if card in self._facts or card in self._missed:
            return
        missed = self._missed[card] = []
        try:
            facts = await asyncio.get_running_loop().run_in_executor(None, self._scan, card)
        finally:
            del self._missed[card]
        if len(self._facts) >= KEPT:
            del self._facts[next(iter(self._facts))]
        seen = {fact.batch for fact in facts}
        self._facts[card] = _joined(facts, card_events((batch for batch in missed if batch.n not in seen), card))

    def apply(self, batches: Iterable[Batch]) -> None:
        """Take in what was done since."""
        batches = list(batches)
        for missed in self._missed.values():
            missed.extend(batches)
        for card, facts in self._facts.items():
            self._facts[card] = _joined(facts, card_events(batches, card))

    def forget(self) -> None:
        """Too much has happened: read again when needed."""
        self._facts.clear()

    def _scan(self, card: int) -> tuple[Fact, ...]:
        return card_events(self._workspace.events_of({card}), card)


def _joined(one: tuple[Fact, ...], other: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(sorted((*one, *other), key=lambda fact: fact.event.at)) if other else one


def _who(row: TimelineRow) -> str:
    told_by_people = row.mark == "comment" or not (row.via in ("import", VIA) or row.via.startswith("rule:"))
    return row.by if told_by_people else row.via
