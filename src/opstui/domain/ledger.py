"""The stock ledger in words: what a person says happened, as the signed movement that is kept.

What is on hand is the sum of its movements, so a wrong one is never changed: the opposite one is written.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from opstui.domain.model import Doc, Movement, Product, Refused, clean_line
from opstui.domain.state import Reader
from opstui.i18n import _

DEEDS = ("out", "in", "reserve", "release", "adjust")
"""What can be said: sold or lost, bought or found, held for an order, let go again, counted anew (signed)."""
MOST = 1_000_000_000
"""Pieces of one movement: beyond, somebody's finger stuck."""


def movement(sku: str, deed: str, quantity: int, at: datetime, note: str = "") -> Movement:
    """The movement of so many pieces. All but `adjust` take a number above zero; `adjust` is signed.

    Raises:
        Refused: there is no such deed, or the number is none that it can have.
    """
    if deed not in DEEDS:
        raise Refused(_("'{deed}' is none of: {deeds}").format(deed=clean_line(deed)[:20], deeds=", ".join(DEEDS)))
    if not 0 < abs(quantity) <= MOST or (quantity < 0 and deed != "adjust"):
        raise Refused(_("{deed} needs a number of pieces above zero; adjust takes one below it").format(deed=deed))
    signed = -quantity if deed in ("out", "release") else quantity
    sort = cast("Literal['in', 'out', 'reserve', 'adjust']", "reserve" if deed == "release" else deed)
    return Movement(sku=sku, at=at, quantity=signed, sort=sort, note=clean_line(note)[:200])


def product_named(reader: Reader, sku: str) -> Product:
    """The product of that SKU, whatever its case.

    Raises:
        Refused: there is none.
    """
    doc = next((doc for _id, doc in reader.items("products") if doc["sku"].casefold() == sku.casefold()), None)
    if doc is None:
        raise Refused(_("there is no product {sku}; make it first").format(sku=clean_line(sku)[:40] or "''"))
    return _product(doc)


def _product(doc: Doc) -> Product:
    return Product(**{name: doc[name] for name in Product.__struct_fields__ if name in doc})


def checked(product: Product) -> Product:
    """The product, tidied.

    Raises:
        Refused: it has no SKU, or a number that cannot be.
    """
    sku, name = clean_line(product.sku)[:60], clean_line(product.name)[:120]
    if not sku:
        raise Refused(_("a product needs an SKU: the short name that order lines name it by"))
    if min(product.minimum, product.lead_days, product.lead_spread) < 0 or product.pack < 1:
        raise Refused(_("minimum and days are at least 0, a pack holds at least 1 piece"))
    return Product(
        sku=sku,
        name=name or sku,
        minimum=product.minimum,
        lead_days=product.lead_days,
        lead_spread=product.lead_spread,
        pack=product.pack,
    )
