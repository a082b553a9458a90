"""Queries that find exactly the cards behind a number, and the spans of days a page is cut into."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.state import Reader
from opstui.projections.tiles import term

BY_DAY = 45
"""Days up to which a page is cut into days; a longer one is cut into weeks."""
WEEK = 7


def on(board: Board, *terms: str) -> str:
    """A query about the cards of one board."""
    return " ".join((f"board:{board.id}", *terms))


def between(first: date, last: date) -> str:
    """Days as the filter language writes them, both included."""
    return first.isoformat() if first == last else f"{first}..{last}"


def named(reader: Reader, board: Board, cards: Collection[int]) -> str:
    """The query that names cards one by one, where none says in fewer words which they are; "" for none."""
    refs = sorted(doc["ref"] for card in cards if (doc := reader.get("cards", card)))
    return on(board, term("ref", *refs)) if refs else ""


class Step(Struct, frozen=True):
    """Days that are drawn as one, both included. `whole`: all of it has been."""

    first: date
    last: date
    whole: bool


def steps(first: date, today: date) -> Iterator[Step]:
    """The days from the first to today, or their weeks (Monday to Sunday) where they are many."""
    if (today - first).days < BY_DAY:
        for n in range((today - first).days + 1):
            day = first + timedelta(days=n)
            yield Step(day, day, day < today)
        return
    day = first
    while day <= today:
        end = day + timedelta(days=WEEK - 1 - day.weekday())
        yield Step(day, min(end, today), end < today and day.weekday() == 0)
        day = end + timedelta(days=1)
