"""What people type into a form, as document values: days, money, numbers, tags, order lines.

Everything here is pure: today and the zone are passed in. Every function either returns a value or raises ValueError
with a reason that a person can act on; `shown` is the way back, so that what a form shows can be typed in again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from msgspec import Struct

from opstui.currencies import objection
from opstui.domain.model import Field, Money, clean, clean_line, exponent
from opstui.i18n import _
from opstui.typed.amounts import figure, typed_amount, typed_figure, typed_number
from opstui.typed.days import typed_day, typed_time
from opstui.typed.experiments import experiment_text, typed_experiments
from opstui.typed.touches import touch_text, typed_touches

__all__ = [
    "Here",
    "Sum",
    "echo",
    "experiment_text",
    "figure",
    "plain_amount",
    "shown",
    "sum_of_lines",
    "touch_text",
    "typed",
    "typed_amount",
    "typed_bool",
    "typed_day",
    "typed_experiments",
    "typed_figure",
    "typed_lines",
    "typed_number",
    "typed_tags",
    "typed_targets",
    "typed_time",
    "typed_touches",
]


def typed_tags(text: str) -> list[str]:
    """Tags by comma or blank space, each once, in the order they were typed."""
    return list(dict.fromkeys(word.strip("#") for word in re.split(r"[,\s]+", clean_line(text)) if word.strip("#")))


_LINE = re.compile(r"(?:(\d{1,6})\s*[x×*]\s*)?(.+?)(?:\s*@\s*([^@]+))?")


def typed_lines(text: str, currency: str) -> list[dict[str, Any]]:
    """Order lines, parted by `;` or line ends: "12 x House Blend @ 95.000; Gayo"."""
    rows = []
    for part in re.split(r"[;\n]", clean(text)):
        found = _LINE.fullmatch(part.strip())
        if not found:
            continue
        row: dict[str, Any] = {"name": clean_line(found[2]), "quantity": int(found[1] or 1)}
        if found[3]:
            row["price"] = typed_amount(found[3], currency)
        rows.append(row)
    return rows


def typed_targets(text: str) -> list[dict[str, Any]]:
    """Targets of a campaign: "roas 3; cpa 25000"."""
    rows = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", clean(text)))):
        metric, _blank, figure = part.rpartition(" ")
        value = typed_number(figure) if metric else None
        if value is None:
            raise ValueError(_("a target reads: metric number, as in roas 3"))
        rows.append({"metric": metric.strip().casefold(), "target": value})
    return rows


def _targets(text: str, _here: Here) -> list[dict[str, Any]]:
    return typed_targets(text)


_LISTS: dict[str, Callable[[str, Here], list[dict[str, Any]]]] = {
    "lines": lambda text, here: typed_lines(text, here.currency),
    "experiments": lambda text, _here: typed_experiments(text),
    "touches": lambda text, _here: typed_touches(text),
}
"""Field -> how its rows are read; the others are targets."""


_YES_NO = {
    "yes": True, "true": True, "1": True, "ya": True,
    "no": False, "false": False, "0": False, "tidak": False, "": False,
}  # fmt: skip


def typed_bool(text: str) -> bool:
    """Yes or no; nothing is no.

    Raises:
        ValueError: it is neither.
    """
    answer = _YES_NO.get(clean_line(text).casefold())
    if answer is None:
        raise ValueError(_("yes or no"))
    return answer


class Here(Struct, frozen=True):
    """What typed text is read against: the moment, the zone, the card's currency, and the mark between thousands."""

    now: datetime
    zone: tzinfo
    currency: str
    thousands: str = "."
    day: Callable[[date], str] = "{0:%a} {0}".format
    """How a day is said."""
    money: Callable[[Money], str] | None = None
    """How an amount is said; None: with the currency's code."""

    def worth(self, amount: int) -> str:
        """An amount of minor units in words."""
        if self.money and self.currency:
            return self.money(Money(amount, self.currency))
        return f"{self.currency} {plain_amount(amount, self)}".strip()

    @property
    def today(self) -> date:
        """Today in the zone."""
        return self.now.astimezone(self.zone).date()


