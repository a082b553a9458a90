"""What may stand on a card's face besides its ref and its title: a member chooses among these, board by board.

What is late or blocked always shows: it is a state, not a part. The parts of a usual face have a place of their own on
it; any other field of the card can be added, and stands on a line of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.identity import REACHING
from opstui.domain.model import WORTH, Card, Field, Money, fields_of
from opstui.formats import Formats
from opstui.i18n import _
from opstui.projections.board import Face

SHAPES = ("text", "choice", "member", "date", "money", "number", "tags")


class FacePart(Struct, frozen=True):
    """Something that may stand on a face; `usual` when it stands there unless someone chose otherwise."""

    id: str
    label: str
    usual: bool = True


_OF_KIND = {
    "order": {"amount": _("total"), "detail": _("title, or the lines"), "channel": _("channel")},
    "campaign": {"amount": _("budget"), "detail": _("when it runs"), "channel": _("channels")},
    "feedback": {"amount": _("score or severity"), "detail": _("customer"), "channel": _("theme and channel")},
    "action": {"detail": _("done when"), "channel": _("post-mortem, or the type")},
}
_OF_ALL = {
    "priority": _("priority"),
    "tags": _("tags"),
    "age": _("time in the stage"),
    "due": _("due day"),
    "owner": _("owner"),
}
_THERE = {
    "order": {"customer", "total", "channel", "lines", "currency"},
    "campaign": {"budget", "currency"},
    "feedback": {"customer"},
    "action": {"done_when"},
}
"""Fields that the usual parts show already."""


def parts_of(kind: str) -> tuple[FacePart, ...]:
    """What may stand on the faces of this kind of card, the usual parts first."""
    usual = [FacePart(name, label) for name, label in (*_OF_KIND[kind].items(), *_OF_ALL.items())]
    taken = {"title", "sensitive", *REACHING, *_OF_ALL, *_THERE[kind]} | ({"channels"} if kind == "campaign" else set())
    more = (f for f in fields_of(kind) if f.shape in SHAPES and f.name not in taken)
    names = {part.id for part in usual}
    return (*usual, *(FacePart(_id(f, names), _(f.label).lower(), usual=False) for f in more))


def _id(field: Field, taken: Collection[str]) -> str:
    """A field's own name, unless a usual part that says more than it is called so."""
    return f"field {field.name}" if field.name in taken else field.name


def usual_parts(kind: str) -> tuple[str, ...]:
    """The parts of a face that nobody has changed."""
    return tuple(part.id for part in parts_of(kind) if part.usual)


def with_parts(face: Face, card: Card, shown: Collection[str], formats: Formats, today: date) -> Face:
    """The face with these parts and no others."""
    without: dict[str, Any] = {
        "amount": {"amount": "", "alarm": False},
        "detail": {"detail": ""},
        "channel": {"channel": ""},
        "priority": {"priority": "normal"},
        "tags": {"tags": ()},
        "age": {"age": ""},
        "due": {"when": ""},
        "owner": {"owner": "", "mine": False},
    }
    gone = {name: value for part, blank in without.items() if part not in shown for name, value in blank.items()}
    names = {part.id.removeprefix("field ") for part in parts_of(card.kind) if not part.usual and part.id in shown}
    fields = (field for field in fields_of(card.kind) if field.name in names)
    return replace(face, **gone, extra=tuple(text for f in fields if (text := _said(card, f, formats, today))))


def _said(card: Card, field: Field, formats: Formats, today: date) -> str:
    value = getattr(card, field.name, None) or getattr(card.details, field.name, None)
    if value is None or value in ("", ()):
        return ""
    match field.shape:
        case "choice":
            return _(value)
        case "date":
            return formats.short_date(value, today)
        case "money":
            return formats.amount(Money(value, getattr(card.details, "currency", "")))
        case "tags":
            return ", ".join(value)
        case _:
            return " ".join(str(value).split())


def figures_of(kind: str) -> tuple[tuple[str, str], ...]:
    """(field, label) of the numbers a lane's head can tell: what its cards are worth together, or an average."""
    worth = WORTH.get(kind)
    numbers = [f for f in fields_of(kind) if f.shape == "number"]
    sums = [(worth, next(_(f.label).lower() for f in fields_of(kind) if f.name == worth))] if worth else []
    return (*sums, *((f.name, _(f.label).lower()) for f in numbers))
