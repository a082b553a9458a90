"""The forms of the stock ledger: a movement, and what a product is like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opstui.domain.commands import ImportStock
from opstui.domain.ledger import DEEDS, checked, movement, product_named
from opstui.domain.model import Product, Refused, clean_line
from opstui.i18n import _
from opstui.typed import typed_number
from opstui.ui.offers import Source, among
from opstui.ui.rows import Row
from opstui.ui.session import Plan

if TYPE_CHECKING:
    from opstui.ui.screens.board import BoardScreen


def _whole(text: str) -> int:
    value = typed_number(text)
    if value is None or value != int(value):
        raise ValueError(_("a whole number, please"))
    return int(value)


def _number(text: str) -> float:
    return float(typed_number(text) or 0)


def _skus(screen: BoardScreen) -> Source:
    found = (str(doc["sku"]) for _id, doc in screen.session.workspace.state.items("products"))
    return Source(among(sorted(found)))


async def move(screen: BoardScreen, sku: str = "") -> None:
    """Pieces came, went, are held for an order, let go again, or were counted anew."""
    from opstui.ui.screens.form import Form  # noqa: PLC0415 - not needed for the first picture

    workspace = screen.session.workspace
    rows = [
        Row(name="sku", label=_("SKU"), text=sku, source=_skus(screen), required=True, read=clean_line),
        Row(name="deed", label=_("What"), shape="choice", text=DEEDS[0], choices=DEEDS, required=True),
        Row(
            name="quantity",
            shape="number",
            label=_("Pieces"),
            required=True,
            read=_whole,
            first=bool(sku),
            hint=_("12; adjust: -3"),
        ),
        Row(name="note", label=_("Note"), read=clean_line, hint=_("what it was for")),
    ]

    async def save(values: dict[str, Any]) -> str:
        def build() -> Plan:
            product = product_named(workspace.state, values["sku"])
            told = movement(product.sku, values["deed"], values["quantity"], workspace.now(), values.get("note", ""))
            said = _("{sku}: {deed} {n}").format(sku=product.sku, deed=values["deed"], n=values["quantity"])
            return Plan((ImportStock(product=product, movements=(told,)),), said)

        return await _keep(screen, build)

    note = _("out: sold or lost · in: bought · reserve: held · release: let go · adjust: counted anew, signed")
    await screen.ask(Form(_("Stock movement"), rows, save, note))


async def product(screen: BoardScreen, sku: str = "") -> None:
    """A new product, or what is known of one."""
    from opstui.ui.screens.form import Form  # noqa: PLC0415 - not needed for the first picture

    workspace = screen.session.workspace
    try:
        known = product_named(workspace.state, sku)
    except Refused:
        known = Product(sku="", name="")
    rows = [
        Row(name="sku", label=_("SKU"), text=known.sku, required=True, read=clean_line, first=not known.sku),
        Row(name="name", label=_("Name"), text=known.name, read=clean_line),
        Row(
            name="minimum",
            shape="number",
            label=_("Minimum"),
            text=str(known.minimum),
            read=_whole,
            hint=_("order at so many pieces"),
        ),
        Row(name="lead_days", shape="number", label=_("Delivery days"), text=f"{known.lead_days:g}", read=_number),
        Row(
            name="lead_spread",
            shape="number",
            label=_("Give or take"),
            text=f"{known.lead_spread:g}",
            read=_number,
            hint=_("days"),
        ),
        Row(name="pack", shape="number", label=_("Pack"), text=str(known.pack), read=_whole, hint=_("pieces")),
    ]

    async def save(values: dict[str, Any]) -> str:
        def build() -> Plan:
            given = {name: values.get(name, getattr(known, name)) for name in Product.__struct_fields__}
            told = checked(Product(**given))
            return Plan((ImportStock(product=told),), _("kept what is known of {sku}").format(sku=told.sku))

        return await _keep(screen, build, undoable=bool(known.sku))

    title = _("Product {sku}").format(sku=known.sku) if known.sku else _("New product")
    await screen.ask(Form(title, rows, save))


async def _keep(screen: BoardScreen, build: Any, *, undoable: bool = True) -> str:
    """Carry it out. The undo of a movement writes the opposite one; a product that is new stays."""
    try:
        receipt, said = await screen.session.submit(build, undoable=undoable)
    except Refused as no:
        return str(no)
    screen.settled(None)
    back = _("{done} · {key} undo").format(done=said, key=screen.key("undo")) if undoable else said
    screen.say(back if receipt.batch is not None else _("nothing to change"))
    return ""
