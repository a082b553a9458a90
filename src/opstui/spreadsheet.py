"""Fields of a card as cells of a spreadsheet, and back: one notation for `export cards --csv` and `import cards`.

Money is a plain decimal in major units, tags stand behind commas, lines and targets read as they are typed. A list
that this cannot say without loss (a name with a semicolon in it) is JSON in its cell, money in major units there too.

A spreadsheet takes a cell that begins with = + - @ for a formula, so such a text gets an apostrophe in front, as do
words that an import takes for nothing (null, NaN), and what has apostrophes there already gets one more: `unguarded`
takes exactly that one away again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from opstui.domain.model import Field, Line, Target, clean, exponent, plain
from opstui.i18n import _
from opstui.typed import Here, figure, shown, typed, typed_amount, typed_lines, typed_number, typed_tags

NOTHING = frozenset({"", "-", "--", "—", "null", "none", "nan", "n/a"})
"""What cells say, casefolded, that say nothing."""
PLAINLY = frozenset({"experiments", "touches"})
"""Lists whose rows hold no sign that parts them where they are typed: they are written as they are typed."""
_GUARDED = re.compile("'*(?:[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|\\s*(?:—|null|none|nan|n/a)\\s*$)", re.IGNORECASE)
_SKU = re.compile(r"(.+) \[sku ([^\[\]]+)\]", re.DOTALL)
_WAS = re.compile(r"(.+) \(was ([^()]+)\)", re.DOTALL)


class _Row(Struct, forbid_unknown_fields=True):
    """A line of an order in JSON. `price` is in major units, a text so that no reader makes it inexact."""

    name: str
    quantity: int
    price: str = "0"
    sku: str = ""


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and no import for nothing."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text[1:]) else text


def written(field: Field, value: Any, here: Here) -> str:
    """The cell of a field's document value; empty where nothing is set. Money is in `here.currency`."""
    if value is None or value in ("", [], ()):
        return ""
    match field.shape:
        case "money":
            return major(value, here.currency) if value else ""
        case "bool":
            return "yes" if value else "no"
        case "tags":
            return guarded(clean(_lossless(field, ", ".join(value), value, here)))
        case "list" if field.name in PLAINLY:
            return guarded(clean(shown(field, value, here)))
        case "list":
            return guarded(clean(_lossless(field, "; ".join(_said(row, here) for row in value), value, here)))
        case _:
            return guarded(clean(str(value)))


def read(field: Field, text: str, here: Here) -> Any:
    """The document value of a cell, as `written` wrote it or as a person typed it.

    Raises:
        ValueError: with the reason, for the person.
    """
    if field.shape not in ("tags", "list"):
        return typed(field, text, here)
    if text.lstrip().startswith(("[{", '["')):
        return _from_json(field, text, here)
    if field.shape == "tags":
        words = [word.strip().strip("#") for word in text.split(",")]
        return list(dict.fromkeys(filter(None, words))) if len(words) > 1 else typed_tags(text)
    if field.name in PLAINLY:
        return typed(field, text, here)
    if field.name == "lines":
        return [_with_sku(row) for row in typed_lines(text, here.currency)]
    return [row for part in re.split(r"[;\n]", clean(text)) if part.strip() for row in _target(field, part, here)]


def major(amount: int, currency: str) -> str:
    """Minor units as a plain decimal in major units, with all the digits of the currency: 1326.85."""
    return f"{Decimal(amount).scaleb(-exponent(currency)):f}"


def _said(row: dict[str, Any], here: Here) -> str:
    if "metric" in row:
        was = "" if row.get("baseline") is None else f" (was {figure(row['baseline'])})"
        return f"{row['metric']} {figure(row['target'])}{was}"
    sku = f" [sku {row['sku']}]" if row.get("sku") else ""
    price = f" @ {major(row['price'], here.currency)}" if row.get("price") else ""
    return f"{row['quantity']} x {row['name']}{sku}{price}"


def _lossless(field: Field, text: str, value: Sequence[Any], here: Here) -> str:
    try:
        if _typed_rows(field, read(field, text, here)) == _typed_rows(field, value):
            return text
    except ValueError:
        pass
    rows = _typed_rows(field, value)
    said = [_Row(r.name, r.quantity, major(r.price, here.currency), r.sku) if isinstance(r, Line) else r for r in rows]
    return msgspec.json.encode(said).decode()


def _typed_rows(field: Field, rows: Sequence[Any]) -> tuple[Any, ...]:
    kind = {"lines": tuple[Line, ...], "targets": tuple[Target, ...]}.get(field.name, tuple[str, ...])
    found: tuple[Any, ...] = msgspec.convert(rows, kind)
    return found


def _from_json(field: Field, text: str, here: Here) -> list[Any]:
    kinds: dict[str, Any] = {"lines": list[_Row], "targets": list[Target]}
    try:
        rows = msgspec.json.decode(text, type=kinds.get(field.name, list[str]))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ValueError(_("JSON that does not fit here")) from error
    found = [
        Line(r.name, r.quantity, typed_amount(r.price, here.currency), r.sku) if isinstance(r, _Row) else r
        for r in rows
    ]
    values: list[Any] = plain(found)
    return values


def _with_sku(row: dict[str, Any]) -> dict[str, Any]:
    found = _SKU.fullmatch(row["name"])
    return {**row, "name": found[1], "sku": found[2]} if found else row


def _target(field: Field, part: str, here: Here) -> list[dict[str, Any]]:
    found = _WAS.fullmatch(part.strip())
    rows: list[dict[str, Any]] = typed(field, found[1] if found else part, here)
    return [{**row, "baseline": typed_number(found[2])} for row in rows] if found else rows
