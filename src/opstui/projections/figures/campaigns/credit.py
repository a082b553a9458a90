"""Which channel gets the credit for what was sold: six models side by side, since none of them is the truth.

What led to an order is written on it (`touches`); shares describe those paths and prove nothing about causes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opstui.domain.boards import first_of
from opstui.domain.model import Doc, Money, utc
from opstui.i18n import _
from opstui.metrics.attribution import ENOUGH, LOOKBACK, UNKNOWN, side_by_side, spread
from opstui.metrics.track import local_day
from opstui.projections.figures.campaigns.chosen import Chosen
from opstui.projections.figures.queries import between, on
from opstui.projections.led_to import path_of
from opstui.projections.panels import Element, Panel, Value
from opstui.projections.tiles import term

MODELS = ("first", "last", "linear", "time_decay", "position", "markov")


def credit(chosen: Chosen) -> Panel:
    """What was sold in the period, in the page's currency, by what the orders say led to them."""
    source = chosen.source
    board = first_of(source.settings.boards, "order")
    every = _orders(chosen, board.id) if board else []
    usual = source.settings.currency
    orders = [doc for doc in every if (doc.get("currency") or usual) == chosen.currency]
    dropped = {stage.id for stage in board.stages if stage.category == "dropped"} if board else set()
    told = any(doc.get("touches") for doc in orders)
    paths = [path_of(doc, source.settings, converted=doc["stage"] not in dropped) for doc in orders] if told else []
    models = side_by_side(paths) if told else {}
    sold = sum(path.converted for path in paths)
    ranges = spread(models)
    order = sorted(ranges, key=lambda name: (name == UNKNOWN, -models["linear"].get(name, 0), name))
    span = f"created:{between(source.first, source.today)}"
    asked = on(board, span) if board else ""
    elements = tuple(
        Element(
            label=name or _("nothing is written"),
            value=_range(chosen, ranges[name]),
            **_behind(every, name, asked),
            rest=tuple(_share(models, model, name) for model in MODELS),
        )
        for name in order
    )
    return Panel(
        id="campaigns.credit",
        title=_("What led to the orders"),
        kind="table",
        unit="",
        elements=elements,
        heads=(_("Channel"), _("Sold"), *(_MODEL_NAMES[model] for model in MODELS)),
        units=("fraction",) * len(MODELS),
        says=_("fewer than {n} orders: read the range, not a model").format(n=ENOUGH) if told and sold < ENOUGH else "",
        method=_("Descriptive, not causal. Contacts of the {n} days before an order; orders of {currency}.").format(
            n=LOOKBACK, currency=chosen.currency
        ),
        missing="" if told else _("no order of these days says what led to it; write it on the cards (Led to it)"),
    )


_MODEL_NAMES = {
    "first": _("First"),
    "last": _("Last"),
    "linear": _("Linear"),
    "time_decay": _("Decay"),
    "position": "40/20/40",
    "markov": "Markov",
}


def _orders(chosen: Chosen, board: str) -> list[Doc]:
    """The orders of the period, dropped ones too: they were led to, and came to nothing."""
    first, after = chosen.source.period
    zone = chosen.source.settings.zone
    return [
        doc
        for _card, doc in chosen.source.reader.items("cards")
        if doc["board"] == board and not doc.get("unmade") and first <= local_day(utc(doc["created"]), zone) < after
    ]


def _behind(orders: Iterable[Doc], channel: str, asked: str) -> dict[str, Any]:
    """The orders a channel led to, in whatever currency; a name that the filter language cannot write has none."""
    if '"' in channel:
        return {}
    cards = sum(_names(doc, channel) for doc in orders)
    return {"cards": cards, "query": f"{asked} {term('touch', channel or 'none')}"}


def _names(doc: Doc, channel: str) -> bool:
    named = {row["channel"].casefold() for row in doc.get("touches", ())}
    return channel in named if channel else not named


def _range(chosen: Chosen, found: tuple[int, int]) -> Value:
    """The least and the most that any model gives; one amount where they agree."""
    low, high = (Money(amount, chosen.currency) for amount in found)
    if low == high:
        return low
    formats = chosen.source.formats
    return f"{formats.money_compact(low)} – {formats.money_compact(high)}"


def _share(models: dict[str, dict[str, int]], model: str, channel: str) -> float | None:
    total = sum(models.get(model, {}).values())
    return models[model].get(channel, 0) / total if total else None
