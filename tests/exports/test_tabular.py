"""Nothing is lost and nothing runs: CSV and JSON of cards and events."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.flash_sale import FlashSale
from opstui.exports import tabular
from opstui.exports.tabular import EVENT_COLUMNS, card_columns
from opstui.spreadsheet import guarded, unguarded


def cards(*asked: Any, **more: Any) -> str:
    return "".join(tabular.cards(*asked, **more))


def events(*asked: Any, **more: Any) -> str:
    return "".join(tabular.events(*asked, **more))


@pytest.fixture(scope="module")
def sale() -> FlashSale:
    world = FlashSale()
    world.card("orders", "=HYPERLINK(1)", customer="+62 812", total=5, tags=["@a"], description='a\n=b, "c"')
    return world


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(st.text("'=+-@\t\r\n a1\uff1d", max_size=6))
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ("'=x", "''=x"),
        ("'tis", "'tis"),
        ("a=b", "a=b"),
        ("", ""),
        ("'", "'"),
        ("null", "'null"),
        ("nullify", "nullify"),
    ],
)
def test_guarding(text: str, expected: str) -> None:
    assert guarded(text) == expected


def test_cards_as_csv(sale: FlashSale) -> None:
    ids = list(sale.workspace.state.ids("cards"))
    text = cards(ids, sale.workspace.state, sale.workspace.settings, "csv")
    rows = rows_of(text)
    assert len(rows) == len(ids)
    assert tuple(rows[0]) == card_columns(("order", "campaign", "feedback", "action"))
    order = rows[-1]
    assert (order["id"], order["title"], order["customer"]) == ("ORD-0001", "'=HYPERLINK(1)", "'+62 812")
    assert (order["total"], order["tags"], order["sensitive"]) == ("5", "'@a", "no")
    assert unguarded(order["description"]) == 'a\n=b, "c"'
    assert rows[1]["links"] == '[{"relation":"about","card":"CMP-0001"}]'


def test_csv_has_what_json_has_in_the_notation_of_forms(sale: FlashSale) -> None:
    state, ids = sale.workspace.state, [sale.campaign]
    told = json.loads(cards(ids, state, sale.workspace.settings, "json"))
    assert (told["schema"], told["money"]) == ("opstui.cards/1", "minor units")
    record = told["cards"][0]
    row = rows_of(cards(ids, state, sale.workspace.settings, "csv"))[0]
    assert set(record) == set(row)
    assert row["budget"] == str(record["budget"])
    assert row["targets"].split("; ")[0].startswith(f"{record['targets'][0]['metric']} ")
    assert not [name for name, cell in row.items() if cell in ("[]", "null", "None", "false")]


def test_columns_do_not_depend_on_what_is_there(sale: FlashSale) -> None:
    state, settings = sale.workspace.state, sale.workspace.settings
    one, none = (cards(ids, state, settings, "csv").split("\r\n")[0] for ids in ([sale.campaign], []))
    assert one == ",".join(card_columns(["campaign"]))
    assert none == ",".join(card_columns(["order", "campaign", "feedback", "action"]))
    assert one.startswith("id,kind,board,stage,title,")


def test_events(sale: FlashSale) -> None:
    state, history = sale.workspace.state, list(sale.workspace.history())
    every = json.loads(events(history, (), state, "json", every=True))
    assert every["schema"] == "opstui.events/1"
    assert len(every["events"]) == sum(len(batch.events) for batch in history)
    own = rows_of(events(history, {sale.campaign}, state, "csv", every=False))
    assert tuple(own[0]) == EVENT_COLUMNS
    assert {row["ref"] for row in own} == {"CMP-0001"}
    launch = next(row for row in own if row["kind"] == "moved" and '"scheduled","live"' in row["changed"])
    assert (launch["at"], launch["by"], json.loads(launch["changed"])["stage"]) == (
        "2026-09-08T17:00:00Z",
        "budi",
        ["scheduled", "live"],
    )


@pytest.mark.parametrize(
    "write", [lambda w: cards([1], w.state, w.settings, "xml"), lambda w: events([], (), w.state, "xml", every=True)]
)
def test_other_forms_are_an_error(sale: FlashSale, write: Any) -> None:
    with pytest.raises(ValueError, match="xml"):
        write(sale.workspace)
