"""One person's open cards: whose, where from, and into which pile."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from builders import Tables, card_doc
from opstui.domain.boards import DEFAULT_BOARDS
from opstui.domain.model import Doc
from opstui.projections.my_work import Report, Work, reports_due

MONDAY = date(2026, 9, 21)


def work(whose: str, *docs: Doc) -> Work:
    found = Work(Tables(cards={doc["id"]: doc for doc in docs}), DEFAULT_BOARDS, whose)
    found.begin(lambda: False)
    return found


def piles(found: Work, today: date = MONDAY) -> dict[str, list[int]]:
    return {pile.when: list(pile.cards) for pile in found.piles(today)}


@pytest.mark.parametrize(
    ("due", "today", "when"),
    [
        ("2026-09-20", MONDAY, "late"),
        ("2026-09-21", MONDAY, "today"),
        ("2026-09-22", MONDAY, "week"),
        ("2026-09-27", MONDAY, "week"),
        ("2026-09-28", MONDAY, "later"),
        ("2026-09-28", date(2026, 9, 27), "later"),
        (None, MONDAY, "none"),
    ],
)
def test_a_card_lies_in_the_pile_of_its_day(due: str | None, today: date, when: str) -> None:
    fields: dict[str, Any] = {"due": due} if due else {}
    assert piles(work("rina", card_doc(1, owner="rina", **fields)), today) == {when: [1]}


def test_what_is_due_first_comes_first_and_every_board_counts() -> None:
    docs = [
        card_doc(1, owner="rina", due="2026-09-25"),
        card_doc(2, "campaigns", "brief", owner="rina", due="2026-09-23"),
        card_doc(3, "feedback", "in_progress", owner="rina", due="2026-09-24"),
    ]
    assert piles(work("rina", *docs)) == {"week": [2, 3, 1]}


@pytest.mark.parametrize(
    "fields",
    [{"owner": "budi"}, {"owner": ""}, {"stage": "closed"}, {"stage": "cancelled"}, {"archived": True}],
)
def test_what_is_not_ones_own_or_not_open_is_left_out(fields: dict[str, Any]) -> None:
    assert piles(work("rina", card_doc(1, **{"owner": "rina", **fields}))) == {}


def test_a_stage_that_the_settings_no_longer_have_is_still_work() -> None:
    assert piles(work("rina", card_doc(1, owner="rina", stage="packing"))) == {"none": [1]}


def test_nobodys_work_is_what_no_one_has_taken() -> None:
    assert piles(work("", card_doc(1), card_doc(2, owner="rina"))) == {"none": [1]}


def test_a_name_that_stands_elsewhere_on_a_card_makes_it_nobodys() -> None:
    assert piles(work("rina", card_doc(1, title="for rina", owner="budi"))) == {}


def test_changed_cards_are_looked_at_again() -> None:
    found = work("rina", card_doc(1, owner="rina"), card_doc(2))
    cards = found._reader.tables["cards"]  # type: ignore[attr-defined]
    cards |= {1: card_doc(1, owner="budi"), 2: card_doc(2, owner="rina", due="2026-09-21")}
    found.again([1, 2])
    assert piles(found) == {"today": [2]}


def test_a_post_mortem_that_is_due_waits_for_who_owns_the_card_else_for_who_began_it() -> None:
    tables = Tables(
        cards={
            1: card_doc(1, "campaigns", "archive", owner="rina"),
            2: card_doc(2, "orders", "closed"),
            3: card_doc(3, "orders", "closed", owner="rina"),
        },
        postmortems={
            1: {"ref": "PM-2", "card": 1, "by": "budi", "due": "2026-09-23", "status": "draft"},
            2: {"ref": "PM-1", "card": 2, "by": "rina", "due": "2026-09-22", "status": "draft"},
            3: {"ref": "PM-3", "card": 3, "by": "rina", "status": "draft"},
            4: {"ref": "PM-4", "card": 3, "by": "rina", "due": "2026-09-22", "status": "published"},
            5: {"ref": "PM-5", "card": 99, "by": "rina", "due": "2026-09-22", "status": "draft"},
        },
    )
    assert reports_due(tables, "rina") == (Report(2, "PM-1", "2026-09-22"), Report(1, "PM-2", "2026-09-23"))
    assert reports_due(tables, "budi") == ()
