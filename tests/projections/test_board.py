"""Lanes with their counts and sums, and what a card's face says on each board."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from builders import Tables, board_of, card_doc
from opstui.domain.boards import with_strays
from opstui.domain.model import Doc, Money, card_from, plain
from opstui.projections.board import Face, board_view, face, lane_view
from ui.shop import JAKARTA, NOW, TODAY


def tables(*docs: Doc) -> Tables:
    return Tables(cards={doc["id"]: doc for doc in docs})


def face_of(doc: Doc, **more: Any) -> Face:
    who = {"me": "rina", "formats": JAKARTA, "today": TODAY, "now": NOW, **more}
    return face(card_from(doc), board=board_of(doc["board"]), **who)


def test_lanes_hold_cards_in_order_with_sums_per_currency() -> None:
    state = tables(
        card_doc(1, total=100, currency="IDR", rank=2.0),
        card_doc(2, total=250, currency="IDR", rank=1.0),
        card_doc(3, total=990, currency="USD"),
        card_doc(4, archived=True, total=5, currency="IDR"),
        card_doc(5, stage="closed"),
    )
    view = board_view(state, board_of("orders"))
    new = view.lanes[0]
    assert [lane.stage.id for lane in view.lanes] == ["new", "payment", "stock", "processing", "shipping", "closed"]
    assert list(new.ids) == [2, 1, 3]
    assert new.sums == (Money(350, "IDR"), Money(990, "USD"))
    assert (view.shown, view.total) == (4, 4)


def test_a_filter_narrows_ids_and_sums_but_not_the_total() -> None:
    state = tables(card_doc(1, total=100, currency="IDR"), card_doc(2, total=250, currency="IDR", owner="rina"))
    lane = lane_view(state, board_of("orders"), board_of("orders").stages[0], lambda doc: doc.get("owner") == "rina")
    assert (list(lane.ids), lane.total, lane.filtered) == ([2], 2, True)
    assert lane.sums == (Money(250, "IDR"),)


def test_cards_of_a_stage_that_is_gone_stand_in_a_last_lane() -> None:
    board = board_of("orders")
    state = tables(card_doc(1), card_doc(2, stage="quality"), card_doc(3, stage="attic", archived=True))
    view = board_view(state, board)
    last = view.lanes[-1]
    assert (last.stage.id, last.stage.name, last.stage.category, list(last.ids)) == (
        "quality",
        "quality",
        "active",
        [2],
    )
    assert (view.total, len(view.lanes)) == (2, 7)
    assert view.with_lane(last) == view
    state.tables["cards"][2]["stage"] = "new"
    assert view.with_lane(lane_view(state, board, last.stage)).lanes == view.lanes[:-1]
    assert with_strays(board, ["new", "closed"]) is board


def test_dropped_stages_appear_only_with_cards_and_in_their_place() -> None:
    board = board_of("orders")
    state = tables(card_doc(1))
    view = board_view(state, board)
    state.tables["cards"][1]["stage"] = "cancelled"
    for stage in ("new", "cancelled"):
        found = board.stage(stage)
        assert found is not None
        view = view.with_lane(lane_view(state, board, found))
    assert view == board_view(state, board)
    assert view.lanes[-1].stage.id == "cancelled"


def test_a_lane_over_its_limit_says_so() -> None:
    state = tables(*(card_doc(n, stage="stock") for n in range(1, 10)))
    lanes = {lane.stage.id: lane for lane in board_view(state, board_of("orders")).lanes}
    assert lanes["stock"].over
    assert not lanes["closed"].over


ORDER: dict[str, Any] = {
    "title": "Toko Damai, 12 x House Blend",
    "customer": "Toko Damai",
    "channel": "whatsapp",
    "total": 1_900_000,
    "currency": "IDR",
    "lines": [{"name": "House Blend", "quantity": 12}, {"name": "Gayo", "quantity": 1}],
    "entered": NOW - timedelta(hours=52),
}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, {"title": "Toko Damai", "amount": "1,9 jt", "detail": "12 × House Blend +1", "channel": "whatsapp"}),
        ({"customer": "", "title": "Stall"}, {"title": "Stall", "detail": "12 × House Blend +1"}),
        ({"lines": [], "title": "toko damai"}, {"detail": ""}),
        ({"lines": [], "title": "Toko Damai: for the fair"}, {"detail": "for the fair"}),
        ({"title": "Drip bag for Toko Damai"}, {"title": "Toko Damai", "detail": "Drip bag for Toko Damai"}),
        ({"title": "House Blend, Toko Damai"}, {"detail": "12 × House Blend +1"}),
        ({"total": 0}, {"amount": ""}),
        ({"currency": "USD", "total": 1250}, {"amount": "$12,50"}),
        ({"due": "2026-09-19"}, {"when": "Sab", "late": True, "is_due": True}),
        ({"due": "2026-09-21"}, {"when": "today", "late": False}),
        ({"due": "2026-09-19", "stage": "closed"}, {"late": False, "is_due": False, "when": "Sab", "age": ""}),
        ({"stage": "closed", "entered": NOW}, {"when": "14:07"}),
        ({}, {"age": "2 d", "when": "", "owner": "", "mine": False}),
        ({"owner": "rina"}, {"owner": "rina", "mine": True}),
        ({"owner": "budi"}, {"mine": False}),
        (
            {"blocker": {"reason": "no beans", "since": plain(NOW - timedelta(hours=5)), "waiting_on": "supplier"}},
            {"blocked": "supplier", "waiting": "5 h"},
        ),
        ({"blocker": {"reason": "no beans", "since": plain(NOW)}}, {"blocked": "no beans", "waiting": "0 min"}),
        (
            {"priority": "urgent", "sensitive": True, "tags": ["vip"]},
            {"priority": "urgent", "sensitive": True, "tags": ("vip",)},
        ),
    ],
)
def test_the_face_of_an_order(fields: dict[str, Any], says: dict[str, Any]) -> None:
    shown = face_of(card_doc(1, **{**ORDER, **fields}))
    assert {name: getattr(shown, name) for name in says} == says


@pytest.mark.parametrize(
    ("doc", "says"),
    [
        (
            card_doc(
                1,
                "campaigns",
                "live",
                title="9.9",
                budget=15_000_000,
                channels=["shopee", "meta"],
                starts="2026-09-12",
                ends="2026-09-19",
            ),
            {"title": "9.9", "amount": "15 jt", "channel": "shopee, meta", "detail": "12–19 Sep"},
        ),
        (card_doc(1, "campaigns", "live", starts="2026-08-30", ends="2026-09-19"), {"detail": "30 Agu–19 Sep"}),
        (card_doc(1, "campaigns", "live", starts="2026-08-30", ends="2026-08-30"), {"detail": "30 Agu"}),
        (card_doc(1, "campaigns", "live", starts="2026-08-30"), {"detail": "from 30 Agu"}),
        (card_doc(1, "campaigns", "live", objective="Sell\nmore"), {"detail": "Sell\nmore", "amount": ""}),
        (
            card_doc(1, "feedback", "inbox", customer="Sari", score=2, theme="packaging", channel="shopee"),
            {"title": "Card 1", "amount": "2/5", "detail": "Sari", "channel": "packaging · shopee", "alarm": False},
        ),
        (card_doc(1, "feedback", "inbox", severity="critical", score=1), {"amount": "critical", "alarm": True}),
        (
            card_doc(1, "feedback", "inbox", sort="praise", description="So\n good"),
            {"channel": "praise", "detail": "So good"},
        ),
        (
            card_doc(1, "actions", "todo", done_when="no complaint", postmortem="PM-0001"),
            {"detail": "no complaint", "channel": "PM-0001"},
        ),
    ],
)
def test_the_faces_of_the_other_boards(doc: Doc, says: dict[str, Any]) -> None:
    shown = face_of(doc)
    assert {name: getattr(shown, name) for name in says} == says


def test_who_else_looks_at_it_is_part_of_the_face() -> None:
    assert face_of(card_doc(1), others="dewi").others == "dewi"
