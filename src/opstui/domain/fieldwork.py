"""What a document must satisfy, whoever asks: one rule each, used by every command that sets fields."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import NODEFAULT
from msgspec.structs import fields

from opstui.domain.experiments import check_experiments
from opstui.domain.model import (
    DETAILS,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Card,
    CardCore,
    Doc,
    Field,
    Refused,
    Touch,
    card_from,
    clean,
    clean_line,
    exponent,
    fields_of,
    plain,
)
from opstui.i18n import _

_HANDLE = re.compile(r"[\w.-]{1,40}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SCORES = range(1, 6)
YEARS = range(1900, 2201)
"""Years that days may lie in: what is outside is a slip of the finger, and breaks reckoning with zones."""
MOST_TOUCHES = 50
MOST_DIGITS = 15
"""Amounts have no more digits than this in minor units: they stay exact in every JSON reader."""


@cache
def defaults(kind: str) -> dict[str, Any]:
    """Field -> its default as a JSON value; a document leaves out fields at their default."""
    rows = (*fields(CardCore), *fields(DETAILS[kind]))
    return {f.name: plain(f.default) for f in rows if f.default is not NODEFAULT and f.name != "version"}


def slim(doc: Doc) -> Doc:
    """The document without fields that are at their default."""
    stock = defaults(doc["kind"])
    return {name: value for name, value in doc.items() if name not in stock or value != stock[name]}


def known_field(kind: str, name: str) -> Field:
    """The field of that name.

    Raises:
        Refused: cards of this kind have no such field; the text names the nearest ones.

    """
    all_fields = {f.name: f for f in fields_of(kind)}
    if name in all_fields:
        return all_fields[name]
    near = difflib.get_close_matches(name, all_fields, n=3)
    hint = _("try {near}; fields: {known}") if near else _("fields: {known}")
    raise Refused(
        _("'{name}' is no field of {kind} cards; {hint}").format(
            name=clean_line(name)[:40], kind=kind, hint=hint.format(near=", ".join(near), known=", ".join(all_fields))
        )
    )


def _scrub(value: Any, *, lines: bool) -> Any:
    if isinstance(value, str):
        return clean(value).strip() if lines else clean_line(value)
    if isinstance(value, list | tuple):
        return [_scrub(v, lines=lines) for v in value]
    if isinstance(value, dict):
        return {k: _scrub(v, lines=lines) for k, v in value.items()}
    return value


def with_fields(doc: Doc, values: dict[str, Any]) -> Doc:
    """The document with these fields set, cleaned and checked; None sets a field back to its default.

    Raises:
        Refused: a field is unknown or its value will not do; the text names the field and what is expected.

    """
    kind = doc["kind"]
    after = dict(doc)
    for name, value in values.items():
        shape = known_field(kind, name).shape
        scrubbed = _scrub(value, lines=shape == "long")
        if scrubbed is None:
            scrubbed = defaults(kind).get(name, "")
        after[name] = scrubbed
    card = checked(after)
    for name in values:
        value = getattr(card, name) if hasattr(card, name) else getattr(card.details, name)
        _check_value(known_field(kind, name), value)
        after[name] = plain(value)
    _check_currency(doc, after, values)
    return slim(after)


def _check_value(field: Field, value: Any) -> None:
    """What holds for values that are set now; older ones may be from before the rule and stand in nobody's way."""
    if isinstance(value, date | datetime) and value.year not in YEARS:
        raise Refused(
            _("{field}: {day} is not between {first} and {last}").format(
                field=field.name, day=str(value)[:10], first=YEARS[0], last=YEARS[-1]
            )
        )
    if field.name == "experiments":
        check_experiments(value)
    if field.name == "touches":
        _check_touches(value)
    if field.shape == "money" and value < 0:
        raise Refused(_("{field}: an amount is not below zero").format(field=field.name))
    if field.shape == "money" and value >= 10**MOST_DIGITS:
        raise Refused(_("{field}: at most {n} digits").format(field=field.name, n=MOST_DIGITS))


def _check_touches(touches: Sequence[Touch]) -> None:
    if len(touches) > MOST_TOUCHES:
        raise Refused(_("touches: {n} are given, at most {most} are taken").format(n=len(touches), most=MOST_TOUCHES))
    for touch in touches:
        if not re.fullmatch(r"[^;\n]{1,40}", touch.channel) or touch.channel.casefold() == "none":
            raise Refused(_("touches: a channel has 1 to 40 signs, without ;"))
        if touch.day and touch.day.year not in YEARS:
            raise Refused(
                _("touches: {day} is not between {first} and {last}").format(
                    day=touch.day, first=YEARS[0], last=YEARS[-1]
                )
            )


def _check_currency(before: Doc, after: Doc, values: dict[str, Any]) -> None:
    """Amounts are in minor units: another currency with other minor units would silently make them a hundredfold."""
    old, new = before.get("currency", ""), after.get("currency", "")
    if not old or exponent(old) == exponent(new):
        return
    amounts = {f.name: before.get(f.name) for f in fields_of(before["kind"]) if f.shape == "money"}
    amounts["lines"] = any(line.get("price") for line in before.get("lines", ()))
    kept = [name for name, amount in amounts.items() if amount and name not in values]
    if kept:
        raise Refused(
            _("currency: {amounts} is in {old}; say the amount in {new} in the same edit").format(
                amounts=", ".join(kept), old=old, new=new or _("the new currency")
            )
        )


def checked(doc: Doc) -> Card:
    """The typed card, or a refusal that names the field."""
    try:
        card = card_from(doc)
    except msgspec.ValidationError as wrong:
        raise Refused(_worded(str(wrong))) from None
    _check_text(card)
    _check_details(card)
    return card


def _worded(message: str) -> str:
    reason, _at, place = message.partition(" - at `$.")
    return (
        _("{field}: {reason}").format(field=place.rstrip("`"), reason=reason[:1].lower() + reason[1:])
        if place
        else message
    )


def _check_text(card: Card) -> None:
    if not card.title:
        raise Refused(_("title: a card needs a title of at least one visible character"))
    if len(card.title) > TITLE_LIMIT:
        raise Refused(
            _("title: {n} characters; at most {limit} are taken, put the rest into the description").format(
                n=len(card.title), limit=TITLE_LIMIT
            )
        )
    if len(card.description) > TEXT_LIMIT:
        raise Refused(
            _("description: {n} characters; at most {limit} are taken").format(
                n=len(card.description), limit=TEXT_LIMIT
            )
        )
    if card.owner and not _HANDLE.fullmatch(card.owner):
        raise Refused(
            _("owner: '{name}' is no member name (letters, digits, dot, dash; no spaces)").format(name=card.owner[:40])
        )


def _check_details(card: Card) -> None:
    details = card.details
    currency = getattr(details, "currency", "")
    if currency and not _CURRENCY.fullmatch(currency):
        raise Refused(_("currency: '{code}' is no ISO 4217 code like IDR or USD").format(code=currency[:10]))
    score = getattr(details, "score", None)
    if score is not None and score not in _SCORES:
        raise Refused(_("score: {score} is not between 1 and 5").format(score=score))
    nps = getattr(details, "nps", None)
    if nps is not None and nps not in range(11):
        raise Refused(_("would recommend: {score} is not between 0 and 10").format(score=nps))
    starts, ends = getattr(details, "starts", None), getattr(details, "ends", None)
    if starts and ends and ends < starts:
        raise Refused(_("ends: {ends} is before the start, {starts}").format(ends=ends, starts=starts))
