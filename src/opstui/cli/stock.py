"""The verbs of the stock ledger: what is there, what moved, what a product is like."""

from __future__ import annotations

import click
from msgspec.structs import asdict, replace

from opstui.cli.session import Session, now, pass_session, say, tell, tell_json
from opstui.domain.commands import ImportStock
from opstui.domain.ledger import DEEDS, checked, movement, product_named
from opstui.domain.model import Product, Refused
from opstui.exports.columns import columns
from opstui.i18n import _
from opstui.projections.figures.stock_page import Shelf, shelves


@click.group()
def stock() -> None:
    """What is on hand: a sum of movements, never a number somebody typed."""


@stock.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_session
def list_stock(session: Session, *, as_json: bool) -> None:
    """Say of each product what is there, how long it lasts and what to order; the most urgent first."""
    found = shelves(session.workspace.histories.source(as_of=now(), days=30))
    if as_json:
        tell_json({"schema": "opstui.stock/1", "products": [_record(shelf) for shelf in found]})
        return
    if not found:
        say(_("no product is known yet; `opstui stock product SKU` makes one"))
    head = [_("SKU"), _("Name"), _("On hand"), _("Left"), _("Days"), _("Order at"), _("Order"), ""]
    rows = [[str(cell) for cell in _row(shelf)] for shelf in found]
    if rows:
        tell("\n".join(columns([head, *rows], "llrrrrrl", flexible=1)))


def _record(shelf: Shelf) -> dict[str, object]:
    return {
        "sku": shelf.sku,
        "name": shelf.name,
        "on_hand": shelf.hand,
        "held": shelf.held,
        "left": shelf.order.position,
        "cover_days": shelf.cover.days,
        "order_at": shelf.reorder.units,
        "order": shelf.order.quantity if shelf.order.critical else 0,
        "critical": shelf.order.critical,
        "orders_waiting": shelf.waiting,
    }


def _row(shelf: Shelf) -> tuple[object, ...]:
    days = f"{shelf.cover.days:.1f}" if shelf.cover.days is not None else _("n/a")
    order = shelf.order.quantity if shelf.order.critical else ""
    mark = "!!" if shelf.order.critical else ""
    return shelf.sku, shelf.name, shelf.hand, shelf.order.position, days, shelf.reorder.units, order, mark


@stock.command()
@click.argument("sku")
@click.argument("deed", metavar="|".join(DEEDS), type=click.Choice(DEEDS))
@click.argument("quantity", type=int)
@click.option("--note", default="", help="What it was for.")
@pass_session
def move(session: Session, sku: str, deed: str, quantity: int, note: str) -> None:
    """Write down that pieces came, went, are held or let go; `adjust -3` after counting. Put -- before a minus."""
    product = product_named(session.workspace.state, sku)
    told = movement(product.sku, deed, quantity, now(), note)
    session.submit(ImportStock(product=product, movements=(told,)))
    shelf = next(s for s in shelves(session.workspace.histories.source(as_of=now(), days=30)) if s.sku == product.sku)
    said = _("{sku}: {hand} on hand, {left} left; `opstui card undo` writes the opposite")
    say(said.format(sku=product.sku, hand=shelf.hand, left=shelf.order.position))


@stock.command()
@click.argument("sku")
@click.option("--name", help="What people call it.")
@click.option("--minimum", type=int, help="Pieces at which to order while demand is not known.")
@click.option("--lead-days", type=float, help="Days that a delivery takes.")
@click.option("--lead-spread", type=float, help="Standard deviation of these days.")
@click.option("--pack", type=int, help="Pieces of a pack.")
@pass_session
def product(session: Session, sku: str, **given: object) -> None:
    """Make a product, or change what is known of it."""
    try:
        known = product_named(session.workspace.state, sku)
    except Refused:
        known = Product(sku=sku, name=sku)
    told = checked(replace(known, **{name: value for name, value in given.items() if value is not None}))
    receipt = session.submit(ImportStock(product=told))
    told_of = ", ".join(f"{name} {value}" for name, value in asdict(told).items() if name != "sku")
    say(f"{told.sku}: {told_of}" if receipt.events else _("{sku}: nothing to change").format(sku=told.sku))
