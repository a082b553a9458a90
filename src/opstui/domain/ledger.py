"""The stock ledger in words: what a person says happened, as the signed movement that is kept.

What is on hand is the sum of its movements, so a wrong one is never changed: the opposite one is written, at the time
of the one it takes back, for that day's demand was wrong too. On hand may be below zero: more was sold than counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, cast

from opstui.domain.events import Batch, Event
from opstui.domain.evolve import swapped
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


def taken_back(
    event: Event, batch: Batch, get: Callable[[str, int], Doc | None], reader: Reader, next_id: Callable[[str], int]
) -> list[tuple[str, int, Doc]]:
    """The opposites of the movements that a batch wrote, and the product as it was before.

    Raises:
        Refused: the product was new, it has been changed since, or a movement was taken back already.
    """
    writes = []
    for table, number, patch in batch.changes:
        if table == "products" and number == event.id:
            if not isinstance(patch, dict):
                raise Refused(_("a product stays once it is made; change what is known of it instead"))
            doc = get(table, number) or {}
            writes.append((table, number, swapped(doc, patch, doc.get("sku", ""))))
        elif table == "movements" and not isinstance(patch, dict) and (patch[1] or {}).get("product") == event.id:
            if not _stands(number, reader):
                raise Refused(_("that was undone already"))
            opposite = {**patch[1], "quantity": -patch[1]["quantity"], "undoes": number}
            writes.append((table, next_id(table), opposite))
    return writes


def _stands(number: int, reader: Reader) -> bool:
    """Whether a movement was not taken back, or that was taken back in turn."""
    opposites = {doc["undoes"]: n for n, doc in reader.items("movements") if "undoes" in doc}
    stands = True
    while number in opposites:
        number, stands = opposites[number], not stands
    return stands