def typed(field: Field, text: str, here: Here) -> Any:
    """The document value of what was typed into a field; None (or an empty list, or 0) clears it.

    Raises:
        ValueError: with the reason, for the person.
    """
    readers: dict[str, Callable[[], Any]] = {
        "long": lambda: clean(text).strip(),
        "date": lambda: (day := typed_day(text, here.today)) and day.isoformat(),
        "money": lambda: typed_amount(text, here.currency),
        "number": lambda: typed_number(text),
        "tags": lambda: typed_tags(text),
        "bool": lambda: typed_bool(text),
        "time": lambda: typed_time(text, here.zone, here.now),
        "list": partial(_LISTS.get(field.name, _targets), text, here),
    }
    value = readers.get(field.shape, lambda: clean_line(text))()
    if field.shape == "choice" and value not in field.choices:
        raise ValueError(_("one of: {choices}").format(choices=", ".join(field.choices)))
    return _currency(value) if field.name == "currency" else value


def _currency(text: str) -> str:
    if text and (why := objection(text.upper())):
        raise ValueError(why)
    return text.upper()


def shown(field: Field, value: Any, here: Here, between: str = "; ") -> str:
    """A document value as a person would type it. `between` stands between the rows of a list."""
    if value is None or value in ("", [], ()):
        return ""
    match field.shape:
        case "money":
            return plain_amount(value, here) if value else ""
        case "tags":
            return ", ".join(value)
        case "bool":
            return "yes" if value else "no"
        case "time":
            return datetime.fromisoformat(value).astimezone(here.zone).strftime("%Y-%m-%d %H:%M")
        case "list":
            return between.join(_row(row, here) for row in value)
        case _:
            return str(value)


def _row(row: dict[str, Any], here: Here) -> str:
    if "arms" in row:
        return experiment_text(row)
    if "channel" in row:
        return touch_text(row)
    if "metric" in row:
        return f"{row['metric']} {figure(row['target'])}"
    price = f" @ {plain_amount(row['price'], here)}" if row.get("price") else ""
    return f"{row['quantity']} x {row['name']}{price}"


def plain_amount(amount: int, here: Here) -> str:
    """An amount with thousands set apart, in figures `typed_amount` reads back: 1.900.000 or 12.50."""
    digits = exponent(here.currency)
    whole, part = divmod(abs(amount), 10**digits)
    text = f"{'-' if amount < 0 else ''}{whole:,}" + (f".{part:0{digits}}" if digits else "")
    return text.translate(str.maketrans(",.", ".,")) if here.thousands == "." else text


def echo(field: Field, text: str, here: Here) -> str:
    """How what was typed is understood, where that is not plain to see. Raises ValueError like `typed`."""
    value = typed(field, text, here)
    if not value:
        return ""
    match field.shape:
        case "date":
            return here.day(date.fromisoformat(value))
        case "money":
            return here.worth(value)
        case "list":
            understood = shown(field, value, here)
            return _sum(value, understood, here) if field.name == "lines" else understood
        case _:
            return ""


class Sum(Struct, frozen=True):
    """What order lines cost together: in minor units, and as a person types it. `whole` when each has a price."""

    amount: int
    text: str
    whole: bool


def sum_of_lines(text: str, here: Here) -> Sum | None:
    """What typed order lines come to; None where none of them has a price.

    Raises:
        ValueError: they are no lines.
    """
    lines = typed_lines(text, here.currency)
    worth = _worth(lines)
    return Sum(worth, plain_amount(worth, here), all("price" in line for line in lines)) if worth else None


def _worth(lines: list[dict[str, Any]]) -> int:
    return sum(line["quantity"] * line.get("price", 0) for line in lines)


def _sum(lines: list[dict[str, Any]], understood: str, here: Here) -> str:
    """The lines as they were understood, and what they cost together."""
    worth = _worth(lines)
    return f"{understood} = {here.worth(worth)}" if worth else understood
