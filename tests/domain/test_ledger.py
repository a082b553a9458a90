"""What a person says of stock, as the movement that is kept."""

from __future__ import annotations

from typing import Any

import pytest

from domain.world import World
from opstui.domain.commands import ImportStock
from opstui.domain.ledger import DEEDS, MOST, checked, movement, product_named
from opstui.domain.model import Product, Refused
from opstui.metrics.stock import available, on_hand


@pytest.mark.parametrize(
    ("deed", "quantity", "hand", "left"),
    [("in", 5, 5, 5), ("out", 5, -5, -5), ("reserve", 5, 0, -5), ("release", 5, 0, 5), ("adjust", -3, -3, -3)],
)
def test_each_deed_has_its_sign(deed: str, quantity: int, hand: int, left: int) -> None:
    told = movement("A", deed, quantity, World().at)
    rows = [(told.sort, told.quantity)]
    assert (on_hand(rows), available(rows)) == (hand, left)


@pytest.mark.parametrize(
    ("deed", "quantity"), [("out", -1), ("in", 0), ("adjust", 0), ("in", MOST + 1), ("steal", 1), ("release", -2)]
)
def test_what_cannot_be_is_refused(deed: str, quantity: int) -> None:
    with pytest.raises(Refused, match=r"above zero|none of"):
        movement("A", deed, quantity, World().at)


def test_a_movement_is_added_and_the_product_kept_as_it_is() -> None:
    world = World()
    world.do(ImportStock(product=checked(Product(sku=" Gayo\n250 ", name="", minimum=3))))
    known = product_named(world.workspace.state, "gayo 250")
    assert (known.sku, known.name, known.minimum) == ("Gayo 250", "Gayo 250", 3)
    for deed in DEEDS:
        world.do(ImportStock(product=known, movements=(movement(known.sku, deed, 2, world.at),)))
    rows = [(doc["sort"], doc["quantity"]) for _id, doc in world.workspace.state.items("movements")]
    assert (on_hand(rows), available(rows)) == (2, 2)


@pytest.mark.parametrize("wrong", [{"sku": " "}, {"pack": 0}, {"minimum": -1}, {"lead_days": -1}])
def test_a_product_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        checked(Product(**({"sku": "A", "name": "A"} | wrong)))


def test_a_product_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused, match="no product nope"):
        product_named(World().workspace.state, "nope")
