"""Targets as people type them, in the unit of their KPI, and as they stand in a field to be typed over."""

from __future__ import annotations

import re

from opstui.domain.model import clean_line, exponent
from opstui.i18n import _
from opstui.typed.amounts import figure, typed_amount, typed_number

_SPAN = re.compile(r"(\d[\d.,]*)\s*(minutes?|min|m|hours?|h|days?|d|)")
_HOURS = {"m": 1 / 60, "h": 1.0, "d": 24.0}
NO_TARGET = "none"


def typed_target(text: str, unit: str, currency: str) -> float | None:
    """The target that a text says, None for none: "95%", "36", "1.5 d", "2,5 jt".

    Raises:
        ValueError: it is no such target.
    """
    words = clean_line(text).casefold()
    if words in ("", NO_TARGET):
        return None
    if unit == "fraction":
        return _share(words)
    if unit in ("hours", "minutes"):
        return _span(words, unit)
    if unit == "money":
        return typed_amount(words, currency) / float(10 ** exponent(currency))
    return typed_number(words)


def _share(words: str) -> float | None:
    whole = words.removesuffix("%")
    number = typed_number(whole)
    share = None if number is None else number / 100 if whole != words else float(number)
    if share is not None and not 0 <= share <= 1:
        raise ValueError(_("a share of all: 95% or 0.95"))
    return share


def _span(words: str, unit: str) -> float | None:
    found = _SPAN.fullmatch(words)
    if found is None:
        raise ValueError(_("a time: 36, 1.5 d, 90 min"))
    number = typed_number(found[1])
    kind = found[2][:1] or unit[0]
    return None if number is None else number * _HOURS[kind] / _HOURS[unit[0]]


def shown_target(value: float | None, unit: str) -> str:
    """A target so that `typed_target` reads it."""
    if value is None:
        return ""
    return f"{figure(round(value * 100, 6))}%" if unit == "fraction" else figure(round(value, 6))
