"""What earlier campaigns taught, as far as it applies to a card: the way in which a lesson comes back."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from opstui.domain.model import Card
from opstui.domain.playbook import applying
from opstui.domain.state import Reader


class Lesson(Struct, frozen=True):
    """An entry of the playbook that applies: `check` is what it puts on the checklist, `evidence` a post-mortem."""

    ref: str
    text: str
    check: str
    evidence: str


def lessons_for(card: Card, reader: Reader, today: date) -> tuple[Lesson, ...]:
    """The lessons of earlier campaigns that apply to this one, oldest first; none for other cards.

    What it taught itself is no news to it.
    """
    if card.kind != "campaign":
        return ()
    own = {doc["ref"] for _number, doc in reader.items("postmortems") if doc["card"] == card.id}
    return tuple(
        Lesson(doc["ref"], doc["text"], doc.get("check") or "", doc.get("evidence") or "")
        for _number, doc in applying(reader, card.kind, list(card.tags), today)
        if doc.get("evidence") not in own
    )
