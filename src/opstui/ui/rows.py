"""Form rows made from the domain's own description of fields, so that a new field needs no new form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from opstui.domain.model import Doc, Field, clean_line, fields_of
from opstui.i18n import _
from opstui.typed import Here, Sum, echo, shown, sum_of_lines, typed
from opstui.ui.offers import Source, exactly

NONE: Mapping[str, Source] = MappingProxyType({})
HIDDEN = ("sku", "baseline")
"""What rows of a list have that their text does not show."""


class Follows(Struct, frozen=True):
    """A row whose amount follows from the row `of` that name: `sum` reads what is typed there."""

    of: str
    sum: Callable[[str], Sum | None]


class Row(Struct, frozen=True, kw_only=True):
    """One line of a form.

    `text` is what stands there at first; `read` gives the value or raises ValueError with the reason; `echo` says how
    it is understood; `source` completes while typing, and `complete` what no list holds. `section` is the title above
    the row, where a group begins; the cursor starts in the row that has `first`.
    """

    name: str
    label: str
    shape: str = "text"
    text: str = ""
    choices: tuple[str, ...] = ()
    source: Source | None = None
    complete: Callable[[str], str] | None = None
    section: str = ""
    first: bool = False
    follows: Follows | None = None
    required: bool = False
    read: Callable[[str], Any] = str
    echo: Callable[[str], str] = lambda _text: ""
    hint: str = ""

    @property
    def grows(self) -> bool:
        """Whether what stands there is written on (a title, tags); a day or an amount is written anew."""
        return self.shape == "text" if self.source is None else self.source.listed


HINTS: dict[str, str] = {
    "date": _("fri, +3d, 12 may"),
    "tags": _("with commas between"),
    "time": _("now, or 2026-09-07 14:00"),
}
LIST_HINTS = {
    "targets": _("one a line: roas 3"),
    "touches": _("what led to it, oldest first, one a line: meta 2026-09-01"),
    "experiments": _("one a line: button: old 500/10000, new 560/10000 n=10000"),
    "channels": _("with commas between: shopee, whatsapp"),
}
FIGURES = {
    ".": {"money": _("1.900.000 or 1,9 jt"), "lines": _("one a line: 12 x House Blend @ 95.000")},
    ",": {"money": _("1,900,000 or 1.9m"), "lines": _("one a line: 12 x House Blend @ 95,000")},
}
"""What sets thousands apart where the workspace is -> hints with figures written in that way."""


def row_of(field: Field, doc: Doc, here: Here, source: Source | None = None) -> Row:
    """The row for one field, filled from a document."""
    choices = ("no", "yes") if field.shape == "bool" else field.choices
    value = doc.get(field.name)
    return Row(
        name=field.name,
        label=_(field.label),
        shape=field.shape,
        text=_standing(field, value, here),
        choices=choices,
        source=source,
        required=field.name == "title",
        read=lambda text: _carried(typed(field, text, here), value),
        echo=lambda text: _stranger(text, source) if field.shape == "member" else echo(field, text, here),
        hint=_hint(field, here),
    )


def _hint(field: Field, here: Here) -> str:
    figures = FIGURES.get(here.thousands, FIGURES[","])
    return {**LIST_HINTS, **figures}.get(field.name) or {**HINTS, **figures}.get(field.shape, "")


def _stranger(text: str, source: Source | None) -> str:
    """A name need not be a member's (a courier, a supplier), but it is told when it is none."""
    name = clean_line(text)
    known = source is None or not name or exactly(name, source.find(name)) is not None
    return "" if known else _("nobody here is called {name}; it is kept as a name").format(name=name[:40])


def _carried(value: Any, before: Any) -> Any:
    """Rows of a list with what a form does not show (a product's sku, a target's baseline) of the row of that name."""
    if not (isinstance(value, list) and isinstance(before, list) and before and isinstance(before[0], dict)):
        return value
    known = {_name_of(row): row for row in before}
    return [{**{k: v for k, v in known.get(_name_of(row), {}).items() if k in HIDDEN}, **row} for row in value]


def _name_of(row: Mapping[str, Any]) -> str:
    return str(row.get("name", row.get("metric", row.get("channel", ""))))


def _standing(field: Field, value: Any, here: Here) -> str:
    """What stands in the field at first. Behind the last tag a comma: what is typed there is another one."""
    text = shown(field, value, here, between="\n") or _untouched(field)
    return f"{text}, " if text and field.shape == "tags" else text


def _untouched(field: Field) -> str:
    """What a choice stands at when the document leaves it out: its default."""
    if field.shape == "bool":
        return "no"
    return {"priority": "normal", "severity": "normal", "sort": "question", "type": "process"}.get(
        field.name, field.choices[0] if field.choices else ""
    )


Group = tuple[str, tuple[str, ...]]
GROUPS: dict[str, tuple[Group, ...]] = {
    "order": (
        ("", ("title", "customer", "lines", "total", "owner", "due", "priority")),
        (_("Payment and delivery"), ("payment", "channel", "city", "courier", "tracking")),
        (_("More"), ("tags", "description", "phone", "email", "buyer", "touches", "sensitive", "currency")),
    ),
    "campaign": (
        ("", ("title", "objective", "budget", "starts", "ends", "owner", "due")),
        (
            _("Brief"),
            ("audience", "message", "call_to_action", "hypothesis", "channels", "targets", "experiments", "sponsor"),
        ),
        (_("More"), ("priority", "tags", "description", "sensitive", "currency")),
    ),
    "feedback": (
        ("", ("title", "description", "customer", "channel", "sort", "severity", "owner", "due")),
        (_("More"), ("theme", "score", "nps", "first_response", "priority", "tags", "sensitive")),
    ),
    "action": (
        ("", ("title", "done_when", "owner", "due", "type")),
        (_("More"), ("postmortem", "priority", "tags", "description", "sensitive")),
    ),
}
"""Kind of card -> its form: what is asked most often, then quiet titles over the rest. A field that is not named here
comes last."""


def card_rows(kind: str, doc: Doc, here: Here, sources: Mapping[str, Source] = NONE) -> list[Row]:
    """All fields of a card, in groups. `sources` says by field what a row can be completed with."""
    fields = {field.name: field for field in fields_of(kind)}
    groups = GROUPS[kind]
    named = {name for _title, names in groups for name in names}
    last = (*groups[-1][1], *(name for name in fields if name not in named))
    follows = {"total": Follows("lines", partial(sum_of_lines, here=here))} if "lines" in fields else {}
    return [
        replace(
            row_of(fields[name], doc, here, sources.get(name)),
            section=title if name == names[0] else "",
            follows=follows.get(name),
        )
        for title, names in (*groups[:-1], (groups[-1][0], last))
        for name in names
    ]


def one_row(kind: str, name: str, doc: Doc, here: Here, source: Source | None = None) -> Row:
    """The row of a single field."""
    return row_of(next(f for f in fields_of(kind) if f.name == name), doc, here, source)
