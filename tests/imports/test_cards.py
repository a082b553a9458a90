"""Plain tables of cards for any board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opstui.imports import cards
from opstui.imports.interface import Context

Csv = Callable[..., Path]


def test_a_column_is_a_field_of_the_card(csv: Csv, context: Context) -> None:
    path = csv(
        "id,board,title,stage,created,entered,due,tags,total,customer,Colour",
        'A-1,Orders,Order for Ana,shipping,2026-11-01,2026-11-03 08:00,2026-11-30,"vip, gift",150000,Ana,blue',
    )
    reading = cards.read([path], context)
    (draft,) = reading.drafts
    assert (draft.source, draft.external_id, draft.board) == ("cards", "A-1", "orders")
    assert draft.fields == {
        "due": "2026-11-30",
        "tags": ["vip", "gift"],
        "total": 150000,
        "customer": "Ana",
        "currency": "IDR",
    }
    assert [(p.value, p.at) for p in draft.history] == [
        ("new", datetime(2026, 10, 31, 17, tzinfo=UTC)),
        ("shipping", datetime(2026, 11, 3, 1, tzinfo=UTC)),
    ]
    assert any("Colour" in note for note in reading.report.notes)


def test_a_title_alone_makes_a_card(csv: Csv, context: Context) -> None:
    (draft,) = cards.read([csv("board,title", "actions,Call the courier")], context).drafts
    assert (draft.external_id, draft.created, draft.history) == ("actions/call the courier", context.now, ())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nowhere,a,,,,,", "board: not one of orders, campaigns, feedback, actions"),
        ("orders,,,,,,", "title: is empty"),
        ("orders,a,lost,2026-01-01,,,", "stage: not one of new, payment"),
        ("orders,a,shipping,,,,", "stage shipping without a time"),
        ("orders,a,shipping,2026-01-02,2026-01-01,,", "entered is before created"),
        ("orders,a,,someday,,,", "created: not a date"),
        ("orders,a,,,,someday,", "due: "),
        ("orders,a,,,,9999-12-31,", "due: "),
        ("orders,a,,,,0001-01-01,", "due: "),
        ("orders,a,,,,,huge", "priority: one of"),
    ],
)
def test_a_bad_row_is_refused_with_the_reason(csv: Csv, context: Context, row: str, reason: str) -> None:
    reading = cards.read([csv("board,title,stage,created,entered,due,priority", row)], context)
    assert reading.drafts == ()
    (problem,) = reading.report.problems
    assert (problem.line, problem.kind) == (2, "refused")
    assert problem.reason.startswith(reason)


def test_a_moment_at_the_beginning_of_the_calendar_is_refused(csv: Csv, context: Context) -> None:
    reading = cards.read([csv("board,title,first_response", "feedback,a,0001-01-01 00:00")], context)
    assert [p.reason.partition(":")[0] for p in reading.report.problems] == ["first_response"]


@pytest.mark.parametrize(
    ("name", "figures"),
    [("total", "9" * 5000), ("total", "1." + "000." * 1500 + "000"), ("lines", "a @ " + "9" * 5000)],
)
def test_a_figure_without_end_is_too_large_a_number(csv: Csv, context: Context, name: str, figures: str) -> None:
    reading = cards.read([csv(f"board,title,{name}", f"orders,a,{figures}")], context)
    assert [p.reason for p in reading.report.problems] == [f"{name}: too large a number"]


def test_words_for_nothing_are_read_as_empty_and_told(csv: Csv, context: Context) -> None:
    path = csv("board,title,total,customer,created,due,score", "orders,a,NaN,Null,-,,", "orders,b,1,Ana,2026-11-01, ,")
    reading = cards.read([path], context)
    assert [d.fields.get("total") for d in reading.drafts] == [None, 1]
    assert [(p.line, p.kind, p.reason, p.value) for p in reading.report.problems] == [
        (2, "repaired", "total: read as empty", "NaN"),
        (2, "repaired", "customer: read as empty", "Null"),
        (2, "repaired", "created: read as empty", "-"),
    ]


def test_the_same_title_on_one_board_needs_ids(csv: Csv, context: Context) -> None:
    reading = cards.read([csv("board,title", "actions,Call", "orders,Call", "actions,CALL")], context)
    assert len(reading.drafts) == 2
    assert [p.line for p in reading.report.problems] == [4]
