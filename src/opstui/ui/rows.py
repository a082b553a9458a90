"""Form rows made from the domain's own description of fields, so that a new field needs no new form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from opstui.domain.model import Doc, Field, fields_of
from opstui.i18n import _
from opstui.typed import Here, echo, shown, typed


class Row(Struct, frozen=True, kw_only=True):
    """One line of a form.

    `text` is what stands there at first; `read` gives the value or raises ValueError with the reason; `echo` says how
    it is understood; `suggest` completes while typing, and so does `complete`, for what no list holds.
    """

    name: str
    label: str
    shape: str = "text"
    text: str = ""
    choices: tuple[str, ...] = ()
    suggest: tuple[str, ...] = ()
    complete: Callable[[str], str] | None = None
    required: bool = False
    read: Callable[[str], Any] = str
    echo: Callable[[str], str] = lambda _text: ""
    hint: str = ""


HINTS: dict[str, str] = {
    "date": _("fri, +3d, 12 may"),
    "money": _("1.900.000 or 1,9 jt"),
    "tags": _("with commas between"),
    "time": _("now, or 2026-09-07 14:00"),
}
LIST_HINTS = {"lines": _("12 x House Blend @ 95.000; 1 x Gayo"), "targets": _("roas 3; cpa 25000")}


def row_of(field: Field, doc: Doc, here: Here, members: Iterable[str] = ()) -> Row:
    """The row for one field, filled from a document."""
    choices = ("no", "yes") if field.shape == "bool" else field.choices
    return Row(
        name=field.name,
        label=_(field.label),
        shape=field.shape,
        text=shown(field, doc.get(field.name), here) or _untouched(field),
        choices=choices,
        suggest=tuple(members) if field.shape == "member" else (),
        required=field.name == "title",
        read=lambda text: typed(field, text, here),
        echo=lambda text: echo(field, text, here),
        hint=LIST_HINTS.get(field.name) or HINTS.get(field.shape, ""),
    )


def _untouched(field: Field) -> str:
    """What a choice stands at when the document leaves it out: its default."""
    if field.shape == "bool":
        return "no"
    return {"priority": "normal", "severity": "normal", "sort": "question", "type": "process"}.get(
        field.name, field.choices[0] if field.choices else ""
    )


_LATE = ("description", "priority", "tags", "sensitive", "currency")


def card_rows(kind: str, doc: Doc, here: Here, members: Iterable[str]) -> list[Row]:
    """All fields of a card: title first, then what is particular to its kind, then the rest."""
    fields = fields_of(kind)
    title, others = fields[:1], fields[1:]
    common = {"owner", "due"}
    order = (
        *title,
        *(
            f
            for f in others
            if f.name in ("customer", "lines", "total", "objective", "budget", "starts", "ends", "done_when")
        ),
        *(f for f in others if f.name in common),
    )
    seen = {f.name for f in order}
    rest = [f for f in others if f.name not in seen]
    known = tuple(members)
    return [row_of(field, doc, here, known) for field in (*order, *sorted(rest, key=lambda f: f.name in _LATE))]


def one_row(kind: str, name: str, doc: Doc, here: Here, members: Iterable[str] = ()) -> Row:
    """The row of a single field."""
    return row_of(next(f for f in fields_of(kind) if f.name == name), doc, here, members)
