"""What a filter is read with, and what its keys share: the states a card can be in, and how a word is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.model import Category, Doc, Refused
from opstui.i18n import _

Predicate = Callable[[Doc], bool]


class Stood(Protocol):
    """Where the cards of a board stood at the end of a day, or at some time within several."""

    def holds(self, doc: Doc, place: str) -> bool:
        """Whether a card stood in a stage, or was in progress."""


class Bought(Protocol):
    """What is known of the customer of an order, all their orders taken together."""

    def first_day(self, doc: Doc) -> date | None:
        """The local day of their first order; None for what is no order, or names nobody."""

    def is_new(self, doc: Doc) -> bool:
        """Whether it is their first order."""

    def is_returning(self, doc: Doc) -> bool:
        """Whether they had bought before."""

    def is_repeat(self, doc: Doc) -> bool:
        """Whether they have bought more than once."""

    def is_lost(self, doc: Doc) -> bool:
        """Whether they seem to have left."""


Was = Callable[[str, date, date], Stood | None]
"""(board, first local day, last) -> where its cards stood: at the end of one day, or at some time within several."""


Counted = Callable[[str, str, date, date], Collection[int]]
"""(board, what, first local day, last) -> the cards that a figure of these days counted; see `filter_history`."""


class FilterContext(Struct, frozen=True, kw_only=True):
    """What a query is read with. `today` is the day in `zone`; `now` defaults to the end of it.

    `board` is the one on screen; `boards` all of them, where cards of several are looked through.
    """

    today: date
    zone: ZoneInfo
    me: str = ""
    board: Board | None = None
    boards: tuple[Board, ...] = ()
    now: datetime | None = None
    saved: Mapping[str, str] = {}
    """Filters that `@name` stands for: name -> query."""
    was: Was | None = None
    """What tells where cards stood on a day that is over; None where nobody can."""
    bought: Callable[[], Bought] | None = None
    """What tells of an order's customer; None where nobody can."""
    counted: Counted | None = None
    """What tells which cards a figure counted; None where nobody can."""

    @property
    def moment(self) -> datetime:
        """The time that ages are counted to."""
        return self.now or datetime.combine(self.today + timedelta(days=1), time(), self.zone)

    @property
    def known_boards(self) -> tuple[Board, ...]:
        """The boards whose stages may be named."""
        return self.boards or ((self.board,) if self.board else ())

    def categories(self) -> dict[tuple[str, str], Category]:
        """(board, stage) -> category."""
        return {(board.id, stage.id): stage.category for board in self.known_boards for stage in board.stages}


def unknown(what: str, given: str, allowed: Sequence[str]) -> Refused:
    """The refusal of a word that is not known, with the nearest and all that are."""
    near = get_close_matches(given.lower(), allowed, 1, 0.5)
    text = _('unknown {what} "{given}"').format(what=what, given=given)
    if near:
        text += _("; did you mean {near}?").format(near=near[0])
    return Refused(text + "; " + _("allowed: {names}").format(names=", ".join(allowed)))


def states(context: FilterContext) -> dict[str, Predicate]:
    """The words after `is:`."""
    categories, today, me = context.categories(), context.today.isoformat(), context.me

    def category(doc: Doc) -> str:
        return categories.get((doc["board"], doc["stage"]), "active")

    def is_open(doc: Doc) -> bool:
        return category(doc) in ("queue", "active")

    return {
        "late": lambda doc: bool(doc.get("due")) and doc["due"] < today and is_open(doc),
        "blocked": lambda doc: bool(doc.get("blocker")),
        "open": is_open,
        "done": lambda doc: category(doc) == "done",
        "dropped": lambda doc: category(doc) == "dropped",
        "mine": lambda doc: bool(me) and doc.get("owner") == me,
        "unassigned": lambda doc: not doc.get("owner"),
        "sensitive": lambda doc: bool(doc.get("sensitive")),
        "archived": lambda doc: bool(doc.get("archived")),
    }


def any_of(values: Sequence[str], test_of: Callable[[str], Predicate]) -> Predicate:
    """Whether one of the values' tests holds."""
    tests = [test_of(value) for value in values]
    return tests[0] if len(tests) == 1 else lambda doc: any(test(doc) for test in tests)
