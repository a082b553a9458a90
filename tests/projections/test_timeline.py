"""A card's history in words."""

from __future__ import annotations

from typing import Any

import pytest

from builders import Chronicle, board_of, hour
from opstui.domain.model import plain
from opstui.projections.timeline import TimelineRow, card_events, timeline

ORDERS = board_of("orders")


def rows(told: Chronicle, **how: Any) -> tuple[TimelineRow, ...]:
    return timeline(card_events(told.batches, 1), ORDERS, **how)


def texts(told: Chronicle, **how: Any) -> list[tuple[str, str]]:
    return [(row.mark, row.text) for row in rows(told, **how)]


@pytest.fixture
def told() -> Chronicle:
    story = Chronicle()
    story.create(1, 0)
    return story


BLOCKER = {"reason": "no beans", "since": plain(hour(3)), "waiting_on": "supplier"}


@pytest.mark.parametrize(
    ("kind", "values", "data", "expected"),
    [
        ("moved", {"stage": "payment"}, {}, ("moved", "New → Payment")),
        ("moved", {"stage": "closed"}, {}, ("done", "New → Closed")),
        ("moved", {"stage": "cancelled"}, {}, ("dropped", "New → Cancelled")),
        ("moved", {"stage": "live"}, {}, ("launch", "New → live")),
        ("moved", {"stage": "stock"}, {"over": [9, 8]}, ("moved", "New → Stock (over the limit: 9 of 8)")),
        ("blocked", {"blocker": BLOCKER}, {}, ("blocked", "blocked: no beans, waits for supplier")),
        ("unblocked", {"blocker": None}, {}, ("unblocked", "can go on")),
        ("commented", {}, {"comment": 7, "text": "hello"}, ("comment", "hello")),
        ("checklist_added", {"checklist": []}, {"text": "photo"}, ("checklist", "on the checklist: photo")),
        ("checklist_ticked", {"checklist": []}, {"text": "photo", "done": True}, ("checklist", "ticked: photo")),
        ("checklist_ticked", {"checklist": []}, {"text": "photo", "done": False}, ("checklist", "unticked: photo")),
        (
            "checklist_edited",
            {"checklist": []},
            {"text": "photo", "was": "pic"},
            ("checklist", "on the checklist: pic → photo"),
        ),
        ("checklist_removed", {"checklist": []}, {"text": "photo"}, ("checklist", "off the checklist: photo")),
        (
            "checklist_moved",
            {"checklist": []},
            {"text": "photo"},
            ("checklist", "another place on the checklist: photo"),
        ),
        ("linked", {"links": []}, {"relation": "about", "other": 4}, ("link", "link: about #4")),
        ("unlinked", {"links": []}, {"relation": "blocks", "other": 4}, ("link", "link removed: blocks #4")),
        ("archived", {"archived": True}, {}, ("archived", "put away")),
        ("restored", {"archived": None}, {}, ("restored", "taken back from the archive")),
        (
            "metrics_recorded",
            {},
            {"rows": 2, "from": "2026-09-01", "to": "2026-09-02"},
            ("figures", "2 rows of daily figures, 2026-09-01 to 2026-09-02"),
        ),
        (
            "metrics_recorded",
            {},
            {"rows": 1, "from": "2026-09-01", "to": "2026-09-01", "channel": "meta", "replaced": True},
            ("figures", "figures of 2026-09-01, meta, typed again"),
        ),
        ("marked", {"marks": []}, {"mark": "rollback"}, ("rollback", "it was rolled back")),
        ("marked", {"marks": []}, {"mark": "detected", "note": "a call"}, ("detected", "a call")),
        ("marked", {"marks": []}, {"mark": "of a later opstui"}, ("of a later opstui", "of a later opstui")),
        ("postmortem_drafted", {}, {"ref": "PM-2026-001"}, ("postmortem", "post-mortem PM-2026-001 begun")),
        ("edited", {"owner": "budi"}, {}, ("owner", "assigned to budi")),
        ("edited", {"owner": None}, {}, ("owner", "nobody has it now")),
        ("edited", {"due": "2026-09-12"}, {}, ("due", "due 2026-09-12")),
        ("edited", {"title": "x", "total": 5}, {}, ("edited", "edited: Title, Total")),
    ],
)
def test_words(
    told: Chronicle, kind: str, values: dict[str, Any], data: dict[str, Any], expected: tuple[str, str]
) -> None:
    told.change(kind, 1, 3, data, **values)
    assert texts(told) == [("created", "created in New"), expected]


def test_a_due_day_that_moves_says_from_where(told: Chronicle) -> None:
    told.change("edited", 1, 1, due="2026-09-12")
    told.change("edited", 1, 2, due="2026-09-15")
    told.change("edited", 1, 3, due=None)
    assert [text for _mark, text in texts(told)[1:]] == [
        "due 2026-09-12",
        "due 2026-09-12 → 2026-09-15",
        "no longer due (2026-09-15)",
    ]


def test_reordering_is_nobodys_news_and_other_cards_stay_out(told: Chronicle) -> None:
    told.change("reordered", 1, 1, rank=4.0)
    told.create(2, 2)
    assert len(rows(told)) == 1


def test_small_edits_by_one_person_are_one_row(told: Chronicle) -> None:
    told.change("edited", 1, 1, title="a")
    told.change("edited", 1, 1.5, description="b")
    told.change("edited", 1, 1.6, title="c")
    told.change("edited", 1, 1.7, by="budi", title="d")
    told.change("edited", 1, 9, by="budi", title="e")
    assert [(row.by, row.text, row.at) for row in rows(told)[1:]] == [
        ("rina", "edited: Title, Description", hour(1.6)),
        ("budi", "edited: Title", hour(1.7)),
        ("budi", "edited: Title", hour(9)),
    ]


