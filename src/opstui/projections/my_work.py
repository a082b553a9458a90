"""One person's open cards on all boards, by when they are due: what is late first, what has no date last.

Post-mortems that have to be written by a day are work too, whatever stage their card is in.

A card counts as one's work while it is its owner's and its stage is one in which work is waiting or under way. The
person "" is nobody: what no one has taken yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from opstui.domain.boards import Board, with_strays
from opstui.domain.model import Doc
from opstui.domain.state import Reader
from opstui.i18n import _
from opstui.projections.board import Filter
from opstui.projections.search import Search

When = Literal["late", "today", "week", "later", "none"]


class Report(Struct, frozen=True):
    """A post-mortem that is to be drafted by a day (ISO)."""

    card: int
    ref: str
    due: str


class Pile(Struct, frozen=True):
    """The cards of one time, those due first at the top."""

    when: When
    cards: tuple[int, ...]

    @property
    def name(self) -> str:
        """For people."""
        return {
            "late": _("Late"),
            "today": _("Today"),
            "week": _("This week"),
            "later": _("Later"),
            "none": _("No date"),
        }[self.when]


class Work(Search):
    """The search for one person's work; `piles` says what has been found so far."""

    def __init__(self, reader: Reader, boards: Sequence[Board], whose: str) -> None:
        """Look through the open lanes of these boards."""
        self.whose = whose
        self._due: dict[int, str] = {}
        known = [with_strays(board, reader.stages(board.id)) for board in boards]
        lanes = [(b.id, s.id) for b in known for s in b.stages if b.category(s.id) in ("queue", "active")]
        self._open = frozenset(lanes)
        hints = (whose.casefold(),) if whose else ()
        keep = Filter((), self._mine, hints)
        super().__init__(reader, keep, [reader.lane(*lane) for lane in lanes])

    def _mine(self, doc: Doc) -> bool:
        """Whether it is; its day is noted."""
        if doc.get("owner", "") != self.whose or (doc["board"], doc["stage"]) not in self._open or doc.get("archived"):
            return False
        self._due[doc["id"]] = doc.get("due") or ""
        return True

    def piles(self, today: date) -> tuple[Pile, ...]:
        """What was found, by when it is due; `today` in the workspace zone. A time without cards has no pile."""
        end = (today + timedelta(days=7 - today.weekday())).isoformat()
        piles: dict[When, list[tuple[str, int]]] = {"late": [], "today": [], "week": [], "later": [], "none": []}
        for card in tuple(self.found):
            due = self._due.get(card, "")
            piles[_when(due, today.isoformat(), end)].append((due, card))
        return tuple(Pile(when, tuple(card for _due, card in sorted(rows))) for when, rows in piles.items() if rows)


def reports_due(reader: Reader, whose: str) -> tuple[Report, ...]:
    """The post-mortems that wait for that person: who owns the card, else who began them; those due first first."""
    found = []
    for _id, doc in reader.items("postmortems"):
        card = reader.get("cards", doc["card"]) if doc.get("due") and doc.get("status") == "draft" else None
        if card is not None and whose == (card.get("owner") or doc.get("by") or ""):
            found.append(Report(doc["card"], str(doc["ref"]), str(doc["due"])))
    return tuple(sorted(found, key=lambda report: (report.due, report.ref)))


def _when(due: str, today: str, end: str) -> When:
    if not due:
        return "none"
    if due <= today:
        return "late" if due < today else "today"
    return "week" if due < end else "later"
