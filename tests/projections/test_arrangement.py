"""Sorting and bands as pure functions: tables of keys, and the law that keeping up is as good as making anew."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Tables, board_of, card_doc
from opstui.domain.model import Doc, Field, Money
from opstui.projections.arrangement import Arrangement, Order
from opstui.projections.bands import band_field, band_fields, band_key, band_label, band_of, value_of
from opstui.projections.board import BoardView, board_view
from opstui.projections.sorting import WAYS, Sort, key_of, ways_of
from opstui.projections.swimlanes import banded


def arranged(docs: list[Doc], sort: str = "", field: str = "", average: str = "") -> list[int]:
    kind = docs[0]["kind"]
    order = Order(Sort.read(sort), band_field(kind, field) if field else None, average)
    return list(Arrangement.of(order, ((doc["id"], doc) for doc in docs)).ids)


def several(*fields: dict[str, Any], board: str = "orders") -> list[Doc]:
    return [card_doc(n, board, board_of(board).stages[0].id, **more) for n, more in enumerate(fields, 1)]


@pytest.mark.parametrize(
    ("sort", "fields", "order"),
    [
        ("due", [{"due": "2026-09-20"}, {}, {"due": "2026-09-19"}], [3, 1, 2]),
        ("-due", [{"due": "2026-09-20"}, {}, {"due": "2026-09-21"}], [3, 1, 2]),
        ("due", [{"due": "no day"}, {"due": 7}, {"due": "2026-09-19"}], [3, 1, 2]),
        ("-priority", [{}, {"priority": "low"}, {"priority": "urgent"}, {"priority": "high"}], [3, 4, 1, 2]),
        ("-value", [{"total": 5, "currency": "IDR"}, {}, {"total": 9, "currency": "IDR"}], [3, 1, 2]),
        ("-value", [{"total": 5, "currency": "USD"}, {"total": 1, "currency": "IDR"}], [2, 1]),
        ("customer", [{"customer": "budi"}, {"customer": "Ani"}, {}], [2, 1, 3]),
        ("-customer", [{"customer": "ani"}, {"customer": "Anita"}, {"customer": "Budi"}, {}], [3, 2, 1, 4]),
        ("owner", [{"owner": "rina", "rank": 9.0}, {"owner": "rina", "rank": 1.0}], [2, 1]),
        ("", [{"rank": 3.0}, {"rank": 1.0}, {"rank": "x"}], [3, 2, 1]),
    ],
)
def test_what_a_lane_sorted_so_looks_like(sort: str, fields: list[dict[str, Any]], order: list[int]) -> None:
    assert arranged(several(*fields), sort) == order


def test_the_oldest_is_at_the_top_of_a_lane_sorted_by_age() -> None:
    old, new = card_doc(1), card_doc(2)
    new["entered"], old["entered"] = "2026-09-05T01:00:00Z", "2026-09-02T01:00:00Z"
    assert arranged([new, old], "-age") == [1, 2]
    assert arranged([new, old, {**card_doc(3), "entered": "once"}], "age") == [2, 1, 3]


def test_each_board_offers_what_its_cards_say() -> None:
    assert {"value", "customer"} <= ways_of("order").keys()
    assert {"value", "starts"} <= ways_of("campaign").keys()
    assert {"severity", "score"} <= ways_of("feedback").keys()
    assert "value" not in ways_of("action")
    assert all(str(Sort.read(f"-{way}")) == f"-{way}" for way in WAYS)
    assert Sort.read("") is None
    assert Sort.read("-nothing of ours") is None


@pytest.mark.parametrize(
    ("board", "field", "doc", "band", "label"),
    [
        ("orders", "owner", {"owner": "rina"}, "rina", "rina"),
        ("orders", "owner", {}, "", "nobody"),
        ("orders", "channel", {}, "", "no channel"),
        ("orders", "priority", {}, "normal", "normal"),
        ("orders", "payment", {}, "unpaid", "unpaid"),
        ("orders", "tags", {"tags": ["vip", "b2b"]}, "vip", "vip"),
        ("orders", "tags", {"tags": []}, "", "no tags"),
        ("orders", "sensitive", {"sensitive": True}, "yes", "Sensitive"),
        ("orders", "sensitive", {}, "", "not sensitive"),
        ("feedback", "score", {"score": 4}, "4", "4"),
        ("feedback", "severity", {"severity": "critical"}, "critical", "critical"),
    ],
)
def test_in_which_band_a_card_stands(board: str, field: str, doc: dict[str, Any], band: str, label: str) -> None:
    found = band_field(board_of(board).kind, field)
    assert found is not None
    assert band_of(card_doc(1, board, board_of(board).stages[0].id, **doc), found) == band
    assert band_label(found, band) == label


def test_bands_stand_from_what_matters_most_and_empty_ones_last() -> None:
    priority, owner = band_field("order", "priority"), band_field("order", "owner")
    assert priority
    assert owner
    values = ["low", "urgent", "odd", "", "normal"]
    assert sorted(values, key=lambda v: band_key(priority, v)) == ["urgent", "normal", "low", "odd", ""]
    assert sorted(["budi", "", "Ani"], key=lambda v: band_key(owner, v)) == ["Ani", "budi", ""]
    assert "title" not in {field.name for field in band_fields("order")}


@pytest.mark.parametrize(
    ("field", "band", "values"),
    [
        (Field("owner", "Owner", "member"), "", {"owner": ""}),
        (Field("tags", "Tags", "tags"), "vip", {}),
        (Field("sensitive", "Sensitive", "bool"), "yes", {"sensitive": True}),
        (Field("score", "Score", "number"), "4", {"score": 4}),
        (Field("score", "Score", "number"), "", {"score": None}),
    ],
)
def test_what_a_card_says_that_is_put_into_a_band(field: Field, band: str, values: dict[str, Any]) -> None:
    assert value_of(field, band) == values


CARD = st.fixed_dictionaries(
    {},
    optional={
        "owner": st.sampled_from(["rina", "budi", "Ani", "日本"]),
        "priority": st.sampled_from(["low", "high", "urgent"]),
        "due": st.sampled_from(["2026-09-19", "2026-09-20", "?"]),
        "customer": st.text(max_size=5),
        "total": st.integers(0, 9),
        "currency": st.sampled_from(["IDR", "USD"]),
        "score": st.integers(1, 5),
        "rank": st.sampled_from([1.0, 2.0, 3.0]),
    },
)
ORDERS = st.builds(
    Order,
    st.sampled_from([None, *(Sort(way, down) for way in WAYS for down in (True, False))]),
    st.sampled_from([None, *band_fields("order")]),
    st.sampled_from(["", "score"]),
)


@given(ORDERS, st.lists(CARD, max_size=12), st.lists(st.tuples(st.integers(1, 15), st.none() | CARD), max_size=12))
def test_keeping_up_is_as_good_as_making_anew(
    order: Order, cards: list[dict[str, Any]], changes: list[tuple[int, dict[str, Any] | None]]
) -> None:
    docs = {n: card_doc(n, **fields) for n, fields in enumerate(cards, 1)}
    kept = Arrangement.of(order, docs.items())
    for card, fields in changes:
        if fields is None:
            docs.pop(card, None)
            kept.put(card, None)
        else:
            docs[card] = card_doc(card, **fields)
            kept.put(card, docs[card])
    anew = Arrangement.of(order, docs.items())
    assert list(kept.ids) == list(anew.ids) == sorted(docs, key=lambda n: _key(order, docs[n]))
    assert +kept.counts == +anew.counts
    assert _sums(kept) == _sums(anew)
    assert kept.average() == pytest.approx(anew.average())
    assert _sums(kept) == {band: sums for band, sums in kept.sums(kept.ids).items() if sums}


def _key(order: Order, doc: Doc) -> Any:
    band = band_key(order.field, band_of(doc, order.field)) if order.field else ()
    return band, key_of(doc, order.sort, doc["id"])


def _sums(arrangement: Arrangement) -> dict[str, dict[str, int]]:
    found = {
        band: {currency: amount for currency, amount in sums.items() if amount}
        for band, sums in arrangement.sums().items()
    }
    return {band: sums for band, sums in found.items() if sums}


def test_many_cards_come_out_in_order() -> None:
    docs = {n: card_doc(n, rank=float(n * 7919 % 10_007)) for n in range(1, 10_007)}
    found = Arrangement.of(Order(Sort("owner")), docs.items()).ids
    assert all(docs[a]["rank"] < docs[b]["rank"] for a, b in pairwise(found))


# --------------------------------------------------------------------------------------- the board cut into bands

SHOP = (
    card_doc(1, owner="rina", total=100, currency="IDR"),
    card_doc(2, owner="budi", total=10, currency="USD"),
    card_doc(3, owner="rina", stage="payment", total=5, currency="USD"),
    card_doc(4, stage="payment"),
    card_doc(5, owner="budi"),
)


def cut(*folded: str, wanted: set[int] | None = None) -> BoardView:
    state, board = Tables(cards={doc["id"]: doc for doc in SHOP}), board_of("orders")
    field = band_field("order", "owner")
    assert field
    lanes = {
        stage.id: Arrangement.of(
            Order(field=field), [(i, doc) for i in state.lane("orders", stage.id) if (doc := state.get("cards", i))]
        )
        for stage in board.stages
    }
    keep = None if wanted is None else lambda doc: doc["id"] in wanted
    return banded(board_view(state, board, keep, lanes), lanes, field, folded)


def test_a_board_cut_into_bands_counts_them_and_never_adds_two_currencies() -> None:
    view = cut("budi", "gone")
    assert [(b.value, b.label, b.count, b.folded) for b in view.bands] == [
        ("budi", "budi", 2, True),
        ("rina", "rina", 2, False),
        ("", "nobody", 1, False),
    ]
    assert view.bands[1].sums == (Money(100, "IDR"), Money(5, "USD"))
    new, payment = view.lanes[:2]
    assert (list(new.ids), new.breaks) == ([2, 5, 1], (0, 2, 3, 3))
    assert (list(payment.ids), payment.breaks) == ([3, 4], (0, 0, 1, 2))


def test_a_filter_narrows_the_bands_too() -> None:
    view = cut(wanted={2, 3})
    assert [(b.value, b.count, b.sums) for b in view.bands] == [
        ("budi", 1, (Money(10, "USD"),)),
        ("rina", 1, (Money(5, "USD"),)),
    ]
    assert [lane.breaks for lane in view.lanes[:2]] == [(0, 1, 1), (0, 0, 1)]


def test_the_average_of_a_number_follows_the_filter() -> None:
    docs = several({"score": 5}, {"score": 2}, {}, board="feedback")
    made = Arrangement.of(Order(average="score"), ((doc["id"], doc) for doc in docs))
    assert made.average() == 3.5
    assert made.average([2, 3]) == 2
    assert made.average([3]) is None


def test_a_card_that_leaves_while_another_thread_adds_up_its_lane_breaks_nothing() -> None:
    docs = several(*({"total": 5, "currency": "IDR", "weight": 1} for _ in range(3)))
    lane = Arrangement.of(Order(average="total"), ((doc["id"], doc) for doc in docs))

    class Leaving(dict[int, Any]):
        """Another thread takes the card away between two looks at it."""

        def __contains__(self, card: object) -> bool:
            there = super().__contains__(card)
            self.pop(2, None)
            return there

    lane._entries = Leaving(lane._entries)
    assert lane.sums([1, 2, 3]) == {"": {"IDR": 15}}
    assert lane.average([1, 2, 3]) == 5
