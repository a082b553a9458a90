"""Actions, contributing factors and lessons of a post-mortem: rows of fields, each added and undone by itself.

A part that was taken back leaves an empty document behind: its number is never used for another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from opstui.domain import commands as c
from opstui.domain.model import Doc, Field, Refused, clean, clean_line
from opstui.domain.sections import LISTED
from opstui.domain.state import Reader
from opstui.i18n import _

if TYPE_CHECKING:
    from opstui.domain.decide import Asked
    from opstui.domain.events import Event

TABLE = "parts"
TEXT = 500
MOST = 100
"""Parts of one sort that a post-mortem may have."""
CATEGORIES = ("process", "tool", "supplier", "brief", "skill", "demand", "data", "other")
FIELDS: dict[str, tuple[Field, ...]] = {
    "action": (
        Field("text", _("Action")),
        Field("owner", _("Owner"), "member"),
        Field("due", _("Due"), "date"),
        Field("done_when", _("Done when")),
        Field("type", _("Type"), "choice", ("mitigate", "prevent", "detect", "process", "repair")),
        Field("priority", _("Priority"), "choice", ("P1", "P2", "P3")),
        Field("factor", _("Factor")),
    ),
    "factor": (
        Field("text", _("Factor")),
        Field("category", _("Category"), "choice", CATEGORIES),
        Field("evidence", _("Evidence")),
        Field("removable", _("Could be removed"), "bool"),
    ),
    "lesson": (
        Field("text", _("Lesson")),
        Field("keep", _("Keep, change, stop, test"), "choice", ("keep", "change", "stop", "test")),
        Field("check", _("Check before launch")),
        Field("applies", _("Applies to (tags)"), "tags"),
        Field("playbook", _("Playbook entry")),
        Field("baseline", _("Baseline")),
        Field("until", _("Valid until"), "date"),
    ),
}
"""Sort of part -> its fields; the first is what it says and must be there."""
PREFIX = {"factor": "FAC", "lesson": "LES"}
"""Sorts that have a ref of their own; an action gets that of its card."""


def parts_of(reader: Reader, postmortem: int, sort: str) -> Iterator[tuple[int, Doc]]:
    """The parts of one sort that stand, by id."""
    for number, doc in reader.items(TABLE):
        if doc.get("postmortem") == postmortem and doc.get("sort") == sort:
            yield number, doc


def add(command: c.AddPart, asked: Asked) -> list[Event]:
    """A new part at the end of its list."""
    if command.sort not in FIELDS:
        raise Refused(_("'{sort}' is no part; parts: {known}").format(sort=command.sort[:40], known=", ".join(FIELDS)))
    if not asked.state.get("postmortems", command.postmortem):
        raise Refused(_("there is no such post-mortem"))
    if sum(1 for _part in parts_of(asked.state, command.postmortem, command.sort)) >= MOST:
        raise Refused(_("{n} of them are enough; put the rest into one").format(n=MOST))
    values = checked(command.sort, command.values)
    if not values.get("text"):
        raise Refused(_("{field} is empty").format(field=FIELDS[command.sort][0].label))
    number = asked.state.next_id(TABLE)
    doc: Doc = {"postmortem": command.postmortem, "sort": command.sort, **values}
    if prefix := PREFIX.get(command.sort):
        doc["ref"] = f"{prefix}-{asked.state.next_id(prefix):04d}"
    changed = {name: (None, value) for name, value in doc.items()}
    return [asked.event("part_added", TABLE, number, changed=changed, data=_told(doc))]


def edit(command: c.EditPart, asked: Asked) -> list[Event]:
    """Other values for some of its fields; what someone else changed meanwhile is not written over."""
    doc = part(asked.state, command.part)
    values = checked(doc["sort"], command.values)
    if "text" in values and not values["text"]:
        raise Refused(_("{field} is empty; take it off the list instead").format(field=FIELDS[doc["sort"]][0].label))
    for name, seen in command.base.items():
        if name in values and doc.get(name) != seen and values[name] != doc.get(name):
            raise Refused(_("{field} was changed meanwhile to: {now}").format(field=name, now=doc.get(name) or "-"))
    changed = {name: (doc.get(name), value) for name, value in values.items() if doc.get(name) != value}
    return [asked.event("part_edited", TABLE, command.part, changed=changed, data=_told(doc))] if changed else []


def remove(command: c.RemovePart, asked: Asked) -> list[Event]:
    """Off the list; an action that is a card already stays."""
    doc = part(asked.state, command.part)
    if doc.get("card") or doc.get("entry"):
        raise Refused(_("it was published; drop its card, or write a lesson that replaces it"))
    changed = {name: (value, None) for name, value in doc.items()}
    return [asked.event("part_removed", TABLE, command.part, changed=changed, data=_told(doc))]


def part(reader: Reader, number: int) -> Doc:
    """A part that stands.

    Raises:
        Refused: there is none of that number.
    """
    doc = reader.get(TABLE, number)
    if not doc or "sort" not in doc:
        raise Refused(_("there is no such part any more; look again"))
    return doc


def checked(sort: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values as a document holds them; None for what is empty.

    Raises:
        Refused: a field is not known, or its value will not do; it says what is expected.
    """
    known = {field.name: field for field in FIELDS[sort]}
    for name in values:
        if name not in known:
            raise Refused(
                _("'{name}' is no field of it; fields: {known}").format(name=name[:40], known=", ".join(known))
            )
    return {name: _value(known[name], value) for name, value in values.items()}


def _value(field: Field, value: Any) -> Any:
    if value in (None, "", [], ()):
        return None
    match field.shape:
        case "tags":
            return list(dict.fromkeys(filter(None, (clean_line(str(tag))[:40] for tag in value))))[:20] or None
        case "bool":
            return bool(value)
        case "date":
            return _day(field, str(value))
    text = clean_line(clean(str(value)))
    if len(text) > TEXT:
        raise Refused(_("{field}: {n} characters, at most {most}").format(field=field.label, n=len(text), most=TEXT))
    if field.shape == "choice" and text not in field.choices:
        raise Refused(_("{field}: one of {known}").format(field=field.label, known=", ".join(field.choices)))
    return text or None


def _day(field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(_("{field}: a day reads 2026-09-21").format(field=field.label)) from None


def _told(doc: Doc) -> dict[str, Any]:
    return {"postmortem": doc["postmortem"], "sort": doc["sort"], "text": doc["text"]}


SORTS = tuple(LISTED.values())