def test_a_checklist_that_is_written_in_one_go_is_one_row(told: Chronicle) -> None:
    for n in range(3):
        told.change("checklist_added", 1, 1 + n / 60, {"text": f"item {n}"}, checklist=[])
    told.change("checklist_added", 1, 20, {"text": "one more"}, checklist=[])
    assert texts(told)[1:] == [("checklist", "3 items on the checklist"), ("checklist", "on the checklist: one more")]


def test_what_a_rule_does_in_numbers_is_folded(told: Chronicle) -> None:
    for n in range(12):
        data = {"comment": n, "text": "reminder"}
        told.write(told.event("commented", 1, 1 + n / 10, by="rule", via="rule:R-01", data=data))
    assert texts(told)[1:] == [("edited", "12 automatic entries")]


def test_undo_is_told_and_can_be_left_out(told: Chronicle) -> None:
    move = told.move(1, "payment", 1)
    undo = told.move(1, "new", 2, {"undoes": move})
    assert texts(told)[1:] == [("moved", "New → Payment"), ("undo", "undo: Payment → New")]
    assert texts(told, undone=False) == [("created", "created in New")]
    redo = told.move(1, "payment", 3, {"redoes": undo})
    assert texts(told)[-1] == ("undo", "redo: New → Payment")
    assert texts(told, undone=False) == [("created", "created in New"), ("moved", "New → Payment")]
    told.move(1, "new", 4, {"undoes": redo})
    assert texts(told, undone=False) == [("created", "created in New")]


def test_an_undone_edit_names_the_fields(told: Chronicle) -> None:
    edit = told.change("edited", 1, 1, title="a")
    told.change("edited", 1, 1.1, {"undoes": edit}, title="Card 1")
    assert texts(told)[1:] == [("edited", "edited: Title"), ("undo", "undo: edited: Title")]


def test_what_was_entered_late_stands_where_it_happened_and_says_so(told: Chronicle) -> None:
    told.move(1, "stock", 9)
    late = told.event("moved", 1, 4, changed={"stage": ("new", "payment")})
    told.write(late, written=30)
    soon = told.event("blocked", 1, 30, changed={"blocker": (None, BLOCKER)})
    told.write(soon, written=30.5)
    assert [(row.text.split(",")[0], row.later) for row in rows(told)[1:]] == [
        ("New → Payment", True),
        ("New → Stock", False),
        ("blocked: no beans", False),
    ]


def test_an_import_is_never_late() -> None:
    told = Chronicle()
    told.create(1, 0)
    (first,) = told.batches
    events = (
        told.event("created", 1, 0, by="olist", via="import", data=first.events[0].data),
        told.event("moved", 1, 5, by="olist", via="import", changed={"stage": ("new", "closed")}),
    )
    told.batches.clear()
    told.write(*events, via="import", written=9000)
    found = rows(told)
    assert [(row.text, row.later) for row in found] == [("imported into New", False), ("New → Closed", False)]


def test_an_import_that_names_the_person_is_told_by_that_person() -> None:
    told = Chronicle()
    told.write(
        told.event("created", 1, 0, by="rina", via="import", data={"stage": "new"}),
        told.event("moved", 1, 5, by="budi", via="import", changed={"stage": ("new", "stock")}),
        told.event("moved", 1, 6, by="", via="import", changed={"stage": ("stock", "closed")}),
        told.event("edited", 1, 7, by="rina", via="import", changed={"owner": (None, "dewi")}),
        via="import",
        written=9000,
    )
    assert [(row.by, row.via) for row in rows(told)] == [
        ("rina", "import"),
        ("budi", ""),
        ("", "import"),
        ("rina", "import"),
    ]


def test_comments_are_read_as_they_stand_now(told: Chronicle) -> None:
    told.change("commented", 1, 1, {"comment": 1, "text": "old"})
    told.change("commented", 1, 2, {"comment": 2, "text": "secret"})
    now = {1: "new"}
    assert [text for _mark, text in texts(told, comments=now.get)[1:]] == ["new", "(a comment that was withdrawn)"]


def test_equal_times_keep_their_order_and_the_newest_may_come_first(told: Chronicle) -> None:
    told.move(1, "payment", 1)
    told.move(1, "stock", 1)
    expected = ["created in New", "New → Payment", "Payment → Stock"]
    assert [row.text for row in rows(told)] == expected
    assert [row.text for row in rows(told, newest_first=True)] == expected[::-1]
    assert [row.event_no for row in rows(told)] == [1, 2, 3]


def test_linked_cards_are_named_by_the_caller(told: Chronicle) -> None:
    told.change("linked", 1, 1, {"relation": "relates", "other": 4}, links=[])
    assert texts(told, refs="ORD-{:04d}".format)[1] == ("link", "link: relates to ORD-0004")


def test_what_has_a_star_is_never_folded(told: Chronicle) -> None:
    told.change("edited", 1, 0.1, title="x")
    told.change("edited", 1, 0.2, total=5)
    told.change("edited", 1, 0.3, city="x")
    starred = told.batches[2].n
    assert [(row.text, row.starred) for row in rows(told, stars={starred})[1:]] == [
        ("edited: Title", False),
        ("edited: Total", True),
        ("edited: City", False),
    ]
    assert len(rows(told)) == 2


def test_a_star_itself_is_no_row(told: Chronicle) -> None:
    told.change("starred", 1, 1, stars=[1])
    assert len(rows(told)) == 1
