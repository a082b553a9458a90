"""The six tiles. Each counting tile is checked against a count of its own, made the slow way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Tables, card_doc
from opstui.config import Settings
from opstui.domain.model import Doc, Money
from opstui.projections.filter import FilterContext, parse
from opstui.projections.tiles import FIRST, ORDER, Tile, for_role, status, term, tiles

SETTINGS = Settings()
NOW = datetime(2026, 9, 21, 14, 7, tzinfo=SETTINGS.zone).astimezone(UTC)


def ago(days: float = 0, hours: float = 0) -> datetime:
    return NOW - timedelta(days=days, hours=hours)


def shown(*docs: Doc, settings: Settings = SETTINGS, **tables: dict[int, Doc]) -> dict[str, Tile]:
    found = tiles(Tables(cards={doc["id"]: doc for doc in docs}, **tables), settings, NOW)
    return {tile.id: tile for tile in found}


def says(tile: Tile, *names: str) -> list[Any]:
    return [getattr(tile, name) for name in names]


def order(number: int, created: datetime = NOW, stage: str = "new", **fields: Any) -> Doc:
    return card_doc(number, "orders", stage, created=created, **fields)


def test_an_empty_workspace_has_six_quiet_tiles() -> None:
    found = shown()
    assert tuple(found) == ORDER
    assert [tile.value for tile in found.values()] == [0, 0, 0, 0, 0, None]
    assert {tile.state for tile in found.values()} == {"plain"}
    assert found["main_channel"].query == ""


def test_orders_in_compares_with_yesterday_by_this_time() -> None:
    days = [0, 0, 0, 1.01, 1.3, 0.7, 5]
    tile = shown(*(order(n, ago(day)) for n, day in enumerate(days)))["orders_in"]
    assert says(tile, "value", "query", "board") == [3, "created:today", "orders"]
    assert tile.change == 3 - 2
    assert list(tile.spark) == [0, 1, 0, 0, 0, 3, 3]


def test_a_day_begins_at_local_midnight_to_the_second() -> None:
    midnight = datetime(2026, 9, 21, tzinfo=SETTINGS.zone).astimezone(UTC)
    docs = [
        order(1, midnight),
        order(2, midnight - timedelta(microseconds=1)),
        order(3, midnight + timedelta(microseconds=1)),
    ]
    assert shown(*docs)["orders_in"].value == 2


def test_done_counts_what_entered_a_done_stage_today() -> None:
    docs = [
        order(1, ago(9), "closed", entered=ago(hours=1)),
        order(2, ago(9), "closed", entered=ago(1, hours=1)),
        order(3, ago(9), "closed", entered=ago(1, hours=-1)),
        order(4, ago(9), "cancelled", entered=ago(hours=1)),
        order(5, ago(9), "shipping", entered=ago(hours=1)),
    ]
    tile = shown(*docs)["done_today"]
    assert says(tile, "value", "query", "change") == [1, "done:today", 0]
    assert list(tile.spark) == [0, 0, 0, 0, 0, 2, 1]


def test_delayed_is_late_and_open() -> None:
    docs = [
        order(1, ago(9), due="2026-09-18"),
        order(2, ago(9), due="2026-09-20"),
        order(3, ago(9), due="2026-09-21"),
        order(4, ago(9), "closed", due="2026-09-15", entered=ago(2)),
        order(5, ago(9), "cancelled", due="2026-09-15", entered=ago(2)),
        order(6, ago(9), due="2026-01-01", archived=True),
        order(7, ago(9)),
    ]
    tile = shown(*docs)["delayed"]
    assert says(tile, "value", "query", "better", "state") == [2, "is:late", "down", "warn"]
    assert list(tile.spark) == [0, 2, 2, 2, 1, 1, 2]
    assert tile.change == 1


def test_open_tickets() -> None:
    docs = [
        card_doc(1, "feedback", "inbox", created=ago(3)),
        card_doc(2, "feedback", "replied", created=ago()),
        card_doc(3, "feedback", "closed", created=ago(5), entered=ago(1)),
        card_doc(4, "feedback", "declined", created=ago(5), entered=ago()),
        card_doc(5, "feedback", "inbox", created=ago(5), archived=True),
        card_doc(6, "feedback", "triage", created=ago(50)),
    ]
    tile = shown(*docs)["open_tickets"]
    assert says(tile, "value", "query", "board") == [3, "is:open", "feedback"]
    assert list(tile.spark) == [1, 3, 3, 4, 4, 3, 3]
    assert tile.change == 0


def test_the_main_channel_is_last_weeks_revenue_in_one_currency() -> None:
    docs = [
        order(1, ago(0), channel="shopee", total=300_000, currency="IDR"),
        order(2, ago(6), channel="shopee", total=100_000, currency="IDR"),
        order(3, ago(7), channel="shopee", total=200_000, currency="IDR"),
        order(4, ago(1), channel="whatsapp", total=350_000, currency="IDR"),
        order(5, ago(1), channel="whatsapp", total=900_000, currency="IDR", stage="cancelled"),
        order(6, ago(1), channel="web", total=99_999_999, currency="USD"),
        order(7, ago(1), channel="shopee", total=50_000, currency="IDR", archived=True),
    ]
    tile = shown(*docs)["main_channel"]
    assert says(tile, "label", "value", "unit") == ["Shopee", Money(400_000, "IDR"), "money"]
    assert tile.change == pytest.approx(1.0)
    assert list(tile.spark) == [100_000, 0, 0, 0, 0, 0, 300_000]
    assert tile.query == "channel:shopee since:7d -is:dropped"


def test_critical_stock_is_at_or_below_the_minimum() -> None:
    minimum = {"SKU-12": 5, "SKU-31": 5, "SKU-40": 5}
    products = {n: {"sku": sku, "name": sku, "minimum": m} for n, (sku, m) in enumerate(minimum.items(), 1)}
    rows = [
        ("SKU-12", 40, 20, "in"),
        ("SKU-12", 2, -15, "out"),
        ("SKU-31", 40, 20, "in"),
        ("SKU-31", 0, 15, "reserve"),
        ("SKU-40", 40, 6, "in"),
    ]
    movements = {
        n: {"product": 1, "sku": sku, "at": ago(day).isoformat().replace("+00:00", "Z"), "quantity": q, "sort": sort}
        for n, (sku, day, q, sort) in enumerate(rows, 1)
    }
    tile = shown(products=products, movements=movements)["critical_stock"]
    assert says(tile, "value", "note", "query") == [2, "SKU-12 SKU-31", "sku:SKU-12,SKU-31 is:open"]
    assert list(tile.spark) == [0, 0, 0, 0, 1, 1, 2]
    assert says(tile, "change", "state", "unit") == [1, "warn", "skus"]
    docs = [
        order(1, lines=[{"sku": "sku-12", "quantity": 1}, {"sku": "SKU-31", "quantity": 1}]),
        order(2, stage="stock", lines=[{"sku": "SKU-31", "quantity": 1}]),
        order(3, stage="closed", lines=[{"sku": "SKU-31", "quantity": 1}]),
        order(4, lines=[{"sku": "SKU-31", "quantity": 1}], archived=True),
        order(5, lines=[{"sku": "SKU-40", "quantity": 1}]),
    ]
    waited = shown(*docs, products=products, movements=movements)["critical_stock"]
    assert waited.note == "2 orders wait: SKU-12 SKU-31"
    matches = parse(waited.query, FilterContext(today=date(2026, 9, 21), zone=SETTINGS.zone, boards=SETTINGS.boards))
    assert [doc["id"] for doc in docs if matches(doc) and not doc.get("archived")] == [1, 2]


@pytest.mark.parametrize(
    ("value", "target", "better", "state"),
    [
        (3, 3, "down", "good"),
        (3.3, 3, "down", "warn"),
        (4, 3, "down", "bad"),
        (0.95, 0.95, "up", "good"),
        (0.9, 0.95, "up", "warn"),
        (0.5, 0.95, "up", "bad"),
        (0, 0, "down", "good"),
        (1, 0, "down", "bad"),
    ],
)
def test_a_target_judges(value: float, target: float, better: Any, state: str) -> None:
    assert status(value, target, better) == state


def test_targets_come_from_the_settings() -> None:
    settings = Settings(targets={"delayed": 0, "orders_in": 1, "main_channel": 500})
    docs = [order(1, ago(9), due="2026-09-01"), order(2, channel="web", total=480, currency="IDR")]
    found = shown(*docs, settings=settings)
    assert [(found[name].target, found[name].state) for name in ("delayed", "orders_in", "main_channel")] == [
        (0, "bad"),
        (1, "good"),
        (500, "warn"),
    ]


def test_terms_with_blanks_are_quoted() -> None:
    assert term("sku", "A", "B") == "sku:A,B"
    assert term("sku", "A,1", "B") == 'sku:"A,1",B'
    assert term("channel", "toko depan") == 'channel:"toko depan"'


def test_without_such_a_board_a_tile_counts_nothing() -> None:
    found = shown(order(1), settings=Settings(boards=()))
    assert [tile.value for tile in found.values()] == [0, 0, 0, 0, 0, None]


moments = st.integers(0, 20 * 24).map(lambda n: ago(hours=n))
docs_of_a_shop = st.lists(
    st.tuples(
        st.sampled_from(["new", "payment", "closed", "cancelled"]),
        moments,
        st.integers(0, 100),
        st.integers(-5, 20),
        st.booleans(),
    ),
    max_size=12,
).map(
    lambda rows: [
        order(
            n,
            made,
            stage,
            entered=min(NOW, made + timedelta(hours=stay)),
            due=(NOW.date() - timedelta(days=due)).isoformat(),
            **({"archived": True} if gone else {}),
        )
        for n, (stage, made, stay, due, gone) in enumerate(rows, 1)
    ]
)


@given(docs_of_a_shop)
def test_values_equal_a_slow_count(docs: list[Doc]) -> None:
    """The same three figures from parsed times, one condition each."""
    today = date(2026, 9, 21)
    seen = [doc for doc in docs if not doc.get("archived")]

    def on(text: str) -> date:
        return datetime.fromisoformat(text).astimezone(SETTINGS.zone).date()

    found = shown(*docs)
    assert found["orders_in"].value == sum(on(d["created"]) == today for d in seen)
    assert found["done_today"].value == sum(d["stage"] == "closed" and on(d["entered"]) == today for d in seen)
    late = [d for d in seen if d["stage"] in ("new", "payment") and date.fromisoformat(d["due"]) < today]
    assert found["delayed"].value == len(late)
    for tile in found.values():
        if tile.unit == "cards":
            assert tile.spark[-1] == tile.value
            assert min(tile.spark) >= 0


@given(docs_of_a_shop)
def test_a_tile_is_a_filter(docs: list[Doc]) -> None:
    """What its query finds on its board is what it counted."""
    context = FilterContext(today=date(2026, 9, 21), zone=SETTINGS.zone, boards=SETTINGS.boards, now=NOW)
    tickets = [
        {**doc, "board": "feedback", "kind": "feedback", "stage": stage, "id": doc["id"] + 100}
        for doc, stage in zip(docs, ["inbox", "closed", "replied", "declined"] * 3, strict=False)
    ]
    channels = ["Shopee", "shopee", "toko depan", ""]
    orders = [{**doc, "channel": channels[n % 4], "total": 1000 + n, "currency": "IDR"} for n, doc in enumerate(docs)]
    for tile in shown(*orders, *tickets).values():
        matches = parse(tile.query, context)
        on_board = [doc for doc in (*orders, *tickets) if doc["board"] == tile.board and not doc.get("archived")]
        found = [doc for doc in on_board if matches(doc)] if tile.query else []
        if tile.unit == "cards":
            assert tile.value == len(found)
        elif tile.id == "main_channel":
            assert sum(doc["total"] for doc in found) == (tile.value.amount if isinstance(tile.value, Money) else 0)


@pytest.mark.parametrize("role", ["owner", "cs", "content", "finance", "viewer", "", "unheard of"])
def test_each_role_has_all_tiles_those_first_that_it_looks_at(role: str) -> None:
    usual = tuple(shown().values())
    found = for_role(usual, role)
    assert {tile.id for tile in found} == set(ORDER)
    first = FIRST.get(role, ORDER)
    assert tuple(tile.id for tile in found)[: len(first)] == first
