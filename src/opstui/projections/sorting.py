"""The ways in which a lane can be sorted other than by hand, as data: what is compared, and which way round it begins.

A key is a plain tuple, so that one more card finds its place with a bisection. What a card does not say comes last,
whichever way round; cards that are alike keep the order in which people put them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from opstui.domain.model import WORTH, Doc, fields_of, worth
from opstui.i18n import _

Key = tuple[Any, ...]
"""Keys of one way of sorting can be compared with each other."""
BY_HAND = "hand"


class Sort(Struct, frozen=True):
    """How a lane is sorted: the id of a way, and whether the greatest (the last, the oldest) stands at the top."""

    way: str
    down: bool = False

    @classmethod
    def read(cls, text: str) -> Sort | None:
        """What `str` wrote; None for by hand, and for what is no way of sorting."""
        way, down = text.removeprefix("-"), text.startswith("-")
        return cls(way, down) if way in WAYS else None

    def __str__(self) -> str:
        """As it is kept: due, -value."""
        return f"-{self.way}" if self.down else self.way

    @property
    def label(self) -> str:
        """The word for it in a lane's head."""
        return WAYS[self.way].label


class Way(Struct, frozen=True):
    """One way of sorting. `value` gives what is compared, in a group of its kind, or None when the card says nothing.

    Amounts of two currencies are not compared: each currency is a group. `down` is the way round it begins.
    """

    label: str
    help: str
    value: Callable[[Doc], tuple[str, float | str] | None]
    down: bool = False
    needs: str = ""
    """The field a board's cards must have for it."""


def _text(name: str) -> Callable[[Doc], tuple[str, str] | None]:
    def value(doc: Doc) -> tuple[str, str] | None:
        text = doc.get(name)
        return ("", text.casefold()) if isinstance(text, str) and text else None

    return value


def _day(name: str) -> Callable[[Doc], tuple[str, float] | None]:
    def value(doc: Doc) -> tuple[str, float] | None:
        try:
            return "", date.fromisoformat(doc[name]).toordinal()
        except (KeyError, TypeError, ValueError):
            return None

    return value


def _one_of(name: str, words: tuple[str, ...]) -> Callable[[Doc], tuple[str, float] | None]:
    places = {word: n for n, word in enumerate(words)}

    def value(doc: Doc) -> tuple[str, float] | None:
        return "", places.get(doc.get(name, ""), places["normal"])

    return value


def _score(doc: Doc) -> tuple[str, float] | None:
    score = doc.get("score")
    return ("", score) if isinstance(score, int | float) else None


def _worth(doc: Doc) -> tuple[str, float] | None:
    currency, amount = worth(doc)
    return (currency, amount) if amount else None


def _age(doc: Doc) -> tuple[str, float] | None:
    try:
        return "", -datetime.fromisoformat(doc["entered"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None


_PRIORITY = _one_of("priority", ("low", "normal", "high", "urgent"))
_SEVERITY = _one_of("severity", ("low", "normal", "high", "critical"))
WAYS: dict[str, Way] = {
    "due": Way(_("due"), _("the day it is due"), _day("due")),
    "priority": Way(_("priority"), _("what matters most"), _PRIORITY, down=True),
    "value": Way(_("value"), _("what it is worth"), _worth, down=True, needs="worth"),
    "severity": Way(_("severity"), _("how bad it is"), _SEVERITY, down=True, needs="severity"),
    "score": Way(_("score"), _("the stars given"), _score, needs="score"),
    "age": Way(_("age"), _("time in this stage"), _age, down=True),
    "customer": Way(_("customer"), _("the customer's name"), _text("customer"), needs="customer"),
    "starts": Way(_("start"), _("the day it begins"), _day("starts"), needs="starts"),
    "owner": Way(_("owner"), _("who does it"), _text("owner")),
    "title": Way(_("title"), _("its title, A to Z"), _text("title")),
}
"""Every way of sorting by its id, as they are offered."""


def ways_of(kind: str) -> dict[str, Way]:
    """The ways in which cards of this kind can be sorted."""
    names = {field.name for field in fields_of(kind)} | ({"worth"} if kind in WORTH else set())
    return {name: way for name, way in WAYS.items() if not way.needs or way.needs in names}


def key_of(doc: Doc, sort: Sort | None, doc_id: int) -> Key:
    """Where a card stands in a lane that is sorted so (None: by hand)."""
    rank = doc.get("rank")
    hand = (float(rank) if isinstance(rank, int | float) else 0.0, doc_id)
    if sort is None:
        return hand
    found = WAYS[sort.way].value(doc)
    if found is None:
        return (True, "", 0, *hand)
    group, value = found
    return (False, group, _turned(value) if sort.down else value, *hand)


def _turned(value: float | str) -> Any:
    """What sorts the other way round."""
    return (*(-ord(letter) for letter in value), 1) if isinstance(value, str) else -value
