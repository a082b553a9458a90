"""What the archive says of a card on one line, and which archived cards a query finds, as plain frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.model import Doc, Money, utc, worth
from opstui.domain.state import Reader
from opstui.formats import Formats
from opstui.projections.board import Filter


class ArchiveRow(Struct, frozen=True):
    """An archived card: what people look for, its worth, the stage it was in, and when it was put away."""

    ref: str
    title: str
    amount: str
    stage: str
    when: str


def archive_row(doc: Doc, board: Board | None, formats: Formats, today: date) -> ArchiveRow:
    """The row of a card's document; `board` is its board, if the settings still have it."""
    stage = board.stage(doc["stage"]) if board else None
    currency, amount = worth(doc)
    customer, title = doc.get("customer", ""), doc.get("title", "")
    return ArchiveRow(
        doc["ref"],
        title if title.startswith(customer) else f"{customer} · {title}",
        formats.amount(Money(amount, currency)) if amount else "",
        stage.name if stage else doc["stage"],
        formats.moment(utc(doc.get("put_away") or doc["entered"]), today),
    )


def archived(reader: Reader, boards: Sequence[str], query: Filter | None = None) -> Sequence[int]:
    """The archived cards of these boards that a query lets through, those put away last first."""
    ids = reader.archived(*boards)
    if query is None:
        return ids
    found: Sequence[int] = ids
    if query.words:
        hits = reader.search(query.words)
        found = [card for card in ids if card in hits]
    if query.rest is None:
        return found
    return [card for card in found if (doc := reader.get("cards", card)) is not None and query.rest(doc)]
