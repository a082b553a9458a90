"""The page about stock (spec C.4): what is short, how long the rest lasts, what to order, and who waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from opstui.domain.boards import Board
from opstui.domain.model import Doc, utc
from opstui.i18n import _, ngettext
from opstui.metrics.reorder import Order, Reorder, reorder_point, suggested_order
from opstui.metrics.stock import Cover, available, cover, daily_demand, on_hand
from opstui.metrics.track import local_day
from opstui.projections.figures.queries import between, on, steps
from opstui.projections.figures.source import Source
from opstui.projections.panels import Element, Guide, Page, Panel
from opstui.projections.tiles import State, term

DEMAND_DAYS = 28
"""Days whose demand says how long stock lasts (spec C.4)."""
REVIEW_DAYS = 7
"""Days until one orders the next time: what is ordered now must last so much longer."""


class Shelf(Struct, frozen=True, kw_only=True):
    """One product as the page tells of it. `waiting` open orders want it; `query` finds them."""

    sku: str
    name: str
    hand: int
    held: int
    cover: Cover
    reorder: Reorder
    order: Order
    lead_days: float
    waiting: int
    query: str

    @property
    def state(self) -> State:
        """Red at or below the point at which to order, amber when less than twice its cover is left, else good."""
        if self.order.critical:
            return "bad"
        return "warn" if self.order.position <= 1.25 * self.reorder.units else "good"


def page(source: Source) -> Page:
    """All products, those that must be ordered first."""
    found = shelves(source)
    panels = (ordering(found), covers(found), *_movements(source, found))
    return Page(id="stock", title=_("Stock"), panels=panels, period=source.period)


def shelves(source: Source) -> list[Shelf]:
    """Every product, the most urgent first."""
    return sorted(_shelves(source, source.first_of("order")), key=_urgency)


def _urgency(shelf: Shelf) -> tuple[bool, float, str]:
    days = shelf.cover.days
    return not shelf.order.critical, days if days is not None else float("inf"), shelf.sku


def _shelves(source: Source, board: Board | None) -> Iterable[Shelf]:
    moves = _moves(source)
    waiting = _waiting(source, board)
    for _id, product in source.reader.items("products"):
        sku = product["sku"]
        rows = moves.get(sku, ())
        yield _shelf(source, product, rows, waiting.get(sku.casefold(), 0), _query(board, sku))


def _shelf(source: Source, product: Doc, rows: Sequence[tuple[date, str, int]], waiting: int, query: str) -> Shelf:
    sums = [(sort, quantity) for _day, sort, quantity in rows]
    first = source.today - timedelta(days=DEMAND_DAYS - 1)
    first = max(first, min((day for day, _sort, _n in rows), default=first))
    demand = daily_demand(rows, first, source.today + timedelta(days=1))
    left, lead, minimum = available(sums), float(product.get("lead_days") or 0), product.get("minimum", 0)
    if lead:
        point = reorder_point(demand, lead, float(product.get("lead_spread") or 0), minimum=minimum)
    else:
        point = Reorder(minimum)
    return Shelf(
        sku=product["sku"],
        name=product["name"],
        hand=on_hand(sums),
        held=on_hand(sums) - left,
        cover=cover(left, demand),
        reorder=point,
        order=suggested_order(
            left, point, lead_days=lead, review_days=REVIEW_DAYS, pack=max(1, product.get("pack") or 1)
        ),
        lead_days=lead,
        waiting=waiting if query else 0,
        query=query if waiting else "",
    )


def _moves(source: Source) -> Mapping[str, list[tuple[date, str, int]]]:
    """SKU -> its movements, as (local day, sort, signed quantity)."""
    zone, found = source.settings.zone, dict[str, list[tuple[date, str, int]]]()
    for _id, doc in source.reader.items("movements"):
        row = local_day(utc(doc["at"]), zone), doc.get("sort", "out"), doc["quantity"]
        found.setdefault(doc["sku"], []).append(row)
    return found


def _waiting(source: Source, board: Board | None) -> dict[str, int]:
    """SKU in small letters -> open orders that want it."""
    counts: dict[str, int] = {}
    if board is None:
        return counts
    over = {stage.id for stage in board.stages if stage.category in ("done", "dropped")}
    for _id, doc in source.reader.items("cards"):
        if doc["board"] == board.id and doc["stage"] not in over and not doc.get("archived"):
            for sku in {line.get("sku", "").casefold() for line in doc.get("lines", ())} - {""}:
                counts[sku] = counts.get(sku, 0) + 1
    return counts


def _query(board: Board | None, sku: str) -> str:
    """The open orders that want a product; a name that the filter language cannot write has none."""
    return "" if board is None or '"' in sku else on(board, term("sku", sku), "is:open", "-is:archived")


def ordering(found: Sequence[Shelf]) -> Panel:
    """What is at or below the point at which to order, with how much, and who waits for it."""
    short = [shelf for shelf in found if shelf.order.critical]
    elements = tuple(
        Element(
            label=f"{shelf.sku} {shelf.name}",
            value=shelf.order.quantity or None,
            cards=shelf.waiting,
            query=shelf.query,
            state=shelf.state,
            note=_how(shelf),
            rest=(shelf.order.position, shelf.reorder.units, shelf.waiting),
        )
        for shelf in short
    )
    waiting = sum(shelf.waiting for shelf in short)
    says = ngettext("{n} product must be ordered", "{n} products must be ordered", len(short)).format(n=len(short))
    if waiting:
        says += _("; orders that wait for one of them: {n}").format(n=waiting)
    return Panel(
        id="stock.order",
        title=_("Order today"),
        kind="table",
        unit="pieces",
        elements=elements,
        heads=(_("Product"), _("Order"), _("Left"), _("Order at"), _("Orders waiting")),
        units=("pieces", "pieces", "cards"),
        state="bad" if short else "plain",
        says=says if short else "",
        next_step=_("order them, and tell the customers who wait when it comes") if waiting else "",
        method=_(
            "Left is on hand without what is held. Without lead time and two weeks of demand a fixed minimum holds."
        ),
        missing="" if short else _("nothing has to be ordered today") if found else _("no product is known yet"),
    )


def _how(shelf: Shelf) -> str:
    """How the point at which to order came about."""
    words = {
        "too few days": _("fixed minimum: less than two weeks of demand are known"),
        "too little demand": _("fixed minimum: it sells too seldom to be foreseen"),
        "": _("demand in {n} days of delivery, and safety stock").format(n=f"{shelf.lead_days:g}"),
    }
    return words[shelf.reorder.why] if shelf.lead_days else _("fixed minimum: its lead time is not known")


def covers(found: Sequence[Shelf]) -> Panel:
    """How many days what is left will last, the shortest first."""
    known = [shelf for shelf in found if shelf.cover.days is not None]
    lead = max((shelf.lead_days for shelf in known), default=0.0)
    elements = tuple(
        Element(
            label=f"{shelf.sku} {shelf.name}",
            value=shelf.cover.days,
            cards=shelf.waiting,
            query=shelf.query,
            state=shelf.state,
            note=_left_out(shelf),
            rest=(shelf.hand, shelf.held, shelf.order.position, shelf.cover.mean),
        )
        for shelf in sorted(known, key=lambda shelf: (shelf.cover.days or 0.0, shelf.sku))
    )
    idle = len(found) - len(known)
    says = ngettext("{n} product was not asked for lately", "{n} products were not asked for lately", idle)
    return Panel(
        id="stock.cover",
        title=_("How long it lasts"),
        kind="bars",
        unit="days",
        elements=elements,
        heads=(_("Product"), _("Days"), _("On hand"), _("Held"), _("Left"), _("Sold a day")),
        units=("pieces", "pieces", "pieces", ""),
        guides=(Guide(_("delivery"), lead),) if lead else (),
        says=says.format(n=idle) if idle else "",
        method=_("What is left, divided by what was sold a day in the last 28 days; days without stock are left out."),
        missing="" if elements else _("nothing was sold lately"),
    )


def _left_out(shelf: Shelf) -> str:
    n = shelf.cover.left_out
    text = ngettext("{n} day without stock is left out", "{n} days without stock are left out", n)
    return text.format(n=n) if n else ""


def _movements(source: Source, found: Sequence[Shelf]) -> Iterable[Panel]:
    """What of the most urgent product was sold in each day or week of the period."""
    if not found:
        return
    shelf = found[0]
    rows = _moves(source).get(shelf.sku, [])
    elements = []
    for step in steps(source.first, source.today):
        sold = -sum(n for day, sort, n in rows if sort == "out" and step.first <= day <= step.last)
        elements.append(
            Element(
                label=between(step.first, step.last),
                value=sold,
                at=step.first,
                hollow=not step.whole,
                note=_("pieces that went out"),
            )
        )
    yield Panel(
        id="stock.sold",
        title=_("Sold: {name}").format(name=shelf.name),
        kind="columns",
        unit="pieces",
        elements=tuple(elements),
        heads=(_("Days"), _("Pieces")),
        method=_("Movements of the sort out. The product is the one that is most urgent."),
    )
