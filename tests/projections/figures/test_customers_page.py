"""The page about customers: every number opens its orders, and the shares are those a person counts."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.world import World
from opstui.config import Settings
from opstui.domain.commands import ArchiveCard, CreateCard, EditCard, MoveCard
from opstui.projections.figures.customers_page import page
from opstui.projections.panels import Element, Page, Panel
from projections.figures.law import broken
from projections.months import Months

NAMES = ("Siti", "siti ", "Budi", "Ani", "Rudi", "")


class Shop(World):
    """A shop whose clock is set by hand: orders of named customers on given days."""

    def order(self, customer: str, day: str, total: int = 100_000, **more: str) -> int:
        self.at = datetime.fromisoformat(f"{day}T05:00:00+00:00")
        fields = {"customer": customer, "total": total, "currency": "IDR", **more}
        return self.events(CreateCard(board="orders", title=f"Order of {customer}", fields=fields))[0].id

    def page(self, day: str, days: int = 30) -> Page:
        self.at = datetime.fromisoformat(f"{day}T08:00:00+00:00")
        return page(self.workspace.histories.source(as_of=self.at, days=days))


def panel(of: Page, name: str) -> Panel:
    return next(panel for panel in of.panels if panel.id == f"customers.{name}")


def by_label(of: Page, name: str) -> dict[str, Element]:
    return {element.label: element for element in panel(of, name).elements}


def shop() -> Shop:
    """Three came in July: one again in August, one in September; one in August; one in September."""
    found = Shop(Settings(margin=0.5))
    found.order("Siti", "2026-07-01", phone="0812-3456-7890")
    found.order("Budi", "2026-07-10")
    found.order("Ani", "2026-07-20")
    found.order("Siti R.", "2026-08-05", phone="+62 812 3456 7890", total=300_000)
    found.order("Rudi", "2026-08-06", payment="paid")
    found.order("budi ", "2026-09-02")
    found.order("Toko Damai", "2026-09-03", payment="paid")
    return found


def test_who_is_new_and_who_came_back() -> None:
    found = shop().page("2026-09-20")
    summary = by_label(found, "summary")
    assert [element.value for element in summary.values()] == [2, 1, 1, 0.5]
    assert summary["For the first time"].query.endswith("buyer:new")


def test_cohorts_are_those_of_the_month_of_the_first_order() -> None:
    found = by_label(shop().page("2026-10-05"), "cohorts")
    assert {name: element.value for name, element in found.items()} == {
        "2026-07": 3, "2026-08": 1, "2026-09": 1, "all": 5,
    }  # fmt: skip
    assert found["2026-07"].rest[:2] == pytest.approx((1 / 3, 1 / 3))
    assert found["2026-08"].rest[0] == 0
    assert found["2026-07"].cards == 5
    assert found["all"].rest[0] == pytest.approx(1 / 4)


def test_who_is_quiet_for_long_seems_to_have_left() -> None:
    found = by_label(shop().page("2026-09-25"), "churn")
    assert found["Seem to have left"].value == 1, "Ani, of July; Siti's own gap is 35 days"
    assert found["Left in these days"].value == pytest.approx(1 / 4)
    assert found["Left in these days"].note.startswith("1 of 4")
    assert found["In a year at this pace"].value == pytest.approx(1 - (3 / 4) ** (365 / 30))


def test_what_a_customer_brings_by_each_horizon() -> None:
    found = by_label(shop().page("2026-10-10"), "worth")
    assert found["1 month"].rest[0] == 5
    assert getattr(found["1 month"].value, "amount", None) == 100_000
    assert getattr(found["3 months"].value, "amount", None) == round((400_000 + 200_000) / 2)
    assert found["12 months"].value is None


def test_the_funnel_ends_with_a_second_order() -> None:
    source_page = shop().page("2026-09-20", days=90)
    found = by_label(source_page, "funnel")
    assert [element.value for element in found.values()] == [5, 2, 0]
    assert panel(source_page, "funnel").says == "smallest share goes on to: Ordered again"


def test_dropped_orders_are_of_nobody_and_archived_ones_stay() -> None:
    found = shop()
    dropped, away = found.order("Dewi", "2026-09-04"), found.order("Eka", "2026-09-05")
    found.do(MoveCard(card=dropped, stage="cancelled"))
    found.do(ArchiveCard(card=away))
    of = found.page("2026-09-20")
    assert by_label(of, "summary")["For the first time"].value == 2
    assert broken(of, found.workspace, found.at) == []


def test_orders_that_name_nobody_say_what_to_write() -> None:
    found = Shop()
    found.order("", "2026-09-01")
    of = found.page("2026-09-20")
    assert {panel.missing for panel in of.panels} == {
        "no order here names its customer; write the name, the phone or the e-mail on the cards"
    }
    assert broken(of, found.workspace, found.at) == []


@pytest.mark.parametrize("days", [30, 365])
@pytest.mark.parametrize("seed", range(5))
def test_every_number_opens_the_orders_it_counted(seed: int, days: int) -> None:
    months = Months(seed)
    for _step in range(3):
        months.go_on(40)
        for card in list(months.workspace.state.lane("orders", "new"))[:4]:
            months.do(EditCard(card=card, values={"customer": months.dice.choice(NAMES), "total": 5_000}))
        found = page(months.workspace.histories.source(as_of=months.at, days=days))
        assert broken(found, months.workspace, months.at) == []
    assert any(element.cards for _panel, element in found.elements())
