"""What people type into a form, as document values: days, money, numbers, tags, order lines.

Everything here is pure: today and the zone are passed in. Own words come first ("fri", "+3d", "besok"), dateutil only
for what is left, imported when it is needed: it costs 9 ms. Every function either returns a value or raises ValueError
with a reason that a person can act on; `shown` is the way back, so that what a form shows can be typed in again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any

from msgspec import Struct

from opstui.currencies import objection
from opstui.domain.fieldwork import MOST_DIGITS, YEARS
from opstui.domain.model import Field, Money, clean, clean_line, exponent
from opstui.i18n import _

_WEEKDAYS = (
    ("mon", "monday", "senin", "sen"),
    ("tue", "tues", "tuesday", "selasa", "sel"),
    ("wed", "wednesday", "rabu", "rab"),
    ("thu", "thur", "thurs", "thursday", "kamis", "kam"),
    ("fri", "friday", "jumat", "jum"),
    ("sat", "saturday", "sabtu", "sab"),
    ("sun", "sunday", "minggu", "min", "ahad"),
)
_WEEKDAY = {word: day for day, words in enumerate(_WEEKDAYS) for word in words}
_NEAR = {
    "today": 0, "tod": 0, "hari ini": 0, "tomorrow": 1, "tom": 1, "tmr": 1, "besok": 1, "lusa": 2,
    "yesterday": -1, "kemarin": -1,
}  # fmt: skip
_MONTHS_ID = {
    "januari": "jan", "februari": "feb", "maret": "mar", "mei": "may", "juni": "jun", "juli": "jul", "agustus": "aug",
    "agu": "aug", "ags": "aug", "okt": "oct", "oktober": "oct", "nopember": "nov", "desember": "dec", "des": "dec",
}  # fmt: skip
_STEP = re.compile(r"([+-]?)(\d{1,4})\s*([dwmh]|days?|weeks?|months?|hari|minggu|bulan)?")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def typed_day(text: str, today: date) -> date | None:
    """The day someone means; None when the text is empty. A day without a year is the next one.

    Raises:
        ValueError: it is not a day; the text says what could be typed.
    """
    words = clean_line(text).casefold()
    day = _meant(words, today) if words else None
    if day is not None and day.year not in YEARS:
        raise ValueError(_("a day lies between {first} and {last}").format(first=YEARS[0], last=YEARS[-1]))
    return day


def _meant(words: str, today: date) -> date:
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if words.removeprefix("next ") in _WEEKDAY:
        return today + timedelta(days=(_WEEKDAY[words.removeprefix("next ")] - today.weekday() - 1) % 7 + 1)
    reason = ValueError(_("not a day; try fri, +3d, 12 may or 2026-05-12"))
    try:
        if _ISO.fullmatch(words):
            return date(*map(int, words.split("-")))
        step = _STEP.fullmatch(words)
        if step and (step[1] or step[3]):
            return _stepped(step, today)
        return _spelled(words, today)
    except (ValueError, OverflowError):
        raise reason from None


def _stepped(step: re.Match[str], today: date) -> date:
    count = int(step[2]) * (-1 if step[1] == "-" else 1)
    unit = step[3] or "d"
    if unit == "minggu" or unit.startswith("w"):
        return today + timedelta(weeks=count)
    if unit.startswith(("m", "b")):
        from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - 9 ms, only for months

        return today + relativedelta(months=count)
    return today + timedelta(days=count)


def _spelled(words: str, today: date) -> date:
    """Day and month in words or figures, day first. Parsed against two defaults: what differs was not said."""
    from dateutil.parser import parse  # noqa: PLC0415

    english = " ".join(_MONTHS_ID.get(word, word) for word in words.split())
    defaults = (datetime(2000, 1, 1), datetime(2004, 2, 2))  # noqa: DTZ001 - a day has no zone
    low, high = (parse(english, dayfirst=True, default=default) for default in defaults)
    if (low.day, low.month) != (high.day, high.month) or low.time() != high.time():
        raise ValueError(words)
    if low.year == high.year:
        return low.date()
    years = (year for year in range(today.year, today.year + 9) if _exists(year, low))
    return next(day for year in years if (day := date(year, low.month, low.day)) >= today)


def _exists(year: int, day: datetime) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (day.month, day.day) != (2, 29)


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


_ARM = re.compile(r"([^,:;]{1,40}?)\s+(\d{1,12})\s*/\s*(\d{1,12})")
_PLAN = re.compile(r"(n|lift|from|to)=(\S+)")


def typed_experiments(text: str) -> list[dict[str, Any]]:
    """Tests of a campaign, one a line: "button: old 500/10000, new 560/10000 n=10000 from=2026-09-01 to=2026-09-14".

    An arm is its name, how many did what was hoped for, of how many people. `lift=0.1` is the least one worth seeing.

    Raises:
        ValueError: it cannot be read; it says what is expected.
    """
    return [_experiment(part) for part in (part.strip() for part in re.split(r"[;\n]", clean(text))) if part]


def _experiment(text: str) -> dict[str, Any]:
    name, colon, rest = text.partition(":")
    plan = dict(_PLAN.findall(rest))
    arms = [_ARM.fullmatch(part.strip()) for part in _PLAN.sub("", rest).split(",") if part.strip()]
    if not (colon and name.strip() and len(arms) > 1 and all(arms)):
        raise ValueError(_("an experiment reads: button: old 500/10000, new 560/10000 n=10000"))
    found = [{"label": arm[1].strip(), "hits": int(arm[2]), "people": int(arm[3])} for arm in arms if arm]
    if any(int(arm[2]) > int(arm[3]) for arm in arms if arm):
        raise ValueError(_("an arm has more hits than people: hits come first, as in 500/10000"))
    row: dict[str, Any] = {"name": clean_line(name)[:60], "arms": found}
    try:
        for key, field, read in (
            ("n", "planned", int),
            ("lift", "lift", float),
            ("from", "starts", _iso),
            ("to", "ends", _iso),
        ):
            if key in plan:
                row[field] = read(plan[key].rstrip(","))
    except ValueError:
        raise ValueError(_("n= is a number, lift= like 0.1, from= and to= days like 2026-09-01")) from None
    return row


def _iso(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _experiment_text(row: dict[str, Any]) -> str:
    arms = ", ".join(f"{arm['label']} {arm['hits']}/{arm['people']}" for arm in row["arms"])
    plan = (("n", row.get("planned")), ("lift", row.get("lift")), ("from", row.get("starts")), ("to", row.get("ends")))
    return " ".join([f"{row['name']}: {arms}", *(f"{key}={value}" for key, value in plan if value is not None)])


def _targets(text: str, _here: Here) -> list[dict[str, Any]]:
    return typed_targets(text)


_LISTS: dict[str, Callable[[str, Here], list[dict[str, Any]]]] = {
    "lines": lambda text, here: typed_lines(text, here.currency),
    "experiments": lambda text, _here: typed_experiments(text),
}
"""Field -> how its rows are read; the others are targets."""


def typed_time(text: str, zone: tzinfo, now: datetime) -> str | None:
    """A moment ("now" or 2026-09-07 14:00 in the workspace zone) as a stored UTC time."""
    words = clean_line(text).casefold()
    if not words:
        return None
    try:
        when = now if words == "now" else datetime.fromisoformat(words.upper())
    except ValueError:
        raise ValueError(_("not a time; try now or 2026-09-07 14:00")) from None
    if when.year not in YEARS:
        raise ValueError(_("a day lies between {first} and {last}").format(first=YEARS[0], last=YEARS[-1]))
    there = when if when.tzinfo else when.replace(tzinfo=zone)
    return there.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


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
        return _experiment_text(row)
    if "metric" in row:
        return f"{row['metric']} {figure(row['target'])}"
    price = f" @ {plain_amount(row['price'], here)}" if row.get("price") else ""
    return f"{row['quantity']} x {row['name']}{price}"


def figure(value: float) -> str:
    """A number with all its digits, as `typed_number` reads it: 2.5, 12500000."""
    return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"


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
