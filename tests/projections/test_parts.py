"""What may stand on a face, board by board, and what is left of a face when less is wanted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from builders import board_of, card_doc
from opstui.domain.model import card_from
from opstui.projections.board import Face, face
from opstui.projections.parts import figures_of, parts_of, usual_parts, with_parts
from ui.shop import JAKARTA, NOW, TODAY

ORDER: dict[str, Any] = {
    "customer": "Toko Damai",
    "channel": "whatsapp",
    "total": 1_900_000,
    "currency": "IDR",
    "owner": "rina",
    "priority": "urgent",
    "due": "2026-09-22",
    "tags": ["vip"],
    "city": "Bandung\nUtara",
    "payment": "paid",
    "courier": "JNE",
}


def seen(*shown: str, board: str = "orders", **fields: Any) -> Face:
    card = card_from(card_doc(1, board, board_of(board).stages[0].id, **(fields or ORDER)))
    whole = face(card, board=board_of(board), today=TODAY, now=NOW, me="rina", formats=JAKARTA)
    return with_parts(whole, card, shown, JAKARTA, TODAY)


def test_nothing_but_the_title_is_left_when_nothing_is_wanted() -> None:
    bare = seen()
    assert (bare.ref, bare.title) == ("ORD-0001", "Toko Damai")
    assert (bare.amount, bare.channel, bare.tags, bare.when, bare.age, bare.owner) == ("", "", (), "", "", "")
    assert (bare.priority, bare.mine, bare.extra) == ("normal", False, ())


@pytest.mark.parametrize("kind", ["order", "campaign", "feedback", "action"])
def test_the_usual_parts_are_the_usual_face(kind: str) -> None:
    board = next(b for b in map(board_of, ("orders", "campaigns", "feedback", "actions")) if b.kind == kind)
    card = card_from(card_doc(1, board.id, board.stages[0].id, owner="budi", tags=["a"], due="2026-09-30"))
    whole = face(card, board=board, today=TODAY, now=NOW, me="rina", formats=JAKARTA)
    assert with_parts(whole, card, usual_parts(kind), JAKARTA, TODAY) == whole
    ids = [part.id for part in parts_of(kind)]
    assert len(ids) == len(set(ids))


def test_a_late_card_stays_late_without_its_day() -> None:
    late = seen("owner", due="2026-09-01")
    assert (late.when, late.late) == ("", True)


@pytest.mark.parametrize(
    ("board", "part", "fields", "text"),
    [
        ("orders", "city", {"city": "Bandung\nUtara"}, "Bandung Utara"),
        ("orders", "payment", {"payment": "paid"}, "paid"),
        ("campaigns", "starts", {"starts": "2026-09-30"}, JAKARTA.short_date(date(2026, 9, 30), TODAY)),
        ("campaigns", "sponsor", {"sponsor": "dewi"}, "dewi"),
        ("feedback", "severity", {"severity": "low"}, "low"),
        ("feedback", "score", {"score": 4}, "4"),
        ("feedback", "field channel", {"channel": "shopee"}, "shopee"),
        ("actions", "type", {"type": "detect"}, "detect"),
    ],
)
def test_any_other_field_can_be_added(board: str, part: str, fields: dict[str, Any], text: str) -> None:
    assert part in {known.id for known in parts_of(board_of(board).kind)}
    assert seen(part, board=board, **fields).extra == (text,)
    assert seen(part, board=board, owner="rina").extra in ((), ("unpaid",), ("normal",), ("process",))


def test_fields_stand_in_the_order_of_the_form() -> None:
    assert seen("courier", "city", "payment").extra == ("paid", "Bandung Utara", "JNE")


def test_which_numbers_a_lane_can_tell() -> None:
    assert figures_of("order") == (("total", "total"),)
    assert figures_of("campaign") == (("budget", "budget"),)
    assert figures_of("feedback") == (("score", "score"), ("nps", "would recommend"))
    assert figures_of("action") == ()
