"""The page about stock: what is short comes first, and every number opens the orders that wait."""

from __future__ import annotations

from datetime import timedelta

from domain.world import World
from opstui.domain.commands import ImportStock
from opstui.domain.model import Movement, Product
from opstui.projections.figures.stock_page import page
from opstui.projections.panels import Page, Panel
from projections.figures.law import broken


class Shop(World):
    """A shop with three products and some orders."""

    def __init__(self) -> None:
        super().__init__()
        for sku, left, sold in (("GAYO-250", 20, 4), ("DRIP 10", 300, 2), ("OLD", 5, 0)):
            self.stock(sku, left + 40 * sold, sold)
        for sku in ("GAYO-250", "gayo-250", "DRIP 10"):
            self.card(title=f"wants {sku}", lines=[{"name": sku, "sku": sku, "quantity": 1, "unit_price": 1000}])

    def stock(self, sku: str, begin: int, sold: int) -> None:
        start = self.at - timedelta(days=40)
        moves = [Movement(sku=sku, at=start, quantity=begin, sort="in")]
        moves += [
            Movement(sku=sku, at=start + timedelta(days=n), quantity=-sold, sort="out") for n in range(1, 41) if sold
        ]
        product = Product(sku=sku, name=f"Name of {sku}", minimum=3, lead_days=7 if sold else 0, pack=12)
        self.do(ImportStock(product=product, movements=tuple(moves)), via="import")

    def page(self, days: int = 30) -> Page:
        return page(self.workspace.histories.source(as_of=self.at, days=days))

    def panel(self, name: str) -> Panel:
        return next(panel for panel in self.page().panels if panel.id == name)


def test_every_number_opens_the_orders_that_wait() -> None:
    shop = Shop()
    for days in (30, 365):
        assert broken(shop.page(days), shop.workspace, shop.at) == []
    assert sum(element.cards for _panel, element in shop.page().elements()) == 5


def test_what_is_short_is_to_be_ordered_in_whole_packs() -> None:
    (order,) = Shop().panel("stock.order").elements
    assert order.label == "GAYO-250 Name of GAYO-250"
    # 4 a day, 7 days of delivery and 7 until the next order: 56, of which 20 are there; 36 are 3 packs
    assert (order.value, order.rest) == (36, (20, 28, 2))
    assert order.note == "demand in 7 days of delivery, and safety stock"


def test_how_long_it_lasts_the_shortest_first() -> None:
    panel = Shop().panel("stock.cover")
    assert [(element.label.split()[0], element.value) for element in panel.elements] == [("GAYO-250", 5), ("DRIP", 150)]
    assert panel.says == "1 product was not asked for lately"


def test_a_workspace_without_products_says_so() -> None:
    world = World()
    found = page(world.workspace.histories.source(as_of=world.at, days=30))
    assert found.panels[0].missing == "no product is known yet"
