"""Numbers and amounts as people type them, and as they are written so that they can be typed again."""

from __future__ import annotations

import re
from decimal import Decimal

from opstui.domain.fieldwork import MOST_DIGITS
from opstui.domain.model import clean_line, exponent
from opstui.i18n import _

_AMOUNT = re.compile(r"(-?)([\d.,' ]*\d)\s*(rb|ribu|k|jt|juta|m|)")
_TIMES = {"": 0, "k": 3, "rb": 3, "ribu": 3, "m": 6, "jt": 6, "juta": 6}


def typed_amount(text: str, currency: str) -> int:
    """An amount in minor units: "1.900.000", "1,900,000", "12.50", "1,9 jt", "95rb", with or without the currency.

    Raises:
        ValueError: it is not an amount, or has more decimals than the currency.
    """
    words = clean_line(text).casefold().removeprefix("rp").removeprefix("$")
    words = words.replace(currency.casefold() or "\0", "").strip()
    if not words:
        return 0
    found = _AMOUNT.fullmatch(words)
    if not found:
        raise ValueError(_("not an amount; try 1.900.000 or 1,9 jt"))
    digits = exponent(currency)
    whole, part = _halves(found[2], decimals=bool(digits or found[3]), most=digits)
    shift = digits + _TIMES[found[3]]
    if len(part) > shift:
        part = part[:shift] + part[shift:].rstrip("0")
    if len(part) > shift:
        named = currency or _("this currency")
        raise ValueError(_("{currency} has {n} decimals at most").format(currency=named, n=digits))
    figures = (whole + part.ljust(shift, "0")).lstrip("0") or "0"
    if len(figures) > MOST_DIGITS:
        raise ValueError(_("an amount has at most {n} digits").format(n=MOST_DIGITS))
    amount = int(figures)
    return -amount if found[1] else amount


def _halves(figures: str, *, decimals: bool, most: int) -> tuple[str, str]:
    """Digits before and behind the decimal mark: the last mark, when it stands alone and not before three digits.

    Three digits are decimals of a currency that has three: that is how its amounts are written here.
    """
    figures = re.sub(r"[' ]", "", figures)
    marks = [mark for mark in figures if mark in ".,"]
    head, mark, tail = (figures.rpartition(marks[-1])) if marks else ("", "", figures)
    if mark and marks.count(mark) == 1 and (len(set(marks)) > 1 or (decimals and (len(tail) != 3 or most == 3))):  # noqa: PLR2004
        return re.sub("[.,]", "", head) or "0", tail
    groups = re.split("[.,]", figures)
    if any(len(group) != 3 for group in groups[1:]):  # noqa: PLR2004
        raise ValueError(_("not an amount; try 1.900.000 or 1,9 jt"))
    return "".join(groups), ""


def typed_number(text: str) -> int | float | None:
    """A plain number, None when empty."""
    words = clean_line(text).replace(",", ".")
    if not words:
        return None
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", words):
        raise ValueError(_("not a number"))
    return float(words) if "." in words else int(words)


def typed_figure(name: str, text: str, currency: str) -> int | float:
    """A daily figure: money in minor units, conversions that may have decimals, else a count ("12.500", "1,2 jt").

    Raises:
        ValueError: it is none.
    """
    if name in ("spend", "revenue"):
        return typed_amount(text, currency)
    if name == "conversions":
        return typed_number(text) or 0
    return typed_amount(text, "IDR")


def figure(value: float) -> str:
    """A number with all its digits, as `typed_number` reads it: 2.5, 12500000."""
    return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"
