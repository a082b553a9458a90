"""What the columns of the sample's tables hold.

A column is only brought into its shape here; what a card's fields may hold is judged where every card is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from opstui.domain.model import plain
from opstui.i18n import _
from opstui.imports.sample.relative import Calendar

Cell = Callable[[str, Calendar], Any]
_LINE = re.compile(r"(\d{1,6}) x (.+) @ (\d{1,12})", re.ASCII)


def words(text: str, _calendar: Calendar) -> str:
    """The text as it stands."""
    return text.strip()


def parts(text: str, _calendar: Calendar) -> list[str]:
    """Texts between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def whole(text: str, _calendar: Calendar) -> int:
    """A whole number.

    Raises:
        ValueError: something else.

    """
    try:
        return int(text)
    except ValueError:
        raise ValueError(_("not a whole number: {text}").format(text=text[:40])) from None


def day(text: str, calendar: Calendar) -> str:
    """A day as documents write it."""
    return calendar.day(text).isoformat()


def _time(text: str, calendar: Calendar) -> Any:
    return plain(calendar.moment(text))


def _lines(text: str, calendar: Calendar) -> list[dict[str, Any]]:
    lines = []
    for part in parts(text, calendar):
        found = _LINE.fullmatch(part)
        if found is None:
            raise ValueError(_("not an order line like 2 x GAYO-250 @ 98000: {text}").format(text=part[:40]))
        lines.append({"name": found[2], "quantity": int(found[1]), "price": int(found[3])})
    return lines


_COMMON: dict[str, Cell] = {"owner": words, "priority": words, "due": day, "tags": parts, "description": words}
_ORDER = _COMMON | dict.fromkeys(("customer", "channel", "city", "courier", "tracking", "payment"), words)
_FEEDBACK = _COMMON | dict.fromkeys(("customer", "channel", "sort", "severity", "theme"), words)

TABLES: dict[str, tuple[str, dict[str, Cell]]] = {
    "orders.csv": ("orders", {**_ORDER, "lines": _lines, "total": whole}),
    "feedback.csv": ("feedback", {**_FEEDBACK, "score": whole, "first_response": _time}),
    "actions.csv": ("actions", {**_COMMON, "type": words, "done_when": words}),
}
"""File -> the board of its cards, and its columns; a further column `at STAGE` tells when a card entered that stage."""

LINKS = {"campaign": "relates", "about": "about", "after": "caused_by"}
"""Column that names other cards by their keys -> the relation it stands for."""

COUNTS = ("spend", "impressions", "clicks", "conversions", "revenue", "reach", "leads")
"""The figures of a campaign's day."""
