"""The page about flow on real orders: what it says is what an independent script says of the same table."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.world import World
from independent import olist
from opstui.imports.interface import Context
from opstui.imports.load import carry_out
from opstui.imports.registry import FORMATS
from opstui.metrics.bottleneck import total_dwell
from opstui.metrics.flow import throughput
from opstui.projections.figures import customers_page
from opstui.projections.figures.flow_page import page
from opstui.projections.flow import categories
from opstui.projections.panels import Element
from projections.figures.law import broken

pytestmark = pytest.mark.real_exports
JAKARTA = ZoneInfo("Asia/Jakarta")
FIRST, LAST = date(2018, 6, 1), date(2018, 8, 29)
AT = datetime(2018, 8, 29, 23, 59, 59, tzinfo=JAKARTA)


class Shop(World):
    """Olist's orders in a workspace."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.at = AT + timedelta(days=3000)
        context = Context(zone=JAKARTA, currency="BRL", now=self.at)
        reading = FORMATS["olist"].read([folder], context)
        carry_out(lambda commands: self.do(*commands, via="import"), reading)


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path("olist") / "sample_3000_albuquerques"


def test_flow_of_real_orders_equals_an_independent_script(real_exports: Path, folder: Path) -> None:
    shop, orders = Shop(real_exports / folder), olist.ways(real_exports / folder)
    board = shop.workspace.settings.boards[0]
    source = shop.workspace.histories.source(as_of=AT, days=(LAST - FIRST).days + 1, board=board)
    told = olist.figures(orders, FIRST, LAST)
    found = page(source)
    figures = {element.label: element for panel in found.panels[:1] for element in panel.elements}

    def value(label: str) -> float:
        worth = figures[label].value
        assert isinstance(worth, int | float)
        return worth

    assert value("Done") == told["done"]
    assert value("Lead time p50") == pytest.approx(told["lead_p50"])
    assert value("Lead time p85") == pytest.approx(told["lead_p85"])
    assert value("On time") == pytest.approx(told["on_time"])
    ways = source.passages(board.id)
    by_month: dict[str, int] = {}
    for day, n in throughput(ways, FIRST, LAST + timedelta(days=1), JAKARTA).items():
        by_month[f"{day:%Y-%m}"] = by_month.get(f"{day:%Y-%m}", 0) + n
    assert {month: n for month, n in by_month.items() if n} == told["months"]
    dwell = total_dwell(ways, categories(board), source.since, source.until)
    assert {stage: span / timedelta(days=1) for stage, span in dwell.items() if span} == pytest.approx(told["dwell"])
    for day in (FIRST, date(2018, 6, 30), date(2018, 7, 15), date(2018, 8, 1), LAST):
        ours = {stage: shop.workspace.was(board.id, day, day) for stage in olist.STAGES}
        counts = {
            stage: sum(
                bool(stood and stood.holds(doc, stage))
                for _id, doc in shop.workspace.state.items("cards")
                if doc["board"] == board.id
            )
            for stage, stood in ours.items()
        }
        assert {stage: n for stage, n in counts.items() if n} == olist.standing(orders, day)


def test_every_number_opens_its_orders(real_exports: Path, folder: Path) -> None:
    shop = Shop(real_exports / folder)
    shop.at = AT
    source = shop.workspace.histories.source(as_of=AT, days=30, board=shop.workspace.settings.boards[0])
    found = page(source)
    numbers: list[Element] = [element for _panel, element in found.elements()]
    assert sum(element.cards for element in numbers) > 1000
    assert broken(found, shop.workspace, AT) == []


@pytest.mark.parametrize("sample", ["sample_3000_albuquerques", "sample_8000_tirthjoship"])
def test_cohorts_of_real_customers_equal_an_independent_script(real_exports: Path, sample: str) -> None:
    folder = real_exports / "olist" / sample
    shop = Shop(folder)
    shop.at = AT - timedelta(hours=12)
    found = customers_page.page(shop.workspace.histories.source(as_of=AT, days=365))
    table = next(panel for panel in found.panels if panel.id == "customers.cohorts")
    ours = {element.label: element for element in table.elements[:-1]}
    months = [f"{n // 12}-{n % 12 + 1:02}" for n in range(2017 * 12 + 8, 2018 * 12 + 7)]
    told = olist.cohorts(
        folder, [f"2016-{n:02}" for n in range(9, 13)] + [f"2017-{n:02}" for n in range(1, 9)] + months
    )
    assert sum(size for size, *_rest in told.values()) > 1000
    for month in months:
        if month not in told:
            assert month not in ours
            continue
        size, *later = told[month]
        shares = [n / size for n in later[:6]]
        assert ours[month].value == size
        assert list(ours[month].rest) == pytest.approx([*shares, *[None] * (6 - len(shares))])
    assert broken(found, shop.workspace, AT) == []
