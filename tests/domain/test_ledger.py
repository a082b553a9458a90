"""What a person says of stock, as the movement that is kept."""

from __future__ import annotations

from typing import Any

import pytest

from domain.world import World
from opstui.domain.commands import ImportStock, Undo
from opstui.domain.ledger import DEEDS, MOST, checked, movement, product_named
from opstui.domain.model import Product, Refused
from opstui.domain.undo import undoable
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


def hands(world: World) -> list[int]:
    return [doc["quantity"] for _id, doc in world.workspace.state.items("movements")]


@pytest.mark.parametrize("deed", DEEDS)
def test_the_undo_of_a_movement_writes_the_opposite_and_redo_writes_it_once_more(deed: str) -> None:
    world = World()
    world.do(ImportStock(product=Product(sku="A", name="A")))
    at = world.at
    told = movement("A", deed, 2, at)
    batch = world.do(ImportStock(product=Product(sku="A", name="A"), movements=(told,))).batch or 0
    undone = world.do(Undo(batch=batch)).batch or 0
    assert hands(world) == [told.quantity, -told.quantity]
    rows = [doc for _id, doc in world.workspace.state.items("movements")]
    assert (rows[1]["undoes"], rows[1]["at"], rows[1]["sort"]) == (1, rows[0]["at"], rows[0]["sort"])
    with pytest.raises(Refused, match="undone already"):
        world.do(Undo(batch=batch))
    again = world.do(Undo(batch=undone)).batch or 0
    assert sum(hands(world)) == told.quantity
    with pytest.raises(Refused, match="undone already"):
        world.do(Undo(batch=undone))
    world.do(Undo(batch=again))
    assert sum(hands(world)) == 0


def test_an_undo_may_leave_less_than_nothing_as_the_ledger_does() -> None:
    world = World()
    product = Product(sku="A", name="A")
    world.do(ImportStock(product=product))
    came = world.do(ImportStock(product=product, movements=(movement("A", "in", 5, world.at),))).batch or 0
    world.do(ImportStock(product=product, movements=(movement("A", "out", 4, world.at),)))
    world.do(Undo(batch=came))
    assert sum(hands(world)) == -4


def test_what_is_known_of_a_product_goes_back_unless_it_was_changed_since_and_a_new_one_stays() -> None:
    world = World()
    made = world.do(ImportStock(product=Product(sku="A", name="A"))).batch or 0
    changed = world.do(ImportStock(product=Product(sku="A", name="A", minimum=5))).batch or 0
    later = world.do(ImportStock(product=Product(sku="A", name="A", minimum=7))).batch or 0
    with pytest.raises(Refused, match="A has been changed since"):
        world.do(Undo(batch=changed))
    world.do(Undo(batch=later))
    assert product_named(world.workspace.state, "A").minimum == 5
    with pytest.raises(Refused, match="a product stays"):
        world.do(Undo(batch=made))
    batches = {n: world.workspace.state.batch(n) for n in (made, changed)}
    assert [undoable(batch) for batch in batches.values() if batch] == [False, True]


def test_who_may_not_write_stock_may_not_undo_it() -> None:
    world = World()
    product = Product(sku="A", name="A")
    world.do(ImportStock(product=product))
    batch = world.do(ImportStock(product=product, movements=(movement("A", "in", 5, world.at),))).batch or 0
    world.role = "cs"
    with pytest.raises(Refused, match="may not change stock"):
        world.do(Undo(batch=batch))
