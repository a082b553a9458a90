"""Daily figures typed by hand: a day of a campaign on a channel, beside what files bring.

A row is one for each card, day, channel and currency, so typing a day again writes over what is given anew and keeps
the rest. A row whose making was undone is `withdrawn`: it stays in the history, and in no figure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from opstui.currencies import objection
from opstui.domain.commands import RecordFigures
from opstui.domain.events import Batch, Event
from opstui.domain.evolve import swapped
from opstui.domain.model import SHOP, Doc, MetricRow, Refused, clean_line, plain
from opstui.domain.state import Reader, State
from opstui.i18n import _

TABLE = "metrics"
COUNTS = ("impressions", "clicks", "conversions", "leads", "reach")
MONEY = ("spend", "revenue")
MOST = 10**15
"""Beyond, somebody's finger stuck."""
_CURRENCY = re.compile("[A-Z]{3}")


def rows_of(reader: Reader) -> Iterator[Doc]:
    """Every row of daily figures that stands."""
    return (doc for _id, doc in reader.items(TABLE) if not doc.get("withdrawn"))


def record(command: RecordFigures, card: Doc, today: date, state: State, make: Callable[..., Event]) -> list[Event]:
    """The event of a day's figures; none when they say what stands there already.

    Raises:
        Refused: the card is no campaign, or a figure cannot be.
    """
    if card["kind"] != "campaign":
        raise Refused(_("{ref} is no campaign; daily figures belong to one").format(ref=card["ref"]))
    row = MetricRow(day=_day(command.day, today), channel="", currency=_currency(command.currency))
    channel = _channel(command.channel, card, state)
    number, before = _standing(state, card["id"], row.day, channel, row.currency)
    stands = {} if before.get("withdrawn") else before
    doc = {**_blank(row), "channel": channel, **stands, **_checked(command.figures), "card": card["id"]}
    _fits(doc, command.figures)
    if doc == before:
        return []
    day = row.day.isoformat()
    told = {"rows": 1, "from": day, "to": day, "channel": channel, **({"replaced": True} if stands else {})}
    writes = ((TABLE, number or state.next_id(TABLE), doc),)
    return [make("metrics_recorded", "cards", card["id"], data=told, writes=writes)]


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(_("'{text}' is no day; write 2026-09-19").format(text=clean_line(text)[:40])) from None
    if day > today:
        raise Refused(_("{day} is still to come; figures are of days that have been").format(day=day))
    return day


def _currency(code: str) -> str:
    if not _CURRENCY.fullmatch(code) or objection(code):
        raise Refused(_("currency: '{code}' is no ISO 4217 code like IDR or USD").format(code=clean_line(code)[:10]))
    return code


def _channel(text: str, card: Doc, state: Reader) -> str:
    """The channel, spelt as the card's figures or its brief spell it."""
    name = clean_line(text)[:60]
    if not name:
        raise Refused(_("say on which channel: shopee, meta, whatsapp ..."))
    if name.casefold() == SHOP:
        raise Refused(
            _("'{name}' stands for what the shop itself sold; name the channel of the campaign").format(name=name)
        )
    return {known.casefold(): known for known in channels_of(card, state)}.get(name.casefold(), name)


def channels_of(card: Doc, reader: Reader) -> list[str]:
    """The channels of a campaign: those of its brief, and over them those that its figures name."""
    found = (row["channel"] for row in rows_of(reader) if row["card"] == card["id"] and row["channel"])
    return list(dict.fromkeys([*card.get("channels", ()), *found]))


def _standing(state: Reader, card: int, day: date, channel: str, currency: str) -> tuple[int, Doc]:
    key = card, day.isoformat(), channel, currency
    for number, doc in state.items(TABLE):
        if (doc["card"], doc["day"], doc["channel"], doc["currency"]) == key:
            return number, doc
    return 0, {}


def _blank(row: MetricRow) -> Doc:
    return {name: value for name, value in plain(row).items() if value is not None}


def _checked(figures: dict[str, Any]) -> dict[str, float]:
    """The figures, each a number that can be.

    Raises:
        Refused: there is none, one is unknown, or one cannot be.
    """
    if not figures:
        raise Refused(_("say at least one figure: {names}").format(names=", ".join((*MONEY, *COUNTS))))
    for name, value in figures.items():
        if name not in (*MONEY, *COUNTS):
            raise Refused(
                _("'{name}' is no daily figure; there are {names}").format(
                    name=clean_line(name)[:40], names=", ".join((*MONEY, *COUNTS))
                )
            )
        whole = type(value) is int or (name == "conversions" and type(value) is float and math.isfinite(value))
        if not whole:
            raise Refused(_("{name}: a whole number, please").format(name=name))
        if abs(value) > MOST or (value < 0 and name != "revenue"):
            raise Refused(_("{name} is at least 0, and not that large").format(name=name))
    return {name: float(value) if name == "conversions" else value for name, value in figures.items()}


def _fits(doc: Doc, typed: Iterable[str]) -> None:
    """Refuse what contradicts itself; where nobody counted the larger number, the smaller one stands alone."""
    for less, more in (("clicks", "impressions"), ("reach", "impressions")):
        if {less, more} & {*typed} and doc.get(more) and doc.get(less, 0) > doc[more]:
            raise Refused(
                _("{less} {n} cannot be more than {more} {m}").format(less=less, n=doc[less], more=more, m=doc[more])
            )
    msgspec.convert({name: value for name, value in doc.items() if name != "card"}, MetricRow)


def taken_back(event: Event, batch: Batch, get: Callable[[str, int], Doc | None]) -> list[tuple[str, int, Doc]]:
    """The rows as they were before a batch recorded them; a row that was new is withdrawn.

    Raises:
        Refused: one has been changed since.
    """
    writes = []
    for table, number, patch in batch.changes:
        doc = get(table, number) or {}
        new = patch[1] if not isinstance(patch, dict) else None
        if table != TABLE or (new or doc).get("card") != event.id:
            continue
        if new is None:
            writes.append((table, number, swapped(doc, patch, _what(doc))))
        elif doc != new:
            raise Refused(_("not undone: {what} has been changed since").format(what=_what(doc)))
        else:
            writes.append((table, number, {**doc, "withdrawn": True}))
    return writes


def _what(doc: Doc) -> str:
    return _("the row of {day}, {channel}").format(day=doc.get("day"), channel=doc.get("channel"))
