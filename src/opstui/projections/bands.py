"""By which fields a board can be cut into bands, in which band a card stands, and in what order bands stand.

A band is a text: the field's value, "" for cards that say nothing.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import fields

from opstui.domain.identity import REACHING
from opstui.domain.model import DETAILS, CardCore, Doc, Field, fields_of
from opstui.i18n import _

SHAPES = ("choice", "member", "text", "tags", "number", "bool")
USUAL = {
    field.name: field.default
    for kind in (CardCore, *DETAILS.values())
    for field in fields(kind)
    if isinstance(field.default, str) and field.default
}
"""What a card says that does not say it: documents leave defaults out."""
_ONE_EACH = {"title", "tracking", "message", "call_to_action", "hypothesis", "done_when"}
"""Fields of which hardly two cards say the same."""


def band_fields(kind: str) -> tuple[Field, ...]:
    """The fields by which a board of this kind can be cut into bands."""
    return tuple(f for f in fields_of(kind) if f.shape in SHAPES and f.name not in _ONE_EACH | REACHING)


def band_field(kind: str, name: str) -> Field | None:
    """The field of that name, if a board of this kind can be cut by it."""
    return next((field for field in band_fields(kind) if field.name == name), None)


def band_of(doc: Doc, field: Field) -> str:
    """In which band a card stands; "" when it says nothing. Of several tags the first counts."""
    value = doc.get(field.name)
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if value is None or value == "":
        return USUAL.get(field.name, "")
    return str(value)


def band_key(field: Field, value: str) -> tuple[Any, ...]:
    """Bands from what matters most to what matters least, else from A to Z; those that say nothing are last."""
    if field.name in ("priority", "severity") and value in field.choices:
        return False, -field.choices.index(value), ""
    if value in field.choices:
        return False, field.choices.index(value), ""
    return not value, 0, value.casefold(), value


def band_label(field: Field, value: str) -> str:
    """How people call a band."""
    if field.shape == "bool":
        return _(field.label) if value else _("not {label}").format(label=_(field.label).lower())
    if not value:
        return _("nobody") if field.shape == "member" else _("no {label}").format(label=_(field.label).lower())
    return _(value) if field.choices else value


def value_of(field: Field, band: str) -> dict[str, Any]:
    """What a card has to say to stand in a band, field by field; nothing where a band does not tell (tags)."""
    match field.shape:
        case "tags":
            return {}
        case "bool":
            return {field.name: bool(band)}
        case "number":
            return {field.name: int(band) if band else None}
        case _:
            return {field.name: band}
